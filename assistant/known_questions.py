"""Questions whose answering sentence is known: where a question says nearly the same, that sentence likely answers.

The Cerdd writes them beside a document, or in a sheet (« reponses »): a question in users' words and a fragment
of the sentence that answers it. They lead to their document as other phrasings do, and, among the
sentences found, to theirs. The idea is doc2query's (Nogueira et al., 2019), with the sentence kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Formulation
from corpus.french import fold

#: e5's cosines sit in a narrow band: unrelated questions are at FAR, paraphrases at NEAR (seen on our own questions).
FAR, NEAR = 0.88, 0.93
#: How many of the nearest count.
COUNT = 40


def closeness(cosine: float) -> float:
    """How near two questions are: 0 where no nearer than any other, 1 where they say the same, 3 at the most.

    >>> closeness(0.85), round(closeness(0.93), 2), closeness(1.5)
    (0.0, 1.0, 3.0)
    """
    return min(3.0, max(0.0, (cosine - FAR) / (NEAR - FAR)))


@dataclass(frozen=True, slots=True)
class Known:
    """A known question near the one asked: its document, the fragment of its answer, and the cosine of the two questions."""

    document: str
    answer: str
    cosine: float


@dataclass(frozen=True)
class KnownQuestions:
    """Every known question: row i of ``vectors`` is ``wordings[i]``."""

    wordings: tuple[Formulation, ...]
    vectors: NDArray[np.float32]

    def nearest(self, vector: NDArray[np.float32], count: int = COUNT) -> tuple[Known, ...]:
        """The known questions nearest to a question, nearest first."""
        if not self.wordings:
            return ()
        near = self.vectors @ vector
        rows = np.argsort(-near, kind="stable")[:count]
        return tuple(Known(self.wordings[row].document, self.wordings[row].answer, float(near[row])) for row in rows)


def answers_known(document: str, sentence: str, nearest: Sequence[Known]) -> float:
    """How near a known question is that this sentence of this document answers.

    >>> answers_known("guide", "L'appel est ouvert jusqu'en mai.", [Known("guide", "ouvert jusqu'en mai", 0.93)])
    1.0
    """
    held = (known for known in nearest if known.document == document and known.cosine > FAR and fold(known.answer) in fold(sentence))
    return max((round(closeness(known.cosine), 6) for known in held), default=0.0)
