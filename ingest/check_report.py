"""What checking says: faults, each with its file, its line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, Literal

from ingest.coverage import Coverage

Level = Literal["error", "warning"]
LEVEL_WORDS: dict[Level, str] = {"error": "erreur", "warning": "attention"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. ``line`` is None where the file has no lines to speak of (a PDF, a missing file)."""

    file: str
    line: int | None
    level: Level
    code: str
    message: str
    remedy: str = ""

    def text(self) -> str:
        """The fault for people: where and what on one line, the remedy on the next."""
        place = f"ligne {self.line}, " if self.line else ""
        said = f"  {place}{LEVEL_WORDS[self.level]} : {self.message}"
        return f"{said}\n      → {self.remedy}" if self.remedy else said


@dataclass(slots=True)
class CheckReport:
    """Every fault found, in the order of the files and of their lines, and what the tools cover."""

    files: list[Fault] = field(default_factory=list)
    coverage: Coverage | None = None
    checked: int = 0

    @property
    def errors(self) -> int:
        """How many faults must be mended."""
        return sum(fault.level == "error" for fault in self.files)

    @property
    def failed(self) -> bool:
        """Whether something must be mended (exit status 1); warnings alone do not fail."""
        return self.errors > 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``bao check --json``."""
        return {"files": [asdict(fault) for fault in self.files]}

    def lines(self) -> Iterator[str]:
        """The report for people: faults under the name of their file, the coverage table, then the count."""
        for file, faults in groupby(self.files, key=lambda fault: fault.file):
            yield file
            yield from (fault.text() for fault in faults)
        if self.coverage is not None:
            yield ""
            yield from self.coverage.lines()
        yield ""
        yield self.summary()

    def summary(self) -> str:
        """One line: how many files, errors and warnings."""
        warnings = len(self.files) - self.errors
        counts = f"{_many(self.errors, 'erreur', 'erreurs')}, {_many(warnings, 'avertissement', 'avertissements')}" if self.files else "rien à corriger"
        return f"{_many(self.checked, 'fichier vérifié', 'fichiers vérifiés')} : {counts}."


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}"
