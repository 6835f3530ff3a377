"""The démarche is one file: nothing in the product assumes eight steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.demarche import DEFAULT, Demarche, load
from corpus.errors import SettingsError
from corpus.library import Library
from corpus.settings import Settings
from ingest.coverage import Coverage
from ingest.pipeline import Pipeline


@pytest.fixture
def six(tmp_path: Path) -> Demarche:
    """The shipped file cut to six steps called A to F, numbered from 1."""
    text = DEFAULT.read_text("utf-8")
    head, steps = text.split("[[etapes]]", 1)
    blocks = re.split(r"\[\[etapes\]\]", steps)
    kept, rest = blocks[:6], blocks[-1].split("\n\n", 1)[1]
    path = tmp_path / "demarche.toml"
    renamed = re.sub(r'"E([1-6])"', lambda match: f'"{chr(64 + int(match[1]))}"', "[[etapes]]".join(["", *kept]) + "\n" + re.sub(r'(, )?"E[78]"', "", rest))
    path.write_text(head + renamed, "utf-8")
    return load(path)


def test_the_shipped_demarche_has_its_steps_in_order_with_distinct_ids(demarche: Demarche) -> None:
    assert [step.number for step in demarche.steps] == list(range(1, len(demarche.steps) + 1))
    assert len(set(demarche.step_ids)) == len(demarche.steps)
    for step in demarche.steps:
        assert all((step.name, step.verb, step.intention, step.duration))
        assert demarche.step(step.id) is step
        assert step.title == f"Étape {step.number}, {step.name}"


def test_the_voyage_and_the_gaps_name_only_known_steps(demarche: Demarche) -> None:
    assert {step for _, steps in demarche.voyage for step in steps} <= set(demarche.step_ids)
    assert {step for step, _ in demarche.gaps} <= set(demarche.step_ids)


def test_a_label_is_french_and_an_unknown_value_is_itself(demarche: Demarche) -> None:
    assert demarche.label("famille", "gestion-de-projet") == "Gestion de projet"
    assert demarche.label("etapes", "E1") == demarche.steps[0].name
    assert demarche.label("famille", "autre") == "autre"
    assert demarche.label("etapes", "E99") == "E99"


def test_an_unknown_step_is_a_key_error(demarche: Demarche) -> None:
    with pytest.raises(KeyError):
        demarche.step("E99")


def test_a_six_step_file_is_read(six: Demarche) -> None:
    assert six.step_ids == ("A", "B", "C", "D", "E", "F")
    assert six.labels["familles"]


def test_the_product_runs_on_a_six_step_file(
    six: Demarche, library: Callable[..., Library], settings: Settings, sheet: Callable[..., str], tmp_path: Path
) -> None:
    from assistant.ask import Assistant

    for name, steps in (("carte", "[A, F]"), ("cercle", "[C]")):
        (tmp_path / f"{name}.md").write_text(sheet(name, etapes=steps), "utf-8")
    (tmp_path / "ancien.md").write_text(sheet("ancien", etapes="[E8]"), "utf-8")
    one = library()
    report = Pipeline(one, settings, six).run([tmp_path / "carte.md", tmp_path / "cercle.md", tmp_path / "ancien.md"])
    assert [file.status for file in report.files] == ["added", "added", "refused"]
    assert "A, B, C, D, E, F" in report.files[2].message
    assert any("Étape 6, Essayer et s'engager" in stored.passage.text for stored in one.store.passages("carte"))
    answer = Assistant(one, settings, six).recommend("Situation 3 où carte sert")
    assert [tool.id for tool in answer.tools][:1] == ["carte"]
    assert set(answer.steps) <= set(six.step_ids)
    table = list((Coverage.of([], six) or Coverage(six, {("A", "animation"): 1})).lines())
    assert len(table) == 2 + 6


BROKEN = {
    "not TOML": "[[etapes",
    "no steps": "[familles]\nx = 'X'\n",
    "a step without a name": "[[etapes]]\nid = 'A'\nnumero = 1\n",
    "a number that is none": "[[etapes]]\nid='A'\nnumero='un'\nnom='a'\nverbe='b'\nintention='c'\nduree='d'\n",
    "no lists": "[[etapes]]\nid='A'\nnumero=1\nnom='a'\nverbe='b'\nintention='c'\nduree='d'\n",
    "not UTF-8": "\xe9",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "demarche.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"demarche\.toml") as caught:
        load(path)
    assert "d'origine" in caught.value.remedy


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    "change", [("numero = 2", "numero = 1"), ('id = "E2"', 'id = "E1"'), ('etapes = ["E1"]', 'etapes = ["E99"]')], ids=["number", "id", "voyage"]
)
def test_a_number_or_an_id_given_twice_or_a_stage_of_no_step_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "demarche.toml"
    path.write_text(DEFAULT.read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(SettingsError):
        load(path)
