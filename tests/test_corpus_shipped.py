"""Vectors that ship: what is known is not encoded again, what changed is, and what ships is what the model gives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.embedding import Encoded, HashingEmbedder, SentenceEmbedder
from corpus.late import TokenMatrix
from corpus.model import open_embedder
from corpus.settings import load as load_settings
from corpus.shipped import FILE, KNOWN, ShippedEmbedder, load, save


class Counting(HashingEmbedder):
    """Remembers what it was asked to encode."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        self.asked += texts
        return super().encode_passages(texts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two texts' vectors, the first with token rows."""
    packed = TokenMatrix(np.eye(2, 4, dtype=np.float32), np.array([0, 3], np.int32), np.array([2, 9], np.int32)).to_bytes()
    vectors = {text: HashingEmbedder().encode_question(text).vector for text in ("un texte", "une question")}
    save(tmp_path / "vectors.safetensors", "hachage", {"un texte": (vectors["un texte"], packed), "une question": (vectors["une question"], None)})
    return tmp_path / "vectors.safetensors"


def test_what_was_saved_comes_back(path: Path) -> None:
    shipped = load(path, "hachage")
    assert shipped is not None
    known = shipped.get("un texte")
    assert known is not None
    assert known.packed is not None
    matrix = TokenMatrix.from_bytes(known.packed)
    assert (matrix.rows.tolist(), matrix.starts.tolist(), matrix.ends.tolist()) == (np.eye(2, 4).tolist(), [0, 3], [2, 9])
    assert np.allclose(known.vector, HashingEmbedder().encode_question("un texte").vector, atol=1e-3)
    question = shipped.get("une question")
    assert question is not None
    assert question.packed is None
    assert shipped.get("autre") is None


def test_only_unknown_texts_are_encoded_and_the_order_is_kept(path: Path) -> None:
    inner = Counting()
    texts = ["nouveau", "un texte", "encore", "une question"]
    found = ShippedEmbedder(inner, path).encode_passages(texts)
    assert inner.asked == ["nouveau", "encore"]
    for one, text in zip(found, texts, strict=True):
        assert np.allclose(one.vector, HashingEmbedder().encode_question(text).vector, atol=1e-3)


def test_the_vectors_of_another_model_or_a_missing_file_are_no_help(path: Path, tmp_path: Path) -> None:
    assert load(path, "autre") is None
    assert load(tmp_path / "absent", "hachage") is None
    inner = Counting()
    ShippedEmbedder(inner, tmp_path / "absent").encode_passages(["un texte"])
    assert inner.asked == ["un texte"]


def test_ten_shipped_vectors_are_those_the_model_gives(tmp_path: Path) -> None:
    """About 15 seconds: the model loads, and the starter corpus is read once."""
    from ingest.ship_vectors import encode, starter_texts

    embedder = open_embedder(load_settings())
    assert isinstance(embedder, ShippedEmbedder)
    assert isinstance(embedder.inner, SentenceEmbedder)
    shipped = load(FILE, embedder.name)
    assert shipped is not None
    texts = sorted(starter_texts())
    known = [text for text in texts if shipped.get(text) is not None]
    assert len(known) > 0.9 * len(texts), "run python -m ingest.ship_vectors"
    ten = known[:: max(1, len(known) // 10)][:10]
    for text, (vector, _) in encode(embedder.inner, dict.fromkeys(ten), None).items():
        one = shipped.get(text)
        assert one is not None
        assert float(one.vector @ vector) > 0.999
    assert FILE.stat().st_size < 60_000_000


def test_a_known_question_has_a_vector_of_its_own_beside_the_same_words_as_a_phrasing(tmp_path: Path) -> None:
    vectors = {"un mot": np.array([1, 0], np.float32), f"{KNOWN}un mot": np.array([0, 1], np.float32)}
    save(tmp_path / "vectors.safetensors", "hachage", {text: (vector, None) for text, vector in vectors.items()})
    embedder = ShippedEmbedder(HashingEmbedder(), tmp_path / "vectors.safetensors")
    assert embedder.encode_passages(["un mot"])[0].vector.tolist() == [1, 0]
    assert embedder.encode_known(["un mot"])[0].vector.tolist() == [0, 1]
    assert embedder.encode_known(["autre"])[0].vector == pytest.approx(HashingEmbedder().encode_question("autre").vector)
