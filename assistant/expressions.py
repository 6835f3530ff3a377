"""Figurative expressions of French, and the plain words that a document would use in their place.

People ask whether a frame is « gravé dans le marbre » where a document says « évolutif »: neither full text nor
a small encoder meets the two. The list, ``expressions.toml``, was written from knowledge of the language, by
someone who had seen no question; what it changes is in eval/RESULTS.md.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from corpus.french import fold
from corpus.words import stem, stems, tokens

FILE = Path(__file__).with_name("expressions.toml")
#: What may stand or not within an expression: « dans (son, leur) coin ».
_LIGHT = frozenset("l la le les un une des de du d mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces se s me m te t".split())
Run = tuple[str, ...]


def plain(text: str) -> str:
    """The plain words for the expressions of a text, the longest at each place; "" where it has none.

    >>> plain("Est-ce gravé dans le marbre ?"), plain("Une stèle de marbre.")
    ('définitif, figé, non modifiable', '')
    """
    known, line = _known(), _run(text)
    found: list[str] = []
    at = 0
    while at < len(line):
        size = next((size for size in range(min(_longest(), len(line) - at), 0, -1) if line[at : at + size] in known), 0)
        if size:
            found.append(known[line[at : at + size]])
        at += size or 1
    return " ; ".join(dict.fromkeys(found))


def _run(text: str) -> Run:
    return tuple(stem(word) for word in tokens(text) if fold(word) not in _LIGHT)


@functools.cache
def _known() -> Mapping[Run, str]:
    rows = tomllib.loads(FILE.read_text("utf-8"))["expressions"]
    written = {_run(writing): row["clair"] for row in rows for writing in row["dit"]}
    return {short: row["clair"] for row in rows for writing in row["dit"] if (short := _without_verb(writing))} | written


@functools.cache
def _longest() -> int:
    return max(map(len, _known()))


def _without_verb(writing: str) -> Run:
    """An expression without the infinitive that opens it, where two telling words are left: stems do not bring « mettre » and « mis » together.

    >>> _without_verb("mettre la main à la poche"), _without_verb("tourner la page")
    (('main', 'a', 'poch'), ())
    """
    verb, _, rest = writing.partition(" ")
    return _run(rest) if verb.endswith(("er", "ir", "re")) and len(set(stems(rest))) > 1 else ()
