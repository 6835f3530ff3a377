"""Markdown to a good-looking A4 PDF: our own documents, and the action plan a user takes away.

Markdown is read by markdown-it, set by Typst with the fonts it carries (no system library).
Text is data: it reaches Typst only inside string literals, so nothing in it is ever markup or code.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.french import MONTHS, fold

_PAGE_BREAK = re.compile(r"^\s*<!--\s*saut de page\s*-->\s*$", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*<!--(?:(?!-->).)*-->\s*$", re.DOTALL)
_BEFORE_HIGH_SIGN = re.compile(r" (?=[:;!?»%€])")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_ELISION = re.compile(r"(?<=\w)'(?=[\w«])")
_LINK = re.compile(r"^(?:https?://|mailto:)\S+$", re.IGNORECASE)
_bool = {True: "true", False: "false"}.__getitem__
_KEEP_WHOLE = 1200  # characters; a shorter block stays on one page, so that a sentence can be quoted with its page
_BALANCED = 3500  # characters; a shorter two-column section is balanced

_LOOK = """
#let ink = rgb("#0b4f5c"); #let pale = rgb("#e8f1f2")
#set page(paper: "a4", margin: (x: 24mm, top: 27mm, bottom: 25mm),
  header: context if counter(page).get().first() > 1 {
    set text(9pt, fill: luma(90))
    block(width: 100%, stroke: (bottom: 0.4pt + luma(170)), inset: (bottom: 4pt), head-title)
  },
  footer: context {
    let number = [#counter(page).display() / #counter(page).final().first()]
    set text(9pt, fill: luma(90))
    block(width: 100%, stroke: (top: 0.4pt + luma(170)), inset: (top: 5pt), grid(columns: (1fr, auto), gutter: 8mm, align: (left, right), notice, number))
  })
#set text(font: "Libertinus Serif", size: 10.8pt, lang: "fr", region: "FR", hyphenate: false)
#set par(leading: 0.68em, spacing: 1.05em)
#set heading(numbering: if numbered { "1.1" } else { none }); #show heading: set text(fill: ink)
#show heading.where(level: 1): it => block(above: 2.1em, below: 1.1em, sticky: true, width: 100%,
  stroke: (bottom: 0.8pt + ink), inset: (bottom: 5pt), text(17pt, it))
#show heading.where(level: 2): it => block(above: 1.6em, below: 0.85em, sticky: true, text(13pt, it))
#set list(indent: 0.4em, body-indent: 0.6em); #set enum(indent: 0.4em, body-indent: 0.6em)
#set table(stroke: (x, y) => (bottom: if y == 0 { 0.9pt + ink } else { 0.4pt + luma(190) }),
  fill: (x, y) => if y == 0 { pale }, inset: (x: 6pt, y: 5pt), align: left + top)
#show table: it => { set par(leading: 0.55em, spacing: 0.8em); set text(size: 9.4pt); it }
#show table.cell.where(y: 0): set text(weight: "bold", fill: ink)
#let aside(body) = block(width: 100%, fill: pale, inset: (x: 10pt, y: 8pt), radius: 2pt, stroke: (left: 2.5pt + ink), body)
#let narrow(body) = { set par(leading: 0.6em, spacing: 0.9em); set text(10.2pt); body }
#block(width: 100%, fill: ink, inset: (x: 14pt, y: 16pt), radius: 3pt, below: 1.2em, {
  set text(fill: white); text(23pt, weight: "bold", head-title)
  if subtitle != "" { block(above: 0.9em, text(12.5pt, subtitle)) }
})
#if byline != "" { block(below: 1.2em, text(10pt, fill: luma(70), byline)) }
#if notice != "" { block(width: 100%, below: 1.6em, inset: (x: 10pt, y: 7pt), stroke: 0.8pt + rgb("#9a5b00"), radius: 2pt,
  text(fill: rgb("#7a4700"), notice)) }
#set outline.entry(fill: box(width: 1fr, inset: (x: 4pt), line(length: 100%, stroke: (paint: luma(170), thickness: 0.4pt, dash: "dotted"))))
#if contents { outline(title: [Sommaire], depth: 1, indent: 0pt) }
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """How a document looks: numbered headings, a table of contents on page 1, a notice on page 1 and at each foot."""

    numbered: bool = False
    contents: bool = False
    notice: str = ""


