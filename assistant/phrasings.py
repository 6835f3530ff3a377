"""The users' phrasings of every sheet as one matrix: what a situation is compared with; the questions already answered beside them.

Made from the index when first needed and again when the library changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.answered import AnsweredQuestions
from assistant.knowledge import Knowledge
from corpus.documents import Formulation
from corpus.library import Library
from corpus.words import stems

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Phrasings:
    """Row i of ``vectors`` is phrasing i, which leads to ``documents[i]``."""

    generation: str
    vectors: Matrix
    documents: tuple[str, ...]
    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    answered: AnsweredQuestions

    def nearness(self, vector: Matrix) -> NDArray[np.float64]:
        """The cosine of each phrasing with a question."""
        return np.asarray(self.vectors @ vector, float) if len(self.documents) else np.zeros(0)

    def rows_of(self, documents: Sequence[str], kinds: Sequence[str]) -> dict[str, list[int]]:
        """The rows of each of these sheets, of these kinds."""
        found: dict[str, list[int]] = {document: [] for document in documents}
        for row, (document, kind) in enumerate(zip(self.documents, self.kinds, strict=True)):
            if document in found and kind in kinds:
                found[document].append(row)
        return found

    @cached_property
    def _rows(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for row, text in enumerate(self.texts):
            for root in stems(text):
                found.setdefault(root, set()).add(row)
        return found

    def said(self, roots: Iterable[str]) -> dict[str, set[int]]:
        """For each of these stems, the rows whose phrasing has it."""
        return {root: self._rows.get(root, set()) for root in roots}


class PhrasingsKeeper:
    """Gives the current matrix."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._current: Phrasings | None = None
        self._lock = threading.Lock()

    def current(self, knowledge: Knowledge) -> Phrasings:
        """The matrix for the library as ``knowledge`` knows it."""
        with self._lock:
            if self._current is None or self._current.generation != knowledge.generation:
                self._current = self._make(knowledge)
            return self._current

    def _make(self, knowledge: Knowledge) -> Phrasings:
        stored = [s for s in self._library.store.formulations() if s.formulation.document in knowledge.documents]
        vectors = self._library.index.vectors([s.uid for s in stored])

        def rows(known: bool) -> tuple[list[Formulation], Matrix]:
            kept = [s for s in stored if s.uid in vectors and s.formulation.known == known]
            return [s.formulation for s in kept], np.stack([vectors[s.uid] for s in kept]) if kept else np.zeros((0, 1), np.float32)

        leading, matrix = rows(known=False)
        asked, questions = rows(known=True)
        answered = AnsweredQuestions(questions, tuple(one.document for one in asked), tuple(one.answer for one in asked))
        names, kinds, texts = tuple(one.document for one in leading), tuple(one.kind for one in leading), tuple(one.text for one in leading)
        return Phrasings(knowledge.generation, matrix, names, kinds, texts, answered)
