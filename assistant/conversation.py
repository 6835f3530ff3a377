"""Conversations: what was talked about, and a follow-up made to stand alone.

Deterministic: a follow-up is one that leans on something (« et pour les élus ? », « ça dure
combien ? », « et lui ? »). It then gets the subject of the turn before: the sheet it was about,
or its words. A new subject, named or fully worded, is left as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant import cues
from assistant.clarifying import BACK, SKIP, is_choice
from assistant.constraints import DROP
from corpus.french import fold
from corpus.words import stems

_FULL = 6  # content stems with which a question stands on its own


@dataclass(frozen=True, slots=True)
class Turn:
    """One past turn: the question as it stood alone, and what its answer was about (a title, or "")."""

    question: str
    subject: str
    asked_back: int = 0  # how many clarification questions this turn ended in
    dropped: tuple[str, ...] = ()  # the words of the constraints that the asker let go


class Conversation:
    """The past turns of one conversation, newest last; only the last few are kept."""

    KEPT = 6

    def __init__(self) -> None:
        self._turns: list[Turn] = []

    def add(self, turn: Turn) -> None:
        """Remember a turn."""
        self._turns = [*self._turns, turn][-self.KEPT :]

    @property
    def last(self) -> Turn | None:
        """The turn before."""
        return self._turns[-1] if self._turns else None

    def back(self, text: str) -> str:
        """The text, or where it asks to go back to the question before, that turn's own words: it is then taken up again."""
        before = [place for place, turn in enumerate(self._turns[:-1]) if turn.asked_back]
        if text != BACK or not before:
            return text
        again = self._turns[before[-1]].question
        self._turns = self._turns[: before[-1]]
        return again

    def dropped(self, text: str) -> tuple[str, ...]:
        """The constraints let go, by this text and those before it that said so of the same question."""
        if self.last is None or not text.startswith(DROP):
            return ()
        return (*self.last.dropped, text.removeprefix(DROP).strip())

    def standalone(self, text: str) -> str:
        """The question, made to stand alone when it leans on the turn before."""
        last = self.last
        if last is not None and text.startswith(DROP):
            return last.question
        if last is not None and last.asked_back and is_choice(text):
            return last.question if text == SKIP else f"{last.question.rstrip(' .')}. {text}"
        if last is None or not leans(text):
            return text
        correction = re.match(r"^(?:non|plutot|je voulais dire|pardon|erreur)[ ,:]+(.*)", text, re.IGNORECASE)
        if correction and len(stems(correction.group(1))) >= 2:
            return correction.group(1)
        subject = last.subject or last.question
        return f"{text.rstrip(' ?!.')} ? ({subject})"


def leans(text: str) -> bool:
    """Whether a question needs the turn before to be understood.

    >>> leans("Et pour les élus ?"), leans("Combien ça dure ?"), leans("Quelle est la durée d'un forum ouvert ?")
    (True, True, False)
    """
    folded = fold(text).strip(" ?!.")
    content = stems(text)
    if len(content) >= _FULL:
        return bool(re.match(r"(?:et|mais) ", folded))
    return cues.points("conversation", "leans", folded) or (len(content) <= 1 and len(folded) < 25)
