"""Durations as people say them in French, both ways: minutes to words, words to minutes."""

from __future__ import annotations

import re

_PATTERN = re.compile(r"(?P<hours>\d{1,2})\s*h(?:eures?)?\s*(?P<rest>[0-5]\d)?(?!\w)|(?P<minutes>\d{1,4})\s*(?:min(?:utes?)?|mn|')(?!\w)", re.IGNORECASE)
# The bare number before the last one of a range: « 10 à » 15 min, « 10-» 15 min; « Étape 1 – 15 min » is none.
_BARE = re.compile(r"(?:(?<![\w,.])(\d{1,4})(?:\s*à\s*|[-–])|^\s*(\d{1,4})\s*[-–]\s*)$", re.IGNORECASE)


def spoken(minutes: int) -> str:
    """Minutes as people say them.

    >>> spoken(45), spoken(90), spoken(120), spoken(420)
    ('45 min', '1 h 30', '2 h', '7 h')
    """
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def spoken_range(low: int, high: int) -> str:
    """A range of minutes as people say it.

    >>> spoken_range(90, 180), spoken_range(60, 60), spoken_range(10, 15)
    ('1 h 30 à 3 h', '1 h', '10 à 15 min')
    """
    if low == high:
        return spoken(low)
    return f"{low} à {high} min" if high < 60 else f"{spoken(low)} à {spoken(high)}"


def parse_range(text: str) -> tuple[int, int] | None:
    """The minutes (least, most) that a duration in words says, or None.

    >>> parse_range("10 à 15 min"), parse_range("1 h 30"), parse_range("1 h à 1 h 30"), parse_range("une semaine")
    ((10, 15), (90, 90), (60, 90), None)
    """
    matches = list(_PATTERN.finditer(text))[:2]
    if not matches:
        return None
    found = [_minutes(match) for match in matches]
    bare = _BARE.search(text[: matches[0].start()])
    if len(found) == 1 and bare:
        low = int(bare[1] or bare[2])
        found.append(low * 60 if matches[0]["hours"] else low)
        return min(found), found[0]
    return min(found), max(found)


def _minutes(match: re.Match[str]) -> int:
    if match["minutes"]:
        return int(match["minutes"])
    return int(match["hours"]) * 60 + int(match["rest"] or 0)
