"""An Answer as the markup of one turn: pure functions, each returns safe HTML on one line.

Styles and behaviour hang on classes only (style.css, page.js): Gradio's own sanitiser, a second
wall after ours, drops « data- » and « aria- » attributes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from assistant.answer import Answer, Citation
from assistant.constraints import DROP
from corpus.demarche import Demarche
from corpus.french import fold
from ui import cards, texts
from ui.cards import Lookup
from ui.markup import appearing, escape, on_text, rich, tied

LONG_REVEAL = 1.4  # seconds for a whole answer to appear, at most
STEP_REVEAL = 0.05  # seconds between two groups of words, at most


def source_url(document: str, page: int = 0, cited: str = "") -> str:
    """Where a document is read, with the quoted sentence shown.

    >>> source_url("a/b.pdf", 4, "l'usage")
    '/document/a%2Fb.pdf?page=4&cite=l%27usage#citation'
    """
    query = urlencode({key: value for key, value in (("page", page), ("cite", cited)) if value})
    return f"/document/{quote(document, safe='')}{'?' + query if query else ''}{'#citation' if cited else ''}"


def welcome() -> str:
    """What is shown before the first question."""
    uses = "".join(
        f'<li class="usage"><h3>{escape(title)}</h3><p>{escape(text)}</p><p class="essayer">{escape(texts.EXAMPLE_CALL)}</p>'
        f"{''.join(_button(example, 'exemple') for example in examples)}</li>"
        for title, text, examples in texts.USES
    )
    opening = f'<h2>{tied(escape(texts.WELCOME))}</h2><p class="presentation">{tied(escape(texts.INTRODUCTION))}</p>'
    return f'<section class="accueil">{opening}<ul class="usages">{uses}</ul></section>'


def pending(question: str, message: str = texts.SEARCHING) -> str:
    """A turn whose answer is awaited."""
    return _turn(question, f'<p class="attente"><span class="points"></span>{escape(message)}</p>', "tour en-cours")


def trouble(question: str, message: str, remedy: str) -> str:
    """A turn that could not be answered: what happened, and what to do."""
    body = f'<div class="reponse souci"><p><strong>{escape(message)}</strong></p>{f"<p>{escape(remedy)}</p>" if remedy else ""}</div>'
    return _turn(question, body, "tour fini") if question else f'<article class="tour fini">{body}</article>'


def turn(question: str, answer: Answer, demarche: Demarche, lookup: Lookup, fresh: bool = False, note: str = "") -> str:
    """A turn with its whole answer, and a note under it. A ``fresh`` one makes its words appear in groups."""
    links = {citation.number: _mark(citation) for citation in answer.citations}
    body = rich(_text(answer), lambda number: links.get(number, ""))
    body, groups = appearing(body) if fresh else (on_text(body, tied), 0)
    pace = min(STEP_REVEAL, LONG_REVEAL / groups) if groups else 0.0
    classes = f"tour fini{' frais' if fresh else ''}{' sans-reponse' if answer.abstained else ''}"
    said = f'<p class="mention">{escape(note)}</p>' if note else ""
    following = cards.shelf(answer, demarche, lookup, links) + _more(answer.more, links) + _citations(answer.citations) + _actions(answer)
    parts = [
        _stage(answer, demarche),
        _chips(answer.chips),
        f'<div class="reponse">{body}</div>',
        said,
        _choices(answer.choices),
        f'<div class="suite">{following}</div>',
    ]
    return _turn(question, "".join(parts), classes, f"--pas:{pace:.3f}s;--fin:{pace * groups:.2f}s")


def _turn(question: str, body: str, classes: str, style: str = "") -> str:
    paced = f' style="{style}"' if style else ""
    heading = f'<h2 class="question"><span class="lecture">{escape(texts.YOUR_QUESTION)} : </span>{tied(escape(question))}</h2>'
    return f'<article class="{classes}"{paced}>{heading}{body}</article>'


def _text(answer: Answer) -> str:
    """The answer without the lines that the cards below say better: one a tool, and the tools set aside."""
    titles = {tool.title for tool in answer.tools}
    kept = []
    for part in answer.answer.split("\n\n"):
        named = re.match(r"(?:\d+\. |- )?\*\*(.+?)\*\*", part)
        is_tool = answer.intent in ("tool", "journey") and named and named[1] in titles
        is_aside = bool(answer.set_aside) and fold(part).startswith("ecartes") and all(title in part for title, _ in answer.set_aside)
        if not is_tool and not is_aside:
            kept.append(part)
    return "\n\n".join(kept)


def _stage(answer: Answer, demarche: Demarche) -> str:
    """Where the asker stands, unless the answer itself says so."""
    steps = [demarche.step(step).title for step in answer.steps if step in demarche.step_ids]
    if (
        not steps
        or answer.needs_clarification
        or answer.intent not in ("tool", "journey")
        or any(fold(step.split(", ", 1)[-1]) in fold(answer.answer) for step in steps)
    ):
        return ""
    low = [step[0].lower() + step[1:] for step in steps]
    said = texts.STAGE_KNOWN.format(step=low[0]) if len(low) == 1 else texts.STAGE_PAIR.format(first=low[0], second=low[1])
    return f'<p class="etape">{escape(said)} {escape(answer.step_reason)}</p>'


def _chips(chips: Sequence[str]) -> str:
    """The constraints held, each a button that lets it go: its words are the next question."""
    if not chips:
        return ""
    said = f'<span class="lecture">{escape(DROP)}</span>'
    buttons = "".join(f'<button type="button" class="exemple puce">{said}{escape(chip)}</button>' for chip in chips)
    return f'<p class="puces"><span>{escape(texts.CHIPS)}</span> {buttons}</p>'


def _choices(choices: Sequence[str]) -> str:
    if not choices:
        return ""
    lead = f"<p>{escape(texts.CHOICES)}</p>" if len(choices) > 1 else ""
    return f'<div class="choix{"" if lead else " retour"}">{lead}{"".join(_button(choice, "exemple") for choice in choices)}</div>'


def _more(markdown: str, links: dict[int, str]) -> str:
    if not markdown.strip():
        return ""
    body = on_text(rich(markdown, lambda number: links.get(number, "")), tied)
    return f'<details class="plus"><summary>{escape(texts.MORE)}</summary><div>{body}</div></details>'


def _citations(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    return f'<section class="sources"><h3>{escape(texts.SOURCES)}</h3><ol>{"".join(_citation(citation) for citation in citations)}</ol></section>'


def _citation(citation: Citation) -> str:
    section = citation.section.rsplit(" › ", 1)[-1]
    place = [texts.PAGE.format(page=citation.page)] if citation.page else []
    place += [f"« {section} »"] if section and section != citation.title else []
    note = citation.note or (texts.STARTER if citation.starter else "")
    parts = [
        f'<a class="source" href="{_url(citation)}">{tied(escape(citation.title))}</a>',
        f'<span class="lieu">, {tied(escape(", ".join(place)))}</span>' if place else "",
        f' <span class="mention">{escape(note)}</span>' if note else "",
        f"<blockquote>{tied(escape(citation.quote))}</blockquote>",
    ]
    return f'<li class="citation"><span class="numero">{citation.number}</span><div>{"".join(parts)}</div></li>'


def _url(citation: Citation) -> str:
    return escape(source_url(citation.document, citation.page, citation.quote))


def _mark(citation: Citation) -> str:
    return f'<a class="appel source" href="{_url(citation)}"><span class="lecture">{escape(texts.SOURCE_WORD)} </span>{citation.number}</a>'


def _actions(answer: Answer) -> str:
    if not (answer.citations or answer.tools):
        return ""
    return f'<p class="actions">{_button(texts.COPY, "copier")}{_button(texts.PRINT, "imprimer")}</p>'


def _button(label: str, kind: str) -> str:
    return f'<button type="button" class="{kind}">{escape(label)}</button>'
