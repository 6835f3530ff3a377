"""Which files a path means: walks folders, names each file, and sets aside what is not to be read.

One Found for every file met, links, special and hidden files included. Links are never followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.demarche import STARTER
from corpus.documents import Origin, document_name

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
    return (_spelt(found) for found in _find(path, suffixes))


def _spelt(found: Found) -> Found:
    """The file under its one spelling. A name that is no text (an old disk's Latin-1) is refused: it could be neither stored nor printed."""
    text = str(found.path).encode("utf-8", "replace").decode()
    if text == str(found.path):
        return replace(found, name=document_name(found.name))
    return replace(found, path=Path(text), name=Path(text).name, verdict=found.verdict or "refused", reason=found.reason or "name")


def _find(path: Path, suffixes: frozenset[str]) -> Iterator[Found]:
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
    try:
        inside = sorted(folder.iterdir(), key=lambda p: (p.suffix.lower() != ".pdf", p.name))
    except OSError:
        yield Found(folder, folder.relative_to(root).as_posix(), verdict="refused", reason="closed")
        return
    for path in inside:
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            yield Found(path, name, verdict="refused", reason="link")
        elif path.name.startswith("."):
            if not path.is_dir():
                yield Found(path, name, verdict="ignored", reason="hidden")
        elif path.is_dir():
            if not (path.name == "sources" and folder.resolve() == (STARTER / "documents").resolve()):  # what our own PDFs are made from
                yield from _walk(path, root, suffixes)
        else:
            yield _judge(path, name, suffixes, named=False)


def _judge(path: Path, name: str, suffixes: frozenset[str], named: bool) -> Found:
    if not path.is_file():
        return Found(path, name, verdict="refused", reason="special")
    suffix = path.suffix.lower()
    if suffix == COMPANION and any(path.with_suffix(other).exists() for other in suffixes):
        return Found(path, name, verdict="ignored", reason="companion")
    if suffix not in suffixes:
        return Found(path, name, verdict="refused" if named else "ignored", reason="format")
    starter = STARTER.resolve() in path.resolve().parents
    return Found(path, path.name, "starter") if starter else Found(path, name)  # starter names are unique wherever one starts from
