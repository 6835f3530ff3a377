"""Measures and their uncertainty: each formula on its own, worked by hand in its doctest.

Ranked lists: hit, recall, reciprocal rank, nDCG (Järvelin & Kekäläinen, « Cumulated gain-based
evaluation of IR techniques », ACM TOIS 20(4), 2002).

Every figure of a report is a ratio of two sums over cases: a case gives (numerator, denominator).
A mean gives (value, 1); a share of citations, (good ones, all of them); F1, 2·TP / (2·TP + FP + FN).
So one bootstrap over cases serves all of them, and one paired bootstrap all differences
(Efron & Tibshirani, « An Introduction to the Bootstrap », 1993, ch. 13 and 16). Seeded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tally = tuple[float, float]
#: What a case that a measure does not concern gives.
NOTHING: Tally = (0.0, 0.0)
RESAMPLES = 2000
LEVEL = 0.95
SEED = 20021993  # the years of the two sources

# Ranked lists


def hit(relevant: Sequence[bool], k: int) -> float:
    """1 when something relevant stands in the first ``k``.

    >>> hit([False, False, True], 2), hit([False, False, True], 3)
    (0.0, 1.0)
    """
    return float(any(relevant[:k]))


def recall(ranks: Sequence[int | None], k: int) -> float:
    """The share of what was to be found that stands in the first ``k``; ``ranks`` are from 1, None where not found.

    >>> recall([1, 4, None], 3)
    0.3333333333333333
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """1 / rank of the first relevant; 0 when there is none.

    >>> reciprocal_rank([False, True, True]), reciprocal_rank([False])
    (0.5, 0.0)
    """
    return next((1.0 / rank for rank, good in enumerate(relevant, 1) if good), 0.0)


def dcg(gains: Sequence[float], k: int) -> float:
    """Σ gain / log2(rank + 1) over the first ``k``.

    >>> round(dcg([3, 2, 3, 0, 1, 2], 6), 3)  # 3 + 1.262 + 1.5 + 0 + 0.387 + 0.712
    6.861
    """
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:k], 1))


def ndcg(gains: Sequence[float], ideal: Sequence[float], k: int) -> float:
    """The DCG over that of the best order of ``ideal``, all the gains there are; 0 when there is none.

    >>> round(ndcg([3, 2, 3, 0, 1, 2], [3, 3, 3, 2, 2, 2, 1, 0], 6), 3)  # 6.861 / 8.740
    0.785
    >>> round(ndcg([0, 1], [1], 10), 3)  # 1 / log2(3)
    0.631
    """
    best = dcg(sorted(ideal, reverse=True), k)
    return min(1.0, dcg(gains, k) / best) if best else 0.0


def ndcg_of_ranks(ranks: Sequence[int | None], k: int) -> float:
    """The nDCG where several things are each to be found once, at these ranks; several may stand at one rank (at most 1 in all).

    >>> round(ndcg_of_ranks([1, None], 10), 3)  # 1 / (1 + 0.631)
    0.613
    >>> ndcg_of_ranks([1, 1], 10)
    1.0
    """
    gains = [float(sum(rank == place for rank in ranks)) for place in range(1, k + 1)]
    return ndcg(gains, [1.0] * len(ranks), k)


# Decisions and times


def precision_tally(should: bool, did: bool) -> Tally:
    """One case's part in the precision of a decision: TP over what was decided.

    >>> precision_tally(True, True), precision_tally(False, True), precision_tally(True, False)
    ((1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    """
    return float(should and did), float(did)


def recall_tally(should: bool, did: bool) -> Tally:
    """One case's part in the recall of a decision: TP over what should have been.

    >>> recall_tally(True, True), recall_tally(False, True), recall_tally(True, False)
    ((1.0, 1.0), (0.0, 0.0), (0.0, 1.0))
    """
    return float(should and did), float(should)


