"""Telling that two files hold the same text in two formats.

A text's sketch is the smallest hashes of its five-word runs (bottom-k sketch: Broder, « On the
resemblance and containment of documents », 1997); two sketches estimate the share of common runs.
"""

from __future__ import annotations

import heapq
import zlib

from corpus.french import fold
from corpus.words import tokens

_RUN = 5
_SIZE = 256
#: Two formats of one text share at least this; a revised text in the same format is no twin anyway.
SAME = 0.7


def sketch(text: str) -> str:
    """The sketch of a text, as hexadecimal.

    >>> resemblance(sketch("un deux trois quatre cinq six"), sketch("Un, deux, trois ; quatre cinq six."))
    1.0
    """
    words = tokens(fold(text))
    runs = {zlib.crc32(" ".join(words[i : i + _RUN]).encode()) for i in range(max(1, len(words) - _RUN + 1))}
    return "".join(f"{value:08x}" for value in heapq.nsmallest(_SIZE, runs))


def resemblance(one: str, other: str) -> float:
    """The estimated Jaccard resemblance of two sketched texts, 0 to 1."""
    first, second = _values(one), _values(other)
    if not first or not second:
        return 0.0
    union = heapq.nsmallest(_SIZE, first | second)
    return len(first & second & set(union)) / len(union)


def _values(text: str) -> set[str]:
    return {text[i : i + 8] for i in range(0, len(text), 8)}
