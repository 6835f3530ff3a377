"""What happens behind the page after it opens: the model loads, then the starter corpus fills in.

One thread does both and publishes a frozen Progress, which the page shows. An error is kept as
two sentences for people; it never stops the page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus.errors import EFCError
from ingest.report import FileReport
from ui import texts

log = logging.getLogger(__name__)
#: Seconds between two files at the most, however many ask: the corpus must come in.
PATIENCE = 2.0
Phase = Literal["preparing", "filling", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the filling is. ``refused`` holds (file name, reason)."""

    phase: Phase = "preparing"
    done: int = 0
    total: int = 0
    current: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    message: str = ""
    remedy: str = ""

    def sentence(self) -> str:
        """The progress for people; "" when there is nothing to say."""
        if self.phase == "preparing":
            return texts.PREPARING
        if self.phase == "filling":
            return texts.FILLING.format(done=self.done, total=self.total) if self.total else texts.PREPARING
        if self.phase == "failed":
            return f"{self.message} {self.remedy}"
        if self.refused:
            names = ", ".join(name for name, _ in self.refused)
            count = texts.FILE_ONE if len(self.refused) == 1 else texts.FILE_MANY.format(count=len(self.refused))
            return texts.FILLED_EXCEPT.format(count=count, names=names)
        return ""

    @property
    def under_way(self) -> bool:
        """Whether content is still to come."""
        return self.phase in ("preparing", "filling")

    def to_dict(self) -> dict[str, Any]:
        """The progress in /healthz."""
        refused = [{"file": name, "message": reason} for name, reason in self.refused]
        return {"phase": self.phase, "done": self.done, "total": self.total, "current": self.current, "refused": refused, "message": self.sentence()}


class Filling:
    """Runs ``warm`` then ``fill`` in the background, once. ``size`` counts the files to read."""

    def __init__(self, warm: Callable[[], object], size: Callable[[], int], fill: Callable[[], Iterator[FileReport]]) -> None:
        self._warm = warm
        self._size = size
        self._fill = fill
        self._stop = threading.Event()
        self._asked = 0
        self._answered = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="filling", daemon=True)
        self.progress = Progress()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """No further file is read in the meantime, ``PATIENCE`` seconds at the most: who asks has the machine to themself."""
        with self._answered:
            self._asked += 1
        try:
            yield
        finally:
            with self._answered:
                self._asked -= 1
                self._answered.notify_all()

    def stop(self, seconds: float = 10.0) -> None:
        """Ask to stop after the file in hand, and wait a little for it."""
        self._stop.set()
        with self._answered:
            self._answered.notify_all()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._warm()
            self.progress = replace(self.progress, phase="filling", total=self._size())
            for report in self._fill():
                self._note(report)
                with self._answered:
                    self._answered.wait_for(lambda: not self._asked or self._stop.is_set(), PATIENCE)
                if self._stop.is_set():
                    return
            self.progress = replace(self.progress, phase="ready", current="")
        except EFCError as error:
            self.progress = replace(self.progress, phase="failed", message=str(error), remedy=error.remedy)
        except Exception:  # the thread's own edge: the page must say it rather than wait for ever
            log.exception("filling")
            self.progress = replace(self.progress, phase="failed", message=texts.UNFORESEEN_FILLING, remedy=EFCError.remedy)

    def _note(self, report: FileReport) -> None:
        if report.status == "ignored":
            return
        name = Path(report.file).name
        refused = (*self.progress.refused, (name, report.message)) if report.status == "refused" else self.progress.refused
        self.progress = replace(self.progress, done=self.progress.done + 1, current=name, refused=refused)
