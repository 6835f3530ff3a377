"""Leaves out what belongs to the page and not to the text: running heads, page numbers, contents tables.

Pure. A line is furniture by its place and its repetition, never by its words alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from corpus.french import fold
from ingest.lines import Line

_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—|]?\s*\d{1,4}\s*[-–—|]?(?:\s*(?:/|sur|of|de)\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d{0,4}$|…\s?…[\s.…]*\d{0,4}$")
_ENTRY = re.compile(r".*(?:\.\s?){4,}\s*\d{1,4}$|.*…[\s.…]*\d{1,4}$")
_CONTENTS = re.compile(r"(?:table des mati[eè]res|sommaire|contents|table of contents)\s*:?", re.IGNORECASE)
#: How many lines from the top and from the bottom may be running heads or feet.
EDGE_LINES = 4


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page that are text."""
    heights = _span(pages)
    edges = [_edge(lines, heights) for lines in pages]
    seen = Counter(key for lines in edges for key in {_key(line) for line in lines})
    least = max(2, math.ceil(0.4 * len([lines for lines in pages if lines])))
    kept: list[list[Line]] = []
    opened = False
    for lines, edge in zip(pages, edges, strict=True):
        furniture = {id(line) for line in edge if seen[_key(line)] >= least or _PAGE_NUMBER.fullmatch(line.text)}
        text = [line for line in lines if id(line) not in furniture]
        kept.append(without_contents(text, opened))
        opened = len(kept[-1]) < len(text)
    return kept


def _span(pages: Sequence[Sequence[Line]]) -> tuple[float, float]:
    ys = [line.y for lines in pages for line in lines if not line.turn]
    return (min(ys), max(ys)) if ys else (0.0, 0.0)


def _edge(lines: Sequence[Line], span: tuple[float, float]) -> list[Line]:
    """The lines at the very top or bottom of the printed height, as few rows as a head or foot has."""
    top, bottom = span
    zone = 0.12 * (bottom - top)
    rows = sorted({round(line.y) for line in lines})
    outer = {*rows[:EDGE_LINES], *rows[-EDGE_LINES:]}
    return [line for line in lines if round(line.y) in outer and (line.y < top + zone or line.y > bottom - zone)]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", fold(line.text)), round(line.y / 6)


def without_contents(lines: Sequence[Line], opened: bool = False) -> list[Line]:
    """The lines without the entries of a contents table, known by their dotted leaders.

    Around such an entry, lines that end in a page number, lone numbers and the cut beginnings of
    entries go too, and so does the title « Sommaire » before it. A table ``opened`` on the page before
    may end here with one entry.
    """
    entry = [bool(_LEADERS.search(line.text)) and _leads_to_page(lines, place) for place, line in enumerate(lines)]
    if sum(entry) < (1 if opened else 3):
        return list(lines[_last_entries(lines) if opened else 0 :])
    first, last = entry.index(True), len(entry) - 1 - entry[::-1].index(True)
    start = next((place for place in range(first, -1, -1) if _CONTENTS.fullmatch(lines[place].text.strip())), first)
    if start == first:
        while start > 0 and _entry_like(lines[start - 1]):
            start -= 1
    end = last + 1
    while end < len(lines) and _entry_like(lines[end]):
        end += 1
    return [*lines[:start], *lines[end:]]


def _last_entries(lines: Sequence[Line]) -> int:
    """How many lines at the head of a page are the undotted end of a contents table begun before."""
    place = 0
    while place < len(lines) and (
        _entry_like(lines[place]) or (place + 1 < len(lines) and abs(lines[place + 1].y - lines[place].y) < 2 and lines[place + 1].text.isdigit())
    ):
        place += 1
    return place


def _leads_to_page(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    if _ENTRY.fullmatch(line.text):
        return True
    after = lines[place + 1] if place + 1 < len(lines) else None
    return after is not None and abs(after.y - line.y) < 2 and after.text.isdigit()


def _entry_like(line: Line) -> bool:
    return line.text.isdigit() or bool(re.fullmatch(r"\d+(?:\.\d+)*\.?", line.text)) or bool(re.search(r"\s\d{1,4}$", line.text) and len(line.text) < 120)
