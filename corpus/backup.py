"""Saving a data folder to one file and putting it back.

The file is a ZIP of the database (copied by SQLite's own backup, safe beside a writer) and the
originals. The index is left out: it is made again from the database, so a backup restores under
any model.
"""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import EmptyStore, NotFound, StoreBusy, StoreDamaged, in_french
from corpus.library import DATABASE, writer
from corpus.settings import Settings

ORIGINALS = "originals"


def save(settings: Settings, target: Path) -> int:
    """Write a backup; returns its size in bytes. Works beside an open application."""
    source = settings.data / DATABASE
    if not source.exists():
        raise EmptyStore(f"Il n'y a rien à sauvegarder dans {settings.data}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        copy = Path(scratch) / DATABASE
        try:
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as saved:
                live.backup(saved)
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(f"La base {source} ne se lit pas ({in_french(error)}).") from error
        part = Path(scratch) / "part.zip"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            for original in sorted((settings.data / ORIGINALS).glob("*")):
                archive.write(original, f"{ORIGINALS}/{original.name}")
        part.replace(target)
    return target.stat().st_size


def load(settings: Settings, source: Path) -> Path | None:
    """Put a backup in place of the data folder's content; returns where the old content is kept, if there was some.

    The index is missing afterwards: « bao rebuild » fills it.
    """
    if not source.exists():
        raise NotFound(f"La sauvegarde {source} n'existe pas.", "Vérifiez le chemin.")
    folder = settings.data
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "writer.lock", blocking=False), tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            _unpack(source, Path(scratch))
            kept = _set_aside(folder)
            for name in (DATABASE, ORIGINALS):
                if (Path(scratch) / name).exists():
                    shutil.move(Path(scratch) / name, folder / name)
            return kept
    except Timeout as error:
        raise StoreBusy(f"L'application est ouverte ({writer(folder)}) sur le dossier {folder}.", "Arrêtez-la, puis recommencez.") from error


def _unpack(source: Path, scratch: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            strange = [name for name in names if name != DATABASE and (Path(name).parent != Path(ORIGINALS) or ".." in name or Path(name).is_absolute())]
            if DATABASE not in names or strange:
                raise StoreDamaged(f"Le fichier {source} n'est pas une sauvegarde de cette application.", "Donnez un fichier écrit par « bao backup ».")
            archive.extractall(scratch)
        with closing(sqlite3.connect(scratch / DATABASE)) as database:
            if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise StoreDamaged(f"La base contenue dans {source} est abîmée.", "Prenez une autre sauvegarde.")
    except (zipfile.BadZipFile, sqlite3.DatabaseError) as error:
        raise StoreDamaged(f"Le fichier {source} est abîmé ou n'est pas une sauvegarde.", "Donnez un fichier écrit par « bao backup ».") from error


def _set_aside(folder: Path) -> Path | None:
    if not (folder / DATABASE).exists():
        return None
    kept = folder / f"avant-restauration-{datetime.datetime.now():%Y%m%d-%H%M%S}"
    kept.mkdir()
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", ORIGINALS, "index"):
        if (folder / name).exists():
            shutil.move(folder / name, kept / name)
    return kept
