"""What every ``bao`` command starts from and ends with: the settings, the open library, lines for people or one JSON document."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import EmptyStore

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.ask import Assistant
    from corpus.library import Library
    from corpus.settings import Settings


def settings_of(given: argparse.Namespace) -> Settings:
    """The settings, with the command line's data folder where one was given."""
    from corpus import settings

    return settings.load(**({"data": given.data} if given.data else {}))


@contextmanager
def open_library(given: argparse.Namespace, writing: bool = False, any_model: bool = False) -> Iterator[Library]:
    """The library of the data folder, closed at the end; ``any_model`` for what does not search it."""
    from corpus.library import Library
    from corpus.model import open_embedder

    settings = settings_of(given)
    with Library(settings, open_embedder(settings), writing, any_model) as library:
        yield library


@contextmanager
def open_assistant(given: argparse.Namespace) -> Iterator[Assistant]:
    """An assistant over that library. Raises EmptyStore."""
    from assistant.ask import Assistant
    from corpus import demarche

    folder = settings_of(given).data
    if not folder.exists():  # a folder's name mistyped: say so rather than make one of that name
        raise _empty(folder)
    with open_library(given) as library:
        filled(library)
        yield Assistant(library, settings_of(given), demarche.load())


def filled(library: Library) -> None:
    """Raises EmptyStore where nothing was ingested yet."""
    if not library.store.count("passages"):
        raise _empty(library.folder)


def _empty(folder: Path) -> EmptyStore:
    return EmptyStore(f"La boîte à outils est vide (dossier {folder}).")


def write_json(value: Any) -> None:
    """One JSON document on standard output, one line, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def write_lines(lines: Iterable[str]) -> None:
    """Lines for people on standard output."""
    for line in lines:
        print(line)


def shown(answer: Answer) -> list[str]:
    """An answer as lines for a terminal: Markdown signs that only a page needs are left out."""
    text = answer.answer.replace("\\", "").replace("**", "").replace("*", "")
    lines = [text]
    if answer.tools and answer.intent not in ("tool", "journey"):
        lines += ["", "Outils proches : " + ", ".join(f"{tool.title} ({tool.id})" for tool in answer.tools)]
    if answer.more:
        lines += ["", "— En savoir plus —", answer.more.replace("\\", "").replace("**", "").replace("*", "")]
    return lines
