"""Plans to take away: what an answer proposes, with the run of each tool, a calendar and the sources.

Every sentence of a plan is the asker's, the sheets' (quoted, verified on the page) or one of the
few neutral ones here.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answer import Answer, Citation
from assistant.citing import STARTER_NOTE, Citations
from assistant.journeys import in_order, journey, publics_of, stage_tool, step_of
from assistant.knowledge import Knowledge
from assistant.plan import Plan, PlanTool, RunItem, printable
from assistant.routes import fitting_route
from assistant.understanding import clean
from assistant.wishes import read_wish
from corpus.demarche import Demarche
from corpus.documents import Document, Passage
from corpus.errors import NotFound, UsageError
from corpus.french import fold, sentences
from corpus.library import Library
from corpus.settings import Settings

#: The formats a plan is exported to: suffix → media type.
FORMATS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".md": "text/markdown; charset=utf-8",
}
MOST_TOOLS = 12
WATCHED = 3  # points of vigilance shown for each tool
_READ = 20_000  # characters of a story in which dates are looked for
_LATEST = datetime.timedelta(3653)
_ITEM = re.compile(r"^\d{1,2}\.\s+(?P<name>[^.(]{2,90}?)(?:\s*\((?P<minutes>[^()]*)\))?\s*\.\s+(?P<text>.+)$")


def plan_for(answer: Answer, library: Library, demarche: Demarche, settings: Settings, start: datetime.date | None = None) -> Plan:
    """The plan of an answer: its tools, its step, a route sheet where one fits. Raises NotFound when the answer proposes no tool."""
    knowledge = _sheets(library, demarche)
    tools = [knowledge.tools[tool.id] for tool in answer.tools if tool.id in knowledge.tools]
    if not tools:
        raise NotFound(
            "Aucun outil de la boîte à outils ne répond à cette situation : il n'y a pas de plan à écrire.",
            "Racontez où en est votre démarche en une ou deux phrases, ou choisissez vous-même les outils (--outils).",
        )
    route = fitting_route(answer.question, answer.steps, tools, knowledge, library, answer.intent == "journey")
    return _Maker(library, knowledge, settings).plan(answer, tools, route, start, extended=True)


def plan_of(
    ids: Sequence[str], library: Library, demarche: Demarche, settings: Settings, start: datetime.date | None = None, answer: Answer | None = None
) -> Plan:
    """The plan of chosen tools, in the order of their steps. Raises NotFound for an unknown tool, UsageError for none or too many.

    ``answer``, where there is one, brings the situation, the step and the reasons.
    """
    knowledge = _sheets(library, demarche)
    chosen = list(dict.fromkeys(tool.strip() for tool in ids if tool.strip()))
    if not chosen or len(chosen) > MOST_TOOLS:
        raise UsageError(f"Un plan compte de 1 à {MOST_TOOLS} outils, vous en donnez {len(chosen)}.", "Donnez leurs identifiants, séparés par des virgules.")
    for tool in chosen:
        if tool not in knowledge.tools:
            near = difflib.get_close_matches(tool, list(knowledge.tools), n=1, cutoff=0.5)
            hint = f"Vouliez-vous dire « {near[0]} » ? " if near else ""
            raise NotFound(f"Aucun outil ne s'appelle « {printable(tool)[:80]} ».", f"{hint}Tapez « bao list » pour voir les identifiants.")
    tools = [knowledge.tools[tool] for tool in chosen]
    return _Maker(library, knowledge, settings).plan(answer or Answer("", "", "", "tool"), tools, None, start, extended=False)


def export(plan: Plan, suffix: str) -> bytes:
    """The plan in the format of a suffix (« .docx »). Raises UsageError for one that is not in FORMATS."""
    if suffix.lower() not in FORMATS:
        raise UsageError(f"Un plan ne s'écrit pas en « {suffix} ».", f"Donnez un nom de fichier qui finit par {', '.join(FORMATS)}.")
    from assistant import plan_docx, plan_markdown, plan_odt, plan_pdf  # each brings a large library

    writers: dict[str, Callable[[Plan], bytes]] = {".docx": plan_docx.to_docx, ".odt": plan_odt.to_odt, ".pdf": plan_pdf.to_pdf}
    return writers[suffix.lower()](plan) if suffix.lower() in writers else plan_markdown.to_markdown(plan).encode("utf-8")


def _sheets(library: Library, demarche: Demarche) -> Knowledge:
    """The published documents, without the word counts that only searching needs."""
    documents = {document.id: document for document in library.store.documents() if document.state == "published"}
    return Knowledge(library.store.generation, demarche, documents, {}, 0, {})


class _Maker:
    """Makes one plan, keeping the citations it uses."""

    def __init__(self, library: Library, knowledge: Knowledge, settings: Settings) -> None:
        self._store = library.store
        self._knowledge = knowledge
        self._settings = settings
        self._citations = Citations(self._store.pages, settings.aujourdhui)

    def plan(self, answer: Answer, tools: Sequence[Document], route: Document | None, start: datetime.date | None, extended: bool) -> Plan:
        today, limit = self._settings.aujourdhui, self._settings.question_characters
        story = printable(clean(answer.question, _READ))
        passed = [row["etape"] for row in route.sheet["trajet"]] if route else self._knowledge.demarche.step_ids
        near = next((step for step in answer.steps if step in passed), "") or step_of(tools[0], self._knowledge)
        wish, late = read_wish(story, today, start, near), ""
        if wish.start and not today <= wish.start <= today + _LATEST:
            late = f"La date de début demandée ({wish.start:%d/%m/%Y}) est passée ou trop lointaine : donnez-en une autre pour un calendrier daté."
            wish = replace(wish, start=None)
        ordered = in_order(tools, self._knowledge, near)
        reasons = {tool.id: _plain(tool.reason) for tool in answer.tools}
        planned = tuple(self._tool(tool, near, reasons.get(tool.id, "")) for tool in ordered)
        laid = journey(wish, route, ordered, self._knowledge, self._told, extended=extended)
        laid = replace(laid, notes=(late, *laid.notes)) if late else laid
        if route:
            self._cite(route, "Le trajet")
        citations = self._with(answer.citations)
        cited = [self._knowledge.documents[citation.document] for citation in citations if citation.document in self._knowledge.documents]
        step = self._knowledge.demarche.step(near) if near else None
        return Plan(
            title=f"Plan d'action : {_lower(route.title if route else step.name if step else ordered[0].title)}",
            written=today,
            situation=story[:limit].strip(),
            cut=len(story) > limit or len(answer.question) > _READ,
            step=step.title if step else "",
            intention=step.intention if step else "",
            step_reason=_reason(answer.step_reason),
            tools=planned,
            journey=laid,
            citations=citations,
            licences=tuple(dict.fromkeys(document.licence for document in cited if document.licence)),
            note=STARTER_NOTE if any(document.starter for document in (*tools, *cited)) else "",
        )

    def _tool(self, tool: Document, near: str, reason: str) -> PlanTool:
        sheet, label = tool.sheet, self._knowledge.demarche.label
        aim, run, watch = (self._cite(tool, heading) for heading in ("Objectifs", "Déroulé", "Points de vigilance"))
        held, people = stage_tool(tool), sheet.get("participants")
        step = step_of(tool, self._knowledge, near)
        return PlanTool(
            id=tool.id,
            title=tool.title,
            step=self._knowledge.demarche.step(step).title if step else "",
            reason=reason,
            aim=(sentences(aim[0][0])[:1] or [""])[0] if aim else str(sheet.get("resume", "")),
            status=label("statut", str(sheet.get("statut", ""))),
            duration=held.duration,
            least=held.least,
            participants=_people(people),
            publics=publics_of([tool], self._knowledge),
            animation=label("animation", str(sheet.get("animation", ""))),
            cost=label("cout", str(sheet.get("cout", ""))),
            prepare=tuple(printable(str(item)) for item in (*sheet.get("prerequis", []), *sheet.get("materiel", []))),
            run=_run([line for line, _ in run]),
            watch=_watched([line for line, _ in watch]),
            following=tuple(self._knowledge.tools[other].title for other in sheet.get("suite", []) if other in self._knowledge.tools),
            sources=tuple(dict.fromkeys(number for _, number in (*aim, *run, *watch))),
        )

    def _told(self, tool: Document) -> tuple[str, str]:
        """What one holds after a tool (the second sentence of its aims, the first saying what it is) and how one sees that it served."""
        aims = [sentence for line, _ in self._cite(tool, "Objectifs") for sentence in sentences(line)]
        followed = [sentence for line, _ in self._cite(tool, "Suivi et évaluation")[:1] for sentence in sentences(line)]
        return (aims[1] if len(aims) > 1 else aims[0] if aims else ""), (followed[0] if followed else "")

    def _cite(self, document: Document, heading: str) -> list[tuple[str, int]]:
        """The lines of a section, each with the number of the citation that holds it; what is not found again on its page is left out."""
        found: list[tuple[str, int]] = []
        for passage in self._section(document, heading):
            number = self._citations.cite(document, passage, passage.text)
            if number is not None:
                found += [(printable(line), number) for line in passage.text.split("\n") if line.strip()]
        return found

    def _section(self, document: Document, heading: str) -> list[Passage]:
        stored = (stored.passage for stored in self._store.passages(document.id))
        return [passage for passage in stored if any(fold(part) == fold(heading) for part in passage.section.split(" › "))]

    def _with(self, others: Sequence[Citation]) -> tuple[Citation, ...]:
        """Our citations, then those of the answer that say something else, numbered on."""
        known = {(citation.document, citation.quote) for citation in self._citations.all}
        more = [citation for citation in others if (citation.document, citation.quote) not in known]
        return (*self._citations.all, *(replace(citation, number=number) for number, citation in enumerate(more, len(self._citations.all) + 1)))


def _run(lines: Sequence[str]) -> tuple[RunItem, ...]:
    """The items of a run; a sentence before the first numbered one only announces them."""
    matches = [_ITEM.match(line) for line in lines]
    first = next((place for place, match in enumerate(matches) if match), 0)
    return tuple(
        RunItem(match["name"].strip(), (match["minutes"] or "").strip(), match["text"]) if match else RunItem("", "", line)
        for line, match in list(zip(lines, matches, strict=True))[first:]
    )


def _watched(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple((lines if len(lines) > 1 else [sentence for line in lines for sentence in sentences(line)])[:WATCHED])


def _people(people: Sequence[int] | None) -> str:
    if not people:
        return ""
    if people[0] == people[1]:
        return "une personne" if people[0] == 1 else f"{people[0]} personnes"
    return f"{people[0]} à {people[1]} personnes"


def _plain(markdown: str) -> str:
    """A sentence of an answer without its Markdown signs and citation marks."""
    return printable(re.sub(r"\\(?=[^\w\s])|\*+|\s*\[\d+\]", "", markdown))


def _reason(words: str) -> str:
    """Why this step: the answer's sentence as it is, or its words quoted."""
    words = _plain(words)
    if not words or words.endswith((".", "!", "?", "…")):
        return words
    return f"D'après vos mots : « {' », « '.join(part.strip(' «»') for part in words.split(','))} »."


def _lower(title: str) -> str:
    """A title as it stands inside a sentence: no capital, but for an acronym or « l'EFC »."""
    return title[0].lower() + title[1:] if title[1:2].islower() or title[1:2] in " '’" else title
