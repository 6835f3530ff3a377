"""The console script ``bao``: wiring only. Each subcommand imports its room when it runs.

Exit status: 0 done (an abstention is an answer); 1 something was refused or not found (said on
standard error, with a remedy); 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from corpus.errors import EFCError, UsageError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from corpus.settings import Settings


class Parser(argparse.ArgumentParser):
    """argparse whose errors are French sentences with a remedy."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with 2."""
        raise UsageError(_french(message), f"Tapez « {self.prog} --help ».")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # whatever the terminal, and whatever a question or a file name holds
    try:
        given = parser().parse_args(arguments)
        from ui import commands

        return int(commands.COMMANDS[given.command](given))
    except UsageError as error:
        return _say(error, 2)
    except EFCError as error:
        return _say(error, 1)
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, sqlite3.Error) as error:  # a full disk, a closed folder: the machine's refusal, not a fault of ours
        return _say(EFCError(f"Le système refuse : {error}.", "Vérifiez le chemin, les droits d'accès et la place sur le disque."), 1)


def _say(error: EFCError, status: int) -> int:
    print(f"{error}\n→ {error.remedy}" if error.remedy else str(error), file=sys.stderr)
    return status


def one(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """One argument of a command, as argparse takes it."""
    return names, options


def parser() -> Parser:
    """The command line."""
    top = Parser(prog="bao", description="L'assistant de la boîte à outils EFC.", add_help=False)
    _common(top)
    commands = top.add_subparsers(dest="command", metavar="COMMANDE", required=True, parser_class=Parser)

    def command(name: str, words: str, *arguments: tuple[tuple[str, ...], dict[str, Any]], json_too: bool = True) -> None:
        sub = commands.add_parser(name, help=words, description=words, add_help=False)
        _common(sub, argparse.SUPPRESS)
        for names, options in arguments:
            sub.add_argument(*names, **options)
        if json_too:
            sub.add_argument("--json", action="store_true", help="écrit un document JSON")

    command(
        "chat",
        "ouvre l'application web",
        one("--host", default="127.0.0.1", help="adresse d'écoute"),
        one("--port", type=int, default=7860, help="port"),
        json_too=False,
    )
    command(
        "ask",
        "répond à une question",
        one("question", nargs="?", help="la question"),
        one("--batch", metavar="FICHIER.jsonl", help="un fichier de questions, une par ligne"),
    )
    command("search", "montre les passages trouvés", one("query", metavar="RECHERCHE"), one("-k", type=int, default=10, help="nombre de passages"))
    command("recommend", "propose des outils pour une situation", one("situation", help="où en est la démarche"))
    command(
        "plan",
        "écrit un plan d'action à emporter",
        one("situation", nargs="?", default="", help="où en est la démarche ; on y lit aussi la date de début et le rythme"),
        one("--debut", metavar="AAAA-MM-JJ", help="date de début (sinon celle que dit la situation)"),
        one("--outils", metavar="ID,ID", help="les outils à retenir (sinon ceux que l'assistant propose)"),
        one("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire : .docx, .odt, .pdf ou .md (sinon l'écran)"),
    )
    command(
        "ingest",
        "ajoute des fichiers ou des dossiers",
        one("paths", metavar="CHEMIN", nargs="+", type=Path),
        one("--as", dest="name", default="", metavar="NOM", help="nom du document"),
        one("--replace", action="store_true", help="remplace le document du même nom"),
    )
    command("list", "liste les documents")
    command("show", "montre un document", one("id", metavar="ID"))
    command("remove", "retire des documents", one("ids", metavar="ID", nargs="+"))
    command("status", "dit ce que contient la boîte à outils")
    command(
        "check",
        "vérifie des fiches et des documents sans les ajouter",
        one("paths", metavar="CHEMIN", nargs="+", type=Path),
        one("--fix", action="store_true", help="corrige la typographie"),
    )
    command("doctor", "vérifie l'installation et les données")
    command("rebuild", "refait l'index")
    command("backup", "sauvegarde les données", one("file", metavar="FICHIER", type=Path), json_too=False)
    command("restore", "restaure une sauvegarde", one("file", metavar="FICHIER", type=Path), json_too=False)
    command(
        "eval",
        "mesure les réponses sur un fichier de questions",
        one("task", choices=["documents", "concepts", "toolbox"], metavar="TÂCHE", help="documents, concepts ou toolbox"),
        one("gold", metavar="QUESTIONS.jsonl", type=Path),
        one("--system", default="bao", help="bao, bm25, dense ou tutoriel"),
        one("--compare", metavar="AUTRE", help="un second système, comparé au premier"),
        one("--report", type=Path, metavar="RAPPORT.html", help="écrit un rapport"),
    )
    command("bench", "mesure la vitesse")
    return top


def _common(sub: argparse.ArgumentParser, default: Any = None) -> None:
    sub.add_argument("--data", type=Path, default=default, metavar="DOSSIER", help="dossier des données (BAO_DATA ; « var » sinon)")
    sub.add_argument("-h", "--help", action="help", help="affiche cette aide")


def settings_of(given: argparse.Namespace) -> Settings:
    """The settings, with the command line's data folder where one was given."""
    from corpus import settings

    return settings.load(**({"data": given.data} if given.data else {}))


def write_json(value: Any) -> None:
    """One JSON document on standard output, one line, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def write_lines(lines: Iterable[str]) -> None:
    """Lines for people on standard output."""
    for line in lines:
        print(line)


def _french(message: str) -> str:
    for english, french in (
        ("the following arguments are required:", "Il manque :"),
        ("unrecognized arguments:", "Arguments inconnus :"),
        ("invalid choice:", "choix inconnu :"),
        ("expected one argument", "attend une valeur"),
        ("expected at least one argument", "attend au moins une valeur"),
        ("invalid int value:", "n'est pas un nombre entier :"),
        ("argument ", "Argument "),
        ("choose from", "choix"),
    ):
        message = message.replace(english, french)
    return message


def shown(answer: Answer) -> list[str]:
    """An answer as lines for a terminal: Markdown signs that only a page needs are left out."""
    text = answer.answer.replace("\\", "").replace("**", "").replace("*", "")
    lines = [text]
    if answer.tools and answer.intent not in ("tool", "journey"):
        lines += ["", "Outils proches : " + ", ".join(f"{tool.title} ({tool.id})" for tool in answer.tools)]
    if answer.more:
        lines += ["", "— En savoir plus —", answer.more.replace("\\", "").replace("**", "").replace("*", "")]
    return lines
