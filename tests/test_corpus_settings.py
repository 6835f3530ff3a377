"""Settings: frozen, described, bounded, and no typo is silently ignored."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from corpus.errors import SettingsError
from corpus.settings import PREFIX, Settings, load


def test_every_setting_is_described_in_french_and_has_a_default() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", ")")), name
        assert not field.is_required(), name


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValidationError):
        load().data = Path("ailleurs")  # type: ignore[misc]


def test_the_environment_is_read_and_what_is_given_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BAO_DATA", str(tmp_path))
    monkeypatch.setenv("BAO_AUJOURDHUI", "2027-01-31")
    assert (load().data, load().aujourdhui) == (tmp_path, datetime.date(2027, 1, 31))
    assert load(data=Path("x")).data == Path("x")


@pytest.mark.parametrize(
    ("typed", "meant"), [("BAO_DATTA", "BAO_DATA"), ("BAO_MODELE", "BAO_MODEL"), ("BAO_FILE_PAGE", "BAO_FILE_PAGES"), ("BAO_READ_SECOND", "BAO_READ_SECONDS")]
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch, typed: str, meant: str) -> None:
    monkeypatch.setenv(typed, "1")
    with pytest.raises(SettingsError, match=typed) as caught:
        load()
    assert caught.value.remedy == f"Vouliez-vous dire {meant} ?"


def test_a_variable_like_no_other_is_refused_with_the_place_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAO_ZZZZZZ", "1")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "README" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "value"), [("FILE_MEGABYTES", "0"), ("FILE_PAGES", "x"), ("READ_SECONDS", "-1"), ("AUJOURDHUI", "hier"), ("QUESTION_CHARACTERS", "1e9")]
)
def test_a_value_out_of_bounds_is_refused_with_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"{PREFIX}{name}.*{value}"):
        load()
