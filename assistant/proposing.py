"""Proposing: the tools for a situation, each with its reason and the sentence of its sheet that says when to use it.

A document's fact comes first where one was asked for as well, and a route sheet where a journey was.
"""

from __future__ import annotations

from assistant import phrases
from assistant.answer import Answer, Intent, Suggestion
from assistant.case import Case
from assistant.composing import Composer
from assistant.escaping import escape
from assistant.quoting import passage_sentences, passage_under
from assistant.routes import fitting_route
from assistant.windows import whole

_TRAVELLED = "Le trajet"
#: What a route may take of an answer: its stages, each a line or two.
_ROUTE = 1300


def propose(case: Case, intent: Intent, composer: Composer, held: bool) -> Answer:
    """The answer to who wants tools; ``held``: the corpus answers, so that a fact asked for may be quoted."""
    advice = case.recommendation
    lines: list[str] = []
    best = case.ranked[0] if case.ranked else None
    if held and best and case.asked.wants and best.typed and not best.candidate.document.starter:
        lines.append(composer.fact(case.ranked).answer)
    if intent == "journey":
        lines += _route(case, composer)
    if advice.steps:
        lines.append(_step_sentence(case))
    if advice.relaxed:
        lines.append(phrases.RELAXED)
    lines += [f"{place}. {_tool_line(tool, _cite(tool, case, composer))}" for place, tool in enumerate(advice.tools, 1)]
    if advice.set_aside:
        lines.append(phrases.ASIDE.format(aside=" ; ".join(f"*{title}* ({reason})" for title, reason in advice.set_aside)))
    return Answer(
        case.asked.typed,
        case.asked.text,
        "\n\n".join(line for line in lines if line),
        intent,
        steps=advice.steps,
        step_reason=", ".join(advice.step_words),
        citations=composer.citations.all,
        tools=advice.tools,
        set_aside=advice.set_aside,
    )


def _route(case: Case, composer: Composer) -> list[str]:
    """The stages of the route sheet that fits, quoted, where one does."""
    tools = [case.knowledge.tools[tool.id] for tool in case.recommendation.tools]
    route = fitting_route(case.asked.text, case.recommendation.steps, tools, case.knowledge, case.library, asked_for=True)
    travelled = passage_under(_TRAVELLED, route, case.library.store) if route else None
    if route is None or travelled is None:
        return []
    body, number = composer.passage(route, travelled, whole(travelled, _ROUTE).text)
    return [phrases.ROUTE.format(title=escape(route.title)), body, f"— {composer.citations.place(number)}."] if number else []


def _step_sentence(case: Case) -> str:
    advice, demarche = case.recommendation, case.knowledge.demarche
    title = demarche.step(advice.steps[0]).title
    step = title[0].lower() + title[1:]
    if case.asked.steps:
        return phrases.STEP_NAMED.format(step=step)
    if advice.step_words:
        return phrases.STEP.format(step=step, words=" », « ".join(advice.step_words))
    return phrases.STEP_ALONE.format(step=step)


def _cite(tool: Suggestion, case: Case, composer: Composer) -> int | None:
    """Cite the sentence of the tool's sheet that says when to use it."""
    for stored in case.library.store.passages(tool.id):
        if stored.passage.section.startswith("Quand l"):
            sentence = passage_sentences(stored.passage)[0]
            return composer.citations.cite(case.knowledge.documents[tool.id], stored.passage, sentence.text)
    return None


def _tool_line(tool: Suggestion, number: int | None) -> str:
    mark = f" [{number}]" if number else ""
    details = ", ".join(part for part in (tool.duration, tool.participants, tool.status.lower()) if part)
    return f"**{tool.title}** ({details}). {tool.reason}{mark}"
