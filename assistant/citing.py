"""Citations: each quotation is verified on its page before it gets a number."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence

from assistant.answer import Citation
from assistant.escaping import escape
from assistant.quoting import by_page, page_of
from assistant.rows import plain
from corpus.documents import NO_PAGE, Document, Page, Passage
from corpus.french import MONTHS, shorten

SCRAP = 25  # a shorter part of a quotation says nothing
STARTER_NOTE = "contenu de démarrage, à valider par le Cerdd"


class Citations:
    """The citations of one answer, numbered in order of first use."""

    def __init__(self, pages_of: Callable[[str], Sequence[Page]], today: datetime.date) -> None:
        self._pages_of = pages_of
        self._today = today
        self._found: list[Citation] = []

    @property
    def all(self) -> tuple[Citation, ...]:
        """The citations so far."""
        return tuple(self._found)

    def cite(self, document: Document, passage: Passage, quote: str) -> int | None:
        """The number of a verified citation, or None when the quotation does not stand on a page of its passage."""
        quote = plain(quote)
        page = page_of(quote, self._plain_pages(document, passage))
        if page is None:
            return None
        for known in self._found:
            if known.document == document.id and known.quote == quote:
                return known.number
        number = len(self._found) + 1
        self._found.append(Citation(number, document.id, document.title, page, passage.section, quote, passage.text, document.starter, self.note(document)))
        return number

    def parts(self, document: Document, passage: Passage, text: str) -> list[str]:
        """A passage's text in what each page holds of it: all of it, unless it goes on over the end of a page. Scraps are left out."""
        if passage.page == passage.last_page:
            return [text]
        found = by_page(text, self._plain_pages(document, passage))
        return [part for part in found if len(part) >= SCRAP or len(found) == 1]

    def _plain_pages(self, document: Document, passage: Passage) -> list[Page]:
        return [Page(page.number, plain(page.text)) for page in self._pages_of(document.id) if passage.page <= page.number <= passage.last_page]

    def past(self, document: Document) -> bool:
        """Whether a document tells of something that is over by now."""
        return bool(document.valid_until) and document.valid_until < self._today.isoformat()

    def note(self, document: Document) -> str:
        """What a reader must know of a source before trusting it: starter content, or its date, or that it is past it."""
        notes = [STARTER_NOTE] if document.starter else []
        if document.date and not document.starter:
            spoken = spoken_date(document.date)
            notes.append(f"daté du {spoken}" if len(document.date) > 7 else f"daté d'{spoken}" if spoken[0] in "ao" else f"daté de {spoken}")
        if self.past(document):
            notes.append(f"échu depuis le {spoken_date(document.valid_until)}")
        return ", ".join(notes)

    def place(self, number: int) -> str:
        """Where a citation comes from, in words: title, page, section, note."""
        citation = self._found[number - 1]
        page = f", page {citation.page}" if citation.page != NO_PAGE else ""
        section = shorten(citation.section.rsplit(" › ", 1)[-1], 60)
        section = f", « {escape(section)} »" if section and section != citation.title else ""
        note = f" ({citation.note})" if citation.note else ""
        return f"*{escape(_short_title(citation.title))}*{page}{section}{note}"


def _short_title(title: str) -> str:
    """A title short enough to stand in a sentence; one all in capitals is set in lower case."""
    title = re.sub(r"\s*\[[^\]]*\]|\s*\([^)]*\)", "", title)
    if sum(c.isupper() for c in title) > 0.6 * sum(c.isalpha() for c in title):
        title = title[:1] + title[1:].lower()
    return shorten(title, 75)


def spoken_date(iso: str) -> str:
    """An ISO date as people say it.

    >>> spoken_date("2024-12-19"), spoken_date("2023-05"), spoken_date("2021")
    ('19 décembre 2024', 'mai 2023', '2021')
    """
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    month = MONTHS[parts[1] - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{'1er' if parts[2] == 1 else parts[2]} {month} {parts[0]}"
