"""Real files of every format, written here, read as a person would read them; and the bad ones refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import odfdo
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from corpus.documents import NO_PAGE, Reading
from corpus.errors import RefusedFile
from corpus.french import letters, normalise
from ingest.dates import date_in, deadline_in
from ingest.limits import Limits
from ingest.markdown import blocks_of
from ingest.readers import READERS, read
from ingest.text import decoded

GUIDE = """
#set page(paper: "a4", header: [Guide EFC], footer: context [#counter(page).display() / 2])
#set text(lang: "fr", size: 11pt)
= Le cadre de la démarche
Mai 2023
== Les principes
L'économie de la fonctionnalité et de la coopération cherche la performance d'usage, avec les habitants, les élus et les entreprises d'un territoire.

La démarche avance par étapes :
- réunir les acteurs concernés par l'enjeu, longtemps avant de parler de solutions, et prendre le temps de les écouter chacun ;
- formuler l'intention.
#table(
  columns: (1fr, 1fr, 2fr),
  table.header([*Étape*], [*Date*], [*Contenu*]),
  [J0], [4 février], [Webinaire de lancement],
  [J1], [27 février], [Comprendre la mise en récits : fondamentaux, intention et dimensions du récit],
  [J2], [28 avril], [Se mettre en trajectoire],
)
#pagebreak()
== Les suites
Le territoire poursuit seul, avec l'appui du Cerdd.
"""


def pdf(source: str) -> bytes:
    made = typst.compile(source.encode())
    assert isinstance(made, bytes)
    return made


@pytest.fixture(scope="module")
def guide() -> bytes:
    return pdf(GUIDE)


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def texts(reading: Reading, kind: str) -> list[str]:
    return [block.text for block in reading.blocks if block.kind == kind]


def refusal(path: Path, limits: Limits | None = None) -> RefusedFile:
    with pytest.raises(RefusedFile) as caught:
        read(path, limits)
    assert str(caught.value)
    assert caught.value.remedy
    return caught.value


def outcome(path: Path) -> str:
    """« read », every block on its page, or the reason of the refusal; anything else escapes."""
    try:
        found = read(path)
    except RefusedFile as error:
        return error.reason if error.remedy else ""
    pages = {page.number: letters(page.text) for page in found.pages}
    return "read" if all(letters(block.text) in pages[block.page] for block in found.blocks) else ""


# --- PDF ------------------------------------------------------------------------------------------


def test_un_pdf_donne_titres_listes_tableau_et_pages(tmp_path: Path, guide: bytes) -> None:
    found = read(put(tmp_path, "guide.pdf", guide))
    assert texts(found, "heading") == ["Le cadre de la démarche", "Les principes", "Les suites"]
    assert [block.level for block in found.blocks if block.kind == "heading"] == [1, 2, 2]
    assert [letters(text)[:12] for text in texts(found, "item")] == ["reunirlesact", "formulerlint"]
    assert texts(found, "row")[1] == "Étape : J1 | Date : 27 février | Contenu : Comprendre la mise en récits : fondamentaux, intention et dimensions du récit"
    assert [page.number for page in found.pages] == [1, 2]
    assert (found.title, found.details["date"]) == ("Le cadre de la démarche", "2023-05")


def test_l_en_tete_et_le_pied_d_un_pdf_ne_sont_pas_du_texte(tmp_path: Path, guide: bytes) -> None:
    found = read(put(tmp_path, "guide.pdf", guide))
    assert not any("Guide EFC" in page.text or "/ 2" in page.text for page in found.pages)


def test_chaque_bloc_se_retrouve_lettre_a_lettre_dans_sa_page(tmp_path: Path, guide: bytes) -> None:
    found = read(put(tmp_path, "guide.pdf", guide))
    pages = {page.number: page.text for page in found.pages}
    assert all(block.text in pages[block.page].split("\n") for block in found.blocks)


def test_le_texte_d_un_pdf_est_celui_que_pypdf_lit(tmp_path: Path, guide: bytes) -> None:
    found = read(put(tmp_path, "guide.pdf", guide))
    raw = [letters(normalise(page.extract_text())) for page in PdfReader(io.BytesIO(guide)).pages]
    assert all(letters(block.text) in raw[block.page - 1] for block in found.blocks if block.kind in ("paragraph", "heading"))


def test_deux_colonnes_se_lisent_l_une_apres_l_autre(tmp_path: Path) -> None:
    words = " ".join(f"mot{n}" for n in range(400))
    found = read(put(tmp_path, "colonnes.pdf", pdf(f"#set page(columns: 2)\n{words}")))
    assert letters(" ".join(block.text for block in found.blocks)) == letters(words)


def test_un_pdf_sans_texte_est_refuse_en_parlant_d_ocr(tmp_path: Path) -> None:
    found = refusal(put(tmp_path, "scan.pdf", pdf("#rect(width: 5cm, height: 5cm)")))
    assert found.reason == "no-text"
    assert "OCR" in found.remedy


def test_une_page_sans_texte_est_nommee_dans_les_remarques(tmp_path: Path) -> None:
    found = read(put(tmp_path, "mixte.pdf", pdf("Un texte lisible.\n#pagebreak()\n#rect()\n#pagebreak()\nUn autre texte.")))
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("Page 2 :")


def locked(data: bytes, user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=user, owner_password="proprietaire", algorithm="RC4-128")  # noqa: S106
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_un_pdf_a_mot_de_passe_est_refuse(tmp_path: Path, guide: bytes) -> None:
    assert refusal(put(tmp_path, "secret.pdf", locked(guide, "secret"))).reason == "encrypted"


def test_un_pdf_protege_sans_mot_de_passe_de_lecture_est_lu(tmp_path: Path, guide: bytes) -> None:
    assert read(put(tmp_path, "ouvert.pdf", locked(guide, ""))).title == "Le cadre de la démarche"


def test_un_pdf_tronque_ne_donne_jamais_autre_chose_qu_un_refus_ou_une_lecture(tmp_path: Path, guide: bytes) -> None:
    for share in (0.02, 0.3, 0.6, 0.95):
        path = put(tmp_path, "coupe.pdf", guide[: int(len(guide) * share)])
        assert outcome(path) in ("read", "damaged", "no-text")


def test_un_pdf_de_trop_de_pages_est_refuse(tmp_path: Path, guide: bytes) -> None:
    found = refusal(put(tmp_path, "long.pdf", guide), Limits(pages=1))
    assert found.reason == "too-many-pages"
    assert "2 pages" in str(found)


# --- DOCX et ODT ----------------------------------------------------------------------------------


def word_document() -> bytes:
    document = docx.Document()
    document.add_heading("Le cadre", 1)
    document.add_paragraph("Publié le 8 novembre 2024 par une équipe de territoire, pour les agents.")
    document.add_paragraph("réunir les acteurs", style="List Bullet")
    document.add_paragraph("formuler l'intention", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("Étape", "Date", "J0", "4 février")):
        table.cell(place // 2, place % 2).text = text
    document.add_heading("Les suites", 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_un_docx_donne_titres_listes_et_tableau_dans_l_ordre(tmp_path: Path) -> None:
    found = read(put(tmp_path, "note.docx", word_document()))
    assert [(block.kind, block.text, block.page) for block in found.blocks] == [
        ("heading", "Le cadre", NO_PAGE),
        ("paragraph", "Publié le 8 novembre 2024 par une équipe de territoire, pour les agents.", NO_PAGE),
        ("item", "réunir les acteurs", NO_PAGE),
        ("item", "formuler l'intention", NO_PAGE),
        ("row", "Étape : J0 | Date : 4 février", NO_PAGE),
        ("heading", "Les suites", NO_PAGE),
    ]
    assert (found.title, found.details["date"]) == ("Le cadre", "2024-11-08")


def open_document() -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "Le cadre"))
    document.body.append(odfdo.Paragraph("Une équipe  de territoire travaille pour les agents."))
    document.body.append(odfdo.List(["réunir les acteurs", "formuler l'intention"]))
    table = odfdo.Table("T", width=2, height=2)
    for place, text in enumerate(("Étape", "Date", "J0", "4 février")):
        table.set_value((place % 2, place // 2), text)
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_un_odt_donne_titres_listes_et_tableau_dans_l_ordre(tmp_path: Path) -> None:
    found = read(put(tmp_path, "note.odt", open_document()))
    assert [(block.kind, block.text) for block in found.blocks] == [
        ("heading", "Le cadre"),
        ("paragraph", "Une équipe de territoire travaille pour les agents."),
        ("item", "réunir les acteurs"),
        ("item", "formuler l'intention"),
        ("row", "Étape : J0 | Date : 4 février"),
    ]


@pytest.mark.parametrize("suffix", [".docx", ".odt"])
def test_un_document_tronque_est_refuse_comme_abime(tmp_path: Path, suffix: str) -> None:
    data = word_document() if suffix == ".docx" else open_document()
    assert refusal(put(tmp_path, "coupe" + suffix, data[: len(data) // 2])).reason == "damaged"


def test_un_document_au_contenu_invalide_est_refuse_comme_abime(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>")
        archive.writestr("word/document.xml", "pas du XML")
    assert refusal(put(tmp_path, "faux.docx", out.getvalue())).reason == "damaged"


def test_une_bombe_de_decompression_est_refusee_sans_etre_ouverte(tmp_path: Path) -> None:
    out = io.BytesIO(word_document())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bombe.bin", bytes(5_000_000))
    assert refusal(put(tmp_path, "bombe.docx", out.getvalue()), Limits(unpacked=1_000_000)).reason == "too-big"


# --- HTML -----------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>La page</title><meta name="author" content="Cerdd"><style>p{}</style></head>
<body><nav>Menu</nav><header>Bandeau</header><main><h1>Le <em>cadre</em></h1><p>Un texte<br>sur deux lignes.</p><!-- secret -->
<ul><li>un <ul><li>sous-élément</li></ul></li></ul><ol><li>premier</li><li>second</li></ol><script>alert(1)</script>
<table><tr><th>Étape</th><th>Date</th></tr><tr><td>J0</td><td>4 février</td></tr></table></main><footer>Pied</footer></body></html>"""


