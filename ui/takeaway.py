"""A plan to take away: the address of each format, what may be asked at it, and a few made at a time.

The address holds all it takes (tools, situation, step), so that nothing is kept between the page and the file.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, Response

from assistant.answer import Answer
from assistant.plans import FORMATS, MOST_TOOLS, export, plan_of
from corpus.demarche import Demarche
from corpus.errors import NotFound, UsageError
from corpus.french import shorten
from corpus.library import Library
from corpus.settings import Settings
from ui import shell, texts

AT_ONCE = 2  # plans made at the same time
PATIENCE = 20.0  # seconds a plan waits for its turn
LONGEST_ID = 80
LONGEST_SITUATION = 2000
SUFFIXES = {suffix.removeprefix("."): suffix for suffix in FORMATS}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Order:
    """A plan as asked for. ``step`` is where the answer saw the asker, or ""."""

    tools: tuple[str, ...]
    suffix: str
    situation: str = ""
    step: str = ""


def address(answer: Answer, tools: Sequence[str], kind: str) -> str:
    """Where the plan of these tools of an answer is made.

    >>> address(Answer("C'est où ?", "", "", "tool", steps=("E4",)), ["forum-ouvert", "world-cafe"], "pdf")
    '/plan?tools=forum-ouvert%2Cworld-cafe&format=pdf&step=E4&situation=C%27est+o%C3%B9+%3F'
    """
    told = max(answer.question, answer.rewritten, key=lambda text: len(text.split()))  # a follow-up is told with what it follows
    asked = {"tools": ",".join(tools[:MOST_TOOLS]), "format": kind, "step": "".join(answer.steps[:1]), "situation": shorten(told, LONGEST_SITUATION)}
    return "/plan?" + urlencode({key: value for key, value in asked.items() if value}, errors="replace")


def order_of(tools: str, kind: str, situation: str, step: str, demarche: Demarche) -> Order:
    """What was asked for, checked. Raises UsageError."""
    if kind not in SUFFIXES:
        raise UsageError(texts.PLAN_FORMAT.format(formats=", ".join(SUFFIXES)))
    if len(situation) > LONGEST_SITUATION or len(tools) > MOST_TOOLS * (LONGEST_ID + 1):
        raise UsageError(texts.PLAN_TOO_LONG)
    names = tuple(name for part in tools.split(",") if (name := part.strip()))
    if step not in ("", *demarche.step_ids) or not all(_ID.fullmatch(name) and len(name) <= LONGEST_ID for name in names):
        raise UsageError(texts.PLAN_UNCLEAR)
    return Order(names, SUFFIXES[kind], situation, step)


class Press:
    """Makes plans from one library."""

    def __init__(self, library: Library, settings: Settings, demarche: Demarche) -> None:
        self._library = library
        self._settings = settings
        self._demarche = demarche
        self._turnstile = asyncio.Semaphore(AT_ONCE)

    async def answer(self, tools: str, kind: str, situation: str, step: str) -> Response:
        """The file to be saved, or a page that says why there is none."""
        try:
            order = order_of(tools, kind, situation, step, self._demarche)
            await asyncio.wait_for(self._turnstile.acquire(), PATIENCE)
        except UsageError as error:
            return HTMLResponse(shell.refusal(str(error)), 400)
        except TimeoutError:
            return HTMLResponse(shell.refusal(texts.PLAN_BUSY), 503, headers={"Retry-After": "10"})
        try:
            return await asyncio.to_thread(self._make, order)
        except UsageError as error:
            return HTMLResponse(shell.refusal(str(error)), 400)
        except NotFound as error:
            return HTMLResponse(shell.refusal(str(error)), 404)
        finally:
            self._turnstile.release()

    def _make(self, order: Order) -> Response:
        told = Answer(order.situation, order.situation, "", "tool", steps=(order.step,) if order.step else ())
        plan = plan_of(order.tools, self._library, self._demarche, self._settings, answer=told)
        headers = {"Content-Disposition": f'attachment; filename="plan-efc-{plan.written}{order.suffix}"', "Cache-Control": "no-store"}
        return Response(export(plan, order.suffix), media_type=FORMATS[order.suffix], headers=headers)
