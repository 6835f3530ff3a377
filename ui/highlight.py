"""A quotation found again in a page, letters only, so that typography and line breaks do not count."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from corpus.french import letters

Span = tuple[int, int]


def locate(quote: str, segments: Sequence[str]) -> list[list[Span]]:
    """Where ``quote`` stands in ``segments`` read one after the other: for each segment, its spans (start, end); [] when nowhere.

    >>> locate("l'usage, réel", ["D'abord l’usage", "réel. Puis"])
    [[(8, 15)], [(0, 5)]]
    """
    wanted = letters(quote)
    held = [letters(segment) for segment in segments]
    at = "".join(held).find(wanted) if wanted else -1
    if at < 0:
        return []
    found: list[list[Span]] = []
    begin = 0
    for segment, kept in zip(segments, held, strict=True):
        first, last = max(at, begin) - begin, min(at + len(wanted), begin + len(kept)) - begin
        found.append([_span(segment, first, last)] if first < last else [])
        begin += len(kept)
    return found


def cut(text: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is part of the quotation.

    >>> cut("abcd", [(1, 3)])
    [('a', False), ('bc', True), ('d', False)]
    """
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in spans:
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def _span(segment: str, first: int, last: int) -> Span:
    """The characters of ``segment`` that hold its letters number ``first`` to ``last``, closing signs included."""
    owners = [place for place, character in enumerate(segment) for _ in range(_weight(character))]
    end = owners[last - 1] + 1
    while end < len(segment) and segment[end] in ".!?…»)]%€":
        end += 1
    return owners[first], end


@functools.lru_cache(maxsize=4096)
def _weight(character: str) -> int:
    return len(letters(character))
