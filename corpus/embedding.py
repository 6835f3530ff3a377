"""Turning text into vectors, as langchain ``Embeddings``.

Two real adapters: sentence-transformers (the embedded e5 by default, or any model named in
BAO_MODEL) and a hashing one, deterministic and instant, for tests and for machines without torch.
Both also give one vector a token, which late interaction compares (see assistant/late.py).
"""

from __future__ import annotations

import hashlib
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langchain_core.cross_encoders import BaseCrossEncoder
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from corpus.hub import load_named
from corpus.late import Head, plain_head
from corpus.words import stems, tokens

Vectors = NDArray[np.float32]
HASHING = "hachage"


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text encoded: its unit vector, one vector a token, and each token's (start, end) in the text."""

    vector: Vectors
    tokens: Vectors | None
    offsets: tuple[tuple[int, int], ...]
    packed: bytes | None = None  # token rows as stored, where they were packed before


class Embedder(Embeddings):
    """What the product asks of an embedding model, on top of langchain's interface."""

    name: str
    dimensions: int
    #: The late-interaction head made for this model, if there is one.
    head: Head | None = None
    #: Whether the model is in memory.
    loaded: bool = True
    #: What reads a question and a sentence together, if weights for that were made for this model.
    cross_encoder: BaseCrossEncoder | None = None

    @abstractmethod
    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts to be found."""

    @abstractmethod
    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions."""

    def encode_question(self, text: str) -> Encoded:
        """Encode one question."""
        return self.encode_questions([text])[0]

    def encode_known(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions known beforehand, to be compared with one that is asked: in the same role, only their vectors serve."""
        return self.encode_questions(texts)

    def encode_stored(self, texts: Sequence[str], known: Sequence[bool]) -> list[Encoded]:
        """Encode what a library stores, in the order given: each text as a passage, or as a known question where ``known`` says so."""
        passages = iter(self.encode_passages([text for text, asked in zip(texts, known, strict=True) if not asked]))
        questions = iter(self.encode_known([text for text, asked in zip(texts, known, strict=True) if asked]))
        return [next(questions if asked else passages) for asked in known]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Langchain's name for vectors of passages."""
        return [encoded.vector.tolist() for encoded in self.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Langchain's name for the vector of a question."""
        vector: list[float] = self.encode_question(text).vector.tolist()
        return vector


class SentenceEmbedder(Embedder):
    """A sentence-transformers model, loaded when first used and then shared by all threads."""

    def __init__(self, name: str, locate: Callable[[], str], head: Head | None = None) -> None:
        self.name = name
        self.head = head
        self._locate = locate
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def model(self) -> Any:
        """The loaded model."""
        with self._lock:
            if self._model is None:
                self._model = _load(self._locate())
            return self._model

    @property
    def loaded(self) -> bool:  # type: ignore[override]  # known only once the model is
        """Whether the model is in memory."""
        return self._model is not None

    @property
    def dimensions(self) -> int:  # type: ignore[override]  # known only once the model is
        """The length of a vector."""
        return int(self.model.get_embedding_dimension())

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts to be found, in the order given."""
        return self._in_batches(texts, "document")

    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions with the model's own prompt for them."""
        return self._in_batches(texts, "query")

    def _in_batches(self, texts: Sequence[str], role: str) -> list[Encoded]:
        """Batches of texts of like length, so that little is padded."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found: list[Encoded | None] = [None] * len(texts)
        for start in range(0, len(order), 16):
            part = order[start : start + 16]
            for place, encoded in zip(part, self._encode([texts[i] for i in part], role), strict=True):
                found[place] = encoded
        return [encoded for encoded in found if encoded is not None]

    def _encode(self, texts: list[str], role: str) -> list[Encoded]:
        import torch  # heavy: loaded with the model

        model = self.model
        prompt = model.prompts.get(role) or ""
        features = model.tokenizer(
            [prompt + text for text in texts], padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="pt", return_offsets_mapping=True
        )
        offsets = features.pop("offset_mapping").tolist()
        with torch.inference_mode():
            out = model.forward({key: value.to(model.device) for key, value in features.items()})
        vectors = torch.nn.functional.normalize(out["sentence_embedding"].float(), dim=-1).cpu().numpy()
        states = torch.nn.functional.normalize(out["token_embeddings"].float(), dim=-1).cpu().numpy()
        kept = [[j for j, (a, b) in enumerate(row) if b > a and b > len(prompt)] for row in offsets]
        spans = [tuple((max(0, row[j][0] - len(prompt)), row[j][1] - len(prompt)) for j in columns) for row, columns in zip(offsets, kept, strict=True)]
        return [Encoded(vectors[i], states[i][columns], spans[i]) for i, columns in enumerate(kept)]


class HashingEmbedder(Embedder):
    """Stems hashed into a signed bag of words: deterministic, offline, no model (Weinberger et al., 2009)."""

    name = HASHING
    dimensions = 256

    def __init__(self) -> None:
        self.head = plain_head(self.dimensions)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode each text by its stems."""
        return [self._encode(text) for text in texts]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        """The same as passages: this embedder has no roles."""
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> Encoded:
        rows, spans, at = [], [], 0
        for word in tokens(text):
            at = text.find(word, at) if text.find(word, at) >= 0 else at
            for stem in stems(word):
                rows.append(_hashed(stem, self.dimensions))
                spans.append((at, at + len(word)))
        matrix = np.asarray(rows, np.float32).reshape(-1, self.dimensions)
        total = matrix.sum(0) + 1e-6
        return Encoded((total / np.linalg.norm(total)).astype(np.float32), matrix, tuple(spans))


def _hashed(stem: str, dimensions: int) -> Vectors:
    digest = hashlib.blake2b(stem.encode(), digest_size=8).digest()
    vector = np.zeros(dimensions, np.float32)
    vector[int.from_bytes(digest[:4], "little") % dimensions] = 1.0 if digest[4] % 2 else -1.0
    return vector


def _load(name: str) -> Any:
    def make(local: bool) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(name, device="cpu", local_files_only=local, trust_remote_code=False)

    return load_named(name, "BAO_MODEL", make).eval()
