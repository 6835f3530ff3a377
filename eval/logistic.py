"""A logistic model over named signals, as it is shipped: a bias and one readable weight a signal.

L2-regularised, fitted on standard scores (scikit-learn), then brought back to the signals' own scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True, eq=False)
class Fitted:
    """The model on the signals' own scale, and the chance it gives each case when it was not fitted on it (ten folds)."""

    bias: float
    weights: Mapping[str, float]
    held_out: NDArray[np.float64]


def fit(rows: Sequence[Mapping[str, float]], right: NDArray[np.bool_], strength: float, balanced: bool = False) -> Fitted:
    """Fit on cases × signals; ``strength`` is scikit-learn's C, ``balanced`` weighs both outcomes alike.

    >>> rows = [{"near": float(i % 2) + i / 100} for i in range(40)]
    >>> model = fit(rows, np.array([i % 2 == 1 for i in range(40)]), 1.0)
    >>> model.weights["near"] > 0, bool(((model.held_out > 0.5) == [i % 2 == 1 for i in range(40)]).all())
    (True, True)
    """
    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, class_weight="balanced" if balanced else None, max_iter=2000))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, values, right, cv=folds, method="predict_proba")[:, 1]
    model.fit(values, right)
    scale, fitted = model[0], model[1]
    weights = fitted.coef_[0] / scale.scale_
    bias = float(fitted.intercept_[0] - (weights * scale.mean_).sum())
    return Fitted(round(bias, 4), {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}, held_out)
