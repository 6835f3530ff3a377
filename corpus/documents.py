"""The frozen values every room shares: a Document has Pages, a Page has Blocks, Blocks make Passages.

A value holds what was read and nothing about how it is stored. ``Page.text`` is what a
quotation is verified against, so every ``Block.text`` and ``Passage`` line stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "field"]
PassageKind = Literal["prose", "list", "table", "field"]
Origin = Literal["starter", "local"]
State = Literal["published", "draft", "withdrawn"]

#: The page number of a format without pages (a sheet, a web page); shown as null.
NO_PAGE = 0


def document_name(text: str) -> str:
    """A name as documents bear it: composed letters (NFC), so that one name has one spelling whatever disk it comes from.

    >>> document_name("e\u0301te\u0301.pdf") == "\u00e9t\u00e9.pdf"
    True
    """
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row, on one page or, once joined over a page's end, on two.

    ``level`` is the depth of a heading (1 is the highest) or of a list item (1 is the outermost).
    ``last_page`` is the page it ends on where that is not ``page``.
    """

    kind: BlockKind
    text: str
    page: int = NO_PAGE
    level: int = 1
    last_page: int = NO_PAGE

    @property
    def end(self) -> int:
        """The page it ends on."""
        return self.last_page or self.page


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page, cleaned: what is stored, shown and verified against."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file: pages to verify against, blocks to cut from.

    ``remarks`` are French sentences for the person who added the file (scanned pages, dropped parts).
    ``details`` are what the file says of itself: titre, auteur, date, licence, source, etapes…
    """

    title: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole blocks under one heading path, 60 to 250 tokens where the text allows.

    ``text`` has one line a block. ``section`` is the heading path, parts joined by " › ".
    """

    document: str
    ordinal: int
    page: int
    last_page: int
    section: str
    kind: PassageKind
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the store knows it. ``id`` is a sheet's id, or the file's name.

    ``type`` is "document" for a file, else the sheet's type. ``sheet`` is the validated front
    matter of a sheet; for a file, what its notice says of steps and families, and the notice's own sha256
    under "notice" where there is one. ``sha256`` is that of the bytes; ``text_sha256`` that of the folded text,
    the same for a PDF and a DOCX of one text. ``date`` is ISO (YYYY, YYYY-MM or YYYY-MM-DD) or "".
    """

    id: str
    title: str
    type: str
    sha256: str
    text_sha256: str
    suffix: str
    origin: Origin = "local"
    version: int = 1
    state: State = "published"
    date: str = ""
    valid_until: str = ""
    licence: str = ""
    source: str = ""
    author: str = ""
    path: str = ""
    twin_of: str = ""
    sheet: Mapping[str, Any] = field(default_factory=dict)
    pages: int = 0
    passages: int = 0

    @property
    def label(self) -> str:
        """What the document is called when it is searched: its title and, for a file, the words of its name.

        A title such as « Appel à manifestation d'intérêt » says little; the name often says more.
        """
        if self.type != "document":
            return self.title
        words = re.sub(r"[\W_]+", " ", PurePosixPath(self.id).stem).strip()
        return f"{self.title} ({words})" if words else self.title

    @property
    def starter(self) -> bool:
        """Whether this is starter content, which is shown as « à valider par le Cerdd »."""
        return self.origin == "starter"


@dataclass(frozen=True, slots=True)
class Formulation:
    """A phrasing in users' words that leads to a document: one of its situations, questions or names.

    One of kind "answered" is a question whose answer is known: ``answer`` is a fragment, verbatim, of the sentence that holds it.
    """

    document: str
    kind: Literal["situation", "question", "name", "answered"]
    text: str
    answer: str = ""

    @property
    def known(self) -> bool:
        """Whether it is a question whose answer is known."""
        return self.kind == "answered"
