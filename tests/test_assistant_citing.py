"""Citing: a number is given only to what stands on the page; a source says what must be known of it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citing import STARTER_NOTE, Citations
from assistant.quoting import alike
from corpus.documents import NO_PAGE, Document, Page, Passage

TODAY = datetime.date(2026, 1, 15)
PAGES = (
    Page(1, "Le poste est financé trois ans. L'aide s'élève à 24 000 euros par an."),
    Page(2, "Le comité se réunit deux fois par an à Lille."),
    Page(3, "Jalon : J0 | Date : 4 février"),
)
DOCUMENT = Document("guide.pdf", "Guide du financement", "document", "", "", ".pdf")
PASSAGE = Passage("guide.pdf", 0, 1, 1, "Aides › Montant", "prose", PAGES[0].text)


@pytest.fixture
def citations() -> Citations:
    return Citations(lambda _: PAGES, TODAY)


def test_a_quotation_on_its_page_gets_a_number_and_is_kept_with_its_place(citations: Citations) -> None:
    assert citations.cite(DOCUMENT, PASSAGE, "Le poste est financé trois ans.") == 1
    (kept,) = citations.all
    assert (kept.document, kept.title, kept.page, kept.section) == ("guide.pdf", "Guide du financement", 1, "Aides › Montant")
    assert (kept.quote, kept.passage) == ("Le poste est financé trois ans.", PASSAGE.text)


@pytest.mark.parametrize(
    "quote",
    [
        "Le poste est financé quatre ans.", "le poste est financé trois ans.", "L'aide s'élève à 24 000 euros par mois.", "", " ",
        "Le poste est financé trois ans. L'aide s'élève à 25 000 euros par an.", "Le comité se réunit deux fois par an à Lille.",
    ],
)  # fmt: skip
def test_a_quotation_not_on_the_pages_of_its_passage_gets_none(quote: str, citations: Citations) -> None:
    assert citations.cite(DOCUMENT, PASSAGE, quote) is None
    assert citations.all == ()


def test_a_passage_over_two_pages_is_cited_on_the_page_of_the_quotation(citations: Citations) -> None:
    over = Passage("guide.pdf", 0, 1, 2, "", "prose", f"{PAGES[0].text}\n{PAGES[1].text}")
    citations.cite(DOCUMENT, over, "Le comité se réunit deux fois par an à Lille.")
    assert citations.all[0].page == 2


def test_a_quotation_across_two_pages_stands_on_neither(citations: Citations) -> None:
    over = Passage("guide.pdf", 0, 1, 2, "", "prose", f"{PAGES[0].text}\n{PAGES[1].text}")
    assert citations.cite(DOCUMENT, over, over.text) is None


def test_a_text_that_goes_on_over_the_end_of_its_page_is_quoted_page_by_page(citations: Citations) -> None:
    over = Passage("guide.pdf", 0, 1, 2, "", "prose", f"{PAGES[0].text}\n{PAGES[1].text}")
    parts = citations.parts(DOCUMENT, over, over.text)
    assert parts == [PAGES[0].text, PAGES[1].text]
    assert [citations.cite(DOCUMENT, over, part) for part in parts] == [1, 2]
    assert [one.page for one in citations.all] == [1, 2]


def test_a_row_is_cited_by_its_cells(citations: Citations) -> None:
    assert citations.cite(DOCUMENT, Passage("guide.pdf", 2, 3, 3, "", "table", PAGES[2].text), PAGES[2].text) == 1
    assert citations.all[0].quote == "J0 | 4 février"


def test_numbers_follow_first_use_and_the_same_quotation_keeps_its_own(citations: Citations) -> None:
    quotes = ["Le poste est financé trois ans.", "L'aide s'élève à 24 000 euros par an.", "Le poste est financé trois ans."]
    assert [citations.cite(DOCUMENT, PASSAGE, quote) for quote in quotes] == [1, 2, 1]
    assert [one.number for one in citations.all] == [1, 2]


@given(st.text(max_size=60))
def test_whatever_is_cited_stands_on_the_page(quote: str) -> None:
    citations = Citations(lambda _: PAGES, TODAY)
    if citations.cite(DOCUMENT, PASSAGE, quote) is not None:
        assert alike(citations.all[0].quote) in alike(PAGES[0].text)


@pytest.mark.parametrize(
    ("known", "note"),
    [
        ({}, ""),
        ({"origin": "starter"}, STARTER_NOTE),
        ({"date": "2023-05"}, "daté de mai 2023"),
        ({"date": "2024-11-08", "valid_until": "2024-12-19"}, "daté du 8 novembre 2024, échu depuis le 19 décembre 2024"),
        ({"date": "2023-04"}, "daté d'avril 2023"),
        ({"valid_until": "2025-12-31"}, "échu depuis le 31 décembre 2025"),
        ({"valid_until": "2026-12-31"}, ""),
        ({"valid_until": TODAY.isoformat()}, ""),
        ({"origin": "starter", "valid_until": "2024-03-01"}, f"{STARTER_NOTE}, échu depuis le 1er mars 2024"),
    ],
)
def test_a_source_says_that_it_is_starter_content_or_out_of_date(known: dict[str, str], note: str, citations: Citations) -> None:
    document = Document("guide.pdf", "Guide du financement", "document", "", "", ".pdf", **known)  # type: ignore[arg-type]
    citations.cite(document, PASSAGE, "Le poste est financé trois ans.")
    assert citations.all[0].note == citations.note(document) == note
    assert citations.all[0].starter is ("origin" in known)
    assert note in citations.place(1)


def test_the_place_names_title_page_and_section_in_words(citations: Citations) -> None:
    citations.cite(DOCUMENT, PASSAGE, "Le poste est financé trois ans.")
    assert citations.place(1) == "*Guide du financement*, page 1, « Montant »"


def test_a_format_without_pages_names_none_and_shows_null() -> None:
    citations = Citations(lambda _: [Page(NO_PAGE, PAGES[0].text)], TODAY)
    citations.cite(DOCUMENT, Passage("guide.pdf", 0, NO_PAGE, NO_PAGE, "", "prose", PAGES[0].text), "Le poste est financé trois ans.")
    assert "page" not in citations.place(1)
    assert citations.all[0].to_dict()["page"] is None
