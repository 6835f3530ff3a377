"""Durations: what is said is what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.durations import parse_range, spoken, spoken_range

MINUTES = st.integers(0, 99 * 60 + 59)


@given(MINUTES)
def test_spoken_minutes_are_read_back(minutes: int) -> None:
    assert parse_range(spoken(minutes)) == (minutes, minutes)


@given(MINUTES, MINUTES)
def test_a_spoken_range_is_read_back(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert parse_range(spoken_range(low, high)) == (low, high)


@given(MINUTES, MINUTES)
def test_a_range_is_read_inside_a_sentence(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert parse_range(f"Durée d'une séance : {spoken_range(low, high)}.") == (low, high)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("2h", (120, 120)),
        ("1h30", (90, 90)),
        ("2 heures", (120, 120)),
        ("1 heure 15", (75, 75)),
        ("30'", (30, 30)),
        ("30 mn", (30, 30)),
        ("2 à 3 h", (120, 180)),
        ("10-15 minutes", (10, 15)),
    ],
)
def test_other_ways_of_writing_are_read(words: str, minutes: tuple[int, int]) -> None:
    assert parse_range(words) == minutes


@pytest.mark.parametrize("words", ["", "une semaine", "3 hommes", "12 habitants", "5 minoteries", "E3", "h 30"])
def test_what_is_no_duration_is_none(words: str) -> None:
    assert parse_range(words) is None


@given(st.text(max_size=60))
def test_any_text_is_a_range_in_order_or_none(text: str) -> None:
    found = parse_range(text)
    assert found is None or 0 <= found[0] <= found[1]