def test_une_page_web_perd_ses_menus_et_ses_scripts(tmp_path: Path) -> None:
    found = read(put(tmp_path, "page.html", PAGE))
    assert [(block.kind, block.text, block.level) for block in found.blocks] == [
        ("heading", "Le cadre", 1),
        ("paragraph", "Un texte sur deux lignes.", 1),
        ("item", "un", 1),
        ("item", "sous-élément", 2),
        ("item", "1. premier", 1),
        ("item", "2. second", 1),
        ("row", "Étape : J0 | Date : 4 février", 1),
    ]
    assert (found.title, found.details["author"]) == ("La page", "Cerdd")


def test_les_entites_d_une_page_web_ne_sont_ni_declarees_ni_depliees(tmp_path: Path) -> None:
    data = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Un texte &x; ici</p></body></html>'
    assert "root:" not in read(put(tmp_path, "page.html", data)).pages[0].text


# --- texte et Markdown ----------------------------------------------------------------------------

PHRASE = "Là où l'été s'achève, l'œuvre coûte 5 € : « ça va »."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_l_encodage_d_un_texte_est_reconnu(encoding: str) -> None:
    assert decoded((PHRASE * 3).encode(encoding)) == PHRASE * 3


def test_un_texte_latin_1_est_lu(tmp_path: Path) -> None:
    assert read(put(tmp_path, "note.txt", "Été à Lille\n".encode("latin-1"))).blocks[0].text == "Été à Lille"


