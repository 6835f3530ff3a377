"""Which files a path means: walks folders, names each file, and sets aside what is not to be read.

One Found for every file met, links, special and hidden files included. Links are never followed.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.demarche import STARTER
from corpus.documents import Origin

#: The parts of the starter corpus that hold content, under corpus/.
STARTER_PARTS = ("fiches", "documents")
COMPANION = ".yaml"


@dataclass(frozen=True, slots=True)
class Found:
    """One file met. ``verdict`` is "" for a file to read, else "ignored" or "refused" with its ``reason``."""

    path: Path
    name: str
    origin: Origin = "local"
    verdict: str = ""
    reason: str = ""


def find(path: Path, suffixes: frozenset[str]) -> Iterator[Found]:
    """Every file that ``path`` means, PDFs first within a folder: where a PDF and a DOCX hold one text, the PDF has pages to cite."""
    if path.is_symlink():
        yield Found(path, path.name, verdict="refused", reason="link")
    elif not path.exists():
        yield Found(path, path.name, verdict="refused", reason="missing")
    elif path.is_dir():
        for root in _roots(path):
            yield from _walk(root, path, suffixes)
    else:
        yield _judge(path, path.name, suffixes, named=True)


def _roots(folder: Path) -> list[Path]:
    """The folder; for the starter corpus, only its parts that hold content (not its code, templates and README)."""
    return [folder / part for part in STARTER_PARTS if (folder / part).is_dir()] if folder.resolve() == STARTER.resolve() else [folder]


def _walk(folder: Path, root: Path, suffixes: frozenset[str]) -> Iterator[Found]:
    for path in sorted(folder.iterdir(), key=lambda p: (p.suffix.lower() != ".pdf", p.name)):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            yield Found(path, name, verdict="refused", reason="link")
        elif path.name.startswith("."):
            if path.is_file():
                yield Found(path, name, verdict="ignored", reason="hidden")
        elif path.is_dir():
            if not (path.name == "sources" and folder.resolve() == (STARTER / "documents").resolve()):  # what our own PDFs are made from
                yield from _walk(path, root, suffixes)
        else:
            yield _judge(path, name, suffixes, named=False)


def _judge(path: Path, name: str, suffixes: frozenset[str], named: bool) -> Found:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        return Found(path, name, verdict="refused", reason="special")
    suffix = path.suffix.lower()
    if suffix == COMPANION and any(path.with_suffix(other).exists() for other in suffixes):
        return Found(path, name, verdict="ignored", reason="companion")
    if suffix not in suffixes:
        return Found(path, name, verdict="refused" if named else "ignored", reason="format")
    starter = STARTER.resolve() in path.resolve().parents
    return Found(path, name, "starter" if starter else "local")
