"""Sources held against each other: whether two give the same fact, or for the same words another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.numbers import NUMBER, value
from assistant.selecting import Scored
from assistant.understanding import Understood, Wants
from corpus.french import MONTHS_FOLDED, fold
from corpus.words import stem, tokens

#: How much worse than the best a sentence of another source may score, and what share of the question's words it must hold.
MARGIN, COVERED = 1.0, 0.5
#: One value: numbers in one unit, or the year, month and day of a date; None where it is not told.
Value = tuple[int | None, ...]
_TO = NUMBER.replace("?P<n>", "?P<to>")
_NUMBERS = rf"(?<![\d.,]){NUMBER}(?:\s*(?:a|-|ou|et)\s*{_TO})?\s*"
_UNITS: Mapping[Wants, Mapping[str, tuple[int, int]]] = {  # unit → what it is counted in, and how many of them
    "amount": {"k ?€": (0, 1000), "(?:m€|millions? d'euros)": (0, 1_000_000), "(?:€|euros?\\b)": (0, 1)},
    "share": {"(?:%|pour ?cent)": (0, 1)},
    "duration": {
        "(?:minutes?|min)\\b": (0, 1), "(?:heures?|h)\\b": (0, 60), "(?:jours?|journees?)\\b": (1, 1), "semaines?\\b": (1, 7), "mois\\b": (2, 1),
        "(?:ans?|annees?)\\b": (2, 12),
    },
}  # fmt: skip
_DATE = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})(?:er)?\s+)?\b(?P<month>{'|'.join(MONTHS_FOLDED)})\b(?:\s+(?P<year>(?:19|20)\d\d))?"
    r"|\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)|\b(?P<alone>(?:19|20)\d\d)\b"
)
_COUNT = re.compile(_NUMBERS)


def another_answer(ranked: Sequence[Scored], asked: Understood) -> Scored | None:
    """The best sentence of another source that answers nearly as well, with another value; None where none does."""
    first = ranked[0]
    if not first.typed:
        return None
    said = values(asked.wants, first.sentence.text, asked.counted)
    for other in ranked[1:]:
        if not said or first.score - other.score > MARGIN:
            return None
        elsewhere = other.candidate.document.id != first.candidate.document.id
        as_well = other.typed and other.coverage >= max(COVERED, first.coverage - 0.1)
        if elsewhere and as_well and (theirs := values(asked.wants, other.sentence.text, asked.counted)):
            return None if agree(said, theirs) else other  # a source that agrees makes the answer surer
    return None


def first_hand(ranked: Sequence[Scored], asked: Understood) -> Scored | None:
    """The published document's sentence that gives the very fact which starter content, ranked first, repeats; None where none does.

    One value met in both may be chance (« trois ans »): the sentence must then hold the question's words too.
    """
    first = ranked[0]
    if not (first.typed and first.candidate.document.starter):
        return None
    said = values(asked.wants, first.sentence.text, asked.counted)
    for other in ranked[1:]:
        if other.typed and not other.candidate.document.starter:
            shared = len(said & values(asked.wants, other.sentence.text, asked.counted))
            if shared > 1 or (shared and other.coverage >= COVERED):
                return other
    return None


def values(wants: Wants, text: str, counted: str = "") -> frozenset[Value]:
    """The facts of a kind that a text holds, comparable however they are written; none for a kind whose values cannot be told apart.

    >>> sorted(values("duration", "pendant 2 ans ou 24 mois, dans 3 villes")), sorted(values("amount", "20 k€, soit 50 % du total"))
    ([(2, 24)], [(0, 20000)])
    >>> values("date", "le 19 décembre 2024") == values("date", "19/12/2024")
    True
    """
    folded = re.sub(r"\s", " ", fold(text))
    if wants == "date":
        return frozenset(_dates(folded))
    return frozenset(_counts(folded, counted) if wants == "count" else _quantities(folded, _UNITS.get(wants, {})))


def agree(some: frozenset[Value], others: frozenset[Value]) -> bool:
    """Whether one fact of each may be the same: no part that both tell differs.

    >>> agree(values("date", "mars 2024"), values("date", "le 3 mars")), agree(values("date", "8 mars 2024"), values("date", "9 mars 2024"))
    (True, False)
    """
    return any(all(a is None or b is None or a == b for a, b in zip(one, other, strict=True)) for one in some for other in others)


def _quantities(folded: str, units: Mapping[str, tuple[int, int]]) -> Iterator[Value]:
    for unit, (kind, times) in units.items():
        for match in re.finditer(_NUMBERS + unit, folded):
            yield from ((kind, value(written) * times) for written in (match["n"], match["to"]) if written)


def _counts(folded: str, counted: str) -> Iterator[Value]:
    """The numbers that stand before what is counted; none where that is not known."""
    for match in _COUNT.finditer(folded) if counted else ():
        between = re.split(r"\d", folded[match.end() :], maxsplit=1)[0]
        if counted in {stem(word) for word in tokens(between)[:3]}:
            yield from ((value(written),) for written in (match["n"], match["to"]) if written)


def _dates(folded: str) -> Iterator[Value]:
    for found in _DATE.finditer(folded):
        year, month, day = (int(part) if part else None for part in (found["year"] or found["y"] or found["alone"], found["m"], found["day"] or found["d"]))
        if found["month"]:
            month = MONTHS_FOLDED.index(found["month"]) + 1
        if year or day:
            yield year, month, day
