"""Quotations: sentences found in passages, and the proof that a quotation stands on its page.

A quotation is shown only if it is found again on the stored page it names, character for
character once Unicode (NFC) and white space are made alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.rows import is_row
from corpus.documents import Page, Passage
from corpus.french import join_lines, normalise, sentences

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage and where it stands in the passage's text; ``line`` counts the passage's blocks."""

    text: str
    start: int
    end: int
    line: int


def passage_sentences(passage: Passage) -> list[Sentence]:
    """The sentences of a passage with their places.

    >>> [s.text for s in passage_sentences(Passage("d", 0, 1, 1, "", "prose", "Un. Deux !"))]
    ['Un.', 'Deux !']
    """
    found: list[Sentence] = []
    at = 0
    for number, line in enumerate(passage.text.split("\n")):
        place = at
        for text in [line] if is_row(line) else sentences(line):
            start = passage.text.find(text, place)
            found.append(Sentence(text, start, start + len(text), number))
            place = start + len(text)
        at += len(line) + 1
    return found


def alike(text: str) -> str:
    """A text with Unicode and white space made alike, for verbatim comparison.

    >>> alike("La  coop\u00e9ration\\n durable") == alike("La coope\u0301ration durable")
    True
    """
    return _SPACE.sub(" ", normalise(text)).strip()


def page_of(quote: str, pages: Sequence[Page]) -> int | None:
    """The number of the first page on which the quotation stands, or on which it begins where it ends on the next; or None.

    >>> pages = [Page(1, "Le poste est aidé"), Page(2, "pendant trois ans.")]
    >>> page_of("trois ans.", pages), page_of("aidé pendant trois", pages), page_of("deux ans", pages)
    (2, 1, None)
    """
    wanted = alike(quote)
    if not wanted:
        return None
    alone = next((page.number for page in pages if wanted in alike(page.text)), None)
    if alone is not None:
        return alone
    following = ((one, other) for one, other in pairwise(pages) if other.number == one.number + 1)
    return next((one.number for one, other in following if wanted in alike(join_lines(f"{one.text.rstrip()}\n{other.text.lstrip()}"))), None)
