"""From a chosen sentence to what is shown around it: whole blocks and sentences of its passage, contiguous, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from assistant.quoting import Sentence, passage_sentences
from assistant.rows import is_row
from corpus.documents import Passage


@dataclass(frozen=True, slots=True)
class Window:
    """A contiguous run of a passage's text: what is quoted. ``text`` may hold several blocks, one a line."""

    start: int
    end: int
    text: str


def window(passage: Passage, chosen: Sentence, budget: int) -> Window:
    """The sentence with as much of its surroundings as the budget allows: its block, its lead-in, what follows, what precedes.

    The sentence itself is always whole, even when it is longer than the budget.
    """
    parts = passage_sentences(passage)
    place = next((i for i, part in enumerate(parts) if part.start == chosen.start), 0)
    first = last = place

    def size(a: int, b: int) -> int:
        return parts[b].end - parts[a].start

    lead = _lead_in(parts, place, passage)
    if lead is not None and size(lead, last) <= budget:
        first = lead
    grown = True
    while grown:
        grown = False
        following = _following(parts, last, passage)
        if following is not None and size(first, following) <= budget:
            last, grown = following, True
        elif first > 0 and _belongs(parts[first - 1], parts[first], passage) and size(first - 1, last) <= budget:
            first, grown = first - 1, True
    return Window(parts[first].start, parts[last].end, passage.text[parts[first].start : parts[last].end])


def whole(passage: Passage, budget: int) -> Window:
    """As many whole sentences of the passage, from its beginning, as the budget allows (one at least)."""
    parts: Sequence[Sentence] = passage_sentences(passage)
    lines = [part for part in parts if is_row(part.text)]
    before = list(takewhile(lambda part: not is_row(part.text), parts))
    if lines:  # not together: between the two stood the row of titles
        parts = before if len(before) > len(lines) else lines
    if not parts:
        return Window(0, len(passage.text), passage.text)
    last = max((i for i, part in enumerate(parts) if part.end - parts[0].start <= budget), default=0)
    return Window(parts[0].start, parts[last].end, passage.text[parts[0].start : parts[last].end])


def _lead_in(parts: Sequence[Sentence], place: int, passage: Passage) -> int | None:
    """The sentence that announces the list or table in which this one stands, or None."""
    if passage.kind != "list":
        return None
    for i in range(place - 1, -1, -1):
        if parts[i].text.rstrip().endswith(":"):
            return i
    return None


def _following(parts: Sequence[Sentence], last: int, passage: Passage) -> int | None:
    """The next part that may be shown with this one, and what announces it on the way: an announcement alone says nothing."""
    for i in range(last + 1, len(parts)):
        if not _belongs(parts[i - 1], parts[i], passage):
            return None
        if not parts[i].text.rstrip().endswith(":"):
            return i
    return None


def _belongs(one: Sentence, other: Sentence, passage: Passage) -> bool:
    """Whether two neighbours may be shown together: same block, or blocks of one list, or a block and what it announces."""
    if is_row(one.text) != is_row(other.text):  # between a lead-in and its rows stood the row of titles
        return False
    return one.line == other.line or passage.kind != "prose" or one.text.rstrip().endswith(":") or other.line - one.line == 1
