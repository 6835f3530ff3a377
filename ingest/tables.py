"""Finds tables among the lines of a page: cells side by side, rows of aligned cells.

Pure. A file draws a table cell by cell, row by row; nothing but places tells a cell from a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.french import join_lines
from ingest.lines import BULLETS, Line

#: How far apart, in points, the left edges of one column may stand.
ALIGNED = 4.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side, each made of lines; ``under`` is the row of titles that applies to it."""

    cells: tuple[tuple[Line, ...], ...]
    under: Row | None = None

    @property
    def top(self) -> float:
        """The highest baseline."""
        return min(line.y for cell in self.cells for line in cell)

    @property
    def bottom(self) -> float:
        """The lowest baseline."""
        return max(line.y for cell in self.cells for line in cell)

    @property
    def edges(self) -> tuple[float, ...]:
        """The left edge of each cell."""
        return tuple(min(line.edge for line in cell) for cell in self.cells)

    @property
    def text(self) -> str:
        """The row as one line: « titre : cellule | titre : cellule »."""
        return join_cells([cell_text(cell) for cell in self.cells], self.titles())

    def titles(self) -> list[str]:
        """The title that stands over each cell; none at all if two cells would share one."""
        if self.under is None:
            return []
        found = []
        for edge in self.edges:
            over = [number for number, other in enumerate(self.under.edges) if other <= edge + ALIGNED]
            found.append(cell_text(self.under.cells[over[-1]]) if over else "")
        return found if len(set(found)) == len(found) else []


def join_cells(cells: Sequence[str], header: Sequence[str] = ()) -> str:
    """One line for a row, each cell under its column's title; empty cells are left out.

    A cell alone in its row goes without its title: nothing would tell the two apart when it is quoted.

    >>> join_cells(["J0", "4 février"], ["Étape", "Date"]), join_cells(["J0", ""], ["Étape", "Date"])
    ('Étape : J0 | Date : 4 février', 'J0')
    """
    titled = len(header) == len(cells) and sum(bool(cell.strip()) for cell in cells) > 1
    titles = list(header) if titled else [""] * len(cells)
    return " | ".join(f"{title.rstrip(' :')} : {cell}" if title.strip(" :") else cell for title, cell in zip(titles, cells, strict=True) if cell.strip())


def cell_text(cell: Sequence[Line]) -> str:
    """The lines of a cell as one; a dash that was taken for a list marker goes back to its place."""
    texts = [
        line.text if not line.marker or line.text.startswith(line.marker) else f"{'-' if line.marker in BULLETS else line.marker} {line.text}" for line in cell
    ]
    return join_lines("\n".join(texts))


def with_tables(lines: Sequence[Line], leading: float = 1.4, titles: Row | None = None) -> list[Line | Row]:
    """The same lines in the same order, runs of table rows replaced by rows.

    ``leading`` is the ordinary step between lines, in ems; ``titles`` those of a table that the page before left open.
    """
    found: list[Line | Row] = []
    place = 0
    while place < len(lines):
        rows, after = _table(lines, place, leading * 1.22)
        if rows:
            found.extend(_headed(rows, titles if place == 0 else None))
            place = after
        else:
            found.append(lines[place])
            place += 1
    return found


def _table(lines: Sequence[Line], place: int, tight: float) -> tuple[list[Row], int]:
    """The rows of a table that begins at ``place``, and where it ends; no rows if there is none."""
    rows: list[Row] = []
    full, kept, end = 0, 0, place
    while place < len(lines):
        row, after = _row(lines, place, tight)
        if (rows and not _below(rows, row)) or (not rows and len(row.cells) < 2):
            break
        rows.append(row)
        place = after
        if len(row.cells) >= 2:
            full, kept, end = full + 1, len(rows), after
    return (rows[:kept], end) if full >= 2 else ([], end)


def _row(lines: Sequence[Line], place: int, tight: float) -> tuple[Row, int]:
    cells: list[tuple[Line, ...]] = []
    while place < len(lines):
        cell = _cell(lines, place, tight, bool(cells))
        if cells and not _beside(cells, cell):
            break
        cells.append(cell)
        place += len(cell)
    return Row(tuple(cells)), place


