"""Reads web pages with Beautiful Soup: the text of the page, without menus, scripts or anything fetched."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import CData, Declaration, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag

from corpus.documents import Block, Reading
from ingest.flow import block, grid, reading
from ingest.limits import Limits
from ingest.text import decoded

_LEFT_OUT = ("script", "style", "nav", "header", "footer", "noscript", "template", "svg", "form", "iframe", "object", "select", "button", "head")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "aside",
    "details",
    "summary",
    "address",
    "body",
    "html",
    *_HEADINGS,
}
_MARKUP = (Comment, Doctype, Declaration, ProcessingInstruction, CData)
#: A page nested deeper than this is not a page.
DEEPEST = 200


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of a web page's bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(_characters(data), "lxml")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    details = {"author": _meta(soup, "author")}
    # A header inside the article is its title, one outside is the site's.
    for tag in soup.find_all(_LEFT_OUT):
        if tag.name != "header" or tag.find_parent(["article", "main"]) is None:
            tag.decompose()
    for tag in soup.select("[hidden], [aria-hidden=true]"):
        tag.decompose()
    root = soup.find("main") or soup.body or soup
    return reading(_blocks(root), title, details)


def _characters(data: bytes) -> str:
    """The page's characters: by the charset it names near its head, else as any text."""
    head = data[:2048].lower()
    named = head.partition(b"charset=")[2].lstrip(b"\"' ")[:20]
    if named.startswith((b"iso-8859-1", b"latin", b"windows-1252")):
        return data.decode("cp1252", "replace")
    return decoded(data)


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": name})
    return str(tag.get("content") or "") if isinstance(tag, Tag) else ""


def _blocks(tag: Tag, depth: int = 0, level: int = 0) -> Iterator[Block]:
    """The blocks in a tag; text that stands between blocks is a paragraph of its own."""
    if level > DEEPEST:
        return
    loose: list[str] = []
    for child in tag.children:
        if (isinstance(child, Tag) and child.name in _BLOCKS | {"hr"}) or (isinstance(child, Tag) and child.find(list(_BLOCKS))):
            yield from block("item" if depth and tag.name in ("li", "dd") else "paragraph", "".join(loose), depth or 1)
            loose = []
            yield from _block(child, depth, level + 1)
        else:
            loose.append(_text(child))
    yield from block("item" if depth and tag.name in ("li", "dd") else "paragraph", "".join(loose), depth or 1)


def _block(tag: Tag, depth: int, level: int) -> Iterator[Block]:
    if tag.name in _HEADINGS:
        yield from block("heading", _text(tag), _HEADINGS[tag.name])
    elif tag.name == "table" and tag.find("table") is None:
        yield from _table(tag)
    elif tag.name in ("ul", "ol"):
        yield from _items(tag, depth + 1, level)
    elif tag.name == "pre":
        for line in tag.get_text().splitlines():
            yield from block("paragraph", line)
    else:
        yield from _blocks(tag, depth, level)


def _items(tag: Tag, depth: int, level: int) -> Iterator[Block]:
    for number, item in enumerate(tag.find_all("li", recursive=False), start=1):
        first = True
        for made in _blocks(item, depth, level + 1):
            lead = f"{number}. " if tag.name == "ol" and first and made.kind in ("item", "paragraph") else ""
            kind = "item" if made.kind == "paragraph" else made.kind
            first = False
            yield from block(kind, lead + made.text, made.level if made.kind != "paragraph" else depth)


def _table(tag: Tag) -> Iterator[Block]:
    rows = list(tag.find_all("tr"))
    cells = [[_text(cell) for cell in row.find_all(["td", "th"], recursive=False)] for row in rows]
    titled = bool(rows) and all(cell.name == "th" for cell in rows[0].find_all(["td", "th"], recursive=False))
    if caption := tag.find("caption"):
        yield from block("paragraph", _text(caption))
    yield from grid(cells[1:], cells[0]) if titled and len(cells) > 1 else grid(cells)


def _text(node: PageElement) -> str:
    if isinstance(node, _MARKUP):
        return ""
    if isinstance(node, NavigableString):
        return str(node)
    if isinstance(node, Tag):
        return " " if node.name == "br" else "".join(_text(child) for child in node.children) + (" " if node.name in ("td", "th", "p", "li", "div") else "")
    return ""
