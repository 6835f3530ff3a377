"""The commands on what the toolbox holds: adding, listing, removing, checking, mending, saving."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from corpus.errors import NotFound, UsageError
from ui.terminal import open_library, settings_of, write_json, write_lines

if TYPE_CHECKING:
    from corpus.documents import Document


def ingest(given: argparse.Namespace) -> int:
    """Add files and folders, telling each as it is done."""
    from corpus import demarche
    from ingest.pipeline import Pipeline
    from ingest.report import Report

    if given.name and (len(given.paths) != 1 or given.paths[0].is_dir()):
        raise UsageError("--as donne un nom à un seul fichier.", "Ajoutez ce fichier seul.")
    with open_library(given, writing=True) as library:
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
    with open_library(given, any_model=True) as library:
        documents = library.store.documents()
    if given.json:
        write_json({"documents": [_row(document) for document in documents]})
    else:
        write_lines(f"{document.id:<50} {document.type:<10} {document.title}" for document in documents)
        if not documents:
            print("Aucun document. Tapez « bao ingest corpus » pour y mettre le contenu de démarrage.")
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
    from corpus.documents import document_name

    with open_library(given, any_model=True) as library:
        document = library.store.document(document_name(given.id))
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
    from corpus.documents import document_name

    results = []
    with open_library(given, writing=True) as library:
        for document_id in dict.fromkeys(map(document_name, given.ids)):
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

    with open_library(given, any_model=True) as library:
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
