"""What the assistant keeps in mind of a library: sheets by id, word frequencies, vocabulary.

Made from the store when first needed, and again whenever the store's generation changes.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.demarche import Demarche
from corpus.documents import Document
from corpus.french import fold
from corpus.library import Library
from corpus.words import stems, tokens


@dataclass(frozen=True, eq=False)
class Knowledge:
    """A snapshot of the library at one generation."""

    generation: str
    demarche: Demarche
    documents: Mapping[str, Document]
    frequencies: Mapping[str, int]
    passages: int
    surface: Mapping[str, int]  # folded words as they stand in the texts, with their number

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a stem (Robertson and Spärck Jones): 0 for a word that is everywhere."""
        count = self.frequencies.get(stem, 0)
        return max(0.0, math.log((self.passages - count + 0.5) / (count + 0.5)))

    def known(self, word_stem: str) -> bool:
        """Whether the corpus has this stem."""
        return word_stem in self.frequencies

    @cached_property
    def tools(self) -> dict[str, Document]:
        """The tool sheets by id."""
        return self._of("outil")

    @cached_property
    def concepts(self) -> dict[str, Document]:
        """The concept sheets by id."""
        return self._of("concept")

    @cached_property
    def routes(self) -> dict[str, Document]:
        """The route sheets by id."""
        return self._of("parcours")

    @cached_property
    def step_sheets(self) -> dict[str, Document]:
        """The step sheets by id of step."""
        return {str(document.sheet["etape"]): document for document in self._of("etape").values()}

    @cached_property
    def names(self) -> dict[tuple[str, ...], str]:
        """How sheets are called, as runs of stems → id: titles, synonyms and acronyms."""
        found: dict[tuple[str, ...], str] = {}
        for document in self.documents.values():
            title = document.title.split("(")[0]
            for name in sheet_names(document):
                run = tuple(stems(name))
                # a one-word paraphrase names nothing for sure
                if len(run) > 1 or (run and (name.strip() in (title.strip(), document.title) or name.isupper())):
                    found.setdefault(run, document.id)
        return found

    @cached_property
    def titles(self) -> dict[str, frozenset[str]]:
        """The words of the title of every sheet, folded."""
        return {document.id: frozenset(fold(word) for word in tokens(document.title)) for document in self.documents.values() if document.type != "document"}

    def _of(self, kind: str) -> dict[str, Document]:
        return {document.id: document for document in self.documents.values() if document.type == kind}


def sheet_names(document: Document) -> list[str]:
    """The names of a sheet: its title without what stands in brackets, its synonyms and acronyms."""
    if document.type not in ("outil", "concept", "ressource"):
        return []
    title = document.title
    names = [title, title.split("(")[0], *document.sheet.get("synonymes", []), *document.sheet.get("sigles", [])]
    if "(" in title:
        names.append(title.split("(", 1)[1].rstrip(") "))
    return [name.strip() for name in names if name.strip()]


class KnowledgeKeeper:
    """Gives the current snapshot, remaking it when the library has changed."""

    def __init__(self, library: Library, demarche: Demarche) -> None:
        self._library = library
        self._demarche = demarche
        self._current: Knowledge | None = None
        self._words: dict[str, tuple[str, ...]] = {}  # by uid, so that only what is new is read again
        self._lock = threading.Lock()

    def current(self) -> Knowledge:
        """The snapshot of the library as it is now."""
        generation = self._library.store.generation
        with self._lock:
            if self._current is None or self._current.generation != generation:
                self._current = self._make(generation)
            return self._current

    def _make(self, generation: str) -> Knowledge:
        store = self._library.store
        # known questions, left out there, keep their typing mistakes: they teach no spelling
        self._words = {uid: self._words.get(uid) or tuple(fold(word) for word in tokens(text)) for uid, text in store.texts().items()}
        surface = Counter(word for words in self._words.values() for word in words)
        documents = {document.id: document for document in store.documents() if document.state == "published"}
        return Knowledge(generation, self._demarche, documents, store.frequencies(), store.count("passages"), surface)
