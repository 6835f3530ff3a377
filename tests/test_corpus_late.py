"""Token vectors kept small: what is packed is unpacked, within the rounding."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from corpus.late import HEAD, Head, TokenMatrix, load_head

SHAPES = st.tuples(st.integers(0, 12), st.integers(1, 16))
STATES = SHAPES.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=st.floats(-1, 1, width=32)))


def head(width: int) -> Head:
    random = np.random.default_rng(width)
    return Head(random.standard_normal((4, width)).astype(np.float32), random.standard_normal(width).astype(np.float32), 0.1)


@given(STATES)
def test_packing_and_unpacking_give_the_same_rows_within_the_rounding(states: NDArray[np.float32]) -> None:
    made = head(states.shape[1])
    offsets = [(3 * n, 3 * n + 2) for n in range(len(states))]
    matrix = TokenMatrix.from_bytes(made.pack(states, offsets, 5))
    assert matrix.rows.shape == (len(states), 4)
    assert np.abs(matrix.rows - made.rows(states)).max(initial=0) <= 0.5 / 127 + 1e-6
    assert list(zip(matrix.starts.tolist(), matrix.ends.tolist(), strict=True)) == [(a - 5, b - 5) for a, b in offsets]


@given(STATES)
def test_a_stored_matrix_is_stored_again_byte_for_byte(states: NDArray[np.float32]) -> None:
    blob = head(states.shape[1]).pack(states, [(0, 1)] * len(states), 0)
    assert TokenMatrix.from_bytes(blob).to_bytes() == blob
    assert len(blob) == 8 + len(states) * (8 + 4)


@given(STATES)
def test_rows_are_unit_or_null_and_weights_are_shares(states: NDArray[np.float32]) -> None:
    made = head(states.shape[1])
    norms = np.linalg.norm(made.rows(states), axis=1)
    assert all(abs(norm - 1) < 1e-3 or norm < 1 for norm in norms)
    weights = made.weights(states)
    assert (weights >= 0).all()
    assert not len(states) or abs(float(weights.sum()) - 1) < 1e-4


def test_the_shipped_head_fits_the_embedded_model_and_is_small() -> None:
    shipped = load_head()
    assert shipped.project.shape[1] == len(shipped.weight) == 384
    assert HEAD.stat().st_size < 1_000_000
