"""From runs of text to lines: joins what stands on one baseline, sets list markers apart.

Pure. ``y`` grows down the page. The order of the runs, which is the file's, is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: A gap wider than this many ems on one baseline parts two columns or cells.
COLUMN_GAP = 1.2
WORD_GAP = 0.12
BULLETS = "•●◦▪■◼‣∙·○–—−➢➤✓✔❑❖□▶►→⁃*\ue000-\uf8ff"
MARKER = re.compile(rf"(?:[{BULLETS}\-o§]|\(?\d{{1,2}}[.)°]|\(?[a-z][.)])")
_INLINE_BULLET = re.compile(r"^([•●◦▪■◼‣∙○➢➤✓✔❑❖□▶►⁃\ue000-\uf8ff])\s*(?=\S)|^([–—−\-→*·])\s+(?=\S)")
_INLINE_NUMBER = re.compile(r"^\(?(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text drawn at once. ``turn`` counts the quarter turns of turned text."""

    text: str
    x: float
    right: float
    y: float
    size: float
    bold: bool
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Text on one baseline. ``bold`` is the share of its letters that are; ``marker`` its bullet."""

    text: str
    x: float
    right: float
    y: float
    size: float
    bold: float = 0.0
    marker: str = ""
    marker_x: float = 0.0
    turn: int = 0

    @property
    def edge(self) -> float:
        """Where the line begins, its marker counted."""
        return self.marker_x if self.marker else self.x


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """Lines in the order of their first run; cells of a table row stay lines of their own."""
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.turn):
        if groups and _continues(groups[-1], run):
            groups[-1].append(run)
        else:
            groups.append([run])
    lines = [_line(group) for group in groups]
    return _mark([line for line in lines if line.text])


def _continues(group: Sequence[Run], run: Run) -> bool:
    last = group[-1]
    size = max(last.size, run.size)
    lowered = abs(run.y - last.y) < (0.3 if abs(run.size - last.size) < 0.15 * size else 0.6) * size
    apart = run.x - last.right
    bullet = bool(MARKER.fullmatch("".join(part.text for part in group).strip()))
    return run.turn == last.turn and lowered and -0.5 * size < apart < (0.6 if bullet else COLUMN_GAP) * size


def _line(group: Sequence[Run]) -> Line:
    text = ""
    for before, run in zip([None, *group], group, strict=False):
        if before is not None and run.x - before.right > WORD_GAP * run.size and not text.endswith(" ") and not run.text.startswith(" "):
            text += " "
        text += run.text
    letters = sum(len(run.text.strip()) for run in group) or 1
    size = max(group, key=lambda run: (len(run.text.strip()), run.size))
    bold = sum(len(run.text.strip()) for run in group if run.bold) / letters
    return Line(_plain(text), group[0].x, max(run.right for run in group), size.y, size.size, bold, turn=size.turn)


def _plain(text: str) -> str:
    # LaTeX writes every hyphen as U+2011; typesetters cut words with U+2010, see french.join_lines.
    text = text.replace("\u2011", "-").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text).strip()


def _mark(lines: list[Line]) -> list[Line]:
    """Give each lone marker to the line at its right; a marker far from it in the file is dropped from the text."""
    text = [line for line in lines if not MARKER.fullmatch(line.text)]
    marked: dict[int, Line] = {}
    for place, line in enumerate(lines):
        if not MARKER.fullmatch(line.text):
            continue
        owner = _owner(line, text)
        if owner is None:
            continue
        follows = place + 1 < len(lines) and lines[place + 1] is owner
        number = line.text + " " if follows and any(c.isalnum() for c in line.text.replace("o", "")) else ""
        marked[id(owner)] = replace(owner, text=number + owner.text, marker=line.text, marker_x=line.x)
    return [_inline(marked.get(id(line), line)) for line in text]


def _owner(marker: Line, lines: Iterable[Line]) -> Line | None:
    near = [
        line
        for line in lines
        if line.turn == marker.turn and abs(line.y - marker.y) < 0.5 * max(line.size, marker.size) and -1 < line.x - marker.right < 4 * line.size
    ]
    return min(near, key=lambda line: line.x, default=None)


def _inline(line: Line) -> Line:
    """The line with the bullet that begins its text taken as its marker; a number stays in the text too."""
    if line.marker:
        return line
    if bullet := _INLINE_BULLET.match(line.text):
        return replace(line, text=line.text[bullet.end() :], marker=(bullet.group(1) or bullet.group(2)), marker_x=line.x)
    if number := _INLINE_NUMBER.match(line.text):
        return replace(line, marker=number.group().strip(), marker_x=line.x)
    return line
