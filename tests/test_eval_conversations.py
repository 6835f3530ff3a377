"""Our conversations: played by the rules, and grounded in the sheets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from assistant.answer import Intent
from assistant.ask import Assistant
from corpus.demarche import STARTER, Demarche
from corpus.errors import NotFound, UsageError
from corpus.library import Library
from corpus.settings import Settings
from eval import conversations
from eval.conversations import Must, Turn
from eval.matching import words
from ingest.pipeline import Pipeline

SHEETS = {path.stem: path.read_text("utf-8") for path in (STARTER / "fiches").rglob("*.md")}
#: The document that says the same as a sheet, where it is in the store.
ELSEWHERE = {"cerdd-ami-mise-en-recits", "cerdd-cctp-boite-a-outils-efc"}


def test_twenty_conversations_of_three_to_six_turns_for_three_users() -> None:
    turns = conversations.read()
    lengths = Counter(turn.conversation for turn in turns)
    assert len(lengths) == 20
    assert set(lengths.values()) <= {3, 4, 5, 6}
    assert len({turn.id for turn in turns}) == len(turns)
    assert {path.stem for path in conversations.FOLDER.glob("*.jsonl")} == {"agent", "nouveau", "cerdd"}


@pytest.mark.parametrize("turn", conversations.read(), ids=lambda turn: turn.id)
def test_what_a_turn_must_hold_stands_in_the_sheets(turn: Turn) -> None:
    must = turn.must
    assert must != Must()
    assert set(must.documents_any) <= set(SHEETS) | ELSEWHERE
    assert set(must.intent_any) <= set(get_args(Intent))
    if must.contains_any:
        sheets = [name for name in must.documents_any if name in SHEETS]
        assert any(stands(option, name) for option in must.contains_any for name in sheets)


def stands(option: str, name: str) -> bool:
    """Whether a sheet says this, in its text or, for « 2 h », as minutes in its front matter."""
    hours, _, minutes = option.partition(" h")
    timed = hours.isdigit() and f"duree_minutes: [{int(hours) * 60 + int(minutes or 0)}," in SHEETS[name]
    return timed or words(option).strip() in words(SHEETS[name])


def test_a_turn_leans_on_the_one_before_only_within_its_conversation(library: Callable[..., Library], settings: Settings, demarche: Demarche) -> None:
    one = library()
    names = ("concepts/performance-usage", "concepts/cooperation", "outils/carte-acteurs-relations")
    Pipeline(one, settings, demarche).run([STARTER / "fiches" / f"{name}.md" for name in names])
    asked = [("a", "Qu'est-ce que la performance d'usage ?"), ("b", "Qu'est-ce que la coopération ?"), ("a", "un exemple ?")]
    turns = [Turn(name, f"{name}{number}", question, Must(("performance-usage",))) for number, (name, question) in enumerate(asked)]
    played = conversations.play(Assistant(one, settings, demarche), turns)
    assert [bool(each.faults) for each in played] == [False, True, False]
    assert next(conversations.lines(played)) == "2 tours sur 3 tiennent ; 1 conversations sur 2 tiennent en entier."


def test_a_tool_proposed_counts_as_a_document_and_its_card_as_shown() -> None:
    answer = {"answer": "Voici.", "intent": "tool", "citations": [], "tools": [{"id": "forum-ouvert", "title": "Forum ouvert", "duration": "3 h 30 à 14 h"}]}
    assert Must(("forum-ouvert",), ("3 h 30",), ("tool",), False).faults(answer) == ()


def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        conversations.read(tmp_path)
    good = json.dumps({"conversation": "a", "id": "a-1", "question": "?", "must": {"abstained": True}})
    (tmp_path / "a.jsonl").write_text(good + "\n" + json.dumps({"conversation": "a", "id": "a-2", "question": "?", "must": {"contain": []}}), "utf-8")
    with pytest.raises(UsageError, match="ligne 2"):
        conversations.read(tmp_path)
