"""Fits the model that tells a wish for tools from a question.

    python -m eval.fit_intents --on DATA situations.jsonl documents.jsonl corpus.jsonl

A case with ``tools`` wants tools, unless it asks how to use one (kind « how_to ») ; all others want an answer.
L2-regularised logistic regression over ``assistant.intents.signs``; the figure printed is ten-fold cross-validated.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from assistant import intents
from eval import logistic
from eval.studies import Row, add_stores, studied


def wants_tools(case: Row) -> bool:
    """Whether a gold case is a wish for tools.

    >>> wants_tools({"kind": "story", "tools": ["forum-ouvert"]}), wants_tools({"kind": "how_to", "tools": ["forum-ouvert"]}), wants_tools({"kind": "list"})
    (True, False, False)
    """
    return bool(case.get("tools") or case.get("clarify")) and case.get("kind") != "how_to"


def main() -> None:
    """The fitting command."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_stores(parser)
    parser.add_argument("--out", type=Path, default=intents.CARD)
    parser.add_argument("--strength", type=float, default=0.1)
    given = parser.parse_args()
    pairs = list(studied(given.on))
    rows = [intents.signs(study.asked, study.found, study.knowledge) for _, study in pairs]
    y = np.array([wants_tools(case) for case, _ in pairs])
    model = logistic.fit(rows, y, given.strength)
    right = (model.held_out >= intents.EVEN) == y
    card = {
        "bias": model.bias,
        "weights": model.weights,
        "fitted_on": {"questions": len(rows), "want_tools": int(y.sum()), "right_cross_validated": round(float(right.mean()), 3)},
    }
    given.out.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(card["fitted_on"]))


if __name__ == "__main__":
    main()
