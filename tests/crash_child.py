"""Run by test_crash.py: forks, on command, children that ingest and tell each step, and children that look at what is left.

Forked from one process that has imported everything and opened nothing, a child starts in
milliseconds. A child that ingests says each step on standard output and waits for a word on
standard input: « go », or « die N », which ends it with SIGKILL at its Nth Python call from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.demarche import load
from corpus.documents import Reading
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from ingest import pipeline, readers

DEMARCHE = load()


READ: dict[str, Reading] = {}


def read(path: Path, *_: object) -> Reading:
    """Each text is read once in this process, before the fork: the readers are tested elsewhere."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if sha256 not in READ:
        READ[sha256] = readers.read(path)
    return READ[sha256]


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def heard() -> str:
    """One line of standard input, unbuffered: parent and child share it."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit()
        line += byte
    return line.decode().strip()


def die_after(calls: int) -> None:
    """Die, without a word or a flush, at the given Python call from here."""
    left = [calls]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def ingest(data: Path, folder: Path) -> None:
    """Ingest a folder, replacing what is of the same name, telling each step and waiting to be let on."""

    def step(file: str, name: str) -> None:
        say(f"step {name} {Path(file).name}")
        word, _, calls = heard().partition(" ")
        if word == "die":
            die_after(int(calls))

    with Library(Settings(data=data, model="hachage"), HashingEmbedder(), writing=True) as library:
        report = pipeline.Pipeline(library, Settings(data=data), DEMARCHE, step).run([folder], replace=True)
    sys.setprofile(None)
    say(f"done {json.dumps([file.status for file in report.files])}")


def look(data: Path, _: Path) -> None:
    """What a reader sees at once, then what is left once a writer has opened."""
    settings = Settings(data=data, model="hachage")
    with Library(settings, HashingEmbedder()) as library:
        seen = portrait(library)
        searchable = library.store.uids() <= library.index.uids()
    with Library(settings, HashingEmbedder(), writing=True) as library:
        left = portrait(library)
        named = {library.original(document).name for document in library.store.documents()}
        agree = library.store.uids() == library.index.uids() and named == {path.name for path in (data / "originals").iterdir()}
    say(f"done {json.dumps({'seen': seen, 'left': left, 'searchable': searchable, 'agree': agree})}")


def portrait(library: Library) -> dict[str, Any]:
    """Everything stored of each document, its original's own hash among it."""
    return {
        document.id: [
            document.sha256,
            hashlib.sha256(library.original(document).read_bytes()).hexdigest(),
            [page.text for page in library.store.pages(document.id)],
            [stored.passage.text for stored in library.store.passages(document.id)],
        ]
        for document in library.store.documents()
    }


def child(work: Callable[[Path, Path], None], data: Path, folder: Path) -> None:
    """The life of a forked child."""
    try:
        work(data, folder)
    except BaseException:
        say("failed")
        traceback.print_exc()
    os._exit(0)


def main() -> None:
    """Fork a child for each line « ingest|look DATA FOLDER », and say when it is over."""
    pipeline.read_apart = read
    while True:
        name, data, folder = heard().split(" ")
        for path in Path(folder).glob("*.pdf"):
            read(path)
        pid = os.fork()
        if not pid:
            child({"ingest": ingest, "look": look}[name], Path(data), Path(folder))
        _, status = os.waitpid(pid, 0)
        say(f"ended {status}")


if __name__ == "__main__":
    main()
