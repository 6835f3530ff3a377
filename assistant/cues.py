"""The cues: what in a question's words points to a form, a kind of answer or a section of a sheet.

They are data (``cues.toml``), regular expressions over folded text, compiled once. Cues only
shape an answer; what is found and recommended never hangs on a list of words.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("cues.toml")


@functools.cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """The pattern that matches where any expression of the list ``name`` of ``table`` does."""
    return re.compile("|".join(f"(?:{expression})" for expression in _table(table)[name]))


def points(table: str, name: str, folded: str) -> bool:
    """Whether a folded text has one of the cues.

    >>> points("form", "comparison", "quelle difference entre les deux")
    True
    """
    return bool(pattern(table, name).search(folded))


def first(table: str, folded: str) -> str:
    """The first list of a table, in the file's order, with a cue in the text; "" when none has."""
    return next((name for name in names(table) if points(table, name, folded)), "")


def every(table: str, folded: str) -> tuple[str, ...]:
    """Every list of a table with a cue in the text, in the file's order."""
    return tuple(name for name in names(table) if points(table, name, folded))


def names(table: str) -> tuple[str, ...]:
    """The lists of a table, in the file's order; none for an unknown table."""
    return tuple(_table(table))


def _table(table: str) -> dict[str, Any]:
    found: Any = _load()
    for part in table.split("."):
        found = found.get(part, {})
    return dict(found)


@functools.cache
def _load() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