PLAIN = Layout()


def to_pdf(
    markdown: str, *, title: str, subtitle: str = "", author: str = "", date: str = "", two_columns_sections: Collection[str] = (), layout: Layout = PLAIN
) -> bytes:
    """Typeset the Markdown as a PDF: the same bytes for the same arguments, whatever the machine.

    ``date`` is ISO (then it is in the metadata too) or any words. ``two_columns_sections`` are
    headings whose text is set in two columns. The shallowest heading of the Markdown is level 1;
    ``<!-- saut de page -->`` alone on a line breaks the page. Any text compiles.
    """
    source = to_typst(markdown, title=title, subtitle=subtitle, author=author, date=date, two_columns_sections=two_columns_sections, layout=layout)
    return bytes(typst.compile(source.encode("utf-8"), format="pdf", ignore_system_fonts=True, timestamp=0))


def to_typst(
    markdown: str, *, title: str, subtitle: str = "", author: str = "", date: str = "", two_columns_sections: Collection[str] = (), layout: Layout = PLAIN
) -> str:
    """Write the Typst source of the document; every piece of text in it is a string literal."""
    day = _iso(date)
    byline = " · ".join(part for part in (author, _spoken(day) if day else date) if part.strip())
    stamp = f"datetime(year: {day.year}, month: {day.month}, day: {day.day})" if day else "none"
    people = f"({literal(author)},)" if author.strip() else "()"
    strings = {"head-title": title, "subtitle": subtitle, "byline": byline, "notice": layout.notice}
    return "\n".join(
        [
            f"#set document(title: {literal(title)}, author: {people}, date: {stamp})",
            *(f"#let {name} = {literal(value)}" for name, value in strings.items()),
            f"#let numbered = {_bool(layout.numbered)}\n#let contents = {_bool(layout.contents)}",
            _LOOK,
            _body(markdown, {fold(heading).strip() for heading in two_columns_sections}),
        ]
    )


