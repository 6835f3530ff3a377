"""Comparisons: which two things a question sets side by side, and passages of both brought to the front."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, zip_longest
from typing import TYPE_CHECKING

from assistant.covering import stems_of
from assistant.knowledge import Knowledge
from assistant.understanding import Understood
from corpus.documents import Document
from corpus.french import fold
from corpus.words import stem, tokens

if TYPE_CHECKING:
    from assistant.retrieval import Candidate, Found

#: Below this rarity a word of a title tells no document from another; where nothing else says that two are compared, it must be rarer.
TELLING, RARE = 1.0, 2.0
#: What a word written with a capital counts for at least.
NAME = 3.0
#: How much more two published documents weigh than two sheets.
PUBLISHED = 1.3
#: How many passages of each side are brought to the front.
LED = 3
#: What stands between the names of two documents that a question is about: « pour A et pour B ».
_JOINING = re.compile(r"\b(?:et|ou|face|contre|plutot|cote|autre|ni|comme)\b")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared: a document or sheet, and what is asked of it."""

    document: str
    asked: Understood
    found: Found | None = None  # the best passages of the document for it


def sides(asked: Understood, found: Found, knowledge: Knowledge) -> tuple[Side, ...]:
    """The two sheets that a comparison names, else the two documents that the question names; none where it does not set two apart."""
    named = [sheet for sheet in asked.named if sheet in knowledge.documents]
    if asked.comparison and len(named) >= 2:
        return tuple(Side(sheet, asked) for sheet in named[:2])
    near = {candidate.document.id: candidate.document for candidate in found.candidates[:10]} if asked.comparison else {}
    published = {document.id: document for document in knowledge.documents.values() if document.type == "document" and not document.starter}
    least = TELLING if asked.comparison else RARE
    strength = _strength(asked, knowledge)
    told = {name: _told_by_title(strength, document, least) for name, document in (published | near).items()}
    apart = [pair for pair in combinations(told, 2) if told[pair[0]] - told[pair[1]] and told[pair[1]] - told[pair[0]]]
    if not asked.comparison:
        apart = [pair for pair in apart if _joined(asked.text, told[pair[0]] - told[pair[1]], told[pair[1]] - told[pair[0]])]

    def weight(pair: tuple[str, str]) -> float:
        both = sum(strength[stem] for stem in told[pair[0]] | told[pair[1]])
        return both * (PUBLISHED if set(pair) <= set(published) else 1.0)

    best = max(apart, key=weight, default=())
    rest = _without(asked, frozenset[str]().union(*(told[name] for name in best)))
    return tuple(Side(name, rest) for name in best)


def _strength(asked: Understood, knowledge: Knowledge) -> dict[str, float]:
    """How much each word of a question tells documents apart: its rarity, and as much as a rare one where it is written as a name (« l'Atelier »)."""
    capitals = {stem(word) for word in tokens(asked.text) if word[:1].isupper()}
    return {root: max(knowledge.rarity(root), NAME if root in capitals else 0.0) for root in asked.stems}


def _told_by_title(strength: Mapping[str, float], document: Document, least: float) -> frozenset[str]:
    """The words of a question that stand in a document's title or file name and are not in every text."""
    return frozenset(root for root, value in strength.items() if value > least and root in stems_of(document.label))


def _joined(text: str, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a word of each is found with « et », « ou », « face à »… between the two and no more than a few words."""
    line = [(word, stem(word)) for word in tokens(text)]
    first, second = ([place for place, (_, root) in enumerate(line) if root in words] for words in (one, other))
    for a in first:
        for b in second:
            between = line[min(a, b) + 1 : max(a, b)]
            if len(between) <= 9 and _JOINING.search(fold(" ".join(word for word, _ in between))):
                return True
    return False


def _without(asked: Understood, names: frozenset[str]) -> Understood:
    """A question without the words that name the things compared: inside one of them they tell nothing, or mislead."""
    if set(asked.stems) <= names:
        return asked
    text = asked.text
    for word in tokens(asked.text):
        if stem(word) in names:
            text = re.sub(rf"\b{re.escape(word)}\b", "", text)
    return replace(asked, text=re.sub(r"\s+", " ", text).strip(), stems=tuple(root for root in asked.stems if root not in names), expansion=())


def bring_forward(found: Found, compared: Sequence[Side], search: Callable[[Side], Found]) -> Found:
    """What was found, led by the best passages of each side in turn."""
    searched = [replace(side, found=search(side)) for side in compared]
    apart = [side.found.candidates[:LED] for side in searched if side.found]
    first: list[Candidate] = [candidate for candidate in chain.from_iterable(zip_longest(*apart)) if candidate is not None]
    led = {candidate.uid for candidate in first}
    top = found.candidates[0].score if found.candidates else 0.0
    raised = [replace(candidate, score=top + len(first) - place) for place, candidate in enumerate(first)]
    return replace(found, compared=tuple(searched), candidates=(*raised, *(candidate for candidate in found.candidates if candidate.uid not in led)))
