"""Reads OpenDocument texts (ODT) with odfdo."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import odfdo
from lxml.etree import LxmlError

from corpus.documents import Block, Reading
from corpus.errors import RefusedFile
from ingest.flow import block, grid, reading
from ingest.limits import Limits

#: What odfdo and lxml let out on a file that breaks the format.
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError, RecursionError, LxmlError)
#: Deleted text, comments, contents tables and drawings' descriptions are not the text.
_LEFT_OUT = {
    "text:tracked-changes",
    "office:annotation",
    "text:table-of-content",
    "text:alphabetical-index",
    "svg:title",
    "svg:desc",
    "text:note-citation",
    "office:forms",
}
_MOST_REPEATED = 50


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of an ODT's bytes."""
    try:
        document = odfdo.Document(io.BytesIO(data))
        blocks = [made for part in document.body.children for made in _blocks(part)]
        title, author = str(document.meta.title or ""), str(document.meta.creator or document.meta.initial_creator or "")
    except BROKEN as error:
        raise RefusedFile(
            "damaged", "Ce document OpenDocument est abîmé : il ne peut pas être lu.", "Ouvrez-le dans LibreOffice, enregistrez-le de nouveau, puis ajoutez-le."
        ) from error
    return reading(blocks, title, {"author": author})


def _blocks(part: Any, depth: int = 0) -> Iterator[Block]:
    if part.tag == "text:h":
        yield from block("heading", _text(part), int(part.get_attribute("text:outline-level") or 1))
    elif part.tag == "text:p":
        yield from _paragraph(part, depth)
    elif part.tag == "text:list":
        for item in part.children:
            for inner in item.children:
                yield from _blocks(inner, depth + 1)
    elif part.tag == "table:table":
        yield from grid(list(_rows(part)))
    elif part.tag not in _LEFT_OUT:
        for inner in part.children:
            yield from _blocks(inner, depth)


def _paragraph(part: Any, depth: int) -> Iterator[Block]:
    text = _text(part)
    if depth:
        yield from block("item", text, depth)
    elif str(part.get_attribute("text:style-name") or "") in ("Title", "Titre"):
        yield from block("heading", text, 1)
    else:
        for line in text.split("\n"):
            yield from block("paragraph", line)


def _rows(table: Any) -> Iterator[list[str]]:
    for part in table.children:
        if part.tag == "table:table-row":
            yield [text for cell in part.children if cell.tag == "table:table-cell" for text in _cell(cell)]
        elif part.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from _rows(part)


def _cell(cell: Any) -> list[str]:
    text = " ".join(_text(part) for part in cell.children if part.tag not in _LEFT_OUT).replace("\n", " ")
    try:
        repeated = int(cell.get_attribute("table:number-columns-repeated") or 1)
    except ValueError:
        repeated = 1
    return [text] * min(repeated, _MOST_REPEATED)


def _text(part: Any) -> str:
    """The text of an element and of what stands in it, spaces and breaks as written."""
    written = [part.text or ""]
    for inner in part.children:
        if inner.tag == "text:s":
            written.append(" ")
        elif inner.tag in ("text:tab", "text:line-break"):
            written.append("\n" if inner.tag == "text:line-break" else " ")
        elif inner.tag in ("text:p", "text:h", "text:list", "text:list-item", "text:note"):
            written.append(" " + _text(inner) + " ")
        elif inner.tag not in _LEFT_OUT:
            written.append(_text(inner))
        written.append(inner.tail or "")
    return "".join(written)
