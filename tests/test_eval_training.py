"""The questions to train on: each names one sheet and quotes its answer, and none is a question we report on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from corpus.cross_encoder import context
from corpus.demarche import Demarche
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


def test_a_known_question_is_tied_to_its_passage_and_left_out_where_none_holds_its_fragment(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path
) -> None:
    text = "Le four du village\n\nLe four est chauffé le samedi par les voisins du bourg. La commune prête le bois, et chacun apporte sa pâte.\n"
    notice = [("Qui fournit le bois ?", "La commune prête le bois"), ("Qui paie ?", "la Lune paie tout")]
    (tmp_path / "four.txt").write_text(text, "utf-8")
    lines = [f'  - {{question: "{question}", phrase: "{phrase}"}}\n' for question, phrase in notice]
    (tmp_path / "four.yaml").write_text("".join(["titre: Le four\n", "reponses:\n", *lines]), "utf-8")
    with library() as one:
        assert not Pipeline(one, settings, demarche).run([tmp_path / "four.txt"]).refused
        assert starter_set.write(one, tmp_path / "set") == (1, 1)
    made = questions_of(tmp_path / "set")
    assert [row.text for row in made.asked] == ["Qui fournit le bois ?"]
    assert made.sentences[made.asked[0].right] == context("Le four", "La commune prête le bois, et chacun apporte sa pâte.")
