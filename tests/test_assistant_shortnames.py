"""Short names: a tool that failed, one just done, or two to choose between, called as people call them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistant import shortnames
from assistant.knowledge import Knowledge
from assistant.understanding import understand
from assistant.vocabulary import Vocabulary
from corpus.demarche import Demarche
from corpus.documents import Document

TITLES = {
    "visite": "Visite apprenante (une demi-journée sur site)",
    "arbre": "Arbre à problèmes et à objectifs",
    "vie": "Arbre de vie d'un projet",
    "retro": "Rétrospective d'équipe",
    "quiz": "Quiz « idées reçues »",
    "info": "Infographie « du volume à l'usage »",
    "canevas": "Canevas de solution intégrée",
    "jeu1": "Jeu de rôle « le bureau »",
    "jeu2": "Jeu de cartes « l'usage caché »",
    "jeu3": "Jeu de l'oie coopératif",
    "charte1": "Charte de coopération",
    "charte2": "Charte d'engagement",
    "photo": "Photolangage",
}


@dataclass
class Sheet:
    id: str
    title: str
    type: str = "outil"
    sheet: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="module")
def knowledge(demarche: Demarche) -> Knowledge:
    documents: dict[str, Document] = {key: Sheet(key, title) for key, title in TITLES.items()}  # type: ignore[misc]
    return Knowledge("1", demarche, documents, {}, 100, {})


@pytest.mark.parametrize(
    ("told", "tools"),
    [
        ("La visite prévue tombe à l'eau.", ["visite"]),
        ("L'arbre à problèmes n'a rien donné", ["arbre"]),
        ("Notre rétro tourne en rond", ["retro"]),
        ("Le quiz a vexé un adjoint. Plus doux ?", ["quiz"]),
        ("La charte dort dans un tiroir", ["charte1", "charte2"]),
        ("Pas le quiz, ils en ont assez", ["quiz"]),
        ("Plutôt que le quiz, une visite ?", ["quiz"]),
        ("Le photolangage n'a pas marché", ["photo"]),
        ("Le canevas de startup ne marche pas", []),
        ("Le jeu n'a rien donné", []),
        ("On a aimé la visite", []),
        ("Rien ne marche chez nous", []),
        ("", []),
    ],
)
def test_the_tool_that_failed_is_found_by_its_short_name(told: str, tools: list[str], knowledge: Knowledge) -> None:
    assert shortnames.failed(understand(told, told, knowledge, Vocabulary(())), knowledge) == tools


@pytest.mark.parametrize(
    ("told", "tools"),
    [
        ("Quiz ou infographie pour le hall ?", ["quiz", "info"]),
        ("Photos ou jeu de rôle avec des jeunes ?", ["photo", "jeu1"]),
        ("Une visite ou rien", []),
        ("Quiz, quoi", []),
        ("Oui ou non ?", []),
    ],
)
def test_two_tools_to_choose_between_need_a_name_on_either_side(told: str, tools: list[str], knowledge: Knowledge) -> None:
    assert shortnames.compared(understand(told, told, knowledge, Vocabulary(())), knowledge) == tools


@pytest.mark.parametrize(("told", "tools"), [("La visite est faite. Et ensuite ?", ["visite"]), ("La visite est faite.", []), ("Et ensuite ?", [])])
def test_a_tool_just_done_is_known_only_where_what_follows_is_asked(told: str, tools: list[str], knowledge: Knowledge) -> None:
    assert shortnames.done(understand(told, told, knowledge, Vocabulary(())), knowledge) == tools
