"""``bao ask --batch``: a file of questions, one JSON object a line, to the answers in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import NotFound, UsageError, in_french

if TYPE_CHECKING:
    from assistant.ask import Assistant

_FORM = 'Une ligne s\'écrit {"id": "1", "question": "…"}.'
Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """The lines of the file, blank ones left out. Raises NotFound, and UsageError with the number of a bad line."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise NotFound(f"Le fichier {path} ne s'ouvre pas ({in_french(error)}).", "Vérifiez le chemin.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"Le fichier {path} n'est pas en UTF-8.", "Enregistrez-le en UTF-8.") from error
    return [_row(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{path}, ligne {number} : ce n'est pas du JSON.", _FORM) from error
    if not isinstance(row, dict):
        raise UsageError(f"{path}, ligne {number} : un objet est attendu.", _FORM)
    return row


def answers(assistant: Assistant, rows: Sequence[Row]) -> Iterator[Row]:
    """One answer a row, with the row's own id; rows that share « conversation » are turns of one conversation."""
    from assistant.conversation import Conversation

    assistant.warm()
    conversations: dict[str, Conversation] = {}
    for row in rows:
        key, question = row.get("conversation"), row.get("question")
        conversation = conversations.setdefault(str(key), Conversation()) if key is not None else Conversation()
        answer = assistant.ask(question if isinstance(question, str) else "", conversation)
        yield answer.to_dict() | {"id": row.get("id", "")}
