"""Late interaction: each token of a question finds its nearest token in a passage, or in one of its sentences.

score = Σ w_i max_j cos(q_i, p_j), the MaxSim of ColBERT (Khattab & Zaharia, 2020) over an encoder
that was not trained for it. A token counts by the head's own weight times the rarity of the word it
stands in: without the rarity, words of mere asking drown the rest.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge import Knowledge
from corpus.embedding import Encoded
from corpus.french import fold
from corpus.late import Head, TokenMatrix
from corpus.words import STOP_WORDS, stem, tokens

#: What a token counts that stands in no content word.
LEAST = 0.1


@dataclass(frozen=True, eq=False)
class Meeting:
    """For each token of a question, its best cosine in a passage and its weight (weights sum to 1)."""

    best: NDArray[np.float64]
    weights: NDArray[np.float64]

    def share(self, threshold: float) -> float:
        """The weight of the tokens met at least this well.

        >>> Meeting(np.array([0.9, 0.4]), np.array([0.75, 0.25])).share(0.5)
        0.75
        """
        return float(self.weights[self.best >= threshold].sum())

    def weakest(self, share: float) -> float:
        """The cosine below which this share of the weight is met: how the least met words fare.

        >>> Meeting(np.array([0.9, 0.4]), np.array([0.7, 0.3])).weakest(0.25)
        0.4
        """
        if not len(self.best):
            return 0.0
        order = np.argsort(self.best)
        return float(self.best[order][min(len(order) - 1, int(np.searchsorted(np.cumsum(self.weights[order]), share)))])


class Interaction:
    """One question's side, projected once; a passage's similarities are kept for its sentences."""

    def __init__(self, encoded: Encoded, head: Head | None, text: str = "", knowledge: Knowledge | None = None) -> None:
        self._rows: NDArray[np.float32] | None = None
        self._offsets = encoded.offsets
        self._similar: dict[str, NDArray[np.float32]] = {}
        if head is None or encoded.tokens is None or not len(encoded.tokens):
            return
        self._rows = head.rows(encoded.tokens)
        weights = head.weights(encoded.tokens)
        if knowledge is not None and len(encoded.offsets) == len(weights):
            weights = weights * rarities(text, encoded.offsets, knowledge)
        self._weights = weights / max(float(weights.sum()), 1e-9)

    def within(self, start: int, end: int) -> Interaction:
        """The same question heard only between two places of its text; what was compared stays so."""
        inside = np.array([a < end and b > start for a, b in self._offsets], np.float32)
        heard = copy.copy(self)
        if self._rows is not None and len(inside) == len(self._weights) and inside.any():
            heard._weights = self._weights * inside / max(float((self._weights * inside).sum()), 1e-9)
        return heard

    def passages(self, uids: Sequence[str], matrices: Sequence[TokenMatrix | None]) -> NDArray[np.float64]:
        """The score of each passage; one without tokens gets the mean of the others, and all get 0 where none has any."""
        self._compare(uids, matrices)
        scores = np.array([self.whole(uid, matrix) for uid, matrix in zip(uids, matrices, strict=True)], float)
        known = scores[~np.isnan(scores)]
        return np.where(np.isnan(scores), known.mean() if len(known) else 0.0, scores)

    def whole(self, uid: str, matrix: TokenMatrix | None) -> float:
        """The score of one passage; NaN where there is nothing to compare."""
        similar = self._of(uid, matrix)
        return float("nan") if similar is None else float(self._weights @ similar.max(axis=1))

    def part(self, uid: str, matrix: TokenMatrix | None, start: int, end: int) -> float:
        """The score of the characters ``start`` to ``end`` of a passage; 0 where there is nothing to compare."""
        similar = self._of(uid, matrix)
        if similar is None or matrix is None:
            return 0.0
        inside = (matrix.starts < end) & (matrix.ends > start)
        return float(self._weights @ similar[:, inside].max(axis=1)) if inside.any() else 0.0

    def meets(self, uid: str) -> Meeting:
        """How each token of the question is met in a passage already compared."""
        similar = self._similar.get(uid)
        if similar is None:
            return Meeting(np.zeros(0), np.zeros(0))
        return Meeting(np.asarray(similar.max(axis=1), float), np.asarray(self._weights, float))

    def _compare(self, uids: Sequence[str], matrices: Sequence[TokenMatrix | None]) -> None:
        """Compare with many passages in one product: a hundred small ones cost ten times as much."""
        held = [(uid, matrix) for uid, matrix in zip(uids, matrices, strict=True) if matrix is not None and len(matrix.rows) and uid not in self._similar]
        if self._rows is None or not held:
            return
        similar = self._rows @ np.concatenate([matrix.rows for _, matrix in held]).T
        ends = np.cumsum([len(matrix.rows) for _, matrix in held])
        self._similar |= {uid: part for (uid, _), part in zip(held, np.split(similar, ends[:-1], axis=1), strict=True)}

    def _of(self, uid: str, matrix: TokenMatrix | None) -> NDArray[np.float32] | None:
        if uid not in self._similar:
            self._compare([uid], [matrix])
        return self._similar.get(uid)


def rarities(text: str, offsets: Sequence[tuple[int, int]], knowledge: Knowledge) -> NDArray[np.float32]:
    """The rarity of the word in which each token of a text stands, ``LEAST`` for those of no content word."""
    spans: list[tuple[int, int, float]] = []
    at = 0
    for word in tokens(text):
        start = text.find(word, at)
        if start >= 0:
            at = start + len(word)
            spans.append((start, at, LEAST if fold(word) in STOP_WORDS else max(LEAST, knowledge.rarity(stem(word)))))
    found = [next((value for start, end, value in spans if start < b and a < end), LEAST) for a, b in offsets]
    return np.asarray(found, np.float32)
