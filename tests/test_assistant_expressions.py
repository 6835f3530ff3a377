"""Figurative expressions: each is found however it is conjugated, says something plain, and stands once."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.expressions import FILE, plain
from corpus.words import stems

ROWS = tomllib.loads(FILE.read_text("utf-8"))["expressions"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Le cadre est-il gravé dans le marbre ?", "définitif"),
        ("Chacun travaille dans son coin.", "silos"),
        ("Nos partenaires mettront-ils la main à la poche ?", "financer"),
        ("Faut-il que la commune mette la main à sa poche ?", "financer"),
    ],
)
def test_an_expression_is_found_in_any_form(text: str, word: str) -> None:
    assert word in plain(text)


@pytest.mark.parametrize("text", ["", "Combien coûte l'accompagnement ?", "Un plan de travail en marbre.", "Les poches du manteau."])
def test_plain_words_are_left_alone(text: str) -> None:
    assert plain(text) == ""


def test_the_longest_expression_wins_and_each_is_said_once() -> None:
    assert plain("mettre la main à la poche, encore mettre la main à la poche").count("financer") == 1


def test_every_writing_is_found_again_and_none_stands_twice() -> None:
    writings = [writing for row in ROWS for writing in row["dit"]]
    assert len(set(writings)) == len(writings) > 2000
    assert [writing for writing in writings if not plain(f"Est-ce que {writing} ?")] == []


def test_what_an_expression_means_has_words_to_search() -> None:
    assert [row["clair"] for row in ROWS if not stems(row["clair"])] == []


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(plain(text), str)
