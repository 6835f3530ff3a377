"""What ingesting says of each file: a status for programs, a French sentence and a remedy for people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["added", "unchanged", "replaced", "refused", "ignored"]

STATUS_WORDS: dict[str, str] = {"added": "ajouté", "unchanged": "inchangé", "replaced": "remplacé", "refused": "refusé", "ignored": "ignoré"}

_SENTENCES = {
    "link": ("C'est un lien : il n'est pas suivi.", "Donnez le fichier lui-même."),
    "missing": ("Ce fichier n'existe pas.", "Vérifiez le chemin."),
    "special": ("Ce n'est pas un fichier ordinaire.", "Donnez un document."),
    "closed": ("Ce dossier ne peut pas être ouvert.", "Vérifiez ses droits d'accès."),
    "name": ("Le nom de ce fichier contient des caractères illisibles.", "Renommez-le, puis ajoutez-le de nouveau."),
    "hidden": ("Fichier caché : laissé de côté.", ""),
    "companion": ("Notice d'accompagnement : lue avec son document.", ""),
    "format": ("Ce format n'est pas lu.", "Enregistrez le document en PDF, DOCX, ODT, HTML, Markdown ou TXT."),
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    file: str
    status: Status
    reason: str = ""
    message: str = ""
    remedy: str = ""
    document: str = ""
    pages: int = 0
    passages: int = 0

    @classmethod
    def set_aside(cls, file: str, status: Status, reason: str) -> FileReport:
        """The report of a file that was not read."""
        message, remedy = _SENTENCES[reason]
        return cls(file, status, reason, message, remedy)

    def line(self) -> str:
        """The report as one line (two with a remedy) for people."""
        counts = f" ({_counted(self.pages, 'page')}, {_counted(self.passages, 'passage')})" if self.status in ("added", "replaced") else ""
        text = f"{STATUS_WORDS[self.status]:<9} {self.file}{counts}"
        if self.message:
            text += f" — {self.message}"
        return f"{text}\n          → {self.remedy}" if self.remedy else text


@dataclass(slots=True)
class Report:
    """What became of every file met."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether something was refused (exit status 1)."""
        return any(file.status == "refused" for file in self.files)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``bao ingest --json``."""
        return {"files": [asdict(file) for file in self.files], "seconds": round(self.seconds, 3)}

    def summary(self) -> str:
        """One line: how many of each status."""
        counts = {status: sum(file.status == status for file in self.files) for status in STATUS_WORDS}
        parts = [f"{count} {STATUS_WORDS[status]}{'s' if count > 1 else ''}" for status, count in counts.items() if count]
        return (", ".join(parts) or "aucun fichier") + f", en {self.seconds:.1f} s".replace(".", ",")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"
