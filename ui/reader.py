"""A stored document as a page to read: what it is, its pages in order, the quoted sentence shown in its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from assistant.citing import spoken_date
from corpus.demarche import Demarche
from corpus.documents import NO_PAGE, Document, Page, Passage
from ui import texts
from ui.markup import escape
from ui.pages import Structure, holds, page_markup
from ui.shell import plain

WINDOW = 40  # pages shown at once
BEFORE = 5  # of which before the one asked for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked to see: a page, and a quotation to show."""

    page: int = NO_PAGE
    cited: str = ""


def document_page(document: Document, pages: Sequence[Page], passages: Iterable[Passage], demarche: Demarche, wanted: Wanted, today: str) -> str:
    """The whole HTML page of one document."""
    structure = Structure.of(document, passages)
    place = _place(pages, structure, wanted)
    shown = _around(pages, place.number if place else wanted.page)
    lost = f'<p id="citation" class="mention">{escape(texts.NOT_FOUND_QUOTE)}</p>' if wanted.cited and place is None else ""
    move = _moves(document, pages, shown)
    body = "".join(page_markup(page, structure, wanted.cited if page is place else "") for page in shown)
    parts = [f"<h1>{escape(document.title)}</h1>", _notice(document, demarche, today), lost, move, body, _links(document), move]
    return plain(document.title, f'<article class="document">{"".join(parts)}</article>')


def _place(pages: Sequence[Page], structure: Structure, wanted: Wanted) -> Page | None:
    """The page that holds the quotation: the one named, else the first that does."""
    if not wanted.cited:
        return None
    nearest = sorted(pages, key=lambda page: page.number != wanted.page)
    return next((page for page in nearest if holds(page, structure, wanted.cited)), None)


def _around(pages: Sequence[Page], number: int) -> Sequence[Page]:
    """The pages shown: all, or in a long document WINDOW of them around the one asked for."""
    at = next((place for place, page in enumerate(pages) if page.number == number), 0)
    first = max(0, min(at - BEFORE, len(pages) - WINDOW))
    return pages[first : first + WINDOW]


def _notice(document: Document, demarche: Demarche, today: str) -> str:
    """What one must know of a document before trusting it."""
    kind = texts.TYPES.get(document.type, document.type)
    named = [demarche.step(step).title for step in document.sheet.get("etapes") or () if step in demarche.step_ids]
    lines = [f"{kind}, {texts.STARTER}" if document.starter else kind, *_facts(document)]
    lines += [texts.STEPS.format(steps=" ; ".join(named))] if named else []
    if document.valid_until:
        pattern = texts.EXPIRED if document.valid_until < today else texts.VALID_UNTIL
        lines.append(pattern.format(date=spoken_date(document.valid_until)))
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    if document.type == "document":
        label = texts.DOWNLOAD.format(suffix=document.suffix.lstrip(".").upper())
        items += f'<li><a href="/original/{quote(document.id, safe="")}" download>{escape(label)}</a></li>'
    return f'<ul class="notice">{items}</ul>'


def _facts(document: Document) -> list[str]:
    facts = [
        (texts.DATED, "date", spoken_date(document.date) if document.date else ""), (texts.AUTHOR, "author", document.author),
        (texts.SOURCE, "source", document.source), (texts.LICENCE, "licence", document.licence),
    ]  # fmt: skip
    return [pattern.format(**{name: value}) for pattern, name, value in facts if value]


def _links(document: Document) -> str:
    """The links that the sheet itself gives; nothing is fetched from them."""
    links = [(str(link["titre"]), str(link["url"])) for link in document.sheet.get("liens") or ()]
    items = "".join(
        f'<li><a href="{escape(url)}" rel="noopener noreferrer nofollow" target="_blank">{escape(title)}</a> {escape(texts.OUTSIDE)}</li>'
        for title, url in links
        if urlsplit(url).scheme in ("http", "https")
    )
    return f'<section class="liens"><h2 class="titre">{escape(texts.LINKS)}</h2><ul>{items}</ul></section>' if items else ""


def _moves(document: Document, pages: Sequence[Page], shown: Sequence[Page]) -> str:
    """Links to the pages before and after those shown."""
    if len(shown) == len(pages):
        return ""
    first, last = shown[0].number, shown[-1].number
    said = escape(texts.PAGES_SHOWN.format(first=first, last=last, total=len(pages)))
    before = _to(document, max(pages[0].number, first - WINDOW + BEFORE), texts.PAGES_BEFORE) if first > pages[0].number else ""
    after = _to(document, min(last + BEFORE, pages[-1].number), texts.PAGES_AFTER) if last < pages[-1].number else ""
    return f'<p class="feuillets"><span>{said}</span> {before} {after}</p>'


def _to(document: Document, page: int, label: str) -> str:
    return f'<a href="/document/{quote(document.id, safe="")}?page={page}">{escape(label)}</a>'
