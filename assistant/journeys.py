"""Journeys: ordered stages laid on a calendar, from a route sheet or from chosen tools.

The stages, their tools, what one holds and the signs come from the sheets; nothing is added to them.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.knowledge import Knowledge
from assistant.stages import Stage, StageTool, dated, lay, quoted
from assistant.wishes import Wish
from corpus.documents import Document
from corpus.durations import spoken_range

_NO_PACE = 4  # weeks a tool where the store holds no route to learn a pace from


@dataclass(frozen=True, slots=True)
class Journey:
    """Stages in order. ``notes`` are French sentences on what was stretched, left out or assumed; ``possible`` is False when the time asked for does not do."""

    title: str
    route: str
    stages: tuple[Stage, ...]
    start: datetime.date | None = None
    notes: tuple[str, ...] = ()
    possible: bool = True

    @property
    def end(self) -> datetime.date | None:
        """The last day, where there are dates."""
        return max((stage.end for stage in self.stages if stage.end), default=None)

    @property
    def length(self) -> str:
        """How long it is: « 26 semaines »."""
        last, unit = max(((stage.last, stage.unit) for stage in self.stages), default=(0, "semaine"))
        return f"{last} {unit}{'s' if last > 1 else ''}"


def journey(
    wish: Wish,
    route: Document | None,
    tools: Sequence[Document],
    knowledge: Knowledge,
    told: Callable[[Document], tuple[str, str]] = lambda tool: ("", ""),
    extended: bool = False,
) -> Journey:
    """The journey of a route sheet, or of chosen tools in the order of their steps and of their « suite » links.

    ``told`` gives, in the words of a tool's sheet, what one holds after it and the sign that it
    served. ``extended``: where the time allows, the tools' own « suite » carries the journey on.
    """
    notes: list[str] = []
    stages = (
        _of_route(route, tools, knowledge, wish, notes) if route else _of_tools(_carried_on(tools, knowledge, wish, extended, notes), knowledge, wish, told)
    )
    if not stages:
        return Journey("", "", (), wish.start)
    if not route and wish.days is None and wish.every is None:
        source = "la médiane des parcours types de la boîte à outils" if knowledge.routes else "faute de parcours type dans la boîte à outils"
        notes.insert(0, f"Rythme proposé : {_pace(knowledge)} semaines pour un outil ({source}), préparation et suites comprises ; à ajuster au vôtre.")
    laid, possible = lay(stages, wish, bool(route), notes)
    if wish.start:
        laid = [dated(stage, wish.start) for stage in laid]
        notes.append("Ce calendrier ne tient compte ni des congés ni des jours fériés.")
    title = route.title if route else "Les outils, dans l'ordre des étapes"
    return Journey(title, route.id if route else "", tuple(laid), wish.start, tuple(notes), possible)


def _carried_on(tools: Sequence[Document], knowledge: Knowledge, wish: Wish, extended: bool, notes: list[str]) -> list[Document]:
    """The tools in order, then those that the sheets give as their « suite », as many as the time allows."""
    found = in_order(tools, knowledge, wish.step)
    numbers = {step.id: step.number for step in knowledge.demarche.steps}
    wanted = 3 if wish.days is None else min(5, wish.days // 7 // _pace(knowledge))
    more: list[Document] = []
    while extended and found and len(found) + len(more) < wanted:
        last = (more or found)[-1]
        reached = numbers.get(step_of(last, knowledge, wish.step), 0)
        names = (name for tool in (last, *reversed(found)) for name in tool.sheet.get("suite", []))
        known = (knowledge.tools[name] for name in names if name in knowledge.tools)
        later = (tool for tool in known if tool not in (*found, *more) and numbers.get(step_of(tool, knowledge, wish.step), 0) >= reached)
        following = next((tool for tool in later if tool.sheet.get("statut") != "a-produire"), None)
        if following is None:
            break
        more.append(following)
    if more:
        names_of = ", ".join(quoted(tool.title) for tool in more)
        notes.append(f"La suite ({names_of}) est celle que donnent les fiches des outils : à confirmer après les premières séances.")
    return [*found, *more]


def stage_tool(tool: Document) -> StageTool:
    """A tool sheet as a stage holds it."""
    minutes = tool.sheet.get("duree_minutes")
    words = spoken_range(minutes[0], minutes[1]) if minutes else str(tool.sheet.get("rythme") or "")
    return StageTool(tool.id, tool.title, words, int(minutes[0]) if minutes else 0)


def publics_of(tools: Sequence[Document], knowledge: Knowledge) -> tuple[str, ...]:
    """Who the tools are for, as labels, without repeats."""
    return tuple(dict.fromkeys(knowledge.demarche.label("cibles", public) for tool in tools for public in tool.sheet.get("cibles", [])))


def step_of(tool: Document, knowledge: Knowledge, near: str = "") -> str:
    """The step at which a tool serves here: the asker's own where it is one of the tool's, else the next one, else the tool's first."""
    numbers = {step.id: step.number for step in knowledge.demarche.steps}
    steps: list[str] = [step for step in tool.sheet.get("etapes", []) if step in numbers]
    if near in steps or not steps:
        return near if near in numbers else ""
    return next((step for step in sorted(steps, key=numbers.__getitem__) if numbers[step] > numbers.get(near, 10**6)), steps[0])


