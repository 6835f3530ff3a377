"""``bao doctor``: examines the installation and the data, changes nothing, says what to type."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, Literal

from corpus.errors import EFCError
from corpus.settings import Settings

Level = Literal["ok", "warning", "error"]
_MARKS = {"ok": "bon    ", "warning": "attention", "error": "erreur "}
_NEEDED = ("chromadb", "gradio", "langchain_core", "pypdf", "sentence_transformers", "torch", "docx", "odfdo", "bs4", "typst")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined."""

    name: str
    level: Level
    message: str
    remedy: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON."""
        return asdict(self)

    def line(self) -> str:
        """The check for people."""
        return f"{_MARKS[self.level]} {self.name} : {self.message}" + (f"\n        → {self.remedy}" if self.remedy else "")


def examine(settings: Settings) -> list[Check]:
    """Every check, in order."""
    found: list[Check] = []
    for check in (_packages, _space, _model, _database, _index):
        try:
            found.append(check(settings))
        except EFCError as error:
            found.append(Check(check.__name__.strip("_"), "error", str(error), error.remedy))
    return found


def _packages(_: Settings) -> Check:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return Check("paquets", "error", f"il manque {', '.join(missing)}", "Tapez « make setup ».")
    return Check("paquets", "ok", "tous installés")


def _space(settings: Settings) -> Check:
    folder = next(path for path in (settings.data, *settings.data.resolve().parents) if path.exists())
    free = shutil.disk_usage(folder).free // 1_000_000
    return Check("disque", "ok" if free > 1000 else "warning", f"{free} Mo libres", "" if free > 1000 else "Libérez de la place : 1 Go au moins.")


def _model(settings: Settings) -> Check:
    from corpus.model import open_embedder

    embedder = open_embedder(settings)
    size = len(embedder.encode_question("essai").vector)
    return Check("modèle", "ok", f"{embedder.name}, {size} dimensions")


def _database(settings: Settings) -> Check:
    from corpus.library import DATABASE

    path = settings.data / DATABASE
    if not path.exists():
        return Check("base", "warning", f"aucune dans {settings.data}", "Tapez « bao ingest corpus » ou « bao chat ».")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            verdict = database.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    remedy = "" if verdict == "ok" else "Tapez « bao restore FICHIER » pour revenir à une sauvegarde."
    return Check("base", "ok" if verdict == "ok" else "error", "lisible et entière" if verdict == "ok" else f"abîmée ({verdict})", remedy)


def _index(settings: Settings) -> Check:
    from corpus.library import DATABASE, Library
    from corpus.model import open_embedder

    if not (settings.data / DATABASE).exists():
        return Check("index", "ok", "vide, comme la base")
    with Library(settings, open_embedder(settings)) as library:
        stored, indexed = library.store.uids(), library.index.uids()
    missing, orphans = len(stored - indexed), len(indexed - stored)
    if missing:
        return Check("index", "error", f"{missing} vecteurs manquent sur {len(stored)}", "Tapez « bao rebuild ».")
    words = f"{len(stored)} vecteurs" + (f", {orphans} orphelins (retirés au prochain ajout)" if orphans else "")
    return Check("index", "ok", words)
