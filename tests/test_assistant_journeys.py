"""Journeys: stages that stay in order, in time and on working days."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.journeys import Journey, in_order, journey
from assistant.knowledge import Knowledge
from assistant.stages import MOST_WEEKS
from assistant.wishes import Wish, read_wish
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
