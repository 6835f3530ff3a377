"""A measurement from end to end on a tiny store: systems, figures, comparison, report, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from corpus.demarche import Demarche
from corpus.embedding import HashingEmbedder
from corpus.errors import EmptyStore, NotFound, UsageError
from corpus.library import Entry, Library
from corpus.settings import Settings
from eval import result
from eval.gold import DocumentCase
from eval.report import page
from eval.result import Failure, Result
from eval.run import Fidelity, run
from eval.systems import names, open_system
from ingest.pipeline import Pipeline

MONTHS = "La mission dure douze mois à compter de la notification du marché."
PRICE = "Le poste est soutenu à hauteur de 24 000 euros par an, versés en deux fois."


def row(name: str, question: str, evidence: str, must: str) -> dict[str, Any]:
    return {"id": name, "question": question, "kind": "factual", "doc": ["guide"], "evidence": [evidence], "must_contain": [[must]], "answer": evidence}


ROWS = [
    row("q1", "Combien de mois dure la mission ?", MONTHS, "douze mois"),
    row("q2", "À quelle hauteur le poste est-il soutenu par an ?", PRICE, "24 000"),
    {"id": "q3", "question": "Qui a gagné <b>le tournoi</b> ?", "kind": "unanswerable", "doc": [], "evidence": [], "must_contain": []},
]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("eval") / "data", model="hachage")


@pytest.fixture(scope="module")
def filled(
    given: Settings, tmp_path_factory: pytest.TempPathFactory, pdf: Callable[..., bytes], sheet: Callable[..., str], demarche: Demarche
) -> Iterator[Library]:
    """One PDF of two pages, one sheet and one plain text."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "guide.pdf").write_bytes(pdf("Le guide", MONTHS, PRICE))
    (folder / "forum.md").write_text(sheet("forum"), "utf-8")
    (folder / "note.txt").write_text("Une note sur les jardins partagés du quartier, écrite au printemps.\n", "utf-8")
    with Library(given, HashingEmbedder(), writing=True) as library:
        assert not Pipeline(library, given, demarche).run([folder]).refused
        yield library


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), "utf-8")
    return path


def test_a_measurement_holds_figures_kinds_times_and_failures(filled: Library, given: Settings, gold: Path) -> None:
    found = run(filled, given, "documents", gold)
    assert (found.cases, found.measures["hit@5"].value, found.measures["quotes_verbatim"].value) == (3, 1.0, 1.0)
    assert set(found.by_kind) == {"factual", "unanswerable"}
    assert set(found.latency) == {"p50", "p95"}
    json.dumps(found.to_dict())
    text = "\n".join(found.lines())
    assert "Système « bao », tâche « documents »" in text
    assert f"Questions manquées : {len(found.failures)}." in text


def test_the_failures_say_what_was_expected_said_and_retrieved(filled: Library, given: Settings, gold: Path) -> None:
    """The rival never abstains, so the third question is missed."""
    missed = {failure.id: failure for failure in run(filled, given, "documents", gold, "tutoriel").failures}
    assert missed["q3"].expected == "Une abstention : le corpus ne répond pas."
    assert missed["q3"].said
    assert 1 <= len(missed["q3"].retrieved) <= 5


@pytest.mark.parametrize("system", names())
def test_every_system_answers_by_the_contract(system: str, filled: Library, given: Settings) -> None:
    case = DocumentCase("q1", "Combien de mois dure la mission ?", "factual", ("guide",), (MONTHS,), (("douze mois",),))
    with open_system(system, filled, given) as opened:
        answer = opened.answer(case)
    with open_system("bao", filled, given) as ours:
        assert set(answer) == set(ours.answer(case))
    assert answer["id"] == "q1"
    assert answer["passages"]
    assert all(set(passage) == {"document", "page", "text", "score"} for passage in answer["passages"])


def test_one_leg_alone_orders_passages_by_that_leg(filled: Library, given: Settings) -> None:
    case = DocumentCase("q1", MONTHS, "factual", ("guide",), (MONTHS,), (("douze mois",),))
    with open_system("dense", filled, given) as dense:
        passages = dense.answer(case)["passages"]
    assert passages[0]["document"] == "guide.pdf"
    assert [p["score"] for p in passages] == sorted((p["score"] for p in passages), reverse=True)


def test_the_rival_answers_with_its_first_chunk_and_cites_its_page(filled: Library, given: Settings) -> None:
    case = DocumentCase("q2", PRICE, "factual", ("guide",), (PRICE,), (("24 000",),))
    with open_system("tutoriel", filled, given) as rival:
        answer = rival.answer(case)
        sheet = rival.answer(DocumentCase("q", "La fiche forum, objectifs : le groupe avance pas à pas", "x", (), (), ()))
    assert (answer["citations"][0]["document"], answer["citations"][0]["page"], answer["abstained"]) == ("guide.pdf", 2, False)
    assert answer["answer"] == answer["citations"][0]["quote"] == answer["passages"][0]["text"]
    assert "24 000 euros" in answer["answer"]
    assert [tool["id"] for tool in sheet["tools"]] == ["forum"]


