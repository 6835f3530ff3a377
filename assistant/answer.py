"""What the assistant says: an Answer with Citations, Suggestions and the passages it started from.

All values are frozen. ``to_dict`` is the JSON contract of ``bao ask``: every key present, lists
empty rather than null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Intent = Literal["concept", "tool", "how_to", "journey", "comparison", "document", "greeting", "off_topic"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verified quotation: ``quote`` stands on page ``page`` of ``document``. ``page`` 0 means a format without pages."""

    number: int
    document: str
    title: str
    page: int
    section: str
    quote: str
    passage: str
    starter: bool = False
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The citation of the JSON contract."""
        return {
            "number": self.number,
            "document": self.document,
            "title": self.title,
            "page": self.page or None,
            "section": self.section,
            "quote": self.quote,
            "passage": self.passage,
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tool that fits, and why. The fields after ``duration`` are for the card on the page."""

    id: str
    title: str
    steps: tuple[str, ...]
    reason: str
    duration: str
    participants: str = ""
    status: str = ""
    outcome: str = ""
    prepare: str = ""
    following: tuple[str, ...] = ()
    score: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The tool of the JSON contract."""
        return {"id": self.id, "title": self.title, "steps": list(self.steps), "reason": self.reason, "duration": self.duration}


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage as found, before composition."""

    document: str
    page: int
    text: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The passage of the JSON contract."""
        return {"document": self.document, "page": self.page or None, "text": self.text, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``answer`` is shown at once, ``more`` behind « en savoir plus »."""

    question: str
    rewritten: str
    answer: str
    intent: Intent
    more: str = ""
    abstained: bool = False
    needs_clarification: bool = False
    choices: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    step_reason: str = ""
    citations: tuple[Citation, ...] = ()
    tools: tuple[Suggestion, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    passages: tuple[RankedPassage, ...] = ()
    seconds: float = 0.0

    def to_dict(self, line_id: str = "") -> dict[str, Any]:
        """The JSON object of ``bao ask --json`` and of a batch's line."""
        return {
            "id": line_id,
            "question": self.question,
            "rewritten": self.rewritten,
            "answer": self.answer,
            "more": self.more,
            "intent": self.intent,
            "abstained": self.abstained,
            "needs_clarification": self.needs_clarification,
            "steps": list(self.steps),
            "citations": [citation.to_dict() for citation in self.citations],
            "tools": [tool.to_dict() for tool in self.tools],
            "passages": [passage.to_dict() for passage in self.passages],
            "seconds": round(self.seconds, 4),
        }
