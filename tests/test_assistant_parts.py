"""Questions in several parts: each is found where it stands, and nothing of the question is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import MOST, parts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Qui paie l'équipe d'experts, et pour combien ?", 2),
        ("Le prestataire doit-il tout prévoir ? Comment le calendrier est-il calé ?", 2),
        ("Quels rapports faut-il envoyer, et à quelles échéances ?", 2),
        ("Combien ça coûte, qui paie, et à quelle date ?", 2),  # « qui » after a comma may open a relative clause
        ("Chaque année, combien de dossiers sont retenus ?", 1),
        ("Le kit et l'accompagnement s'adressent-ils aux mêmes personnes ?", 1),
        ("Un agent, qui débute, demande quoi lire.", 1),
        ("", 1),
    ],
)
def test_a_question_is_cut_where_it_asks_again(text: str, number: int) -> None:
    assert len(parts(text)) == number


@given(
    st.lists(st.sampled_from(["qui", "et", "paie", ",", "?", "comment", "l'aide", "combien", "peut-on", "Lille", "à quelle date"]), max_size=25).map(" ".join)
)
def test_the_parts_are_the_question(text: str) -> None:
    found = parts(text)
    assert "".join(text[start:end] for start, end in found) == text
    assert 1 <= len(found) <= MOST
