"""Known questions: what asks nearly the same is answered by their sentence, and by nothing once that sentence is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ask import Assistant
from assistant.known_questions import Known, KnownQuestions, answers_known, closeness
from corpus.demarche import STARTER, Demarche
from corpus.documents import Formulation
from corpus.embedding import Encoded, HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from eval.gold import read
from ingest.pipeline import Pipeline
from ingest.sheet import read_sheet

TEXT = "Le four du village\n\nLe four est chauffé le samedi par les voisins. La commune prête le bois de ses coupes. Chacun apporte sa pâte.\n"
QUESTION = "Quel combustible sert-il ?"
NOTICE = f'reponses:\n  - {{question: "{QUESTION}", phrase: "La commune prête le bois"}}\n'


def filled(one: Library, settings: Settings, demarche: Demarche, folder: Path, notice: str) -> Assistant:
    (folder / "four.txt").write_text(TEXT, "utf-8")
    (folder / "four.yaml").write_text(notice, "utf-8")
    assert not Pipeline(one, settings, demarche).run([folder / "four.txt"]).refused
    return Assistant(one, settings, demarche)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_closeness_grows_with_the_cosine_from_0_to_3(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= closeness(low) <= closeness(high) <= 3.0


def test_the_nearest_known_questions_come_first_and_none_from_none() -> None:
    three = KnownQuestions(tuple(Formulation(name, "answered", "?", "un fragment") for name in "abc"), np.eye(3, dtype=np.float32))
    assert [known.document for known in three.nearest(np.array([0.1, 0.9, 0.4], np.float32), 2)] == ["b", "c"]
    assert KnownQuestions((), np.zeros((0, 1), np.float32)).nearest(np.ones(3, np.float32)) == ()


def test_only_the_sentence_of_the_document_that_holds_the_fragment_answers() -> None:
    near = [Known("four", "prête le bois", 0.93), Known("four", "prete  le BOIS", 0.5)]
    assert answers_known("four", "La commune prête le bois.", near) == 1.0
    assert answers_known("four", "Le four est chauffé le samedi.", near) == 0.0
    assert answers_known("moulin", "La commune prête le bois.", near) == 0.0
    assert answers_known("four", "La commune prête le bois.", near[1:]) == 0.0, "a far question says nothing"


def test_a_known_question_is_answered_by_its_sentence(library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path) -> None:
    with library() as one:
        case = filled(one, settings, demarche, tmp_path, NOTICE).study(QUESTION)
    assert case.found.known[0] == Known("four.txt", "La commune prête le bois", pytest.approx(1.0))
    assert case.ranked[0].sentence.text == "La commune prête le bois de ses coupes."
    assert [scored.signs["known"] > 0 for scored in case.ranked].count(True) == 1


def test_a_notice_whose_fragment_is_not_in_the_document_is_told(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path
) -> None:
    (tmp_path / "four.txt").write_text(TEXT, "utf-8")
    (tmp_path / "four.yaml").write_text(NOTICE.replace("le bois", "le charbon"), "utf-8")
    with library() as one:
        (report,) = Pipeline(one, settings, demarche).run([tmp_path / "four.txt"]).files
    assert (report.status, report.message) == ("added", "La notice cite « La commune prête le charbon », qui ne se lit pas dans le document.")


class Roles(HashingEmbedder):
    """Encodes questions apart from passages, as e5 does."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        return super().encode_questions([f"question {text}" for text in texts])


def test_known_questions_are_encoded_as_questions_when_added_and_when_rebuilt(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path
) -> None:
    with library(embedder=Roles()) as one:
        filled(one, settings, demarche, tmp_path, NOTICE)
        (uid,) = [stored.uid for stored in one.store.formulations()]
        asked = Roles().encode_question(QUESTION).vector
        for _ in range(2):
            assert one.index.vectors([uid])[uid] == pytest.approx(asked, abs=1e-3)
            one.rebuild()


def test_the_known_questions_of_the_starter_sheets_are_none_of_those_reported_on(demarche: Demarche) -> None:
    sheets = [read_sheet(path.read_text("utf-8"), demarche)[0] for path in sorted((STARTER / "fiches").rglob("*.md"))]
    known = {answer.question for sheet in sheets for answer in sheet.reponses}
    questions = Path(__file__).resolve().parents[1] / "eval" / "questions"
    reported = {case.question for name, task in (("corpus", "concepts"), ("documents", "documents")) for case in read(questions / f"{name}.jsonl", task)}
    assert len(known) > 2000
    assert not known & reported


def test_the_typing_mistakes_of_known_questions_are_no_words_of_the_toolbox(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path
) -> None:
    with library() as one:
        knowledge = filled(one, settings, demarche, tmp_path, NOTICE.replace(QUESTION, "kel konbustible ?")).study(QUESTION).knowledge
    assert knowledge.surface["commune"]
    assert "konbustible" not in knowledge.surface
