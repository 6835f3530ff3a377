"""The benches run on a tiny set and a tiny store, and say what they cannot read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.ask import Assistant
from corpus.demarche import Demarche
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from eval import bench, retrieval_bench
from eval.retrieval_bench import OURS, SUM, measure
from eval.sets import read_set
from ingest.pipeline import Pipeline

SUBJECTS = ("la carte des acteurs", "le budget de la commune", "les jardins partagés", "le marché du samedi", "la lumière dans la rue", "le tri des déchets")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of six passages, each found by its own question; a seventh question has no passage here."""
    numbered = list(enumerate(SUBJECTS))
    rows = [{"id": f"p{number}", "title": subject.capitalize(), "text": f"On y parle de {subject} et de rien d'autre."} for number, subject in numbered]
    asked = [{"id": f"q{number}", "text": f"Que dit-on sur {subject} ?", "positive": [f"p{number}"]} for number, subject in numbered]
    asked.append({"id": "q9", "text": "Une question perdue ?", "positive": ["absent"]})
    for name, objects in (("corpus", rows), ("queries", asked)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in objects), "utf-8")
    return tmp_path


def test_every_system_finds_what_only_one_passage_says(folder: Path) -> None:
    found = measure(read_set(folder), HashingEmbedder())
    assert found.questions == len(SUBJECTS)
    assert set(found.systems) == {"bm25", "dense", "late", SUM, OURS}
    for name in ("bm25", "dense", OURS):
        assert sum(hit for hit, _ in found.systems[name]["hit@1"]) == len(SUBJECTS), name
    text = "\n".join(found.lines())
    assert "bao contre somme (somme simple), ndcg@10 : aucune différence" in text


def test_titles_are_shown_then_hidden(folder: Path) -> None:
    shown, hidden = read_set(folder).variants()
    assert shown.rows[0].title
    assert not any(row.title for row in hidden.rows)
    assert hidden.name.endswith("titres cachés")


def test_a_set_that_cannot_be_read_is_said_in_a_sentence(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retrieval_bench.main([str(tmp_path / "absent")]) == 1
    (folder / "queries.jsonl").write_text('{"id": "q"}', "utf-8")
    assert retrieval_bench.main([str(folder)]) == 2
    shown = capsys.readouterr()
    assert "ne s'ouvre pas" in shown.err
    assert "n'est pas de la bonne forme" in shown.err
    assert shown.out == ""


def test_the_sixty_questions_are_ours_and_always_the_same() -> None:
    assert len(set(bench.questions())) == 60
    assert bench.questions() == bench.questions()


def test_speed_and_memory_are_measured(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, tmp_path: Path, pdf: Callable[..., bytes]
) -> None:
    guide = tmp_path / "guide.pdf"
    guide.write_bytes(pdf("Le guide"))
    one = library()
    Pipeline(one, settings, demarche).run([guide])
    found = bench.measure(Assistant(one, settings, demarche), one.embedder, guide)
    assert (found["questions"], found["pages"]) == (60, 2)
    assert 0 < found["p50_s"] <= found["p95_s"]
    assert found["pages_per_second"] > 0
    assert found["memory_mb"] > 50
    assert set(found) <= set(bench.LABELS)
    assert "temps médian par question" in "\n".join(bench.lines(found))
