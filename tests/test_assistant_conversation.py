"""Conversations: criteria let go one after the other, and going back to the question before."""

from __future__ import annotations

import pytest

from assistant.clarifying import BACK
from assistant.constraints import DROP, read
from assistant.conversation import Conversation, Turn


def test_a_criterion_let_go_is_the_same_question_without_it_and_adds_up_until_another_question() -> None:
    conversation = Conversation()
    assert conversation.dropped(DROP + "1 h au plus") == ()
    conversation.add(Turn("Une heure à distance pour nos élus", ""))
    first = DROP + "1 h au plus"
    assert conversation.standalone(first) == "Une heure à distance pour nos élus"
    assert conversation.dropped(first) == ("1 h au plus",)
    conversation.add(Turn("Une heure à distance pour nos élus", "", dropped=conversation.dropped(first)))
    assert conversation.dropped(DROP + "à distance") == ("1 h au plus", "à distance")
    assert conversation.dropped("Et pour les agents ?") == ()


def test_going_back_takes_up_the_question_before_and_forgets_its_answer() -> None:
    conversation = Conversation()
    conversation.add(Turn("On ne sait pas quoi faire", "", 1))
    assert conversation.back(BACK) == BACK, "nothing stands before the first question"
    conversation.add(Turn("On ne sait pas quoi faire. Nous essayons", "", 2))
    assert conversation.back("autre chose") == "autre chose"
    assert conversation.back(BACK) == "On ne sait pas quoi faire"
    assert conversation.last is None


@pytest.mark.parametrize("text", ["Une heure à distance pour 12 élus, sans budget", "Seule, en une demi-journée", "Deux heures avec un outil d'animation"])
def test_each_criterion_shown_can_be_let_go_by_its_words(text: str) -> None:
    held = read(text)
    assert held.chips()
    for chip in held.chips():
        assert [words for _, words in held.without_said([chip[1]]).chips()] == [words for _, words in held.chips() if words != chip[1]]
    assert held.without_said([words for _, words in held.chips()]).chips() == ()
    assert held.without_said(["inconnu"]) == held


def test_going_back_from_the_answer_asks_again() -> None:
    conversation = Conversation()
    conversation.add(Turn("On ne sait pas quoi faire", "", 1))
    conversation.add(Turn("On ne sait pas quoi faire. Nous essayons", "World café"))
    assert conversation.back(BACK) == "On ne sait pas quoi faire"
    assert conversation.last is None
