"""Composing: the first line answers, every quotation is cited, and a document's own signs never come alive."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.citing import Citations
from assistant.composing import LONG, SHORT, Composer, block_quote
from assistant.escaping import escape
from assistant.quoting import passage_sentences
from assistant.retrieval import Candidate
from assistant.selecting import Scored
from assistant.understanding import Understood
from corpus.documents import Document, Page, Passage

TODAY = datetime.date(2026, 1, 15)
LIVE = {"html_inline", "html_block", "image", "link_open", "code_inline", "fence", "code_block", "strong_open"}


def understood(text: str, wants: str = "") -> Understood:
    return Understood(text, text, (), (), "fr", wants, (), (), False, False, False, False, False, False)  # type: ignore[arg-type]


def scored(text: str, name: str = "guide.pdf", title: str = "", kind: str = "prose", sentence: int = 0, score: float = 1.0) -> Scored:
    document = Document(name, title or f"Titre de {name}", "document", "", "", ".pdf")
    passage = Passage(name, 0, 1, 1, "Aides", kind, text)  # type: ignore[arg-type]
    candidate = Candidate(f"{name}:0", passage, document, score, 0.0, 0.0, {})
    return Scored(candidate, passage_sentences(passage)[sentence], score, 0.0, 0.0, False, {})


def composer(found: Sequence[Scored], text: str = "Quelle aide ?", wants: str = "") -> Composer:
    pages = {one.candidate.document.id: [Page(1, one.candidate.passage.text)] for one in found}
    return Composer(understood(text, wants), Citations(lambda name: pages[name], TODAY))


def live(markdown: str) -> set[str]:
    """The kinds of living things in a rendered text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return {child.type for token in tokens for child in [token, *(token.children or [])]} & LIVE


def test_the_first_line_of_a_fact_is_the_sentence_that_answers_with_its_number() -> None:
    one = scored("L'aide s'élève à 700 € par an. Elle se demande en mars.")
    made = composer([one])
    first = made.fact([one]).answer.split("\n")[0]
    assert "L'aide s'élève à 700 € par an." in first
    assert first.endswith("[1]")
    assert "page 1" in made.fact([one]).answer


def test_a_sentence_over_the_end_of_its_page_is_quoted_as_one() -> None:
    document = Document("guide.pdf", "Guide", "document", "", "", ".pdf")
    passage = Passage("guide.pdf", 0, 1, 2, "Aides", "prose", "Le poste de chargé de mission est aidé par l'Agence pendant une durée de trois ans au plus.")
    pages = [Page(1, "Le poste de chargé de mission est aidé par l'Agence"), Page(2, "pendant une durée de trois ans au plus.")]
    made = Composer(understood("Quelle aide ?"), Citations(lambda _: pages, TODAY))
    assert made.passage(document, passage, passage.text) == (
        "« Le poste de chargé de mission est aidé par l'Agence [1] pendant une durée de trois ans au plus. » [2]",
        1,
    )
    assert [citation.page for citation in made.citations.all] == [1, 2]


def test_the_fact_asked_for_is_in_bold() -> None:
    one = scored("L'aide s'élève à 700 € par an.")
    assert "**700 €**" in composer([one], wants="amount").fact([one]).answer
    assert "**" not in composer([one], wants="amount").quote(one, 300, answers=False)[0], "what only comes near holds no fact asked for"


def test_a_sentence_that_is_not_on_its_page_is_not_shown() -> None:
    one = scored("L'aide s'élève à 700 € par an.")
    made = Composer(understood("Quelle aide ?"), Citations(lambda _: [Page(1, "Tout autre chose.")], TODAY))
    assert made.fact([one]).answer == ""
    assert made.quote(one, 300) == ("", None)
    assert made.citations.all == ()


def test_a_fact_stays_short_and_keeps_the_rest_for_more() -> None:
    one = scored(" ".join(f"La phrase numéro {number} dit encore quelque chose de l'aide." for number in range(60)))
    draft = composer([one]).fact([one])
    assert len(draft.answer) <= SHORT
    assert "La phrase numéro 59" in draft.more


