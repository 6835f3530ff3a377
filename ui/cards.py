"""Tool cards: what a tool is for, what one needs to run it, and the plan to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from assistant.answer import Answer, Suggestion
from corpus.demarche import Demarche
from corpus.documents import Document
from ui import takeaway, texts
from ui.markup import escape, on_text, rich, tied

Lookup = Callable[[str], Document | None]
SHORT = 40  # characters of a fact that shares its line with another


def shelf(answer: Answer, demarche: Demarche, lookup: Lookup, links: Mapping[int, str]) -> str:
    """The tools of an answer: open where tools were asked for, behind a disclosure where they only come along."""
    if not answer.tools:
        return _aside(answer)
    count = len(answer.tools)
    title = escape(texts.TOOLS_ONE if count == 1 else texts.TOOLS_MANY.format(count=count))
    numbers = {citation.document: links[citation.number] for citation in reversed(answer.citations) if citation.number in links}
    cards = "".join(_card(tool, demarche, lookup, numbers.get(tool.id, "")) for tool in answer.tools)
    if answer.intent in ("tool", "journey") and not answer.needs_clarification:
        return f'<section class="outils"><h3>{title}</h3><ul>{cards}</ul>{_take_away(answer, lookup)}{_aside(answer)}</section>'
    related = escape(texts.MEANWHILE if answer.needs_clarification else texts.RELATED_ONE if count == 1 else texts.RELATED_MANY.format(count=count))
    return f'<details class="plus outils"><summary>{related}</summary><ul>{cards}</ul>{_aside(answer)}</details>'


def _card(tool: Suggestion, demarche: Demarche, lookup: Lookup, mark: str) -> str:
    sheet = lookup(tool.id)
    steps = [demarche.step(step).title if step in demarche.step_ids else step for step in tool.steps]
    every = len(steps) > 1 and set(tool.steps) >= set(demarche.step_ids)
    said_steps = texts.EVERY_STEP if every else " · ".join(steps)
    title = f'<a class="source" href="/document/{quote(tool.id, safe="")}">{tied(escape(tool.title))}</a>' if sheet else tied(escape(tool.title))
    facts = (
        (texts.DURATION, tool.duration), (texts.PARTICIPANTS, tool.participants), (texts.STATUS, tool.status),
        (texts.OUTCOME, tool.outcome), (texts.PREPARE, tool.prepare), (texts.FOLLOWING, ", ".join(tool.following)),
    )  # fmt: skip
    said = "".join(_fact(name, value) for name, value in facts if value)
    parts = [
        f"<h4>{title}</h4>", f'<p class="etapes">{escape(said_steps)}</p>' if steps else "", _why(tool.reason, mark), f"<dl>{said}</dl>" if said else "",
        f'<p class="mention">{escape(texts.STARTER)}</p>' if sheet and sheet.starter else "",
    ]  # fmt: skip
    return f'<li class="outil">{"".join(parts)}</li>'


def _fact(name: str, value: str) -> str:
    width = "court" if len(value) < SHORT else "long"
    return f'<div class="{width}"><dt>{escape(name)}</dt><dd>{tied(escape(value))}</dd></div>'


def _why(reason: str, mark: str) -> str:
    body = on_text(rich(reason), tied).removesuffix("</p>")
    return f'<div class="pourquoi">{body} {mark}</p></div>' if body else ""


def _take_away(answer: Answer, lookup: Lookup) -> str:
    """Links to the plan of the proposed tools, one a format."""
    tools = [tool.id for tool in answer.tools if lookup(tool.id) is not None]
    if not tools:
        return ""
    said = f'<span class="lecture">{escape(texts.TAKE_AWAY_IN)} </span>'
    links = " ".join(f'<a href="{escape(takeaway.address(answer, tools, kind))}">{said}{name}</a>' for kind, name in texts.TAKE_AWAY_FORMATS.items())
    return f'<p class="emporter"><span>{tied(escape(texts.TAKE_AWAY))}</span> {links}</p>'


def _aside(answer: Answer) -> str:
    if not answer.set_aside:
        return ""
    lines = "".join(f"<li><strong>{escape(title)}</strong> : {escape(reason)}</li>" for title, reason in answer.set_aside)
    return f'<div class="ecartes"><h4>{escape(texts.SET_ASIDE)}</h4><ul>{lines}</ul></div>'
