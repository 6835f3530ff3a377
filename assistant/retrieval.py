"""Hybrid retrieval: full text and vectors over passages, one fusion, as a langchain retriever.

Three legs score each candidate: BM25 over French stems, the cosine of e5 vectors, and late
interaction over token vectors. Each is brought to zero mean and unit deviation over the
candidates, and the weighted sum orders them. (Rank fusion was tried and was worse; see
eval/RESULTS.md.) What users' own phrasings say about a sheet is a fourth signal.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from assistant import reranking
from assistant.comparing import Side
from assistant.interaction import Interaction
from assistant.knowledge import Knowledge, KnowledgeKeeper
from assistant.known_questions import Known, closeness
from assistant.phrasings import Phrasings, PhrasingsKeeper
from assistant.reranking import standard
from assistant.understanding import Understood, Wants
from corpus.documents import NO_PAGE, Document, Passage
from corpus.embedding import Encoded
from corpus.late import TokenMatrix
from corpus.library import Library
from corpus.words import stems

DEPTH = 60  # candidates a leg brings
LOOKED_AT = 60  # candidates looked at again, sentence by sentence
PHRASINGS = 40  # nearest phrasings that count
#: The legs, each on standard scores over the candidates; "phrasing" and "known" are 0 to 3; then 0 or 1: a starter PDF,
#: a document that is not starter content, a section that only points elsewhere (« Pour aller plus loin »); last, the second look's.
LEGS = ("lexical", "dense", "late", "phrasing", "known", "starter_file", "published", "pointers", *reranking.SIGNS)
CARD = Path(__file__).with_name("fusion.json")
POINTERS = ("Pour aller plus loin", "À vérifier", "Outils par famille")


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each leg counts: fitted by ``python -m eval.fit_fusion``."""
    return {leg: float(weight) for leg, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: its words to encode, its stems with those of expansion, what it wants, and a filter.

    ``plain`` says what its figurative expressions mean: passages are told so, phrasings speak like the asker.
    """

    text: str
    stems: tuple[str, ...]
    expansion: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    wants: Wants = ""
    counted: str = ""
    plain: str = ""

    @classmethod
    def of(cls, asked: Understood, documents: tuple[str, ...] = ()) -> Query:
        """The query of an understood question, in these documents or in all."""
        return cls(asked.text, asked.stems, asked.expansion, documents, asked.wants, asked.counted, asked.plain)

    @property
    def searched(self) -> str:
        """What is compared with passages; the question's own words keep their places."""
        return f"{self.text} ({self.plain})" if self.plain else self.text


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
    """What a search brings: ranked candidates, the encoded question, the nearest phrasings as (document, kind, text, cosine) and known questions."""

    candidates: tuple[Candidate, ...]
    encoded: Encoded
    phrasings: tuple[tuple[str, str, str, float], ...]
    interaction: Interaction
    known: tuple[Known, ...] = ()
    compared: tuple[Side, ...] = ()  # the two documents or sheets that a comparison sets side by side


class Searcher:
    """Searches one library."""

    def __init__(self, library: Library, keeper: KnowledgeKeeper, phrasings: PhrasingsKeeper, weighing: Mapping[str, float] | None = None) -> None:
        self._library = library
        self._keeper = keeper
        self._phrasings_keeper = phrasings
        self._weights = weighing or weights()
        self._encode = functools.lru_cache(maxsize=32)(library.embedder.encode_question)  # one question is searched for several times

    def search(self, query: Query, limit: int = 30) -> Found:
        """The best passages for a query, best first; ``LOOKED_AT`` at most."""
        library, knowledge = self._library, self._keeper.current()
        encoded, heard = self._encode(query.searched), self._encode(query.text)
        said = self._phrasings_keeper.current(knowledge)
        phrasings, known = _nearest(said, heard), said.known.nearest(heard.vector)
        leads = {"phrasing": _closest((one[0], one[3]) for one in phrasings), "known": _closest((one.document, one.cosine) for one in known)}
        interaction = Interaction(encoded, library.embedder.head, query.searched, knowledge)
        candidates = self._first_look(query, encoded, leads, interaction, knowledge)
        candidates = self._second_look(candidates[:LOOKED_AT], query, interaction, knowledge)
        return Found(tuple(candidates[:limit]), heard, tuple(phrasings), interaction, known)

    def _first_look(
        self, query: Query, encoded: Encoded, leads: Mapping[str, Mapping[str, float]], interaction: Interaction, knowledge: Knowledge
    ) -> list[Candidate]:
        """Every passage that a leg brings, by the legs alone."""
        lexical, dense = self._pools(query, encoded, knowledge)
        uids = list(dict.fromkeys([*lexical, *dense]))
        stored = self._library.store.passages_by_uid(uids)
        kept = [uid for uid in uids if uid in stored and stored[uid].passage.document in knowledge.documents]
        if not kept:
            return []
        passages = [stored[uid].passage for uid in kept]
        documents = [knowledge.documents[passage.document] for passage in passages]
        missing = self._library.index.vectors([uid for uid in kept if uid not in dense])
        cosines = np.array([dense[u] if u in dense else float(missing[u] @ encoded.vector) if u in missing else 0.0 for u in kept])
        matrices = self._matrices(kept)
        late = interaction.passages(kept, [matrices.get(uid) for uid in kept])
        legs = {
            "lexical": standard(np.array([lexical.get(uid, 0.0) for uid in kept])),
            "dense": standard(cosines),
            "late": standard(late),
            **{leg: np.array([near.get(document.id, 0.0) for document in documents]) for leg, near in leads.items()},
            "starter_file": np.array([document.starter and document.type == "document" for document in documents], float),
            "published": np.array([not document.starter for document in documents], float),
            "pointers": np.array([passage.section.endswith(POINTERS) for passage in passages], float),
        }
        total = self._weigh(legs)
        return [
            Candidate(
                kept[i],
                passages[i],
                documents[i],
                float(total[i]),
                float(cosines[i]),
                float(late[i]),
                {leg: float(values[i]) for leg, values in legs.items()},
                matrices.get(kept[i]),
            )
            for i in np.argsort(-total, kind="stable")
        ]

    def _second_look(self, candidates: Sequence[Candidate], query: Query, interaction: Interaction, knowledge: Knowledge) -> list[Candidate]:
        """The best candidates in the order that their sentences, neighbours and documents give them."""
        if not candidates or not any(sign in self._weights for sign in reranking.SIGNS):
            return list(candidates)
        found = reranking.signs(candidates, query, interaction, knowledge)
        added = self._weigh(found)
        again = [
            replace(candidate, score=candidate.score + float(added[i]), legs={**candidate.legs, **{sign: float(values[i]) for sign, values in found.items()}})
            for i, candidate in enumerate(candidates)
        ]
        return sorted(again, key=lambda candidate: -candidate.score)

    def _weigh(self, legs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.asarray(np.sum([self._weights.get(leg, 0.0) * values for leg, values in legs.items()], axis=0), float)

    def _pools(self, query: Query, encoded: Encoded, knowledge: Knowledge) -> tuple[dict[str, float], dict[str, float]]:
        """What full text and vectors bring. Published documents are searched apart too: starter sheets, far more, would crowd them out."""
        published = [name for name, document in knowledge.documents.items() if not document.starter]
        lexical = self._lexical(query, query.documents)
        dense = self._dense(encoded, query.documents)
        if not query.documents and 0 < len(published) < len(knowledge.documents):
            lexical = self._lexical(query, published) | lexical
            dense = self._dense(encoded, published) | dense
        return lexical, dense

    def _dense(self, encoded: Encoded, documents: Sequence[str]) -> dict[str, float]:
        where = {"document": {"$in": list(documents)}} if documents else None
        return dict(self._library.index.nearest(encoded.vector, DEPTH, where))

    def _lexical(self, query: Query, documents: Sequence[str]) -> dict[str, float]:
        found = dict(self._library.store.search_passages(query.stems, DEPTH, tuple(documents)))
        if query.expansion:  # an expanded word counts for half of a word the user typed
            for uid, score in self._library.store.search_passages(query.expansion, DEPTH, tuple(documents)):
                found[uid] = found.get(uid, 0.0) + 0.5 * score
        return found

    def _matrices(self, uids: Sequence[str]) -> dict[str, TokenMatrix]:
        if self._library.embedder.head is None:
            return {}
        return {uid: TokenMatrix.from_bytes(blob) for uid, blob in self._library.store.tokens(uids).items()}


def _nearest(said: Phrasings, encoded: Encoded) -> list[tuple[str, str, str, float]]:
    """The phrasings nearest to a question, nearest first."""
    near = said.nearness(encoded.vector)
    rows = np.argsort(-near, kind="stable")[:PHRASINGS]
    return [(said.wordings[row].document, said.wordings[row].kind, said.wordings[row].text, float(near[row])) for row in rows]


def _closest(nearest: Iterable[tuple[str, float]]) -> dict[str, float]:
    """For each document, how near the best of what leads to it is, from (document, cosine)."""
    best: dict[str, float] = {}
    for document, cosine in nearest:
        best[document] = max(best.get(document, 0.0), closeness(cosine))
    return best


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
