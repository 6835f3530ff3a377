"""A plan as an outline: what stands where, said once, whatever the format.

One summary page, the tools one after the other, the calendar, the sources. Markdown, DOCX, ODT and
PDF write the same outline, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Citation
from assistant.citing import STARTER_NOTE, spoken_date
from assistant.journeys import Journey
from assistant.plan import Plan, PlanTool
from assistant.stages import Stage
from assistant.timeline import alternative
from assistant.wishes import WEEKDAYS
from corpus.durations import spoken
from corpus.french import shorten

NAME = "La boîte à outils EFC"
INK, PALE, AMBER = "0B4F5C", "E8F1F2", "9A5B00"  # of every format: titles and rules, table heads, the notice
_BLANK = "." * 24  # to be filled in by hand
_STORY = 450  # characters of the story on the summary page; the rest stands at the end
_WHY = 600  # characters of reasons on the summary page, all tools together
_FEW = 4  # tools that have room for their reason on the summary page


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 opens a section, level 3 a part of it. ``new_page`` opens a page."""

    level: int
    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, opened by words in bold."""

    text: str
    lead: str = ""
    kind: Literal["plain", "quote", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head; ``widths`` are shares of the line. The first column is in bold when ``named``."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    named: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """The timeline; ``alt`` says it in a sentence."""

    alt: str


Block = Heading | Text | Items | Table | Picture


def subtitle(plan: Plan) -> str:
    """When and with what the plan was written."""
    return f"{NAME}, plan établi le {spoken_date(plan.written.isoformat())}"


def tied(text: str) -> str:
    """French typography: what must not be parted by the end of a line is joined, apostrophes are curved.

    >>> tied("l'élu : « 1 h 30 »").replace("\u00a0", "~")
    'l’élu~: «~1~h~30~»'
    """
    text = re.sub(r" (?=[:;!?»%€])|(?<=«) ", "\u00a0", text)
    text = re.sub(r"(?<=\d) (?=(?:h|min|semaines?|personnes|jours?|mois)\b)|(?<=\d.h) (?=\d\d\b)", "\u00a0", text)
    return re.sub(r"(?<=\w)'(?=[\w«])", "’", text)


# What stands where


def outline(plan: Plan) -> list[Block]:
    """The plan from its summary page to its sources."""
    blocks = list(_summary(plan))
    for number, tool in enumerate(plan.tools, 1):
        blocks += _tool(tool, number, len(plan.tools))
    return [*blocks, *_calendar(plan.journey), *_sources(plan)]


def _summary(plan: Plan) -> Iterator[Block]:
    yield Heading(2, "En une page")
    if plan.situation:
        yield Heading(3, "La situation")
        yield Text(f"« {shorten(plan.situation, _STORY)} »", kind="quote")
    if plan.step:
        yield Heading(3, "L'étape")
        yield Text(f"{plan.intention} {plan.step_reason}".strip(), lead=f"{plan.step}.")
    yield Heading(3, "Les outils" if len(plan.tools) > 1 else "L'outil")
    if len(plan.tools) <= _FEW:
        rows = tuple((tool.title, tool.duration, _count(tool), shorten(tool.reason or tool.aim, _WHY // len(plan.tools))) for tool in plan.tools)
        yield Table(("Outil", "Durée", "Personnes", "Pourquoi"), rows, (26, 15, 15, 44))
    else:
        yield Table(("Outil", "Durée", "Personnes"), tuple((tool.title, tool.duration, _count(tool)) for tool in plan.tools), (50, 25, 25))
    if plan.publics:
        yield Text(f"{', '.join(plan.publics).lower()}.", lead="Avec :")
    least = [tool.least for tool in plan.tools]
    if len(least) > 1 and all(least):
        yield Text(f"{spoken(sum(least))} de séance au moins pour ces {len(least)} outils, préparation non comprise.", lead="Temps à réunir :")
    yield Heading(3, "Prochaine date")
    yield from _next_date(plan.journey)
    yield Table(("Qui pilote", "Qui anime", "Décision prise le"), ((_BLANK, _BLANK, _BLANK),), (34, 33, 33), named=False)


def _count(tool: PlanTool) -> str:
    """How many take part, under a head that says of what."""
    return tool.participants.removesuffix(" personnes")


def _next_date(journey: Journey) -> Iterator[Block]:
    if not journey.stages:
        return
    if not journey.possible:
        yield Text(" ".join(note for note in journey.notes if note.startswith("Ce délai")), lead="Attention.")
    first = journey.stages[0]
    tools = ", ".join(f"{tool.title}{f' ({tool.duration})' if tool.duration else ''}" for tool in first.tools)
    if first.start and journey.end:
        day = f"{WEEKDAYS[first.start.weekday()]} {spoken_date(first.start.isoformat())}"
        yield Text(f"on ouvre « {first.title} » avec : {tools}.", lead=f"{capital(day)} :")
        yield Text(f"{spoken_date(journey.end.isoformat())}, soit {journey.length} en tout.", lead="Fin prévue :")
    else:
        yield Text(f"à fixer. On ouvre « {first.title} » avec : {tools}.", lead="Première date :")
        yield Text(f"{journey.length} à partir de cette date.", lead="Durée prévue :")


def _tool(tool: PlanTool, number: int, count: int) -> Iterator[Block]:
    yield Heading(2, f"Outil {number} : {tool.title}" if count > 1 else f"L'outil : {tool.title}", new_page=True)
    yield Text(tool.aim)
    facts = (
        ("Étape", tool.step, 20), ("Durée", tool.duration, 15), ("Personnes", _count(tool), 14),
        ("Pour qui", ", ".join(tool.publics), 27), ("Animation", tool.animation, 14), ("Coût", tool.cost, 10),
    )  # fmt: skip
    known = [fact for fact in facts if fact[1]]
    yield Table(tuple(name for name, _, _ in known), (tuple(value for _, value, _ in known),), tuple(width for _, _, width in known), named=False)
    if tool.reason:
        yield Text(tool.reason, lead="Pourquoi ici.")
    if tool.prepare:
        yield Heading(3, "À préparer")
        yield Items(tool.prepare)
    yield from _run(tool)
    if tool.watch:
        yield Heading(3, "Points de vigilance")
        yield Items(tool.watch)
    if tool.following:
        yield Text(f"{', '.join(tool.following)}.", lead="Ensuite, selon la fiche :")
    if tool.sources:
        yield Text(f"Fiche citée mot pour mot, sources {_numbers(tool.sources)}.", kind="small")


def _run(tool: PlanTool) -> Iterator[Block]:
    if not tool.run:
        return
    yield Heading(3, "Déroulé")
    if any(item.minutes for item in tool.run):
        rows = tuple((f"{place}. {item.name}" if item.name else "", item.minutes, item.text) for place, item in enumerate(tool.run, 1))
        yield Table(("Temps", "Durée", "Ce que l'on fait"), rows, (28, 15, 57))
    elif any(item.name for item in tool.run):
        yield Table(("Temps", "Ce que l'on fait"), tuple((f"{place}. {item.name}", item.text) for place, item in enumerate(tool.run, 1)), (30, 70))
    else:
        yield Items(tuple(item.text for item in tool.run))


def _calendar(journey: Journey) -> Iterator[Block]:
    if not journey.stages:
        return
    yield Heading(2, "Calendrier", new_page=True)
    if journey.route:
        yield Text(f"Trajet du parcours type « {journey.title} ».")
    yield Picture(alternative(journey))
    yield Table(
        ("Quand", "Étape et outils", "Avec", "Ce que l'on tient", "Signe pour passer à la suite"), tuple(map(_row, journey.stages)), (16, 28, 16, 20, 20)
    )
    yield Items(journey.notes)


def _row(stage: Stage) -> tuple[str, ...]:
    tools = " ; ".join(f"{tool.title}{f' ({tool.duration})' if tool.duration else ''}" for tool in stage.tools)
    return capital(stage.when), f"{stage.title} : {tools}", ", ".join(stage.publics).lower(), capital(stage.hold), capital(stage.sign)


def _sources(plan: Plan) -> Iterator[Block]:
    yield Heading(2, "Sources et licence", new_page=True)
    by_document: dict[str, list[Citation]] = {}
    for citation in plan.citations:
        by_document.setdefault(citation.document, []).append(citation)
    ours = {document: citations for document, citations in by_document.items() if citations[0].starter}
    if ours:
        yield Text("", lead=f"{capital(STARTER_NOTE)} :")
        yield Items(tuple(_source(citations, "") for citations in ours.values()))
    if len(ours) < len(by_document):
        yield Text("", lead="Documents et fiches publiés :")
        yield Items(tuple(_source(citations, citations[0].note) for document, citations in by_document.items() if document not in ours))
    yield Text(f"{', '.join(plan.licences) or 'voir chaque source'}. Les citations gardent la licence de leur source.", lead="Licence :")
    if len(plan.situation) > _STORY or plan.cut:
        yield Heading(2, "La situation, telle que racontée")
        yield Text(f"« {plan.situation}{' […]' if plan.cut else ''} »", kind="quote")


def _source(citations: Sequence[Citation], note: str) -> str:
    """One source: its title and each place cited, a page with its quotation, a sheet's section by its name."""
    places: dict[str, str] = {}
    for citation in citations:
        section = citation.section.rsplit(" › ", 1)[-1]
        place = f"page {citation.page}, « {shorten(citation.quote, 160)} »" if citation.page else f"« {section} »" if section else "en tête"
        places[place] = f"{places.get(place, '')} [{citation.number}]"
    return f"{citations[0].title} : {', '.join(place + numbers for place, numbers in places.items())}{f' ({note})' if note else ''}."


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in numbers)


def capital(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]
