"""Deciding whether the corpus answers: several signals, one small logistic model, three outcomes.

A cosine alone cannot decide (questions in and out of the corpus overlap), so the model weighs what
share of the question's telling words meets a near word in one passage, how the least met of them
fare, whether one document holds the best passages, and whether the kind of thing asked for is there
at all. Coefficients are in ``abstaining.json``, fitted by ``python -m eval.fit_abstaining``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant import cues, logistic
from assistant.knowledge import Knowledge
from assistant.known_questions import FAR, NEAR
from assistant.retrieval import Found
from assistant.selecting import Scored
from assistant.understanding import Understood, inner_capitals
from assistant.wanted import holds
from corpus.words import stem

Outcome = Literal["answer", "near", "nothing"]
#: Cosines of token vectors above which a word of the question is met in a passage.
_THRESHOLDS = (0.5, 0.6)
#: A shorter sentence is a line of its own: a number, an address.
LINE = 40
CARD = Path(__file__).with_name("abstaining.json")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model, and the chances above which it answers, or shows what comes near."""

    bias: float
    weights: Mapping[str, float]
    answer: float
    near: float


def refused(folded: str) -> bool:
    """Whether a question is an order to the assistant, or a request outside any toolbox."""
    return bool(cues.every("refused", folded))


def signals(asked: Understood, found: Found, ranked: Sequence[Scored], knowledge: Knowledge) -> dict[str, float]:
    """The signals the decision rests on, each near 0 to 1."""
    best = found.candidates[:5]
    documents = [candidate.document.id for candidate in best]
    meets = [found.interaction.meets(candidate.uid) for candidate in best]
    return {
        **{f"met_{threshold}": max((meeting.share(threshold) for meeting in meets), default=0.0) for threshold in _THRESHOLDS},
        "weakest": max((meeting.weakest(0.25) for meeting in meets), default=0.0),
        "one_document": max((documents.count(name) for name in documents), default=0) / 5,
        **_kind_wanted(asked, ranked),
        "phrasing": _phrasing(found),
        "margin": (best[0].score - found.candidates[min(9, len(found.candidates) - 1)].score) / 5 if best else 0.0,
        "proper": _unknown_names(asked, knowledge),
        "foreign": float(asked.language != "fr"),
        "read": _read(ranked),
    }


def probability(values: Mapping[str, float]) -> float:
    """The chance that the corpus answers, by the fitted model."""
    model = load()
    return logistic.chance(model.bias, model.weights, values)


def decide(chance: float) -> Outcome:
    """Answer, show what comes near, or say that the corpus does not answer."""
    model = load()
    if chance >= model.answer:
        return "answer"
    return "near" if chance >= model.near else "nothing"


@functools.lru_cache(maxsize=1)
def load() -> Model:
    """The fitted coefficients and thresholds."""
    values = json.loads(CARD.read_text("utf-8"))
    return Model(float(values["bias"]), {name: float(weight) for name, weight in values["weights"].items()}, float(values["answer"]), float(values["near"]))


def _phrasing(found: Found) -> float:
    """How near the best phrasing or known question is, where the best passage is of a sheet; half-way where it is of a document, which has none."""
    if not found.phrasings or not found.candidates or not found.candidates[0].document.starter:
        return 0.5
    nearest = max(found.phrasings[0][3], *(known.cosine for known in found.known[:1]), 0.0)
    return (nearest - FAR) / (NEAR - FAR)


def _kind_wanted(asked: Understood, ranked: Sequence[Scored]) -> dict[str, float]:
    """Whether what is asked for (an amount, a date…) is missing, and how much nearer sentences without it come."""
    if not asked.wants or asked.wants == "names":
        return {"wants": 0.0, "missing": 0.0, "astray": 0.0}
    near: dict[str, float] = {}
    for scored in ranked:
        near[scored.candidate.uid] = max(near.get(scored.candidate.uid, 0.0), scored.late)
    # a telephone number alone on its line is near by what stands around it
    holding = [near[scored.candidate.uid] if len(scored.sentence.text) < LINE else scored.late for scored in ranked if scored.typed]
    if not holding:
        return {"wants": 1.0, "missing": 1.0, "astray": 1.0}
    missing = not any(holds(asked.wants, scored.sentence.text, asked.counted) for scored in ranked)
    return {"wants": 1.0, "missing": float(missing), "astray": min(1.0, max(0.0, 5 * (max(scored.late for scored in ranked) - max(holding))))}


def _read(ranked: Sequence[Scored]) -> float:
    """The chance that the likeliest of the sentences read answers; half-way where none was read."""
    logits = [scored.logit for scored in ranked if scored.logit is not None]
    return logistic.logistic(max(logits)) if logits else 0.5


def _unknown_names(asked: Understood, knowledge: Knowledge) -> float:
    """The share of capitalised words (not the first of a sentence) that the corpus has never seen: people and places it does not know."""
    names = [word for word in inner_capitals(asked.typed) if not word.isupper() and len(word) > 2]
    return sum(not knowledge.known(stem(name)) for name in names) / len(names) if names else 0.0
