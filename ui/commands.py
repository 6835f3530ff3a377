"""What each ``bao`` command does. Rooms are imported inside, so that a light command stays quick."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import EmptyStore, NotFound, RefusedFile, UsageError
from ui.command import settings_of, shown, write_json, write_lines

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from corpus.documents import Document
    from corpus.library import Library


@contextmanager
def _library(given: argparse.Namespace, writing: bool = False) -> Iterator[Library]:
    from corpus.library import Library
    from corpus.model import open_embedder

    settings = settings_of(given)
    with Library(settings, open_embedder(settings), writing) as library:
        yield library


@contextmanager
def _assistant(given: argparse.Namespace) -> Iterator[Assistant]:
    from assistant.ask import Assistant
    from corpus import demarche

    with _library(given) as library:
        _filled(library)
        yield Assistant(library, settings_of(given), demarche.load())


def _filled(library: Library) -> None:
    if not library.store.count("passages"):
        raise EmptyStore(f"La boîte à outils est vide (dossier {library.folder}).")


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
    with _assistant(given) as assistant:
        answer = assistant.ask(given.question)
    write_json(answer.to_dict()) if given.json else write_lines(shown(answer))
    return 0


def _batch(given: argparse.Namespace) -> int:
    from ui import batch

    rows = batch.rows_of(Path(given.batch))
    with _assistant(given) as assistant:
        for answer in batch.answers(assistant, rows):
            write_json(answer)
    return 0


def search(given: argparse.Namespace) -> int:
    """Show the passages found."""
    if not given.query.strip():
        raise UsageError("La recherche est vide.", 'Tapez par exemple : bao search "effets utiles"')
    with _assistant(given) as assistant:
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
    with _assistant(given) as assistant:
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
    with _library(given) as library:
        _filled(library)
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
        raise RefusedFile("ecriture", f"Le fichier {target} ne peut pas être écrit ({error.strerror}).", "Vérifiez le dossier et vos droits.") from error


def _day(given: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(given) if given else None
    except ValueError as error:
        raise UsageError(f"« {given} » n'est pas une date.", "Écrivez-la ainsi : 2026-03-02.") from error


def ingest(given: argparse.Namespace) -> int:
    """Add files and folders, telling each as it is done."""
    from corpus import demarche
    from ingest.pipeline import Pipeline
    from ingest.report import Report

    if given.name and (len(given.paths) != 1 or given.paths[0].is_dir()):
        raise UsageError("--as donne un nom à un seul fichier.", "Ajoutez ce fichier seul.")
    with _library(given, writing=True) as library:
        pipeline = Pipeline(library, settings_of(given), demarche.load())
        report = Report()
        for file in pipeline.reports(given.paths, given.name, given.replace):
            report.files.append(file)
            report.seconds = pipeline.seconds
            if not given.json:
                print(file.line(), flush=True)
    write_json(report.to_dict()) if given.json else print(report.summary())
    if report.refused and not given.json:
        print("Des fichiers ont été refusés : leur raison et leur remède sont ci-dessus.", file=sys.stderr)
    return 1 if report.refused else 0


def listing(given: argparse.Namespace) -> int:
    """List the documents."""
    with _library(given) as library:
        documents = library.store.documents()
    if given.json:
        write_json({"documents": [_row(document) for document in documents]})
    else:
        write_lines(f"{document.id:<50} {document.type:<10} {document.title}" for document in documents)
    return 0


def _row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "type": document.type,
        "pages": document.pages,
        "passages": document.passages,
        "date": document.date,
        "licence": document.licence,
        "sha256": document.sha256,
        "state": document.state,
        "origin": document.origin,
        "version": document.version,
    }


def show(given: argparse.Namespace) -> int:
    """Show one document."""
    with _library(given) as library:
        document = library.store.document(given.id)
        if document is None:
            raise NotFound(f"Aucun document ne s'appelle « {given.id} ».")
        pages = library.store.pages(document.id)
    if given.json:
        write_json(_row(document) | {"text": [{"page": page.number or None, "text": page.text} for page in pages]})
    else:
        write_lines([f"{document.title} ({document.id})", *(f"\n— page {page.number} —\n{page.text}" if page.number else f"\n{page.text}" for page in pages)])
    return 0


def remove(given: argparse.Namespace) -> int:
    """Remove documents; unknown ones are told, the others removed."""
    results = []
    with _library(given, writing=True) as library:
        for document_id in dict.fromkeys(given.ids):
            try:
                library.remove(document_id)
                results.append({"document": document_id, "status": "removed", "message": "retiré"})
            except NotFound as error:
                results.append({"document": document_id, "status": "refused", "message": str(error)})
                print(f"{error}\n→ {error.remedy}", file=sys.stderr)
    write_json({"documents": results}) if given.json else write_lines(f"{r['document']} : {r['message']}" for r in results if r["status"] == "removed")
    return 1 if any(r["status"] == "refused" for r in results) else 0


def status(given: argparse.Namespace) -> int:
    """Tell what the toolbox holds."""
    from corpus.status import status_of

    with _library(given) as library:
        found = status_of(library, settings_of(given))
    write_json(found.to_dict()) if given.json else write_lines(found.lines())
    return 0


def check(given: argparse.Namespace) -> int:
    """Check sheets and documents without adding them."""
    from corpus import demarche
    from ingest.check import check as run
    from ingest.check import fix

    mended = fix(given.paths) if given.fix else []
    if not given.json:
        write_lines(f"typographie corrigée : {path}" for path in mended)
    report = run(given.paths, settings_of(given), demarche.load())
    write_json(report.to_dict()) if given.json else write_lines(report.lines())
    return 1 if report.failed else 0


def doctor(given: argparse.Namespace) -> int:
    """Check the installation and the data; changes nothing."""
    from ui.doctor import examine

    checks = examine(settings_of(given))
    write_json({"checks": [item.to_dict() for item in checks]}) if given.json else write_lines(item.line() for item in checks)
    return 1 if any(item.level == "error" for item in checks) else 0


def rebuild(given: argparse.Namespace) -> int:
    """Fill the index again with the model in force."""
    from corpus.library import Library
    from corpus.model import open_embedder

    settings = settings_of(given)
    embedder = open_embedder(settings)
    with Library(settings, embedder, writing=True, any_model=True) as library:
        count = library.rebuild(lambda done, total: None if given.json else print(f"{done}/{total}", flush=True))
    write_json({"vectors": count, "model": embedder.name}) if given.json else print(f"Index refait : {count} vecteurs, modèle {embedder.name}.")
    return 0


def backup(given: argparse.Namespace) -> int:
    """Save the data folder to one file."""
    from corpus.backup import save

    size = save(settings_of(given), given.file)
    print(f"Sauvegarde écrite : {given.file} ({size // 1000} Ko).")
    return 0


def restore(given: argparse.Namespace) -> int:
    """Put a saved data folder back; what was there is kept beside it."""
    from corpus.backup import load

    kept = load(settings_of(given), given.file)
    print(f"Données restaurées depuis {given.file}." + (f" Les anciennes sont gardées dans {kept}." if kept else ""))
    print("Tapez maintenant « bao rebuild », qui refait l'index.")
    return 0


def evaluate(given: argparse.Namespace) -> int:
    """Measure the answers on a gold file."""
    from eval.run import run

    with _library(given) as library:
        result = run(library, settings_of(given), given.task, given.gold, given.system, given.compare, given.report)
    write_json(result.to_dict()) if given.json else write_lines(result.lines())
    if given.report and not given.json:
        print(f"Rapport écrit : {given.report}")
    return 0


def bench(given: argparse.Namespace) -> int:
    """Measure the speed, ingestion of one of the starter PDFs included."""
    from assistant.ask import Assistant
    from corpus import demarche
    from eval.bench import lines, measure

    with _library(given) as library:
        result = measure(Assistant(library, settings_of(given), demarche.load()), library.embedder, demarche.STARTER / "documents" / "glossaire-efc.pdf")
    write_json(result) if given.json else write_lines(lines(result))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "chat": chat,
    "ask": ask,
    "search": search,
    "recommend": recommend,
    "plan": plan,
    "ingest": ingest,
    "list": listing,
    "show": show,
    "remove": remove,
    "status": status,
    "check": check,
    "doctor": doctor,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
    "eval": evaluate,
    "bench": bench,
}
