"""Hybrid retrieval: full text and vectors over passages, one fusion, as a langchain retriever.

Three legs score each candidate: BM25 over French stems, the cosine of e5 vectors, and late
interaction over token vectors. Each is brought to zero mean and unit deviation over the
candidates, and the weighted sum orders them. (Rank fusion was tried and was worse; see
eval/RESULTS.md.) What users' own phrasings say about a sheet is a fourth signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from assistant.knowledge import Knowledge, KnowledgeKeeper
from corpus.documents import NO_PAGE, Document, Passage
from corpus.embedding import Encoded
from corpus.late import Head, TokenMatrix
from corpus.library import Library
from corpus.words import stems

DEPTH = 60  # candidates a leg brings


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts in the sum of standard scores."""

    lexical: float = 0.8
    dense: float = 1.0
    late: float = 1.0
    phrasing: float = 0.6
    starter_file: float = -0.3


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: its words to encode, its stems with those of expansion, and a filter."""

    text: str
    stems: tuple[str, ...]
    expansion: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may hold the answer, with its scores."""

    uid: str
    passage: Passage
    document: Document
    score: float
    lexical: float
    dense: float
    late: float
    phrasing: float
    tokens: TokenMatrix | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings: ranked candidates, the encoded question, and the nearest formulations as (document, kind, text, cosine)."""

    candidates: tuple[Candidate, ...]
    encoded: Encoded
    phrasings: tuple[tuple[str, str, str, float], ...]


class Searcher:
    """Searches one library."""

    def __init__(self, library: Library, keeper: KnowledgeKeeper, weights: Weights = Weights()) -> None:
        self._library = library
        self._keeper = keeper
        self._weights = weights

    def search(self, query: Query, limit: int = 30) -> Found:
        """The best passages for a query, best first."""
        library, knowledge = self._library, self._keeper.current()
        encoded = library.embedder.encode_question(query.text)
        phrasings = self._phrasings(query, encoded)
        lexical = self._lexical(query)
        where: dict[str, Any] = {"kind": "passage"}
        if query.documents:
            where = {"$and": [where, {"document": {"$in": list(query.documents)}}]}
        dense = dict(library.index.nearest(encoded.vector, DEPTH, where))
        uids = list(dict.fromkeys([*lexical, *dense]))
        stored = library.store.passages_by_uid(uids)
        kept = [uid for uid in uids if uid in stored and stored[uid].passage.document in knowledge.documents]
        if not kept:
            return Found((), encoded, tuple(phrasings))
        missing = library.index.vectors([uid for uid in kept if uid not in dense])
        cosines = np.array([dense[u] if u in dense else float(missing[u] @ encoded.vector) if u in missing else 0.0 for u in kept])
        words = np.array([lexical.get(uid, 0.0) for uid in kept])
        matrices = self._matrices(kept)
        late = late_scores(library.embedder.head, encoded, [matrices.get(uid) for uid in kept])
        best = _best_phrasing(phrasings)
        phrased = np.array([best.get(stored[uid].passage.document, 0.0) for uid in kept])
        starter = np.array([_is_starter_file(knowledge, stored[uid].passage.document) for uid in kept], float)
        w = self._weights
        total = w.lexical * standard(words) + w.dense * standard(cosines) + w.late * standard(late) + w.phrasing * phrased + w.starter_file * starter
        order = np.argsort(-total, kind="stable")[:limit]
        candidates = [
            Candidate(
                kept[i],
                stored[kept[i]].passage,
                knowledge.documents[stored[kept[i]].passage.document],
                float(total[i]),
                float(words[i]),
                float(cosines[i]),
                float(late[i]),
                float(phrased[i]),
                matrices.get(kept[i]),
            )
            for i in order
        ]
        return Found(tuple(candidates), encoded, tuple(phrasings))

    def _lexical(self, query: Query) -> dict[str, float]:
        found = dict(self._library.store.search_passages(query.stems, DEPTH, query.documents))
        if query.expansion:  # an expanded word counts for half of a word the user typed
            for uid, score in self._library.store.search_passages(query.expansion, DEPTH, query.documents):
                found[uid] = found.get(uid, 0.0) + 0.5 * score
        return found

    def _phrasings(self, query: Query, encoded: Encoded) -> list[tuple[str, str, str, float]]:
        kinds = {"kind": {"$in": ["situation", "question", "name"]}}
        near = self._library.index.nearest(encoded.vector, 40, kinds)
        stored = self._library.store.formulations_by_uid([uid for uid, _ in near])
        return [(stored[u].formulation.document, stored[u].formulation.kind, stored[u].formulation.text, cosine) for u, cosine in near if u in stored]

    def _matrices(self, uids: Sequence[str]) -> dict[str, TokenMatrix]:
        if self._library.embedder.head is None:
            return {}
        return {uid: TokenMatrix.from_bytes(blob) for uid, blob in self._library.store.tokens(uids).items()}


def standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard scores: zero mean, unit deviation; all zero when all values are alike."""
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)


def late_scores(head: Head | None, question: Encoded, matrices: Sequence[TokenMatrix | None]) -> NDArray[np.float64]:
    """Late interaction of the question with each passage; a passage without tokens gets the mean of the others."""
    scores = np.full(len(matrices), np.nan)
    if head is not None and question.tokens is not None and len(question.tokens):
        rows, weights = head.rows(question.tokens), head.weights(question.tokens)
        for place, matrix in enumerate(matrices):
            if matrix is not None and len(matrix.rows):
                scores[place] = float(weights @ (rows @ matrix.rows.T).max(axis=1))
    known = scores[~np.isnan(scores)]
    return np.where(np.isnan(scores), known.mean() if len(known) else 0.0, scores)


def _best_phrasing(phrasings: Sequence[tuple[str, str, str, float]]) -> dict[str, float]:
    """For each sheet, how much nearer its best phrasing is than the fortieth: 0 to about 3."""
    if not phrasings:
        return {}
    floor = phrasings[-1][3]
    spread = max(1e-6, float(np.std([cosine for *_, cosine in phrasings])))
    best: dict[str, float] = {}
    for document, _, _, cosine in phrasings:
        best[document] = max(best.get(document, 0.0), min(3.0, (cosine - floor) / spread))
    return best


def _is_starter_file(knowledge: Knowledge, document_id: str) -> bool:
    """Whether this is one of the starter PDFs, which repeat what the sheets say better."""
    document = knowledge.documents[document_id]
    return document.starter and document.type == "document"


class HybridRetriever(BaseRetriever):
    """The searcher behind langchain's interface: Documents with page and quotation in their metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangchainDocument]:
        found = self.searcher.search(Query(query, tuple(stems(query))), self.k)
        return [to_langchain(candidate) for candidate in found.candidates]


def to_langchain(candidate: Candidate) -> LangchainDocument:
    """A candidate as a langchain Document."""
    passage = candidate.passage
    metadata = {
        "document": passage.document,
        "title": candidate.document.title,
        "page": passage.page if passage.page != NO_PAGE else None,
        "section": passage.section,
        "quote": passage.text,
        "score": candidate.score,
    }
    return LangchainDocument(page_content=passage.text, metadata=metadata, id=candidate.uid)
