"""Vectors that ship with the starter corpus, so that the first start takes seconds and not minutes.

One file holds, for each text of the starter corpus, a hash of the text, its vector (float16) and,
for passages, its packed token rows (see corpus/late.py). A text that changed is not found and is
encoded by the model like any other. Written by ``python -m ingest.ship_vectors``.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.embedding import Embedder, Encoded
from corpus.late import TokenMatrix

#: Before a known question, to make its key: the same text may be a phrasing, encoded in another role.
KNOWN = "question\n"
FILE = Path(__file__).with_name("starter_vectors.safetensors")


def key_of(text: str) -> bytes:
    """The key of a text: 8 bytes of BLAKE2b."""
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


@dataclass(frozen=True)
class Shipped:
    """The vectors of one model, by the key of their text."""

    places: Mapping[bytes, int]
    vectors: NDArray[np.float16]
    rows: NDArray[np.int8]
    spans: NDArray[np.uint16]  # start and end of each token
    bounds: NDArray[np.int64]  # text i owns rows bounds[i] to bounds[i + 1]

    def get(self, text: str) -> Encoded | None:
        """What is known of a text, or None."""
        place = self.places.get(key_of(text))
        if place is None:
            return None
        first, last = int(self.bounds[place]), int(self.bounds[place + 1])
        packed = None
        if last > first:
            spans = self.spans[first:last].astype(np.int32)
            packed = TokenMatrix(self.rows[first:last].astype(np.float32) / 127.0, spans[:, 0], spans[:, 1]).to_bytes()
        return Encoded(self.vectors[place].astype(np.float32), None, (), packed)


@functools.lru_cache(maxsize=1)
def load(path: Path, model: str) -> Shipped | None:
    """The shipped vectors of a model; None when there are none for it."""
    from safetensors import safe_open

    if not path.exists():
        return None
    with safe_open(path, framework="numpy") as file:
        if (file.metadata() or {}).get("model") != model:
            return None
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    places = {bytes(key): i for i, key in enumerate(tensors["keys"])}
    return Shipped(places, tensors["vectors"], tensors["rows"], tensors["spans"], tensors["bounds"])


def save(path: Path, model: str, encoded: Mapping[str, tuple[NDArray[np.float32], bytes | None]]) -> None:
    """Write vectors and packed tokens by text."""
    from safetensors.numpy import save_file

    matrices = [TokenMatrix.from_bytes(packed) if packed else None for _, packed in encoded.values()]
    width = next((m.rows.shape[1] for m in matrices if m is not None), 1)
    counts = [len(m.rows) if m is not None else 0 for m in matrices]
    tensors: dict[str, NDArray[Any]] = {
        "keys": np.array([list(key_of(text)) for text in encoded], np.uint8),
        "vectors": np.stack([vector for vector, _ in encoded.values()]).astype(np.float16),
        "rows": np.concatenate([np.rint(m.rows * 127).astype(np.int8) for m in matrices if m is not None] or [np.zeros((0, width), np.int8)]),
        "spans": np.concatenate(
            [np.stack([m.starts.clip(0), m.ends.clip(0)], 1).astype(np.uint16) for m in matrices if m is not None] or [np.zeros((0, 2), np.uint16)]
        ),
        "bounds": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    }
    save_file(tensors, path, metadata={"model": model})


class ShippedEmbedder(Embedder):
    """An embedder that looks passages up in the shipped vectors first."""

    def __init__(self, inner: Embedder, path: Path = FILE) -> None:
        self.inner = inner
        self.name = inner.name
        self.head = inner.head
        self.cross_encoder = inner.cross_encoder
        self._path = path

    @property
    def dimensions(self) -> int:  # type: ignore[override]  # known only once the model is
        """The length of a vector."""
        return self.inner.dimensions

    @property
    def loaded(self) -> bool:  # type: ignore[override]  # known only once the model is
        """Whether questions can be encoded at once."""
        return self.inner.loaded

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Known texts from the file, the others by the model."""
        return self._encode(texts, "", self.inner.encode_passages)

    def encode_known(self, texts: Sequence[str]) -> list[Encoded]:
        """The starter corpus's known questions from the file, the others by the model."""
        return self._encode(texts, KNOWN, self.inner.encode_known)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        """By the model: what is asked needs its token vectors too."""
        return self.inner.encode_questions(texts)

    def _encode(self, texts: Sequence[str], role: str, encode: Callable[[Sequence[str]], list[Encoded]]) -> list[Encoded]:
        shipped = load(self._path, self.name)
        found = [shipped.get(role + text) if shipped else None for text in texts]
        missing = [i for i, encoded in enumerate(found) if encoded is None]
        for i, encoded in zip(missing, encode([texts[i] for i in missing]) if missing else [], strict=True):
            found[i] = encoded
        return [encoded for encoded in found if encoded is not None]
