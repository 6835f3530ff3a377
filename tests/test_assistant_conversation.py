"""Conversations: criteria let go one after the other, and going back to the question before."""

from __future__ import annotations

import pytest

from assistant.clarifying import BACK
from assistant.constraints import DROP, read
from assistant.conversation import Conversation, Turn, leans
from corpus.french import fold


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


TITLES = {"forum ouvert": "Forum ouvert", "world cafe": "World café", "cooperation": "Coopération", "economie circulaire": "Économie circulaire (EC)"}


def names(text: str) -> list[str]:
    return [title for name, title in TITLES.items() if name in fold(text)]


def after(*turns: tuple[str, str]) -> Conversation:
    conversation = Conversation()
    for question, subject in turns:
        conversation.add(Turn(question, subject))
    return conversation


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Ça dure combien ?", "Ça dure combien (Forum ouvert) ?"),
        ("et pour les élus ?", "pour les élus (Forum ouvert) ?"),
        ("Et après ?", "Et après (Forum ouvert) ?"),
        ("On peut le faire à distance ?", "On peut le faire à distance (Forum ouvert) ?"),
        ("Quel est son coût ?", "Quel est son coût (Forum ouvert) ?"),
        ("Comment je l'explique simplement en conseil ?", "Comment je l'explique simplement en conseil (Forum ouvert) ?"),
        ("un ex ?", "un exemple (Forum ouvert) ?"),
        ("Quelles sont les règles ?", "Quelles sont les règles (Forum ouvert) ?"),
        ("Qu'est-ce qu'on peut faire à la place ?", "Qu'est-ce qu'on peut faire à la place (Forum ouvert) ?"),
        ("Can you give an example?", "Can you give an example (Forum ouvert) ?"),
        ("and how long does it take?", "how long does it take (Forum ouvert) ?"),
        ("Kun je een voorbeeld geven van dit?", "Kun je een voorbeeld geven van dit (Forum ouvert) ?"),
    ],
)
def test_a_follow_up_gets_the_subject_of_the_turn_before(text: str, alone: str) -> None:
    conversation = after(("Comment animer un forum ouvert ?", "Forum ouvert"))
    assert conversation.standalone(text, names) == alone
    assert conversation.leaned(alone) == "Forum ouvert"
    assert Conversation().standalone(text, names) in (text, text.replace("ex ?", "exemple ?"))


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("et la coopération, c'est quoi ?", "et la coopération, c'est quoi ?"),
        ("Rien à voir : qui paie l'animateur ?", "qui paie l'animateur ?"),
        ("Quel outil pour convaincre des élus ?", "Quel outil pour convaincre des élus ?"),
        ("Et combien d'abonnés a l'Écopôle ?", "Et combien d'abonnés a l'Écopôle ?"),
        ("C'est quoi un livrable intermédiaire ?", "C'est quoi un livrable intermédiaire ?"),
        ("Et si les gens consomment encore plus après ?", "Et si les gens consomment encore plus après ?"),
        ("Revenons à la coopération : un exemple ?", "un exemple (coopération) ?"),
        ("Non, je voulais dire la coopération, comment la mesurer ?", "la coopération, comment la mesurer ?"),
    ],
)
def test_a_change_of_subject_is_left_to_itself(text: str, alone: str) -> None:
    conversation = after(("Comment animer un forum ouvert ?", "Forum ouvert"))
    assert conversation.standalone(text, names) == alone


@pytest.mark.parametrize("text", ["et le world café ?", "Non, plutôt le world café", "Non, je voulais dire le world café", "je parlais du world café"])
def test_another_name_alone_takes_the_place_of_the_one_before(text: str) -> None:
    conversation = after(("Combien dure un forum ouvert ?", "Forum ouvert"))
    assert conversation.standalone(text, names) == "Combien dure un World café ?"


def test_both_are_the_last_two_things_talked_about_and_one_is_set_against_the_one_before() -> None:
    conversation = after(("C'est quoi un forum ouvert ?", "Forum ouvert"), ("Et le world café ?", "World café"))
    assert conversation.standalone("Quelle différence entre les deux ?", names) == "Quelle différence entre les deux (Forum ouvert et World café) ?"
    assert conversation.standalone("Quelle différence avec l'économie circulaire ?", names) == "Quelle différence avec l'économie circulaire (World café) ?"
    assert after(("C'est quoi ?", "Forum ouvert")).standalone("Quelle différence entre les deux ?", names).endswith("(Forum ouvert) ?")


@pytest.mark.parametrize("text", ["Quelle est la durée d'un forum ouvert ?", "Quelle est la capitale de l'Australie ?"])
def test_a_full_question_leans_on_nothing(text: str) -> None:
    assert not leans(text)
