"""``bao eval``: a system answers a gold file over a library, and is measured.

    run(library, settings, "documents", Path("eval/questions/documents.jsonl"), "bao", "bm25", Path("rapport.html"))

Besides the gold file's own measures, each quotation is looked for on the page that it names in the
library's store, since a quotation that is not there must never be shown.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.rows import plain
from corpus.errors import EmptyStore, UsageError
from corpus.library import Library
from corpus.settings import Settings
from eval import result, scoring
from eval.gold import TASKS, Case, Task, read
from eval.matching import letters
from eval.metrics import Tally
from eval.result import Result, Scored
from eval.systems import open_system


def run(library: Library, settings: Settings, task: Task, gold: Path, system: str = "bao", compare: str | None = None, report: Path | None = None) -> Result:
    """Measure a system, and where asked compare it with another and write an HTML report.

    Raises NotFound, UsageError or EmptyStore with a French sentence.
    """
    if task not in TASKS:
        raise UsageError(f"La tâche « {task} » n'existe pas.", f"Choisissez parmi : {', '.join(TASKS)}.")
    if report is not None and not report.absolute().parent.is_dir():
        raise UsageError(f"Le dossier du rapport {report} n'existe pas.", "Créez-le, ou donnez un autre chemin.")
    cases = read(gold, task)
    if not library.store.count("passages"):
        raise EmptyStore(f"La boîte à outils est vide (dossier {library.folder}).")
    scored = answers(library, settings, cases, system)
    tables = result.summarise(scored), result.by_kind(scored, task), result.times(scored)
    measured = Result(task, gold.name, system, library.embedder.name, len(cases), *tables, result.failures(scored))
    if compare:
        measured = replace(measured, comparison=result.compare(compare, scored, answers(library, settings, cases, compare)))
    if report is not None:
        from eval.report import write  # matplotlib: only for a report

        write(measured, report)
    return measured


def answers(library: Library, settings: Settings, cases: Sequence[Case], system: str) -> list[Scored]:
    """Every case answered and scored, in order."""
    known, fidelity = scoring.known_documents(cases), Fidelity(library)
    scored = []
    with open_system(system, library, settings) as asked:
        for case in cases:
            answer = asked.answer(case)
            scored.append(Scored(case, answer, scoring.score(case, answer, known) | fidelity.tallies(answer)))
    return scored


class Fidelity:
    """Looks for quotations on the stored pages of a library, rows of tables with or without the titles of their columns."""

    def __init__(self, library: Library) -> None:
        @functools.cache
        def pages(document: str) -> tuple[Mapping[int, str], Mapping[int, str]]:
            stored = library.store.pages(document)
            return {page.number: letters(page.text) for page in stored}, {page.number: letters(plain(page.text)) for page in stored}

        self._pages = pages

    def tallies(self, answer: Mapping[str, Any]) -> scoring.Tallies:
        """How many quotations of one answer stand in their document, and how many on the page named (or across to the next)."""
        quoted = [c for c in answer.get("citations", []) if letters(str(c.get("quote") or ""))]
        verbatim = [any(self._holds(c, number) for number in self._pages(c["document"])[0]) for c in quoted]
        paged = [self._holds(c, int(c["page"])) for c in quoted if c.get("page")]
        return {"quotes_verbatim": _share(verbatim), "pages_right": _share(paged)}

    def _holds(self, citation: Mapping[str, Any], number: int) -> bool:
        quote = letters(citation["quote"])
        return any(quote in pages.get(number, "") + pages.get(number + 1, "") for pages in self._pages(citation["document"]))


def _share(values: Sequence[bool]) -> Tally:
    return float(sum(values)), float(len(values))
