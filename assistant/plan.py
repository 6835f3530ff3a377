"""What a plan holds: frozen values that every export (Markdown, DOCX, ODT, PDF) writes and nothing else."""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from assistant.answer import Citation
from assistant.journeys import Journey
from corpus.french import normalise


@dataclass(frozen=True, slots=True)
class RunItem:
    """One moment of a tool's run, as the sheet says it; ``name`` and ``minutes`` may be empty."""

    name: str
    minutes: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanTool:
    """A tool of the plan: what to know, to prepare, to do and to watch. ``sources`` are numbers of citations."""

    id: str
    title: str
    step: str
    reason: str
    aim: str
    status: str
    duration: str
    least: int
    participants: str
    publics: tuple[str, ...]
    animation: str
    cost: str
    prepare: tuple[str, ...]
    run: tuple[RunItem, ...]
    watch: tuple[str, ...]
    following: tuple[str, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan to take away. ``note`` says what is starter content; ``cut`` that the story was too long to be kept whole."""

    title: str
    written: datetime.date
    situation: str
    cut: bool
    step: str
    intention: str
    step_reason: str
    tools: tuple[PlanTool, ...]
    journey: Journey
    citations: tuple[Citation, ...]
    licences: tuple[str, ...]
    note: str

    @property
    def publics(self) -> tuple[str, ...]:
        """Who takes part, all tools together."""
        return tuple(dict.fromkeys(public for tool in self.tools for public in tool.publics))

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of ``bao plan --json``: dates as ISO, every key present."""
        raw: dict[str, Any] = dataclasses.asdict(self, dict_factory=lambda pairs: {key: _jsonable(value) for key, value in pairs})
        raw["citations"] = [citation.to_dict() for citation in self.citations]
        raw["journey"]["stages"] = [stage | {"when": value.when} for stage, value in zip(raw["journey"]["stages"], self.journey.stages, strict=True)]
        return raw


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def printable(text: str) -> str:
    """A text that any format can hold: one line, no control, bidirectional or unassigned character.

    >>> printable("a\\x00b\\ud800 c\\u202e\\n d")
    'ab c d'
    """
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cs", "Cn", "Cf", "Co"))
    return re.sub(r"\s+", " ", normalise(kept)).strip()
