"""Two documents that answer the same question: both are cited where they differ, and nothing is said where they agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import phrases
from assistant.ask import Assistant
from assistant.disagreeing import values
from corpus.demarche import Demarche
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
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
        ("duration", "pendant trois ans", "durant 3 ans", True),
        ("date", "le 8 novembre 2024", "08/11/2024", True),
        ("date", "le 8 novembre 2024", "le 19 décembre 2024", False),
        ("count", "cinq à sept territoires", "7 territoires", True),
    ],
)
def test_values_are_compared_as_numbers_however_they_are_written(wants: str, one: str, other: str, alike: bool) -> None:
    assert bool(values(wants, one) & values(wants, other)) is alike  # type: ignore[arg-type]
