"""French text: what is normalised, folded, joined and cut, as properties that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.french import fold, join_lines, letters, normalise, sentences, shorten

ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("eéœ\u0301\u00ad\u200b\u202e\ufb01\n\r \u00a0'’-\u2010.!?«»")), max_size=80)


@given(ANY)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANY)
def test_a_normalised_text_can_be_stored_and_printed_and_hides_nothing(text: str) -> None:
    clean = normalise(text)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert not set(clean) & set("\u00ad\u061c\u200b\u202e\U000e0041\ufb01\u00a0\r\x00\ufffd")
    assert clean == clean.strip()
    assert "\n\n\n" not in clean


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Cœur", "coeur"),
        ("ÇA", "ca"),
        ("l’État", "l'etat"),
        ("nai\u0308f", "naif"),
        ("Île", "ile"),
        ("ﬁn", "fin"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
    ],
)
def test_folding_forgets_case_accents_and_ligatures(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(ANY)
def test_letters_are_the_same_whatever_the_typography(text: str) -> None:
    assert letters(normalise(text)) == letters(normalise(text).replace("'", "’").replace(" ", "\u00a0"))
    assert all(c.isalnum() for c in letters(text))


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("une démarche collec-\ntive", "une démarche collective"),
        ("une démarche collec\u2010\ntive", "une démarche collective"),
        ("la co-\nconstruction", "la co-construction"),
        ("Hauts-de-\nFrance", "Hauts-de-France"),
        ("peut-\nêtre", "peut-être"),
        ("trois\nlignes\nsans trait", "trois lignes sans trait"),
    ],
)
def test_words_cut_at_the_end_of_a_line_are_mended_and_compounds_kept(broken: str, joined: str) -> None:
    assert join_lines(broken) == joined


@given(ANY)
def test_sentences_are_the_text_and_nothing_else(text: str) -> None:
    clean = normalise(text)
    assert "".join("".join(sentences(clean)).split()) == "".join(clean.split())
    assert all(sentence.strip() for sentence in sentences(clean))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Une phrase. Une autre !", ["Une phrase.", "Une autre !"]),
        ("M. Durand et Mme. Petit viennent. On rit.", ["M. Durand et Mme. Petit viennent.", "On rit."]),
        ("Voir p. 12 du guide. Et après ?", ["Voir p. 12 du guide.", "Et après ?"]),
        ("Il dit « Oui. » Puis il part.", ["Il dit « Oui. »", "Puis il part."]),
        ("Le coût est de 3.5 euros. C'est peu.", ["Le coût est de 3.5 euros.", "C'est peu."]),
        ("J. Martin l'a dit… Écoutons.", ["J. Martin l'a dit…", "Écoutons."]),
        ("- un point\n- un autre", ["- un point", "- un autre"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


@given(ANY, st.integers(2, 60))
@example("0\u16800", 3)
def test_a_shortened_text_keeps_within_its_limit_and_begins_as_the_text(text: str, limit: int) -> None:
    short = shorten(normalise(text), limit)
    assert len(short) <= limit
    assert " ".join(normalise(text).split()).startswith(short.removesuffix("…").strip()) or not short
