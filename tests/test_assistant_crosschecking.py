"""Two sources that answer the same question: both are cited where they differ, and the document before the sheet that repeats it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import phrases
from assistant.ask import Assistant
from assistant.crosschecking import agree, first_hand, values
from assistant.quoting import Sentence
from assistant.retrieval import Candidate
from assistant.selecting import Scored
from assistant.understanding import Understood, Wants
from assistant.wanted import holds
from corpus.demarche import Demarche
from corpus.documents import Document, Passage
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
from corpus.words import stem
from ingest.pipeline import Pipeline

SUBJECTS = ("jardin", "piscine", "marché", "cantine", "gare", "école", "forêt", "théâtre", "halle", "digue", "phare", "mairie")


@pytest.fixture
def ask(tmp_path: Path, demarche: Demarche, pdf: Callable[..., bytes]) -> Callable[..., str]:
    """Asks the real model of two documents that each say one sentence of a fee, among notes on other subjects."""

    def answer(one: str, other: str, question: str) -> str:
        (tmp_path / "appel.pdf").write_bytes(pdf("Règlement du cycle", one))
        (tmp_path / "courrier.pdf").write_bytes(pdf("Lettre aux équipes", other))
        for subject in SUBJECTS:
            (tmp_path / f"{subject}.txt").write_text(f"Note sur {subject}\n\nOn y parle de {subject}, et de rien d'autre.\n", "utf-8")
        settings = Settings(data=tmp_path / "data")
        with Library(settings, open_embedder(settings), writing=True) as filled:
            assert not Pipeline(filled, settings, demarche).run(sorted(tmp_path.glob("*.*"))).refused
            return Assistant(filled, settings, demarche).ask(question).answer

    return answer


def test_two_sources_with_two_values_are_both_cited(ask: Callable[..., str]) -> None:
    answer = ask(
        "La participation demandée à chaque équipe est de 700 euros.",
        "La participation demandée à chaque équipe est de 950 euros.",
        "Quel est le montant de la participation demandée à chaque équipe ?",
    )
    assert phrases.OTHERWISE in answer
    assert "700" in answer
    assert "950" in answer
    assert "Règlement du cycle" in answer
    assert "Lettre aux équipes" in answer


def test_two_sources_that_agree_are_not_set_against_each_other(ask: Callable[..., str]) -> None:
    answer = ask(
        "La participation demandée à chaque équipe est de 700 euros.",
        "La participation demandée à chaque équipe reste de 700 €.",
        "Quel est le montant de la participation demandée à chaque équipe ?",
    )
    assert "700" in answer
    assert phrases.OTHERWISE not in answer


@pytest.mark.parametrize(
    ("wants", "one", "other", "alike"),
    [
        ("amount", "une aide de 1 200 €", "1200 euros au plus", True),
        ("amount", "une aide de 1 200 €", "12 000 euros au plus", False),
        ("amount", "cinq mille euros", "5 000 €", True),
        ("amount", "20 k€", "20 000 €", True),
        ("share", "25 %", "75 %", False),
        ("share", "30 pour cent", "30 %", True),
        ("duration", "pendant trois ans", "durant 3 ans", True),
        ("duration", "deux ans", "vingt-quatre mois", True),
        ("duration", "deux ans", "deux mois", False),
        ("date", "le 8 novembre 2024", "08/11/2024", True),
        ("date", "le 8 novembre 2024", "le 19 novembre 2024", False),
        ("date", "le 3 mai", "le 5 juin", False),
        ("date", "mars 2024", "le 8 mars", True),
        ("date", "mars 2024", "mars 2025", False),
        ("date", "en 2019", "en 2021", False),
        ("count", "cinq à sept territoires", "7 territoires", True),
        ("count", "En 2024, 5 territoires", "En 2024, 8 territoires", False),
    ],
)
def test_values_are_compared_however_they_are_written(wants: Wants, one: str, other: str, alike: bool) -> None:
    said, theirs = (values(wants, text, stem("territoires")) for text in (one, other))
    assert said
    assert theirs
    assert agree(said, theirs) is alike


def test_a_share_is_not_set_against_an_amount() -> None:
    assert values("amount", "une aide de 50 %") == frozenset()


def said(text: str, starter: bool, coverage: float = 0.6, wants: Wants = "amount") -> Scored:
    """One sentence of a starter sheet or of a published document, as it is ranked."""
    name = "fiche" if starter else "appel.pdf"
    passage = Passage(name, 0, 1, 1, "", "prose", text)
    document = Document(name, name, "ressource" if starter else "document", "0" * 64, "", ".md", origin="starter" if starter else "local")
    candidate = Candidate(f"{name}:{text}", passage, document, 0.0, 0.0, 0.0, {})
    return Scored(candidate, Sentence(text, 0, len(text), 0), 0.0, 0.0, coverage, holds(wants, text), {})


SHEET = said("L'accompagnement coûte 700 € par équipe, ou 350 € pour un membre.", starter=True)
CALL = said("Une contribution de 700€ par équipe (350€ pour les membres) sera demandée.", starter=False, coverage=0.1)


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        ([SHEET, CALL], CALL),  # the same two values, in other words
        ([CALL, SHEET], None),  # it leads already
        ([SHEET, said("Une aide de 700 € pour les vélos.", starter=False, coverage=0.1)], None),  # one value may be chance
        ([SHEET, said("L'accompagnement coûte 700 € par équipe.", starter=False)], said("L'accompagnement coûte 700 € par équipe.", starter=False)),
        ([SHEET, said("L'accompagnement coûte 950 € par équipe.", starter=False)], None),  # another value: told as such elsewhere
        ([SHEET], None),
    ],
)
def test_a_fact_that_a_sheet_repeats_is_quoted_from_the_document_it_comes_from(ranked: list[Scored], expected: Scored | None) -> None:
    asked = Understood("", "", (), (), "fr", "amount", (), (), False, False, False, False, False, False)
    found = first_hand(ranked, asked)
    assert (found and found.sentence.text) == (expected and expected.sentence.text)
