"""Wishes: what a story says of time is read, what only looks like it is not."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.wishes import read_start, read_wish

TODAY = datetime.date(2025, 11, 22)  # a Saturday


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("à partir de mars", "2026-03-02"),
        ("dès septembre 2026", "2026-09-07"),
        ("On commence lundi prochain.", "2025-11-24"),
        ("à compter du 4 mars 2026", "2026-03-04"),
        ("A PARTIR DU 1ER AVRIL 2026", "2026-04-01"),
        ("nous commençons le 12/01/2026", "2026-01-12"),
        ("début prévu, à partir du 2026-03-02", "2026-03-02"),
        ("on démarre début janvier", "2026-01-05"),
        ("nous démarrons mi-mars", "2026-03-16"),
        ("le lancement est prévu le 4 mai", "2026-05-04"),
        ("on lance le projet en avril", "2026-04-06"),
        ("démarrer à la rentrée", "2026-09-07"),
        ("on se lance dans deux semaines", "2025-12-08"),
        ("dès la semaine prochaine", "2025-11-24"),
        ("je commence demain", "2025-11-24"),  # a Sunday: the Monday after
        ("à partir de novembre", "2025-11-24"),  # the month has begun
        ("à partir du 7 mars 2026", "2026-03-09"),  # a Saturday
    ],
)
def test_a_start_date_is_read(words: str, expected: str) -> None:
    assert read_start(f"On a une friche et {words}", TODAY) == day(expected)


@pytest.mark.parametrize(
    "words",
    [
        "on a commencé en mars 2024", "On a réuni tout le monde en mars et rien n'avance", "le conseil a voté en mars dernier", "à partir du 31 février",
        "à partir de 12 personnes", "des élus en janvier", "depuis mars on tourne en rond", "on a lancé le projet en avril",
        "Le bureau vote le mois prochain", "",
    ],
)  # fmt: skip
def test_what_is_no_start_is_not_read_as_one(words: str) -> None:
    assert read_start(words, TODAY) is None


@pytest.mark.parametrize(
    ("words", "days", "every", "minutes"),
    [
        ("en six mois", 183, None, None),
        ("sur 18 mois", 548, None, None),
        ("en trois jours", 3, None, None),
        ("on a six semaines devant nous", 42, None, None),
        ("j'ai un mois pour que mes élus disent oui", 30, None, None),
        ("il ne nous reste que trois semaines", 21, None, None),
        ("le bureau est dans quatre semaines", 28, None, None),
        ("sur les douze prochains mois", 365, None, None),
        ("une demi-journée par mois", None, 30.4, 210),
        ("deux heures par semaine", None, 7, 120),
        ("une demi-heure par mois", None, 30.4, 30),
        ("une heure et demie par semaine", None, 7, 90),
        ("deux ateliers par mois", None, 15.2, None),
        ("tous les quinze jours", None, 15, None),
        ("une réunion toutes les trois semaines", None, 21, None),
        ("d'ici fin juin", 220, None, None),
        ("avant l'été", 210, None, None),
        ("avant le vote du 12 janvier 2026", 51, None, None),
        ("une demi-journée par mois, en six mois", 183, 30.4, 210),
        ("en deux ans, trois directions ont changé", None, None, None),
        ("on a fait trois ateliers en six mois", None, None, None),
        ("en six mois on n'a rien fait", None, None, None),
        ("depuis deux ans", None, None, None),
        ("six mois de retard", None, None, None),
        ("en 0 mois", None, None, None),
        ("un atelier pour 200 personnes", None, None, None),
    ],
)
def test_a_span_and_a_rhythm_are_read(words: str, days: int | None, every: float | None, minutes: int | None) -> None:
    wish = read_wish(words, TODAY)
    assert (wish.days, wish.minutes) == (days, minutes)
    assert wish.every == pytest.approx(every, abs=0.1) if every else wish.every is None
    assert bool(wish.words) == (wish.days is not None or wish.every is not None)


def test_the_words_are_the_askers_own() -> None:
    assert read_wish("Bref : d'ici fin février, s'il vous plaît", TODAY).words == "« d'ici fin février »"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["à partir de ", "en ", "d'ici ", "tous les ", "on commence le ", ""]), st.text("0123456789/- ", max_size=12))
def test_any_text_is_read_without_a_fault(text: str, cue: str, figures: str) -> None:
    wish = read_wish(f"{text} {cue}{figures}{text}", TODAY)
    assert wish.start is None or wish.start.weekday() < 5
    assert wish.days is None or wish.days > 0


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 12, 31)))
def test_any_day_written_out_is_read_back(when: datetime.date) -> None:
    found = read_start(f"à partir du {when:%d/%m/%Y}", TODAY)
    assert found is not None
    assert 0 <= (found - when).days <= 2
    assert found.weekday() < 5
