"""A sheet's file to a reading: its fields told in sentences first, then its body.

The fields become lines of the page (« Durée d'une séance : 1 h 30 à 3 h. »), so that an answer
about them is quoted and verified like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.demarche import Demarche
from corpus.documents import Block, Formulation, Page, Reading
from corpus.durations import spoken_range
from corpus.front_matter import parse
from corpus.sheets import Reponse, Sheet
from ingest.markdown import blocks_of

FIELDS_HEADING = "Repères"


def read_sheet(text: str, demarche: Demarche) -> tuple[Sheet, Reading]:
    """The validated sheet and what of it is stored. Raises SheetError."""
    sheet, body = parse(text, demarche)
    return sheet, reading_of(sheet, body, demarche)


def reading_of(sheet: Sheet, body: str, demarche: Demarche) -> Reading:
    """What of a valid sheet is stored: its summary, its fields, its body."""
    fields = field_lines(sheet, demarche)
    blocks = [Block("paragraph", sheet.resume)]
    if fields:
        blocks += [Block("heading", FIELDS_HEADING, level=2), *(Block("field", line) for line in fields)]
    blocks += blocks_of(body)
    page = Page(0, "\n".join([sheet.titre, *(block.text for block in blocks)]))
    details = {"licence": sheet.licence, "date": sheet.mis_a_jour.isoformat(), "source": " ; ".join(sheet.sources)}
    return Reading(sheet.titre, (page,), tuple(blocks), details=details)


def formulations(sheet: Sheet) -> tuple[Formulation, ...]:
    """The users' words that lead to this sheet: names, situations, questions, and questions whose answer is known."""
    values = sheet.model_dump()
    names = [sheet.titre, *values.get("synonymes", []), *values.get("sigles", [])]
    found = [Formulation(sheet.id, "name", text) for text in dict.fromkeys(names)]
    found += [Formulation(sheet.id, "situation", text) for text in values.get("situations", [])]
    found += [Formulation(sheet.id, "question", text) for text in values.get("questions", [])]
    return (*found, *known_questions(sheet.id, sheet.reponses))


def known_questions(document: str, known: Sequence[Reponse]) -> tuple[Formulation, ...]:
    """The questions whose answer a document's author gives."""
    return tuple(Formulation(document, "answered", one.question, one.phrase) for one in known)


def field_lines(sheet: Sheet, demarche: Demarche) -> list[str]:
    """The front matter's facts, one plain French line each."""
    values = sheet.model_dump()
    maker = {"outil": _tool_lines, "concept": _name_lines, "ressource": _resource_lines}.get(sheet.type)
    return maker(values, demarche) if maker else []


def _tool_lines(values: dict[str, Any], demarche: Demarche) -> list[str]:
    def labels(key: str) -> str:
        given = values[key]
        return ", ".join(demarche.label(key, value) for value in ([given] if isinstance(given, str) else given))

    steps = ", ".join(demarche.step(step).title for step in values["etapes"])
    lines = [f"Famille : {labels('famille')}. Format : {values['format']}. Statut : {labels('statut')}.", f"Étapes : {steps}."]
    if values["duree_minutes"]:
        lines.append(f"Durée d'une séance : {spoken_range(*values['duree_minutes'])}.")
    if values["rythme"]:
        lines.append(f"Rythme : {values['rythme'].rstrip('.')}.")
    if values["participants"]:
        lines.append(f"Participants : {_people(*values['participants'])}.")
    lines.append(f"Pour qui : {labels('cibles')}. Modalités : {labels('modalites')}. Animation : {labels('animation')}. Coût : {labels('cout')}.")
    for key, name in (("materiel", "Matériel"), ("prerequis", "Prérequis")):
        if values[key]:
            lines.append(f"{name} : {', '.join(text.rstrip('.') for text in values[key])}.")
    return lines


def _people(low: int, high: int) -> str:
    if low == high:
        return "une personne" if low == 1 else f"{low} personnes"
    return f"de {low} à {high} personnes"


def _name_lines(values: dict[str, Any], _: Demarche) -> list[str]:
    lines = []
    if values["sigles"]:
        lines.append(f"Sigle : {', '.join(values['sigles'])}.")
    if values["synonymes"]:
        lines.append(f"On dit aussi : {' ; '.join(values['synonymes'])}.")
    return lines


def _resource_lines(values: dict[str, Any], demarche: Demarche) -> list[str]:
    place = f" Lieu : {values['lieu'].rstrip('.')}." if values["lieu"] else ""
    return [f"Type de ressource : {demarche.label('categorie', values['categorie'])}.{place}", *_name_lines(values, demarche)]
