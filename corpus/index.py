"""The vector index: Chroma, embedded and persistent, behind a langchain ``VectorStore``.

The only file that imports chromadb. Our own vectors go in and no embedding function is stored
with the collection; the server is never started (CVE-2026-45829). The index is disposable:
everything in it can be made again from the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from numpy.typing import NDArray

from corpus.errors import StoreDamaged

_SPACE = {"hnsw:space": "cosine", "hnsw:search_ef": 200}
#: Two collections: told apart by a filter instead, a search takes ten times longer.
PASSAGES, PHRASINGS = "passages", "phrasings"
#: The kind of a vector that is searched.
PASSAGE = "passage"
_BATCH = 2000  # below Chroma's own limit of a batch (5,461)
Vectors = NDArray[np.float32]


class VectorIndex(VectorStore):
    """Vectors by uid, with cosine similarity; only passages are searched, phrasings are kept beside them.

    Metadata of each vector: ``document`` (id), ``kind`` ("passage", "situation", "question" or "name").
    Raises StoreDamaged where the folder holds no index that Chroma can read, or one of an earlier version.
    """

    def __init__(self, folder: Path, embedder: Embeddings) -> None:
        self._embedder = embedder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _check_file(folder / "chroma.sqlite3")
            self._client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False))
            self._open_collections()
        except StoreDamaged:
            if hasattr(self, "_client"):
                self.close()
            raise
        except Exception as error:  # Chroma raises a dozen kinds of its own for files that are not its own
            raise StoreDamaged(f"L'index {folder} ne se lit pas ({type(error).__name__}).", "Tapez « bao rebuild » pour refaire l'index.") from error

    @property
    def embeddings(self) -> Embeddings:
        """The embedder questions are turned into vectors with."""
        return self._embedder

    def add(self, uids: Sequence[str], vectors: Vectors, texts: Sequence[str], metadatas: Sequence[dict[str, str]]) -> None:
        """Write vectors; a uid already there is replaced."""
        for start in range(0, len(uids), _BATCH):
            batch = range(start, min(start + _BATCH, len(uids)))
            for collection, searched in ((self._collection, True), (self._phrasings, False)):
                part = [i for i in batch if (metadatas[i]["kind"] == PASSAGE) is searched]
                if part:
                    collection.upsert(
                        ids=[uids[i] for i in part],
                        embeddings=np.asarray([vectors[i] for i in part], np.float32),
                        documents=[texts[i] for i in part],
                        metadatas=[metadatas[i] for i in part],
                    )

    def remove(self, uids: Sequence[str]) -> None:
        """Forget vectors; unknown uids are no fault."""
        for start in range(0, len(uids), _BATCH):
            for collection in self._both:
                collection.delete(ids=list(uids[start : start + _BATCH]))

    def clear(self) -> None:
        """Forget everything, also a damaged or differently sized collection."""
        for name in (PASSAGES, PHRASINGS):
            self._client.delete_collection(name)
        self._open_collections()

    def close(self) -> None:
        """Let go of the files; Chroma keeps them open for the life of the process otherwise."""
        self._client.close()  # type: ignore[attr-defined]  # PersistentClient says it returns the interface, which has no close

    def nearest(self, vector: Vectors, limit: int, where: dict[str, Any] | None = None) -> list[tuple[str, float]]:
        """The ``limit`` passages with the nearest vectors, as (uid, cosine), nearest first."""
        found = self._collection.query(query_embeddings=np.asarray([vector], np.float32), n_results=limit, where=where, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(uid, 1.0 - float(distance)) for uid, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, uids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors with these uids; unknown ones are left out."""
        vectors: dict[str, Vectors] = {}
        for collection in self._both if uids else ():
            found = collection.get(ids=list(uids), include=["embeddings"])
            embeddings = found["embeddings"]
            vectors |= {uid: np.asarray(vector, np.float32) for uid, vector in zip(found["ids"], embeddings if embeddings is not None else [], strict=True)}
        return vectors

    def uids(self) -> set[str]:
        """Every uid in the index."""
        return {uid for collection in self._both for uid in collection.get(include=[])["ids"]}

    def count(self) -> int:
        """How many vectors there are."""
        return sum(collection.count() for collection in self._both)

    @property
    def _both(self) -> tuple[chromadb.Collection, chromadb.Collection]:
        return self._collection, self._phrasings

    def _open_collections(self) -> None:
        there = {collection.name for collection in self._client.list_collections()}
        if PASSAGES in there and PHRASINGS not in there:
            raise StoreDamaged("L'index est d'une version antérieure.", "Tapez « bao rebuild » pour refaire l'index.")
        # phrasings first: killed in between, what is left is not taken for an earlier version's
        self._phrasings, self._collection = (
            self._client.get_or_create_collection(name, metadata=_SPACE, embedding_function=None) for name in (PHRASINGS, PASSAGES)
        )

    # The langchain VectorStore contract

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The passages nearest to a question, as langchain Documents."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        """The same, with their cosine similarity."""
        scores = dict(self.nearest(np.asarray(self._embedder.embed_query(query), np.float32), k, kwargs.get("filter")))
        if not scores:
            return []
        found = self._collection.get(ids=list(scores), include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True)
        documents = [(Document(page_content=text, metadata=dict(metadata or {}), id=uid), scores[uid]) for uid, text, metadata in rows]
        return sorted(documents, key=lambda pair: -pair[1])

    @classmethod
    def from_texts(cls, texts: list[str], embedding: Embeddings, metadatas: list[dict[Any, Any]] | None = None, **kwargs: Any) -> VectorIndex:
        """An index in the folder ``folder`` filled with these texts."""
        index = cls(Path(kwargs["folder"]), embedding)
        index.add_texts(texts, metadatas)
        return index

    def add_texts(self, texts: Any, metadatas: list[dict[Any, Any]] | None = None, **kwargs: Any) -> list[str]:
        """Embed and write texts; their ids are ``ids`` or their numbers."""
        lines = list(texts)
        ids = list(kwargs.get("ids") or (f"text-{number}" for number in range(self.count(), self.count() + len(lines))))
        vectors = np.asarray(self._embedder.embed_documents(lines), np.float32)
        self.add(ids, vectors, lines, [{"kind": "passage", "document": "", **(m or {})} for m in metadatas or [{}] * len(lines)])
        return ids


def _check_file(path: Path) -> None:
    """Read the head of Chroma's database before Chroma does: it would remember a failed opening for the life of the process."""
    if path.exists():
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA schema_version").fetchone()
