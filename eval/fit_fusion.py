"""Fits how much each leg counts in retrieval, and each sign in the choice of a sentence.

    python -m eval.fit_fusion --on DATA QUESTIONS.jsonl … [--on OTHER_DATA QUESTIONS.jsonl …]

Each question brings its candidates (passages, then sentences) with their signs; those that hold the
evidence of the gold file are right. See eval/choosing.py for the loss. The coefficients go to
assistant/fusion.json and assistant/sentences.json with the cross-validated figures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from assistant import retrieval, selecting
from assistant.case import Case
from eval.choosing import Sample, cross_validated, fit
from eval.matching import contains, overlaps, stem_of
from eval.studies import add_stores, studied


def right(case: dict[str, Any], document: str, text: str) -> bool:
    """Whether a text of a document holds what the case asks for."""
    if "doc" in case:
        return stem_of(document) in case["doc"] and any(overlaps(evidence, text) for evidence in case["evidence"])
    return document in case["sheets"] and contains(text, case["must_contain"])


def passage_sample(case: dict[str, Any], study: Case) -> Sample:
    """The passages found for a question."""
    candidates = study.found.candidates
    features = np.array([[c.legs[leg] for leg in retrieval.LEGS] for c in candidates])
    return Sample(features, np.array([right(case, c.document.id, c.passage.text) for c in candidates]))


def sentence_sample(case: dict[str, Any], study: Case) -> Sample:
    """The sentences of the best passages."""
    features = np.array([[s.signs[sign] for sign in selecting.SIGNS] for s in study.ranked])
    return Sample(features, np.array([right(case, s.candidate.document.id, s.sentence.text) for s in study.ranked]))


def write(path: Path, names: tuple[str, ...], samples: list[Sample], penalty: float, ks: tuple[int, ...]) -> None:
    """Fit on the samples that can be got right, write the card and print it."""
    usable = [s for s in samples if s.right.any()]
    current = json.loads(path.read_text("utf-8"))["weights"]
    prior = np.array([float(current[name]) for name in names])
    figures = cross_validated(usable, prior, penalty, ks)
    weights = fit(usable, prior, penalty)
    card = {
        "weights": {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)},
        "fitted_on": {"questions": len(samples), "with_a_right_candidate": len(usable), **figures},
    }
    path.write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(path.name, json.dumps(card))


def main() -> None:
    """The fitting command."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_stores(parser)
    parser.add_argument("--penalty", type=float, default=1.0)
    given = parser.parse_args()
    pairs = [(case, study) for case, study in studied(given.on) if case.get("doc") or case.get("sheets")]
    write(retrieval.CARD, retrieval.LEGS, [passage_sample(case, study) for case, study in pairs], given.penalty, (1, 5, 10))
    write(selecting.CARD, selecting.SIGNS, [sentence_sample(case, study) for case, study in pairs if study.ranked], given.penalty, (1, 3))


if __name__ == "__main__":
    main()
