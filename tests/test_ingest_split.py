"""Passages: they cover the blocks in order, under their headings, in sizes that a model reads, a list with its lead-in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Block, Passage
from corpus.french import sentences
from ingest.split import MAX_CHARACTERS, MIN_CHARACTERS, PATH_JOINT, split


def words(number: int, length: int) -> str:
    """A text of about this length in sentences, each word of which stands nowhere else."""
    text, count = "", 0
    while len(text) < length:
        text += f"{'M' if count % 9 == 0 else 'm'}ot{number}x{count}" + (". " if count % 9 == 8 else " ")
        count += 1
    return text.strip()


@st.composite
def documents(draw: st.DrawFn) -> list[Block]:
    """Headings, paragraphs, lead-ins with their lists or tables, of all sizes, on following pages."""
    blocks: list[Block] = []
    page = 1
    for number in range(draw(st.integers(0, 14))):
        page += draw(st.sampled_from([0, 0, 0, 1]))
        kind = draw(st.sampled_from(["heading", "paragraph", "paragraph", "list", "table", "field"]))
        size = draw(st.sampled_from([5, 40, 150, 400, 900, 1500]))
        if kind == "heading":
            blocks.append(Block("heading", f"Titre{number} {words(number, min(size, 60))}", page, draw(st.integers(1, 4))))
        elif kind in ("list", "table"):
            blocks.append(Block("paragraph", words(number, 40) + " :", page))
            of = "item" if kind == "list" else "row"
            blocks += [Block(of, words(1000 * number + n + 100, min(size, 400)), page) for n in range(draw(st.integers(1, 9)))]  # type: ignore[arg-type]
        else:
            blocks.append(Block(kind, words(number, size), page))  # type: ignore[arg-type]
    return blocks


def paths(blocks: list[Block]) -> dict[str, tuple[str, ...]]:
    """The heading path of each word that stands under headings."""
    path: list[tuple[int, str]] = []
    found = {}
    for block in blocks:
        if block.kind == "heading":
            path = [(level, text) for level, text in path if level < block.level] + [(block.level, block.text)]
        else:
            found |= dict.fromkeys(block.text.split(), tuple(text for _, text in path))
    return found


def in_order(passages: tuple[Passage, ...]) -> list[str]:
    """The words of the passages, each at its first place."""
    return list(dict.fromkeys(word for passage in passages for word in passage.text.split()))


@given(documents())
def test_the_passages_cover_the_blocks_in_order_and_invent_nothing(blocks: list[Block]) -> None:
    passages = split("guide", blocks)
    body = [word for block in blocks if block.kind != "heading" for word in block.text.split()]
    titles = {word for block in blocks if block.kind == "heading" for word in block.text.split()}
    assert [word for word in in_order(passages) if word not in titles] == list(dict.fromkeys(body))


@given(documents())
def test_passages_are_numbered_and_belong_to_their_document_on_their_pages(blocks: list[Block]) -> None:
    passages = split("guide", blocks)
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert {passage.document for passage in passages} <= {"guide"}
    pages = {word: block.page for block in blocks for word in block.text.split()}
    for passage in passages:
        assert passage.text.strip()
        assert passage.page <= passage.last_page
        assert all(passage.page <= pages[word] <= passage.last_page for word in passage.text.split() if word != ":")


@given(documents())
def test_no_passage_is_longer_than_a_model_reads(blocks: list[Block]) -> None:
    assert all(len(passage.text) <= 1.5 * MAX_CHARACTERS for passage in split("guide", blocks))


@given(documents())
def test_the_section_is_the_heading_path_or_its_parent_with_the_heading_as_a_line(blocks: list[Block]) -> None:
    places = paths(blocks)
    titles = {block.text for block in blocks if block.kind == "heading"}
    for passage in split("guide", blocks):
        title = ""
        for line in passage.text.split("\n"):
            if line in titles:
                title = line
                continue
            word = line.split()[0]
            path = PATH_JOINT.join(places[word])
            assert path in (passage.section, f"{passage.section}{PATH_JOINT}{title}"), (path, passage.section)


@given(documents())
def test_a_list_or_table_keeps_its_lead_in(blocks: list[Block]) -> None:
    passages = split("guide", blocks)
    leads: dict[str, str] = {}
    lead = ""
    for before, block in pairwise(blocks):
        if block.kind not in ("item", "row"):
            continue
        if before.kind == "paragraph":
            lead = before.text
        leads[block.text] = lead
    for passage in passages:
        lines = passage.text.split("\n")
        for line in lines:
            if line in leads:
                assert leads[line] in lines


@given(documents())
def test_sentences_stay_whole(blocks: list[Block]) -> None:
    whole = {sentence for block in blocks for sentence in sentences(block.text)}
    for passage in split("guide", blocks):
        for sentence in sentences(passage.text):
            assert sentence in whole or len(sentence) > MAX_CHARACTERS * 3 // 4


def test_a_short_section_joins_its_neighbour_and_keeps_its_heading() -> None:
    blocks = [
        Block("heading", "Guide"),
        Block("heading", "A", level=2),
        Block("paragraph", "Un mot."),
        Block("heading", "B", level=2),
        Block("paragraph", "Deux mots."),
    ]
    (passage,) = split("guide", blocks)
    assert (passage.section, passage.text) == ("Guide", "A\nUn mot.\nB\nDeux mots.")


def test_an_ordinary_section_is_cut_into_passages_of_ordinary_size() -> None:
    blocks = [Block("heading", "Guide"), *(Block("paragraph", words(n, 300)) for n in range(20))]
    sizes = [len(passage.text) for passage in split("guide", blocks)]
    assert all(MIN_CHARACTERS <= size <= MAX_CHARACTERS for size in sizes)
    assert sum(sizes) / len(sizes) > 600


def test_a_long_list_repeats_its_lead_in_in_each_passage() -> None:
    blocks = [Block("paragraph", "Le dossier contient :"), *(Block("item", words(n, 150)) for n in range(20))]
    passages = split("guide", blocks)
    assert len(passages) > 2
    assert all(passage.text.startswith("Le dossier contient :\n") and passage.kind == "list" for passage in passages)


def test_a_line_without_an_end_is_cut_at_spaces_and_one_without_spaces_not_at_all() -> None:
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in split("guide", [Block("paragraph", "mot " * 2000)]))
    assert [passage.text for passage in split("guide", [Block("paragraph", "x" * 3000)])] == ["x" * 3000]


def test_nothing_gives_nothing() -> None:
    assert split("guide", []) == ()
    assert split("guide", [Block("heading", "Seul")]) == ()


def test_a_numbered_heading_stands_under_its_number_whatever_boxes_came_between() -> None:
    def head(text: str, level: int) -> Block:
        return Block("heading", text, 1, level)

    prose = words(1, 400)
    found = split(
        "g.pdf",
        [
            *(head("Guide", 1), head("2 Préparer", 2), head("2.2 La structure", 3), head("Lexique : schéma", 4)),
            *(Block("paragraph", prose, 1), head("2.2.2 Cas 2", 5), Block("paragraph", words(2, 400), 1)),
            *(head("2024 en bref", 6), Block("paragraph", words(3, 400), 1), head("20.1 Autre", 7), Block("paragraph", words(4, 400), 1)),
        ],
    )
    assert [passage.section.split(PATH_JOINT)[2:] for passage in found] == [
        ["2.2 La structure", "Lexique : schéma"],
        ["2.2 La structure", "2.2.2 Cas 2"],
        ["2.2 La structure", "2.2.2 Cas 2", "2024 en bref"],
        ["2.2 La structure", "2.2.2 Cas 2", "2024 en bref", "20.1 Autre"],
    ]


def test_a_sentence_that_goes_on_over_the_end_of_its_page_is_whole_in_one_passage() -> None:
    open_end = "Le comité de suivi se réunit autant que de besoin et au moins une fois par an pour suivre l'opé-"
    rest = [Block("paragraph", "ration et son budget.", 4), Block("paragraph", "Puis il rend compte.", 4)]
    blocks = [Block("heading", "Suivi", 3), Block("paragraph", open_end, 3), *rest]
    (passage,) = split("d", blocks)
    assert (passage.page, passage.last_page) == (3, 4)
    assert "pour suivre l'opération et son budget.\nPuis" in passage.text


def test_a_page_that_begins_with_a_sentence_of_its_own_is_left_alone() -> None:
    first = Block("paragraph", "Le comité de suivi se réunit autant que de besoin et au moins une fois par an.", 1)
    (passage,) = split("d", [first, Block("paragraph", "Il rend compte.", 2)])
    assert passage.text == f"{first.text}\nIl rend compte."
