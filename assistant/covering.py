"""How much of a question's words a text holds, rare words counting more."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.knowledge import Knowledge
from corpus.words import stems

HEADING = 0.5  # a word that stands only in the heading
EXPANDED = 0.3  # a word that expansion added


@functools.lru_cache(maxsize=50_000)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text, kept: the same sentences are met at every question."""
    return frozenset(stems(text))


@functools.lru_cache(maxsize=50_000)
def pairs_of(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of content words that follow one another in a text, as stems."""
    return frozenset(pairwise(stems(text)))


def phrasing(question: str, held: Collection[tuple[str, str]], knowledge: Knowledge) -> float:
    """The rarity-weighted share of a question's pairs of words that a text holds side by side, 0 to 1."""
    weights = {pair: knowledge.rarity(pair[0]) + knowledge.rarity(pair[1]) for pair in pairs_of(question)}
    return sum(weight for pair, weight in weights.items() if pair in held) / (sum(weights.values()) or 1.0)


class Coverage:
    """A question's stems with what each counts, worked out once for the many texts held against it."""

    def __init__(self, asked: Sequence[str], expansion: Sequence[str], knowledge: Knowledge) -> None:
        self._weights = {stem: knowledge.rarity(stem) for stem in asked}
        self._expanded = {stem: EXPANDED * knowledge.rarity(stem) for stem in expansion}
        self._total = sum(self._weights.values()) or 1.0

    def by(self, held: Collection[str], heading: Collection[str]) -> float:
        """The rarity-weighted share of the stems asked for that a text holds, 0 to 1 (a little more with expanded words)."""
        got = sum(weight if stem in held else HEADING * weight if stem in heading else 0.0 for stem, weight in self._weights.items())
        return (got + sum(weight for stem, weight in self._expanded.items() if stem in held)) / self._total
