"""The questions to train on: each names one sheet and quotes its answer, and none is a question we report on."""

from __future__ import annotations

import json
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1] / "eval"


def test_the_training_questions_are_whole_and_apart_from_those_reported_on() -> None:
    rows = [json.loads(line) for line in (HOUSE / "training" / "service-public" / "queries.jsonl").read_text("utf-8").splitlines()]
    asked = {row["text"] for row in rows}
    assert len({row["id"] for row in rows}) == len(asked) == len(rows)
    assert all(len(row["positive"]) == len(row["answers"]) == 1 and row["answers"][0].strip() for row in rows)
    reported = {json.loads(line)["question"] for path in (HOUSE / "questions").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()}
    assert not asked & reported
