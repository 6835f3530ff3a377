"""Front matter: a valid sheet is read; every fault is named with its line and what to write instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.demarche import Demarche, load
from corpus.errors import SheetError
from corpus.front_matter import body_line, examine, has_front_matter, parse, split
from corpus.sheets import SHEET_TYPES, ConceptSheet, ToolSheet, references

Texts = Callable[..., str]


def fault(text: str, demarche: Demarche) -> SheetError:
    with pytest.raises(SheetError) as caught:
        parse(text, demarche)
    assert caught.value.remedy
    return caught.value


def line_of(text: str, beginning: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def test_a_tool_sheet_is_read_with_its_values_and_its_body(sheet: Texts, demarche: Demarche) -> None:
    read, body = parse(sheet("carte", suite="[autre]"), demarche)
    assert isinstance(read, ToolSheet)
    assert (read.etapes, read.duree_minutes, read.licence, read.validation.etat) == (["E3", "E4"], [60, 90], "CC BY-NC-SA 4.0", "a-valider")
    assert references(read) == [("suite", "autre")]
    assert body.startswith("## Objectifs")


def test_a_concept_sheet_is_read(sheet: Texts, demarche: Demarche) -> None:
    read, _ = parse(sheet("usage", "concept", synonymes='["valeur d\'usage"]'), demarche)
    assert isinstance(read, ConceptSheet)
    assert read.synonymes == ["valeur d'usage"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(sheet: Texts, demarche: Demarche) -> None:
    text = sheet("carte")
    assert parse("\ufeff" + text.replace("\n", "\r\n"), demarche) == parse(text, demarche)
    assert has_front_matter("\ufeff---\r\nid: a")


@pytest.mark.parametrize(
    ("changes", "beginning", "message", "remedy"),
    [
        ({"famile": "animation"}, "famile:", "« famile » n'existe pas", "Vouliez-vous écrire « famille » ?"),
        ({"xyzxyz": "1"}, "xyzxyz:", "n'existe pas", "Clés permises : id, type"),
        ({"etapes": "[E3, E99]"}, "etapes:", "'E99' n'existe pas", ""),
        ({"cibles": "[martiens]"}, "cibles:", "'martiens'", ""),
        ({"resume": "court"}, "resume:", "10 caractères au moins", ""),
        ({"duree_minutes": "[90, 60]"}, "", "le minimum 90 dépasse le maximum 60", ""),
        ({"duree_minutes": "null"}, "", "rythme", ""),
        ({"mis_a_jour": "hier"}, "mis_a_jour:", "2026-03-31", ""),
        ({"situations": "[une seule]"}, "situations:", "au moins 8 éléments, il y en a 1", ""),
        ({"titre": "3"}, "titre:", "texte entre guillemets", ""),
        ({"id": "Carte Acteurs"}, "id:", "", ""),
        ({"type": "outils"}, "type:", "'outils' n'existe pas", "outil, concept"),
        ({"titre": '"Un : titre'}, "", "YAML", ""),
        ({"titre": "&a [b]"}, "", "renvois", "en entier"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_fault_is_named_with_its_line_and_a_remedy(
    sheet: Texts, demarche: Demarche, changes: dict[str, str], beginning: str, message: str, remedy: str
) -> None:
    text = sheet("carte", **changes)
    found = fault(text, demarche)
    assert message in str(found)
    assert remedy in found.remedy
    assert not beginning or found.line == line_of(text, beginning)


def test_a_missing_key_is_named(sheet: Texts, demarche: Demarche) -> None:
    text = "\n".join(line for line in sheet("carte").splitlines() if not line.startswith("famille:"))
    assert "« famille » manque" in str(fault(text, demarche)).replace("La clé", "la clé")


def test_a_misspelt_key_is_told_once_and_not_as_a_missing_one_too(sheet: Texts, demarche: Demarche) -> None:
    text = sheet("carte").replace("famille:", "famile:")
    _, _, faults = examine(text, demarche)
    assert [(one.code, one.line, one.remedy) for one in faults] == [("extra-forbidden", line_of(text, "famile:"), "Vouliez-vous écrire « famille » ?")]


def test_a_key_written_twice_is_refused_on_its_line(sheet: Texts, demarche: Demarche) -> None:
    text = sheet("carte").replace("type: outil\n", "type: outil\nid: encore\n")
    found = fault(text, demarche)
    assert (found.code, found.line) == ("cle-double", line_of(text, "id: encore"))


def test_every_fault_is_listed_in_the_order_of_the_lines(sheet: Texts, demarche: Demarche) -> None:
    read, _, faults = examine(sheet("carte", famile="x", etappes="[E1]", resume="court"), demarche)
    assert read is None
    assert len(faults) == 3
    assert [one.line for one in faults] == sorted(one.line for one in faults)


@pytest.mark.parametrize("text", ["", "# Un titre", "---\nid: a\n", "---\n---\n", "---\n- une\n- liste\n---\n", "---\n\x00\n---\n", "---\n{{\n---\n"])
def test_a_text_without_a_readable_front_matter_is_refused(demarche: Demarche, text: str) -> None:
    assert fault(text, demarche).line >= 1


def test_the_line_of_the_body_is_counted_in_the_file(sheet: Texts) -> None:
    text = sheet("carte")
    assert text.splitlines()[body_line(text) - 1] == "## Objectifs"
    assert split(text)[1].startswith("## Objectifs")


@given(st.text(max_size=200))
def test_no_front_matter_makes_anything_but_a_fault_or_a_sheet(header: str) -> None:
    read, _, faults = examine(f"---\n{header}\n---\ncorps", load())
    assert (read is None) == bool(faults)


def test_bombs_of_aliases_are_refused_before_they_unfold(demarche: Demarche) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12))
    assert fault(f"---\n{bomb}---\n", demarche).code == "yaml"


def test_every_type_of_sheet_has_headings_and_a_label(demarche: Demarche) -> None:
    assert set(SHEET_TYPES) == set(demarche.labels["types"])
    assert all(kind.headings for kind in SHEET_TYPES.values())
