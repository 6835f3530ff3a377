"""The commands that ask the assistant: the page, a question, a search, tools for a situation, a plan."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from corpus.errors import RefusedFile, UsageError, in_french
from ui.terminal import filled, open_assistant, open_library, settings_of, shown, write_json, write_lines


def chat(given: argparse.Namespace) -> int:
    """Open the web application."""
    from ui.server import serve

    serve(settings_of(given), given.host, given.port)
    return 0


def ask(given: argparse.Namespace) -> int:
    """Answer one question, or a batch."""
    if given.batch:
        return _batch(given)
    if not (given.question or "").strip():
        raise UsageError("La question est vide.", "Tapez par exemple : bao ask \"Qu'est-ce que la performance d'usage ?\"")
    with open_assistant(given) as assistant:
        answer = assistant.ask(given.question)
    write_json(answer.to_dict()) if given.json else write_lines(shown(answer))
    return 0


def _batch(given: argparse.Namespace) -> int:
    from ui import batch

    rows = batch.rows_of(Path(given.batch))
    with open_assistant(given) as assistant:
        for answer in batch.answers(assistant, rows):
            write_json(answer)
    return 0


def search(given: argparse.Namespace) -> int:
    """Show the passages found."""
    if not given.query.strip():
        raise UsageError("La recherche est vide.", 'Tapez par exemple : bao search "effets utiles"')
    with open_assistant(given) as assistant:
        passages = assistant.search(given.query, max(1, given.k))
    if given.json:
        write_json({"passages": [passage.to_dict() for passage in passages]})
    else:
        write_lines(f"{passage.document}{f', page {passage.page}' if passage.page else ''} ({passage.score:.2f})\n{passage.text}\n" for passage in passages)
    return 0


def recommend(given: argparse.Namespace) -> int:
    """Propose tools for a situation."""
    if not given.situation.strip():
        raise UsageError("La situation est vide.", 'Tapez par exemple : bao recommend "On a réuni les acteurs, rien n\'avance"')
    with open_assistant(given) as assistant:
        answer = assistant.recommend(given.situation)
    write_json(answer.to_dict()) if given.json else write_lines(shown(answer))
    return 0


def plan(given: argparse.Namespace) -> int:
    """Write a plan to take away: on screen as Markdown, or to a file."""
    from assistant import plans
    from assistant.ask import Assistant
    from corpus import demarche

    situation, suffix = given.situation.strip(), given.sortie.suffix or given.sortie.name if given.sortie else ".md"
    if not situation and given.outils is None:
        raise UsageError("La situation est vide.", 'Tapez par exemple : bao plan "On a réuni les acteurs, rien n\'avance", ou donnez --outils.')
    if suffix.lower() not in plans.FORMATS:
        raise UsageError(f"Un plan ne s'écrit pas en « {suffix} ».", f"Donnez un nom de fichier qui finit par {', '.join(plans.FORMATS)}.")
    start, settings, steps = _day(given.debut), settings_of(given), demarche.load()
    with open_library(given) as library:
        filled(library)
        answer = Assistant(library, settings, steps).recommend(situation) if situation else None
        if answer is None or given.outils is not None:
            made = plans.plan_of((given.outils or "").split(","), library, steps, settings, start, answer)
        else:
            made = plans.plan_for(answer, library, steps, settings, start)
    content = plans.export(made, suffix)
    if given.sortie:
        _write_new(given.sortie, content)
    if given.json:
        write_json(made.to_dict())
    else:
        print(f"Plan écrit : {given.sortie}" if given.sortie else content.decode("utf-8"))
    return 0


def _write_new(target: Path, content: bytes) -> None:
    """Write a file that was not there. Raises RefusedFile rather than replace one: it may have been worked on."""
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise RefusedFile("existe", f"Le fichier {target} existe déjà.", "Donnez un autre nom, ou supprimez-le d'abord.") from error
    except OSError as error:
        raise RefusedFile("ecriture", f"Le fichier {target} ne peut pas être écrit ({in_french(error)}).", "Vérifiez le dossier et vos droits.") from error


def _day(given: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(given) if given else None
    except ValueError as error:
        raise UsageError(f"« {given} » n'est pas une date.", "Écrivez-la ainsi : 2026-03-02.") from error
