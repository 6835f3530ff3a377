"""A plan as Markdown: the outline in Markdown's signs, what it holds escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.plan import Plan, printable
from assistant.plan_outline import Block, Heading, Items, Picture, Table, Text, capital, outline, subtitle, tied

PAGE_BREAK = "<!-- saut de page -->"


def to_markdown(plan: Plan) -> str:
    """The plan as one Markdown document. What comes from the asker or from documents is escaped: none of it is markup."""
    top = [f"# {escaped(plan.title)}", f"*{escaped(subtitle(plan))}*", *([f"> {escaped(capital(plan.note))}."] if plan.note else [])]
    return "\n\n".join([*top, markdown_of(outline(plan))]) + "\n"


def markdown_of(blocks: Sequence[Block], picture: str = "", breaks: bool = False) -> str:
    """The outline as Markdown. ``picture`` stands for the timeline (its alternative text where there is none); ``breaks`` marks the page breaks."""
    return "\n\n".join(part for block in blocks for part in _markdown(block, picture, breaks))


def escaped(text: str) -> str:
    r"""A text that Markdown shows letter for letter.

    >>> print(escaped("1. <b>*x*</b> | R&D"))
    1\. \<b\>\*x\*\</b\> \| R&D
    """
    text = re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", tied(printable(text)))
    text = re.sub(r"&(?=#?\w+;)", r"\&", text)
    return re.sub(r"^(\d{1,9})(?=[.)])", r"\1" + "\\\\", re.sub(r"^([-+=#])", r"\\\1", text))


def _markdown(block: Block, picture: str, breaks: bool) -> Iterator[str]:
    match block:
        case Heading(level, text, new_page):
            if new_page and breaks:
                yield PAGE_BREAK
            yield f"{'#' * level} {escaped(text)}"
        case Text(text, lead, kind):
            bold = f"**{escaped(lead)}** " if lead else ""
            yield f"{'> ' if kind == 'quote' else ''}{bold}{escaped(text)}".rstrip()
        case Items(items):
            yield "\n".join(f"- {escaped(item)}" for item in items)
        case Table(head, rows, _, named):
            lines = [" | ".join(map(escaped, head)), " | ".join("---" for _ in head)]
            lines += [" | ".join(f"**{escaped(cell)}**" if named and not place and cell else escaped(cell) for place, cell in enumerate(row)) for row in rows]
            yield "\n".join(f"| {line} |" for line in lines)
        case Picture(alt):
            yield picture or escaped(alt)
