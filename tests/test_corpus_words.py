"""Words for full-text search: what people type finds what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.french import fold
from corpus.words import STOP_WORDS, stem, stems, tokens

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœæ", min_size=1, max_size=20)


@given(WORDS)
def test_forgotten_accents_and_capitals_do_not_change_a_stem(word: str) -> None:
    assert stem(word) == stem(fold(word)) == stem(word.upper())


@given(st.text(max_size=100))
def test_any_text_has_stems_that_are_folded_words(text: str) -> None:
    for found in stems(text):
        assert found
        assert found == fold(found)
        assert not any(c.isspace() or c in "\"'*():-" for c in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("coopération", "coopérations"), ("usages", "usage"), ("évaluer", "évalue"), ("territoriale", "territorial"), ("élues", "elue"), ("Œuvre", "oeuvre")],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("usage", "usine"), ("enjeu", "jeu"), ("2024", "2025"), ("E3", "E4"), ("commun", "commerce")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'élu d’Arras n'a qu'une idée", ["élu", "Arras", "a", "une", "idée"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("24 000 €, soit 3.5 %", ["24", "000", "soit", "3.5"]),
        ("éco-conception (EFC)", ["éco", "conception", "EFC"]),
    ],
)
def test_tokens_leave_out_elided_articles_and_signs(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_a_question_keeps_only_its_content_words() -> None:
    assert stems("Qu'est-ce que c'est que la performance d'usage ?") == [stem("performance"), stem("usage")]


def test_stop_words_are_folded_as_they_are_compared() -> None:
    assert {word for word in STOP_WORDS if fold(word) != word} <= {"là", "où"}  # written both ways
