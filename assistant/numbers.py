"""Numbers as people write them in French: digits, words, words put together."""

from __future__ import annotations

import re

_UNITS = {word: value for value, word in enumerate("zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split())} | {
    "une": 1,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "cent": 100,
    "cents": 100,
    "mille": 1000,
}
_ABOUT = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "centaine": 100}
_WORD = "(?:" + "|".join(sorted((*_UNITS, *_ABOUT), key=len, reverse=True)) + r")\b"
#: A number in folded text: the group ``n``.
NUMBER = rf"(?P<n>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}}|{_WORD}(?:(?:-| et |-et-| ){_WORD})*)"


def value(written: str) -> int:
    """The number that a folded writing stands for.

    >>> [value(words) for words in ("trente-cinq", "soixante et onze", "quatre-vingts", "deux cents", "cent vingt", "1 200", "vingtaine")]
    [35, 71, 80, 200, 120, 1200, 20]
    """
    if written[:1].isdigit():
        return int(written.replace(" ", ""))
    total, current = 0, 0
    for word in re.split(r"[- ]+(?:et[- ])?", written):
        number = (_UNITS | _ABOUT).get(word, 0)
        if word in _ABOUT:
            current = number
        elif number == 1000:
            total, current = total + max(1, current) * 1000, 0
        elif number == 100:
            current = max(1, current) * 100
        elif number == 20 and current % 100 == 4:
            current += 76
        else:
            current += number
    return total + current
