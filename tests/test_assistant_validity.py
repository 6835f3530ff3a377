"""Who asks whether a call is still open is told first that its date is past, and nothing else is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest

from assistant import cues
from assistant.ask import Assistant
from corpus.demarche import Demarche
from corpus.french import fold
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
from ingest.pipeline import Pipeline

SUBJECTS = ("jardin", "piscine", "marché", "cantine", "gare", "école", "forêt", "théâtre", "halle", "digue", "phare", "mairie")
OVER = "ce document est échu depuis le 19 décembre 2024"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche, pdf: Callable[..., bytes]) -> Iterator[Callable[[str, datetime.date], str]]:
    """Asks the real model, on a given day, about a call that closed and notes on other subjects."""
    folder = tmp_path_factory.mktemp("validity")
    (folder / "appel.pdf").write_bytes(
        pdf("Appel à candidatures des vergers", "Les communes ont jusqu'au 19 décembre 2024 pour candidater à l'appel des vergers.")
    )
    for subject in SUBJECTS:
        (folder / f"{subject}.txt").write_text(f"Note sur {subject}\n\nOn y parle de {subject}, et de rien d'autre.\n", "utf-8")
    settings = Settings(data=folder / "data")
    with Library(settings, open_embedder(settings), writing=True) as filled:
        assert not Pipeline(filled, settings, demarche).run(sorted(folder.glob("*.*"))).refused
        yield lambda question, today: Assistant(filled, settings.model_copy(update={"aujourdhui": today}), demarche).ask(question).answer


def test_a_call_that_closed_is_said_to_be_over(ask: Callable[[str, datetime.date], str]) -> None:
    answer = ask("Peut-on encore candidater à l'appel des vergers ?", datetime.date(2026, 1, 15))
    assert OVER in answer.splitlines()[0]
    assert "19 décembre 2024" in answer.partition("«")[2]


@pytest.mark.parametrize(
    ("question", "today"),
    [
        ("Peut-on encore candidater à l'appel des vergers ?", datetime.date(2024, 11, 30)),
        ("Jusqu'à quelle date candidater à l'appel des vergers ?", datetime.date(2026, 1, 15)),
    ],
)
def test_nothing_is_said_before_the_day_nor_to_who_does_not_ask(ask: Callable[[str, datetime.date], str], question: str, today: datetime.date) -> None:
    answer = ask(question, today)
    assert "19 décembre 2024" in answer
    assert OVER not in answer.splitlines()[0]


@pytest.mark.parametrize(
    "text", ["L'appel est-il encore ouvert ?", "Est-il trop tard pour répondre ?", "Puis-je encore m'inscrire ?", "L'accord est-il clos ?"]
)
def test_asking_whether_something_still_holds_is_recognised(text: str) -> None:
    assert cues.points("validity", "open", fold(text))
