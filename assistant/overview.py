"""The steps of the démarche in order, each in the sentence that its sheet opens with."""

from __future__ import annotations

from assistant import cues, phrases
from assistant.composing import Composer, Draft, block_quote
from assistant.knowledge import Knowledge
from assistant.quoting import passage_sentences, passage_under
from assistant.understanding import Understood
from corpus.documents import Document, Passage
from corpus.store import Store

_OPENING = "Intentions"


def asks(asked: Understood) -> bool:
    """Whether all the steps are asked for, and not the tools for them nor one step alone."""
    elsewhere = asked.steps or asked.comparison or asked.wants not in ("", "count", "names") or cues.points("intent", "tool", asked.folded)
    return not elsewhere and cues.points("overview", "steps", asked.folded)


def compose(composer: Composer, knowledge: Knowledge, store: Store) -> Draft:
    """A numbered list, one quotation a step; empty unless each step has its sheet."""
    sheets = [knowledge.step_sheets[step.id] for step in knowledge.demarche.steps if step.id in knowledge.step_sheets]
    openings = [(sheet, passage) for sheet in sheets if (passage := passage_under(_OPENING, sheet, store)) is not None]
    if len(openings) < len(knowledge.demarche.steps):
        return Draft("")
    lines = [line for place, (sheet, passage) in enumerate(openings, 1) if (line := _line(place, sheet, passage, composer))]
    if len(lines) < len(openings):
        return Draft("")
    places = f"— {composer.citations.place(1)}, et les fiches des étapes suivantes."
    return Draft("\n".join([phrases.OVERVIEW.format(count=len(lines)), "", *lines, "", places]))


def _line(place: int, sheet: Document, passage: Passage, composer: Composer) -> str:
    sentence = passage_sentences(passage)[0].text
    number = composer.citations.cite(sheet, passage, sentence)
    return f"{place}. {block_quote(sentence, passage)} [{number}]" if number else ""
