"""The users' phrasings of every sheet as one matrix: what a situation is compared with. The known questions lie beside them.

Made from the store and the index when first needed and again when the library changes; what has not changed is not fetched again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge import Knowledge
from assistant.known_questions import KnownQuestions
from corpus.documents import Formulation
from corpus.library import Library
from corpus.store import StoredFormulation
from corpus.words import stems

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Phrasings:
    """Row i of ``vectors`` is ``wordings[i]``, whose words have the stems ``roots[i]``."""

    generation: str
    vectors: Matrix
    wordings: tuple[Formulation, ...]
    roots: tuple[frozenset[str], ...]
    known: KnownQuestions

    def nearness(self, vector: Matrix) -> NDArray[np.float64]:
        """The cosine of each phrasing with a question."""
        return np.asarray(self.vectors @ vector, float) if self.wordings else np.zeros(0)

    def rows_of(self, documents: Sequence[str], kinds: Sequence[str]) -> dict[str, list[int]]:
        """The rows of each of these sheets, of these kinds."""
        found: dict[str, list[int]] = {document: [] for document in documents}
        for row, wording in enumerate(self.wordings):
            if wording.document in found and wording.kind in kinds:
                found[wording.document].append(row)
        return found

    @cached_property
    def _rows(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for row, roots in enumerate(self.roots):
            for root in roots:
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
        self._vectors: dict[str, Matrix] = {}  # by uid
        self._roots: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def current(self, knowledge: Knowledge) -> Phrasings:
        """The matrix for the library as ``knowledge`` knows it."""
        with self._lock:
            if self._current is None or self._current.generation != knowledge.generation:
                self._current = self._make(knowledge)
            return self._current

    def _make(self, knowledge: Knowledge) -> Phrasings:
        stored = [s for s in self._library.store.formulations() if s.formulation.document in knowledge.documents]
        missing = self._library.index.vectors([s.uid for s in stored if s.uid not in self._vectors])
        self._vectors = {s.uid: vector for s in stored if (vector := self._vectors.get(s.uid, missing.get(s.uid))) is not None}
        held = [s for s in stored if s.uid in self._vectors]
        leading, known = [s for s in held if not s.formulation.known], [s for s in held if s.formulation.known]
        self._roots = {s.uid: self._roots.get(s.uid) or frozenset(stems(s.formulation.text)) for s in leading}
        questions = KnownQuestions(tuple(s.formulation for s in known), self._matrix(known))
        return Phrasings(
            knowledge.generation, self._matrix(leading), tuple(s.formulation for s in leading), tuple(self._roots[s.uid] for s in leading), questions
        )

    def _matrix(self, stored: Sequence[StoredFormulation]) -> Matrix:
        return np.stack([self._vectors[s.uid] for s in stored]) if stored else np.zeros((0, 1), np.float32)
