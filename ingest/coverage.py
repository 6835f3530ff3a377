"""What the tools cover: how many serve each step in each family, and which cells are empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.demarche import Demarche
from corpus.sheets import Sheet, ToolSheet

FAMILIES = "familles"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The step × family table of the tools. A tool counts once in each step that it serves."""

    demarche: Demarche
    counts: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, sheets: Iterable[Sheet], demarche: Demarche) -> Coverage | None:
        """The coverage of these sheets; None where none of them is a tool."""
        tools = [sheet for sheet in sheets if isinstance(sheet, ToolSheet)]
        counts = Counter((step, tool.famille) for tool in tools for step in dict.fromkeys(tool.etapes))
        return cls(demarche, counts) if tools else None

    def empty(self) -> list[tuple[str, str]]:
        """The (step, family) cells that no tool fills."""
        return [(step, family) for step in self.demarche.step_ids for family in self.demarche.labels[FAMILIES] if not self.counts.get((step, family))]

    def lines(self) -> Iterator[str]:
        """The table for people; an empty cell that the démarche lists as a known gap is shown as « lacune »."""
        families = self.demarche.labels[FAMILIES]
        rows = [["Étape", *families.values(), "Ensemble"]]
        for step in self.demarche.steps:
            cells = [self.counts.get((step.id, family), 0) for family in families]
            nothing = ["lacune" if (step.id, family) in self.demarche.gaps else "aucun" for family in families]
            words = [str(count) if count else word for count, word in zip(cells, nothing, strict=True)]
            rows.append([f"{step.id} {step.name}", *words, str(sum(cells))])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        yield "Outils par étape et par famille (un outil compte à chacune de ses étapes)"
        for row in rows:
            yield "  ".join(text.ljust(width) if not column else text.rjust(width) for column, (text, width) in enumerate(zip(row, widths, strict=True)))
