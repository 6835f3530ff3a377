"""Gold files: questions with what a right answer must hold, read and checked into frozen cases.

One JSON object a line, one shape a task. A key that is null counts as absent, as in the scorer
this project is measured by. A faulty file is refused with its line, never half read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from corpus.errors import NotFound, UsageError, in_french

Task = Literal["documents", "concepts", "toolbox"]
TASKS: tuple[Task, ...] = get_args(Task)
Groups = tuple[tuple[str, ...], ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentCase:
    """A question on the documents: an answer holds one writing of each group; ``doc`` is empty where nothing answers."""

    id: str
    question: str
    kind: str
    doc: tuple[str, ...]
    evidence: tuple[str, ...]
    must_contain: Groups
    answer: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers; if not, abstaining is right."""
        return bool(self.doc)


@dataclass(frozen=True, slots=True)
class ConceptCase:
    """A question on the concepts. ``sheets`` may be empty: any sheet may then answer."""

    id: str
    question: str
    kind: str
    sheets: tuple[str, ...]
    must_contain: Groups
    answerable: bool = True
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ToolboxCase:
    """A situation: ``tools`` are accepted, ``best`` preferred, ``avoid`` harmful; ``clarify`` says that asking back is right."""

    id: str
    question: str
    kind: str
    steps: tuple[str, ...]
    tools: tuple[str, ...]
    best: tuple[str, ...]
    avoid: tuple[str, ...]
    clarify: bool = False

    @property
    def only_clarify(self) -> bool:
        """Whether the only right answer is to ask back."""
        return self.clarify and not self.tools


Case = DocumentCase | ConceptCase | ToolboxCase


def read(path: Path, task: Task) -> tuple[Case, ...]:
    """The cases of a gold file, in order. Raises NotFound, or UsageError with the line at fault."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise NotFound(f"Le fichier {path} ne s'ouvre pas ({in_french(error)}).", "Vérifiez le chemin ; nos questions sont dans eval/questions.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"Le fichier {path} n'est pas en UTF-8.", "Enregistrez-le en UTF-8.") from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = parse(line, task)
            if case.id in cases:
                raise ValueError(f"l'identifiant « {case.id} » est déjà pris")
        except ValueError as error:
            raise UsageError(f"{path}, ligne {number} : {error}.", f"Le format des questions de la tâche « {task} » est décrit dans eval/gold.py.") from error
        cases[case.id] = case
    if not cases:
        raise UsageError(f"Le fichier {path} ne contient aucune question.", "Mettez une question par ligne, en JSON.")
    return tuple(cases.values())


def parse(line: str, task: Task) -> Case:
    """One line of a gold file. Raises ValueError with a French reason.

    >>> parse('{"id": "1", "question": "Où ?", "kind": "factual", "doc": [], "evidence": [], "must_contain": []}', "documents").answerable
    False
    >>> parse('{"id": "1", "question": "Où ?", "kind": "story"}', "toolbox")
    Traceback (most recent call last):
    ValueError: la clé « tools » manque
    """
    try:
        value = json.loads(line)
    except ValueError as error:
        raise ValueError("ce n'est pas du JSON") from error
    if not isinstance(value, dict):
        raise ValueError("un objet est attendu")
    return _READERS[task](_Row({key: each for key, each in value.items() if each is not None}))


class _Row:
    """A line's values, each taken with its type checked."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, key: str, default: str | None = None) -> str:
        found = self._of(key, str, default)
        if not found.strip() and default is None:
            raise ValueError(f"la clé « {key} » est vide")
        return found

    def flag(self, key: str, default: bool) -> bool:
        return self._of(key, bool, default)

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        found = self._of(key, list, None if default is None else list(default))
        return _texts(key, found)

    def groups(self, key: str) -> Groups:
        groups = [_texts(key, group) for group in self._of(key, list, None)]
        if not all(groups):
            raise ValueError(f"la clé « {key} » a un groupe vide")
        return tuple(groups)

    def _of(self, key: str, kind: type[T], default: T | None) -> T:
        if key not in self._values:
            if default is None:
                raise ValueError(f"la clé « {key} » manque")
            return default
        found = self._values[key]
        if not isinstance(found, kind):
            raise ValueError(f"la clé « {key} » n'est pas de la bonne forme")
        return found


def _texts(key: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"la clé « {key} » attend des textes non vides")
    return tuple(values)


def _document_case(row: _Row) -> DocumentCase:
    case = DocumentCase(
        row.text("id"), row.text("question"), row.text("kind"), row.texts("doc"), row.texts("evidence"), row.groups("must_contain"), row.text("answer", "")
    )  # fmt: skip
    if bool(case.doc) != bool(case.evidence):
        raise ValueError("« doc » et « evidence » vont ensemble")
    return _holding(case)


def _concept_case(row: _Row) -> ConceptCase:
    answerable = row.flag("answerable", True)
    sheets, groups = row.texts("sheets"), row.groups("must_contain")
    return _holding(ConceptCase(row.text("id"), row.text("question"), row.text("kind"), sheets, groups, answerable, row.text("answer", "")))


def _toolbox_case(row: _Row) -> ToolboxCase:
    tools = row.texts("tools")
    best, avoid = row.texts("best", ()) or tools, row.texts("avoid", ())
    case = ToolboxCase(row.text("id"), row.text("question"), row.text("kind"), row.texts("steps", ()), tools, best, avoid, row.flag("clarify", False))
    if not tools and not case.clarify:
        raise ValueError("ni outil accepté, ni question en retour attendue")
    if set(case.avoid) & set(tools):
        raise ValueError("un même outil est à la fois accepté et à éviter")
    return case


Answerable = TypeVar("Answerable", DocumentCase, ConceptCase)


def _holding(case: Answerable) -> Answerable:
    if case.answerable and not case.must_contain:
        raise ValueError("« must_contain » est vide alors que la question a une réponse")
    return case


_READERS: Mapping[Task, Callable[[_Row], Case]] = {"documents": _document_case, "concepts": _concept_case, "toolbox": _toolbox_case}
