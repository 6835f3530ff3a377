"""Journeys: what a story says of time, and stages that stay in order, in time and on working days."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.journeys import MOST_WEEKS, Journey, Wish, in_order, journey, read_start, read_wish, spoken_period
from assistant.knowledge import Knowledge
from corpus.demarche import Demarche, load
from corpus.documents import Document

TODAY = datetime.date(2025, 11, 22)  # a Saturday


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def tool(name: str, *steps: str, minutes: tuple[int, int] | None = (60, 90), **more: Any) -> Document:
    sheet = {"etapes": list(steps), "cibles": ["agents"], "duree_minutes": minutes, "resume": f"Résumé de {name}", **more}
    return Document(name, f"Outil {name}", "outil", "", "", ".md", sheet=sheet)


def route(*stages: tuple[str, tuple[int, int], list[str]]) -> Document:
    rows = [{"etape": step, "outils": tools, "semaines": list(weeks), "a_tenir": f"tenir {step}", "signes": f"signe {step}"} for step, weeks, tools in stages]
    return Document("parcours-x", "Un parcours", "parcours", "", "", ".md", sheet={"trajet": rows})


def known(*documents: Document, demarche: Demarche | None = None) -> Knowledge:
    return Knowledge("1", demarche or load(), {document.id: document for document in documents}, {}, 0, {})


A, B, C = tool("a", "E1", "E3"), tool("b", "E3"), tool("c", "E4", minutes=(200, 240))
ROUTE = route(("E1", (1, 4), ["a"]), ("E3", (5, 14), ["b"]), ("E4", (15, 20), ["c"]))
KNOWN = known(A, B, C, ROUTE)


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


def test_a_route_keeps_its_weeks_when_nothing_is_asked() -> None:
    made = journey(Wish(), ROUTE, [B], KNOWN)
    assert [(stage.first, stage.last) for stage in made.stages] == [(1, 4), (5, 14), (15, 20)]
    assert made.stages[0].when == "semaines 1 à 4"
    assert made.stages[0].hold == "tenir E1"
    assert made.stages[2].sign == "signe E4"
    assert made.stages[0].publics == ("Agents",)
    assert made.stages[0].tools[0].duration == "1 h à 1 h 30"
    assert made.possible
    assert made.end is None


def test_a_route_takes_dates_from_its_start() -> None:
    made = journey(Wish(start=day("2026-03-02")), ROUTE, [], KNOWN)
    assert [stage.when for stage in made.stages] == ["du 2 au 27 mars 2026", "du 30 mars au 5 juin 2026", "du 8 juin au 17 juillet 2026"]


def test_a_route_begins_where_the_asker_stands_and_says_what_comes_before() -> None:
    made = journey(Wish(step="E3"), ROUTE, [], KNOWN)
    assert [(stage.step, stage.first) for stage in made.stages] == [("E3", 1), ("E4", 11)]
    assert "« Donner envie »" in made.notes[0]


def test_a_route_that_goes_back_is_kept_whole() -> None:
    back = route(("E7", (1, 2), ["a"]), ("E4", (3, 5), ["c"]))
    assert len(journey(Wish(step="E7"), back, [], known(A, C, back)).stages) == 2


def test_a_chosen_tool_that_the_route_lacks_joins_a_stage_of_its_step() -> None:
    more = tool("d", "E4")
    made = journey(Wish(), ROUTE, [more], known(A, B, C, more, ROUTE))
    assert [item.id for item in made.stages[2].tools] == ["c", "d"]


def test_a_route_is_tightened_and_says_so() -> None:
    made = journey(read_wish("à partir de mars, en six semaines", TODAY), ROUTE, [], KNOWN)
    assert [(stage.first, stage.last) for stage in made.stages] == [(1, 1), (2, 4), (5, 6)]
    assert any("resserré sur 6" in note and "« en six semaines »" in note for note in made.notes)


def test_a_route_does_not_fit_in_three_days_and_what_does_is_told() -> None:
    made = journey(read_wish("on commence lundi prochain, en trois jours", TODAY), ROUTE, [], KNOWN)
    assert not made.possible
    assert [item.id for item in made.stages[0].tools] == ["a"]
    assert made.stages[0].when == "du 24 au 26 novembre 2025"
    note = next(note for note in made.notes if note.startswith("Ce délai ne suffit pas"))
    assert "3 semaines" in note
    assert "« Outil a » (1 h à 1 h 30)" in note
    assert "« Faire alliance »" in note


def test_a_sitting_a_month_spaces_the_tools_and_tells_the_too_long_ones() -> None:
    made = journey(read_wish("deux heures par mois", TODAY), None, [A, C], KNOWN)
    assert made.stages[1].first - made.stages[0].first in (4, 5)
    assert any("« Outil c » (au moins 3 h 20)" in note for note in made.notes)


def test_beyond_five_years_the_calendar_stops() -> None:
    made = journey(Wish(days=9000, words="« x »"), ROUTE, [], KNOWN)
    assert max(stage.last for stage in made.stages) == MOST_WEEKS


def test_tools_come_by_step_then_by_their_links() -> None:
    first, second, third = tool("z", "E3", suite=["y"]), tool("y", "E3"), tool("x", "E1")
    assert [one.id for one in in_order([second, first, third], known(first, second, third))] == ["x", "z", "y"]
    loop = tool("y", "E3", suite=["z"])
    assert len(in_order([loop, first], known(loop, first))) == 2


def test_chosen_tools_stay_as_chosen_and_others_are_carried_on_by_the_sheets() -> None:
    one, two, made_up = tool("u", "E3", suite=["w", "v"]), tool("v", "E4"), tool("w", "E4", statut="a-produire")
    held = known(one, two, made_up)
    assert [stage.tools[0].id for stage in journey(Wish(), None, [one], held).stages] == ["u"]
    carried = journey(Wish(), None, [one], held, extended=True)
    assert [stage.tools[0].id for stage in carried.stages] == ["u", "v"]
    assert any("Outil v" in note for note in carried.notes)


def test_a_demarche_with_other_steps_works() -> None:
    whole = load()
    short = dataclasses.replace(whole, steps=tuple(dataclasses.replace(step, id=f"P{step.number}") for step in whole.steps[:6]))
    one, two = tool("a", "P6"), tool("b", "P2")
    made = journey(Wish(), None, [one, two], known(one, two, demarche=short))
    assert [stage.step for stage in made.stages] == ["P2", "P6"]


def test_no_tool_makes_no_stage() -> None:
    assert journey(Wish(), None, [], KNOWN) == Journey("", "", ())


WEEKS = st.tuples(st.integers(0, 90), st.integers(0, 90))
ROUTES = st.lists(st.tuples(st.sampled_from(["E1", "E3", "E4"]), WEEKS, st.just(["a", "c"])), min_size=1, max_size=8).map(lambda stages: route(*stages))
WISHES = st.builds(
    Wish,
    start=st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2060, 1, 1)).filter(lambda date: date.weekday() < 5),
    days=st.none() | st.integers(1, 4000),
    every=st.none() | st.floats(1, 366),
    minutes=st.none() | st.integers(10, 600),
    words=st.just("« x »"),
    step=st.sampled_from(["", "E1", "E3", "E4", "E8"]),
)


@settings(max_examples=400, deadline=None)
@given(WISHES, st.none() | ROUTES)
def test_stages_stay_in_order_in_time_and_on_working_days(wish: Wish, chosen: Document | None) -> None:
    made = journey(wish, chosen, [A, B, C], KNOWN)
    assert made.stages
    firsts = [stage.first for stage in made.stages]
    assert firsts == sorted(firsts)
    assert all(1 <= stage.first <= stage.last for stage in made.stages)
    unit = {"semaine": 7, "jour": 1}[made.stages[0].unit]
    if wish.days is not None:
        assert max(stage.last for stage in made.stages) * unit <= max(wish.days, 1)
    if wish.start is not None:
        dates = [(stage.start, stage.end) for stage in made.stages]
        assert all(start and end and start <= end and start.weekday() < 5 and end.weekday() < 5 for start, end in dates)
        assert made.stages[0].start is not None
        assert made.stages[0].start >= wish.start
    if not made.possible:
        assert any(note.startswith("Ce délai ne suffit pas") for note in made.notes)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 1, 1)), st.integers(0, 1000))
def test_a_period_names_its_last_day_whole(start: datetime.date, days: int) -> None:
    words = spoken_period(start, start + datetime.timedelta(days))
    assert str((start + datetime.timedelta(days)).year) in words
    assert words.startswith("du " if days else "le ")
