"""Asking back, over the starter corpus with the real model: what is vague is asked back, what is told is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import clarifying
from assistant.ask import Assistant
from assistant.conversation import Conversation
from corpus.demarche import Demarche
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
from ingest import starter
from ingest.pipeline import Pipeline

VAGUE = (
    "On voudrait un outil.",
    "Bonjour, vous pouvez nous aider pour notre territoire ?",
    "Ça n'avance pas.",
    "Il nous faudrait de l'animation.",
    "Je cherche un truc participatif",
    "Mes élus attendent quelque chose de moi.",
    "Nous sommes une communauté de communes de 18 communes.",
    "Un atelier pour la semaine prochaine, ça existe ?",
    "On a un souci avec la démarche.",
    "outil",
    "Et maintenant ?",
    "Vous auriez une méthode à me proposer ?",
    "Je ne sais pas par quoi commencer.",
    "On patine un peu en ce moment.",
    "Nous aimerions être accompagnés.",
)
TOLD = (
    "Quinze personnes, deux heures : les faire parler",
    "Étape 4, on voudrait un outil",
    "Comment animer un world café ?",
    "C'est quoi l'EFC ?",
    "On a une idée de tiers-lieu, on en est au brainstorming. L'accompagnement aux récits est-il pour nous ?",
    "Loos-en-Gohelle méthode",
    "La boîte à outils, on l'applique telle quelle dans toutes les communes ?",
    "What's the weather going to be like in Dunkirk on Friday?",
    "Nos voisins de la vallée partagent une épicerie ambulante et personne ne sait qui la répare.",
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche) -> Iterator[Assistant]:
    settings = Settings(data=tmp_path_factory.mktemp("vague") / "data")
    with Library(settings, open_embedder(settings), writing=True) as library:
        list(starter.fill(Pipeline(library, settings, demarche)))
        yield Assistant(library, settings, demarche)


@pytest.mark.parametrize("told", VAGUE)
def test_what_is_vague_is_asked_back_with_answers_to_click(told: str, assistant: Assistant) -> None:
    answer = assistant.ask(told)
    assert answer.needs_clarification
    assert answer.choices[-1] == clarifying.SKIP
    assert 4 <= len(answer.choices) <= 5


@pytest.mark.parametrize("told", TOLD)
def test_what_is_told_is_not_asked_back(told: str, assistant: Assistant) -> None:
    assert not assistant.ask(told).needs_clarification


@pytest.mark.parametrize(("place", "steps"), [(0, {"E1"}), (1, {"E2", "E3"}), (2, {"E4", "E5"}), (3, {"E6", "E7", "E8"})])
def test_the_answer_clicked_leads_to_its_steps_and_their_tools(place: int, steps: set[str], assistant: Assistant) -> None:
    conversation = Conversation()
    asked = assistant.ask("On voudrait un outil.", conversation)
    second = assistant.ask(asked.choices[place], conversation)
    assert second.needs_clarification
    answer = assistant.ask(second.choices[1], conversation)
    assert not answer.needs_clarification
    assert answer.steps
    assert set(answer.steps) <= steps
    assert all(set(tool.steps) & steps for tool in answer.tools)


def test_every_question_can_be_passed_over_and_there_are_four_at_most(assistant: Assistant) -> None:
    conversation = Conversation()
    answer = assistant.ask("On voudrait un outil.", conversation)
    shown = []
    while answer.needs_clarification:
        shown.append(answer.answer)
        answer = assistant.ask(clarifying.SKIP, conversation)
    assert len(shown) == len(set(shown)) == clarifying.rounds() == 4
    assert answer.tools
