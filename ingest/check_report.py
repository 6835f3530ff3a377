"""What checking says: faults, each with its file, its line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    def text(self, lines: Sequence[int] = ()) -> str:
        """The fault for people: where (``lines`` where it stands on several) and what on one line, the remedy on the next."""
        place = f"{_places(lines or (self.line,))}, " if self.line else ""
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
            alike: dict[tuple[str, str, str], list[Fault]] = {}
            for fault in faults:
                alike.setdefault((fault.level, fault.message, fault.remedy), []).append(fault)
            yield from (same[0].text([fault.line for fault in same if fault.line]) for same in alike.values())
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


def _places(lines: Sequence[int]) -> str:
    """Lines in words, following ones run together.

    >>> _places([3]), _places([3, 4]), _places([3, 4, 5, 9])
    ('ligne 3', 'lignes 3, 4', 'lignes 3 à 5, 9')
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    said = [f"{run[0]} à {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"ligne{'s' if len(set(lines)) > 1 else ''} {', '.join(said)}"


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}"
