"""What the models are fitted on: questions with everything that was found for them, in the stores they are asked of."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.ask import Assistant
from assistant.case import Case
from corpus import demarche, settings
from corpus.library import Library
from corpus.model import open_embedder
from eval.jsonl import objects

Row = dict[str, Any]


def add_stores(parser: argparse.ArgumentParser) -> None:
    """The argument that every fitting command has."""
    parser.add_argument("--on", nargs="+", action="append", required=True, metavar=("DATA", "QUESTIONS"), help="a filled data folder, then files of questions")


def studied(groups: Sequence[Sequence[str]], limit: int = 60) -> Iterator[tuple[Row, Case]]:
    """Each question of each group with its case in the group's store."""
    for folder, *files in groups:
        chosen = settings.load(data=Path(folder))
        with Library(chosen, open_embedder(chosen)) as library:
            assistant = Assistant(library, chosen, demarche.load())
            for row in (row for file in files for row in objects(Path(file))):
                yield row, assistant.study(row["question"], limit)
