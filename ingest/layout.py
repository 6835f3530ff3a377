"""From the lines of every page to blocks: headings, paragraphs, list items, table rows.

Pure. Nothing is reordered inside a block and no word of it is dropped, so that a quotation is found
again on its page. Running heads and feet, page numbers and tables of contents are left out.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.documents import Block, BlockKind
from corpus.french import join_lines, normalise
from ingest.columns import in_reading_order
from ingest.furniture import without_furniture
from ingest.lines import Line
from ingest.tables import Row, with_tables

_STOP = re.compile(r"[.!?:;…»)]\s*$")
_NUMBERED_HEADING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})+\.?|[IVX]{1,4}[.)]|[A-Z][.)]|(?:ANNEXE|Annexe|ARTICLE|Article)\s+\w+)\s+\S")
_FORM = re.compile(r"\s*(?:(?:[.…]\s?){6,}|…[.…]+|_{3,})")
_CONTENTS_ENTRY = re.compile(r"\.{4,}\s?\d{1,3}(?= \D|$).*\.{4,}\s?\d{1,3}(?= |$)|\.{5,} \d{1,3} \d+\.\d")
_POSTCODE = re.compile(r"\d{2} ?\d{3}\b")
_CONTENTS = re.compile(r"(?:table des mati[eè]res|sommaire)\s*:?", re.IGNORECASE)
LONGEST_HEADING = 200
#: How a heading looks: its size, whether it is bold, how little deep its number goes.
Look = tuple[float, bool, int]


@dataclass(frozen=True, slots=True)
class Style:
    """What is ordinary in a document: the size of its text, its leading in ems, its bold share."""

    size: float
    leading: float
    bold: bool


def blocks_of(pages: Sequence[Sequence[Line]]) -> list[list[Block]]:
    """The blocks of each page, numbered from 1, from its lines in reading order."""
    kept = [in_reading_order(lines) for lines in without_furniture(pages)]
    style = style_of(kept)
    groups: list[list[list[Line] | Row]] = []
    for lines in kept:
        last = groups[-1][-1] if groups and groups[-1] else None
        groups.append(_grouped(with_tables(lines, style.leading, last.under if isinstance(last, Row) else None), style))
    ranks = _ranks([group for page in groups for group in page if isinstance(group, list)], style)
    made = [[block for group in page if (block := _block(group, number, style, ranks)) is not None] for number, page in enumerate(groups, start=1)]
    deepest = max(ranks.values(), default=0)
    return [finished(blocks, deepest) for blocks in made]


def style_of(pages: Sequence[Sequence[Line]]) -> Style:
    """The ordinary style, weighed by characters."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    leadings: list[float] = []
    for lines in pages:
        for before, line in zip([None, *lines], lines, strict=False):
            sizes[round(line.size * 2) / 2] += len(line.text)
            bold[line.bold > 0.9] += len(line.text)
            if before is not None and abs(before.size - line.size) < 0.5 and 0.8 < (step := (line.y - before.y) / max(line.size, 1)) < 2.2:
                leadings.append(step)
    return Style(sizes.most_common(1)[0][0] if sizes else 10.0, min(median(leadings), 1.7) if leadings else 1.3, bold[True] > bold[False])


def _grouped(elements: Sequence[Line | Row], style: Style) -> list[list[Line] | Row]:
    """Lines that make one block put together; a table row is a block of its own."""
    lines = [element for element in elements if isinstance(element, Line)]
    groups: list[list[Line] | Row] = []
    for element in elements:
        last = groups[-1] if groups else None
        if isinstance(element, Line) and isinstance(last, list) and _goes_on(last, element, style, lines):
            last.append(element)
        else:
            groups.append([element] if isinstance(element, Line) else element)
    return groups


