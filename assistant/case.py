"""The case of one question: everything known of it before an answer is composed."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.constraints import Constraints
from assistant.knowledge import Knowledge
from assistant.recommending import Recommendation
from assistant.retrieval import Found
from assistant.selecting import Scored
from assistant.understanding import Understood
from corpus.library import Library


@dataclass(frozen=True)
class Case:
    """All that is known of one question before an answer is composed."""

    asked: Understood
    found: Found
    ranked: tuple[Scored, ...]
    knowledge: Knowledge
    recommendation: Recommendation
    constraints: Constraints
    library: Library
