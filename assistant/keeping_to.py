"""Whether what is quoted keeps to what was asked: of whom it is said, and what it defines.

A president found is not yet the president asked about: « Le président du Club Noé… » does not answer
« Qui est le président du Cerdd ? »; nor is a word explained by a sentence that only uses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Citation
from assistant.covering import stems_of
from assistant.knowledge import Knowledge
from assistant.selecting import defining
from assistant.understanding import Understood, inner_capitals
from assistant.wanted import holds
from corpus.french import fold
from corpus.words import tokens

#: Things that belong to somebody: shown for another's, they mislead. Each is told by its form, so that its absence is sure.
BELONGING = frozenset({"person", "contact", "phone", "address", "url"})
#: A word no longer than this is as often an ordinary one: « Cas », « Les ».
SHORT = 3
#: A title of no more telling words is a name: « Externalités », not « Récit de journée d'usager ».
CALLED = 2


def answered(asked: Understood, citations: Sequence[Citation], knowledge: Knowledge) -> bool:
    """Whether the quotations keep to the question: they explain the one word asked about, and what belongs to somebody is whose it is asked to be."""
    if asked.definition and not asked.wants and len(asked.subject) == 1:
        return any(citation.document in asked.named or _explains(citation, asked.subject) for citation in citations)
    return belongs(asked, citations, knowledge)


def belongs(asked: Understood, citations: Sequence[Citation], knowledge: Knowledge) -> bool:
    """Whether a quotation holds what is asked for and says it of whom the question names; true of what belongs to nobody."""
    if asked.wants not in BELONGING:
        return True
    names = named(asked, knowledge)
    return any(holds(asked.wants, citation.quote) and _speaks_of(names, citation) for citation in citations)


def _explains(citation: Citation, subject: tuple[str, ...]) -> bool:
    """Whether a quotation defines a word, or stands in a document that is called by it."""
    title = stems_of(citation.title)
    return bool(defining(citation.quote, subject)) or (len(title) <= CALLED and subject[0] in title)


def named(asked: Understood, knowledge: Knowledge) -> frozenset[str]:
    """The proper names of a question, folded: its words with a capital but the first of a sentence, and those of a described organisation typed without."""
    capital = set(map(fold, inner_capitals(asked.text)))
    typed = {fold(word) for word in tokens(asked.text) if len(word) > SHORT}
    described = (document.title for document in knowledge.documents.values() if document.type == "ressource")
    return frozenset(capital | typed.intersection(fold(word) for title in described for word in tokens(title) if word[:1].isupper()))


def _speaks_of(names: frozenset[str], citation: Citation) -> bool:
    """Whether a quotation, its heading or its document's title has one of the names; any does where the question gives none."""
    said = fold(" ".join((citation.quote, citation.section, citation.title)))
    return not names or any(name in said for name in names)
