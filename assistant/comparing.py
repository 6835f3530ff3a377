"""Comparisons: which two things a question sets side by side, and passages of both brought to the front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, combinations, zip_longest

from assistant.covering import stems_of
from assistant.knowledge import Knowledge
from assistant.retrieval import Candidate, Found
from assistant.understanding import Understood
from corpus.documents import Document

#: Below this rarity a word of a title tells no document from another.
TELLING = 1.0
#: How much more two published documents weigh than two sheets.
PUBLISHED = 1.3


def sides(asked: Understood, found: Found, knowledge: Knowledge) -> tuple[str, ...]:
    """The two sheets that a comparison names, else the two whose titles it takes most words from; none where it does not set two apart."""
    if not asked.comparison:
        return ()
    named = [sheet for sheet in asked.named if sheet in knowledge.documents]
    if len(named) >= 2:
        return tuple(named[:2])
    near = {candidate.document.id: candidate.document for candidate in found.candidates[:10]}
    published = {document.id: document for document in knowledge.documents.values() if document.type == "document" and not document.starter}
    told = {name: _told_by_title(asked.stems, document, knowledge) for name, document in (published | near).items()}
    apart = [pair for pair in combinations(told, 2) if told[pair[0]] - told[pair[1]] and told[pair[1]] - told[pair[0]]]

    def weight(pair: tuple[str, str]) -> float:
        both = sum(knowledge.rarity(stem) for stem in told[pair[0]] | told[pair[1]])
        return both * (PUBLISHED if set(pair) <= set(published) else 1.0)

    return max(apart, key=weight, default=())


def _told_by_title(stems: Sequence[str], document: Document, knowledge: Knowledge) -> frozenset[str]:
    """The words of a question that stand in a document's title or file name and are not in every text."""
    return frozenset(stem for stem in stems if stem in stems_of(document.label) and knowledge.rarity(stem) > TELLING)


def bring_forward(found: Found, compared: Sequence[str], search: Callable[[tuple[str, ...]], Found]) -> Found:
    """What was found, led by the best passages of each side in turn."""
    apart = [search((name,)).candidates[:3] for name in compared]
    first: list[Candidate] = [candidate for candidate in chain.from_iterable(zip_longest(*apart)) if candidate is not None]
    led = {candidate.uid for candidate in first}
    top = found.candidates[0].score if found.candidates else 0.0
    raised = [replace(candidate, score=top + len(first) - place) for place, candidate in enumerate(first)]
    return replace(found, compared=tuple(compared), candidates=(*raised, *(candidate for candidate in found.candidates if candidate.uid not in led)))
