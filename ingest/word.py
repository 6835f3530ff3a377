"""Reads Word documents (DOCX) with python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from corpus.documents import Block, Reading
from corpus.errors import RefusedFile
from ingest.flow import block, grid, reading
from ingest.limits import Limits

_HEADING = re.compile(r"^(?:heading|titre)\s*(\d)$", re.IGNORECASE)
_TITLE = {"title", "titre", "titre principal"}
#: What python-docx and lxml let out on a file that breaks the format.
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError, RecursionError, PythonDocxError, OpcError)


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of a DOCX's bytes."""
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = [made for part in document.iter_inner_content() for made in _blocks(part)]
        properties = document.core_properties
        title, author = str(properties.title or ""), str(properties.author or "")
    except BROKEN as error:
        remedy = "Ouvrez-le dans Word ou LibreOffice, enregistrez-le de nouveau, puis ajoutez-le."
        raise RefusedFile("damaged", "Ce document Word est abîmé : il ne peut pas être lu.", remedy) from error
    # python-docx's own template signs for people who signed nothing.
    author = "" if author == "python-docx" else author
    return reading(blocks, "" if title in ("Word Document", "Document") else title, {"author": author})


def _blocks(part: Paragraph | Table) -> Iterator[Block]:
    if isinstance(part, Table):
        yield from grid([_cells(row) for row in part.rows])
        return
    text = part.text
    name = str(part.style.name or "") if part.style is not None else ""
    level = _level(part, name)
    if level:
        yield from block("heading", text, level)
    elif (depth := _depth(part, name)) is not None:
        yield from block("item", text, depth + 1)
    elif _bold(part) and len(text) <= 160 and not text.rstrip().endswith((".", ";", ",")):
        yield from block("heading", text, 6)
    else:
        for line in text.split("\n"):
            yield from block("paragraph", line)


def _level(paragraph: Paragraph, name: str) -> int:
    """The level of a heading, by its style's name or outline level; 0 for other paragraphs."""
    if name.casefold() in _TITLE:
        return 1
    if found := _HEADING.match(name):
        return int(found.group(1))
    style: Any = paragraph.style
    for holder in (paragraph._p.pPr, style.element.pPr if style is not None else None):
        outline = holder.find(qn("w:outlineLvl")) if holder is not None else None
        if outline is not None and int(outline.get(qn("w:val"), "9")) < 6:
            return int(outline.get(qn("w:val"))) + 1
    return 0


def _depth(paragraph: Paragraph, name: str) -> int | None:
    """How deep a list item stands, from 0; None for what is no item."""
    own = _numbering(paragraph._p.pPr)
    if own is not None:
        return own
    style: Any = paragraph.style
    while style is not None:
        inherited = _numbering(style.element.pPr)
        if inherited is not None:
            return inherited
        style = style.base_style
    return 0 if name.casefold().startswith(("list bullet", "list number", "liste à puces", "liste à numéros")) else None


def _numbering(properties: Any) -> int | None:
    numbering = properties.numPr if properties is not None else None
    if numbering is None or numbering.numId is None or numbering.numId.val == 0:
        return None
    return int(numbering.ilvl.val) if numbering.ilvl is not None else 0


def _bold(paragraph: Paragraph) -> bool:
    written = [run for run in paragraph.runs if run.text.strip()]
    return bool(written) and all(run.bold for run in written)


def _cells(row: Any) -> list[str]:
    """The texts of a row's cells, a merged one counted once."""
    cells: list[str] = []
    last = None
    for cell in row.cells:
        if cell._tc is not last:
            cells.append(_inside(cell))
        last = cell._tc
    return cells


def _inside(cell: Any) -> str:
    parts = [part.text if isinstance(part, Paragraph) else " ".join(" ".join(_cells(row)) for row in part.rows) for part in cell.iter_inner_content()]
    return " ".join(part.replace("\n", " ") for part in parts if part.strip())
