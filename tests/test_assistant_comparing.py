"""Comparisons: the two documents that a question sets side by side, and what is asked of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from assistant import comparing
from assistant.ask import Assistant
from assistant.knowledge import Knowledge, KnowledgeKeeper
from assistant.phrasings import PhrasingsKeeper
from assistant.retrieval import Found, Query, Searcher
from assistant.understanding import Understood, understand
from assistant.vocabulary import Vocabulary
from corpus.demarche import Demarche
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from corpus.words import stem
from ingest.pipeline import Pipeline

SUBJECTS = ("jardin", "piscine", "marché", "cantine", "gare", "école", "forêt", "théâtre", "halle", "digue", "phare", "mairie")
BOTH = "Combien de temps dure la conserverie, et combien de temps la recyclerie ?"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche, pdf: Callable[..., bytes]) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("comparing")
    settings = Settings(data=folder / "data", model="hachage")
    for name, length in (("conserverie", "dix mois"), ("recyclerie", "trois ans")):
        (folder / f"{name}.pdf").write_bytes(pdf(f"Aide à la {name}", f"Le soutien dure {length}, sans suite prévue."))
    for subject in SUBJECTS:
        (folder / f"{subject}.txt").write_text(f"Note sur {subject}\n\nOn y parle de {subject}, et de rien d'autre.\n", "utf-8")
    with Library(settings, HashingEmbedder(), writing=True) as one:
        assert not Pipeline(one, settings, demarche).run(sorted(folder.glob("*.*"))).refused
        yield one


@pytest.fixture(scope="module")
def knowledge(filled: Library, demarche: Demarche) -> Knowledge:
    return KnowledgeKeeper(filled, demarche).current()


def asked_and_found(filled: Library, demarche: Demarche, knowledge: Knowledge, text: str) -> tuple[Searcher, Understood, Found]:
    searcher = Searcher(filled, KnowledgeKeeper(filled, demarche), PhrasingsKeeper(filled))
    asked = understand(text, text, knowledge, Vocabulary(()))
    return searcher, asked, searcher.search(Query.of(asked))


def test_two_documents_joined_in_a_question_are_compared_without_the_words_that_name_them(filled: Library, demarche: Demarche, knowledge: Knowledge) -> None:
    _, asked, found = asked_and_found(filled, demarche, knowledge, BOTH)
    sides = comparing.sides(replace(asked, comparison=False), found, knowledge)
    assert {side.document for side in sides} == {"conserverie.pdf", "recyclerie.pdf"}
    assert all("conserverie" not in side.asked.text and "recyclerie" not in side.asked.text for side in sides)
    assert all("dure" in side.asked.text for side in sides)


@pytest.mark.parametrize("text", ["Combien de temps dure la conserverie ?", "La conserverie : qui appelle la recyclerie ?"])
def test_documents_that_are_not_joined_are_not_compared(filled: Library, demarche: Demarche, knowledge: Knowledge, text: str) -> None:
    _, asked, found = asked_and_found(filled, demarche, knowledge, text)
    assert comparing.sides(replace(asked, comparison=False), found, knowledge) == ()


def test_a_word_written_as_a_name_tells_a_document_however_common_it_is(filled: Library, demarche: Demarche, knowledge: Knowledge) -> None:
    common = replace(knowledge, frequencies={**knowledge.frequencies, stem("conserverie"): knowledge.passages - 1})
    for text, compared in (("Entre la conserverie et la recyclerie, que choisir ?", 0), ("Entre la Conserverie et la recyclerie, que choisir ?", 2)):
        _, asked, found = asked_and_found(filled, demarche, knowledge, text)
        assert len(comparing.sides(replace(asked, named=()), found, common)) == compared


def test_each_side_of_a_comparison_shows_what_is_of_the_kind_asked_for(filled: Library, demarche: Demarche) -> None:
    assistant = Assistant(filled, Settings(data=filled.folder, model="hachage"), demarche)
    answer = assistant.ask("Laquelle dure le plus longtemps, la conserverie ou la recyclerie ?")
    assert not answer.abstained
    assert "dix mois" in answer.answer
    assert "trois ans" in answer.answer
    assert {citation.document for citation in answer.citations} == {"conserverie.pdf", "recyclerie.pdf"}


def test_the_best_passage_of_each_side_comes_first(filled: Library, demarche: Demarche, knowledge: Knowledge) -> None:
    searcher, asked, found = asked_and_found(filled, demarche, knowledge, BOTH)
    sides = comparing.sides(asked, found, knowledge)
    led = comparing.bring_forward(found, sides, lambda side: searcher.search(Query.of(side.asked, (side.document,)), 5))
    first = [candidate.passage.text for candidate in led.candidates[:2]]
    assert all("Le soutien dure" in text for text in first)
    assert {candidate.document.id for candidate in led.candidates[:2]} == {"conserverie.pdf", "recyclerie.pdf"}
    assert len({candidate.uid for candidate in led.candidates}) == len(led.candidates)
    assert all(side.found is not None for side in led.compared)
