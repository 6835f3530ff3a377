"""Fits how much each sign counts in the ranking of tools.

    python -m eval.fit_tools --data DATA SITUATIONS.jsonl …

A case's acceptable tools are right; see eval/choosing.py for the loss. The coefficients go to
assistant/tools.json with the cross-validated share of cases whose first, or first three, hold one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from assistant import recommending
from assistant.ask import Assistant
from corpus import demarche, settings
from corpus.library import Library
from corpus.model import open_embedder
from eval.choosing import Sample
from eval.fit_fusion import write
from eval.jsonl import objects


def main() -> None:
    """The fitting command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("situations", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--penalty", type=float, default=2.0)
    given = parser.parse_args()
    cases = [case for path in given.situations for case in objects(path)]
    chosen = settings.load(data=given.data)
    samples = []
    with Library(chosen, open_embedder(chosen)) as library:
        assistant = Assistant(library, chosen, demarche.load())
        for case in cases:
            if case["tools"]:
                study, signs = assistant.study_tools(case["question"])
                failed = recommending.excluded(study.asked, study.knowledge)
                kept = [i for i, tool in enumerate(study.knowledge.tools) if tool not in failed]
                tools = list(study.knowledge.tools)
                samples.append(Sample(signs[kept], np.array([tools[i] in case["tools"] for i in kept])))
    write(recommending.CARD, recommending.SIGNS, samples, given.penalty, (1, 3))


if __name__ == "__main__":
    main()
