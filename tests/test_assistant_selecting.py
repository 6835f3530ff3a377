"""Choosing a sentence: what holds the kind of thing asked for, what defines, and what an abstention says is missing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from assistant import abstaining, phrases, selecting
from assistant.ask import Assistant
from corpus.demarche import Demarche
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import Pipeline

NOTES = {
    "concours": "Le concours des jardins\n\nEnviron 10 candidatures sont retenues chaque année au concours. Le jury se réunit à Lens.\n",
    "appel": "L'appel des halles\n\nCet appel vise la mise en récits des halles.\n\nLa mise en récits est une manière de conduire un changement.\n",
    "contact": "Qui joindre pour les digues\n\nRéférente des digues\n\n03 20 00 00 00\n",
}
SUBJECTS = ("piscine", "marché", "cantine", "gare", "école", "forêt", "théâtre", "phare", "mairie", "port")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("selecting")
    for name, text in (NOTES | {subject: f"Note sur {subject}\n\nOn y parle de {subject}, et de rien d'autre.\n" for subject in SUBJECTS}).items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    settings = Settings(data=folder / "data", model="hachage", aujourdhui=datetime.date(2026, 1, 15))
    with Library(settings, HashingEmbedder(), writing=True) as one:
        assert not Pipeline(one, settings, demarche).run(sorted(folder.glob("*.*"))).refused
        yield Assistant(one, settings, demarche)


def test_what_is_counted_under_another_name_is_found_by_its_number(assistant: Assistant) -> None:
    case = assistant.study("Combien de dossiers le concours des jardins retient-il ?")
    assert case.asked.counted
    assert "Environ 10 candidatures" in case.ranked[0].sentence.text
    assert case.ranked[0].typed
    assert abstaining.signals(case.asked, case.found, case.ranked, case.knowledge)["missing"] == 1.0, "no text counts it by that name"


def test_what_is_counted_by_its_name_is_not_missing(assistant: Assistant) -> None:
    case = assistant.study("Combien de candidatures le concours des jardins retient-il ?")
    assert case.ranked[0].typed
    assert abstaining.signals(case.asked, case.found, case.ranked, case.knowledge)["missing"] == 0.0


def test_a_number_alone_on_its_line_is_near_by_what_stands_around_it(assistant: Assistant) -> None:
    case = assistant.study("Quel numéro de téléphone a la référente des digues ?")
    assert case.ranked[0].sentence.text.strip() == "03 20 00 00 00"
    assert abstaining.signals(case.asked, case.found, case.ranked, case.knowledge)["astray"] == 0.0


def test_a_definition_is_told_by_what_it_defines(assistant: Assistant) -> None:
    defines = {s.sentence.text: s.signs["defines"] for s in assistant.study("Qu'est-ce que la mise en récits ?").ranked}
    assert defines["La mise en récits est une manière de conduire un changement."] == 1.0
    assert defines["Cet appel vise la mise en récits des halles."] == 0.0


def test_a_place_is_a_kind_of_thing_asked_for(assistant: Assistant) -> None:
    case = assistant.study("Où se réunit le jury du concours des jardins ?")
    assert case.asked.wants == "place"
    assert "à Lens" in case.ranked[0].sentence.text


def test_an_abstention_does_not_say_that_no_passage_gives_the_number_beside_one_that_does(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abstaining, "decide", lambda chance: "near")
    shown = assistant.ask("Combien de dossiers le concours des jardins retient-il ?").answer
    assert "10 candidatures" in shown
    assert phrases.MISSING["count"] not in shown
    assert phrases.MISSING["amount"] in assistant.ask("Quel montant touche le jury du concours des jardins ?").answer


def test_signs_and_weights_go_together() -> None:
    assert set(selecting.weights()) == set(selecting.SIGNS)
