"""Checking without ingesting: each fault with its file, its line, what is wrong and what to write instead."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from ruamel.yaml import YAML

from corpus import settings as house
from corpus.demarche import DEFAULT, Demarche, load
from corpus.front_matter import examine
from ingest.check import CheckReport, Fault, check, fix
from ingest.coverage import Coverage
from ingest.typography import NBSP, fix_typography

HEADINGS = [
    "Objectifs", "Quand l'utiliser", "Contenus", "Déroulé", "Points de vigilance", "Suivi et évaluation", "Adapter à son territoire", "Pour aller plus loin",
]  # fmt: skip
WORDS = [
    "alpha", "bravo", "charlie", "delta", "écho", "foxtrot", "golf", "hôtel", "india", "juliette",
    "kilo", "lima", "mike", "novembre", "oscar", "papa", "québec", "roméo", "sierra", "tango",
]  # fmt: skip
SENTENCE = "Le groupe avance pas à pas et garde une trace écrite de ce qu’il décide ensemble."


def sheet(name: str, **changes: str) -> str:
    """A faultless tool sheet, 300 words long, whose wordings are its own; ``changes`` replace whole lines of the front matter."""
    lines = {
        "id": name, "type": "outil", "titre": f'"Outil {name}"', "resume": '"Une phrase qui dit à quoi sert l’outil."', "mis_a_jour": "2026-03-31",
        "famille": "animation", "etapes": "[E3, E4]", "niveau": "[niveau-2]", "format": "atelier", "statut": "existant", "cibles": "[agents]",
        "modalites": "[presentiel]", "animation": "interne", "cout": "faible", "duree_minutes": "[30, 60]", "alternatives": "[]", "suite": "[]",
        "situations": listed(name, range(8)), "questions": listed(name, range(8, 13)),
    }  # fmt: skip
    header = "\n".join(f"{key}: {value}" for key, value in (lines | changes).items())
    steps = "1. **Ouvrir** (10 à 20 min). On pose la question.\n2. **Trier** (20 à 30 min). On garde trois cartes.\n3. **Conclure**. On se quitte."
    prose = " ".join([SENTENCE] * 3)
    body = "\n\n".join(f"## {heading}\n\n{steps if heading == 'Déroulé' else prose}" for heading in HEADINGS)
    return f"---\n{header}\n---\n{body}\n"


def listed(name: str, numbers: range) -> str:
    """Sentences unlike any other: each takes its own five words."""
    shift = sum(map(ord, name))
    combinations = list(itertools.combinations(WORDS, 5))
    return "".join(f'\n  - "{" ".join(combinations[(shift * 977 + number * 1009) % len(combinations)])}"' for number in numbers)


@pytest.fixture
def demarche() -> Demarche:
    return load()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, text: str | bytes, folder: str = "fiches/outils") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def run(tmp_path: Path, demarche: Demarche) -> Callable[..., CheckReport]:
    def run(*paths: Path, **known: Any) -> CheckReport:
        starter = known.pop("starter", tmp_path / "no-starter")
        return check(list(paths) or [tmp_path / "fiches"], house.load(data=tmp_path / "var"), known.pop("demarche", demarche), starter)

    return run


def only(report: CheckReport) -> Fault:
    assert len(report.files) == 1, [fault.text() for fault in report.files]
    return report.files[0]


def line_of(path: Path, beginning: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.strip().startswith(beginning))


# A faultless sheet, and one fault at a time

UNHELD = 'reponses:\n  - {question: "Qui paie le four ?", phrase: "la Lune paie tout"}'


def test_faultless_sheets_have_nothing_to_mend(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sheet("un"))
    write("deux.md", sheet("deux"))
    report = run()
    assert [fault.text() for fault in report.files] == []
    assert not report.failed
    assert report.summary() == "2 fichiers vérifiés : rien à corriger."


@pytest.mark.parametrize(
    ("changes", "beginning", "code", "message", "remedy"),
    [
        ({"cout": "faible\nalternative: []"}, "alternative:", "extra-forbidden", "alternative", "Vouliez-vous écrire « alternatives » ?"),
        ({"famille": "animatoin"}, "famille", "valeur", "animatoin", ""),
        ({"etapes": "[E3, E12]"}, "etapes", "valeur", "E12", ""),
        ({"id": "autre-nom"}, "id", "nom-de-fichier", "autre-nom", "Écrivez « id: un », ou renommez le fichier en autre-nom.md."),
        ({"mis_a_jour": "2026-02-30"}, "mis_a_jour", "date", "2026-02-30", "2026-03-31"),
        ({"mis_a_jour": "le 3 mars"}, "mis_a_jour", "date-from-datetime-parsing", "2026-03-31", ""),
        ({"duree_minutes": "[120, 180]"}, "## Déroulé", "durees", "30 à 50 min", "2 h"),
        ({"duree_minutes": "[30, 40]"}, "## Déroulé", "durees", "30 à 50 min", "40 min"),
        ({"alternatives": "[deus]"}, "alternatives", "reference", "deus", "Vouliez-vous écrire « deux » ?"),
        ({"suite": "[un]"}, "suite", "reference", "elle-même", "Retirez"),
        ({"cout": "faible\nfichiers: [modele.odt]"}, "fichiers", "fichier-absent", "modele.odt", "fichiers"),
        (
            {"cout": 'faible\nreponses:\n  - {question: "Qui paie le four ?", phrase: "la Lune paie tout"}'},
            "- {question",
            "reponse-introuvable",
            "la Lune",
            "mot pour mot",
        ),
        ({"situations": listed("un", range(7))}, "situations", "too-short", "au moins 8", ""),
    ],
)
def test_each_fault_is_told_with_its_line_and_remedy_and_the_rest_is_checked(
    write: Callable[..., Path], run: Callable[..., CheckReport], changes: dict[str, str], beginning: str, code: str, message: str, remedy: str
) -> None:
    path = write("un.md", sheet("un", **changes))
    write("deux.md", sheet("deux"))
    fault = only(run())
    assert (fault.file, fault.line, fault.level, fault.code) == (str(path), line_of(path, beginning), "error", code)
    assert message in fault.message
    assert remedy in fault.remedy
    assert fault.remedy


def test_one_run_tells_every_fault_of_every_file(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sheet("un", famille="animatoin", mis_a_jour="2026-13-01"))
    write("deux.md", "pas d'en-tête")
    write("trois.md", sheet("trois", cout="cher"))
    codes = {(Path(fault.file).name, fault.code) for fault in run().files if fault.level == "error"}
    assert codes == {("un.md", "date"), ("deux.md", "en-tete"), ("trois.md", "valeur")}


def test_a_sheet_in_latin_1_is_told_at_its_first_foreign_byte_and_still_read(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    path = write("un.md", sheet("un", cout="cher").replace("’", "'").encode("latin-1"))
    faults = {fault.code: fault for fault in run(path).files if fault.level == "error"}
    assert set(faults) == {"encodage", "valeur"}
    assert faults["encodage"].line == next(n for n, line in enumerate(path.read_bytes().splitlines(), 1) if max(line, default=0) > 127)
    assert "UTF-8" in faults["encodage"].remedy


def test_two_sheets_with_one_id_in_two_folders(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    first = write("un.md", sheet("un"))
    second = write("un.md", sheet("un", situations=listed("x", range(8)), questions=listed("y", range(5))), "autres")
    fault = only(run(first, second))
    assert (fault.file, fault.line, fault.code) == (str(second), 2, "id-en-double")
    assert str(first) in fault.message


def test_the_same_file_given_twice_is_one_file(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    path = write("un.md", sheet("un"))
    assert run(path, tmp_path / "fiches").files == []


# Bodies


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("## Points de vigilance\n\n", "", "titre-manquant", "Points de vigilance"),
        ("## Contenus", "## Contenu", "titre-inconnu", "## Contenu »"),
        ("## Objectifs", "## Contenus", "titres-en-desordre", "deux fois"),
    ],
)
def test_headings_are_those_of_the_type(write: Callable[..., Path], run: Callable[..., CheckReport], old: str, new: str, code: str, said: str) -> None:
    path = write("un.md", sheet("un").replace(old, new, 1))
    faults = {fault.code: fault for fault in run().files}
    assert said in faults[code].message
    assert "Objectifs · Quand l'utiliser · Contenus" in faults[code].remedy
    if new:
        assert faults[code].line == line_of(path, new)


def test_an_empty_section_is_told_at_its_heading(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    text = sheet("un")
    start, stop = text.index("## Contenus") + len("## Contenus"), text.index("## Déroulé")
    path = write("un.md", text[:start] + "\n\n" + text[stop:])
    fault = next(fault for fault in run().files if fault.code == "section-vide")
    assert fault.line == line_of(path, "## Contenus")


def test_a_typographic_apostrophe_in_a_heading_is_the_same_heading(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sheet("un").replace("## Quand l'utiliser", "## Quand l’utiliser"))
    assert run().files == []


def test_a_sitting_without_any_timing_is_a_warning(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sheet("un").replace(" (10 à 20 min)", " (avant, 30 min la veille)").replace(" (20 à 30 min)", ""))
    fault = only(run())
    assert (fault.code, fault.level) == ("durees", "warning")


@pytest.mark.parametrize(("words", "level"), [(700, "warning"), (1100, "error"), (200, "warning"), (100, "error")])
def test_a_body_too_long_or_too_short_warns_then_fails(write: Callable[..., Path], run: Callable[..., CheckReport], words: int, level: str) -> None:
    write("un.md", sized(sheet("un"), words))
    fault = only(run())
    assert (fault.code, fault.level) == ("longueur", level)
    assert f"{words} mots" in fault.message


def test_a_tool_with_its_template_may_be_longer(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sized(sheet("un", statut="a-produire"), 700))
    write("deux.md", sized(sheet("deux").replace("## Suivi", "| a | b |\n|---|---|\n| c | d |\n\n## Suivi"), 700))
    assert run().files == []


def sized(text: str, words: int) -> str:
    """The sheet with a body of exactly so many words."""
    header, body = text.split("\n---\n")
    if words < 250:
        body = body.replace(SENTENCE, "Oui.")
    missing = words - sum(any(c.isalnum() for c in word) for word in body.split())
    return f"{header}\n---\n{body}" + "ainsi " * missing


# Wordings


def test_near_wordings_warn_and_name_both_sheets(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    one = '\n  - "On a réuni tous les acteurs de la commune, et depuis rien n’avance."'
    two = '\n  - "On a réuni les acteurs de la commune et depuis rien n’avance"'
    write("deux.md", sheet("deux", situations=one + listed("deux", range(8))))
    write("un.md", sheet("un", situations=two + listed("un", range(8))))
    fault = only(run())
    assert (Path(fault.file).name, fault.code, fault.level) == ("un.md", "formulation-proche", "warning")
    assert "deux.md" in fault.message
    assert fault.line == line_of(Path(fault.file), '- "On a réuni')


def test_the_same_wording_twice_is_an_error_whatever_its_typography(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("deux.md", sheet("deux", situations='\n  - "Qui paie l’animateur ?"' + listed("deux", range(8))))
    write("un.md", sheet("un", situations='\n  - "qui paie l\'animateur"' + listed("un", range(8))))
    assert [fault.code for fault in run().files if fault.level == "error"] == ["formulation-en-double"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Que produit l’étape 3 ?", "Que produit l’étape 4 ?"),
        ("C’est quoi un PAT ?", "C’est quoi un PTCE ?"),
        ("Qu’est-ce que la coordination ?", "Qu’est-ce que la coopération ?"),
    ],
)
def test_wordings_that_differ_by_what_matters_are_not_near(write: Callable[..., Path], run: Callable[..., CheckReport], one: str, two: str) -> None:
    write("un.md", fix_typography(sheet("un", questions=f'\n  - "{one}"' + listed("un", range(8, 13)))))
    write("deux.md", fix_typography(sheet("deux", questions=f'\n  - "{two}"' + listed("deux", range(8, 13)))))
    assert run().files == []


# The starter corpus: its index and its coverage

ROW = "un\tT01\toutil\tOutil un\tanimation\tE3,E4\texistant\n"
HEADER = "id\tref\ttype\ttitre\tfamille\tetapes\tstatut\n"


def test_a_promised_sheet_that_is_missing_is_told_at_its_line_of_the_index(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    write("un.md", sheet("un"))
    index = write("index.tsv", HEADER + ROW + ROW.replace("un", "deux"), ".")
    faults = [fault for fault in run(tmp_path, starter=tmp_path).files if fault.level == "error"]
    assert [(fault.file, fault.line, fault.code) for fault in faults] == [(str(index), 3, "fiche-absente")]


def test_a_sheet_that_disagrees_with_the_index(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    write("un.md", sheet("un", statut="a-adapter", etapes="[E4, E3]"))
    write("index.tsv", HEADER + ROW, ".")
    fault = next(fault for fault in run(tmp_path / "fiches" / "outils", starter=tmp_path).files)
    assert (fault.code, fault.line) == ("index", line_of(tmp_path / "fiches/outils/un.md", "statut"))
    assert "existant" in fault.remedy


def test_an_empty_cell_warns_unless_it_is_a_known_gap(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    write("un.md", sheet("un"))
    known = write("demarche.toml", DEFAULT.read_text("utf-8") + '\n[[lacunes]]\netape = "E1"\nfamille = "animation"\nraison = "à écrire"\n', ".")
    before = [fault for fault in run(tmp_path, starter=tmp_path).files if fault.code == "case-vide"]
    after = [fault for fault in run(tmp_path, starter=tmp_path, demarche=load(known)).files if fault.code == "case-vide"]
    assert len(before) == 8 * 3 - 2
    assert len(before) - len(after) == 1
    assert {fault.level for fault in before} == {"warning"}


def test_the_coverage_counts_a_tool_at_each_of_its_steps(demarche: Demarche) -> None:
    tool, _, _ = examine(sheet("un"), demarche)
    assert tool is not None
    coverage = Coverage.of([tool], demarche)
    assert coverage is not None
    assert dict(coverage.counts) == {("E3", "animation"): 1, ("E4", "animation"): 1}
    rows = list(coverage.lines())
    assert len(rows) == 2 + len(demarche.steps)
    assert len({len(row) for row in rows[1:]}) == 1


# Documents, and the report


def test_documents_are_read_as_ingesting_would(write: Callable[..., Path], run: Callable[..., CheckReport], tmp_path: Path) -> None:
    good = write("note.txt", "Une note de trois phrases. Elle se lit. Elle s'arrête.", "documents")
    bad = write("vide.pdf", b"%PDF-1.4\nrien", "documents")
    noted = write("guide.txt", "Un guide de deux phrases. Il se lit.", "documents")
    write("guide.yaml", "titer: Guide\n", "documents")
    faults = run(tmp_path / "documents", tmp_path / "absent.pdf").files
    assert {Path(fault.file).name for fault in faults} == {bad.name, noted.name, "absent.pdf"}
    assert good.name not in {Path(fault.file).name for fault in faults}
    assert all(fault.level == "error" and fault.line is None and fault.remedy for fault in faults)


def test_the_report_keeps_to_the_contract(write: Callable[..., Path], run: Callable[..., CheckReport]) -> None:
    write("un.md", sheet("un", famille="animatoin"))
    report = run()
    assert report.failed
    entry = json.loads(json.dumps(report.to_dict()))["files"][0]
    assert set(entry) == {"file", "line", "level", "code", "message", "remedy"}
    lines = list(report.lines())
    assert f"ligne {entry['line']}, erreur" in lines[1]
    assert lines[-1] == "1 fichier vérifié : 1 erreur, 0 avertissement."


# Typography

TYPOGRAPHY = [
    ("espace-insecable", "Une question ?"),
    ("espace-insecable", "On dit « oui."),
    ("espace-manquante", "Une question?"),
    ("apostrophe", "L'usage."),
    ("points-de-suspension", "Et ainsi de suite..."),
    ("ligature", "Au coeur du sujet."),
    ("double-espace", "Deux  espaces."),
    ("guillemets", 'On dit "oui".'),
    ("capitale-accentuee", "A partir de là."),
    ("capitale-accentuee", "Les services de l’Etat."),
]


@pytest.mark.parametrize(("code", "text"), TYPOGRAPHY)
def test_typography_is_a_warning_with_its_line(write: Callable[..., Path], run: Callable[..., CheckReport], code: str, text: str) -> None:
    path = write("un.md", sheet("un").replace("## Contenus\n\n", f"## Contenus\n\n{text}\n\n"))
    fault = only(run())
    assert (fault.code, fault.level, fault.line) == (code, "warning", line_of(path, text))


@pytest.mark.parametrize(
    "text",
    [
        f"Le groupe A et l’option{NBSP}: 10:30, 1:5.",
        "Voir https://exemple.fr/l'a?b!c et `l'a \"b\" ...`.",
        "| a | b |\n| :--- | ---: |\n| ? | ! |",
        f"L’État. À partir de là, «{NBSP}oui\u202f»{NBSP}!",
    ],
)
def test_good_typography_is_left_alone(write: Callable[..., Path], run: Callable[..., CheckReport], text: str) -> None:
    write("un.md", sheet("un").replace("## Contenus\n\n", f"## Contenus\n\n{text}\n\n"))
    assert run().files == []


def test_fixing_touches_prose_only(write: Callable[..., Path]) -> None:
    text = sheet("un", titre='"L\'oeuvre : « un » ..."', sources="['l''avis ?', \"exemple.fr/l'a?\"]", cible='"l\'id ?"')
    path = write("un.md", text.replace("## Contenus\n\n", "## Contenus\n\nL'an `l'an ?` et https://exemple.fr/l'an :\n\n```\nl'an ?\n```\n\n"))
    assert fix([path]) == [path]
    fixed = path.read_text("utf-8")
    assert f'titre: "L’œuvre{NBSP}: «{NBSP}un{NBSP}» …"' in fixed
    assert "sources: ['l''avis ?', \"exemple.fr/l'a?\"]" in fixed
    assert 'cible: "l\'id ?"' in fixed
    assert f"L’an `l'an ?` et https://exemple.fr/l'an{NBSP}:" in fixed
    assert "```\nl'an ?\n```" in fixed
    assert "## Quand l'utiliser" in fixed
    assert fix([path]) == []


PIECES = [*" '\".…:;!?«»-*#|`<>[]()\\/&@\nœ1é’|" + NBSP, "mot", "coeur", "Oeuvre", "...", "http://", "a.fr", "- ", "```\n", "---\n", "l'an", " ?"]
TEXTS = some.lists(some.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_fixing_twice_is_fixing_once(text: str) -> None:
    for whole in (text, f'---\ntitre: "x"\n---\n{text}', f"---\ntitre: {json.dumps(text, ensure_ascii=False)}\n---\n"):
        fixed = fix_typography(whole)
        assert fix_typography(fixed) == fixed


@settings(max_examples=300, deadline=None)
@given(TEXTS.filter(lambda text: "---" not in text))
def test_fixing_keeps_the_values_of_the_yaml_apart_from_typography(text: str) -> None:
    given_text = json.dumps(text, ensure_ascii=False)
    single = "'" + text.replace("'", "''").replace("\n", " ") + "'"
    header = f"titre: {given_text}\nid: {given_text}\nrythme: {single}\nliens: [{{titre: {given_text}, url: {given_text}}}]\n"
    before, after = (values(whole) for whole in (header, fix_typography(f"---\n{header}---\n").split("---\n")[1]))
    assert plain(before["titre"]) == plain(after["titre"])
    assert plain(before["liens"][0]["titre"]) == plain(after["liens"][0]["titre"])
    assert (before["id"], before["rythme"], before["liens"][0]["url"]) == (after["id"], after["rythme"], after["liens"][0]["url"])


def values(header: str) -> Any:
    return YAML(typ="safe").load(io.StringIO(header))


def plain(text: str) -> str:
    for typographic, typed in ((NBSP, ""), (" ", ""), ("’", "'"), ("…", "..."), ("œ", "oe"), ("Œ", "oe")):
        text = text.replace(typographic, typed)
    return text.casefold()
