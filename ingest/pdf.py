"""Reads a PDF page by page with pypdf."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.documents import Block, Page, Reading
from corpus.errors import RefusedFile
from corpus.french import normalise
from ingest.dates import date_in, deadline_in
from ingest.flow import title_of
from ingest.layout import blocks_of
from ingest.limits import Limits
from ingest.lines import lines_of
from ingest.pdf_runs import Typeface, runs_of

#: What pypdf lets out on a file that breaks the format.
BROKEN = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    OSError,
    NotImplementedError,
    ZeroDivisionError,
)


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of a PDF's bytes; RefusedFile if it is encrypted, damaged or too long."""
    reader = _opened(data)
    count = _pages(reader, limits)
    fonts: dict[Any, Typeface | None] = {}
    lines, unread, room = [], [], limits.characters
    for number in range(count):
        try:
            found = lines_of(runs_of(reader.pages[number], fonts))
        except BROKEN:
            found = []
            unread.append(number + 1)
        lines.append(found)
        room -= sum(len(line.text) for line in found)
        if room < 0:
            raise RefusedFile("too-many-characters", f"Ce PDF contient plus de {limits.characters} caractères.", "Découpez-le en plusieurs fichiers.")
    if len(unread) == count:
        raise damaged()
    blocks = blocks_of(lines)
    pages = tuple(Page(number, "\n".join(block.text for block in found)) for number, found in enumerate(blocks, start=1))
    flat = tuple(block for found in blocks for block in found)
    return Reading(
        _title(reader, flat), pages, flat, _remarks([number for number, found in enumerate(lines, start=1) if not found], unread), _details(reader, flat)
    )


def damaged() -> RefusedFile:
    """The refusal of a PDF that cannot be read."""
    return RefusedFile(
        "damaged",
        "Ce PDF est abîmé ou incomplet : il ne peut pas être lu.",
        "Téléchargez-le de nouveau, ou enregistrez-le encore une fois en PDF depuis le logiciel d'origine.",
    )


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
    except BROKEN as error:
        raise damaged() from error
    if locked:
        raise RefusedFile("encrypted", "Ce PDF est protégé par un mot de passe.", "Enregistrez-en une copie sans mot de passe, puis ajoutez cette copie.")
    return reader


def _pages(reader: PdfReader, limits: Limits) -> int:
    try:
        count = len(reader.pages)
    except BROKEN as error:
        raise damaged() from error
    if count > limits.pages:
        raise RefusedFile("too-many-pages", f"Ce PDF a {count} pages ; la limite est de {limits.pages}.", "Découpez-le, ou relevez le réglage BAO_FILE_PAGES.")
    if count == 0:
        raise damaged()
    return count


def _remarks(empty: Sequence[int], unread: Sequence[int]) -> tuple[str, ...]:
    remarks = []
    if unread:
        remarks.append(f"{_named(unread)} : page abîmée, non lue.")
    if empty := [number for number in empty if number not in unread]:
        remarks.append(
            f"{_named(empty)} : aucun texte (image ou page blanche). Si c'est un document numérisé, passez-le d'abord à la reconnaissance de caractères (OCR)."
        )
    return tuple(remarks)


def _named(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:20]) + ("…" if len(numbers) > 20 else "")
    return f"Page{'s' if len(numbers) > 1 else ''} {shown}"


def _metadata(reader: PdfReader, key: str) -> str:
    try:
        found = reader.metadata
        return normalise(str(found.get(key) or "")).replace("\n", " ") if found else ""
    except BROKEN:
        return ""


def _title(reader: PdfReader, blocks: Sequence[Block]) -> str:
    """The metadata's title unless it is a file name; else the one that the first pages show."""
    title = _metadata(reader, "/Title")
    if len(title) > 3 and " " in title and not re.search(r"\.\w{2,4}$|^Microsoft |^(?:sans titre|untitled)", title, re.IGNORECASE):
        return title
    return title_of([block for block in blocks if block.page <= 2]) or title


def _details(reader: PdfReader, blocks: Sequence[Block]) -> dict[str, Any]:
    details = {
        "author": _metadata(reader, "/Author"),
        "date": date_in(block.text for block in blocks if block.page == 1),
        "valid_until": deadline_in(block.text for block in blocks),
    }
    return {key: value for key, value in details.items() if value}
