"""The typesetter: real PDFs, re-read; any text compiles, and none of it becomes markup."""

from __future__ import annotations

import datetime
import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from corpus.french import normalise
from corpus.typeset_documents import DOCUMENTS, LOOKS, typeset
from corpus.typesetting import Layout, literal, to_pdf, to_typst

SAMPLE = """## Pourquoi coopérer ?

La commune d'Œuvreville dit : « on **avance** *ensemble* », à 12 % près. Voir [la page](https://exemple.fr/a?b=1).

- un premier point :
  1. d'abord
  2. ensuite
- un second point

> Une citation.

| Étape | Ce que l'on tient |
|---|---|
| E1 | une note d'opportunité d'une page |
| E2 | une lettre de mission signée |

<!-- saut de page -->

### Les mots

**Usage.** Ce que la personne fait vraiment.

**Valeur.** Ce qui compte pour elle.

## Fin

Dernière page.
"""


def reread(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return normalise("\n".join(page.extract_text() for page in reread(pdf).pages))


def sample(**more: object) -> bytes:
    given = {"title": "Guide d'essai", "subtitle": "Pour voir", "author": "Équipe d'essai", "date": "2026-11-01", "two_columns_sections": ["Les mots"]}
    return to_pdf(SAMPLE, **{**given, **more})  # type: ignore[arg-type]


def test_text_comes_back_with_accents_guillemets_lists_and_tables() -> None:
    text = text_of(sample())
    for piece in (
        "d’Œuvreville dit : « on avance ensemble », à 12 % près.", "1. d’abord", "• un second point", "Une citation.", "E2 une lettre de mission signée",
    ):  # fmt: skip
        assert piece in text
    assert "Usage. Ce que la personne fait vraiment." in text
    assert "**" not in text
    assert "saut de page" not in text


def test_no_break_spaces_stand_before_high_signs_and_inside_guillemets() -> None:
    page = reread(sample()).pages[0].extract_text()
    assert "«\u00a0on" in page
    assert "coopérer\u00a0?" in page


def test_pages_are_numbered_with_their_total_and_the_title_runs_from_page_two() -> None:
    pages = [page.extract_text() for page in reread(sample()).pages]
    assert len(pages) == 2
    assert "1 / 2" in pages[0]
    assert "2 / 2" in pages[1]
    assert pages[1].startswith("Guide d’essai")


def test_title_author_and_date_are_in_the_metadata() -> None:
    about = reread(sample()).metadata
    assert about is not None
    assert about.title == "Guide d’essai"
    assert about.author == "Équipe d’essai"
    assert about.creation_date == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    assert "1er novembre 2026" in text_of(sample())


def test_the_language_is_french() -> None:
    assert reread(sample()).trailer["/Root"]["/Lang"] in ("fr", "fr-FR")


def test_layout_adds_numbers_contents_and_a_notice_on_every_page() -> None:
    pdf = sample(layout=Layout(numbered=True, contents=True, notice="contenu de démarrage, à valider"))
    pages = [page.extract_text() for page in reread(pdf).pages]
    assert "Sommaire" in pages[0]
    assert "2 Fin" in normalise(pages[0])
    assert all("contenu de démarrage, à valider" in page for page in pages)
    assert ". . ." not in pages[0]


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert sample() == sample()
    assert to_pdf("Sans date.", title="T") == to_pdf("Sans date.", title="T")


def test_a_date_in_words_is_shown_as_it_is() -> None:
    assert "automne 2026" in text_of(to_pdf("x", title="T", date="automne 2026"))


@pytest.mark.parametrize("depth", [1, 3])
def test_the_shallowest_heading_is_level_one(depth: int) -> None:
    assert "#heading(level: 1)" in to_typst(f"{'#' * depth} Un\n\n{'#' * (depth + 1)} Deux", title="T")


HOSTILE = [
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd")',
    '"; #panic("non") //',
    "\\",
    '\\"',
    "$ 1/0 $ @label <label> = Titre",
    "]]] ))) }}} #[ #( #{",
    "`` ` ```",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1)) ![y](file:///etc/passwd)",
    "| a | b |\n|---|---|\n| ]) #panic() |",
    "> " * 400 + "fond",
    "- " * 400 + "fond",
    "*" * 900 + "a" + "*" * 900,
    "[" * 500 + "a" + "](b)" * 500,
    "1. a\n\n   <!-- saut de page -->\n\n999999999. b",
    "e\u0301\u202e\u200b\ud800\x00\x1b\u2028",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_shown(text: str) -> None:
    assert reread(to_pdf(text, title=text, subtitle=text, author=text, date=text, layout=Layout(True, True, text))).pages


def test_markup_of_the_typesetter_is_shown_letter_for_letter() -> None:
    assert '#read("/etc/passwd") $x$ @label' in text_of(to_pdf('#read("/etc/passwd") $x$ @label', title="T"))


def test_only_web_and_mail_links_become_links() -> None:
    source = to_typst("[a](javascript:x) [b](file:///c) [d](https://e.fr) [f](mailto:g@h.fr)", title="T")
    assert re.findall(r'link\("([^"]*)"', source) == ["https://e.fr", "mailto:g@h.fr"]


@given(st.text())
def test_a_literal_closes_only_at_its_end(text: str) -> None:
    inside = literal(text)[1:-1]
    assert not re.search(r'(?<!\\)(?:\\\\)*"', inside)
    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", inside)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in inside)


SIGNS = ["# ", "- ", "1. ", "> ", "| a | b |\n|---|---|\n", "**", "*", "`", "\n", "\n\n", "    ", "[", "](", ")", "<!--", "-->", '"', "\\", "#"]
MARKDOWN = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(SIGNS)), max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(MARKDOWN, st.text(max_size=40))
def test_any_markdown_compiles(markdown: str, title: str) -> None:
    assert to_pdf(markdown, title=title, author=title, date=title, two_columns_sections=[title, "a"]).startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('abcéœ#$\\"[](){}@;=+/~'), min_size=1, max_size=40))
def test_text_is_never_markup(text: str) -> None:
    shown = text_of(to_pdf(f"```\n{text}\n```", title="T"))
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", shown)


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_starter_document_is_what_its_source_gives(name: str) -> None:
    written = (DOCUMENTS / f"{name}.pdf").read_bytes()
    assert written == typeset(name), "lancez : python -m corpus.typeset_documents"
    pages = [normalise(page.extract_text()) for page in reread(written).pages]
    assert 8 <= len(pages) <= 20
    assert all("ontenu de démarrage, à valider par le Cerdd" in page for page in pages)
