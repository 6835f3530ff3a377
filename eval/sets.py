"""Public question–passage sets, read from a folder: corpus.jsonl {id, title, text} and queries.jsonl {id, text, positive}."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import NotFound, UsageError, in_french
from eval.jsonl import objects


@dataclass(frozen=True, slots=True)
class Row:
    """One passage to be found."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and the ids of the rows that answer it."""

    text: str
    positive: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One set."""

    name: str
    rows: tuple[Row, ...]
    questions: tuple[Question, ...]

    def variants(self) -> Iterator[QuestionSet]:
        """The set as it is and, where it has titles, without them: a title that repeats the question makes it easy."""
        yield self
        if any(row.title for row in self.rows):
            yield replace(self, name=f"{self.name}, titres cachés", rows=tuple(replace(row, title="") for row in self.rows))


def read_set(folder: Path) -> QuestionSet:
    """The set of a folder; questions that no row answers are left out. Raises NotFound or UsageError."""
    try:
        rows = tuple(Row(str(row["id"]), str(row.get("title") or ""), str(row["text"])) for row in objects(folder / "corpus.jsonl"))
        asked = [Question(str(row["text"]), frozenset(map(str, row["positive"]))) for row in objects(folder / "queries.jsonl")]
    except OSError as error:
        raise NotFound(f"Le jeu {folder} ne s'ouvre pas ({in_french(error)}).", "Donnez un dossier qui contient corpus.jsonl et queries.jsonl.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"Le jeu {folder} n'est pas de la bonne forme ({error}).", "Une ligne s'écrit {id, title, text}, ou {id, text, positive}.") from error
    held = {row.id for row in rows}
    questions = tuple(replace(question, positive=question.positive & held) for question in asked)
    return QuestionSet(folder.name, rows, tuple(question for question in questions if question.positive))
