"""Reasons: the asker's own subject, never a mere constraint; a clicked answer speaks for steps and families."""

from __future__ import annotations

import numpy as np
import pytest

from assistant import clarifying, reasons
from assistant.constraints import Constraints, read, stated_words
from assistant.knowledge import Knowledge
from assistant.known_questions import KnownQuestions
from assistant.phrasings import Phrasings
from assistant.understanding import understand
from assistant.vocabulary import Vocabulary
from corpus.demarche import Demarche
from corpus.documents import Document
from tests.test_assistant_shortnames import Sheet

TOLD = "Deux heures avec quinze élus pour parler de la halle et du marché"


@pytest.fixture(scope="module")
def knowledge(demarche: Demarche) -> Knowledge:
    documents: dict[str, Document] = {
        name: Sheet(
            name, title, sheet={"resume": "Parler de la halle et du marché avec des élus en deux heures.", "duree_minutes": [60, 120], "cibles": ["elus"]}
        )  # type: ignore[misc]
        for name, title in (("un", "Tour de la halle"), ("deux", "Débat du marché"))
    }
    return Knowledge("1", demarche, documents, {}, 100, {})


def reason(tool: str, told: str, knowledge: Knowledge, said: set[str]) -> str:
    none = Phrasings("1", np.zeros((0, 1), np.float32), (), (), KnownQuestions((), np.zeros((0, 1), np.float32)))
    return reasons.reason_for(knowledge.tools[tool], understand(told, told, knowledge, Vocabulary(())), none, np.zeros(0), read(told), knowledge, said)


@pytest.mark.parametrize("word", ["heures", "elus", "quinze"])
def test_words_that_state_a_constraint_are_known_as_such(word: str) -> None:
    assert word in stated_words(TOLD)
    assert "halle" not in stated_words(TOLD)


def test_a_reason_names_the_subject_and_not_the_constraint_and_no_two_name_the_same_word(knowledge: Knowledge) -> None:
    said: set[str] = set()
    first = reason("un", TOLD, knowledge, said).split(" : ")[0]
    assert "halle" in first
    assert not {"heures", "élus", "quinze"} & set(first.split())
    assert said
    second = reason("deux", TOLD, knowledge, set(said)).split(" : ")[0]
    assert not said & set(second.replace("«", " ").split())


def test_where_only_constraints_are_told_the_constraint_kept_is_said(knowledge: Knowledge) -> None:
    text = reason("un", "Deux heures, quinze élus", knowledge, set())
    assert "Vous parlez de" not in text
    assert "élus" in text
    assert "séance" in text


def test_clicked_answers_leave_steps_open_and_speak_for_a_family(knowledge: Knowledge) -> None:
    where, what = clarifying.question(0)[1], clarifying.question(1)[1]
    assert clarifying.steps_chosen(f"On cherche. {where[1]}", knowledge) == ("E2", "E3")
    assert clarifying.steps_chosen(f"On cherche. {where[3]}. {what[3]}", knowledge) == ("E7",)
    assert clarifying.steps_chosen("On cherche", knowledge) == ()
    assert clarifying.families_chosen(f"On cherche. {what[1]}") == ("animation",)


def test_what_is_clicked_of_time_and_people_is_a_constraint_like_another() -> None:
    people, time = clarifying.question(2)[1], clarifying.question(3)[1]
    assert read(f"On cherche. {people[0]}").publics == ("elus",)
    assert [read(f"On cherche. {words}").minutes for words in time[:4]] == [30, 120, 210, None]
    assert read("On cherche") == Constraints()
