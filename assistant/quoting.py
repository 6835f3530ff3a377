"""Quotations: sentences found in passages, and the proof that a quotation stands on its page.

A quotation is shown only if it is found again on the stored page it names, character for
character once Unicode (NFC) and white space are made alike.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.rows import is_row
from corpus.documents import Document, Page, Passage
from corpus.french import normalise, sentences
from corpus.store import Store

_SPACE = re.compile(r"\s+")
WHOLE, CLAUSE = 360, 90  # characters of a sentence that is quoted whole, and of a clause that says something
_CLAUSE_END = re.compile(r"(?<=[;:])\s+|(?<=,)\s+(?=[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage and where it stands in the passage's text; ``line`` counts the passage's blocks."""

    text: str
    start: int
    end: int
    line: int


@functools.lru_cache(maxsize=20_000)
def passage_sentences(passage: Passage) -> tuple[Sentence, ...]:
    """The sentences of a passage with their places; kept, since the same passages are met at every question.

    >>> [s.text for s in passage_sentences(Passage("d", 0, 1, 1, "", "prose", "Un. Deux !"))]
    ['Un.', 'Deux !']
    """
    found: list[Sentence] = []
    at = 0
    for number, line in enumerate(passage.text.split("\n")):
        place = at
        for text in [line] if is_row(line) else [part for sentence in sentences(line) for part in clauses(sentence)]:
            start = passage.text.find(text, place)
            found.append(Sentence(text, start, start + len(text), number))
            place = start + len(text)
        at += len(line) + 1
    return tuple(found)


def clauses(sentence: str) -> list[str]:
    """A sentence, or, where it is far too long to be quoted whole, its clauses: a list that its layout lost, most often.

    >>> clauses("Un. "), len(clauses("Le rapport contient : " + "; ".join(["Une synthèse du programme, ses orientations et ses résultats"] * 8)))
    (['Un. '], 4)
    """
    if len(sentence) <= WHOLE:
        return [sentence]
    found: list[str] = []
    start = 0
    for match in _CLAUSE_END.finditer(sentence):
        if match.start() - start >= CLAUSE and len(sentence) - match.end() >= CLAUSE:
            found.append(sentence[start : match.start()])
            start = match.end()
    return [*found, sentence[start:]]


def alike(text: str) -> str:
    """A text with Unicode and white space made alike, for verbatim comparison.

    >>> alike("La  coop\u00e9ration\\n durable") == alike("La coope\u0301ration durable")
    True
    """
    return _SPACE.sub(" ", normalise(text)).strip()


def page_of(quote: str, pages: Sequence[Page]) -> int | None:
    """The number of the first page on which the quotation stands, or None."""
    wanted = alike(quote)
    if not wanted:
        return None
    return next((page.number for page in pages if wanted in alike(page.text)), None)


def by_page(text: str, pages: Sequence[Page]) -> list[str]:
    """The text in the parts that each stand on one page: itself, or two where it goes on over the end of its page; none where no page holds it.

    >>> pages = [Page(1, "Le poste est aidé par l'Agence"), Page(2, "pendant trois ans.")]
    >>> by_page("est aidé par l'Agence pendant trois ans.", pages)
    ["est aidé par l'Agence", 'pendant trois ans.']
    """
    if page_of(text, pages) is not None:
        return [text]
    cuts = [(0, 0), *(match.span() for match in _SPACE.finditer(text)), (len(text), len(text))]
    # what begins a text that stands on a page stands there too, and what ends it: the longest are found by halves
    head = bisect_left(cuts, True, key=lambda cut: page_of(text[: cut[0]], pages) is None, lo=1) - 1
    tail = bisect_left(cuts, True, key=lambda cut: page_of(text[cut[1] :], pages) is not None, hi=len(cuts) - 1)
    return [part for part in (text[: cuts[head][0]], text[cuts[tail][1] :]) if part]


def passage_under(heading: str, document: Document, store: Store) -> Passage | None:
    """The first passage of a document under a heading, or None."""
    return next((stored.passage for stored in store.passages(document.id) if stored.passage.section.endswith(heading)), None)
