"""Composing from one sheet: its definition or the part of it that the question asks for, quoted."""

from __future__ import annotations

import re
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
#: What puts a section first, whatever sentence comes near.
RUN = 12.0
#: What a misunderstanding, an example or a way of telling takes with the sentence that follows it.
FULL = 300
#: How much more a sentence counts that enumerates, for who asks for a list.
ITEMS = 2.0
_ENUMERATES = re.compile(r" : [^.:]+,[^.:]+,| : [^.:]+;[^.:]+;")
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
    return _quoted(_parts(sheet, asked, ranked, ordered), ordered, composer, FULL if _section(best) in _ASIDE else 0)


def _parts(sheet: Document, asked: Understood, ranked: Sequence[Scored], ordered: Sequence[Scored]) -> list[Scored]:
    """The sentences to quote, the most telling first.

    A concept is always said in one sentence and with its definition's first words, beside the sentence that answers:
    who asks about a misunderstanding, or in far-off words, needs both.
    """
    best = ordered[0]
    others = [s for s in ordered[1:] if s.candidate.uid != best.candidate.uid]
    if sheet.type == "etape" and (asked.definition or "Intentions" in cues.every("sections.etape", asked.folded)):
        return [s for s in (_opening(ranked, "Intentions"), best) if s is not None]
    if sheet.type != "concept":
        return [best, *others[:1]]
    lead, opening = _opening(ranked, "En une phrase"), _opening(ranked, "Définition")
    saying = [s for s in (lead, opening) if s is not None]
    if _section(best) in _ASIDE:
        return [best, *reversed(saying)]
    if any(best.at == s.at for s in saying):
        return [*saying, *others[:1]]
    return [*saying[:1], best, *saying[1:]]


def _quoted(parts: Sequence[Scored], ordered: Sequence[Scored], composer: Composer, full: int = 0) -> Draft:
    """The parts in order, as many as the budget holds beside the first and ``full`` characters of its context, each in the window left to it."""
    left = SHORT - PLACE
    kept: list[Scored] = []
    for part in parts:
        if all(part.at != s.at for s in kept) and (not kept or max(full, _room(parts[0])) + sum(_room(s) for s in [*kept[1:], part]) <= left):
            kept.append(part)
    lines: list[str] = []
    numbers: list[int] = []
    for place, part in enumerate(kept):
        if any(part.sentence.text in line for line in lines):
            continue
        body, number = composer.quote(part, max(80, left - sum(_room(s) for s in kept[place + 1 :])))
        if number is not None and number not in numbers:
            lines.append(body)
            numbers.append(number)
            left -= len(body) + 2
    if not numbers:
        return Draft("")
    return Draft("\n\n".join([*lines, f"— {composer.citations.place(numbers[0])}."]), _more(parts[0], ordered, composer))


def _room(part: Scored) -> int:
    """What a quoted sentence takes, its quotation marks and number counted."""
    return len(part.sentence.text) + 10


def cued(sheet: Document, asked: Understood, ranked: Sequence[Scored]) -> list[Scored]:
    """The sentences of a sheet, those of the section that the question points at first."""
    wanted = cues.every(f"sections.{sheet.type}", asked.folded)
    lift = {section: 3.0 if place == 0 else 1.0 for place, section in enumerate(wanted)}
    if asked.procedure and "Déroulé" in wanted:  # who asks how to run a tool wants its run, whatever sentence comes near
        lift["Déroulé"] = RUN
    if not wanted and set(asked.stems) <= stems_of(sheet.title):  # a name alone asks what it is
        lift = {"En une phrase": RUN, "Définition": RUN, "En bref": RUN}
    elif not wanted and asked.definition:
        lift = {"En une phrase": 2.0, "Définition": 2.0}
    lift |= {section: -1.5 for section in POINTERS if section not in lift}

    def lifted(scored: Scored) -> float:
        items = ITEMS if asked.listing and _ENUMERATES.search(scored.sentence.text) else 0.0
        return scored.score + lift.get(_section(scored), 0.0) + PASSAGE * scored.signs["passage"] + items

    helped = [replace(s, score=lifted(s)) for s in ranked]
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