def test_les_titres_d_un_texte_sont_en_capitales_ou_numerotes(tmp_path: Path) -> None:
    source = "LE CADRE\n\n1.2 Les principes\nUn texte qui suit son titre et qui est assez long pour être un\nparagraphe coupé.\n- un\n- deux\n"
    found = read(put(tmp_path, "note.txt", source))
    assert [(block.kind, block.level) for block in found.blocks] == [("heading", 1), ("heading", 2), ("paragraph", 1), ("item", 1), ("item", 1)]
    assert found.blocks[2].text.endswith("être un paragraphe coupé.")


def test_le_markdown_perd_ses_marques_et_garde_ses_numeros() -> None:
    found = blocks_of(
        "## Un *titre*\n\nDu **gras** et un [lien](https://exemple.fr).\n\n- a\n  - b\n\n3. trois\n4. quatre\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    )
    assert [(block.kind, block.text, block.level) for block in found] == [
        ("heading", "Un titre", 2),
        ("paragraph", "Du gras et un lien.", 1),
        ("item", "a", 1),
        ("item", "b", 2),
        ("item", "3. trois", 1),
        ("item", "4. quatre", 1),
        ("row", "A : 1 | B : 2", 1),
    ]


def test_l_en_tete_yaml_d_un_markdown_n_est_pas_du_texte(tmp_path: Path) -> None:
    assert read(put(tmp_path, "note.md", "---\ntitre: caché\n---\n# Visible\n\nTexte.\n")).pages[0].text == "Visible\nTexte."


# --- fichiers refusés -----------------------------------------------------------------------------


def test_un_format_inconnu_est_refuse_en_nommant_les_formats_lus(tmp_path: Path) -> None:
    found = refusal(put(tmp_path, "table.xlsx", b"PK"))
    assert found.reason == "unknown-format"
    assert all(suffix in found.remedy for suffix in READERS)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_un_fichier_vide_est_refuse(tmp_path: Path, suffix: str) -> None:
    assert refusal(put(tmp_path, "vide" + suffix, b"")).reason == "empty"


def test_un_fichier_trop_gros_est_refuse(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "gros.txt", b"a" * 101), Limits(bytes=100)).reason == "too-big"


