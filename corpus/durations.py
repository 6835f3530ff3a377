"""Durations as people say them in French, both ways: minutes to words, words to minutes."""

from __future__ import annotations

import re

_PATTERN = re.compile(r"(?P<hours>\d{1,2})\s*h(?:eures?)?\s*(?P<rest>[0-5]\d)?(?!\w)|(?P<minutes>\d{1,4})\s*(?:min(?:utes?)?|mn|')(?!\w)", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(\d{1,4})\s*(?:à|-|–)\s*(?=\d)", re.IGNORECASE)


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
    found = [_minutes(match) for match in _PATTERN.finditer(text)]
    if not found:
        return None
    if len(found) == 1:
        bare = _RANGE.match(text)
        low = int(bare.group(1)) if bare else found[0]
        if bare and _PATTERN.search(text).group("hours"):  # type: ignore[union-attr]
            low *= 60
        return min(low, found[0]), found[0]
    return min(found[:2]), max(found[:2])


def _minutes(match: re.Match[str]) -> int:
    if match["minutes"]:
        return int(match["minutes"])
    return int(match["hours"]) * 60 + int(match["rest"] or 0)
