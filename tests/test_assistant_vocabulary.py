"""The controlled vocabulary: what people write leads to the toolbox's own term."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.vocabulary import load, spells
from corpus.demarche import STARTER
from corpus.errors import SettingsError
from corpus.french import fold
from corpus.words import stems

CONCEPTS = {path.stem for path in (STARTER / "fiches" / "concepts").glob("*.md")}


def names(text: str) -> set[str]:
    return {term.term for term in load().terms_in(text)}


def test_every_term_has_writings_and_leads_to_a_sheet_that_exists() -> None:
    terms = load().terms
    assert len(terms) > 50
    assert len({term.term for term in terms}) == len(terms)
    assert all(term.runs and all(term.runs) for term in terms)
    assert {term.sheet for term in terms if term.sheet} <= CONCEPTS


def test_a_term_is_found_under_each_of_its_writings() -> None:
    vocabulary = load()
    for term in vocabulary.terms:
        for writing in (term.term, *term.capitals):
            assert term in vocabulary.terms_in(f"Parlez-moi de {writing} chez nous")


def test_an_acronym_counts_only_in_capitals_and_as_a_word() -> None:
    full = "économie de la fonctionnalité et de la coopération"
    assert full in names("C'est quoi l'EFC ?")
    assert full not in names("un chef chez EFCO")
    assert full not in names("efchat")


def test_a_writing_inside_another_word_is_not_found() -> None:
    assert "sobriété" in names("et la sobriété ?")
    assert names("xsobriétéx") == set()


def test_expansion_adds_the_terms_own_words_and_never_what_is_there() -> None:
    added = load().expansion("C'est quoi l'EFC ?")
    assert set(stems("économie de la fonctionnalité")) <= set(added)
    assert load().expansion("Quel temps fait-il à Lille ?") == ()


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_expansion_is_short_and_new_whatever_the_text(text: str) -> None:
    added = load().expansion(text)
    assert len(added) <= 12
    assert not set(added) & set(stems(text))
    assert len(set(added)) == len(added)


@pytest.mark.parametrize("text", ["", "[[termes]]\nterme = 'a'", "termes = 3", "pas du toml"])
def test_a_file_of_another_form_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "vocabulaire.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"vocabulaire\.toml"):
        load(path)


def test_a_term_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "vocabulaire.toml"
    path.write_text("[[termes]]\nterme = 3\nvariantes = ['a']", "utf-8")
    with pytest.raises(SettingsError, match=r"vocabulaire\.toml"):
        load(path)


def test_an_acronym_is_written_out_by_words_that_spell_it_and_by_no_others() -> None:
    vocabulary = load()
    assert vocabulary.written_out("ddt") == "direction départementale des territoires"
    assert vocabulary.written_out("DDTM") == "direction départementale des territoires et de la mer"
    assert vocabulary.written_out("copil") == "comité de pilotage"
    for name in ("COEFP", "KPI", "PTCE", "usager", ""):  # only spaced out, in another language, explained by a sheet, no acronym, nothing
        assert vocabulary.written_out(name) == ""


@given(st.text(max_size=30), st.text(max_size=8))
def test_any_words_are_held_against_any_acronym(words: str, acronym: str) -> None:
    assert not spells(words, acronym) or all(letter in fold(words) for letter in fold(acronym) if letter in "abcdefghijklmnopqrstuvwxyz")