def _cell(lines: Sequence[Line], place: int, tight: float, inner: bool) -> tuple[Line, ...]:
    """Lines below one another with one left edge; the first cell of a row ends where something stands beside it."""
    cell = [lines[place]]
    for line in lines[place + 1 :]:
        last = cell[-1]
        below = 0.5 * last.size < line.y - last.y < tight * last.size and line.turn == last.turn
        level = abs(line.edge - cell[0].edge) < ALIGNED or (cell[0].marker and abs(line.edge - cell[0].x) < ALIGNED)
        if not below or not level:
            break
        cell.append(line)
    return tuple(cell if inner or not _row_by_row(lines, place) else cell[:1])


def _row_by_row(lines: Sequence[Line], place: int) -> bool:
    """Whether the very next line stands beside this one, on its baseline."""
    if place + 1 >= len(lines):
        return False
    line, after = lines[place], lines[place + 1]
    return abs(after.y - line.y) < 0.5 * line.size and after.edge > line.right


def _beside(cells: Sequence[tuple[Line, ...]], cell: tuple[Line, ...]) -> bool:
    """Whether a cell stands at the right of the others, at their height."""
    left = min(line.edge for line in cell)
    if left <= max(line.right for line in cells[-1]) + 1 or cell[0].turn != cells[0][0].turn:
        return False
    top, bottom = min(line.y for before in cells for line in before), max(line.y for before in cells for line in before)
    size = cell[0].size
    return cell[0].y - 0.4 * size <= bottom and cell[-1].y + 0.4 * size >= top


def _below(rows: Sequence[Row], row: Row) -> bool:
    """Whether a row goes on a table: under its last row, not far, its cells under its columns.

    A lone cell must also keep within its column: a line that runs across several is a paragraph.
    """
    last, size = rows[-1], row.cells[0][0].size
    alone = len(row.cells) < 2
    if not last.bottom - 0.2 * size < row.top < last.bottom + (3 if alone else 6) * size:
        return False
    edges = [edge for known in rows for edge in known.edges]
    if alone and any(row.edges[0] + ALIGNED < edge < max(line.right for line in row.cells[0]) for edge in edges):
        return False
    matched = sum(any(abs(edge - other) < ALIGNED for other in edges) for edge in row.edges)
    return matched >= min(2, len(row.cells))


def _headed(rows: list[Row], before: Row | None) -> list[Row]:
    """Rows under their titles, the row of titles itself left out, where there is a clear one."""
    if before is not None and _below([replace(before)], _moved(rows[0], before)):
        again = [cell_text(cell) for cell in rows[0].cells] == [cell_text(cell) for cell in before.cells]
        return [replace(row, under=before) for row in rows[again:]]
    titles = _header(rows)
    return rows if titles is None else [replace(row, under=titles) for row in rows[1:]]


def _moved(row: Row, before: Row) -> Row:
    """A row as if it stood just under another: only its columns are to be compared."""
    down = before.bottom + row.cells[0][0].size - row.top
    return Row(tuple(tuple(replace(line, y=line.y + down) for line in cell) for cell in row.cells))


def _header(rows: Sequence[Row]) -> Row | None:
    """The first row, if it is one of titles: as many as there are columns, short, bold or shorter than the rest."""
    first, rest = rows[0], rows[1:]
    titles = [cell_text(cell) for cell in first.cells]
    if len(titles) < max(len(row.cells) for row in rest) or any(len(title) > 45 or title.endswith((".", ";", ",")) for title in titles):
        return None
    bold = all(line.bold > 0.9 for cell in first.cells for line in cell)
    plain = any(line.bold < 0.5 for row in rest for cell in row.cells for line in cell)
    if bold and plain:
        return first
    longest = max(len(cell_text(cell)) for row in rest for cell in row.cells)
    digits = any(re.search(r"\d", title) for title in titles)
    return first if not digits and longest > 2 * max(len(title) for title in titles) else None
