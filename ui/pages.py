"""The pages of a document as HTML: headings, lists and tables told by its passages, and the quotation marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from assistant.rows import cells, is_row
from corpus.documents import NO_PAGE, Document, Page, Passage
from ui import texts
from ui.highlight import Span, cut, locate
from ui.markup import escape

Kind = Literal["heading", "row", "item", "paragraph"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its kind, what is read of it (the cells of a row, else the line), and the titles of a row's cells."""

    kind: Kind
    texts: tuple[str, ...]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """What a document's passages say of its lines: which are headings, which are items of a list."""

    title: str
    headings: frozenset[str]
    items: frozenset[str]

    @classmethod
    def of(cls, document: Document, passages: Iterable[Passage]) -> Structure:
        """The structure of one document."""
        headings: set[str] = set()
        items: set[str] = set()
        for passage in passages:
            headings.update(passage.section.split(" › "))
            if passage.kind in ("list", "field"):
                items.update(passage.text.split("\n")[passage.kind == "list" :])  # a list's first line leads it in
        return cls(document.title, frozenset(headings), frozenset(items))

    def lines(self, page: Page) -> list[Line]:
        """The lines of a page; the title, which stands above, is left out."""
        found = [line for line in page.text.split("\n") if line.strip()]
        return [self._line(line) for line in found[found[:1] == [self.title] :]]

    def _line(self, line: str) -> Line:
        if line in self.headings:
            return Line("heading", (line,))
        if is_row(line):
            pairs = cells(line)
            return Line("row", tuple(cell for _, cell in pairs), tuple(title for title, _ in pairs))
        return Line("item" if line in self.items else "paragraph", (line,))


def holds(page: Page, structure: Structure, cited: str) -> bool:
    """Whether the quotation stands on this page."""
    return bool(locate(cited, _read(structure.lines(page))))


def page_markup(page: Page, structure: Structure, cited: str = "") -> str:
    """One page, with the quotation marked where it stands; the first mark is the anchor « citation »."""
    lines = structure.lines(page)
    spans = locate(cited, _read(lines)) if cited else []
    pieces = iter(_marked(_read(lines), spans))
    drawn = [(line, [next(pieces) for _ in line.texts]) for line in lines]
    heading = 'h2 class="titre"' if page.number == NO_PAGE else "h3"
    body = "".join(_block(kind, list(group), heading) for kind, group in groupby(drawn, key=lambda pair: pair[0].kind))
    if page.number == NO_PAGE:
        return f'<section class="page">{body}</section>'
    return f'<section class="page" id="page-{page.number}"><h2 class="numero">{escape(texts.PAGE_HEADING.format(page=page.number))}</h2>{body}</section>'


def _read(lines: Sequence[Line]) -> list[str]:
    return [text for line in lines for text in line.texts]


def _marked(segments: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[str]:
    """Each segment as HTML, the quotation in <mark>."""
    if not spans:
        return [escape(segment) for segment in segments]
    anchor = f' id="citation" tabindex="-1"><span class="lecture">{escape(texts.CITED)} : </span'
    found: list[str] = []
    for segment, inside in zip(segments, spans, strict=True):
        parts: list[str] = []
        for piece, quoted in cut(segment, inside):
            parts.append(f"<mark{anchor}>{escape(piece)}</mark>" if quoted else escape(piece))
            anchor = "" if quoted else anchor
        found.append("".join(parts))
    return found


def _block(kind: Kind, lines: Sequence[tuple[Line, list[str]]], heading: str) -> str:
    if kind == "row":
        return _table(lines)
    tag = {"heading": heading, "item": "li"}.get(kind, "p")
    body = "".join(f"<{tag}>{shown[0]}</{tag.split(' ')[0]}>" for _, shown in lines)
    return f"<ul>{body}</ul>" if kind == "item" else body


def _table(lines: Sequence[tuple[Line, list[str]]]) -> str:
    """Rows under one head as long as their titles stay the same."""
    parts = []
    for titles, group in groupby(lines, key=lambda pair: pair[0].titles if any(pair[0].titles) else ()):
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
        rows = "".join(f"<tr>{_cells(shown)}</tr>" for _, shown in group)
        parts.append(f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{rows}</tbody></table>")
    return "".join(parts)


def _cells(shown: Sequence[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in shown)
