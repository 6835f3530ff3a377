"""Killed at any moment, the next start has each document whole or not at all, and a re-run completes.

About 40 seconds: children are killed for good (SIGKILL) at every named step and at twenty seeded
moments, while adding four PDFs and while replacing them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library import STEPS

ALL_STEPS = ("read", "split", "embed", *STEPS)
FILES = ("a.pdf", "b.pdf", "c.pdf", "d.pdf")
Bytes = Callable[..., bytes]
#: Asked at each step (its number, its name, the file): after how many Python calls to die, or None to go on.
Die = Callable[[int, str, str], int | None]
#: A data folder, what it holds, and what it holds once everything is replaced.
Old = tuple[Path, dict[str, Any], dict[str, Any]]


class Nursery:
    """The process whose children are killed."""

    def __init__(self) -> None:
        child = Path(__file__).with_name("crash_child.py")
        self._process = subprocess.Popen([sys.executable, str(child)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line
        assert line != "failed", "the child failed: its traceback is on standard error"
        return line

    def ingest(self, data: Path, folder: Path, die: Die = lambda *_: None) -> list[str] | None:
        """The statuses; None if the child was killed."""
        self._say(f"ingest {data} {folder}")
        dying, number = False, 0
        while True:
            word, _, rest = self._hear().partition(" ")
            if word == "done":
                assert self._hear() == "ended 0"
                found: list[str] = json.loads(rest)
                return found
            if word == "ended":
                assert rest == "9", rest
                return None
            step, _, file = rest.partition(" ")
            calls = 1 if dying else die(number, step, file)  # a child told to die that reached its next step dies there
            number += 1
            dying = dying or calls is not None
            self._say("go" if calls is None else f"die {calls}")

    def look(self, data: Path) -> dict[str, Any]:
        self._say(f"look {data} {data}")
        found: dict[str, Any] = json.loads(self._hear().removeprefix("done "))
        assert self._hear() == "ended 0"
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder in memory where there is such a place: a killed process loses nothing that the disk would have kept."""
    memory = Path("/dev/shm")  # noqa: S108 - only its speed is wanted
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, pdf: Bytes) -> Path:
    """Four small PDFs, in « ancien » as they were, in « nouveau » as they will be."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "ancien").mkdir()
    (folder / "nouveau").mkdir()
    for name in FILES:
        (folder / "ancien" / name).write_bytes(pdf(f"Guide {name[0]}"))
        (folder / "nouveau" / name).write_bytes(pdf(f"Guide {name[0]} revu"))
    return folder


@pytest.fixture(scope="module")
def old(nursery: Nursery, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Old:
    folder, new = tmp_path_factory.mktemp("old"), tmp_path_factory.mktemp("new") / "data"
    assert nursery.ingest(folder, files / "ancien") == ["added"] * 4
    shutil.copytree(folder, new)
    assert nursery.ingest(new, files / "nouveau") == ["replaced"] * 4
    return folder, nursery.look(folder)["left"], nursery.look(new)["left"]


def at(step: str, file: str) -> Die:
    """Die at once at this step of this file."""
    return lambda _, name, of: 1 if (name, of) == (step, file) else None


def moment(seed: int) -> Die:
    """Die at a seeded number of Python calls after a seeded step."""
    chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
    step, calls = chance.randrange(len(ALL_STEPS) * len(FILES)), int(10 ** chance.uniform(0, 2.7))
    return lambda number, *_: calls if number == step else None


KILLS = [pytest.param(at(step, FILES[1 + place % 3]), id=step) for place, step in enumerate(ALL_STEPS)]
MOMENTS = [pytest.param(moment(seed), id=f"seed {seed}") for seed in range(20)]


@pytest.mark.parametrize("die", [*KILLS, *MOMENTS[:10]])
def test_killed_while_adding(nursery: Nursery, files: Path, old: Old, data: Path, die: Die) -> None:
    whole = old[1]
    assert nursery.ingest(data, files / "ancien", die) is None
    after = nursery.look(data)
    assert after["searchable"], "a reader would find a passage without its vector"
    assert after["agree"], "the next writer left something behind"
    assert after["seen"] == after["left"] == {name: whole[name] for name in after["left"]}
    done = sorted(after["left"])
    assert nursery.ingest(data, files / "ancien") == ["unchanged" if name in done else "added" for name in FILES]
    again = nursery.look(data)
    assert (again["left"], again["agree"]) == (whole, True)


@pytest.mark.parametrize("die", [*KILLS, *MOMENTS[10:]])
def test_killed_while_replacing(nursery: Nursery, files: Path, old: Old, data: Path, die: Die) -> None:
    folder, before, after_all = old
    shutil.copytree(folder, data)
    assert nursery.ingest(data, files / "nouveau", die) is None
    after = nursery.look(data)
    assert after["searchable"], "a reader would find a passage without its vector"
    assert after["agree"], "the next writer left something behind"
    assert after["seen"] == after["left"]
    assert sorted(after["left"]) == list(FILES)
    assert all(after["left"][name] in (before[name], after_all[name]) for name in FILES)
    assert nursery.ingest(data, files / "nouveau") == ["unchanged" if after["left"][name] == after_all[name] else "replaced" for name in FILES]
    again = nursery.look(data)
    assert (again["left"], again["agree"]) == (after_all, True)