def literal(text: str) -> str:
    r"""Write a Typst string literal that holds the text, with French no-break spaces and apostrophes, and nothing else.

    >>> print(literal('dit "non" \\ #oui'))
    "dit \"non\" \\ #oui"
    """
    text = _ELISION.sub("’", _BEFORE_HIGH_SIGN.sub("\u00a0", text.replace("\n", " ")).replace("« ", "«\u00a0"))
    text = _HYPHEN.sub("-\u2060", text)  # a word cut at its hyphen is read back without it
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"))
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _iso(date: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(date.strip())
    except ValueError:
        return None


def _spoken(day: datetime.date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def _body(markdown: str, two_columns: set[str]) -> str:
    tree = _parse(markdown)
    top = min((_depth(node) for node in tree.children if node.type == "heading"), default=1)
    out, nodes = [], list(tree.children)
    while nodes:
        node = nodes.pop(0)
        breaks = node.type == "html_block" and _PAGE_BREAK.match(node.content)
        out.append("#pagebreak(weak: true)" if breaks else _block(node, top))
        if node.type == "heading" and fold(_plain(node)).strip() in two_columns:
            section: list[SyntaxTreeNode] = []
            while nodes and (nodes[0].type != "heading" or _depth(nodes[0]) > _depth(node)):
                section.append(nodes.pop(0))
            out.append(_columns(section, top))
    return "\n\n".join(out)


def _parse(markdown: str) -> SyntaxTreeNode:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    try:
        return SyntaxTreeNode(reader.parse(markdown))
    except RecursionError:  # hundreds of nested stars: show them
        return SyntaxTreeNode(reader.parse(re.sub(r"[*_]", r"\\\g<0>", markdown)))


def _columns(section: Sequence[SyntaxTreeNode], top: int) -> str:
    sizes = [len(_plain(node)) for node in section]
    cuts = [cut for cut in range(1, len(section)) if section[cut - 1].type != "heading"]
    if not cuts or sum(sizes) > _BALANCED:
        return f"#narrow(columns(2, gutter: 8mm)[{_blocks(section, top)}])"
    cut = min(cuts, key=lambda k: abs(sum(sizes) - 2 * sum(sizes[:k])))
    return f"#block(breakable: false, narrow(grid(columns: (1fr, 1fr), gutter: 8mm, [{_blocks(section[:cut], top)}], [{_blocks(section[cut:], top)}])))"


def _depth(heading: SyntaxTreeNode) -> int:
    return int(heading.tag[1:])


def _plain(node: SyntaxTreeNode) -> str:
    return "".join(n.content if n.type in ("text", "code_inline") else " " if n.type.endswith("break") else "" for n in node.walk())


def _blocks(nodes: Iterable[SyntaxTreeNode], top: int) -> str:
    return "\n\n".join(_block(node, top) for node in nodes)


def _block(node: SyntaxTreeNode, top: int) -> str:
    match node.type:
        case "heading":
            return f"#heading(level: {max(1, _depth(node) - top + 1)})[{_inline(node)}]"
        case "paragraph":
            after = node.next_sibling
            leads = after is not None and after.type in ("bullet_list", "ordered_list", "table")
            return f"#block(breakable: {_bool(len(_plain(node)) >= _KEEP_WHOLE)}, sticky: {_bool(leads)})[{_inline(node)}]"
        case "bullet_list" | "ordered_list":
            return _list(node, top)
        case "blockquote":
            return f"#aside[{_blocks(node.children, top)}]"
        case "table":
            return _table(node)
        case "fence" | "code_block":
            lines = (literal(line) for line in node.content.split("\n"))
            return "#raw(block: true, " + ' + "\\n" + '.join(lines) + ")"
        case "hr":
            return "#line(length: 100%, stroke: 0.4pt + luma(170))"
        case "html_block":
            return "" if _COMMENT.match(node.content) else f"#block[#{literal(node.content)};]"
    return _inline(node)


def _list(node: SyntaxTreeNode, top: int) -> str:
    start = f"start: {int(node.attrs.get('start', 1))}, " if node.type == "ordered_list" else ""
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = ", ".join(f"[{_blocks(item.children, top)}]" for item in node.children)
    return f"#{'enum' if start else 'list'}({start}tight: {_bool(tight)}, {items})"


def _table(node: SyntaxTreeNode) -> str:
    rows = [list(row.children) for part in node.children for row in part.children]
    texts = [[_plain(cell) for cell in row] for row in rows]
    widths = ", ".join(_width(column) for column in zip(*texts, strict=True))
    head, *body = [", ".join(f"[{_inline(cell)}]" for cell in row) for row in rows]
    lengths = [len(text) for row in texts for text in row]
    cells = ", ".join([f"table.header({head})", *body])
    rows_break, table_breaks = _bool(max(lengths) >= _KEEP_WHOLE), _bool(sum(lengths) >= _KEEP_WHOLE)
    return f"#block(breakable: {table_breaks})[#set table.cell(breakable: {rows_break})\n#table(columns: ({widths},), {cells})]"


def _width(column: Sequence[str]) -> str:
    if not any(column[1:]):
        return "12fr"  # to be filled in by hand
    if max(map(len, column)) <= 14:
        return "auto"
    longest_word = max(len(word) for text in column for word in text.split())
    return f"{max(longest_word / 2, (sum(map(len, column)) / len(column)) ** 0.75):.2f}fr"


def _inline(node: SyntaxTreeNode, bold: bool = False, italic: bool = False, link: str = "") -> str:
    match node.type:
        case "text" | "code_inline" | "html_inline":
            if not node.content or (node.type == "html_inline" and _COMMENT.match(node.content)):
                return ""
            run = literal(node.content)
            run = f"raw({run})" if node.type == "code_inline" else run
            for wanted, call in ((italic, "emph("), (bold, "strong("), (bool(link), f"link({literal(link)}, ")):
                run = f"{call}{run})" if wanted else run
            return f"#{run};"
        case "softbreak":
            return " "
        case "hardbreak":
            return "#linebreak();"
    href = str(node.attrs.get("href", "")) if node.type == "link" else ""
    link = href if _LINK.match(href) else link
    return "".join(_inline(child, bold or node.type == "strong", italic or node.type == "em", link) for child in node.children)
