"""The door of the readers' room: one file in, one Reading out, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from corpus.documents import Reading
from corpus.errors import RefusedFile, in_french
from corpus.french import LETTER, normalise
from ingest import html, markdown, odt, pdf, signature, text, word
from ingest.limits import Limits

READERS: dict[str, Callable[[bytes, Limits], Reading]] = {
    ".pdf": pdf.read,
    ".docx": word.read,
    ".odt": odt.read,
    ".html": html.read,
    ".htm": html.read,
    ".txt": text.read,
    ".md": markdown.read,
}


def read(path: Path, limits: Limits | None = None) -> Reading:
    """Read one file, whatever its format. Raises RefusedFile with a reason, a message and a remedy."""
    limits = limits or Limits()
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        known = ", ".join(READERS)
        raise RefusedFile("unknown-format", f"Format inconnu : {suffix or 'fichier sans extension'}.", f"Enregistrez-le dans l'un de ces formats : {known}.")
    data = _bytes(path, limits)
    signature.check(path.name, suffix, data, limits)
    return _checked(reader(data, limits), suffix, limits)


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        if not path.is_file():
            raise RefusedFile("not-a-file", "Ce n'est pas un fichier ordinaire.", "Donnez le chemin d'un fichier.")
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as error:
        raise RefusedFile("unreadable", f"Ce fichier ne peut pas être ouvert ({in_french(error)}).", "Vérifiez le chemin et les droits d'accès.") from error
    if not data:
        raise RefusedFile("empty", "Ce fichier est vide.", "Vérifiez qu'il s'est bien enregistré ou téléchargé, puis recommencez.")
    if len(data) > limits.bytes:
        raise RefusedFile(
            "too-big", f"Ce fichier dépasse {limits.bytes // 1_000_000} Mo.", "Allégez-le ou découpez-le, ou relevez le réglage BAO_FILE_MEGABYTES."
        )
    return data


def _checked(found: Reading, suffix: str, limits: Limits) -> Reading:
    """The reading, if it holds letters and not too many characters, its title on one line."""
    if sum(len(page.text) for page in found.pages) > limits.characters:
        raise RefusedFile(
            "too-many-characters",
            f"Ce fichier contient plus de {limits.characters} caractères.",
            "Découpez-le en plusieurs fichiers, ou relevez le réglage BAO_FILE_CHARACTERS.",
        )
    if not any(LETTER.search(page.text) for page in found.pages):
        raise _no_text(suffix)
    return replace(found, title=normalise(found.title).replace("\n", " "))


def _no_text(suffix: str) -> RefusedFile:
    if suffix == ".pdf":
        return RefusedFile(
            "no-text",
            "Ce PDF ne contient aucun texte : c'est sans doute un document numérisé (des images de pages).",
            "Passez-le à la reconnaissance de caractères (OCR), par exemple « ocrmypdf -l fra fichier.pdf fichier-ocr.pdf », puis ajoutez le résultat.",
        )
    return RefusedFile(
        "no-text", "Ce fichier ne contient aucun texte.", "Si son texte est dans des images, passez-les à la reconnaissance de caractères (OCR)."
    )
