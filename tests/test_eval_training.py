"""The questions to train on: each names one sheet and quotes its answer, and none is a question we report on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.cross_encoder import context
from corpus.demarche import STARTER, Demarche
from corpus.french import sentences
from corpus.library import Library
from corpus.settings import Settings
from eval import starter_set
from eval.sentence_pairs import questions_of
from ingest.pipeline import Pipeline

HOUSE = Path(__file__).resolve().parents[1] / "eval"


def test_the_training_questions_are_whole_and_apart_from_those_reported_on() -> None:
    rows = [json.loads(line) for line in (HOUSE / "training" / "service-public" / "queries.jsonl").read_text("utf-8").splitlines()]
    asked = {row["text"] for row in rows}
    assert len({row["id"] for row in rows}) == len(asked) == len(rows)
    assert all(len(row["positive"]) == len(row["answers"]) == 1 and row["answers"][0].strip() for row in rows)
    reported = {json.loads(line)["question"] for path in (HOUSE / "questions").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()}
    assert not asked & reported


def test_our_own_questions_are_quoted_from_the_starter_sheets_and_apart_from_those_reported_on() -> None:
    rows = [json.loads(line) for line in starter_set.QUERIES.read_text("utf-8").splitlines()]
    reported = {json.loads(line)["question"] for path in (HOUSE / "questions").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()}
    assert len({row["text"] for row in rows}) == len(rows)
    assert not {row["text"] for row in rows} & reported


def test_a_question_on_a_sheet_follows_its_fragment_and_is_left_out_once_it_is_gone(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with library() as one:
        assert not Pipeline(one, settings, demarche).run([STARTER / "fiches" / "concepts" / "effet-ciseau.md"]).refused
        (document,) = one.store.documents()
        texts = [sentences(stored.passage.text) for stored in one.store.passages()]
        said = next(inside[1] for inside in texts if len(inside) > 1 and len(inside[1]) > 60)
        asked = [{"text": "Quel effet ?", "document": document.id, "answers": [said]}, {"text": "Qui paie ?", "document": document.id, "answers": ["la Lune"]}]
        queries = tmp_path / "queries.jsonl"
        queries.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in asked), "utf-8")
        monkeypatch.setattr(starter_set, "QUERIES", queries)
        assert starter_set.write(one, tmp_path / "set") == (1, 1)
    made = questions_of(tmp_path / "set")
    assert [row.text for row in made.asked] == ["Quel effet ?"]
    assert made.sentences[made.asked[0].right] == context(document.title, said)
