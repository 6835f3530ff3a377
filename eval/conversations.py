"""Conversations of our own, played as the three users, with what each turn must hold.

    python -m eval.conversations [--data DOSSIER]

A line of eval/conversations/*.jsonl is one turn: {"conversation", "id", "question", "must"}, and
``must`` {"documents_any", "contains_any", "intent_any", "abstained"}, each of them optional:
a document cited or a tool proposed among these, one of these writings in what is shown at once
(the answer and its tool cards), one of these intents, and whether the answer abstains. The same
files go through ``bao ask --batch``, which ignores ``must``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.ask import Assistant
from assistant.conversation import Conversation
from corpus import demarche, settings
from corpus.errors import EFCError, NotFound, UsageError
from corpus.french import shorten
from corpus.library import Library
from corpus.model import open_embedder
from eval.matching import contains, name_of, stem_of

FOLDER = Path(__file__).with_name("conversations")


@dataclass(frozen=True, slots=True)
class Must:
    """What one answer must hold; an empty tuple or None asks nothing."""

    documents_any: tuple[str, ...] = ()
    contains_any: tuple[str, ...] = ()
    intent_any: tuple[str, ...] = ()
    abstained: bool | None = None

    def faults(self, answer: Mapping[str, Any]) -> tuple[str, ...]:
        """What an answer lacks, in French.

        >>> said = {"answer": "Elle dure 1 h 30.", "intent": "how_to", "abstained": False, "citations": [{"document": "a"}], "tools": []}
        >>> Must(("a",), ("1 h 30",), ("how_to",), False).faults(said)
        ()
        >>> Must(("b",), abstained=True).faults(said)
        ('aucun de ces documents : b', "aurait dû s'abstenir")
        """
        found = []
        named = {name_of(citation) for citation in answer.get("citations", [])} | {stem_of(tool["id"]) for tool in answer.get("tools", [])}
        if self.documents_any and not named & set(self.documents_any):
            found.append(f"aucun de ces documents : {', '.join(self.documents_any)}")
        if self.contains_any and not contains(_shown(answer), [self.contains_any]):
            found.append(f"rien de ceci : {' | '.join(self.contains_any)}")
        if self.intent_any and answer.get("intent") not in self.intent_any:
            found.append(f"intention « {answer.get('intent')} », attendue : {', '.join(self.intent_any)}")
        if self.abstained is not None and bool(answer.get("abstained")) != self.abstained:
            found.append("aurait dû s'abstenir" if self.abstained else "s'est abstenu à tort")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one conversation."""

    conversation: str
    id: str
    question: str
    must: Must


@dataclass(frozen=True, slots=True)
class Played:
    """A turn, its answer and what it lacks."""

    turn: Turn
    answer: Mapping[str, Any]
    faults: tuple[str, ...]


def read(folder: Path = FOLDER) -> tuple[Turn, ...]:
    """Every turn of a folder, in order. Raises NotFound, or UsageError with the line at fault."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise NotFound(f"Aucune conversation dans {folder}.", "Donnez un dossier qui contient des fichiers .jsonl.")
    return tuple(turn for file in files for turn in _turns(file))


def _turns(file: Path) -> Iterator[Turn]:
    for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield Turn(row["conversation"], row["id"], row["question"], _must(**row["must"]))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{file}, ligne {number} : ce n'est pas un tour de conversation ({error}).", "Comparez-le aux autres.") from error


def _must(documents_any: Sequence[str] = (), contains_any: Sequence[str] = (), intent_any: Sequence[str] = (), abstained: bool | None = None) -> Must:
    return Must(tuple(documents_any), tuple(contains_any), tuple(intent_any), abstained)


def play(assistant: Assistant, turns: Sequence[Turn]) -> tuple[Played, ...]:
    """Every turn asked in its conversation, in order."""
    conversations: dict[str, Conversation] = {}
    played = []
    for turn in turns:
        conversation = conversations.setdefault(turn.conversation, Conversation())
        answer = assistant.ask(turn.question, conversation).to_dict(turn.id)
        played.append(Played(turn, answer, turn.must.faults(answer)))
    return tuple(played)


def lines(played: Sequence[Played]) -> Iterator[str]:
    """What holds, and what does not, for people."""
    whole = {one.turn.conversation: True for one in played}
    for one in played:
        whole[one.turn.conversation] &= not one.faults
    kept = sum(not one.faults for one in played)
    yield f"{kept} tours sur {len(played)} tiennent ; {sum(whole.values())} conversations sur {len(whole)} tiennent en entier."
    for one in played:
        if one.faults:
            yield ""
            yield f"{one.turn.id} : {one.turn.question}"
            yield f"  compris : {one.answer['rewritten']}"
            yield f"  répondu : {shorten(str(one.answer['answer']), 200)}"
            yield from (f"  manque : {fault}" for fault in one.faults)


def _shown(answer: Mapping[str, Any]) -> str:
    cards = "".join(f"\n{tool['title']}, {tool['duration']}" for tool in answer.get("tools", []))
    return f"{answer.get('answer', '')}{cards}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description="Joue nos conversations et dit ce qui tient.")
    parser.add_argument("--data", type=Path, metavar="DOSSIER", help="dossier des données")
    given = parser.parse_args(arguments)
    try:
        chosen = settings.load(**({"data": given.data} if given.data else {}))
        with Library(chosen, open_embedder(chosen)) as library:
            print("\n".join(lines(play(Assistant(library, chosen, demarche.load()), read()))))
    except BrokenPipeError:  # « | head » has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except EFCError as error:
        print(f"{error}\n→ {error.remedy}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
