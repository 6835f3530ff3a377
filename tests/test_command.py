"""``bao`` as people and programs meet it: exit statuses, French sentences with a remedy, one JSON document, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from ui.command import main, parser

ANSWER_KEYS = [
    *("id", "question", "rewritten", "answer", "more", "intent", "abstained", "needs_clarification"),
    *("steps", "citations", "tools", "passages", "seconds"),
]
INTENTS = {"concept", "tool", "how_to", "journey", "comparison", "document", "greeting", "off_topic"}
LISTED = {"id", "title", "type", "pages", "passages", "date", "licence", "sha256", "state", "origin", "version"}
INGESTED = {"file", "status", "reason", "message", "remedy", "document", "pages", "passages"}


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


Bao = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODEL", "hachage")


@pytest.fixture
def bao(capsys: pytest.CaptureFixture[str]) -> Bao:
    """Run a command in this process."""

    def bao(*words: object) -> Outcome:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as leaving:  # --help
            status = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Outcome(status, said.out, said.err)

    return bao


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sheet: Callable[..., str], pdf: Callable[..., bytes]) -> Path:
    """A data folder with a tool, a concept and a PDF; tests read it, those that write take a copy."""
    from corpus.demarche import load
    from ingest.pipeline import Pipeline

    folder = tmp_path_factory.mktemp("files")
    (folder / "carte.md").write_text(sheet("carte", titre='"Carte des acteurs"'), "utf-8")
    (folder / "usage.md").write_text(sheet("usage", "concept", titre='"Performance d\'usage"'), "utf-8")
    page = "Le financement du poste dure trois ans. L'aide s'élève à 24 000 euros par an, versée en deux fois."
    (folder / "guide.pdf").write_bytes(pdf("Guide du financement", page, "Le comité se réunit deux fois par an à Lille."))
    data = tmp_path_factory.mktemp("filled") / "data"
    settings = Settings(data=data, model="hachage")
    with Library(settings, HashingEmbedder(), writing=True) as library:
        assert not Pipeline(library, settings, load()).run([folder]).refused
    return data


@pytest.fixture
def own(filled: Path, data: Path) -> Path:
    """A copy of the filled data folder, to write in."""
    shutil.copytree(filled, data)
    return data


def refused(outcome: Outcome, status: int, *words: str) -> None:
    """Nothing on standard output, a sentence and a remedy on standard error."""
    assert outcome.status == status, outcome
    assert outcome.out == ""
    sentence, _, remedy = outcome.err.strip().partition("\n→ ")
    assert sentence
    assert remedy
    for word in words:
        assert word in outcome.err


# --- Wrong usage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Il manque : COMMANDE"),
        (["chanter"], "choix inconnu"),
        (["list", "--jsn"], "Arguments inconnus : --jsn"),
        (["show"], "Il manque : ID"),
        (["search", "x", "-k", "dix"], "n'est pas un nombre entier"),
        (["ask", ""], "La question est vide."),
        (["ask"], "La question est vide."),
        (["ask", " \n "], "La question est vide."),
        (["search", ""], "La recherche est vide."),
        (["ingest", "a", "b", "--as", "nom"], "--as donne un nom à un seul fichier."),
        (["ingest", ".", "--as", "nom"], "--as donne un nom à un seul fichier."),
        (["ask", "--batch"], "attend une valeur"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_leaves_with_2_and_says_what_to_type(bao: Bao, data: Path, words: list[str], said: str) -> None:
    refused(bao("--data", data, *words), 2, said)


def test_help_is_given_for_every_command_and_changes_nothing(bao: Bao, data: Path) -> None:
    commands = next(action.choices for action in parser()._actions if action.choices)
    promised = "chat ask search ingest list show remove status check doctor rebuild backup restore eval bench"
    assert set(promised.split()) <= set(commands)
    for name in commands:
        shown = bao(name, "--data", data, "--help")
        assert (shown.status, name in shown.out) == (0, True)
    assert not data.exists()


# --- Bad states of the data folder ------------------------------------------------------------------


@pytest.mark.parametrize("words", [["ask", "Qui paie ?"], ["ask", "--json", "Qui paie ?"], ["search", "aide"]], ids=" ".join)
def test_an_empty_store_is_said_with_the_command_that_fills_it(bao: Bao, data: Path, words: list[str]) -> None:
    refused(bao("--data", data, *words), 1, "vide", "bao ingest")
    assert not data.exists()
    bao("--data", data, "list")
    refused(bao("--data", data, *words), 1, "vide", "bao ingest")


def test_an_empty_store_lists_nothing_and_counts_nothing(bao: Bao, data: Path) -> None:
    assert bao("--data", data, "list", "--json").json == {"documents": []}
    assert bao("--data", data, "status", "--json").json["documents"] == 0
    assert bao("--data", data, "status").status == 0
    assert "bao ingest corpus" in bao("--data", data, "list").out


def test_a_locked_folder_lets_read_and_refuses_to_write_with_the_number_of_the_process(bao: Bao, own: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Une note à ajouter.", "utf-8")
    with Library(Settings(data=own), HashingEmbedder(), writing=True):
        for words in (["ingest", note], ["remove", "carte"], ["rebuild"]):
            refused(bao("--data", own, *words), 1, f"L'application est ouverte (processus {os.getpid()})", "assez par la page Administration, ou arrêtez-la.")
        refused(bao("--data", own, "restore", note), 1, "L'application est ouverte")
        for words in (["list"], ["show", "carte"], ["status"], ["search", "aide"], ["ask", "Qui paie ?"], ["doctor"], ["backup", tmp_path / "b.zip"]):
            assert bao("--data", own, *words).status == 0, words


@pytest.mark.parametrize("command", ["list", "status", "ask Qui", "ingest note.txt", "show a", "remove a", "rebuild", "backup b.zip"])
def test_a_data_folder_that_cannot_be_opened_is_said(bao: Bao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("Une note.", "utf-8")
    refused(bao("--data", tmp_path / "note.txt" / "data", *command.split()), 1, "note.txt")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can become a user who may not write here")
def test_a_data_folder_of_someone_else_is_said(own: Path) -> None:
    """In a child that is nobody. About 5 seconds."""
    own.chmod(0o555)
    for parent in own.parents[:3]:
        parent.chmod(0o755)
    # Imported first: root's own Python may be closed to nobody.
    imports = "import os, sys, corpus.index, ingest.pipeline; from ui import command, commands"
    script = f"{imports}; os.setgid(65534); os.setuid(65534); sys.exit(command.main(sys.argv[1:]))"
    for words in (["ingest", "pyproject.toml"], ["list"]):
        done = subprocess.run([sys.executable, "-c", script, "--data", str(own), *words], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1, done
        assert str(own) in done.stderr
        assert "\n→ " in done.stderr
        assert "Traceback" not in done.stderr


def test_a_damaged_database_is_said_and_so_is_a_damaged_index(bao: Bao, own: Path) -> None:
    shutil.rmtree(own / "index")
    (own / "index").mkdir()
    (own / "index" / "chroma.sqlite3").write_bytes(b"rien" * 500)
    refused(bao("--data", own, "list"), 1, "index", "bao rebuild")
    assert bao("--data", own, "rebuild", "--json").json["model"] == "hachage"
    assert bao("--data", own, "search", "comité", "--json").json["passages"]
    (own / "bao.sqlite3").write_bytes(b"rien" * 500)
    for side in ("-wal", "-shm"):
        (own / f"bao.sqlite3{side}").unlink(missing_ok=True)
    refused(bao("--data", own, "list"), 1, "ne se lit pas", "bao restore")
    refused(bao("--data", own, "backup", own.parent / "b.zip"), 1, "ce n'est pas une base SQLite", "bao restore")
    done = bao("--data", own, "doctor", "--json")
    assert done.status == 1
    assert {check["name"]: check["level"] for check in done.json["checks"]}.items() >= {"modèle": "ok", "base": "error", "index": "warning"}.items()


def test_doctor_names_a_missing_model_and_an_empty_base(bao: Bao, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bao("--data", data, "list")
    monkeypatch.setenv("BAO_MODEL", "/nowhere")
    found = {check["name"]: check for check in bao("--data", data, "doctor", "--json").json["checks"]}
    assert (found["modèle"]["level"], found["base"]["level"]) == ("error", "warning")
    assert "bao ingest corpus" in found["base"]["remedy"]


def test_the_system_s_refusals_are_said_in_french(bao: Bao, filled: Path, tmp_path: Path) -> None:
    refused(bao("--data", filled, "ask", "--batch", tmp_path / "absent.jsonl"), 1, "(introuvable)")
    refused(bao("--data", filled, "ask", "--batch", tmp_path), 1, "(c'est un dossier)")
    (tmp_path / "fichier").write_text("x", "utf-8")
    refused(bao("--data", tmp_path / "fichier", "list"), 1, "(ce n'est pas un dossier)")


# --- Models and settings ----------------------------------------------------------------------------


def test_a_store_made_by_another_model_is_refused_with_the_command_that_mends_it(bao: Bao, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODEL", "/nowhere")
    for words in (["ask", "Qui paie ?"], ["search", "aide"], ["ingest", "pyproject.toml"]):
        refused(bao("--data", own, *words), 1, "« hachage »", "« /nowhere »", "bao rebuild")


def test_a_store_made_by_another_model_can_be_listed_shown_and_counted(bao: Bao, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODEL", "/nowhere")
    assert "guide.pdf" in bao("--data", own, "list").out
    assert bao("--data", own, "show", "guide.pdf").status == 0
    assert bao("--data", own, "status", "--json").json["model"] == "hachage"


def test_a_missing_model_folder_is_said_and_nothing_is_asked_of_the_network(bao: Bao, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODEL", "/nowhere")
    note = tmp_path / "note.txt"
    note.write_text("Une note à ajouter.", "utf-8")
    refused(bao("--data", data, "ingest", note, "--json"), 1, "« /nowhere »", "BAO_MODEL")
    assert bao("--data", data, "list", "--json").json == {"documents": []}


def test_rebuilding_with_a_model_that_is_missing_leaves_the_index_as_it_was(bao: Bao, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODEL", "/nowhere")
    refused(bao("--data", own, "rebuild", "--json"), 1, "/nowhere")
    monkeypatch.setenv("BAO_MODEL", "hachage")
    with Library(Settings(data=own), HashingEmbedder()) as library:
        assert library.store.uids() == library.index.uids()


def test_an_unknown_setting_is_refused_with_the_nearest_name(bao: Bao, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_MODELE", "x")
    refused(bao("--data", data, "list"), 1, "BAO_MODELE", "Vouliez-vous dire BAO_MODEL ?")


def test_a_setting_out_of_bounds_is_refused_with_its_name(bao: Bao, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_FILE_PAGES", "beaucoup")
    refused(bao("--data", data, "list"), 1, "BAO_FILE_PAGES", "'beaucoup'")


def test_the_data_folder_is_that_of_the_command_line_before_that_of_the_environment(
    bao: Bao, filled: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAO_DATA", str(data))
    assert bao("status", "--json").json["documents"] == 0
    assert bao("--data", filled, "status", "--json").json["documents"] == 3
    assert bao("status", "--json", "--data", filled).json["documents"] == 3


# --- The JSON contracts -----------------------------------------------------------------------------


def test_ingest_json(bao: Bao, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    (folder / "note.txt").write_text("Une note à ajouter.", "utf-8")
    (folder / "vide.txt").write_bytes(b"")
    (folder / ".cache").write_bytes(b"x")
    done = bao("--data", data, "ingest", folder, "--json")
    assert done.status == 1
    assert set(done.json) == {"files", "seconds"}
    assert all(set(file) == INGESTED for file in done.json["files"])
    by_name = {Path(file["file"]).name: file for file in done.json["files"]}
    assert {name: file["status"] for name, file in by_name.items()} == {"note.txt": "added", "vide.txt": "refused", ".cache": "ignored"}
    assert (by_name["note.txt"]["document"], by_name["note.txt"]["passages"]) == ("note.txt", 1)
    assert by_name["vide.txt"]["remedy"]
    assert bao("--data", data, "ingest", folder / "note.txt", "--json").json["files"][0]["status"] == "unchanged"


def test_ingest_for_people_tells_each_file_and_counts(bao: Bao, data: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Une note à ajouter.", "utf-8")
    done = bao("--data", data, "ingest", tmp_path / "note.txt", tmp_path / "absent.pdf")
    assert done.status == 1
    assert [line.split()[0] for line in done.out.splitlines()] == ["ajouté", "refusé", "→", "1"]
    assert "refusés" in done.err


def test_list_json_and_show_json(bao: Bao, filled: Path) -> None:
    listed = bao("--data", filled, "list", "--json").json
    assert set(listed) == {"documents"}
    assert all(set(document) == LISTED for document in listed["documents"])
    assert {document["id"]: document["type"] for document in listed["documents"]} == {"carte": "outil", "usage": "concept", "guide.pdf": "document"}
    shown = bao("--data", filled, "show", "guide.pdf", "--json").json
    assert set(shown) >= LISTED
    assert [page["page"] for page in shown["text"]] == [1, 2]
    assert bao("--data", filled, "show", "carte", "--json").json["text"][0]["page"] is None
    assert "— page 2 —" in bao("--data", filled, "show", "guide.pdf").out


def test_status_json(bao: Bao, filled: Path) -> None:
    status = bao("--data", filled, "status", "--json").json
    assert {"data", "model", "documents", "passages", "formulations", "types", "origins", "withdrawn", "edited", "version"} == set(status)
    assert (status["model"], status["documents"], status["origins"]) == ("hachage", 3, {"starter": 0, "local": 3})


def test_search_json(bao: Bao, filled: Path) -> None:
    found = bao("--data", filled, "search", "montant de l'aide", "-k", "2", "--json").json
    assert set(found) == {"passages"}
    assert len(found["passages"]) == 2
    assert all(set(passage) == {"document", "page", "text", "score"} for passage in found["passages"])
    assert (found["passages"][0]["document"], found["passages"][0]["page"]) == ("guide.pdf", 1)
    assert len(bao("--data", filled, "search", "aide", "-k", "-3", "--json").json["passages"]) == 1


def test_check_json(bao: Bao, data: Path, tmp_path: Path, sheet: Callable[..., str]) -> None:
    (tmp_path / "carte.md").write_text(sheet("carte", famile="animation"), "utf-8")
    done = bao("--data", data, "check", tmp_path / "carte.md", tmp_path / "absent.pdf", "--json")
    assert done.status == 1
    assert set(done.json) == {"files"}
    assert all(set(fault) == {"file", "line", "level", "code", "message", "remedy"} for fault in done.json["files"])
    assert {fault["level"] for fault in done.json["files"]} <= {"error", "warning"}
    assert {Path(fault["file"]).name for fault in done.json["files"]} == {"carte.md", "absent.pdf"}
    assert not data.exists()


def test_check_json_is_one_document_though_it_also_mends(bao: Bao, tmp_path: Path, sheet: Callable[..., str]) -> None:
    path = tmp_path / "carte.md"
    path.write_text(sheet("carte", resume='"L\'outil sert : à avancer ensemble !"'), "utf-8")
    before = path.read_bytes()
    assert set(bao("check", path, "--fix", "--json").json) == {"files"}
    assert path.read_bytes() != before


def test_remove_tells_each_and_leaves_with_1_for_an_unknown_one(bao: Bao, own: Path) -> None:
    done = bao("--data", own, "remove", "guide.pdf", "rien", "--json")
    assert done.status == 1
    assert [(row["document"], row["status"]) for row in done.json["documents"]] == [("guide.pdf", "removed"), ("rien", "refused")]
    assert "« rien »" in done.err
    assert "bao list" in done.err
    assert bao("--data", own, "list", "--json").out.count("guide.pdf") == 0
    refused(bao("--data", own, "show", "guide.pdf"), 1, "« guide.pdf »", "bao list")


def test_a_name_typed_in_decomposed_letters_finds_its_document(bao: Bao, data: Path, tmp_path: Path) -> None:
    (tmp_path / "e\u0301te\u0301.txt").write_text("Une note de l'été.", "utf-8")
    assert bao("--data", data, "ingest", tmp_path / "e\u0301te\u0301.txt", "--json").json["files"][0]["document"] == "\u00e9t\u00e9.txt"
    assert bao("--data", data, "show", "e\u0301te\u0301.txt", "--json").json["id"] == "\u00e9t\u00e9.txt"
    assert bao("--data", data, "remove", "e\u0301te\u0301.txt").status == 0


def test_after_a_removal_a_question_never_cites_the_document(bao: Bao, own: Path) -> None:
    question = "L'aide est-elle versée en deux fois ?"
    assert "guide.pdf" in bao("--data", own, "ask", question, "--json").out
    bao("--data", own, "remove", "guide.pdf")
    assert "guide.pdf" not in bao("--data", own, "ask", question, "--json").out


def test_doctor_json_says_each_check_with_its_level(bao: Bao, filled: Path) -> None:
    done = bao("--data", filled, "doctor", "--json")
    assert done.status == 0
    assert all(set(check) == {"name", "level", "message", "remedy"} for check in done.json["checks"])
    assert {check["level"] for check in done.json["checks"]} <= {"ok", "warning"}


def test_backup_then_restore_brings_the_documents_back_and_says_what_to_type(bao: Bao, own: Path, tmp_path: Path) -> None:
    target = tmp_path / "sous" / "sauvegarde.zip"
    assert bao("--data", own, "backup", target).status == 0
    bao("--data", own, "remove", "guide.pdf")
    done = bao("--data", own, "restore", target)
    assert done.status == 0
    assert "bao rebuild" in done.out
    assert bao("--data", own, "rebuild", "--json").json["vectors"] > 20
    assert bao("--data", own, "ask", "L'aide est-elle versée en deux fois ?", "--json").json["citations"][0]["document"] == "guide.pdf"


def test_a_backup_that_cannot_be_written_or_read_is_said(bao: Bao, own: Path, data: Path, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("x", "utf-8")
    refused(bao("--data", own, "backup", tmp_path / "fichier" / "b.zip"), 1, "fichier")
    refused(bao("--data", own, "restore", tmp_path / "absent.zip"), 1, "absent.zip")
    refused(bao("--data", own, "restore", tmp_path / "fichier"), 1, "abîmé", "bao backup")
    refused(bao("--data", tmp_path / "vide", "backup", tmp_path / "b.zip"), 1, "rien à sauvegarder")


# --- Answers ----------------------------------------------------------------------------------------


def shaped(answer: dict[str, Any]) -> None:
    """An answer of the contract: every key, none null, and lists that are lists."""
    assert list(answer) == ANSWER_KEYS
    assert None not in answer.values()
    assert answer["intent"] in INTENTS
    assert len(answer["steps"]) <= 2
    assert len(answer["passages"]) <= 10
    assert [citation["number"] for citation in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    for citation in answer["citations"]:
        assert list(citation) == ["number", "document", "title", "page", "section", "quote", "passage"]
    for tool in answer["tools"]:
        assert list(tool) == ["id", "title", "steps", "reason", "duration"]
    for passage in answer["passages"]:
        assert list(passage) == ["document", "page", "text", "score"]


def test_ask_json_is_the_object_of_the_contract(bao: Bao, filled: Path) -> None:
    answer = bao("--data", filled, "ask", "L'aide est-elle versée en deux fois ?", "--json").json
    shaped(answer)
    assert "24 000 euros" in answer["answer"].replace("\u00a0", " ")
    assert (answer["citations"][0]["document"], answer["citations"][0]["page"]) == ("guide.pdf", 1)


def test_an_abstention_is_an_answer(bao: Bao, filled: Path) -> None:
    done = bao("--data", filled, "ask", "???", "--json")
    shaped(done.json)
    assert (done.status, done.json["abstained"]) == (0, True)


ODD = {
    "plain": "L'aide est-elle versée en deux fois ?",
    "empty": "",
    "spaces": "  \n\t ",
    "signs": "???",
    "emoji": "🙂",
    "long": "L'aide est-elle versée en deux fois ? " * 625,
    "one word": "a" * 20_000,
    "brackets": "[" * 20_000,
    "markup": "<script>alert(1)</script> {question} %s $x `x` *",
    "fts": '" OR 1=1 NEAR(usage) * ^ -- ; DROP TABLE documents',
    "nul": "aide\x00 et \x1b[31m usage",
    "right to left": "\u202eertnoc\u202c l'aide",
    "half a pair": "aide \ud83d usage",
    "decomposed": "De\u0301finition de la performance d\u2019usage",
    "arabic": "ما هي كفاءة الاستخدام؟",
}


def test_a_batch_keeps_order_and_ids_whatever_is_asked(bao: Bao, filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": name, "question": question, "answer": "never read"}) + "\n" for name, question in ODD.items()), "utf-8")
    done = bao("--data", filled, "ask", "--batch", path)
    assert done.status == 0
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == list(ODD)
    for answer in answers:
        shaped(answer)
        assert answer["answer"]
    assert {answer["id"] for answer in answers if answer["abstained"]} >= {"empty", "spaces", "signs", "emoji"}
    assert max(answer["seconds"] for answer in answers) < 5


def test_a_batch_line_with_a_missing_or_strange_question_is_still_answered_in_its_place(bao: Bao, filled: Path, tmp_path: Path) -> None:
    rows = [{"id": "sans"}, {"id": 7, "question": None}, {"id": "liste", "question": ["a"]}, {"question": "Qui paie ?"}]
    rows.append({"id": "é", "conversation": None, "question": "aide"})
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    answers = [json.loads(line) for line in bao("--data", filled, "ask", "--batch", path).out.splitlines()]
    assert [answer["id"] for answer in answers] == ["sans", 7, "liste", "", "é"]
    for answer in answers:
        shaped(answer)


def test_lines_that_share_a_conversation_are_its_turns_and_others_are_not(bao: Bao, filled: Path, tmp_path: Path) -> None:
    turns = [("a", "Qu'est-ce que la performance d'usage ?"), ("a", "Et un exemple ?"), (None, "Et un exemple ?"), ("b", "Et un exemple ?")]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps({"id": str(n), "question": q, **({"conversation": c} if c else {})}) for n, (c, q) in enumerate(turns)), "utf-8")
    answers = [json.loads(line) for line in bao("--data", filled, "ask", "--batch", path).out.splitlines()]
    assert "usage" in answers[1]["rewritten"]
    assert not any("usage" in answer["rewritten"] for answer in answers[2:])


@pytest.mark.parametrize("bad", ["{", "[]", '"texte"', "3", "null", "id: 1"])
def test_a_bad_line_is_named_by_its_number_before_anything_is_answered(bao: Bao, filled: Path, tmp_path: Path, bad: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "1", "question": "Qui paie ?"}\n\n' + bad + "\n", "utf-8")
    refused(bao("--data", filled, "ask", "--batch", path), 2, "in.jsonl, ligne 3", '{"id"')


def test_a_batch_file_that_is_missing_or_no_text_is_said(bao: Bao, filled: Path, tmp_path: Path) -> None:
    refused(bao("--data", filled, "ask", "--batch", tmp_path / "absent.jsonl"), 1, "absent.jsonl")
    refused(bao("--data", filled, "ask", "--batch", tmp_path), 1, "ne s'ouvre pas")
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "1", "question": "\xe9"}')
    refused(bao("--data", filled, "ask", "--batch", tmp_path / "latin.jsonl"), 2, "UTF-8")


def test_an_empty_batch_gives_nothing(bao: Bao, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "vide.jsonl").write_text("\n", "utf-8")
    assert bao("--data", filled, "ask", "--batch", tmp_path / "vide.jsonl") == Outcome(0, "", "")


def test_an_answer_for_people_has_no_markdown_signs(bao: Bao, filled: Path) -> None:
    done = bao("--data", filled, "ask", "L'aide est-elle versée en deux fois ?")
    assert done.status == 0
    assert "**" not in done.out
    assert "page 1" in done.out


# --- The real process -------------------------------------------------------------------------------


def process(*words: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "import sys; from ui.command import main; sys.exit(main())", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **more.pop("env", {})}, **more)


def test_standard_output_is_the_json_document_and_nothing_else_in_a_real_process(filled: Path) -> None:
    """About 4 seconds: a Python starts, in a plain C locale, with bytes that are no text as a question."""
    done = process("--data", filled, "ask", "--json", os.fsdecode(b"Quel est le montant de l'aide \xff ?"), env={"LC_ALL": "C", "BAO_MODEL": "hachage"})
    assert done.returncode == 0, done.stderr
    shaped(json.loads(done.stdout))
    assert done.stderr == b""


def test_a_reader_that_goes_away_is_no_fault(filled: Path) -> None:
    """About 3 seconds."""
    command = f'"{sys.executable}" -c "import sys; from ui.command import main; sys.exit(main())" --data "{filled}" list | true; exit ${{PIPESTATUS[0]}}'
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # set, it would hide what is written last
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env={**buffered, "BAO_MODEL": "hachage"})
    assert (done.returncode, done.stderr) == (0, b"")
