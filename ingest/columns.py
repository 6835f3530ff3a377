"""Puts the lines of a two-column page in reading order where the file drew them across both columns.

Pure. Most files draw one column after the other, and are left as they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from ingest.lines import Line

#: So many lines side by side, so long, at one step: text set in columns, not a table.
LEAST_PAIRS, LEAST_LETTERS, REGULAR = 8, 25, 0.75


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines, the left column before the right one where they were drawn in turns."""
    pairs = [(left, right) for left, right in itertools.pairwise(lines) if _side_by_side(left, right)]
    if len(pairs) < LEAST_PAIRS or not _text(pairs):
        return list(lines)
    gutter = median(right.x for _, right in pairs)
    top, bottom = min(left.y for left, _ in pairs), max(left.y for left, _ in pairs)
    among = [place for place, line in enumerate(lines) if top - 1 <= line.y <= bottom + 1 and not line.turn]
    first, last = among[0], among[-1]
    inner = lines[first : last + 1]
    if any(line.x < gutter - 4 < line.right - 4 for line in inner):
        return list(lines)
    left = [line for line in inner if line.x < gutter - 4]
    right = [line for line in inner if line.x >= gutter - 4]
    return [*lines[:first], *left, *right, *lines[last + 1 :]]


def _side_by_side(left: Line, right: Line) -> bool:
    return abs(left.y - right.y) < 0.3 * left.size and right.x > left.right + 0.5 * left.size and left.turn == right.turn


def _text(pairs: Sequence[tuple[Line, Line]]) -> bool:
    """Whether lines side by side are running text: long on both sides, aligned, evenly spaced."""
    if min(median(len(left.text) for left, _ in pairs), median(len(right.text) for _, right in pairs)) < LEAST_LETTERS:
        return False
    gutter = median(right.x for _, right in pairs)
    if sum(abs(right.x - gutter) < 4 for _, right in pairs) < REGULAR * len(pairs):
        return False
    steps = [after.y - before.y for (before, _), (after, _) in itertools.pairwise(pairs)]
    usual = median(steps)
    return sum(abs(step - usual) < 1 for step in steps) >= REGULAR * len(steps)
