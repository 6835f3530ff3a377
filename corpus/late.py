"""Token vectors kept small: a passage as a matrix of 8-bit rows, one a token, each with its place in the text.

The rows are e5's token states projected by a learnt head (see eval/train_head.py) and rounded
to 8 bits: 64 bytes a token, 13 kB a passage. Late interaction compares them with the question's.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEAD = Path(__file__).with_name("late_head.safetensors")
_SCALE = 127.0


@dataclass(frozen=True, slots=True)
class TokenMatrix:
    """Unit rows (tokens × dimensions) and where each token stands in the passage's own text."""

    rows: NDArray[np.float32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def to_bytes(self) -> bytes:
        """The matrix as stored: two counts, the places, the rows rounded to 8 bits."""
        head = struct.pack("<II", *self.rows.shape)
        places = self.starts.astype("<i4").tobytes() + self.ends.astype("<i4").tobytes()
        rows: bytes = np.rint(self.rows * _SCALE).astype(np.int8).tobytes()
        return head + places + rows

    @classmethod
    def from_bytes(cls, blob: bytes) -> TokenMatrix:
        """The matrix from what ``to_bytes`` wrote."""
        count, dimensions = struct.unpack_from("<II", blob)
        starts = np.frombuffer(blob, "<i4", count, 8)
        ends = np.frombuffer(blob, "<i4", count, 8 + 4 * count)
        rows = np.frombuffer(blob, np.int8, count * dimensions, 8 + 8 * count).reshape(count, dimensions)
        return cls(rows.astype(np.float32) / _SCALE, starts, ends)


@dataclass(frozen=True, slots=True)
class Head:
    """The projection of token states, and how much each token of a question counts.

    score(q, d) = Σ_i w_i max_j cos(P q_i, P d_j), w = softplus(u·q_i + b) normalised over the
    question's tokens (MaxSim of ColBERT, Khattab & Zaharia 2020, with the encoder frozen).
    """

    project: NDArray[np.float32]  # dimensions × width
    weight: NDArray[np.float32]  # width
    bias: float

    def rows(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        """Token states projected to unit rows."""
        projected = states @ self.project.T
        return np.asarray(projected / np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9), np.float32)

    def weights(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        """The share of each question token, summing to 1."""
        raw = np.logaddexp(0.0, states @ self.weight + self.bias)
        return np.asarray(raw / max(float(raw.sum()), 1e-9), np.float32)

    def pack(self, states: NDArray[np.float32], offsets: Sequence[tuple[int, int]], skip: int) -> bytes:
        """The stored form of an encoded passage that had ``skip`` characters of title and section before its text."""
        starts = np.asarray([a - skip for a, _ in offsets], np.int32)
        ends = np.asarray([b - skip for _, b in offsets], np.int32)
        return TokenMatrix(self.rows(states), starts, ends).to_bytes()


def plain_head(dimensions: int) -> Head:
    """A head that learnt nothing: token states as they are, each counting the same."""
    return Head(np.eye(dimensions, dtype=np.float32), np.zeros(dimensions, np.float32), 0.0)


@functools.lru_cache(maxsize=2)
def load_head(path: Path = HEAD) -> Head:
    """The shipped head."""
    from safetensors.numpy import load_file

    tensors = load_file(path)
    return Head(tensors["project"], tensors["weight"].reshape(-1), float(tensors["bias"][0]))
