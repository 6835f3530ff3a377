"""``bao doctor``: examines the installation and the data, changes nothing, says what to type."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, Literal

from corpus.errors import EFCError, StoreDamaged, in_french
from corpus.settings import Settings

Level = Literal["ok", "warning", "error"]
#: How a check ends: its level, what was seen, what to type.
Verdict = tuple[Level, str, str]
_MARKS = {"ok": "bon    ", "warning": "attention", "error": "erreur "}
_FILL = "Tapez « bao ingest corpus » ou « bao chat »."
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
    for name, check in (("paquets", _packages), ("disque", _space), ("modèle", _model), ("base", _database), ("index", _index)):
        try:
            level, message, remedy = check(settings)
        except EFCError as error:
            level, message, remedy = "error", str(error), error.remedy
        found.append(Check(name, level, message, remedy))
    return found


def _packages(_: Settings) -> Verdict:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return "error", f"il manque {', '.join(missing)}", "Tapez « make setup »."
    return "ok", "tous installés", ""


def _space(settings: Settings) -> Verdict:
    folder = next(path for path in (settings.data, *settings.data.resolve().parents) if path.exists())
    free = shutil.disk_usage(folder).free // 1_000_000
    return ("ok", f"{free} Mo libres", "") if free > 1000 else ("warning", f"{free} Mo libres", "Libérez de la place : 1 Go au moins.")


def _model(settings: Settings) -> Verdict:
    from corpus.model import open_embedder

    embedder = open_embedder(settings)
    size = len(embedder.encode_question("essai").vector)
    if embedder.cross_encoder is not None:
        embedder.cross_encoder.score([("essai", "essai")])
    return "ok", f"{embedder.name}, {size} dimensions", ""


def _database(settings: Settings) -> Verdict:
    from corpus.library import DATABASE

    path = settings.data / DATABASE
    if not path.exists():
        return "warning", f"aucune dans {settings.data}", _FILL
    count = 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            verdict = database.execute("PRAGMA quick_check").fetchone()[0]
            count = database.execute("SELECT count(*) FROM documents").fetchone()[0]
    except sqlite3.DatabaseError as error:
        verdict = in_french(error)
    if verdict != "ok":
        return "error", f"abîmée ({verdict})", "Tapez « bao restore FICHIER » pour revenir à une sauvegarde."
    return ("ok", "lisible et entière", "") if count else ("warning", f"lisible, mais vide ({path})", _FILL)


def _index(settings: Settings) -> Verdict:
    from corpus.library import DATABASE, Library
    from corpus.model import open_embedder
    from corpus.store import Store

    if not (settings.data / DATABASE).exists():
        return "ok", "vide, comme la base", ""
    try:
        Store(settings.data / DATABASE).close()
    except StoreDamaged:
        return "warning", "ne peut pas être examiné sans base lisible", ""
    with Library(settings, open_embedder(settings)) as library:
        stored, indexed = library.store.uids(), library.index.uids()
    missing, orphans = len(stored - indexed), len(indexed - stored)
    if missing:
        return "error", f"{missing} vecteurs manquent sur {len(stored)}", "Tapez « bao rebuild »."
    words = f"{len(stored)} vecteurs" + (f", {orphans} orphelins (retirés au prochain ajout)" if orphans else "")
    return "ok", words, ""
