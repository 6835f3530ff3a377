"""Quoting: sentences know their place, and a quotation is on a page or it is not."""

from __future__ import annotations

import itertools
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quoting import alike, page_of, passage_sentences
from corpus.documents import Page, Passage

WORD = st.text("abcdefghijklmnopqrsuvéèàç", min_size=2, max_size=9)
SENTENCE = st.lists(WORD, min_size=3, max_size=9).map(lambda words: " ".join(words).capitalize() + ".")
PAGES = st.lists(st.lists(SENTENCE, min_size=1, max_size=6), min_size=1, max_size=3)


def stored(texts: list[list[str]]) -> list[Page]:
    return [Page(number, "\n".join(" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2))) for number, sentences in enumerate(texts, 1)]


@given(PAGES, st.data())
def test_consecutive_sentences_of_a_page_are_found_on_it(texts: list[list[str]], data: st.DataObject) -> None:
    pages = stored(texts)
    page = data.draw(st.integers(0, len(texts) - 1))
    first = data.draw(st.integers(0, len(texts[page]) - 1))
    last = data.draw(st.integers(first, len(texts[page]) - 1))
    quote = " ".join(texts[page][first : last + 1])
    found = page_of(quote, pages)
    assert found is not None
    assert alike(quote) in alike(pages[found - 1].text)
    assert page_of(quote, [pages[page]]) == page + 1


@given(PAGES, st.data())
def test_typing_of_spaces_and_accents_makes_no_difference(texts: list[list[str]], data: st.DataObject) -> None:
    quote = data.draw(st.sampled_from(texts[0]))
    typed = unicodedata.normalize("NFD", quote).replace(" ", data.draw(st.sampled_from(["\u00a0", "  ", "\n", "\u202f", " \u200b"])))
    assert page_of(typed, stored(texts)) == 1


@given(PAGES, st.data())
def test_a_quotation_with_one_word_changed_is_nowhere(texts: list[list[str]], data: st.DataObject) -> None:
    words = data.draw(st.sampled_from([sentence for page in texts for sentence in page])).split()
    words[data.draw(st.integers(0, len(words) - 1))] = "watt"  # letters that no generated word holds
    assert page_of(" ".join(words), stored(texts)) is None


@given(PAGES)
def test_nothing_is_no_quotation(texts: list[list[str]]) -> None:
    assert page_of("", stored(texts)) is None
    assert page_of(" \n\u200b", stored(texts)) is None
    assert page_of(texts[0][0], []) is None


def test_case_and_accents_count() -> None:
    pages = [Page(3, "L'aide s'élève à 700 € par an.")]
    assert page_of("L'aide s'élève à 700 € par an.", pages) == 3
    assert page_of("l'aide s'élève à 700 € par an.", pages) is None
    assert page_of("L'aide s'eleve à 700 € par an.", pages) is None
    assert page_of("L'aide s'élève à 7000 € par an.", pages) is None


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_sentences_stand_in_order_where_they_say(text: str) -> None:
    found = passage_sentences(Passage("d", 0, 1, 1, "", "prose", text))
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@given(st.text(max_size=200))
def test_making_alike_twice_changes_nothing_more(text: str) -> None:
    assert alike(alike(text)) == alike(text)
