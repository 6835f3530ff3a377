"""The rival: the pipeline of every LangChain tutorial, over the same originals and the same embedder.

pypdf a page at a time → RecursiveCharacterTextSplitter 1000/200 → the embedder → langchain-chroma
in a temporary folder → the nearest chunks. Its first chunk is its answer and its one citation;
it never abstains. Sheets and other text files are read as plain text, front matter included, and
formats it has no loader for get the text that our own reader stored, which favours it.

The only file outside their rooms that may import pypdf and chromadb; nothing imports it but
``eval.systems``, when the rival is asked for. Files are read in this process: measure only your own.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.documents import Document as Chunk
from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.documents import Document
from corpus.embedding import Embedder
from corpus.library import Library
from eval.systems import System

if TYPE_CHECKING:
    from eval.gold import Case

SIZE, OVERLAP, DEPTH, BATCH = 1000, 200, 10, 500
PLAIN = frozenset({".md", ".txt"})


class Tutorial(System):
    """The tutorial's pipeline over the documents of a library. ``tools`` are the tool sheets its chunks come from."""

    def __init__(self, name: str, library: Library) -> None:
        super().__init__(name)
        chunks = [chunk for document in library.store.documents() if document.state == "published" for chunk in chunks_of(library, document)]
        self._titles = {document.id: document.title for document in library.store.documents()}
        self._folder = tempfile.TemporaryDirectory(prefix="bao-tutoriel-", ignore_cleanup_errors=True)
        self._store = _filled(self._folder.name, library.embedder, chunks)

    def answer(self, case: Case) -> dict[str, Any]:
        """The first chunk as it is, and the ten nearest as passages."""
        start = time.perf_counter()
        found = self._store.similarity_search_with_score(case.question, DEPTH)
        passages = [_passage(chunk, 1 - distance) for chunk, distance in found]
        first = passages[:1]
        return {
            "id": case.id, "question": case.question, "rewritten": case.question, "answer": first[0]["text"] if first else "", "more": "", "intent": "document",
            "abstained": False, "needs_clarification": False, "steps": [], "citations": [self._citation(passage) for passage in first],
            "tools": self._tools([chunk for chunk, _ in found]), "passages": passages, "seconds": round(time.perf_counter() - start, 4),
        }  # fmt: skip

    def close(self) -> None:
        """Remove the temporary folder."""
        self._folder.cleanup()

    def _citation(self, passage: dict[str, Any]) -> dict[str, Any]:
        document, text = passage["document"], passage["text"]
        return {"number": 1, "document": document, "title": self._titles[document], "page": passage["page"], "section": "", "quote": text, "passage": text}

    def _tools(self, chunks: list[Chunk]) -> list[dict[str, Any]]:
        sheets = dict.fromkeys(chunk.metadata["document"] for chunk in chunks if chunk.metadata["type"] == "outil")
        return [{"id": sheet, "title": self._titles[sheet], "steps": [], "reason": "", "duration": ""} for sheet in sheets][:3]


def chunks_of(library: Library, document: Document) -> Iterator[Chunk]:
    """The chunks of one document; 0 for a page where the format has none."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    for page, text in _pages(library, document):
        for piece in splitter.split_text(text):
            yield Chunk(page_content=piece, metadata={"document": document.id, "type": document.type, "page": page})


def _passage(chunk: Chunk, score: float) -> dict[str, Any]:
    return {"document": chunk.metadata["document"], "page": chunk.metadata["page"] or None, "text": chunk.page_content, "score": round(score, 4)}


def _pages(library: Library, document: Document) -> Iterator[tuple[int, str]]:
    path: Path = library.original(document)
    if document.suffix == ".pdf":
        yield from ((number, page.extract_text()) for number, page in enumerate(pypdf.PdfReader(path).pages, 1))
    elif document.suffix in PLAIN:
        yield 0, path.read_text("utf-8", "replace")
    else:
        yield from ((page.number, page.text) for page in library.store.pages(document.id))


def _filled(folder: str, embedder: Embedder, chunks: list[Chunk]) -> Chroma:
    quiet = ChromaSettings(anonymized_telemetry=False, is_persistent=True, persist_directory=folder)
    store = Chroma("tutoriel", embedder, persist_directory=folder, client_settings=quiet, collection_metadata={"hnsw:space": "cosine"})
    for start in range(0, len(chunks), BATCH):
        store.add_documents(chunks[start : start + BATCH])
    return store
