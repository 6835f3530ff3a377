"""The table of the ``bao`` commands: what each is called, what it takes, and the function that runs it.

The functions stand by room in ``commands_*.py``; each imports its room when it runs, so that a light command stays quick.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui import commands_ask, commands_eval, commands_store

Argument = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``json_too``: it takes --json."""

    run: Callable[[argparse.Namespace], int]
    words: str
    arguments: tuple[Argument, ...] = ()
    json_too: bool = True


def one(*names: str, **options: Any) -> Argument:
    """One argument of a command, as argparse takes it."""
    return names, options


_PATHS = one("paths", metavar="CHEMIN", nargs="+", type=Path)
_FILE = one("file", metavar="FICHIER", type=Path)

COMMANDS: dict[str, Command] = {
    "chat": Command(
        commands_ask.chat,
        "ouvre l'application web",
        (one("--host", default="127.0.0.1", help="adresse d'écoute"), one("--port", type=int, default=7860, help="port")),
        json_too=False,
    ),
    "ask": Command(
        commands_ask.ask,
        "répond à une question",
        (
            one("question", nargs="?", help="la question"),
            one("--batch", metavar="FICHIER.jsonl", help="un fichier de questions, une par ligne"),
        ),
    ),
    "search": Command(
        commands_ask.search,
        "montre les passages trouvés",
        (one("query", metavar="RECHERCHE"), one("-k", type=int, default=10, help="nombre de passages")),
    ),
    "recommend": Command(commands_ask.recommend, "propose des outils pour une situation", (one("situation", help="où en est la démarche"),)),
    "plan": Command(
        commands_ask.plan,
        "écrit un plan d'action à emporter",
        (
            one("situation", nargs="?", default="", help="où en est la démarche ; on y lit aussi la date de début et le rythme"),
            one("--debut", metavar="AAAA-MM-JJ", help="date de début (sinon celle que dit la situation)"),
            one("--outils", metavar="ID,ID", help="les outils à retenir (sinon ceux que l'assistant propose)"),
            one("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire : .docx, .odt, .pdf ou .md (sinon l'écran)"),
        ),
    ),
    "ingest": Command(
        commands_store.ingest,
        "ajoute des fichiers ou des dossiers",
        (
            _PATHS,
            one("--as", dest="name", default="", metavar="NOM", help="nom du document"),
            one("--replace", action="store_true", help="remplace le document du même nom"),
        ),
    ),
    "list": Command(commands_store.listing, "liste les documents"),
    "show": Command(commands_store.show, "montre un document", (one("id", metavar="ID"),)),
    "remove": Command(commands_store.remove, "retire des documents", (one("ids", metavar="ID", nargs="+"),)),
    "status": Command(commands_store.status, "dit ce que contient la boîte à outils"),
    "check": Command(
        commands_store.check,
        "vérifie des fiches et des documents sans les ajouter",
        (_PATHS, one("--fix", action="store_true", help="corrige la typographie")),
    ),
    "doctor": Command(commands_store.doctor, "vérifie l'installation et les données"),
    "rebuild": Command(commands_store.rebuild, "refait l'index"),
    "backup": Command(commands_store.backup, "sauvegarde les données", (_FILE,), json_too=False),
    "restore": Command(commands_store.restore, "restaure une sauvegarde", (_FILE,), json_too=False),
    "eval": Command(
        commands_eval.evaluate,
        "mesure les réponses sur un fichier de questions",
        (
            one("task", choices=["documents", "concepts", "toolbox"], metavar="TÂCHE", help="documents, concepts ou toolbox"),
            one("gold", metavar="QUESTIONS.jsonl", type=Path),
            one("--system", default="bao", help="bao, bm25, dense ou tutoriel"),
            one("--compare", metavar="AUTRE", help="un second système, comparé au premier"),
            one("--report", type=Path, metavar="RAPPORT.html", help="écrit un rapport"),
        ),
    ),
    "bench": Command(commands_eval.bench, "mesure la vitesse"),
}
