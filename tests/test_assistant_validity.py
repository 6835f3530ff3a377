"""Who asks whether a call is still open is told first that its date is past, and nothing else is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

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


def test_the_call_is_quoted_before_the_starter_sheet_that_describes_it(
    tmp_path: Path, demarche: Demarche, pdf: Callable[..., bytes], sheet: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = tmp_path / "starter"
    house.mkdir()
    body = "## En une phrase\n\nL'appel des vergers est un appel aux communes.\n\n## Définition\n\nL'appel des vergers ouvre les vergers des communes.\n"
    example = "## Un exemple\n\nUne commune a répondu à l'appel des vergers."
    (house / "vergers.md").write_text(sheet("vergers", "concept", f"{body}\n{example}", titre='"L\'appel des vergers"'))
    monkeypatch.setattr("ingest.sources.STARTER", house)
    call = tmp_path / "appel.pdf"
    call.write_bytes(pdf("Appel à candidatures des vergers", "Les communes ont jusqu'au 19 décembre 2024 pour candidater à l'appel des vergers."))
    settings = Settings(data=tmp_path / "data", aujourdhui=datetime.date(2026, 1, 15))
    with Library(settings, open_embedder(settings), writing=True) as filled:
        reports = list(Pipeline(filled, settings, demarche).reports([house / "vergers.md", call]))
        assert [report.status for report in reports] == ["added", "added"], reports
        answer = Assistant(filled, settings, demarche).ask("L'appel des vergers est-il encore ouvert ?")
    assert answer.citations[0].document == "appel.pdf"
    assert OVER in answer.answer.splitlines()[0]
