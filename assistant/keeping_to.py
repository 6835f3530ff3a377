"""Whether what is quoted answers who, where or how to reach: it holds such a thing, and says it of whom the question names.

A president found is not yet the president asked about: « Le président du Club Noé… » does not answer
« Qui est le président du Cerdd ? ».
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Citation
from assistant.knowledge import Knowledge
from assistant.understanding import Understood
from assistant.wanted import holds
from corpus.french import fold, sentences
from corpus.words import tokens

#: Things that belong to somebody: shown for another's, they mislead. Each is told by its form, so that its absence is sure.
BELONGING = frozenset({"person", "contact", "phone", "address", "url"})
#: A word no longer than this is as often an ordinary one: « Cas », « Les ».
SHORT = 3


def answered(asked: Understood, citations: Sequence[Citation], knowledge: Knowledge) -> bool:
    """Whether one of the quotations holds what is asked for, and it or its heading one of the names that the question gives; true for other questions."""
    if asked.wants not in BELONGING:
        return True
    names = named(asked, knowledge)
    return any(holds(asked.wants, citation.quote) and _speaks_of(names, citation) for citation in citations)


def named(asked: Understood, knowledge: Knowledge) -> frozenset[str]:
    """The proper names of a question, folded: its words with a capital but the first of a sentence, and those of a described organisation typed without."""
    capital = {fold(word) for sentence in sentences(asked.text) for word in tokens(sentence)[1:] if word[:1].isupper()}
    typed = {fold(word) for word in tokens(asked.text) if len(word) > SHORT}
    described = (document.title for document in knowledge.documents.values() if document.type == "ressource")
    return frozenset(capital | typed.intersection(fold(word) for title in described for word in tokens(title) if word[:1].isupper()))


def _speaks_of(names: frozenset[str], citation: Citation) -> bool:
    """Whether a quotation, its heading or its document's title has one of the names; any does where the question gives none."""
    said = fold(" ".join((citation.quote, citation.section, citation.title)))
    return not names or any(name in said for name in names)
