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
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import abstaining
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
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.array([answerable(case) for case, _ in pairs])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=given.strength, class_weight="balanced", max_iter=2000))
    chances = cross_val_predict(model, x, y, cv=StratifiedKFold(10, shuffle=True, random_state=0), method="predict_proba")[:, 1]
    thresholds = np.linspace(0.05, 0.95, 91)
    allowed = [t for t in thresholds if float((chances < t)[y].mean()) <= NEEDLESS]
    best = max(allowed, key=lambda t: f1(~y, chances < t))
    model.fit(x, y)
    scale, fitted = model[0], model[1]
    weights = fitted.coef_[0] / scale.scale_
    bias = float(fitted.intercept_[0] - (fitted.coef_[0] * scale.mean_ / scale.scale_).sum())
    card = {
        "bias": round(bias, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
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
    print(json.dumps(card["fitted_on"]), dict(zip(names, np.round(fitted.coef_[0], 2), strict=True)))


if __name__ == "__main__":
    main()
