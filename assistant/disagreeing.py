"""Sources that do not give the same answer: the same kind of fact for the same words, with another value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant import numbers
from assistant.selecting import Scored
from assistant.understanding import Understood, Wants
from assistant.wanted import HOLDS, MONTHS
from corpus.french import fold

#: The kinds of fact whose values can be told apart.
_VALUED: frozenset[Wants] = frozenset({"amount", "date", "duration", "count", "share"})
_YEAR = 1900  # two dates of one year differ by their day and month
#: How much worse than the best a sentence of another source may score, and what share of the question's words it must hold.
MARGIN, COVERED = 1.0, 0.5


def another_answer(ranked: Sequence[Scored], asked: Understood) -> Scored | None:
    """The best sentence of another source that answers nearly as well, with another value; None where none does."""
    first = ranked[0]
    if asked.wants not in _VALUED or not first.typed:
        return None
    said = values(asked.wants, first.sentence.text)
    for other in ranked[1:]:
        if first.score - other.score > MARGIN:
            return None
        elsewhere = other.candidate.document.id != first.candidate.document.id
        as_well = other.typed and other.coverage >= max(COVERED, first.coverage - 0.1)
        if elsewhere and as_well and said and (theirs := values(asked.wants, other.sentence.text)):
            return None if said & theirs else other  # a source that agrees makes the answer surer
    return None


def values(wants: Wants, text: str) -> frozenset[int]:
    """The numbers of the facts of a kind that a text holds; of a date, its day and its month.

    >>> sorted(values("duration", "pendant 10 à 12 mois, dans 3 villes")), sorted(values("date", "le 19 décembre 2024")), sorted(values("date", "19/12/2024"))
    ([10, 12], [12, 19], [12, 19])
    """
    found: set[int] = set()
    for match in HOLDS[wants].finditer(fold(text)):
        fact = match.group(0)
        found |= {numbers.value(re.sub(r"[  .]", "", written)) for written in re.findall(r"\d[\d  .]*\d|\d", fact)}
        found |= {numbers.value(word) for word in re.findall(r"[a-z]+", fact) if numbers.value(word)}
        found |= {place for place, month in enumerate(MONTHS, 1) if month in fact}
    return frozenset(number for number in found if wants != "date" or number < _YEAR)
