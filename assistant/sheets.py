"""Composing from one sheet: its definition or the part of it that the question asks for, quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant import cues
from assistant.composing import LONG, SHORT, Composer, Draft, block_quote
from assistant.covering import stems_of
from assistant.knowledge import sheet_names
from assistant.retrieval import POINTERS
from assistant.selecting import Scored
from assistant.understanding import Understood
from assistant.windows import whole
from corpus.documents import Document

#: Within one sheet, how much more its passage counts: its sections are well told apart.
PASSAGE = 0.8
RUN = 12.0
#: What the line that names the source takes.
PLACE = 110
#: Sections that answer before the definition does, where they hold the best sentence.
_ASIDE = ("À ne pas confondre", "Un exemple", "Pour en parler simplement")
_DEFINING = ("En une phrase", "Objectifs", "Intentions", "En bref", "Pour qui")


def compose(sheet: Document, asked: Understood, ranked: Sequence[Scored], composer: Composer) -> Draft:
    """The part of the sheet that answers, and the defining sentence: that one first, unless the question points elsewhere."""
    ordered = cued(sheet, asked, ranked)
    if not ordered:
        return Draft("")
    best = ordered[0]
    if _section(best) == "Déroulé" or (best.candidate.passage.kind == "list" and (asked.procedure or asked.listing)):
        return _procedure(best, ordered, composer)
    lead = next((s for s in ranked if _section(s) == "En une phrase"), None) if sheet.type == "concept" else None
    if lead is None or lead.candidate.uid == best.candidate.uid:
        parts = [best, *(s for s in ordered if s.candidate.uid != best.candidate.uid and s is not lead)][:2]
    elif asked.definition and _section(best) not in _ASIDE:
        parts = [lead, _opening(ranked, "Définition") or best]
    else:
        parts = [best, lead] if _section(best) in _ASIDE else [lead, best]
    return _quoted(parts, ordered, composer)


def _quoted(parts: Sequence[Scored], ordered: Sequence[Scored], composer: Composer) -> Draft:
    """The parts in order, each in the window that the budget leaves it."""
    lines: list[str] = []
    numbers: list[int] = []
    left = SHORT - PLACE
    for place, part in enumerate(parts):
        rest = sum(min(len(other.sentence.text), 200) + 10 for other in parts[place + 1 :])
        if place and left < len(part.sentence.text) * 0.7:
            break
        body, number = composer.quote(part, max(80, left - rest))
        if number is not None and number not in numbers:
            lines.append(body)
            numbers.append(number)
            left -= len(body) + 2
    if not numbers:
        return Draft("")
    return Draft("\n\n".join([*lines, f"— {composer.citations.place(numbers[0])}."]), _more(parts[0], ordered, composer))


def cued(sheet: Document, asked: Understood, ranked: Sequence[Scored]) -> list[Scored]:
    """The sentences of a sheet, those of the section that the question points at first."""
    wanted = cues.every(f"sections.{sheet.type}", asked.folded)
    lift = {section: 3.0 if place == 0 else 1.0 for place, section in enumerate(wanted)}
    if asked.procedure and "Déroulé" in wanted:  # who asks how to run a tool wants its run, whatever sentence comes near
        lift["Déroulé"] = RUN
    if asked.definition and not wanted:
        lift = {"En une phrase": 2.0, "Définition": 2.0}
    lift |= {section: -1.5 for section in POINTERS if section not in lift}
    helped = [replace(s, score=s.score + lift.get(_section(s), 0.0) + PASSAGE * s.signs["passage"]) for s in ranked]
    return sorted(helped, key=lambda s: -s.score)


def defining(ranked: Sequence[Scored]) -> Scored:
    """The sentence that says what the sheet is about."""
    return next((s for s in ranked if _section(s) in _DEFINING), ranked[0])


def _opening(ranked: Sequence[Scored], section: str) -> Scored | None:
    """The first sentence of a section."""
    inside = [s for s in ranked if _section(s) == section]
    return min(inside, key=lambda s: (s.candidate.passage.ordinal, s.sentence.start), default=None)


def contrasting(ranked: Sequence[Scored], other: Document) -> Scored | None:
    """The best sentence of « À ne pas confondre » that names both its own sheet and another."""

    def names(document: Document, text: str) -> bool:
        return any(name and name <= stems_of(text) for name in map(stems_of, sheet_names(document)))

    inside = (s for s in ranked if _section(s) == "À ne pas confondre")
    return next((s for s in inside if names(other, s.sentence.text) and names(s.candidate.document, s.sentence.text)), None)


def _section(scored: Scored) -> str:
    return scored.candidate.passage.section.rsplit(" › ", 1)[-1].replace("’", "'")


def _procedure(first: Scored, ordered: Sequence[Scored], composer: Composer) -> Draft:
    """The run of the tool in order: every passage of its section."""
    section = first.candidate.passage.section
    passages = sorted({s.candidate.passage for s in ordered if s.candidate.passage.section == section}, key=lambda p: p.ordinal)
    lines: list[str] = []
    left = LONG - 150
    number = None
    for passage in passages:
        piece = whole(passage, left)
        if left < 200:
            break
        cited = composer.citations.cite(first.candidate.document, passage, piece.text)
        if cited is not None:
            number = number or cited
            lines.append(f"{block_quote(piece.text, passage)} [{cited}]")
            left -= len(piece.text)
    return Draft("\n\n".join([*lines, f"— {composer.citations.place(number)}."])) if number else Draft("")


def _more(first: Scored, ordered: Sequence[Scored], composer: Composer) -> str:
    """What else the sheet says, named but not quoted: its other sections."""
    sections = list(dict.fromkeys(_section(s) for s in sorted(ordered, key=lambda s: s.candidate.passage.ordinal) if _section(s)))
    others = [section for section in sections if section != _section(first)]
    return (
        f"La fiche *{first.candidate.document.title}* dit aussi : {', '.join(f'« {section} »' for section in others)}."
        if others
        else composer.surroundings(first)
    )