def test_un_texte_trop_long_est_refuse(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "long.txt", "mot " * 100), Limits(characters=100)).reason == "too-many-characters"


def test_un_texte_sans_lettre_est_refuse(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "tirets.txt", "---\n***\n")).reason == "no-text"


def test_un_dossier_est_refuse(tmp_path: Path) -> None:
    (tmp_path / "dossier.pdf").mkdir()
    assert refusal(tmp_path / "dossier.pdf").reason == "not-a-file"


@pytest.mark.parametrize(
    ("name", "content", "right"),
    [
        ("a.txt", b"%PDF-1.7\n...", "a.pdf"),
        ("a.pdf", PAGE.encode(), "a.html"),
        ("a.md", PAGE.encode(), "a.html"),
        ("a.pdf", b"Du texte simple.", "a.txt"),
        ("a.odt", word_document(), "a.docx"),
        ("a.docx", open_document(), "a.odt"),
        ("a.pdf", word_document(), "a.docx"),
        ("a.docx", b"%PDF-1.7\n...", "a.pdf"),
    ],
)
def test_une_extension_trompeuse_est_refusee_en_nommant_la_bonne(tmp_path: Path, name: str, content: bytes, right: str) -> None:
    found = refusal(put(tmp_path, name, content))
    assert found.reason == "wrong-extension"
    assert right in found.remedy


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), b"{\\rtf1 texte}", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_un_contenu_d_un_format_non_lu_est_refuse(tmp_path: Path, content: bytes) -> None:
    assert refusal(put(tmp_path, "note.docx", content)).reason == "wrong-extension"


def test_des_donnees_quelconques_sont_refusees_comme_abimees(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "note.pdf", bytes(range(256)) * 20)).reason == "damaged"


# --- propriétés -----------------------------------------------------------------------------------


@given(st.binary(max_size=400), st.sampled_from(sorted(READERS)), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>"]))
def test_aucun_octet_ne_fait_autre_chose_qu_une_lecture_ou_un_refus(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str, start: bytes) -> None:
    path = put(tmp_path_factory.getbasetemp(), "octets" + suffix, start + data)
    assert outcome(path)


@given(st.text(max_size=300))
def test_tout_markdown_se_lit_et_ses_blocs_portent_du_texte(text: str) -> None:
    assert all(any(c.isalnum() for c in block.text) for block in blocks_of(text))


@pytest.mark.parametrize(
    ("texts_given", "date"),
    [
        (["Guide", "Mai 2023"], "2023-05"),
        (["Le 8 novembre 2024"], "2024-11-08"),
        (["Le 1er mars 2025, puis mars 2025"], "2025-03-01"),
        (["08/11/2024"], "2024-11-08"),
        (["de février 2025 à mars 2026"], ""),
        (["31/02/2024"], ""),
        (["Appel à projets", "Date limite de réponse : 19/12/2024"], ""),
        (["En application de la loi du 11 février 2005"], ""),
        (["Guide", "Horizon : décembre 2030"], ""),
        ([], ""),
    ],
)
def test_la_date_est_celle_que_le_document_donne_sans_ambiguite(texts_given: list[str], date: str) -> None:
    assert date_in(texts_given) == date


@pytest.mark.parametrize(
    ("texts_given", "date"),
    [
        (["Appel à projets", "Dépôt des dossiers jusqu'au 3 mars 2025 à midi."], "2025-03-03"),
        (["Appel à projets", "Le dossier se dépose jusqu'au 3 mars 2025.", "Les candidatures closent : date limite le 03/03/2025"], "2025-03-03"),
        (["Appel à projets", "Le dossier se dépose avant le 3 mars 2025, ou avant le 5 mai 2025 en second tour."], ""),
        (["Appel à projets", "La convention court jusqu'au 3 mars 2025."], ""),
        (["Appel à projets", "Le dossier se dépose jusqu'au vendredi 13 décembre 2024."], "2024-12-13"),
        (["Appel à projets", "Date limite : 13 décembre 2024"], "2024-12-13"),
        (["Appel à projets", "Les dossiers retenus seront achevés avant le 31 décembre 2027."], ""),
        (["Guide du tri", "Le service fait appel à des prestataires.", "Les dossiers se déposaient jusqu'au 31 décembre 2023."], ""),
        (["Compte rendu", "Le dossier se dépose jusqu'au 3 mars 2025."], ""),
        (["Appel à projets", "Le dossier se dépose jusqu'au 31 février 2025."], ""),
        ([], ""),
    ],
)
def test_the_deadline_is_that_of_a_call_that_gives_only_one(texts_given: list[str], date: str) -> None:
    assert deadline_in(texts_given) == date
