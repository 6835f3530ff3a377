"""Fits how much each sign of a step counts: where the asker of a situation stands.

    python -m eval.fit_steps --on DATA SITUATIONS.jsonl … [--on OTHER_DATA …]

A multinomial logistic model over the steps of the démarche with the signs of assistant/standing.py, held to
its prior (see eval/choosing.py). The coefficients go to assistant/steps.json with the cross-validated
share of situations whose first, or first two, steps hold a right one, beside that of the vote alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant import standing
from assistant.ask import Assistant
from corpus import demarche, settings
from corpus.library import Library
from corpus.model import open_embedder
from eval.choosing import Sample, hits
from eval.fit_fusion import write
from eval.jsonl import objects


def samples_of(folder: str, files: Sequence[str]) -> list[Sample]:
    """The situations of these files that name no step themselves, each with the signs of every step."""
    chosen, samples = settings.load(data=Path(folder)), []
    with Library(chosen, open_embedder(chosen)) as library:
        assistant = Assistant(library, chosen, demarche.load())
        for case in (row for file in files for row in objects(Path(file))):
            study, signs = assistant.study_steps(case["question"])
            if case["steps"] and not standing.named_steps(study.asked, study.knowledge):
                samples.append(Sample(signs, np.array([step in case["steps"] for step in study.knowledge.demarche.step_ids])))
    return samples


def main() -> None:
    """The fitting command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", nargs="+", action="append", required=True, metavar=("DATA", "SITUATIONS"), help="a filled data folder, then files")
    parser.add_argument("--penalty", type=float, default=0.03)
    given = parser.parse_args()
    samples = [sample for folder, *files in given.on for sample in samples_of(folder, files)]
    alone = np.array([float(sign == "vote") for sign in standing.SIGNS])
    print("vote alone", {f"hit@{k}": round(hits(samples, alone, k), 3) for k in (1, 2)})
    write(standing.CARD, standing.SIGNS, samples, given.penalty, (1, 2))


if __name__ == "__main__":
    main()
