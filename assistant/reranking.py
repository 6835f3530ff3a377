"""The second look at the best passages: what their sentences, their neighbours and their documents add.

A passage that holds one sentence close to the question, that stands beside others close to it, or
that comes from a document where much is close, is likelier to answer than its own score says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.covering import Coverage, pairs_of, phrasing, stems_of
from assistant.interaction import Interaction
from assistant.knowledge import Knowledge
from assistant.quoting import passage_sentences
from assistant.wanted import holds

if TYPE_CHECKING:
    from assistant.retrieval import Candidate, Query

#: On standard scores over the candidates: late interaction of the best sentence, coverage by the best sentence and by the whole
#: passage; 0 to 1: pairs of words side by side, a sentence holds the kind of thing asked for; late interaction of its document's
#: best three passages and of its neighbours; 0 or 1: what kind of sheet it comes from.
SIGNS = ("sentence_late", "sentence_coverage", "coverage", "pairs", "typed", "document", "neighbour", "concept", "tool")

Scores = NDArray[np.float64]


def signs(candidates: Sequence[Candidate], query: Query, interaction: Interaction, knowledge: Knowledge) -> Mapping[str, Scores]:
    """The signs of each candidate, in their order."""
    coverage = Coverage(query.stems, query.expansion, knowledge)
    rows = np.array([_of_sentences(candidate, query, interaction, coverage, knowledge) for candidate in candidates])
    late = np.array([candidate.legs["late"] for candidate in candidates])
    return {
        "sentence_late": standard(rows[:, 0]),
        "sentence_coverage": standard(rows[:, 1]),
        "coverage": standard(rows[:, 2]),
        "pairs": rows[:, 3],
        "typed": rows[:, 4],
        "document": _document(candidates, late),
        "neighbour": _neighbour(candidates, late),
        "concept": np.array([candidate.document.type == "concept" for candidate in candidates], float),
        "tool": np.array([candidate.document.type == "outil" for candidate in candidates], float),
    }


def _of_sentences(
    candidate: Candidate, query: Query, interaction: Interaction, coverage: Coverage, knowledge: Knowledge
) -> tuple[float, float, float, float, float]:
    passage = candidate.passage
    heading = stems_of(f"{candidate.document.label} {passage.section}")
    late, covered, typed = 0.0, 0.0, False
    for sentence in passage_sentences(passage):
        late = max(late, interaction.part(candidate.uid, candidate.tokens, sentence.start, sentence.end))
        covered = max(covered, coverage.by(stems_of(sentence.text), heading))
        typed = typed or (bool(query.wants) and holds(query.wants, sentence.text, query.counted))
    whole = coverage.by(stems_of(passage.text), heading)
    return late, covered, whole, phrasing(query.text, pairs_of(passage.text), knowledge), float(typed)


def _document(candidates: Sequence[Candidate], late: Scores) -> Scores:
    owned: dict[str, list[float]] = {}
    for candidate, value in zip(candidates, late, strict=True):
        owned.setdefault(candidate.document.id, []).append(float(value))
    means = {name: float(np.mean(sorted(values)[-3:])) for name, values in owned.items()}
    return np.array([means[candidate.document.id] for candidate in candidates])


def _neighbour(candidates: Sequence[Candidate], late: Scores) -> Scores:
    place = {(candidate.document.id, candidate.passage.ordinal): i for i, candidate in enumerate(candidates)}

    def best(candidate: Candidate) -> float:
        beside = [(candidate.document.id, candidate.passage.ordinal + step) for step in (-1, 1)]
        return max((float(late[place[key]]) for key in beside if key in place), default=-1.0)

    return np.array([best(candidate) for candidate in candidates])


def standard(values: Scores) -> Scores:
    """Standard scores: zero mean, unit deviation; all zero when all values are alike."""
    deviation = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