def test_each_part_of_a_question_gets_its_sentence_in_the_order_asked() -> None:
    person, place = scored("Son téléphone est le 03 20 00 00 00.", "annuaire.pdf"), scored("Le comité se réunit à Lille.", "guide.pdf")
    draft = composer([person, place]).several([person, place])
    assert draft.answer.index("03 20 00 00 00. » [1]") < draft.answer.index("à Lille. » [2]")
    assert len(draft.answer) <= SHORT


def test_one_sentence_that_answers_two_parts_is_shown_once() -> None:
    one = scored("L'aide s'élève à 700 € par an, et l'État la paie.")
    assert composer([one]).several([one, one]).answer.count("700 €") == 1


def test_a_list_is_shown_with_its_lead_in_one_line_an_item() -> None:
    one = scored("Le dossier contient :\nUne lettre signée\nUn budget\nUn calendrier", kind="list")
    draft = composer([one]).listing([one], [[one.candidate.passage]])
    assert draft.answer.startswith("Le dossier contient :\n\n- Une lettre signée\n- Un budget\n- Un calendrier [1]")
    assert len(draft.answer) <= LONG


def test_a_numbered_list_keeps_its_numbers_after_its_lead_in() -> None:
    text = "La séance a deux temps.\n1. Nommer les acteurs\n2. Dessiner les liens"
    assert block_quote(text, Passage("d", 0, 1, 1, "", "list", text)) == "La séance a deux temps.\n\n1. Nommer les acteurs\n2. Dessiner les liens"


def test_two_sources_are_compared_in_a_table_of_two_columns() -> None:
    two = [scored("La note | tranche : oui.", "note.pdf", "Note d'opportunité"), scored("Le cadrage fixe les dates.", "cadrage.pdf", "Note | cadrage")]
    made = composer(two)
    lines = made.comparison([(one.candidate.document.title, one) for one in two]).answer.split("\n")
    assert lines[0] == "| Note d'opportunité | Note / cadrage |"
    assert lines[1] == "| --- | --- |"
    assert lines[2].count("|") == 3
    assert "[1]" in lines[2]
    assert "[2]" in lines[2]
    assert [one.document for one in made.citations.all] == ["note.pdf", "cadrage.pdf"]


def test_one_side_alone_is_no_comparison() -> None:
    one = scored("La note tranche.")
    assert composer([one]).comparison([("Note", one)]).answer == ""


SIGNS = st.text("ab<>/!*`[]()#=\"' \n-_", max_size=40)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![suivi](https://exemple.org/pixel.png)", "[cliquez](javascript:alert(1))",
        "**gras**", "`code`", "<https://exemple.org>", "<!-- caché -->", "a <b>b</b> [1]: http://exemple.org",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["prose", "list", "field"])
def test_the_signs_of_a_document_are_shown_not_obeyed(text: str, kind: str) -> None:
    for whole in (text, f"Voici :\n{text}\nautre", f"{text}\n{text}"):
        quoted = block_quote(whole, Passage("d", 0, 1, 1, "", kind, whole))  # type: ignore[arg-type]
        assert not live(quoted), quoted


def test_the_signs_of_a_table_are_shown_not_obeyed() -> None:
    text = "<b>Jalon</b> : <script>1</script> | ![Date](http://x.fr/p) : [mars](http://x.fr)\n<b>Jalon</b> : ** | ![Date](http://x.fr/p) : `mai`"
    assert not live(block_quote(text, Passage("d", 0, 1, 1, "", "table", text)))


@given(SIGNS)
def test_a_line_of_any_signs_stays_text(text: str) -> None:
    line = text.replace("\n", " ")
    assert not live(f"« {escape(line)} »")


@pytest.mark.parametrize("text", [r"\<script>alert(1)</script>", r"\[cliquez](http://exemple.org)", r"\`code`", r"\![p](http://exemple.org/p.png)"])
def test_a_backslash_of_the_document_does_not_undo_the_escape(text: str) -> None:
    assert not live(f"« {escape(text)} »")


@pytest.mark.parametrize("title", ["<img src=http://exemple.org/p.png>", "Guide <script>alert(1)</script>", "Guide `x`", "<https://exemple.org>"])
def test_a_title_is_text_too(title: str) -> None:
    one = scored("L'aide s'élève à 700 € par an.", title=title)
    assert not live(composer([one]).fact([one]).answer.replace("**", ""))
