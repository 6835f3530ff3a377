"""Wishes: what the asker's words say of time — when to start, in how long, at what rhythm."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.french import MONTHS_FOLDED, fold

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAY_MINUTES = 420  # a working day, as elsewhere in the assistant

_NUMBERS = dict(zip("un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(), range(1, 17), strict=True))
_NUMBERS |= {"une": 1, "dix-huit": 18, "vingt": 20, "vingt-quatre": 24, "trente": 30, "trente-six": 36}
_UNITS = {"jour": 1.0, "semaine": 7.0, "quinzaine": 15.0, "mois": 365.25 / 12, "trimestre": 365.25 / 4, "semestre": 365.25 / 2, "an": 365.25, "annee": 365.25}
_N = r"(?P<n>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_UNIT = r"(?P<unit>jour|semaine|quinzaine|mois|trimestre|semestre|annee|an)s?\b"
_MONTH = "(?P<month>" + "|".join(MONTHS_FOLDED) + r")\b"
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
            return working_day(found.first)
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
        month = int(found["mm"] or 0) if found.get("mm") else MONTHS_FOLDED.index(str(found["month"])) + 1
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


def working_day(day: datetime.date) -> datetime.date:
    """The day, or the Monday after a week-end."""
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
