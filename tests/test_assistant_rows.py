"""Rows: what a stored row says, its cells alone, and the table made of rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rows import JOINT, cells, is_row, plain, table

CELL = st.text("abcéà 0123€'", min_size=1, max_size=20).map(str.strip).filter(bool)
TITLED = st.lists(st.tuples(CELL, CELL), min_size=2, max_size=5, unique_by=lambda pair: pair[0])


def row(pairs: list[tuple[str, str]]) -> str:
    return JOINT.join(f"{title} : {cell}" for title, cell in pairs)


@given(TITLED)
def test_titles_and_cells_of_a_row_are_read_back(pairs: list[tuple[str, str]]) -> None:
    assert is_row(row(pairs))
    assert cells(row(pairs)) == pairs
    assert plain(row(pairs)) == JOINT.join(cell for _, cell in pairs)


@given(st.lists(CELL, min_size=2, max_size=5))
def test_a_row_without_titles_is_its_cells(values: list[str]) -> None:
    assert cells(JOINT.join(values)) == [("", value) for value in values]
    assert plain(JOINT.join(values)) == JOINT.join(values)


@given(st.text().filter(lambda text: JOINT not in text))
def test_a_text_without_rows_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("line", ["Une phrase : avec deux points.", "a|b", "", "Sans joint"])
def test_prose_is_no_row(line: str) -> None:
    assert not is_row(line)


@given(st.lists(TITLED, min_size=1, max_size=4))
def test_every_line_of_a_table_has_as_many_cells_as_its_head(rows: list[list[tuple[str, str]]]) -> None:
    lines = table([row(pairs) for pairs in rows]).split("\n")
    assert len(lines) == 2 + len(rows)
    assert len({line.count("|") for line in lines}) == 1
    assert set(lines[1]) <= set("| -")
    for pairs, line in zip(rows, lines[2:], strict=True):
        assert all(cell in line for _, cell in pairs)


def test_rows_without_titles_take_the_first_as_head_and_short_ones_are_filled() -> None:
    assert table(["Jalon | Date | Qui", "J0 | mars"]) == "| Jalon | Date | Qui |\n| --- | --- | --- |\n| J0 | mars |  |"
