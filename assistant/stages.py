"""Stages: what a journey is made of, laid on a calendar at the pace that was asked for."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from assistant.citing import spoken_date
from assistant.wishes import DAY_MINUTES, Wish, working_day
from corpus.durations import spoken

MOST_WEEKS = 260  # beyond five years a calendar in weeks says nothing


@dataclass(frozen=True, slots=True)
class StageTool:
    """A tool at a stage: how long it takes, in words, and the least minutes of a sitting (0: not said)."""

    id: str
    title: str
    duration: str
    least: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: ``first`` and ``last`` count weeks (or days) from 1; ``start`` and ``end`` are None without a start date."""

    step: str
    title: str
    tools: tuple[StageTool, ...]
    publics: tuple[str, ...]
    hold: str
    sign: str
    first: int
    last: int
    unit: str = "semaine"
    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def when(self) -> str:
        """When it takes place: dates, or weeks counted from the start."""
        if self.start and self.end:
            return spoken_period(self.start, self.end)
        return f"{self.unit} {self.first}" if self.first == self.last else f"{self.unit}s {self.first} à {self.last}"


def lay(stages: list[Stage], wish: Wish, route: bool, notes: list[str]) -> tuple[list[Stage], bool]:
    """The stages at the pace asked for; False with them when it does not do and only what fits is left."""
    usual = stages[-1].last
    sittings = list(accumulate(sum(_sittings_of(tool, wish) for tool in stage.tools) or 1 for stage in stages))
    _long_tools(stages, wish, notes)
    if wish.days is None and wish.every is None:
        return stages, True
    if wish.days is None:
        days = [0.0, *(count * float(wish.every or 0) for count in sittings)]
        firsts = [int(day // 7) + 1 for day in days[:-1]]
        lasts = [*(first - 1 for first in firsts[1:]), math.ceil(days[-1] / 7)]
        laid = [replace(stage, first=first, last=max(first, last)) for stage, first, last in zip(stages, firsts, lasts, strict=True)]
        return laid, _say(laid, usual, wish, route, notes)
    wanted = min(wish.days, MOST_WEEKS * 7)
    if wanted < wish.days:
        notes.append(f"Au-delà de cinq ans, un calendrier ne dit plus rien : celui-ci s'arrête à {MOST_WEEKS} semaines.")
    weekly = route or wanted // 7 >= len(stages)
    units = wanted // 7 if weekly else wanted if wanted <= 5 else wanted * 5 // 7
    room = min(units, int(wanted // wish.every)) if wish.every else units
    needs = sittings if wish.every else list(accumulate(1 if weekly else _days_of(stage) for stage in stages))
    kept = [stage for stage, need in zip(stages, needs, strict=True) if need <= room]
    if len(kept) < len(stages):
        notes.append(_too_short(stages, kept, wish, route, usual))
        kept = kept or [_shortest(stages[0], wish)]
    units = max(1, units)
    spans = _stretch([(stage.first - 1, stage.last) for stage in kept], units)
    laid = [
        replace(stage, first=first + 1, last=last, unit="semaine" if weekly and wanted >= 7 else "jour")
        for stage, (first, last) in zip(kept, spans, strict=True)
    ]
    if wanted < 7:
        laid = [replace(stage, last=max(stage.first, min(wanted, 5) if weekly else stage.last)) for stage in laid]
    return laid, len(kept) == len(stages) and needs[-1] <= room and _say(laid, usual, wish, route, notes)


def _stretch(spans: Sequence[tuple[int, int]], units: int) -> list[tuple[int, int]]:
    """Half-open spans scaled to end at ``units``: none is empty, none starts before the one before it."""
    scale = units / max(end for _, end in spans)
    laid: list[tuple[int, int]] = []
    for place, (begin, end) in enumerate(spans):
        before = spans[place - 1] if place else (-1, 0)
        least = (laid[-1][0] + (begin > before[0])) if laid else 0
        later = len({start for start, _ in spans[place:]})  # units that this stage and the later ones need
        first = max(0, min(max(round(begin * scale), least), units - later))
        if laid and before[1] <= begin:
            laid[-1] = (laid[-1][0], max(laid[-1][0] + 1, min(laid[-1][1], first)))
        laid.append((first, min(units, max(first + 1, round(end * scale)))))
    return laid


def _sittings_of(tool: StageTool, wish: Wish) -> int:
    return min(12, math.ceil(tool.least / wish.minutes)) if wish.minutes and tool.least else 1


def _days_of(stage: Stage) -> int:
    """The days that the tools of a stage take at the least."""
    return sum(max(1, math.ceil(tool.least / DAY_MINUTES)) for tool in stage.tools) or 1


def _long_tools(stages: Sequence[Stage], wish: Wish, notes: list[str]) -> None:
    if wish.days is not None and wish.days < 28:
        unsure = dict.fromkeys(f"{quoted(tool.title)} ({tool.duration})" for stage in stages for tool in stage.tools if not tool.least)
        if unsure:
            notes.append(f"Durée à vérifier avant de s'engager sur ce délai : {', '.join(unsure)}.")
    if wish.minutes:
        tools = dict.fromkeys(tool for stage in stages for tool in stage.tools if tool.least > wish.minutes)
        if tools:
            names = ", ".join(f"{quoted(tool.title)} (au moins {spoken(tool.least)})" for tool in tools)
            notes.append(f"Plus long qu'une séance de {spoken(wish.minutes)} : {names}. À faire en plusieurs fois, ou à une date à part.")


def _say(laid: Sequence[Stage], usual: int, wish: Wish, route: bool, notes: list[str]) -> bool:
    """Say what the asker's time did to the usual one; always True."""
    total = laid[-1].last
    if route and laid[-1].unit == "semaine" and total != usual:
        verb = "resserré" if total < usual else "étalé"
        tight = " C'est peu : gardez une marge et décidez de ce qui peut attendre." if total < usual / 2 else ""
        notes.append(f"Ce trajet compte {usual} semaines dans le parcours type ; il est {verb} sur {total}, selon vos mots : {wish.words}.{tight}")
    elif not route:
        notes.append(f"Rythme repris de vos mots : {wish.words}.")
    return True


def _too_short(stages: Sequence[Stage], kept: Sequence[Stage], wish: Wish, route: bool, usual: int) -> str:
    if route:
        weeks = len(stages)
        need = f"ses {weeks} étapes demandent au moins {weeks} semaines, à raison d'une par semaine ({usual} semaines dans le parcours type)"
    else:
        need = f"{len(stages)} outils sont à tenir" if len(stages) > 1 else "la fiche de l'outil en demande davantage"
    shown = list(kept) or [_shortest(stages[0], wish)]
    names = [f"{quoted(tool.title)}{f' ({tool.duration})' if tool.duration else ''}" for stage in shown for tool in stage.tools]
    fits = f" Dans ce délai {'tient' if len(names) == 1 else 'tiennent'} au mieux : {', '.join(names)}, préparation non comprise." if names else ""
    later = [stage for stage in stages if stage not in kept][0 if kept else 1 :]
    rest = ", ".join(dict.fromkeys(quoted(stage.title if route else stage.tools[0].title) for stage in later))
    return f"Ce délai ne suffit pas ({wish.words}) : {need}.{fits}{f' Resterait ensuite : {rest}.' if rest else ''}"


def _shortest(stage: Stage, wish: Wish) -> Stage:
    """A stage with only the tools that the time allows, one at least: the shortest."""
    left, held = (wish.days or 0) * DAY_MINUTES, []
    for tool in stage.tools:
        if tool.least and tool.least <= left:
            held.append(tool)
            left -= tool.least
    return replace(stage, tools=tuple(held or sorted(stage.tools, key=lambda tool: tool.least or 10**6)[:1]))


def dated(stage: Stage, begin: datetime.date) -> Stage:
    """A stage with the dates it has when the journey begins on a day."""
    if stage.unit == "jour":
        return replace(stage, start=_workday(begin, stage.first - 1), end=_workday(begin, stage.last - 1))
    start = begin + datetime.timedelta(7 * (stage.first - 1))
    end = begin + datetime.timedelta(7 * stage.last - 1)
    end -= datetime.timedelta(max(0, end.weekday() - 4))
    return replace(stage, start=start, end=max(start, end))


def _workday(begin: datetime.date, count: int) -> datetime.date:
    weeks, rest = divmod(begin.weekday() + count, 5) if begin.weekday() < 5 else divmod(count, 5)
    return working_day(begin) + datetime.timedelta(7 * weeks + rest - working_day(begin).weekday())


def spoken_period(start: datetime.date, end: datetime.date) -> str:
    """A period as people write it.

    >>> spoken_period(datetime.date(2026, 3, 2), datetime.date(2026, 3, 27))
    'du 2 au 27 mars 2026'
    >>> spoken_period(datetime.date(2026, 11, 30), datetime.date(2027, 1, 8))
    'du 30 novembre 2026 au 8 janvier 2027'
    """
    last = spoken_date(end.isoformat())
    if start == end:
        return f"le {last}"
    words = spoken_date(start.isoformat()).split(" ")
    return f"du {' '.join(words[: 1 if (start.year, start.month) == (end.year, end.month) else 2 if start.year == end.year else 3])} au {last}"


def quoted(title: str) -> str:
    """A title in guillemets, those it holds becoming quotation marks.

    >>> quoted("Quiz « idées reçues »")
    '« Quiz “idées reçues” »'
    """
    inside = re.sub(r"«\s?", "“", re.sub(r"\s?»", "”", title))
    return f"« {inside} »"