def _goes_on(group: list[Line], line: Line, style: Style, page: Sequence[Line]) -> bool:
    """Whether a line carries on the block that ``group`` has begun."""
    first, last = group[0], group[-1]
    if line.turn != last.turn or abs(line.size - last.size) > 0.12 * last.size:
        return False
    step = (line.y - last.y) / max(last.size, 1)
    if abs(step) < 0.3 and line.x > last.right - 1:
        return not line.marker or line.marker[0].isalnum()
    if line.marker and not _false_marker(group, line, page):
        return False
    if not 0.5 < step <= style.leading * 1.22 and not _past_a_figure(group, line, step, page):
        return False
    if not _level(group, line):
        return False
    if (bold := _boldness(group)) != (line.bold > 0.95) and not _wrapped(last, line, page):
        return False
    if first.marker:
        return line.edge >= first.edge - 2
    return bold or not _broken(last, line, page)


def _past_a_figure(group: Sequence[Line], line: Line, step: float, page: Sequence[Line]) -> bool:
    """Whether a paragraph that a figure cut in two goes on below it: in the middle of a sentence, after a full line."""
    last = group[-1]
    cut = step > 5 and len(group) > 1 and not _STOP.search(last.text) and line.text[:1].islower() and not line.marker
    return cut and abs(line.x - last.x) < 3 and _fills(last, line, page)


def _boldness(group: Sequence[Line]) -> bool:
    return all(line.bold > 0.95 for line in group)


def _false_marker(group: Sequence[Line], line: Line, page: Sequence[Line]) -> bool:
    """Whether a dash or number at the start of a line only stands there because the line was cut there."""
    first, last = group[0], group[-1]
    if line.marker_x != line.x or not (line.marker in "–—−-*→·" or line.marker[0].isdigit()):
        return False
    if first.marker and abs(line.edge - first.edge) < 3:
        return False
    return not _STOP.search(last.text) and abs(line.x - last.x) < 3 and _fills(last, line, page)


def _level(group: list[Line], line: Line) -> bool:
    """Whether a line begins where the block's lines begin: a first line may stand further in or out."""
    first, last = group[0], group[-1]
    if first.marker:
        return abs(line.x - (first.x if len(group) == 1 else last.x)) < 4 or -2 <= line.x - first.edge < 3.5 * first.size
    if len(group) == 1:
        hanging = 4 * first.size if _boldness([first, line]) else 3
        return -3.5 * first.size < line.x - first.x < hanging
    centred = abs((line.x + line.right) - (last.x + last.right)) < 4
    return abs(line.x - last.x) < 3 or centred


def _margin(last: Line, page: Sequence[Line]) -> float:
    """The right edge of the column that a line stands in."""
    return max((line.right for line in page if abs(line.x - last.x) < 4 and line.turn == last.turn), default=last.right)


def _fills(last: Line, line: Line, page: Sequence[Line]) -> bool:
    """Whether the first word of ``line`` would not have fitted on ``last``."""
    word = line.text.split(" ", 1)[0]
    wide = (line.right - line.x) / max(len(line.text), 1) * (len(word) + 1)
    return last.right + wide + 0.8 * last.size > _margin(last, page)


def _wrapped(last: Line, line: Line, page: Sequence[Line]) -> bool:
    """Whether a change of weight falls inside a sentence: the line before is full and has not ended."""
    return _fills(last, line, page) and not re.search(r"[.!?:]\s*$", last.text) and not line.text[:1].isupper()


def _broken(last: Line, line: Line, page: Sequence[Line]) -> bool:
    """Whether the line before was ended on purpose: there was room, and a sentence or entry begins."""
    if _fills(last, line, page):
        return False
    return bool(_STOP.search(last.text)) or line.text[:1].isupper() or line.text[:1].isdigit()


def _ranks(groups: Sequence[Sequence[Line]], style: Style) -> dict[Look, int]:
    """The level of each heading style: the larger, and the bolder, the higher."""
    seen = {_look(group) for group in groups if is_heading(group, style)}
    return {look: min(rank, 6) for rank, look in enumerate(sorted(seen, reverse=True), start=1)}