def in_order(tools: Sequence[Document], knowledge: Knowledge, near: str = "") -> list[Document]:
    """Tools by step; within a step, each before those that its sheet gives as its « suite »."""
    rank = {step: place for place, step in enumerate(knowledge.demarche.step_ids)}
    left = sorted(tools, key=lambda tool: rank.get(step_of(tool, knowledge, near), len(rank)))
    done: list[Document] = []
    while left:
        same = [tool for tool in left if step_of(tool, knowledge, near) == step_of(left[0], knowledge, near)]
        free = next((tool for tool in same if not any(tool.id in other.sheet.get("suite", []) for other in same if other is not tool)), same[0])
        done.append(free)
        left.remove(free)
    return done


def _of_route(route: Document, tools: Sequence[Document], knowledge: Knowledge, wish: Wish, notes: list[str]) -> list[Stage]:
    rows = sorted(route.sheet.get("trajet", []), key=lambda row: (min(row["semaines"]), max(row["semaines"])))
    numbers = {step.id: step.number for step in knowledge.demarche.steps}
    order = [numbers.get(row["etape"], 0) for row in rows]
    before = sum(number < numbers.get(wish.step, 0) for number in order) if order == sorted(order) else 0
    if 0 < before < len(rows):
        passed = ", ".join(quoted(_step_name(row["etape"], knowledge)) for row in rows[:before])
        notes.append(f"Le parcours type commence plus tôt, par {passed} : reprenez-y ce qui n'est pas fait.")
        rows = rows[before:]
    shift = max(0, min((min(row["semaines"]) for row in rows), default=1) - 1)
    more = _by_row(rows, tools)
    stages = []
    for place, row in enumerate(rows):
        held = [knowledge.tools[tool] for tool in row["outils"] if tool in knowledge.tools] + more.get(place, [])
        first, last = max(1, min(row["semaines"]) - shift), max(1, max(row["semaines"]) - shift)
        name = _step_name(row["etape"], knowledge)
        stages.append(Stage(row["etape"], name, tuple(map(stage_tool, held)), publics_of(held, knowledge), row["a_tenir"], row["signes"], first, last))
    return stages


def _by_row(rows: Sequence[Mapping[str, list[str]]], tools: Sequence[Document]) -> dict[int, list[Document]]:
    """The chosen tools that the route does not hold, at the first row of one of their steps, else at the first row."""
    found: dict[int, list[Document]] = {}
    for tool in tools:
        if not any(tool.id in row["outils"] for row in rows):
            place = next((place for place, row in enumerate(rows) if row["etape"] in tool.sheet.get("etapes", [])), 0)
            found.setdefault(place, []).append(tool)
    return found


def _of_tools(tools: Sequence[Document], knowledge: Knowledge, wish: Wish, told: Callable[[Document], tuple[str, str]]) -> list[Stage]:
    pace = _pace(knowledge)
    stages = []
    for place, tool in enumerate(tools):
        step, (hold, sign) = step_of(tool, knowledge, wish.step), told(tool)
        held = hold or str(tool.sheet.get("resume", ""))
        publics, first = publics_of([tool], knowledge), place * pace + 1
        stages.append(Stage(step, _step_name(step, knowledge), (stage_tool(tool),), publics, held, sign, first, first + pace - 1))
    return stages


def _pace(knowledge: Knowledge) -> int:
    """Weeks a tool, as the routes of the store take them: the median."""
    paces = []
    for route in knowledge.routes.values():
        rows = route.sheet.get("trajet", [])
        paces += [max(max(row["semaines"]) for row in rows) / sum(len(row["outils"]) for row in rows)] if rows else []
    return max(1, round(statistics.median(paces))) if paces else _NO_PACE


def _step_name(step: str, knowledge: Knowledge) -> str:
    return knowledge.demarche.label("etapes", step)
