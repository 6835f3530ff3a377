"""Composing an answer from what was found: quotations in a form that fits the question, each with its citation.

Our own words are few and neutral. The first line alone is an answer; what surrounds it comes next,
and the rest waits behind « en savoir plus ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import phrases, rows
from assistant.citing import Citations
from assistant.crosschecking import another_answer
from assistant.escaping import escape
from assistant.rows import is_row
from assistant.selecting import Scored, announces
from assistant.understanding import Understood
from assistant.wanted import fact_in
from assistant.windows import whole, window
from corpus.documents import Document, Passage
from corpus.french import shorten

SHORT = 600
LONG = 1500
#: A second sentence is quoted beside the first where it scores at most so much less.
AS_GOOD = 0.1
#: What stands in one cell of a comparison: more is tiring to read in two columns, above all on a telephone.
CELL = 280
_NUMBERED = re.compile(r"\d{1,2}[.)] ")


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer's two parts."""

    answer: str
    more: str = ""


class Composer:
    """Composes from the ranked sentences of one question."""

    def __init__(self, asked: Understood, citations: Citations) -> None:
        self._asked = asked
        self.citations = citations

    def fact(self, ranked: Sequence[Scored]) -> Draft:
        """The sentence that holds the fact, in its context; with it a second source where that one says otherwise, or scores nearly as well."""
        first = ranked[0]
        otherwise = another_answer(ranked, self._asked)
        other = otherwise or next((s for s in ranked[1:] if s.candidate.uid != first.candidate.uid and first.score - s.score < AS_GOOD), None)
        body, number = self.quote(first, SHORT - 320 if other else SHORT - 150)
        if number is None:
            return Draft("")
        lines = [body, f"— {self.citations.place(number)}."]
        left = SHORT - sum(len(line) + 2 for line in lines) - 60
        if other and left > 90:
            extra, extra_number = self.quote(other, left)
            if extra_number:
                lines += [*([phrases.OTHERWISE] if otherwise else []), extra, f"— {self.citations.place(extra_number)}."]
        return Draft("\n\n".join(lines), self.surroundings(first))

    def several(self, answers: Sequence[Scored]) -> Draft:
        """The best sentence for each part of a question, in the order asked; one sentence may answer several. A list that it announces is shown whole."""
        lines: list[str] = []
        left = SHORT - 100
        shown = list({s.at: s for s in answers}.values())
        for place, scored in enumerate(shown):
            if any(scored.sentence.text in line for line in lines):
                continue
            listed = announces(scored)
            body, number = self.quote(scored, LONG // len(shown) - 100 if listed else left // (len(shown) - place))
            if number is not None:
                lines += [body, f"— {self.citations.place(number)}."]
                left -= 0 if listed else len(body) + 70
        return Draft("\n\n".join(lines), self.surroundings(answers[0]))

    def listing(self, ranked: Sequence[Scored], sections: Sequence[Sequence[Passage]]) -> Draft:
        """Whole lists with their lead-in: each of ``sections`` is a run of passages to show in order, best first."""
        lines: list[str] = []
        for run in sections:
            source = next(s for s in ranked if s.candidate.passage.document == run[0].document).candidate.document
            number = None
            for passage in run:
                left = LONG - sum(len(line) + 2 for line in lines) - 130
                if left < 200:
                    break
                body, cited = self.passage(source, passage, whole(passage, left).text)
                if cited is not None:
                    number = cited
                    lines.append(body)
            if number is not None:
                lines.append(f"— {self.citations.place(number)}.")
        return Draft("\n\n".join(lines), self.surroundings(ranked[0]))

    def comparison(self, columns: Sequence[tuple[str, Scored]], contrast: Scored | None = None) -> Draft:
        """A table with one column a document or sheet, after the sentence that tells them apart where there is one."""
        opening = self.quote(contrast, 260)[0] if contrast else ""
        cells: list[tuple[str, str, int]] = []
        for title, scored in columns:
            candidate = scored.candidate
            text = max(self.citations.parts(candidate.document, candidate.passage, window(candidate.passage, scored.sentence, CELL).text), key=len, default="")
            number = self.citations.cite(candidate.document, candidate.passage, text)
            if number is not None:
                cells.append((title, text, number))
        if len(cells) < 2:
            return Draft("")
        head = " | ".join(escape(shorten(title, 70)).replace("|", "/") for title, _, _ in cells)
        row = " | ".join(f"« {_cell(text)} » [{number}]" for _, text, number in cells)
        places = "\n\n".join(f"[{citation.number}] {self.citations.place(citation.number)}." for citation in self.citations.all)
        table = f"| {head} |\n|{' --- |' * len(cells)}\n| {row} |"
        return Draft("\n\n".join(part for part in (opening, table, places) if part))

    def quote(self, scored: Scored, budget: int, answers: bool = True) -> tuple[str, int | None]:
        """A sentence in its window, quoted and cited: once, or page by page where the window goes on over the end of a page.

        The fact asked for is in bold, unless the sentence only comes near: then nothing in it is that fact.
        """
        bold = fact_in(self._asked.wants, scored.sentence.text) if answers else ""
        candidate = scored.candidate
        text = window(candidate.passage, scored.sentence, budget).text
        if candidate.passage.kind == "prose":  # what stands on the page before or after is left out, unless the sentence itself goes on there
            parts = self.citations.parts(candidate.document, candidate.passage, text)
            text = next((part for part in parts if scored.sentence.text in part), text)
        return self.passage(candidate.document, candidate.passage, text, bold)

    def passage(self, document: Document, passage: Passage, text: str, bold: str = "") -> tuple[str, int | None]:
        """A part of a passage, quoted and cited page by page; the number is the first page's, None where the text stands on none.

        A sentence that goes on over the end of its page stays one sentence: « … [1] … » [2].
        """
        numbered = [(part, self.citations.cite(document, passage, part)) for part in self.citations.parts(document, passage, text)]
        cited = [(block_quote(part, passage, bold), number) for part, number in numbered if number is not None]
        if len(cited) > 1 and all(body.endswith(" »") for body, _ in cited):
            joined = " ".join(f"{body.removeprefix('« ').removesuffix(' »')} [{number}]" for body, number in cited)
            last = f" [{cited[-1][1]}]"
            return f"« {joined.removesuffix(last)} »{last}", cited[0][1]
        return "\n\n".join(f"{body} [{number}]" for body, number in cited), cited[0][1] if cited else None

    def surroundings(self, scored: Scored) -> str:
        """The whole passage of the main quotation, for « en savoir plus »."""
        passage = scored.candidate.passage
        known = next((c for c in self.citations.all if c.passage == passage.text and c.document == passage.document), None)
        if known is None or len(passage.text) <= len(known.quote) + 40:
            return ""
        return f"Le passage entier [{known.number}] :\n\n{block_quote(passage.text, passage)}"


def block_quote(text: str, passage: Passage, bold: str = "") -> str:
    """Blocks as Markdown: prose between guillemets, the items of a list as a list, the rows of a table as a table."""
    lines = [escape(line) for line in text.split("\n") if line.strip()]
    table = [line for line in lines if is_row(line)]
    if table:
        return "\n".join([*(f"{line}\n" for line in lines if not is_row(line)), rows.table(table)])
    if len(lines) > 1 and passage.kind in ("list", "field"):
        return _list(lines, bold)
    prose = "\n\n".join(_bold(line, bold) for line in lines)
    return f"« {_inside(prose)} »"


def _list(lines: list[str], bold: str) -> str:
    """A list after the lines that lead into it: those up to the first that announces, or what stands before number one."""
    leads = next((place + 1 for place, line in enumerate(lines[:-1]) if line.rstrip().endswith(":")), 0)
    if not leads and not _NUMBERED.match(lines[0]):
        leads = next((place for place, line in enumerate(lines) if _NUMBERED.match(line)), 0)
    shown = [f"{_bold(line, bold)}\n" if place < leads or line.rstrip().endswith(":") else _item(_bold(line, bold)) for place, line in enumerate(lines)]
    return "\n".join(shown)


def _inside(text: str) -> str:
    """A text to stand between guillemets: its own become quotation marks, and one that a cut left without its other half goes.

    >>> _inside("« Nous louons. » Et après ?"), _inside("« Nous louons. Et après ?")
    ('“Nous louons.” Et après ?', 'Nous louons. Et après ?')
    >>> _inside("« Nous louons. » Et « après"), _inside("nous louons. » Et « après »")
    ('“Nous louons.” Et après', 'nous louons. Et “après”')
    """
    marked = re.sub(r"\s?»", "”", re.sub(r"«\s?", "“", text))
    alone = marked.count("“") - marked.count("”")
    if alone == 1:  # cut at the end: the last one opened
        before, _, after = marked.rpartition("“")
        return before + after
    return marked.replace("”", "", 1) if alone == -1 else marked


def _item(text: str) -> str:
    """An item of a list; one that has its number keeps it."""
    return text if _NUMBERED.match(text) else f"- {text}"


def _bold(text: str, part: str) -> str:
    return text.replace(part, f"**{part}**", 1) if part and part in text else text


def _cell(text: str) -> str:
    return escape(rows.plain(text)).replace("|", "/").replace("\n", " ; ")
