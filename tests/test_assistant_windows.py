"""Windows: what is shown around a sentence is one run of its passage, and keeps to its budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.quoting import passage_sentences
from assistant.windows import Window, whole, window
from corpus.documents import Passage

WORDS = st.lists(st.sampled_from("élu agent usage carte pas à mois en deux long".split()), min_size=1, max_size=12).map(" ".join)
LINE = st.one_of(
    st.lists(WORDS.map(lambda words: words.capitalize() + "."), min_size=1, max_size=4).map(" ".join),
    WORDS.map(lambda words: f"{words.capitalize()} :"),
    st.lists(WORDS, min_size=2, max_size=3).map(lambda cells: " | ".join(f"Titre {i} : {cell}" for i, cell in enumerate(cells))),
)
PASSAGES = st.builds(
    lambda lines, kind: Passage("d", 0, 1, 2, "Section", kind, "\n".join(lines)),
    st.lists(LINE, min_size=1, max_size=8),
    st.sampled_from(["prose", "list", "table", "field"]),
)


def contiguous(piece: Window, passage: Passage) -> bool:
    return piece.text == passage.text[piece.start : piece.end]


@given(PASSAGES, st.integers(0, 700), st.data())
def test_a_window_is_one_run_that_holds_its_sentence_within_the_budget_or_the_sentence_alone(passage: Passage, budget: int, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(passage_sentences(passage)))
    piece = window(passage, chosen, budget)
    assert contiguous(piece, passage)
    assert piece.start <= chosen.start < chosen.end <= piece.end
    assert len(piece.text) <= budget or piece.text == chosen.text


@given(PASSAGES, st.integers(0, 700), st.data())
def test_a_larger_budget_never_shows_less(passage: Passage, budget: int, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(passage_sentences(passage)))
    assert len(window(passage, chosen, 10_000).text) >= len(window(passage, chosen, budget).text)


@given(PASSAGES, st.integers(0, 700))
def test_whole_sentences_from_the_beginning_within_the_budget_or_the_first_alone(passage: Passage, budget: int) -> None:
    parts = passage_sentences(passage)
    piece = whole(passage, budget)
    assert contiguous(piece, passage)
    assert piece.start in {part.start for part in parts}
    assert piece.end in {part.end for part in parts}
    assert len(piece.text) <= budget or piece.text in {part.text for part in parts}


def test_an_item_comes_with_its_lead_in_where_there_is_room() -> None:
    text = "Le dossier contient :\nUne lettre signée\nUn budget\nUn calendrier"
    passage = Passage("d", 0, 1, 1, "", "list", text)
    item = passage_sentences(passage)[2]
    assert window(passage, item, 500).text == text
    assert window(passage, item, 10).text == "Un budget"
    assert window(passage, item, 52).text.startswith("Le dossier contient :\n")


def test_a_row_is_never_shown_with_the_prose_beside_it() -> None:
    passage = Passage("d", 0, 1, 1, "", "table", "Voici le calendrier :\nJalon : J0 | Date : mars\nJalon : J1 | Date : mai")
    row = passage_sentences(passage)[1]
    assert window(passage, row, 500).text == "Jalon : J0 | Date : mars\nJalon : J1 | Date : mai"


def test_what_announces_is_never_shown_last_without_what_it_announces() -> None:
    passage = Passage(
        "d", 0, 1, 1, "Section", "list", "Le groupe dispose de méthodes.\nLes résultats attendus sont :\nUn panorama des outils, long comme un jour sans pain."
    )
    first = passage_sentences(passage)[0]
    assert window(passage, first, 70).text == "Le groupe dispose de méthodes."
    assert window(passage, first, 700).text == passage.text
