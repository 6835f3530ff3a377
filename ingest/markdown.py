"""Reads Markdown: whole files, and the body of the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.documents import Block, Reading
from ingest.flow import block, grid, reading
from ingest.limits import Limits
from ingest.text import decoded

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>|<!--.*?-->", re.DOTALL)
_TASK = re.compile(r"^\[[ xX]\]\s+")
_PARSER = MarkdownIt("commonmark").enable("table")


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of a Markdown file; YAML front matter at its head is left out."""
    return reading(blocks_of(_FRONT_MATTER.sub("", decoded(data), count=1)))


def blocks_of(markdown_text: str) -> tuple[Block, ...]:
    r"""The blocks of a Markdown text: inline markup removed, numbered items with their number, tables row by row.

    >>> [(b.kind, b.text) for b in blocks_of("# Un *titre*\n\n2. [lien](https://exemple.fr)")]
    [('heading', 'Un titre'), ('item', '2. lien')]
    """
    tree = SyntaxTreeNode(_PARSER.parse(markdown_text))
    return tuple(made for node in tree.children for made in _blocks(node))


def _blocks(node: SyntaxTreeNode, depth: int = 0) -> Iterator[Block]:
    if node.type == "heading":
        yield from block("heading", _text(node), int(node.tag[1:]))
    elif node.type == "paragraph":
        yield from block("item" if depth else "paragraph", _text(node), depth or 1)
    elif node.type in ("bullet_list", "ordered_list"):
        yield from _items(node, depth + 1)
    elif node.type == "table":
        yield from _rows(node)
    elif node.type in ("fence", "code_block"):
        for line in node.content.splitlines():
            yield from block("paragraph", line)
    elif node.type == "html_block":
        yield from block("paragraph", _TAG.sub(" ", node.content))
    else:
        for child in node.children:
            yield from _blocks(child, depth)


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[Block]:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        lead = [child for child in item.children if child.type == "paragraph"]
        text = _TASK.sub("", " ".join(_text(child) for child in lead))
        yield from block("item", f"{number}. {text}" if number is not None and text else text, depth)
        for child in item.children:
            if child.type != "paragraph":
                yield from _blocks(child, depth)
        number = number + 1 if number is not None else None


def _rows(node: SyntaxTreeNode) -> Iterator[Block]:
    parts = {part.type: [[_text(cell) for cell in row.children] for row in part.children] for part in node.children}
    header = (parts.get("thead") or [[]])[0]
    yield from grid(parts.get("tbody", []), header if any(header) else None)


def _text(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type == "html_inline":
        return " " if node.content.startswith("<br") else ""
    return "".join(_text(child) for child in node.children)
