"""The desk: takes the questions of one browser session and gives its turns, whatever shows them.

Nothing of a session is kept outside its Session value, which the page holds.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Answer
from assistant.conversation import Conversation
from corpus.demarche import Demarche
from corpus.errors import EFCError, EmptyStore
from ui import render, texts
from ui.cards import Lookup
from ui.filling import Progress

log = logging.getLogger(__name__)

AT_ONCE = 4  # questions answered at the same time; the others wait their turn
KEPT_TURNS = 30  # turns kept on the page
PATIENCE = 180.0  # seconds a question waits for the assistant to be ready
PAUSE = 0.2  # seconds between two looks


class Answerer(Protocol):
    """What the page asks of the assistant."""

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """One answer."""

    def ready(self) -> bool:
        """Whether a question can be answered now."""


class Background(Protocol):
    """What goes on behind the page."""

    progress: Progress

    def waiting(self) -> AbstractContextManager[None]:
        """The work waits meanwhile."""


@dataclass
class Session:
    """What one browser session has said: the assistant's memory of it, and the turns as shown."""

    conversation: Conversation = field(default_factory=Conversation)
    turns: list[str] = field(default_factory=list)

    def shown(self) -> str:
        """The past turns, oldest first."""
        return "".join(self.turns[-KEPT_TURNS:])


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows now: the past turns, the turn in hand; ``taken`` once the question was taken from the box."""

    past: str
    now: str
    taken: bool = True


class Desk:
    """Takes questions and gives turns, the same for Gradio and for tests."""

    def __init__(self, assistant: Answerer, demarche: Demarche, lookup: Lookup, background: Background, patience: float = PATIENCE) -> None:
        self._assistant = assistant
        self._demarche = demarche
        self._lookup = lookup
        self._background = background
        self._patience = patience
        self._turnstile = asyncio.Semaphore(AT_ONCE)

    async def ask(self, question: object, session: Session) -> AsyncIterator[View]:
        """The question at once, then its answer."""
        text = question.strip() if isinstance(question, str) else ""
        if not text:
            yield View(session.shown(), render.trouble("", texts.NOTHING_ASKED, ""), taken=False)
            return
        waiting = texts.SEARCHING if self._assistant.ready() else texts.NOT_READY
        past = session.shown()
        yield View(past, render.pending(text, waiting))
        fresh, kept = await self._turn(text, session.conversation)
        session.turns = [*session.turns, kept][-KEPT_TURNS:]
        yield View(past, fresh)

    async def _turn(self, text: str, conversation: Conversation) -> tuple[str, str]:
        """The turn as it appears, and as it is kept."""
        try:
            answer = await self._answer(text, conversation)
            return await asyncio.to_thread(self._both, text, answer)
        except EFCError as error:
            shown = render.trouble(text, str(error), error.remedy)
        except Exception:  # the page's own edge: a person never sees a traceback
            log.exception("ask")
            shown = render.trouble(text, texts.UNFORESEEN, texts.UNFORESEEN_REMEDY)
        return shown, shown

    async def _answer(self, text: str, conversation: Conversation) -> Answer:
        """The answer, waited for while the model loads and the first sheets come in."""
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            progress = self._background.progress
            if self._assistant.ready():
                try:
                    async with self._turnstile:
                        with self._background.waiting():
                            return await asyncio.to_thread(self._assistant.ask, text, conversation)
                except EmptyStore:
                    if not progress.under_way:
                        raise
            elif progress.phase == "failed":
                raise EFCError(progress.message, progress.remedy)
            await asyncio.sleep(PAUSE)
        raise EFCError(texts.TOO_LONG_TO_START, texts.TOO_LONG_REMEDY)

    def _both(self, text: str, answer: Answer) -> tuple[str, str]:
        progress = self._background.progress
        note = texts.STILL_FILLING.format(done=progress.done, total=progress.total) if progress.phase == "filling" else ""
        fresh, kept = (render.turn(text, answer, self._demarche, self._lookup, fresh, note) for fresh in (True, False))
        return fresh, kept