def test_the_rival_leaves_nothing_behind(filled: Library, given: Settings) -> None:
    with open_system("tutoriel", filled, given) as rival:
        folder = Path(rival._folder.name)  # type: ignore[attr-defined]
        assert folder.is_dir()
    assert not folder.exists()


def test_a_comparison_says_whether_the_difference_is_real(filled: Library, given: Settings, gold: Path) -> None:
    found = run(filled, given, "documents", gold, "bao", "tutoriel")
    assert found.comparison is not None
    assert found.comparison.system == "tutoriel"
    assert "« bao » comparé à « tutoriel » (bootstrap apparié, 95 %) :" in "\n".join(found.lines())
    same = run(filled, given, "documents", gold, "bao", "bao").comparison
    assert same is not None
    assert (same.won, same.lost, any(difference.real for difference in same.differences.values())) == ((), (), False)


def test_a_quotation_is_looked_for_on_the_page_it_names(filled: Library) -> None:
    fidelity = Fidelity(filled)

    def cited(quote: str, page: int | None) -> dict[str, Any]:
        return fidelity.tallies({"citations": [{"document": "guide.pdf", "quote": quote, "page": page}]})

    assert cited(MONTHS, 1) == {"quotes_verbatim": (1, 1), "pages_right": (1, 1)}
    assert cited(PRICE, 1)["pages_right"] == (1, 1), "a quotation may run on to the next page"
    assert cited(MONTHS, 2) == {"quotes_verbatim": (1, 1), "pages_right": (0, 1)}
    assert cited("La mission dure treize mois.", 1) == {"quotes_verbatim": (0, 1), "pages_right": (0, 1)}
    assert cited(" ", 1) == {"quotes_verbatim": (0, 0), "pages_right": (0, 0)}


def test_a_row_may_be_quoted_without_the_titles_of_its_columns(library: Callable[..., Library], entry: Callable[..., Entry], tmp_path: Path) -> None:
    one = library()
    original = tmp_path / "calendrier.txt"
    original.write_text("", "utf-8")
    one.add(entry("calendrier.pdf", "Séance : J1 | Date : 27 février"), original)
    for quote in ("J1 | 27 février", "Séance : J1 | Date : 27 février"):
        assert Fidelity(one).tallies({"citations": [{"document": "calendrier.pdf", "quote": quote, "page": 1}]})["pages_right"] == (1, 1)


# The report


class Outline(HTMLParser):
    """The elements of a page, its text, and whether every element that must be closed was."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.elements, self.open = "", [], []  # type: ignore[var-annotated]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_stands_alone_and_shows_the_failures(filled: Library, given: Settings, gold: Path, tmp_path: Path) -> None:
    path = tmp_path / "rapport.html"
    found = run(filled, given, "documents", gold, "tutoriel", "bao", path)
    outline = Outline(path.read_text("utf-8"))
    assert outline.open == []
    assert [attrs["id"] for tag, attrs in outline.elements if tag == "details"] == [failure.id for failure in found.failures]
    assert "Qui a gagné <b>le tournoi</b> ?" in outline.text
    assert "Comparaison" in outline.text
    images = [attrs for tag, attrs in outline.elements if tag == "img"]
    assert len(images) == 3
    assert all(attrs["alt"] and attrs["src"].startswith("data:image/svg+xml;base64,") for attrs in images)
    assert not [attrs for tag, attrs in outline.elements if tag in {"script", "link", "iframe"} or "href" in attrs]


def test_no_text_of_a_question_or_a_passage_is_live_in_the_report() -> None:
    evil = '<script>alert("x")</script><img src=x onerror=y>'
    failure = Failure(evil, evil, evil, evil, evil, False, (evil,))
    outline = Outline(page(Result("documents", evil, evil, evil, 1, {}, {}, {}, (failure,))))
    assert "script" not in {tag for tag, _ in outline.elements}
    assert all("onerror" not in attrs for _, attrs in outline.elements)
    assert outline.text.count(evil) >= 6


def test_the_same_result_makes_the_same_page(filled: Library, given: Settings, gold: Path) -> None:
    found = run(filled, given, "documents", gold)
    assert page(found) == page(found)


# What is refused


def test_what_cannot_be_measured_is_refused_in_a_sentence(filled: Library, given: Settings, gold: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="système « boa »") as refused:
        run(filled, given, "documents", gold, "boa")
    assert "tutoriel" in refused.value.remedy
    with pytest.raises(UsageError, match="tâche « autre »"):
        run(filled, given, "autre", gold)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        run(filled, given, "documents", tmp_path / "absent.jsonl")
    with pytest.raises(UsageError, match="n'existe pas"):
        run(filled, given, "documents", gold, report=tmp_path / "absent" / "rapport.html")
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        run(filled, given, "documents", gold, report=tmp_path)


def test_an_empty_store_is_said_before_anything_is_asked(gold: Path, settings: Settings, library: Callable[..., Library]) -> None:
    with pytest.raises(EmptyStore):
        run(library(), settings, "documents", gold)


def test_a_figure_that_rises_may_be_a_worse_one() -> None:
    worse = result.verdict(result.Difference(0.2, 0.1, 0.3), lower_is_better=True)
    assert worse == "différence réelle, en moins bien : +0,200 [+0,100 ; +0,300]."