def _look(group: Sequence[Line]) -> Look:
    number = re.match(r"\d{1,2}(?:\.\d{1,2})*", group[0].text)
    return round(group[0].size * 2) / 2, _boldness(group), -number.group().count(".") if number else 0


def is_heading(group: Sequence[Line], style: Style) -> bool:
    """Whether lines make a heading: larger, bold, numbered or in capitals; short; no full stop at its end."""
    text = join_lines("\n".join(line.text for line in group))
    letters = [c for c in text if c.isalpha()]
    if (
        len(letters) < (2 if group[0].size > style.size * 1.12 + 0.2 else 3)
        or len(text) > LONGEST_HEADING
        or len(group) > 4
        or text.endswith((";", ",", "…"))
        or (text.endswith(".") and len(text) > 60)
    ):
        return False
    if (group[0].marker and not group[0].marker[0].isalnum()) or _POSTCODE.match(text):
        return False
    if group[0].size > style.size * 1.12 + 0.2:
        return True
    if group[0].size < style.size * 0.93:
        return False
    if _boldness(group) and not style.bold and len(text) <= 160:
        return True
    capitals = len(letters) >= 4 and len(text) <= 90 and all(c.isupper() for c in letters)
    numbered = bool(_NUMBERED_HEADING.match(text)) and len(text) <= 90 and len(group) == 1
    return (capitals or numbered) and not text.endswith(".")


def _block(group: list[Line] | Row, number: int, style: Style, ranks: dict[Look, int]) -> Block | None:
    if isinstance(group, Row):
        return _made("row", group.text, number, 1)
    text = join_lines("\n".join(line.text for line in group))
    if is_heading(group, style):
        return _made("heading", text, number, ranks.get(_look(group), 1))
    return _made("item" if group[0].marker else "paragraph", text, number, 1)


def _made(kind: BlockKind, text: str, number: int, level: int) -> Block | None:
    clean = shown(text)
    return Block(kind, clean, number, level) if any(c.isalnum() for c in clean) else None


def finished(blocks: Sequence[Block], deepest: int) -> list[Block]:
    """The blocks without contents tables run together as text, short lines that lead a text made its headings.

    These headings stand below the document's ``deepest`` ones: their rank cannot be seen.
    """
    listed = {place for place, block in enumerate(blocks) if _CONTENTS_ENTRY.search(block.text) and block.kind in ("paragraph", "item")}
    kept = [block for place, block in enumerate(blocks) if place not in listed and not (place + 1 in listed and _CONTENTS.fullmatch(block.text))]
    led = [replace(block, kind="heading", level=min(deepest + 1, 6)) if _leads(block, after) else block for block, after in itertools.pairwise(kept)]
    return [*led, *kept[-1:]]


def _leads(block: Block, after: Block) -> bool:
    """Whether a paragraph is a heading without the look of one: short, unpunctuated, right before a text or a list."""
    text = block.text
    if block.kind != "paragraph" or not 8 <= len(text) <= 90 or " " not in text or not text[0].isupper():
        return False
    if re.search(r"[.!:;,…@]$|https?:|\S@\S|\d{2}[ .]\d{2}[ .]\d{2}|^(?:figure|image|photo|source|tableau|crédit)s?\b", text, re.IGNORECASE):
        return False
    return after.kind == "item" or (after.kind == "paragraph" and len(after.text) >= 100)


def shown(text: str) -> str:
    """A block's text as it is stored: one line, dotted lines of forms shortened, no typesetter's hyphen.

    >>> shown("Nom : ................")
    'Nom : …'
    """
    text = normalise(text.encode("utf-8", "ignore").decode()).replace("\n", " ").replace("\u2010", "-").replace("\u2011", "-")
    return normalise(_FORM.sub(" … ", text))
