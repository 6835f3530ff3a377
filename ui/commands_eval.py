"""The commands that measure: the answers on a gold file, the speed."""

from __future__ import annotations

import argparse

from ui.terminal import open_library, settings_of, write_json, write_lines


def evaluate(given: argparse.Namespace) -> int:
    """Measure the answers on a gold file."""
    from eval.run import run

    with open_library(given) as library:
        result = run(library, settings_of(given), given.task, given.gold, given.system, given.compare, given.report)
    write_json(result.to_dict()) if given.json else write_lines(result.lines())
    if given.report and not given.json:
        print(f"Rapport écrit : {given.report}")
    return 0


def bench(given: argparse.Namespace) -> int:
    """Measure the speed, ingestion of one of the starter PDFs included."""
    from assistant.ask import Assistant
    from corpus import demarche
    from eval.bench import lines, measure

    with open_library(given) as library:
        result = measure(Assistant(library, settings_of(given), demarche.load()), library.embedder, demarche.STARTER / "documents" / "glossaire-efc.pdf")
    write_json(result) if given.json else write_lines(lines(result))
    return 0
