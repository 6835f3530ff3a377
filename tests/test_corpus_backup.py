"""Backups: one file out, the same library back; nothing strange comes in with it."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus import backup
from corpus.errors import EmptyStore, NotFound, StoreBusy, StoreDamaged
from corpus.library import Entry, Library
from corpus.settings import Settings

Opens = Callable[..., Library]
Makes = Callable[..., Entry]


@pytest.fixture
def saved(library: Opens, entry: Makes, settings: Settings, tmp_path: Path) -> Path:
    """A backup of a library of one document, closed."""
    one = library()
    (tmp_path / "original.txt").write_text("les octets", "utf-8")
    one.add(entry("guide.txt", "La coopération.", wording="Et alors ?"), tmp_path / "original.txt")
    one.close()
    target = tmp_path / "sauvegarde.zip"
    assert backup.save(settings, target) == target.stat().st_size > 0
    return target


def test_what_was_saved_comes_back_whole_in_another_folder(saved: Path, tmp_path: Path, embedder: object) -> None:
    settings = Settings(data=tmp_path / "ailleurs", model="hachage")
    assert backup.load(settings, saved) is None
    with Library(settings, embedder, writing=True) as one:  # type: ignore[arg-type]
        (document,) = one.store.documents()
        assert one.original(document).read_text("utf-8") == "les octets"
        assert [page.text for page in one.store.pages("guide.txt")] == ["La coopération."]
        assert one.index.count() == 0
        assert one.rebuild() == 2
        assert one.store.uids() == one.index.uids()


def test_what_was_there_is_kept_aside(saved: Path, library: Opens, settings: Settings) -> None:
    one = library()
    one.remove("guide.txt")
    one.close()
    kept = backup.load(settings, saved)
    assert kept is not None
    assert kept.parent == settings.data
    assert (kept / "bao.sqlite3").exists()
    assert (kept / "index").is_dir()
    assert [document.id for document in library().store.documents()] == ["guide.txt"]


def test_a_backup_is_made_beside_an_open_writer_but_not_restored(saved: Path, library: Opens, settings: Settings, tmp_path: Path) -> None:
    library()
    assert backup.save(settings, tmp_path / "autre.zip") > 0
    with pytest.raises(StoreBusy, match="processus"):
        backup.load(settings, saved)


def test_there_is_nothing_to_save_in_an_empty_folder(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(EmptyStore):
        backup.save(settings, tmp_path / "sauvegarde.zip")
    assert not (tmp_path / "sauvegarde.zip").exists()


def test_a_missing_backup_is_not_found(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"absent\.zip"):
        backup.load(settings, tmp_path / "absent.zip")


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "originals/../../evil", "originals/sub/evil", "index/x", "writer.lock"])
def test_an_archive_with_strange_names_is_refused_and_changes_nothing(saved: Path, settings: Settings, tmp_path: Path, name: str) -> None:
    strange = tmp_path / "etrange.zip"
    strange.write_bytes(saved.read_bytes())
    with zipfile.ZipFile(strange, "a") as archive:
        archive.writestr(name, "x")
    before = sorted(path.name for path in settings.data.iterdir())
    with pytest.raises(StoreDamaged, match="n'est pas une sauvegarde"):
        backup.load(settings, strange)
    assert sorted(path.name for path in settings.data.iterdir()) == before


def broken(kind: str, saved: Path) -> bytes:
    if kind == "cut short":
        return saved.read_bytes()[:-100]
    if kind == "no archive":
        return b"PK rien"
    path = saved.with_name("x.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bao.sqlite3" if kind == "no database inside" else "autre", b"rien" * 500)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["cut short", "no archive", "no database inside", "another archive"])
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(saved: Path, settings: Settings, library: Opens, tmp_path: Path, kind: str) -> None:
    (tmp_path / "faux.zip").write_bytes(broken(kind, saved))
    with pytest.raises(StoreDamaged) as caught:
        backup.load(settings, tmp_path / "faux.zip")
    assert "bao backup" in caught.value.remedy
    assert [document.id for document in library().store.documents()] == ["guide.txt"]


def test_a_backup_holds_no_index_and_a_sound_database(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        names = archive.namelist()
        archive.extract("bao.sqlite3", tmp_path / "x")
    assert [name for name in names if not name.startswith("originals/")] == ["bao.sqlite3"]
    with closing(sqlite3.connect(tmp_path / "x" / "bao.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
