"""What a library holds, counted: for ``bao status``, the page's footer and the health check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.demarche import load as load_demarche
from corpus.library import Library
from corpus.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """Counts, model and versions of a library."""

    folder: str
    model: str
    documents: int
    passages: int
    formulations: int
    by_type: dict[str, int]
    starter: int
    local: int
    withdrawn: int
    edited: tuple[str, ...]
    generation: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``bao status --json``."""
        return {
            "data": self.folder,
            "model": self.model,
            "documents": self.documents,
            "passages": self.passages,
            "formulations": self.formulations,
            "types": self.by_type,
            "origins": {"starter": self.starter, "local": self.local},
            "withdrawn": self.withdrawn,
            "edited": list(self.edited),
            "version": self.generation,
        }

    def lines(self) -> list[str]:
        """The same for people."""
        labels = load_demarche().labels["types"]
        kinds = ", ".join(
            f"{count} {labels.get(kind, kind).lower()}{'s' if count > 1 and not labels.get(kind, kind).endswith('s') else ''}"
            for kind, count in self.by_type.items()
        )
        lines = [
            f"Dossier des données : {self.folder}",
            f"Modèle : {self.model or 'aucun encore'}",
            f"Contenu : {self.documents} documents ({kinds or 'rien'}), {self.passages} passages, {self.formulations} formulations d'usagers.",
            f"Origine : {self.starter} de démarrage (à valider par le Cerdd), {self.local} ajoutés ici, {self.withdrawn} retirés.",
        ]
        if self.edited:
            lines.append(f"Contenus de démarrage modifiés ici, gardés tels quels : {', '.join(self.edited)}.")
        return lines


def status_of(library: Library, settings: Settings) -> Status:
    """Count what the library holds."""
    documents = library.store.documents(withdrawn=True)
    live = [document for document in documents if document.state != "withdrawn"]
    kinds: dict[str, int] = {}
    for document in live:
        kinds[document.type] = kinds.get(document.type, 0) + 1
    starter = sum(document.starter for document in live)
    return Status(
        str(settings.data),
        library.store.meta("model"),
        len(live),
        library.store.count("passages"),
        library.store.count("formulations"),
        kinds,
        starter,
        len(live) - starter,
        len(documents) - len(live),
        edited_starter(library),
        library.store.generation,
    )


def edited_starter(library: Library) -> tuple[str, ...]:
    """The sheets and documents that bear the name of a starter one but were replaced here."""
    from corpus.demarche import STARTER

    ids = {path.stem for path in (STARTER / "fiches").rglob("*.md")} | {path.name for path in (STARTER / "documents").glob("*.*")}
    return tuple(document.id for document in library.store.documents() if document.origin == "local" and document.id in ids)
