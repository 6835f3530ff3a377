"""From lines to blocks: what a reader of the page would see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Block
from corpus.french import letters
from ingest.columns import in_reading_order
from ingest.furniture import without_contents, without_furniture
from ingest.layout import blocks_of, shown
from ingest.lines import Line, Run, lines_of
from ingest.tables import Row, join_cells, with_tables

PHRASE = "Le territoire coopère avec ses acteurs pour une performance d'usage durable"


def line(text: str, y: float, x: float = 60, size: float = 10, bold: float = 0, right: float | None = None, marker: str = "") -> Line:
    return Line(text, x, right if right is not None else x + 5 * len(text), y, size, bold, marker, x - 15 if marker else 0)


def paragraph(y: float, count: int = 3, x: float = 60) -> list[Line]:
    return [line(f"{PHRASE} {'abcdefgh'[n % 8]}", y + 14 * n, x) for n in range(count)]


def kinds(lines: list[Line]) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks_of([lines])[0]]


# --- lignes ---------------------------------------------------------------------------------------


def test_deux_morceaux_sur_une_ligne_sont_joints_avec_l_espace_que_l_oeil_voit() -> None:
    runs = [Run("Bon", 10, 30, 100, 10, False), Run("jour", 30, 50, 100, 10, False), Run("monde", 54, 80, 100, 10, True)]
    assert [found.text for found in lines_of(runs)] == ["Bonjour monde"]


def test_une_puce_rejetee_en_fin_de_page_revient_a_sa_ligne() -> None:
    runs = [Run("premier", 92, 140, 100, 10, False), Run("second", 92, 130, 114, 10, False), Run("•", 80, 84, 100, 10, False), Run("•", 80, 84, 114, 10, False)]
    assert [(found.text, found.marker) for found in lines_of(runs)] == [("premier", "•"), ("second", "•")]


def test_une_puce_orpheline_disparait() -> None:
    assert [found.text for found in lines_of([Run("texte", 60, 90, 100, 10, False), Run("•", 80, 84, 700, 10, False)])] == ["texte"]


def test_le_numero_qui_precede_son_texte_y_reste() -> None:
    found = lines_of([Run("1.", 60, 68, 100, 10, False), Run("Préparer", 80, 130, 100, 10, False)])
    assert [(one.text, one.marker) for one in found] == [("1. Préparer", "1.")]


# --- blocs ----------------------------------------------------------------------------------------


def test_les_lignes_coupees_d_un_paragraphe_sont_rejointes() -> None:
    found = kinds([line("La démarche vise la coopé‐", 100, right=500), line("ration des Hauts-de-", 114, right=500), line("France.", 128)])
    assert found == [("paragraph", "La démarche vise la coopération des Hauts-de-France.")]


def test_un_intervalle_plus_grand_separe_deux_paragraphes() -> None:
    assert len(kinds([*paragraph(100), *paragraph(170)])) == 2


def test_a_paragraph_cut_by_a_figure_goes_on_below_it_only_inside_a_sentence() -> None:
    above = [line("La documentation décrit chaque colonne du fichier", 100, right=500), line("et l'on a choisi un jeu de don-", 114, right=500)]
    assert [text for _, text in kinds([*above, line("nées ouvertes.", 320)])] == [
        "La documentation décrit chaque colonne du fichier et l'on a choisi un jeu de données ouvertes."
    ]
    assert len(kinds([*above, line("Nées ailleurs.", 320)])) == 2
    assert len(kinds([*above[:1], line("une légende", 320)])) == 2


def test_une_ligne_plus_grande_et_grasse_est_un_titre_au_dessus_du_texte() -> None:
    lines = [line("Le cadre", 80, size=16, bold=1), *paragraph(110), line("Les usages", 170, size=13, bold=1), *paragraph(200)]
    heads = [(block.text, block.level) for block in blocks_of([lines])[0] if block.kind == "heading"]
    assert heads == [("Le cadre", 1), ("Les usages", 2)]


def test_une_ligne_grasse_au_milieu_d_une_phrase_n_est_pas_un_titre() -> None:
    lines = [
        line("Il faut donc retenir que la coopération suppose", 100, right=500),
        line("une confiance entre les acteurs du territoire et", 114, bold=1, right=500),
        line("du temps.", 128),
    ]
    assert [kind for kind, _ in kinds(lines)] == ["paragraph"]


def test_un_numero_de_titre_plus_profond_donne_un_niveau_plus_bas() -> None:
    lines = [line("1. Description", 80, size=14, bold=1), *paragraph(110), line("1.1. Mission", 170, size=14, bold=1), *paragraph(200)]
    assert [block.level for block in blocks_of([lines])[0] if block.kind == "heading"] == [1, 2]


def test_une_courte_ligne_sans_point_devant_un_texte_est_son_titre() -> None:
    found = kinds([line("Le cadre de la démarche", 60), *paragraph(100)])
    assert found[0] == ("heading", "Le cadre de la démarche")


def test_un_element_de_liste_qui_continue_reste_un_seul_element() -> None:
    lines = [
        line("un premier élément qui va jusqu'au bout de la", 100, 92, marker="•", right=500),
        line("ligne suivante", 114, 92),
        line("un second", 128, 92, marker="•"),
    ]
    assert kinds(lines) == [("item", "un premier élément qui va jusqu'au bout de la ligne suivante"), ("item", "un second")]


def test_les_pointilles_d_un_formulaire_sont_raccourcis() -> None:
    assert shown("Nom : ……………….. Date : ______") == "Nom : … Date : …"
    assert shown("et ainsi de suite...") == "et ainsi de suite..."


def test_un_bloc_ne_passe_jamais_d_une_page_a_l_autre() -> None:
    found = blocks_of([[line("une phrase que la page", 700, right=500)], [line("coupe en deux.", 80)]])
    assert [[block.page for block in page] for page in found] == [[1], [2]]


# --- ce qui n'est pas du texte --------------------------------------------------------------------


def test_les_titres_courants_et_les_numeros_de_page_disparaissent() -> None:
    pages = [[line("Guide de la démarche", 30), *paragraph(100 + n, 20), line(f"{n} / 4", 780)] for n in range(1, 5)]
    assert {one.text for lines in without_furniture(pages) for one in lines} == {one.text for one in paragraph(0, 20)}


def test_une_phrase_repetee_au_milieu_des_pages_reste() -> None:
    pages = [[*paragraph(100, 10), line("À retenir absolument", 400), *paragraph(500, 10)] for _ in range(4)]
    assert all(any(one.text == "À retenir absolument" for one in lines) for lines in without_furniture(pages))


def test_une_table_des_matieres_disparait_et_pas_le_texte_qui_suit() -> None:
    lines = [line("Sommaire", 50), *(line(f"{n} Chapitre . . . . . . . . {n + 2}", 60 + 14 * n) for n in range(1, 5)), *paragraph(200)]
    assert [one.text for one in without_contents(lines)] == [one.text for one in paragraph(0)]


# --- tableaux -------------------------------------------------------------------------------------


def cells(y: float, *texts: str, bold: float = 0) -> list[Line]:
    return [line(text, y, 60 + 150 * n, bold=bold) for n, text in enumerate(texts)]


def test_chaque_ligne_d_un_tableau_porte_les_titres_de_ses_colonnes() -> None:
    lines = [*cells(100, "Étape", "Date", bold=1), *cells(125, "J0", "4 février"), *cells(150, "J1", "27 février")]
    assert kinds(lines) == [("row", "Étape : J0 | Date : 4 février"), ("row", "Étape : J1 | Date : 27 février")]


def test_une_cellule_de_plusieurs_lignes_reste_entiere() -> None:
    second = [line("J1", 164, 60), line("Comprendre la mise", 150, 210), line("en récits", 164, 210), line("ensemble", 178, 210)]
    found = kinds([*cells(100, "Étape", "Contenu", bold=1), *cells(125, "J0", "Lancement"), *second])
    assert found[-1] == ("row", "Étape : J1 | Contenu : Comprendre la mise en récits ensemble")


def test_un_tableau_qui_continue_page_suivante_garde_ses_titres() -> None:
    first = [*cells(100, "Étape", "Date", bold=1), *cells(125, "J0", "4 février"), *cells(150, "J1", "27 février")]
    found = blocks_of([first, [*cells(80, "J2", "28 avril"), *cells(105, "J3", "juin")]])
    assert found[1][0].text == "Étape : J2 | Date : 28 avril"


def test_deux_paragraphes_ne_font_pas_un_tableau() -> None:
    assert not any(isinstance(one, Row) for one in with_tables([*paragraph(100), *paragraph(200)]))


def test_une_cellule_vide_ne_laisse_ni_titre_ni_barre() -> None:
    assert join_cells(["J0", "", "Lancement"], ["Étape", "Date", "Contenu"]) == "Étape : J0 | Contenu : Lancement"


# --- colonnes -------------------------------------------------------------------------------------


def test_deux_colonnes_dessinees_ligne_a_ligne_se_lisent_l_une_apres_l_autre() -> None:
    left, right = paragraph(100, 12), [line(f"{PHRASE[:40]} {n}", 100 + 14 * n, 460) for n in range(12)]
    mixed = [one for pair in zip(left, right, strict=True) for one in pair]
    assert in_reading_order(mixed) == [*left, *right]


def test_un_tableau_n_est_pas_pris_pour_deux_colonnes() -> None:
    lines = [one for n in range(12) for one in cells(100 + 20 * n, f"J{n}", "date")]
    assert in_reading_order(lines) == lines


# --- propriétés -----------------------------------------------------------------------------------

WORDS = st.text(alphabet="abcdé ABCÉ12.,:;…-•|", min_size=1, max_size=40).map(str.strip).filter(bool)
LINES = st.builds(
    line,
    WORDS,
    y=st.integers(0, 60).map(lambda step: step * 14.0),
    x=st.sampled_from([60.0, 92.0, 210.0, 360.0]),
    size=st.sampled_from([8.0, 10.0, 16.0]),
    bold=st.sampled_from([0.0, 0.5, 1.0]),
    marker=st.sampled_from(["", "", "•"]),
)
PAGES = st.lists(st.lists(LINES, max_size=25), max_size=4)


@given(PAGES)
def test_chaque_bloc_est_sur_sa_page_et_porte_du_texte(pages: list[list[Line]]) -> None:
    found = blocks_of(pages)
    assert len(found) == len(pages)
    for number, blocks in enumerate(found, start=1):
        for block in blocks:
            assert block.page == number
            assert letters(block.text)
            assert block.text == shown(block.text)
            assert 1 <= block.level <= 6


@given(PAGES)
def test_aucun_mot_n_est_invente_ni_deplace_dans_un_bloc(pages: list[list[Line]]) -> None:
    for lines, blocks in zip(pages, blocks_of(pages), strict=True):
        written = letters("".join(one.text for one in lines))
        assert all(letters(block.text) in written for block in blocks if block.kind != "row")


@given(st.lists(LINES, max_size=25))
def test_les_tableaux_gardent_chaque_ligne_une_seule_fois_et_dans_l_ordre(lines: list[Line]) -> None:
    flat: list[Line] = []
    header: Row | None = None
    for element in with_tables(lines):
        if isinstance(element, Row):
            if element.under is not None and element.under is not header:
                flat.extend(one for cell in element.under.cells for one in cell)
            header = element.under
            flat.extend(one for cell in element.cells for one in cell)
        else:
            flat.append(element)
            header = None
    assert flat == lines


@given(WORDS)
def test_montrer_deux_fois_ne_change_plus_rien(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize("pages", [[], [[]], [[], []]])
def test_des_pages_vides_donnent_des_pages_vides(pages: list[list[Line]]) -> None:
    expected: list[list[Block]] = [[] for _ in pages]
    assert blocks_of(pages) == expected
