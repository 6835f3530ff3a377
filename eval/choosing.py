"""Learning to choose: linear weights that put a right candidate first.

The weights maximise the likelihood of a right candidate under a softmax over the candidates of each
question (ListNet's top-one loss, Cao et al. 2007), with an L2 penalty towards a prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One question: the features of its candidates (candidates × features), and which are right."""

    features: Matrix
    right: NDArray[np.bool_]


def fit(samples: Sequence[Sample], prior: Matrix, penalty: float) -> Matrix:
    """The weights of the features."""

    def loss(weights: Matrix) -> float:
        total = penalty * float(((weights - prior) ** 2).sum())
        for sample in samples:
            scores = sample.features @ weights
            scores = scores - scores.max()
            total += float(np.log(np.exp(scores).sum()) - np.log(np.exp(scores[sample.right]).sum() + 1e-12))
        return total

    return np.asarray(minimize(loss, prior, method="L-BFGS-B").x)


def hits(samples: Sequence[Sample], weights: Matrix, k: int) -> float:
    """The share of questions with a right candidate among the first k.

    >>> hits([Sample(np.array([[1.0], [2.0]]), np.array([True, False]))], np.array([1.0]), 1)
    0.0
    """
    return float(np.mean([sample.right[np.argsort(-(sample.features @ weights), kind="stable")[:k]].any() for sample in samples]))


def cross_validated(samples: Sequence[Sample], prior: Matrix, penalty: float, ks: Sequence[int], folds: int = 5) -> dict[str, float]:
    """hit@k on questions the weights were not fitted on."""
    fold_of = np.random.default_rng(0).permutation(len(samples)) % folds
    totals = dict.fromkeys(ks, 0.0)
    for fold in range(folds):
        weights = fit([s for s, f in zip(samples, fold_of, strict=True) if f != fold], prior, penalty)
        held = [s for s, f in zip(samples, fold_of, strict=True) if f == fold]
        for k in ks:
            totals[k] += hits(held, weights, k) * len(held)
    return {f"hit@{k}": round(total / len(samples), 3) for k, total in totals.items()}
