"""Files to documents: who is who, what is set aside, and one bad file stops nobody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.demarche import STARTER, Demarche
from corpus.library import Library
from corpus.settings import Settings
from corpus.status import status_of
from corpus.typesetting import to_pdf
from ingest import starter
from ingest.pipeline import SUFFIXES, Pipeline
from ingest.report import FileReport, Report
from ingest.sources import find

Texts = Callable[..., str]
Bytes = Callable[..., bytes]


@pytest.fixture
def one(library: Callable[..., Library]) -> Library:
    return library()


@pytest.fixture
def ingest(one: Library, settings: Settings, demarche: Demarche) -> Callable[..., Report]:
    def ingest(*paths: Path, name: str = "", replace: bool = False) -> Report:
        return Pipeline(one, settings, demarche).run(paths, name, replace)

    return ingest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "dossier"
    path.mkdir()
    return path


def put(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only(report: Report) -> FileReport:
    assert len(report.files) == 1, report
    return report.files[0]


def outcomes(report: Report) -> dict[str, tuple[str, str]]:
    return {Path(file.file).name: (file.status, file.reason) for file in report.files}


def held(library: Library) -> list[str]:
    return sorted(document.id for document in library.store.documents())


def words_of(library: Library, document: str) -> str:
    return " ".join(page.text for page in library.store.pages(document))


# --- Identity ---------------------------------------------------------------------------------------


def test_a_file_is_named_by_its_name_and_a_file_of_a_folder_by_its_path_there(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes) -> None:
    put(folder / "sous" / "guide.pdf", pdf("Guide"))
    alone = put(folder.parent / "seul.txt", "Un texte seul, qui se suffit.")
    ingest(folder, alone)
    assert held(one) == ["seul.txt", "sous/guide.pdf"]


def test_a_name_has_one_spelling_whatever_disk_it_comes_from(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    put(folder / "e\u0301te\u0301" / "re\u0301sume\u0301.txt", "Un texte de l'été.")
    ingest(folder)
    ingest(put(folder / "hiver.txt", "Un texte de l'hiver."), name="gele\u0301e.txt")
    assert held(one) == ["gel\u00e9e.txt", "\u00e9t\u00e9/r\u00e9sum\u00e9.txt"]
    other = put(folder.parent / "autre" / "\u00e9t\u00e9" / "r\u00e9sum\u00e9.txt", "Un autre texte de l'été.")
    assert only(ingest(other, name="\u00e9t\u00e9/r\u00e9sum\u00e9.txt")).reason == "name-taken"


def test_a_second_run_changes_nothing(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes, sheet: Texts) -> None:
    put(folder / "guide.pdf", pdf("Guide"))
    put(folder / "outil.md", sheet("outil"))
    assert {file.status for file in ingest(folder).files} == {"added"}
    before = (one.store.generation, one.index.uids())
    assert {(file.status, file.message) for file in ingest(folder).files} == {("unchanged", "")}
    assert (one.store.generation, one.index.uids()) == before


def test_the_same_bytes_under_another_name_change_nothing_and_the_first_is_named(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes) -> None:
    ingest(put(folder / "guide.pdf", pdf("Guide")))
    again = only(ingest(put(folder / "copie.pdf", pdf("Guide"))))
    assert (again.status, again.reason, again.document) == ("unchanged", "same-bytes", "guide.pdf")
    assert "« guide.pdf »" in again.message
    assert held(one) == ["guide.pdf"]


def test_new_bytes_from_the_same_place_replace(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    path = put(folder / "note.txt", "La première version parle de coopération.")
    ingest(path)
    put(path, "La seconde version parle d'usage.")
    assert only(ingest(path)).status == "replaced"
    assert "seconde" in words_of(one, "note.txt")
    document = one.store.document("note.txt")
    assert document is not None
    assert document.version == 2


def test_the_same_name_from_another_place_is_refused_with_two_remedies(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "a" / "note.txt", "La note de la mairie."))
    other = only(ingest(put(folder / "b" / "note.txt", "La note de la région.")))
    assert (other.status, other.reason) == ("refused", "name-taken")
    assert "Un autre document porte ce nom" in other.message
    assert "--as NOM" in other.remedy
    assert "--replace" in other.remedy
    assert "mairie" in words_of(one, "note.txt")


def test_as_gives_it_another_name_and_replace_puts_it_in_place_of_the_first(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "a" / "note.txt", "La note de la mairie."))
    other = put(folder / "b" / "note.txt", "La note de la région.")
    assert only(ingest(other, name="note-region.txt")).document == "note-region.txt"
    assert held(one) == ["note-region.txt", "note.txt"]
    third = put(folder / "c" / "note.txt", "La note du pays.")
    assert only(ingest(third, replace=True)).status == "replaced"
    assert "pays" in words_of(one, "note.txt")


def test_two_files_of_one_name_in_two_parts_of_a_folder_are_two_documents(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    put(folder / "2024" / "note.txt", "La note de l'an dernier.")
    put(folder / "2025" / "note.txt", "La note de cette année.")
    ingest(folder)
    assert held(one) == ["2024/note.txt", "2025/note.txt"]


@pytest.fixture
def docx(folder: Path) -> Callable[[str, str], Path]:
    def docx(name: str, text: str) -> Path:
        import docx as word

        document = word.Document()
        document.add_paragraph(text)
        document.save(str(folder / name))
        return folder / name

    return docx


TEXT = (
    "La communauté de communes réunit chaque mois les habitants, les commerçants et les associations autour d'un repas partagé. Elle écoute ce qui manque, "
    "note ce qui existe déjà et cherche avec eux ce que personne ne peut faire seul. Trois familles prêtent leur cour, une entreprise prête ses camions, "
    "et la mairie tient le calendrier. Au bout d'un an, douze services d'entraide fonctionnent sans argent public."
)


def test_a_pdf_and_a_docx_of_one_text_are_one_document(ingest: Callable[..., Report], one: Library, folder: Path, docx: Callable[..., Path]) -> None:
    docx("repas.docx", TEXT)
    put(folder / "repas.pdf", to_pdf(TEXT, title="Repas"))
    found = ingest(folder)
    assert outcomes(found) == {"repas.pdf": ("added", ""), "repas.docx": ("unchanged", "same-text")}
    assert "« repas.pdf »" in found.files[1].message
    assert held(one) == ["repas.pdf"]


def test_a_revised_docx_replaces_itself_and_is_no_twin_of_itself(ingest: Callable[..., Report], one: Library, docx: Callable[..., Path]) -> None:
    ingest(docx("repas.docx", TEXT))
    assert only(ingest(docx("repas.docx", TEXT + " Et l'an prochain, vingt."))).status == "replaced"
    assert "vingt" in words_of(one, "repas.docx")


def test_the_word_files_at_hand_are_recognised_as_the_pdfs(ingest: Callable[..., Report], shared: Path) -> None:
    """About 6 seconds: the four real documents are read, then two of them again."""
    assert {file.status for file in ingest(*sorted((shared / "documents").glob("*.pdf"))).files} == {"added"}
    twins = ingest(*sorted((shared / "documents").glob("*.docx")), *sorted((shared / "documents").glob("*.odt")))
    assert {(file.status, file.reason) for file in twins.files} == {("unchanged", "same-text")}
    assert [file.document for file in twins.files] == [Path(file.file).with_suffix(".pdf").name for file in twins.files]


# --- Sheets -----------------------------------------------------------------------------------------


def test_a_sheet_is_named_by_its_id_and_found_by_its_own_words(ingest: Callable[..., Report], one: Library, folder: Path, sheet: Texts) -> None:
    found = only(ingest(put(folder / "nom-quelconque.md", sheet("carte-acteurs"))))
    assert (found.status, found.document) == ("added", "carte-acteurs")
    document = one.store.document("carte-acteurs")
    assert document is not None
    assert (document.type, document.sheet["etapes"], document.origin) == ("outil", ["E3", "E4"], "local")
    assert {stored.formulation.kind for stored in one.store.formulations()} == {"name", "situation", "question"}
    assert one.store.uids() == one.index.uids()


def test_of_two_sheets_with_one_id_the_second_is_refused(ingest: Callable[..., Report], one: Library, folder: Path, sheet: Texts) -> None:
    put(folder / "a.md", sheet("carte"))
    put(folder / "b.md", sheet("carte", titre='"Une autre carte"'))
    found = ingest(folder)
    assert outcomes(found) == {"a.md": ("added", ""), "b.md": ("refused", "name-taken")}
    assert "id de la fiche" in found.files[1].remedy
    assert one.store.documents()[0].title == "La fiche carte"


def test_a_faulty_sheet_is_refused_with_its_line_and_what_to_write(ingest: Callable[..., Report], folder: Path, sheet: Texts) -> None:
    found = only(ingest(put(folder / "carte.md", sheet("carte", famile="animation"))))
    assert (found.status, found.reason) == ("refused", "sheet")
    assert found.message.startswith("Ligne ")
    assert "« famile »" in found.message
    assert found.remedy == "Vouliez-vous écrire « famille » ?"


def test_a_sheet_that_is_not_utf_8_is_refused_and_not_read_as_plain_markdown(ingest: Callable[..., Report], folder: Path, sheet: Texts) -> None:
    found = only(ingest(put(folder / "carte.md", sheet("carte").encode("latin-1"))))
    assert (found.status, found.reason) == ("refused", "sheet")
    assert "UTF-8" in found.message


def test_markdown_without_a_front_matter_is_a_document(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "notes.md", "# Nos notes\n\nUn paragraphe de notes.\n"))
    assert [(document.id, document.type, document.title) for document in one.store.documents()] == [("notes.md", "document", "Nos notes")]


# --- The starter corpus -----------------------------------------------------------------------------


@pytest.fixture
def beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheet: Texts, pdf: Bytes) -> Path:
    """A starter corpus of two sheets and a document, with the code, templates and sources that ride beside it."""
    folder = tmp_path / "corpus"
    put(folder / "fiches" / "outils" / "carte.md", sheet("carte"))
    put(folder / "fiches" / "concepts" / "usage.md", sheet("usage", "concept"))
    put(folder / "documents" / "guide.pdf", pdf("Guide de départ"))
    put(folder / "documents" / "guide.yaml", "titre: Le guide de départ\ndate: 2026-03\n")
    put(folder / "documents" / "sources" / "guide.md", "# Le texte du guide\n\nIl fait le PDF.\n")
    put(folder / "modeles" / "outil.md", sheet("nom-de-l-outil"))
    put(folder / "README.md", "# Mode d'emploi\n\nÀ lire.\n")
    for module in ("ingest.sources", "ingest.starter"):
        monkeypatch.setattr(f"{module}.STARTER", folder)
    return folder


def test_the_starter_corpus_brings_its_sheets_and_documents_and_nothing_else(ingest: Callable[..., Report], one: Library, beginning: Path) -> None:
    assert starter.size() == 3
    found = ingest(beginning)
    assert {file.status for file in found.files} == {"added", "ignored"}
    assert [document.origin for document in one.store.documents()] == ["starter"] * 3
    assert held(one) == ["carte", "guide.pdf", "usage"]


@pytest.mark.parametrize("part", [".", "documents", "documents/guide.pdf"])
def test_a_starter_document_has_its_bare_name_wherever_one_starts_from(ingest: Callable[..., Report], one: Library, beginning: Path, part: str) -> None:
    ingest(beginning)
    assert {file.status for file in ingest(beginning / part).files} <= {"unchanged", "ignored"}
    put(beginning / "documents" / "guide.yaml", "titre: Le guide relu\n")
    assert outcomes(ingest(beginning / part))["guide.pdf"] == ("replaced", "")
    assert held(one) == ["carte", "guide.pdf", "usage"]


def test_a_document_of_ours_in_place_of_a_starter_one_is_kept_and_status_says_so(
    ingest: Callable[..., Report], one: Library, beginning: Path, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, pdf: Bytes
) -> None:
    monkeypatch.setattr("corpus.demarche.STARTER", beginning)
    ingest(put(folder / "guide.pdf", pdf("Notre guide")))
    assert outcomes(ingest(beginning))["guide.pdf"] == ("unchanged", "edited")
    assert status_of(one, settings).edited == ("guide.pdf",)


def test_the_real_starter_corpus_has_only_files_that_can_be_read_and_distinct_names() -> None:
    found = [one for one in find(STARTER, SUFFIXES) if one.verdict != "ignored"]
    assert [one.path for one in found if one.verdict] == []
    assert {one.origin for one in found} == {"starter"}
    assert len({one.name for one in found}) == len(found) > 30


def test_a_new_version_of_the_starter_replaces_what_is_still_the_starters(ingest: Callable[..., Report], one: Library, beginning: Path, sheet: Texts) -> None:
    ingest(beginning)
    put(beginning / "fiches" / "outils" / "carte.md", sheet("carte", titre='"La carte, mieux dite"'))
    assert outcomes(ingest(beginning))["carte.md"] == ("replaced", "")
    document = one.store.document("carte")
    assert document is not None
    assert (document.title, document.origin, document.version) == ("La carte, mieux dite", "starter", 2)


def test_an_edited_starter_sheet_is_kept_and_status_says_so(
    ingest: Callable[..., Report], one: Library, beginning: Path, folder: Path, sheet: Texts, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.demarche.STARTER", beginning)
    ingest(beginning)
    mine = put(folder / "carte.md", sheet("carte", titre='"Notre carte à nous"'))
    assert only(ingest(mine)).reason == "name-taken"
    assert only(ingest(mine, replace=True)).status == "replaced"
    put(beginning / "fiches" / "outils" / "carte.md", sheet("carte", titre='"La carte, mieux dite"'))
    assert outcomes(ingest(beginning))["carte.md"] == ("unchanged", "edited")
    document = one.store.document("carte")
    assert document is not None
    assert document.title == "Notre carte à nous"
    assert status_of(one, settings).edited == ("carte",)


@pytest.mark.parametrize("changed", [False, True], ids=["the same bytes", "a new version"])
def test_a_withdrawn_starter_sheet_comes_back_only_when_told_to(
    ingest: Callable[..., Report], one: Library, beginning: Path, sheet: Texts, changed: bool
) -> None:
    ingest(beginning)
    one.remove("carte")
    if changed:
        put(beginning / "fiches" / "outils" / "carte.md", sheet("carte", titre='"La carte, mieux dite"'))
    again = next(file for file in ingest(beginning).files if file.file.endswith("carte.md"))
    assert (again.status, again.reason, "--replace" in again.remedy) == ("unchanged", "withdrawn", True)
    assert "carte" not in held(one)
    ingest(beginning / "fiches" / "outils" / "carte.md", replace=True)
    assert "carte" in held(one)
    assert one.store.uids() == one.index.uids()


def test_a_removed_local_document_may_come_back(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    path = put(folder / "note.txt", "La note de la mairie.")
    ingest(path)
    one.remove("note.txt")
    assert only(ingest(path)).status == "added"


# --- What is set aside ------------------------------------------------------------------------------


def test_one_bad_file_among_twenty_is_named_and_the_others_go_in(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes) -> None:
    for number in range(19):
        put(folder / f"{number:02}.txt", f"Le document numéro {number} a son propre texte.")
    put(folder / "coupe.pdf", pdf("Guide")[:900])
    found = ingest(folder)
    assert found.refused
    assert [file.status for file in found.files].count("added") == 19
    bad = next(file for file in found.files if file.status == "refused")
    assert Path(bad.file).name == "coupe.pdf"
    assert bad.message
    assert bad.remedy
    assert len(held(one)) == 19


def test_every_file_met_has_one_entry_with_its_reason(ingest: Callable[..., Report], folder: Path, pdf: Bytes) -> None:
    put(folder / "guide.pdf", pdf("Guide"))
    put(folder / "guide.yaml", "titre: Le guide\n")
    put(folder / "seul.yaml", "a: 1\n")
    put(folder / ".cache", "x")
    put(folder / "photo.jpg", b"\xff\xd8\xff")
    put(folder / "vide.txt", b"")
    put(folder / "ailleurs" / "loin.txt", "Un texte assez loin.")
    (folder / "lien.pdf").symlink_to(folder / "guide.pdf")
    (folder / "boucle").symlink_to(folder)
    os.mkfifo(folder / "tuyau.txt")
    os.mkfifo(folder / ".tuyau")
    assert outcomes(ingest(folder)) == {
        "guide.pdf": ("added", ""), "guide.yaml": ("ignored", "companion"), "seul.yaml": ("ignored", "format"), ".cache": ("ignored", "hidden"),
        "photo.jpg": ("ignored", "format"), "vide.txt": ("refused", "empty"), "loin.txt": ("added", ""), "lien.pdf": ("refused", "link"),
        "boucle": ("refused", "link"), "tuyau.txt": ("refused", "special"), ".tuyau": ("ignored", "hidden"),
    }  # fmt: skip


def test_what_is_ignored_in_a_folder_is_refused_when_named(ingest: Callable[..., Report], folder: Path) -> None:
    path = put(folder / "photo.jpg", b"\xff\xd8\xff")
    assert not ingest(folder).refused
    named = only(ingest(path))
    assert (named.status, named.reason) == ("refused", "format")
    assert "PDF, DOCX" in named.remedy


@pytest.mark.parametrize(("name", "reason"), [("absent.pdf", "missing"), ("lien.txt", "link"), ("tuyau.txt", "special")])
def test_a_named_path_that_is_no_file_is_refused(ingest: Callable[..., Report], folder: Path, name: str, reason: str) -> None:
    (folder / "lien.txt").symlink_to(put(folder / "vrai.txt", "Un vrai texte."))
    os.mkfifo(folder / "tuyau.txt")
    assert only(ingest(folder / name)).reason == reason


def test_a_file_whose_name_is_no_text_is_refused_and_can_be_printed(ingest: Callable[..., Report], folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xe9t\xe9.txt", "w") as file:  # noqa: PTH123 - a name that pathlib would not write
        file.write("Un texte de l'été.")
    found = only(ingest(folder))
    assert (found.status, found.reason) == ("refused", "name")
    assert found.line().encode()


def test_a_folder_that_cannot_be_opened_stops_nobody(ingest: Callable[..., Report], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / "fermé" / "secret.txt", "Un secret.")
    put(folder / "ouvert.txt", "Un texte ouvert.")
    list_ = Path.iterdir

    def iterdir(path: Path) -> object:
        if path.name == "fermé":
            raise PermissionError(13, "Permission denied")
        return list_(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert outcomes(ingest(folder)) == {"fermé": ("refused", "closed"), "ouvert.txt": ("added", "")}


def test_a_file_too_big_is_refused_before_it_is_read(one: Library, demarche: Demarche, data: Path, folder: Path) -> None:
    path = put(folder / "gros.txt", b"a" * 1_000_001)
    found = only(Pipeline(one, Settings(data=data, file_megabytes=1), demarche).run([path]))
    assert (found.reason, "BAO_FILE_MEGABYTES" in found.remedy) == ("too-big", True)


# --- Notices ----------------------------------------------------------------------------------------


def test_the_notice_says_what_the_file_does_not(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes) -> None:
    put(folder / "guide.pdf", pdf("Guide"))
    said = "titre: Le guide officiel\nauteur: La Région\ndate: 2025-06-30\nvalable_jusqu_au: 2027\nlicence: CC BY 4.0\nsource: https://exemple.fr\n"
    put(folder / "guide.yaml", f"{said}etapes: [E1]\nfamilles: [animation]\n")
    ingest(folder)
    document = one.store.document("guide.pdf")
    assert document is not None
    assert (document.title, document.author, document.licence, document.source) == ("Le guide officiel", "La Région", "CC BY 4.0", "https://exemple.fr")
    assert (document.date, document.valid_until) == ("2025-06-30", "2027")
    assert (document.sheet["etapes"], document.sheet["familles"]) == (["E1"], ["animation"])


def test_a_notice_may_leave_a_date_empty(ingest: Callable[..., Report], folder: Path) -> None:
    put(folder / "guide.txt", "Un guide en texte.")
    put(folder / "guide.yaml", "date: null\nvalable_jusqu_au: null\n")
    assert outcomes(ingest(folder))["guide.txt"] == ("added", "")


@pytest.mark.parametrize("notice", ["titre: [pas un texte", "auteurr: X", "etapes: [E99]", "date: hier", "- une\n- liste", "\xff"], ids=str)
def test_a_faulty_notice_refuses_its_document_and_names_itself(ingest: Callable[..., Report], folder: Path, notice: str) -> None:
    put(folder / "guide.txt", "Un guide en texte.")
    put(folder / "guide.yaml", notice.encode("latin-1"))
    found = next(file for file in ingest(folder).files if file.file.endswith("guide.txt"))
    assert (found.status, found.reason) == ("refused", "notice")
    assert "guide.yaml" in found.message
    assert found.remedy


def test_a_notice_edited_beside_an_unchanged_file_replaces_the_document(ingest: Callable[..., Report], one: Library, folder: Path, pdf: Bytes) -> None:
    put(folder / "guide.pdf", pdf("Guide"))
    ingest(folder)
    for version, said in enumerate(("titre: Le guide officiel\nlicence: CC BY 4.0\n", "titre: Le guide revu\n"), 2):
        put(folder / "guide.yaml", said)
        again = next(file for file in ingest(folder).files if file.file.endswith("guide.pdf"))
        assert (again.status, again.document, again.message) == ("replaced", "guide.pdf", "La notice a changé.")
        document = one.store.document("guide.pdf")
        assert document is not None
        assert (document.title in said, document.licence in said, document.version) == (True, True, version)
        assert outcomes(ingest(folder))["guide.pdf"] == ("unchanged", "same-bytes")
        assert one.original(document).is_file()
    (folder / "guide.yaml").unlink()
    assert only(ingest(folder)).status == "replaced"
    assert one.store.documents()[0].title == "Guide"
    assert one.store.uids() == one.index.uids()


def test_an_edited_notice_keeps_the_name_that_the_document_was_given(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    path = put(folder / "guide.txt", "Un guide en texte.")
    ingest(path, name="notre-guide.txt")
    put(folder / "guide.yaml", "titre: Notre guide\n")
    assert only(ingest(path)).document == "notre-guide.txt"
    assert held(one) == ["notre-guide.txt"]


def test_a_copy_elsewhere_with_another_notice_changes_nothing(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "a" / "guide.txt", "Un guide en texte."))
    put(folder / "b" / "guide.yaml", "titre: Un autre titre\n")
    assert only(ingest(put(folder / "b" / "guide.txt", "Un guide en texte."))).reason == "same-bytes"
    assert one.store.documents()[0].title != "Un autre titre"


def test_a_notice_that_became_faulty_is_refused_and_the_document_stays(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    put(folder / "guide.txt", "Un guide en texte.")
    ingest(folder)
    put(folder / "guide.yaml", "auteurr: X\n")
    assert outcomes(ingest(folder))["guide.txt"] == ("refused", "notice")
    assert held(one) == ["guide.txt"]


def test_a_withdrawn_document_does_not_come_back_for_a_new_notice(ingest: Callable[..., Report], one: Library, beginning: Path) -> None:
    ingest(beginning)
    one.remove("guide.pdf")
    put(beginning / "documents" / "guide.yaml", "titre: Un autre titre\n")
    assert outcomes(ingest(beginning))["guide.pdf"] == ("unchanged", "withdrawn")
    back = only(ingest(beginning / "documents" / "guide.pdf", replace=True))
    assert (back.status, back.message) == ("replaced", "")


def test_without_a_notice_the_title_is_the_first_heading(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "x1.html", "<html><body><h1>Le vrai titre</h1><p>Un paragraphe qui suit le titre.</p></body></html>"))
    assert one.store.documents()[0].title == "Le vrai titre"


# --- The run as it goes -----------------------------------------------------------------------------


def test_reports_come_as_each_file_is_done(one: Library, settings: Settings, demarche: Demarche, folder: Path) -> None:
    for name in ("a", "b"):
        put(folder / f"{name}.txt", f"Le texte de {name}.")
    steps: list[tuple[str, str]] = []
    pipeline = Pipeline(one, settings, demarche, lambda file, step: steps.append((Path(file).name, step)))
    running = pipeline.reports([folder])
    next(running)
    assert {file for file, _ in steps} == {"a.txt"}
    assert [step for _, step in steps] == ["read", "split", "embed", "original", "vectors", "commit", "old-vectors", "done"]
    assert len(list(running)) == 1
    assert pipeline.seconds > 0


def test_the_original_is_kept_though_the_file_goes(ingest: Callable[..., Report], one: Library, folder: Path) -> None:
    ingest(put(folder / "note.txt", "La note de la mairie."))
    shutil.rmtree(folder)
    assert one.original(one.store.documents()[0]).read_text("utf-8") == "La note de la mairie."


def test_lines_and_summary_are_french_with_counts_and_remedies(ingest: Callable[..., Report], folder: Path) -> None:
    put(folder / "note.txt", "La note de la mairie.")
    put(folder / "vide.pdf", b"")
    found = ingest(folder)
    assert [file.line().split()[0] for file in found.files] == ["refusé", "ajouté"]
    assert "\n          → " in found.files[0].line()
    assert found.summary().startswith("1 ajouté, 1 refusé, en ")
    assert set(found.to_dict()["files"][0]) == {"file", "status", "reason", "message", "remedy", "document", "pages", "passages"}
