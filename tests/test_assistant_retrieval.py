"""Retrieval: three legs on one scale, behind langchain's own interface."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever

from assistant.knowledge import KnowledgeKeeper
from assistant.phrasings import PhrasingsKeeper
from assistant.quoting import page_of
from assistant.reranking import standard
from assistant.retrieval import LEGS, HybridRetriever, Query, Searcher, weights
from corpus.demarche import STARTER, Demarche
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from corpus.words import stems
from ingest.pipeline import Pipeline

PAGES = ("Le financement du poste dure trois ans, au plus.", "Le comité de suivi se réunit à Lille, deux fois par an.")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche, pdf: Callable[..., bytes]) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("retrieval")
    settings = Settings(data=folder / "data", model="hachage")
    (folder / "guide.pdf").write_bytes(pdf("Guide du financement", *PAGES))
    sheets = [STARTER / "fiches" / f"{name}.md" for name in ("concepts/cooperation", "outils/forum-ouvert", "outils/world-cafe")]
    with Library(settings, HashingEmbedder(), writing=True) as one:
        assert not Pipeline(one, settings, demarche).run([folder / "guide.pdf", *sheets]).refused
        yield one


@pytest.fixture(scope="module")
def searcher(filled: Library, demarche: Demarche) -> Searcher:
    return Searcher(filled, KnowledgeKeeper(filled, demarche), PhrasingsKeeper(filled))


def query(text: str, *documents: str) -> Query:
    return Query(text, tuple(stems(text)), (), documents)


def test_it_is_a_langchain_retriever_that_returns_documents_with_page_and_quotation(searcher: Searcher, filled: Library) -> None:
    retriever = HybridRetriever(searcher=searcher, k=5)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke("Combien de temps dure le financement du poste ?")
    assert 0 < len(found) <= 5
    assert all(isinstance(one, LangchainDocument) and one.id for one in found)
    first = found[0]
    assert (first.metadata["document"], first.metadata["page"]) == ("guide.pdf", 1)
    for one in found:
        pages = filled.store.pages(one.metadata["document"])
        assert {"document", "title", "page", "section", "quote", "score"} <= set(one.metadata)
        assert all(page_of(line, pages) is not None for line in one.metadata["quote"].split("\n"))
        assert (one.metadata["page"] is None) == (one.metadata["document"] != "guide.pdf")
    assert [one.metadata["score"] for one in found] == sorted((one.metadata["score"] for one in found), reverse=True)


def test_it_is_invoked_in_batches_and_without_waiting_like_any_other(searcher: Searcher) -> None:
    retriever = HybridRetriever(searcher=searcher, k=3)
    once = [one.id for one in retriever.invoke("le comité de suivi")]
    assert [one.id for one in retriever.batch(["le comité de suivi"])[0]] == once
    assert [one.id for one in asyncio.run(retriever.ainvoke("le comité de suivi"))] == once


@pytest.mark.parametrize("text", ["", "?", '" OR NEAR( *', "'; DROP TABLE passages; --", "text:a AND b NOT c", "\u4e2d\u6587", "a" * 2000])
def test_any_query_is_searched_without_a_fault(text: str, searcher: Searcher) -> None:
    assert len(searcher.search(query(text), 4).candidates) <= 4


def test_a_search_within_one_document_finds_nothing_elsewhere(searcher: Searcher) -> None:
    found = searcher.search(query("la coopération du groupe", "forum-ouvert"))
    assert {one.document.id for one in found.candidates} == {"forum-ouvert"}
    assert searcher.search(query("la coopération", "inconnu.pdf")).candidates == ()


def test_every_candidate_has_every_leg_and_the_weighted_sum_orders_them(searcher: Searcher) -> None:
    found = searcher.search(query("réunir un groupe")).candidates
    assert set(weights()) <= set(LEGS)
    for one in found:
        assert set(one.legs) == set(LEGS)
        assert one.score == pytest.approx(sum(weights().get(leg, 0.0) * value for leg, value in one.legs.items()))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


VALUES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30).map(np.array)


@given(VALUES)
def test_standard_scores_have_no_mean_and_unit_deviation_or_are_all_zero(values: np.ndarray) -> None:
    scores = standard(values)
    assert scores.shape == values.shape
    assert scores.mean() == pytest.approx(0, abs=1e-5)
    assert scores.std() == pytest.approx(1, abs=1e-5) or not scores.any()


@given(VALUES, st.floats(0.1, 100), st.floats(-100, 100))
def test_standard_scores_keep_the_order_and_forget_scale_and_origin(values: np.ndarray, scale: float, origin: float) -> None:
    scores = standard(values)
    assert all(scores[i] <= scores[j] for i in range(len(values)) for j in range(len(values)) if values[i] <= values[j])
    if values.std() > 1e-3:
        assert standard(values * scale + origin) == pytest.approx(scores, abs=1e-4)
