"""Hybrid retrieval: full text and vectors over passages, one fusion, as a langchain retriever.

Three legs score each candidate: BM25 over French stems, the cosine of e5 vectors, and late
interaction over token vectors. Each is brought to zero mean and unit deviation over the
candidates, and the weighted sum orders them. (Rank fusion was tried and was worse; see
eval/RESULTS.md.) What users' own phrasings say about a sheet is a fourth signal.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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
#: e5's cosines sit in a narrow band: unrelated questions are at FAR, paraphrases at NEAR (seen on our own questions).
FAR, NEAR = 0.88, 0.93


#: The legs, each on standard scores over the candidates; "phrasing" is 0 to 3; then 0 or 1: a starter PDF,
#: a document that is not starter content, a section that only points elsewhere (« Pour aller plus loin »).
LEGS = ("lexical", "dense", "late", "phrasing", "starter_file", "published", "pointers")
CARD = Path(__file__).with_name("fusion.json")
POINTERS = ("Pour aller plus loin", "À vérifier", "Outils par famille")


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each leg counts: fitted by ``python -m eval.fit_fusion``."""
    return {leg: float(weight) for leg, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


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
    dense: float  # raw cosine
    late: float  # raw late interaction
    legs: Mapping[str, float]
    tokens: TokenMatrix | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings: ranked candidates, the encoded question, and the nearest formulations as (document, kind, text, cosine)."""

    candidates: tuple[Candidate, ...]
    encoded: Encoded
    phrasings: tuple[tuple[str, str, str, float], ...]


class Searcher:
    """Searches one library."""

    def __init__(self, library: Library, keeper: KnowledgeKeeper, weighing: Mapping[str, float] | None = None) -> None:
        self._library = library
        self._keeper = keeper
        self._weights = weighing or weights()

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
        published = np.array([not knowledge.documents[stored[uid].passage.document].starter for uid in kept], float)
        pointers = np.array([stored[uid].passage.section.endswith(POINTERS) for uid in kept], float)
        legs = {
            "lexical": standard(words),
            "dense": standard(cosines),
            "late": standard(late),
            "phrasing": phrased,
            "starter_file": starter,
            "published": published,
            "pointers": pointers,
        }
        total = np.sum([self._weights.get(leg, 0.0) * values for leg, values in legs.items()], axis=0)
        candidates = []
        for i in np.argsort(-total, kind="stable")[:limit]:
            passage = stored[kept[i]].passage
            scores = {leg: float(values[i]) for leg, values in legs.items()}
            document = knowledge.documents[passage.document]
            candidates.append(Candidate(kept[i], passage, document, float(total[i]), float(cosines[i]), float(late[i]), scores, matrices.get(kept[i])))
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
    """For each sheet, how near its best phrasing is: 0 where a question is no nearer than any other, 1 where it says the same."""
    if not phrasings:
        return {}
    best: dict[str, float] = {}
    for document, _, _, cosine in phrasings:
        best[document] = max(best.get(document, 0.0), min(3.0, max(0.0, (cosine - FAR) / (NEAR - FAR))))
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
