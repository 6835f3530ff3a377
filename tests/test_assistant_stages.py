"""Stages: how their time is said."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.stages import Stage, spoken_period


def test_without_dates_a_stage_says_its_weeks_or_days() -> None:
    assert Stage("E1", "Un", (), (), "", "", 3, 3).when == "semaine 3"
    assert Stage("E1", "Un", (), (), "", "", 1, 2, "jour").when == "jours 1 à 2"


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 1, 1)), st.integers(0, 1000))
def test_a_period_names_its_last_day_whole(start: datetime.date, days: int) -> None:
    words = spoken_period(start, start + datetime.timedelta(days))
    assert str((start + datetime.timedelta(days)).year) in words
    assert words.startswith("du " if days else "le ")
