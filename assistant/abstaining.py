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
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from assistant.knowledge import Knowledge
from assistant.retrieval import Found
from assistant.selecting import Scored
from assistant.understanding import Understood
from corpus.words import stem, tokens

Outcome = Literal["answer", "near", "nothing"]
CARD = Path(__file__).with_name("abstaining.json")

#: Orders to the assistant, in French, English, Dutch and Spanish: they are not questions about the corpus.
_ORDERS = re.compile(
    r"\b(?:ignore[zrs]?|oublie[zrs]?|neglige[zr]?|forget|disregard|negeer|vergeet|ignora|olvida)\b.{0,60}\b(?:consigne|instruction|regle|role|prompt|previous|rules|opdracht|vorige|instrucciones)|"
    r"\b(?:message|prompt|invite|consignes?|instructions?)\s+(?:systeme|system|initiale?s?|interne?s?)|\bsystem prompt|\btes (?:consignes|instructions|regles)|\bta configuration|\bnouvelle consigne|"
    r"\btu es (?:maintenant|desormais)\b|\byou are now\b|\bact as\b|\bjailbreak|\bfais comme si\b|\bparle comme un\b|\bmode (?:developpeur|admin)|\bmot de passe|\bcle api\b|\bapi key"
)
#: Requests that no toolbox answers: opinions, verdicts, texts to write, personal advice.
_OUTSIDE = re.compile(
    r"\btu voterais|\bvoter(?:ais)? pour|\bpour qui voter|\bton avis (?:sur|politique)|\b(?:re)?(?:ecris|ecrivez|redige|redigez|compose)[- ](?:moi |nous )?(?:un|une|le|la|les|ma|mon|mes|notre)\b|"
    r"\bpeux[- ]tu ecrire|\bpouvez[- ]vous (?:m'|nous |me )?(?:ecri|redig)|\brecette\b|\bmeteo\b|\bhoroscope|\bblague|\bpoeme|\binsulte"
)


def refused(folded: str) -> bool:
    """Whether a question is an order to the assistant, or a request outside any toolbox."""
    return bool(_ORDERS.search(folded) or _OUTSIDE.search(folded))


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
        "phrasing": found.phrasings[0][3] if found.phrasings else 0.0,
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
    total = float(model["bias"]) + sum(float(model["weights"].get(name, 0.0)) * value for name, value in values.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def decide(chance: float) -> Outcome:
    """Answer, show what comes near, or say that the corpus does not answer."""
    model = load()
    if chance >= float(model["answer"]):
        return "answer"
    return "near" if chance >= float(model["near"]) else "nothing"


@functools.lru_cache(maxsize=1)
def load() -> dict[str, object] | dict[str, object]:
    """The fitted coefficients and thresholds."""
    values: dict[str, object] = json.loads(CARD.read_text("utf-8"))
    return values


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
