"""What the formats without pages have in common: a flow of blocks on one page, tables as grids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpus.documents import NO_PAGE, Block, BlockKind, Page, Reading
from corpus.french import fold, shorten
from ingest.dates import date_in, deadline_in
from ingest.layout import finished, shown
from ingest.tables import join_cells

#: A date stands on the first page; in a flow, among the first blocks.
FIRST_BLOCKS = 15


def block(kind: BlockKind, text: str, level: int = 1) -> tuple[Block, ...]:
    """The block, cleaned; nothing if its text holds neither letter nor digit."""
    clean = shown(text)
    return (Block(kind, clean, NO_PAGE, max(1, min(level, 6))),) if any(c.isalnum() for c in clean) else ()


def grid(rows: Sequence[Sequence[str]], header: Sequence[str] | None = None) -> tuple[Block, ...]:
    """A table as row blocks, each cell under its title; without a known header the first row is tried.

    A table of one column, or of one row, is only layout: its cells are paragraphs.
    """
    rows = [[shown(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if (header is None and len(rows) < 2) or max((len(row) for row in rows), default=0) < 2:
        return tuple(made for row in rows for cell in row for made in block("paragraph", cell))
    if header is None and _titles(rows[0], rows[1:]):
        header, rows = rows[0], rows[1:]
    titles = [shown(title) for title in header or ()]
    return tuple(made for row in rows for made in block("row", join_cells(row, titles)))


def _titles(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether a first row is one of titles: all filled, different, short and without full stop."""
    return (
        all(cell and len(cell) <= 60 and not cell.endswith((".", ";", ",")) and any(c.isalpha() for c in cell) for cell in first)
        and len({fold(cell) for cell in first}) == len(first)
        and all(len(row) <= len(first) for row in rest)
    )


def _file_name(text: str) -> bool:
    """Whether a title is only a file's name, as converters put at the head of what they convert."""
    return bool(re.fullmatch(r"[^\s]+[-_.][^\s]+", text)) and not text.startswith(("http", "www")) and "@" not in text


def title_of(blocks: Sequence[Block]) -> str:
    """A document's title by its first blocks: the highest heading that no number marks as a section, else a line in capitals, else the first line."""
    first = blocks[:FIRST_BLOCKS]
    heads = [made for made in first if made.kind == "heading" and not made.text[0].isdigit()]
    capitals = [made for made in first if made.kind == "paragraph" and len(made.text.split()) > 2 and not made.text[0].isdigit() and _in_capitals(made.text)]
    found = min(heads, key=lambda made: made.level) if heads else next(iter([*capitals, *first]), None)
    return shorten(found.text, 200) if found else ""


def _in_capitals(text: str) -> bool:
    alphabetic = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in alphabetic) > 0.9 * len(alphabetic)


def reading(blocks: Iterable[Block], title: str = "", details: Mapping[str, Any] | None = None, remarks: Sequence[str] = ()) -> Reading:
    """A Reading of one page without number; the title defaults to the first heading, else the first line."""
    found = tuple(blocks)
    kept = tuple(finished(found, max((made.level for made in found if made.kind == "heading"), default=0)))
    if _file_name(title) or (kept and _file_name(kept[0].text)):
        title = "" if _file_name(title) else title
        kept = kept[1:] if _file_name(kept[0].text) and len(kept) > 1 else kept
    known = dict(details or {})
    known.setdefault("date", date_in(made.text for made in kept[:FIRST_BLOCKS]))
    known.setdefault("valid_until", deadline_in(made.text for made in kept))
    return Reading(
        shown(title) or title_of(kept),
        (Page(NO_PAGE, "\n".join(made.text for made in kept)),),
        kept,
        tuple(remarks),
        {key: value for key, value in known.items() if value},
    )
