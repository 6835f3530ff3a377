"""Fits the model that decides whether the corpus answers.

    python -m eval.fit_abstaining --on DATA QUESTIONS.jsonl … [--on OTHER_DATA QUESTIONS.jsonl …]

A question counts as answerable when it names documents (``doc``) or says so (``answerable``).
L2-regularised logistic regression over ``assistant.abstaining.signals``. The threshold is the one with
the best F1 of abstaining under ten-fold cross-validation among those that leave at most
``NEEDLESS`` of the answerable questions without their answer; both figures are printed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from assistant import abstaining
from eval import logistic
from eval.studies import add_stores, studied

#: An abstention where there was an answer sends someone away for nothing: at most so many.
NEEDLESS = 0.1


def answerable(case: dict[str, object]) -> bool:
    """Whether a gold case has an answer in the corpus."""
    return bool(case["answerable"]) if "answerable" in case else bool(case.get("doc"))


def f1(should: np.ndarray, did: np.ndarray) -> float:
    """F1 of abstaining."""
    hits = int((should & did).sum())
    return 2 * hits / max(1, int(should.sum()) + int(did.sum()))


def main() -> None:
    """The fitting command."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_stores(parser)
    parser.add_argument("--out", type=Path, default=abstaining.CARD)
    parser.add_argument("--strength", type=float, default=0.1)
    given = parser.parse_args()
    pairs = [(case, study) for case, study in studied(given.on) if not abstaining.refused(study.asked.folded)]
    rows = [abstaining.signals(study.asked, study.found, study.ranked, study.knowledge) for _, study in pairs]
    y = np.array([answerable(case) for case, _ in pairs])
    model = logistic.fit(rows, y, given.strength, balanced=True)
    chances = model.held_out
    allowed = [t for t in np.linspace(0.05, 0.95, 91) if float((chances < t)[y].mean()) <= NEEDLESS]
    best = max(allowed, key=lambda t: f1(~y, chances < t))
    card = {
        "bias": model.bias,
        "weights": model.weights,
        "answer": round(float(best), 3),
        "near": round(float(best) * 0.4, 3),
        "fitted_on": {
            "questions": len(rows),
            "unanswerable": int((~y).sum()),
            "f1_cross_validated": round(f1(~y, chances < best), 3),
            "needless": round(float((chances < best)[y].mean()), 3),
        },
    }
    given.out.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(card["fitted_on"]))


if __name__ == "__main__":
    main()
