"""What a library holds, counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.library import Entry, Library
from corpus.settings import Settings
from corpus.status import status_of


def test_counts_tell_types_origins_and_what_was_removed(
    library: Callable[..., Library], entry: Callable[..., Entry], settings: Settings, tmp_path: Path
) -> None:
    one, file = library(), tmp_path / "x"
    file.write_bytes(b"x")
    one.add(entry("guide.pdf", "Un.", "Deux."), file)
    one.add(entry("carte", "Trois.", type="outil", origin="starter", wording="Et ?"), file)
    one.add(entry("usage", "Quatre.", type="concept", origin="starter"), file)
    one.remove("usage")
    found = status_of(one, settings)
    assert (found.documents, found.passages, found.formulations, found.starter, found.local, found.withdrawn) == (2, 3, 1, 1, 1, 1)
    assert (found.by_type, found.model, found.folder) == ({"document": 1, "outil": 1}, "hachage", str(settings.data))
    assert found.to_dict()["origins"] == {"starter": 1, "local": 1}


def test_the_lines_are_french_and_say_that_starter_content_is_to_be_validated(library: Callable[..., Library], settings: Settings) -> None:
    lines = status_of(library(), settings).lines()
    assert any("aucun encore" in line for line in lines)
    assert any("à valider par le Cerdd" in line for line in lines)
