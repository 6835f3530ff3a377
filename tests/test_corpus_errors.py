"""Errors: each says what happened and what to do, and every command a remedy names exists."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import errors
from corpus.errors import EFCError, RefusedFile, SheetError
from ui.commands import COMMANDS

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("assistant", "corpus", "eval", "ingest", "ui")
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, EFCError)]


def sentences() -> Iterator[tuple[str, str]]:
    """Every text of the code that is no docstring, with its place."""
    for path in (path for room in ROOMS for path in sorted((HOUSE / room).glob("*.py"))):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield f"{path.name}:{node.lineno}", node.value


def test_every_command_that_a_sentence_names_exists() -> None:
    named = [(place, command) for place, text in sentences() for command in re.findall(r"(?:« |: )bao ([a-z]+)", text)]
    assert len(named) > 14
    assert [(place, command) for place, command in named if command not in COMMANDS] == []


def test_every_option_that_a_sentence_names_exists() -> None:
    known = {"--data", "--help", "--json"} | {name for command in COMMANDS.values() for names, _ in command.arguments for name in names}
    said = [(place, text) for place, text in sentences() if text.rstrip().endswith((".", "?")) and "pip install" not in text]
    named = [(place, option) for place, text in said for option in re.findall(r"(?<![\w-])--[a-z]+", text)]
    assert named
    assert [(place, option) for place, option in named if option not in known] == []


def test_every_make_verb_that_a_sentence_names_exists() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = [(place, verb) for place, text in sentences() for verb in re.findall(r"« make ([a-z]+)", text)]
    assert named
    assert [(place, verb) for place, verb in named if verb not in verbs] == []


def test_every_setting_that_a_sentence_names_exists() -> None:
    from corpus.settings import PREFIX, Settings

    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX}
    named = [(place, name) for place, text in sentences() for name in re.findall(r"\bBAO_[A-Z_]*", text)]
    assert named
    assert [(place, name) for place, name in named if name not in known] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_error_has_a_remedy_of_its_own_and_is_in_the_tree(kind: type[EFCError]) -> None:
    assert kind.remedy.endswith((".", "?"))
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind is EFCError or "remedy" in vars(kind)


def test_a_remedy_given_is_kept_and_the_kinds_own_is_the_default() -> None:
    assert EFCError("x", "y").remedy == "y"
    assert EFCError("x", "").remedy == ""
    assert SheetError("x", line=4).remedy == SheetError.remedy


def test_a_refusal_crosses_a_process_border_whole() -> None:
    crossed = pickle.loads(pickle.dumps(RefusedFile("empty", "Vide.", "Remplissez-le.")))  # noqa: S301 - our own bytes
    assert (crossed.reason, str(crossed), crossed.remedy) == ("empty", "Vide.", "Remplissez-le.")
