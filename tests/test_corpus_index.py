"""The index: a langchain VectorStore over Chroma, with our own vectors and none of Chroma's models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from langchain_core.documents import Document
from langchain_core.vectorstores import VectorStore

from corpus.embedding import HashingEmbedder
from corpus.errors import StoreDamaged
from corpus.index import PHRASINGS, VectorIndex

TEXTS = ["La coopération entre communes.", "Le budget de la région.", "Une fresque pour les élus."]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    made = VectorIndex.from_texts(TEXTS, HashingEmbedder(), [{"document": f"d{n}"} for n in range(3)], folder=tmp_path / "index")
    yield made
    made.close()


def test_it_is_a_langchain_vector_store(index: VectorIndex) -> None:
    assert isinstance(index, VectorStore)
    assert isinstance(index.embeddings, HashingEmbedder)


def test_the_nearest_texts_come_first_as_documents_with_their_metadata_and_id(index: VectorIndex) -> None:
    found = index.similarity_search("coopération des communes", k=2)
    assert len(found) == 2
    assert all(isinstance(one, Document) for one in found)
    assert (found[0].page_content, found[0].metadata, found[0].id) == (TEXTS[0], {"document": "d0", "kind": "passage"}, "text-0")


def test_scores_are_cosines_in_order(index: VectorIndex) -> None:
    pairs = index.similarity_search_with_score(TEXTS[1], k=3)
    scores = [score for _, score in pairs]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1, abs=1e-5)
    assert all(-1.001 <= score <= 1.001 for score in scores)


def test_it_makes_a_retriever(index: VectorIndex) -> None:
    retriever = index.as_retriever(search_kwargs={"k": 1})
    assert [document.page_content for document in retriever.invoke("le budget")] == [TEXTS[1]]


def test_a_filter_keeps_to_what_it_says(index: VectorIndex) -> None:
    assert [one.metadata["document"] for one in index.similarity_search("budget", k=3, filter={"document": "d2"})] == ["d2"]


def test_phrasings_are_kept_and_not_searched(index: VectorIndex) -> None:
    vector = HashingEmbedder().encode_question("le budget").vector
    index.add(["dit"], np.asarray([vector]), ["le budget"], [{"kind": "situation", "document": "d1"}])
    assert "dit" in index.uids()
    assert index.count() == 4
    assert np.allclose(index.vectors(["dit"])["dit"], vector, atol=1e-6)
    assert {uid for uid, _ in index.nearest(vector, 4)} == {"text-0", "text-1", "text-2"}
    index.remove(["dit"])
    assert "dit" not in index.uids()


def test_an_index_of_an_earlier_version_is_refused_with_the_command_that_mends_it(index: VectorIndex, tmp_path: Path) -> None:
    index.close()
    client = chromadb.PersistentClient(str(tmp_path / "index"), settings=ChromaSettings(anonymized_telemetry=False))
    client.delete_collection(PHRASINGS)
    client.close()  # type: ignore[attr-defined]
    with pytest.raises(StoreDamaged, match="version antérieure") as caught:
        VectorIndex(tmp_path / "index", HashingEmbedder())
    assert "bao rebuild" in caught.value.remedy


def test_texts_are_added_with_given_ids_and_the_same_id_replaces(index: VectorIndex) -> None:
    assert index.add_texts(["Un vélo cargo."], ids=["v"]) == ["v"]
    assert index.add_texts(["Une péniche."], ids=["v"]) == ["v"]
    assert index.count() == 4
    assert index.similarity_search("péniche", k=1)[0].page_content == "Une péniche."


def test_removing_forgets_and_unknown_ids_are_no_fault(index: VectorIndex) -> None:
    index.remove(["text-1", "inconnu"])
    assert index.uids() == {"text-0", "text-2"}


def test_vectors_come_back_as_they_were_put(index: VectorIndex) -> None:
    vectors = np.eye(3, 256, dtype=np.float32)
    index.add(["x", "y", "z"], vectors, ["x", "y", "z"], [{"kind": "passage", "document": ""}] * 3)
    back = index.vectors(["z", "x", "inconnu"])
    assert set(back) == {"x", "z"}
    assert np.array_equal(back["z"], vectors[2])
    assert index.vectors([]) == {}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path / "index", HashingEmbedder())
    assert index.similarity_search("quoi") == []
    assert index.nearest(np.ones(256, np.float32), 5) == []
    index.close()


def test_more_neighbours_than_there_are_is_no_fault(index: VectorIndex) -> None:
    assert len(index.nearest(np.ones(256, np.float32), 500)) == 3


def test_the_index_is_kept_on_disk(index: VectorIndex, tmp_path: Path) -> None:
    index.close()
    again = VectorIndex(tmp_path / "index", HashingEmbedder())
    assert again.uids() == {"text-0", "text-1", "text-2"}
    assert again.similarity_search(TEXTS[2], k=1)[0].page_content == TEXTS[2]
    again.close()


def test_clearing_allows_vectors_of_another_size(index: VectorIndex) -> None:
    index.clear()
    assert index.count() == 0
    index.add(["x"], np.ones((1, 7), np.float32), ["x"], [{"kind": "passage", "document": ""}])
    assert index.nearest(np.ones(7, np.float32), 1) == [("x", pytest.approx(1, abs=1e-5))]


def test_many_vectors_are_written_and_removed_in_parts(index: VectorIndex) -> None:
    uids = [f"u{n}" for n in range(4500)]
    index.add(uids, np.random.default_rng(0).standard_normal((4500, 256)).astype(np.float32), uids, [{"kind": "passage", "document": ""}] * 4500)
    assert index.count() == 4503
    index.remove(uids)
    assert index.count() == 3
