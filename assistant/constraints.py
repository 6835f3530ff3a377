"""The constraints a situation states: time, number of people, public, distance, facilitator, budget, family, level, status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant import cues
from corpus.durations import spoken
from corpus.french import fold

#: What a person says to drop a constraint, before its words.
DROP = "Sans tenir compte de : "

_UNITS = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
    "vingt": 20,
    "vingt-cinq": 25,
    "trente": 30,
    "quarante": 40,
    "quarante-cinq": 45,
    "cinquante": 50,
    "soixante": 60,
    "cent": 100,
    "deux cents": 200,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "centaine": 100,
}
_N = r"(?P<n>\d{1,4}|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")"
_HOURS = re.compile(rf"\b{_N}\s*(?:h\b|heures?\b)\s*(?P<rest>[0-5]\d\b|et demie|et quart|trente|quinze|quarante-cinq)?")
_MINUTES = re.compile(rf"\b{_N}\s*(?:min\b|minutes?\b|mn\b)")
_SPANS = (
    (re.compile(r"trois[- ]quarts? d'heure"), 45),
    (re.compile(r"(?:une )?demi[- ]heure"), 30),
    (re.compile(r"un quart d'heure"), 15),
    (re.compile(r"demi[- ]journee|une matinee|un apres-midi|une soiree"), 210),
    (re.compile(r"\b(?:une|la|en une seule|1) journee\b(?! de formation)"), 420),
    (re.compile(r"trente secondes"), 2),
    (re.compile(r"\bdeux journees\b|\bdeux jours\b"), 840),
)
_COUNTED = (
    r"pers\b|personnes?|participants?|gens|elus?|elues?|agents?|habitants?|riverains?|collegues?|decideurs?|"
    r"techniciens?|acteurs?|structures?|partenaires|entreprises?|jeunes|conseillers?|directeurs?|cadres|maires?|"
    r"citoyens?|associations?|chefs de service|vice-presidents?|benevoles|usagers|commercants|artisans"
)
_PEOPLE = re.compile(rf"\b{_N}\s*(?:d'|de )?(?:{_COUNTED})")
_GROUP = re.compile(rf"\b(?:on est|nous sommes|nous serons|on sera|groupe de|a)\s+{_N}\b(?!\s*(?:h\b|heures?|min|%|ans?|mois|jours?|semaines?|km|euros?|000))")
_ABOUT = re.compile(r"\bune (?P<n>dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|centaine)\b")
_ALONE = re.compile(r"\b(?:seule?|toute? seule?|en solo|individuel(?:lement)?|dans mon coin|sur mon canape)\b")


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a situation asks of a tool; None or empty where it says nothing."""

    minutes: int | None = None
    people: int | None = None
    publics: tuple[str, ...] = ()
    remote: bool = False
    outdoors: bool = False
    alone: bool = False
    no_facilitator: bool = False
    free: bool = False
    family: str = ""
    status: str = ""

    def chips(self) -> tuple[tuple[str, str], ...]:
        """The constraints as (field, French words), for people to see and drop."""
        found: list[tuple[str, str]] = []
        if self.minutes is not None:
            found.append(("minutes", f"{spoken(self.minutes)} au plus"))
        if self.people is not None:
            found.append(("people", f"{self.people} personnes" if self.people > 1 else "une personne"))
        flags = {"remote": "à distance", "outdoors": "sur site", "alone": "seul", "no_facilitator": "sans animateur", "free": "sans budget"}
        found += [(name, words) for name, words in flags.items() if getattr(self, name) and not (name == "alone" and self.people == 1)]
        if self.family:
            found.append(
                (
                    "family",
                    {"pedagogique": "outil pédagogique", "animation": "outil d'animation", "gestion-de-projet": "outil de gestion de projet"}.get(
                        self.family, self.family
                    ),
                )
            )
        if self.status:
            found.append(("status", "outil existant"))
        return tuple(found)

    def without_said(self, words: Sequence[str]) -> Constraints:
        """The same constraints without those whose words, as in ``chips``, are given."""
        kept = self
        for name, said in self.chips():
            kept = kept.without(name) if said in words else kept
        return replace(kept, alone=False) if self.people == 1 and kept.people is None else kept

    def without(self, name: str) -> Constraints:
        """The same constraints without one."""
        empty = Constraints()
        return replace(self, **{name: getattr(empty, name)})

    def misfits(self, sheet: Mapping[str, Any]) -> tuple[str, ...]:
        """Why a tool does not fit, in French, one phrase a broken constraint."""
        reasons: list[str] = []
        duration, people = sheet.get("duree_minutes"), sheet.get("participants")
        if self.minutes is not None and duration and duration[0] > self.minutes * 1.1:
            reasons.append(f"trop long pour {spoken(self.minutes)} (au moins {spoken(duration[0])})")
        if self.people is not None and people and self.people > people[1] * 1.25 + 1:
            reasons.append(f"prévu pour {people[1]} personnes au plus")
        if self.people is not None and people and self.people < people[0] * 0.6:
            reasons.append(f"demande au moins {people[0]} personnes")
        if self.remote and "distance" not in sheet.get("modalites", []):
            reasons.append("ne se fait pas à distance")
        if self.no_facilitator and sheet.get("animation") == "exterieure":
            reasons.append("demande une animation extérieure")
        if self.free and sheet.get("cout") == "a-prevoir":
            reasons.append("a un coût à prévoir")
        if self.family and sheet.get("famille") != self.family:
            reasons.append("est d'une autre famille")
        if self.status and sheet.get("statut") == "a-produire":
            reasons.append("reste à produire")
        return tuple(reasons)


def read(text: str) -> Constraints:
    """The constraints stated in a situation.

    >>> read("Cinq décideurs, deux heures").minutes, read("Cinq décideurs, deux heures").people
    (120, 5)
    >>> read("une heure et demie au grand air").minutes
    90
    """
    folded = fold(text)
    alone = bool(_ALONE.search(folded)) and not re.search(r"\bun seul\b|\bune seule\b", folded)
    people = _people(folded)
    flags = {name: cues.points("constraints", name, folded) for name in ("remote", "outdoors", "no_facilitator", "free")}
    return Constraints(
        minutes=_minutes(folded),
        people=1 if alone and people is None else people,
        publics=cues.every("publics", folded),
        alone=alone,
        family=next((family for family in ("animation", "pedagogique", "gestion-de-projet") if cues.points("constraints", family, folded)), ""),
        status="existant" if cues.points("constraints", "existing", folded) else "",
        **flags,
    )


def _number(match: re.Match[str]) -> int:
    raw = match.group("n")
    return int(raw) if raw.isdigit() else _UNITS[raw]


def _minutes(folded: str) -> int | None:
    match = _HOURS.search(folded)
    if match and _number(match) <= 12:
        rest = match.group("rest") or ""
        extra = {"et demie": 30, "et quart": 15, "trente": 30, "quinze": 15, "quarante-cinq": 45}.get(rest, int(rest) if rest.isdigit() else 0)
        return _number(match) * 60 + extra
    for pattern, minutes in _SPANS[:3]:
        if pattern.search(folded):
            return minutes
    match = _MINUTES.search(folded)
    if match:
        return _number(match)
    return next((minutes for pattern, minutes in _SPANS[3:] if pattern.search(folded)), None)


def _people(folded: str) -> int | None:
    for pattern in (_PEOPLE, _ABOUT, _GROUP):
        match = pattern.search(folded)
        if match and 0 < _number(match) <= 2000 and not (pattern is _PEOPLE and match.group("n") in ("un", "une")):
            return _number(match)
    return None
