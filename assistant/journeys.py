"""Journeys: ordered stages laid on a calendar, from a route sheet or from chosen tools.

A Wish is what the asker's words say of time: when to start, in how long, at what rhythm. The
stages, their tools, what one holds and the signs come from the sheets; nothing is added to them.
"""

from __future__ import annotations

import datetime
import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from assistant.citing import spoken_date
from assistant.knowledge import Knowledge
from corpus.documents import Document
from corpus.durations import spoken, spoken_range
from corpus.french import fold

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAY_MINUTES = 420  # a working day, as elsewhere in the assistant
MOST_WEEKS = 260  # beyond five years a calendar in weeks says nothing
_NO_PACE = 4  # weeks a tool where the store holds no route to learn a pace from

_NUMBERS = dict(zip("un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(), range(1, 17), strict=True))
_NUMBERS |= {"une": 1, "dix-huit": 18, "vingt": 20, "vingt-quatre": 24, "trente": 30, "trente-six": 36}
_UNITS = {"jour": 1.0, "semaine": 7.0, "quinzaine": 15.0, "mois": 365.25 / 12, "trimestre": 365.25 / 4, "semestre": 365.25 / 2, "an": 365.25, "annee": 365.25}
_N = r"(?P<n>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_UNIT = r"(?P<unit>jour|semaine|quinzaine|mois|trimestre|semestre|annee|an)s?\b"
_MONTH = "(?P<month>" + "|".join(fold(month) for month in MONTHS) + r")\b"
_YEAR = r"(?:\s+(?:de l'annee\s+)?(?P<year>20\d\d))?"
_DATES = (
    re.compile(r"(?P<year>20\d\d)-(?P<mm>\d\d)-(?P<day>\d\d)\b"),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<mm>\d{1,2})[/.](?P<year>20\d\d)\b"),
    re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)})\s+)?(?P<day>\d{{1,2}}|premier)(?:er)?\s+{_MONTH}{_YEAR}"),
    re.compile(rf"(?:(?:le |la )?(?P<part>debut|mi|fin|courant)[ -](?:du mois )?(?:de |d')?)?{_MONTH}{_YEAR}"),
    re.compile(rf"(?P<weekday>{'|'.join(WEEKDAYS)})\b(?: prochain)?"),
    re.compile(rf"dans {_N}\s+{_UNIT}"),
    re.compile(r"(?P<next>semaine prochaine|mois prochain|annee prochaine|an prochain|demain|aujourd'hui|maintenant)\b"),
    re.compile(rf"(?P<season>rentree|ete|fin (?:de l'|d')annee)\b{_YEAR}"),
)
_STARTS = re.compile(r"\b(?P<strong>(?:a partir|a compter) (?:de |du |des |d')|des )|\b(?:commen[cç]|demarr|debut(?!\s)|lan[cç]|se met|arriv)[\w']*\s+")
_DEADLINES = re.compile(r"\b(?:d'ici|avant|jusqu'(?:a|en))\s+")
_PREPOSITION = re.compile(r"(?:(?:en|au|a|ce|le|la|du|de la|des|a la|a partir de|a partir du)\s+|l'|a l')?")
_HELD = r"(?:on|je|j|nous|il nous|il me|il)[ '](?:n'|ne )?(?:ai|a|avons|reste)(?: que| plus que)?"
_NOT_A_SPAN = r"(?! (?:de retard|d'avance|d'experience|que|par|chaque|plus tard|apres)\b)"
_SPANS = re.compile(
    rf"\b(?:(?P<said>{_HELD})|en|sur|d'ici(?: a)?|pendant|sous|dans|les(?= \S+ prochain))\s+"
    rf"(?:environ |moins de |seulement |tout juste |les |une petite )?{_N}\s+(?:prochaine?s\s+|petite?s\s+)?{_UNIT}{_NOT_A_SPAN}"
)
_EVERY = re.compile(rf"\btou(?:s|tes) les (?:{_N}\s+)?{_UNIT}")
_SITTINGS = re.compile(
    rf"\b(?:{_N}\s+)?(?P<what>demi[- ]journee|demi[- ]heure|journee|matinee|apres-midi|soiree|heure|h\b|seance|reunion|rencontre|atelier|rendez-vous|fois)s?"
    rf"(?P<half> et demie)?\s+(?:par|chaque|tous les|toutes les)\s+{_UNIT}"
)
_HALF_DAYS = ("demi-journee", "demi journee", "matinee", "apres-midi", "soiree")
_MINUTES = dict.fromkeys(_HALF_DAYS, 210) | {"demi-heure": 30, "demi heure": 30, "journee": DAY_MINUTES, "heure": 60, "h": 60}
_AHEAD = rf"(?:{'|'.join(_NUMBERS)}|mois|jours|pr[eé]vus?|d[eé]cid[eé]|choisi|convenu|vot[eé])\b"  # « on a deux mois », « on a prévu »: not done yet
_PAST = re.compile(
    rf"\b(?:ai|as|a(?! (?:partir|compter))|avons|avez|ont|avait|avions|avaient|sommes|était|etait)\s+(?:(?!{_AHEAD}|\d)\w+\s+)?"
    rf"(?!{_AHEAD})(?:\w{{2,}}(?:é|ée|és|ées|i|is|it|u|us|ert|ait)|commence|demarre|lance|change|organise)\b|\bdepuis\b|\bil y a\b"
)
_CLAUSE = re.compile(r"[.,;:!?()\n]|\b(?:et|mais|puis|donc|alors|car)\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a journey: when to start, in how many days, how often and how long a sitting, from which step.

    ``words`` are the asker's own, for the sentence that says what was done of them.
    """

    start: datetime.date | None = None
    days: int | None = None
    every: float | None = None  # days between two sittings
    minutes: int | None = None  # of one sitting
    words: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """The days that words name, where the words end, and whether a deadline means the last of them (« fin mars », « le mois prochain »)."""

    first: datetime.date
    last: datetime.date
    end: int
    whole: bool


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


# Reading


def read_wish(text: str, today: datetime.date, start: datetime.date | None = None, step: str = "") -> Wish:
    """What a story says of time. ``start``, given apart, wins over the words.

    >>> read_wish("À partir de mars, une demi-journée par mois", datetime.date(2025, 11, 22)).start
    datetime.date(2026, 3, 2)
    >>> read_wish("en six mois", datetime.date(2025, 11, 22)).days
    183
    """
    text = re.sub(r"\s+", " ", text)
    start = start or read_start(text, today)
    every, minutes, rhythm = _sittings(_flat(text), text)
    days, span = _span(_flat(text), text, start or today)
    return Wish(start, days, every, minutes, " et ".join(f"« {words} »" for words in (rhythm, span) if words), step)


def read_start(text: str, today: datetime.date) -> datetime.date | None:
    """The day a story says it starts on, or None. A month or a part of one means its first Monday; a week-end, the Monday after."""
    flat = _flat(text)
    for match in _STARTS.finditer(flat):
        found = _date_after(flat, match.end(), today, skipped=0 if match["strong"] else 3)
        if found and (match["strong"] or not _past(text, match.start(), match.end())):
            return _weekday(found.first)
    return None


def _flat(text: str) -> str:
    """The text folded letter by letter, so that places in it are places in the text."""
    return "".join(folded if len(folded := fold(c)) == 1 else c for c in text)


def _past(text: str, begin: int, end: int) -> bool:
    """Whether the clause around a match tells of what was done; « en deux ans, … » leans on the clause that follows."""
    text = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text, 0, begin))]
    after = _CLAUSE.search(text, end + 1 if text[end : end + 1] == "," else end)
    return bool(_PAST.search(text, cuts[-1], after.start() if after else len(text)))


def _number(raw: str | None) -> int:
    return 1 if not raw else int(raw) if raw.isdigit() else _NUMBERS[raw]


def _date_after(flat: str, place: int, today: datetime.date, skipped: int = 0) -> _Named | None:
    """The days named at a place of a flat text, at most ``skipped`` words later."""
    for _ in range(skipped + 1):
        begin = _PREPOSITION.match(flat, place).end()  # type: ignore[union-attr]  # it matches the empty text
        for pattern in _DATES:
            match = pattern.match(flat, begin)
            if match:
                try:
                    return _Named(*_days(match.groupdict(), today), match.end(), bool(match.groupdict().get("part") or match.groupdict().get("next")))
                except (ValueError, OverflowError):  # the 31st of February
                    return None
        word = re.compile(r"[\w'-]+\s+").match(flat, place)
        if not word:
            return None
        place = word.end()
    return None


def _days(found: Mapping[str, str | None], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    if found.get("weekday"):
        day = today + datetime.timedelta((WEEKDAYS.index(str(found["weekday"])) - today.weekday() - 1) % 7 + 1)
        return day, day
    if found.get("unit"):
        day = today + datetime.timedelta(round(_number(found["n"]) * _UNITS[str(found["unit"])]))
        return day, day
    if found.get("next"):
        return _next(str(found["next"]), today)
    if found.get("season"):
        month, day_of, part = {"rentree": (9, None, None), "ete": (6, 20, None)}.get(str(found["season"]), (12, 31, None))
    else:
        month = int(found["mm"] or 0) if found.get("mm") else [fold(name) for name in MONTHS].index(str(found["month"])) + 1
        day_of = 1 if found.get("day") == "premier" else int(found["day"] or 0) if found.get("day") else None
        part = found.get("part")
    first, last = _in_month(int(found["year"] or 0) or today.year, month, day_of, part)
    if not found["year"] and last < today:
        first, last = _in_month(today.year + 1, month, day_of, part)
    return (max(first, today) if last >= today else first), last


def _next(words: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    monday = today + datetime.timedelta(7 - today.weekday())
    if words.startswith("mois"):
        after = (today.replace(day=1) + datetime.timedelta(32)).replace(day=1)
        return _in_month(after.year, after.month, None, None)
    first = {"demain": today + datetime.timedelta(1), "semaine prochaine": monday}.get(words, today)
    if words.startswith("an"):
        first = _monday(datetime.date(today.year + 1, 1, 1))
    return first, first


def _in_month(year: int, month: int, day: int | None, part: str | None) -> tuple[datetime.date, datetime.date]:
    if day:
        return datetime.date(year, month, day), datetime.date(year, month, day)
    end = (datetime.date(year, month, 28) + datetime.timedelta(4)).replace(day=1) - datetime.timedelta(1)
    first, last = {"debut": (1, 10), "mi": (15, 20), "fin": (23, end.day)}.get(part or "", (1, end.day))
    return _monday(datetime.date(year, month, first)), datetime.date(year, month, last)


def _monday(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(-day.weekday() % 7)


def _weekday(day: datetime.date) -> datetime.date:
    return day if day.weekday() < 5 else _monday(day)


def _sittings(flat: str, text: str) -> tuple[float | None, int | None, str]:
    """Days between two sittings, minutes of one, and the words that say so."""
    match = _SITTINGS.search(flat)
    if match and not _past(text, match.start(), match.end()):
        count, what, unit = _number(match["n"]), match["what"], _UNITS[match["unit"]]
        if what in ("heure", "h"):
            return unit, count * 60 + (30 if match["half"] else 0), text[match.start() : match.end()]
        return max(1.0, unit / max(1, count)), _MINUTES.get(what), text[match.start() : match.end()]
    match = _EVERY.search(flat)
    if match and not _past(text, match.start(), match.end()):
        return min(366.0, max(1, _number(match["n"])) * _UNITS[match["unit"]]), None, text[match.start() : match.end()]
    return None, None, ""


def _span(flat: str, text: str, begin: datetime.date) -> tuple[int | None, str]:
    """The days that the whole may take, and the words that say so."""
    starts = [match.span() for match in _STARTS.finditer(flat)]
    for match in _SPANS.finditer(flat):
        a_start = match.group().startswith("dans") and any(first <= match.start() <= last + 12 for first, last in starts)
        if _number(match["n"]) and not a_start and (match["said"] or not _past(text, match.start(), match.end())):
            return round(_number(match["n"]) * _UNITS[match["unit"]]), text[match.start() : match.end()]
    for match in _DEADLINES.finditer(flat):
        found = None if _past(text, match.start(), match.end()) else _date_after(flat, match.end(), begin, skipped=3)
        day = found and (found.last if found.whole else found.first)
        if found and day and day > begin:
            return (day - begin).days, text[match.start() : found.end]
    return None, ""


# Making


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
    laid, possible = _lay(stages, wish, bool(route), notes)
    if wish.start:
        laid = [_dated(stage, wish.start) for stage in laid]
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


def quoted(title: str) -> str:
    """A title in guillemets, those it holds becoming quotation marks.

    >>> quoted("Quiz « idées reçues »")
    '« Quiz “idées reçues” »'
    """
    inside = re.sub(r"«\s?", "“", re.sub(r"\s?»", "”", title))
    return f"« {inside} »"


def _step_name(step: str, knowledge: Knowledge) -> str:
    return knowledge.demarche.label("etapes", step)


# Laying on the calendar


def _lay(stages: list[Stage], wish: Wish, route: bool, notes: list[str]) -> tuple[list[Stage], bool]:
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


def _dated(stage: Stage, begin: datetime.date) -> Stage:
    if stage.unit == "jour":
        return replace(stage, start=_workday(begin, stage.first - 1), end=_workday(begin, stage.last - 1))
    start = begin + datetime.timedelta(7 * (stage.first - 1))
    end = begin + datetime.timedelta(7 * stage.last - 1)
    end -= datetime.timedelta(max(0, end.weekday() - 4))
    return replace(stage, start=start, end=max(start, end))


def _workday(begin: datetime.date, count: int) -> datetime.date:
    weeks, rest = divmod(begin.weekday() + count, 5) if begin.weekday() < 5 else divmod(count, 5)
    return _weekday(begin) + datetime.timedelta(7 * weeks + rest - _weekday(begin).weekday())


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
