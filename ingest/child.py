"""Reads one file in a child process bounded in time and memory, so that no file can harm its reader.

The child is forked by a server that has loaded the readers beforehand: a few milliseconds a file,
a fresh process each time, and never a fork of a parent that has threads. It answers in JSON, not
in pickle: what comes back from a file's child is data.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from corpus.documents import Block, Page, Reading
from corpus.errors import RefusedFile
from ingest.limits import Limits

if TYPE_CHECKING:
    from corpus.settings import Settings

_starting = threading.Lock()
_PRELOADED = ["ingest.child", "ingest.readers"]


def read_apart(path: Path, settings: Settings) -> Reading:
    """The Reading of a file, made in a child process. Raises RefusedFile, also where the child dies or is too slow."""
    found = within(settings, reading_of, str(path), Limits.of(settings))
    pages = tuple(Page(number, text) for number, text in found["pages"])
    blocks = tuple(Block(kind, text, page, level) for kind, text, page, level in found["blocks"])
    return Reading(found["title"], pages, blocks, tuple(found["remarks"]), found["details"])


def reading_of(path: str, limits: Limits) -> dict[str, Any]:
    """The child's work: a file's Reading in plain lists, as JSON carries it."""
    from ingest import readers

    found = readers.read(Path(path), limits)
    return {
        "title": found.title,
        "pages": [[page.number, page.text] for page in found.pages],
        "blocks": [[block.kind, block.text, block.page, block.level] for block in found.blocks],
        "remarks": list(found.remarks),
        "details": dict(found.details),
    }


def within(settings: Settings, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of an importable module in a child process, within the settings' time and memory."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    with contextlib.closing(ours):
        with contextlib.closing(theirs), _starting, _without_main():
            child = _context().Process(target=_serve, args=(theirs, settings.read_megabytes, settings.read_seconds, function, arguments), daemon=True)
            child.start()
        try:
            answer = _answer(ours, settings.read_seconds)
        except BaseException:  # too slow, or the user's Ctrl-C: a child must not outlive the wait for it
            child.kill()
            raise
        finally:
            child.join()
    if answer is None:
        raise _death(child.exitcode)
    if "refused" in answer:
        raise RefusedFile(*answer["refused"])
    return answer["done"]


def _context() -> Any:
    """The fork server's context; spawn where there is none (Windows)."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module while a child starts: it would import it again, and a bare script would run twice."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _answer(pipe: Connection, seconds: int) -> dict[str, Any] | None:
    """What the child says; None if it died without a word. Raises RefusedFile if it is too slow."""
    if not pipe.poll(seconds):
        raise _too_slow()
    try:
        found = json.loads(pipe.recv_bytes())
    except (EOFError, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _serve(pipe: Connection, megabytes: int, seconds: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The child's life: bounds first, then the work, then one answer."""
    _bound(megabytes, seconds)
    try:
        answer: dict[str, Any] = {"done": function(*arguments)}
        said = json.dumps(answer).encode()
    except RefusedFile as refusal:
        said = json.dumps({"refused": [refusal.reason, str(refusal), refusal.remedy]}).encode()
    except MemoryError:
        said = json.dumps(
            {"refused": ["too-big", "Ce fichier demande trop de mémoire pour être lu.", "Découpez-le ou allégez-le, ou relevez le réglage BAO_READ_MEGABYTES."]}
        ).encode()
    except Exception as error:  # a reader's library failed as we did not foresee: the file is refused, the run goes on
        said = json.dumps({"refused": ["crashed", f"La lecture de ce fichier a échoué ({type(error).__name__}).", _AGAIN]}).encode()
    pipe.send_bytes(said)
    pipe.close()


_AGAIN = "Enregistrez-le de nouveau depuis son logiciel d'origine, ou dans un autre format (PDF, DOCX, ODT), puis recommencez."


def _bound(megabytes: int, seconds: int) -> None:
    """Take the limits; a system that does not enforce one (macOS, memory) goes without it."""
    # Ctrl-C belongs to the parent, which ends this process with its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:
        return
    for name, bound in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, megabytes * 1_000_000)):
        with contextlib.suppress(ValueError, OSError):
            _, hardest = resource.getrlimit(name)
            bound = bound if hardest == resource.RLIM_INFINITY else min(bound, hardest)
            resource.setrlimit(name, (bound, hardest if name == resource.RLIMIT_CPU else bound))


def _death(status: int | None) -> RefusedFile:
    """The refusal for a child that died without a word, by its exit status."""
    if status == -getattr(signal, "SIGXCPU", 24):
        return _too_slow()
    if status == -getattr(signal, "SIGKILL", 9):
        return RefusedFile(
            "too-big", "La lecture de ce fichier a été interrompue par le système, sans doute faute de mémoire.", "Découpez-le ou allégez-le, puis recommencez."
        )
    return RefusedFile("crashed", "La lecture de ce fichier s'est arrêtée brutalement : il est sans doute abîmé.", _AGAIN)


def _too_slow() -> RefusedFile:
    return RefusedFile("too-slow", "La lecture de ce fichier prend trop de temps.", "Découpez-le ou allégez-le, ou relevez le réglage BAO_READ_SECONDS.")
