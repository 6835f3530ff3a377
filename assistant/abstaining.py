"""Deciding whether the corpus answers: several signals, one small logistic model, three outcomes.

A cosine alone cannot decide (questions in and out of the corpus overlap), so the model weighs how
much of the question's rare words the best sentences cover, how many of its words the corpus has
never seen, how near the best passage and phrasing are, and whether the kind of thing asked for is
there at all. Coefficients are in ``abstaining.json``, fitted by ``python -m eval.fit_abstaining``.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant import cues
from assistant.knowledge import Knowledge
from assistant.retrieval import FAR, NEAR, Found
from assistant.selecting import Scored
from assistant.understanding import Understood
from corpus.words import stem, tokens

Outcome = Literal["answer", "near", "nothing"]
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
    rarities = {s: knowledge.rarity(s) for s in asked.stems}
    total = sum(rarities.values()) or 1.0
    unknown = sum(value for s, value in rarities.items() if not knowledge.known(s))
    best = ranked[0] if ranked else None
    top = found.candidates[0] if found.candidates else None
    values = {
        "unknown": unknown / total,
        "coverage": max((s.coverage for s in ranked[:3]), default=0.0),
        "passage_coverage": _passage_coverage(asked, found, knowledge),
        "dense": max((c.dense for c in found.candidates[:5]), default=0.0),
        "late": max((c.late for c in found.candidates[:5]), default=0.0),
        "sentence_late": best.late if best else 0.0,
        "phrasing": _phrasing(found),
        "published": float(not top.document.starter) if top else 0.0,
        "agreement": _agreement(found),
        "peak": top.legs["late"] if top else 0.0,
        "margin": (top.score - found.candidates[min(9, len(found.candidates) - 1)].score) / 5 if top else 0.0,
        "typed": float(any(s.typed for s in ranked[:2])) if asked.wants else 0.5,
        "wants": float(bool(asked.wants)),
        "named": float(bool(asked.named)),
        "proper": _unknown_names(asked, knowledge),
        "foreign": float(asked.language != "fr"),
    }
    return values


def probability(values: Mapping[str, float]) -> float:
    """The chance that the corpus answers, by the fitted model."""
    model = load()
    total = model.bias + sum(model.weights.get(name, 0.0) * value for name, value in values.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


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
    """How near the best phrasing is, where the best passage is of a sheet; half-way where it is of a document, which has none."""
    if not found.phrasings or not found.candidates or not found.candidates[0].document.starter:
        return 0.5
    return (found.phrasings[0][3] - FAR) / (NEAR - FAR)


def _agreement(found: Found) -> float:
    """The share of the legs whose own best candidate is among the two best of all."""
    if not found.candidates:
        return 0.0
    legs = ("lexical", "dense", "late")
    best = {max(found.candidates, key=lambda c, leg=leg: c.legs[leg]).uid for leg in legs}  # type: ignore[misc]
    return sum(c.uid in best for c in found.candidates[:2]) / 2


def _passage_coverage(asked: Understood, found: Found, knowledge: Knowledge) -> float:
    total = sum(knowledge.rarity(s) for s in asked.stems) or 1.0
    best = 0.0
    for candidate in found.candidates[:5]:
        held = {stem(word) for word in tokens(f"{candidate.document.label} {candidate.passage.section} {candidate.passage.text}")}
        best = max(best, sum(knowledge.rarity(s) for s in asked.stems if s in held) / total)
    return best


def _unknown_names(asked: Understood, knowledge: Knowledge) -> float:
    """The share of capitalised words (not the first) that the corpus has never seen: people and places it does not know."""
    words = tokens(asked.typed)[1:]
    names = [word for word in words if word[:1].isupper() and not word.isupper() and len(word) > 2]
    return sum(not knowledge.known(stem(name)) for name in names) / len(names) if names else 0.0
