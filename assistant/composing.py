"""Composing an answer from what was found: quotations in a form that fits the question, each with its citation.

Our own words are few and neutral. The first line alone is an answer; what surrounds it comes next,
and the rest waits behind « en savoir plus ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import rows
from assistant.citing import Citations
from assistant.rows import is_row
from assistant.selecting import HOLDS, Scored
from assistant.understanding import Understood
from assistant.windows import Window, whole, window
from corpus.documents import Passage
from corpus.french import fold, shorten

SHORT = 600
LONG = 1500


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer's two parts."""

    answer: str
    more: str = ""


def fact(asked: Understood, ranked: Sequence[Scored], citations: Citations, second_margin: float = 0.35) -> Draft:
    """The sentence that holds the fact, in its context; a second source only where it scores nearly as well."""
    first = ranked[0]
    body, number = quoted(first, citations, 380, asked)
    if number is None:
        return Draft("")
    lines = [body, f"— {citations.place(number)}."]
    left = SHORT - sum(len(line) + 2 for line in lines)
    other = next((s for s in ranked[1:] if s.candidate.uid != first.candidate.uid), None)
    if other and first.score - other.score < second_margin and left > 160:
        extra, extra_number = quoted(other, citations, left - 120, asked)
        if extra_number and len(extra) < left - 60:
            lines += [extra, f"— {citations.place(extra_number)}."]
    return Draft("\n\n".join(lines), surroundings(first, citations))


def listing(asked: Understood, ranked: Sequence[Scored], citations: Citations) -> Draft:
    """The whole list with its lead-in, then the passages that complete it."""
    lines: list[str] = []
    used: set[str] = set()
    for scored in ranked:
        candidate = scored.candidate
        if candidate.uid in used or len(used) >= 3:
            continue
        left = LONG - sum(len(line) + 2 for line in lines)
        if lines and (left < 250 or ranked[0].score - scored.score > 1.2):
            break
        used.add(candidate.uid)
        piece = whole(candidate.passage, min(left - 150, 1000)) if candidate.passage.kind in ("list", "table") else window(candidate.passage, scored.sentence, min(left - 150, 600))
        shown, number = _shown(piece, scored, citations, asked)
        if number is not None:
            lines += [shown, f"— {citations.place(number)}."]
    return Draft("\n\n".join(lines), surroundings(ranked[0], citations))


def comparison(columns: Sequence[tuple[str, Scored]], asked: Understood, citations: Citations) -> Draft:
    """A table with one column a document or sheet."""
    cells: list[tuple[str, str, int]] = []
    for title, scored in columns:
        piece = window(scored.candidate.passage, scored.sentence, 420)
        number = citations.cite(scored.candidate.document, scored.candidate.passage, piece.text)
        if number is None:
            piece = Window(scored.sentence.start, scored.sentence.end, scored.sentence.text)
            number = citations.cite(scored.candidate.document, scored.candidate.passage, piece.text)
        if number is not None:
            cells.append((title, piece.text, number))
    if len(cells) < 2:
        return Draft("")
    head = " | ".join(shorten(title, 90).replace("|", "/") for title, _, _ in cells)
    row = " | ".join(f"« {_cell(text)} » [{number}]" for _, text, number in cells)
    places = "\n\n".join(f"[{number}] {citations.place(number)}." for _, _, number in cells)
    return Draft(f"| {head} |\n|{' --- |' * len(cells)}\n| {row} |\n\n{places}")


def quoted(scored: Scored, citations: Citations, budget: int, asked: Understood) -> tuple[str, int | None]:
    """A sentence in its window, quoted and cited; the sentence alone where the window crosses a page."""
    return _shown(window(scored.candidate.passage, scored.sentence, budget), scored, citations, asked)


def surroundings(scored: Scored, citations: Citations) -> str:
    """The whole passage of the main quotation, for « en savoir plus »."""
    passage = scored.candidate.passage
    number = next((c.number for c in citations.all if c.passage == passage.text and c.document == passage.document), None)
    if number is None or len(passage.text) <= len(citations.all[number - 1].quote) + 40:
        return ""
    return f"Le passage entier [{number}] :\n\n{block_quote(passage.text, passage)}"


def block_quote(text: str, passage: Passage, bold: str = "") -> str:
    """Blocks as Markdown: prose between guillemets, the items of a list as a list, the rows of a table as a table."""
    lines = [_plain(line) for line in text.split("\n") if line.strip()]
    table = [line for line in lines if is_row(line)]
    if table:
        return "\n".join([*(f"{line}\n" for line in lines if not is_row(line)), rows.table(table)])
    if len(lines) == 1:
        return f"« {_bold(lines[0], bold)} »"
    if passage.kind in ("list", "field"):
        lead = lines[0] if lines[0].rstrip().endswith(":") else ""
        items = lines[1:] if lead else lines
        return "\n".join([*([_bold(lead, bold), ""] if lead else []), *(f"- {_bold(item, bold)}" for item in items)])
    return "« " + "\n\n".join(_bold(line, bold) for line in lines) + " »"


def _shown(piece: Window, scored: Scored, citations: Citations, asked: Understood) -> tuple[str, int | None]:
    passage = scored.candidate.passage
    number = citations.cite(scored.candidate.document, passage, piece.text)
    if number is None:
        piece = Window(scored.sentence.start, scored.sentence.end, scored.sentence.text)
        number = citations.cite(scored.candidate.document, passage, piece.text)
    if number is None:
        return "", None
    return f"{block_quote(piece.text, passage, the_fact(asked, scored.sentence.text))} [{number}]", number


def the_fact(asked: Understood, text: str) -> str:
    """The part of a sentence that is of the kind asked for, to be set in bold; "" when there is none or several."""
    if not asked.wants or asked.wants not in HOLDS or asked.wants == "person" or len(fold(text)) != len(text):
        return ""
    found = list(HOLDS[asked.wants].finditer(fold(text)))
    return text[found[0].start() : found[0].end()].strip() if len(found) == 1 else ""


def _bold(text: str, part: str) -> str:
    return text.replace(part, f"**{part}**", 1) if part and part in text else text


def _plain(line: str) -> str:
    """A line of a document as text: its own Markdown and HTML signs mean nothing."""
    return re.sub(r"([*`<\[])", r"\\\1", line)


def _cell(text: str) -> str:
    return _plain(rows.plain(text)).replace("|", "/").replace("\n", " ; ")
