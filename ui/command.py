"""The console script ``bao``: wiring only. Each subcommand imports its room when it runs.

Exit status: 0 done (an abstention is an answer); 1 something was refused or not found (said on
standard error, with a remedy); 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from corpus.errors import EFCError, UsageError, in_french
from ui.commands import COMMANDS


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
        status = COMMANDS[given.command].run(given)
        sys.stdout.flush()  # here, where a reader that went away is met, not as the interpreter ends
        return status
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
        return _say(EFCError(f"Le système refuse : {in_french(error)}{_named(error)}.", "Vérifiez le chemin, les droits d'accès et la place sur le disque."), 1)


def _named(error: Exception) -> str:
    """The file that a refusal is about, where it says one."""
    name = error.filename if isinstance(error, OSError) else None
    return f" ({name})" if name else ""


def _say(error: EFCError, status: int) -> int:
    print(f"{error}\n→ {error.remedy}" if error.remedy else str(error), file=sys.stderr)
    return status


def parser() -> Parser:
    """The command line."""
    top = Parser(prog="bao", description="L'assistant de la boîte à outils EFC.", add_help=False)
    _common(top)
    listed = top.add_subparsers(dest="command", metavar="COMMANDE", required=True, parser_class=Parser)
    for name, command in COMMANDS.items():
        sub = listed.add_parser(name, help=command.words, description=command.words, add_help=False)
        _common(sub, argparse.SUPPRESS)
        for names, options in command.arguments:
            sub.add_argument(*names, **options)
        if command.json_too:
            sub.add_argument("--json", action="store_true", help="écrit un document JSON")
    return top


def _common(sub: argparse.ArgumentParser, default: Any = None) -> None:
    sub.add_argument("--data", type=Path, default=default, metavar="DOSSIER", help="dossier des données (BAO_DATA ; « var » sinon)")
    sub.add_argument("-h", "--help", action="help", help="affiche cette aide")


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
