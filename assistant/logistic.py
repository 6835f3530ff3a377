"""The logistic function over named signals: what the small fitted models share."""

from __future__ import annotations

import math
from collections.abc import Mapping

_FAR = 30.0  # beyond, the exponential says nothing more


def chance(bias: float, weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """The chance that signals give under a model; a signal without a weight counts for nothing.

    >>> chance(0.0, {"near": 2.0}, {"near": 0.0, "far": 9.0})
    0.5
    """
    return logistic(bias + sum(weights.get(name, 0.0) * value for name, value in values.items()))


def logistic(log_odds: float) -> float:
    """The chance that log-odds stand for.

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-max(-_FAR, min(_FAR, log_odds))))