def f1_tally(should: bool, did: bool) -> Tally:
    """One case's part in F1 = 2·TP / (2·TP + FP + FN).

    >>> pairs = [(True, True), (True, True), (True, False), (False, True), (False, False)]
    >>> ratio([f1_tally(*pair) for pair in pairs])  # P = 2/3, R = 2/3
    0.6666666666666666
    """
    return 2.0 * (should and did), float(should) + float(did)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value at ``share`` of the sorted values: the first one that has that many before it.

    >>> percentile([0.4, 0.1, 0.2, 0.3], 0.95), percentile(range(100), 0.95), percentile([], 0.5)
    (0.4, 95, None)
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def shown(value: float) -> float:
    """Three decimals, never rounded up to 1.

    >>> shown(0.9999), shown(1.0), shown(2 / 3)
    (0.999, 1.0, 0.667)
    """
    return 1.0 if value == 1 else min(0.999, round(value, 3))


# Uncertainty


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the bounds of its 95 % interval, and over how many cases it stands. All None where no case is concerned."""

    value: float | None
    low: float | None
    high: float | None
    cases: int

    def to_dict(self) -> dict[str, Any]:
        """The estimate for a program."""
        parts = [None if each is None else shown(each) for each in (self.value, self.low, self.high)]
        return {"value": parts[0], "low": parts[1], "high": parts[2], "cases": self.cases}


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second, with its 95 % interval by paired bootstrap."""

    value: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether the interval leaves 0 out.

        >>> Difference(0.1, 0.02, 0.2).real, Difference(0.1, -0.02, 0.2).real
        (True, False)
        """
        return self.low > 0 or self.high < 0

    def to_dict(self) -> dict[str, Any]:
        """The difference for a program."""
        return {"difference": round(self.value, 3), "low": round(self.low, 3), "high": round(self.high, 3), "real": self.real}


def ratio(tallies: Sequence[Tally]) -> float | None:
    """Σ numerators / Σ denominators; None when no case is concerned.

    >>> ratio([(1, 1), (0, 1), (0, 0)]), ratio([(0, 0)])
    (0.5, None)
    """
    total = sum(denominator for _, denominator in tallies)
    return sum(numerator for numerator, _ in tallies) / total if total else None


def estimate(tallies: Sequence[Tally], seed: int = SEED) -> Estimate:
    """The ratio with its percentile interval, over resamples of the cases.

    >>> estimate([(1, 1)] * 30)
    Estimate(value=1.0, low=1.0, high=1.0, cases=30)
    >>> found = estimate([(1, 1)] * 50 + [(0, 1)] * 50)  # a share of 1/2: ± 1.96 · √(¼/100) = ± 0.098
    >>> found.value, round(found.low, 1), round(found.high, 1)
    (0.5, 0.4, 0.6)
    """
    concerned = [tally for tally in tallies if tally != NOTHING]
    value = ratio(concerned)
    if value is None:
        return Estimate(None, None, None, 0)
    replicates = _ratios(_resamples(len(concerned), seed), concerned)
    low, high = _bounds(replicates)
    return Estimate(value, low, high, len(concerned))


def difference(first: Sequence[Tally], second: Sequence[Tally], seed: int = SEED) -> Difference | None:
    """How far the first system is from the second on the same cases, drawn together; None where either has nothing to show.

    >>> difference([(1, 1)] * 20, [(0, 1)] * 20)
    Difference(value=1.0, low=1.0, high=1.0)
    >>> difference([(1, 1), (0, 1)] * 20, [(0, 1), (1, 1)] * 20).real
    False
    """
    one, other = ratio(first), ratio(second)
    if one is None or other is None:
        return None
    counts = _resamples(len(first), seed)
    low, high = _bounds(_ratios(counts, first) - _ratios(counts, second))
    return Difference(one - other, low, high)


def _resamples(cases: int, seed: int) -> NDArray[np.float64]:
    """How often each case is drawn in each resample of as many cases."""
    return np.random.default_rng(seed).multinomial(cases, np.full(cases, 1 / cases), RESAMPLES).astype(float)


def _ratios(counts: NDArray[np.float64], tallies: Sequence[Tally]) -> NDArray[np.float64]:
    sums = counts @ np.asarray(tallies, float)
    return np.asarray(np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0))


def _bounds(replicates: NDArray[np.float64]) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(replicates, [tail, 1 - tail])
    return float(low), float(high)
