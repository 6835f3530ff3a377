"""The sheets' contract: typed front matter for tools, concepts, steps, routes and resources.

The keys are French because the Cerdd writes them. Shapes are checked here; values drawn from
controlled lists are checked against the démarche in ``vocabulary_faults``.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.demarche import VOCABULARIES, Demarche

Text = Annotated[str, Field(min_length=1)]
Range = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]


class Frozen(BaseModel):
    """A strict, frozen part of a front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Validation(Frozen):
    """Who validated the sheet, and when. Starter sheets are « a-valider »."""

    etat: Literal["a-valider", "valide"] = "a-valider"
    par: str | None = None
    le: datetime.date | None = None


class Lien(Frozen):
    """A link, with the day it was last seen to work (null: never checked)."""

    titre: Text
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    vu_le: datetime.date | None = None


class Reponse(Frozen):
    """A question whose answer is known: ``phrase`` is a fragment, word for word, of the sentence that answers it."""

    question: Text
    phrase: Annotated[str, Field(min_length=8)]


class Sheet(Frozen):
    """What every sheet carries."""

    headings: ClassVar[tuple[str, ...]] = ()

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    type: Literal["outil", "concept", "etape", "parcours", "ressource"]
    titre: Text
    resume: Annotated[str, Field(min_length=10, max_length=300)]
    licence: str = "CC BY-NC-SA 4.0"
    sources: list[str] = []
    mis_a_jour: datetime.date
    validation: Validation = Validation()
    liens: list[Lien] = []
    fichiers: list[str] = []
    reponses: list[Reponse] = []


class ToolSheet(Sheet):
    """A tool of the toolbox."""

    headings: ClassVar[tuple[str, ...]] = (
        "Objectifs",
        "Quand l'utiliser",
        "Contenus",
        "Déroulé",
        "Points de vigilance",
        "Suivi et évaluation",
        "Adapter à son territoire",
        "Pour aller plus loin",
    )

    type: Literal["outil"]
    famille: Text
    etapes: Annotated[list[str], Field(min_length=1)]
    niveau: Annotated[list[str], Field(min_length=1)]
    format: Text
    statut: Text
    cibles: Annotated[list[str], Field(min_length=1)]
    modalites: Annotated[list[str], Field(min_length=1)]
    animation: Text
    cout: Text
    duree_minutes: Range | None = None
    rythme: str | None = None
    participants: Range | None = None
    materiel: list[str] = []
    prerequis: list[str] = []
    alternatives: list[str] = []
    suite: list[str] = []
    situations: Annotated[list[Text], Field(min_length=8)]
    questions: Annotated[list[Text], Field(min_length=5)]

    @model_validator(mode="after")
    def _duration_or_rhythm(self) -> ToolSheet:
        if self.duree_minutes is None and not self.rythme:
            raise ValueError("duree_minutes est vide : dites le rythme en mots dans « rythme »")
        for name, pair in (("duree_minutes", self.duree_minutes), ("participants", self.participants)):
            if pair is not None and pair[0] > pair[1]:
                raise ValueError(f"{name} : le minimum {pair[0]} dépasse le maximum {pair[1]}")
        return self


class ConceptSheet(Sheet):
    """A concept of the EFC."""

    headings: ClassVar[tuple[str, ...]] = (
        "En une phrase",
        "Définition",
        "À ne pas confondre",
        "Un exemple",
        "Pour en parler simplement",
        "Pour aller plus loin",
    )

    type: Literal["concept"]
    synonymes: list[str] = []
    sigles: list[str] = []
    a_ne_pas_confondre: list[str] = []
    lies: list[str] = []
    questions: Annotated[list[Text], Field(min_length=8)]


class StepSheet(Sheet):
    """A step of the démarche, told."""

    headings: ClassVar[tuple[str, ...]] = (
        "Intentions",
        "Ce que demandent les agents",
        "Acteurs",
        "Risques",
        "Livrables",
        "Signes que l'on peut passer",
        "Outils par famille",
        "Correspondances",
    )

    type: Literal["etape"]
    etape: Text
    situations: Annotated[list[Text], Field(min_length=8)]
    questions: Annotated[list[Text], Field(min_length=5)]


class Stage(Frozen):
    """One stage of a route."""

    etape: Text
    outils: Annotated[list[str], Field(min_length=1)]
    semaines: Range
    a_tenir: Text
    signes: Text


class RouteSheet(Sheet):
    """A route: a typical situation and the dated sequence of steps and tools that answers it."""

    headings: ClassVar[tuple[str, ...]] = ("Pour qui", "Le trajet", "Ce que l'on tient à chaque étape", "Points de vigilance", "Pour aller plus loin")

    type: Literal["parcours"]
    situations: Annotated[list[Text], Field(min_length=8)]
    questions: Annotated[list[Text], Field(min_length=5)]
    trajet: Annotated[list[Stage], Field(min_length=2)]


class ResourceSheet(Sheet):
    """An organisation, site, programme, territory or company one can turn to."""

    headings: ClassVar[tuple[str, ...]] = ("En bref", "Ce que l'on sait", "Ce qu'on peut lui demander", "À vérifier")

    type: Literal["ressource"]
    categorie: Text
    synonymes: list[str] = []
    sigles: list[str] = []
    lieu: str | None = None
    etapes: list[str] = []
    questions: Annotated[list[Text], Field(min_length=4)]


SHEET_TYPES: dict[str, type[Sheet]] = {"outil": ToolSheet, "concept": ConceptSheet, "etape": StepSheet, "parcours": RouteSheet, "ressource": ResourceSheet}


def vocabulary_faults(sheet: Sheet, demarche: Demarche) -> list[tuple[str, str]]:
    """The values that stand in no controlled list, as (key, French sentence naming the allowed ones)."""
    faults = []
    steps = set(demarche.step_ids)
    values: dict[str, Any] = sheet.model_dump()
    used = [("etapes", step) for step in values.get("etapes", [])]
    used += [("etape", values["etape"])] if "etape" in values else []
    used += [("trajet", stage["etape"]) for stage in values.get("trajet", [])]
    faults += [(key, f"l'étape {step!r} n'existe pas ; écrivez l'une de : {', '.join(demarche.step_ids)}") for key, step in used if step not in steps]
    for key, table in VOCABULARIES.items():
        given = values.get(key, [])
        allowed = demarche.labels[table]
        for value in [given] if isinstance(given, str) else given:
            if value not in allowed:
                faults.append((key, f"la valeur {value!r} n'existe pas ; écrivez l'une de : {', '.join(allowed)}"))
    return faults


def references(sheet: Sheet) -> list[tuple[str, str]]:
    """Every id of another sheet that this one names, as (key, id)."""
    values = sheet.model_dump()
    named = [(key, target) for key in ("alternatives", "suite", "a_ne_pas_confondre", "lies") for target in values.get(key, [])]
    return named + [("trajet", tool) for stage in values.get("trajet", []) for tool in stage["outils"]]
