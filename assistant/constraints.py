"""The constraints a situation states: time, number of people, public, distance, facilitator, budget, family, level, status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant import cues
from assistant.numbers import NUMBER, value
from corpus.durations import spoken
from corpus.french import fold

#: What a person says to drop a constraint, before its words.
DROP = "Sans tenir compte de : "
#: « Une heure » leaves room for an hour and a quarter.
LEEWAY = 1.25

_HOURS = re.compile(rf"\b{NUMBER}\s*(?:heures?\b|h(?![a-z]))\s*(?P<rest>[0-5]\d\b|et demie|et quart|trente|quinze|quarante-cinq)?")
_MINUTES = re.compile(rf"\b{NUMBER}\s*(?:min\b|minutes?\b|mn\b)")
_SPANS = (
    (re.compile(r"trois[- ]quarts? d'heure"), 45),
    (re.compile(r"(?:une )?demi[- ]heure"), 30),
    (re.compile(r"un quart d'heure"), 15),
    (re.compile(r"demi[- ]journee|une matinee|un apres-midi|une soiree"), 210),
    (re.compile(r"\b(?:une|la|en une seule|1) journee\b(?! de formation)"), 420),
    (re.compile(r"trente secondes"), 3),
    (re.compile(r"\bdeux journees\b|\bdeux jours\b"), 840),
)
_PRESENT = r"pers\b|personnes?\b|participants?\b|gens\b"
_ROLES = (
    r"elus?|elues?|agents?|habitants?|riverains?|collegues?|decideurs?|"
    r"techniciens?|acteurs?|structures?|partenaires|entreprises?|jeunes|conseillers?|directeurs?|cadres|maires?|"
    r"citoyens?|associations?|chefs de service|vice-presidents?|benevoles|usagers|commercants|artisans"
)
_PEOPLE = re.compile(rf"(?P<with>\bavec )?\b{NUMBER}\s*(?:d'|de )?(?:(?P<present>{_PRESENT})|(?P<role>(?:{_ROLES})\b))")
_GROUP = re.compile(rf"\b(?:on est|nous sommes|nous serons|on sera|groupe de)\s+(?:une )?{NUMBER}\b(?!\s*(?:h\b|heures?|%|ans?\b|mois|jours?|communes?))")
#: « à six » with its accent; « a six » may be « on a six mois ».
_AT = re.compile(rf"\bà\s+(?:une )?{NUMBER}\b(?=\s*(?:$|[.,;:!?]|autour|dans|pour|et\b))")
_ABOUT = re.compile(r"\bune (?P<n>dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|centaine)\b")
#: Publics that somebody who works alone would gather.
_OTHERS = frozenset({"habitants", "entreprises", "associations", "partenaires"})
_ALONE = re.compile(r"\b(?:seule?|toute? seule?|en solo|individuel(?:lement)?|dans mon coin|sur mon canape)\b")
_COUNTED_PLACE = NUMBER.replace("?P<n>", "?:")
#: The size of a place is no group: « une commune de 1 200 habitants ».
_PLACE = re.compile(
    r"\b(?:communes?|communaute de communes|agglo\w*|ville|village|bourg|canton|quartier|vallee|territoire|pays|interco\w*|departement|metropole)"
    rf"(?: \w+)? (?:de |d'){_COUNTED_PLACE} \w+(?:,? (?:et )?{_COUNTED_PLACE} \w+)*"
)
_MOST = 2000
_UNIT = re.compile(
    r"\b(?:heures?|minutes?|secondes?|journees?|matinees?|apres-midi|soirees?|jours?|semaines?|mois|temps|personnes?|participants?|gens|monde|groupe)\b"
)
_WORD = re.compile(r"[a-z0-9]+")


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
        if self.minutes is not None and duration and duration[0] > self.minutes * LEEWAY:
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
    publics = cues.every("publics", folded)
    # « je suis seule en mairie et je voudrais réunir les habitants » : alone to run it, not to take part
    alone = bool(_ALONE.search(folded)) and not re.search(r"\bun seul\b|\bune seule\b", folded) and not _OTHERS & set(publics)
    people = _people(text)
    flags = {name: cues.points("constraints", name, folded) for name in ("remote", "outdoors", "no_facilitator", "free")}
    return Constraints(
        minutes=_minutes(folded),
        people=1 if alone and people is None else people,
        publics=publics,
        alone=alone,
        family=next((family for family in ("animation", "pedagogique", "gestion-de-projet") if cues.points("constraints", family, folded)), ""),
        status="existant" if cues.points("constraints", "existing", folded) else "",
        **flags,
    )


def stated_words(text: str) -> frozenset[str]:
    """The folded words of a text that only state a constraint: times, numbers of people, publics, distance, budget.

    >>> sorted(stated_words("Deux heures avec quinze élus sur la halle"))
    ['avec', 'deux', 'elus', 'heures', 'quinze']
    """
    folded = fold(text)
    patterns = [_HOURS, _MINUTES, *(pattern for pattern, _ in _SPANS), _PEOPLE, _ABOUT, _GROUP, _UNIT]
    patterns += [cues.pattern("publics", name) for name in cues.names("publics")]
    patterns += [cues.pattern("constraints", name) for name in cues.names("constraints")]
    spans = [match.span() for pattern in patterns for match in pattern.finditer(folded)]
    return frozenset(word.group(0) for word in _WORD.finditer(folded) if any(start < word.end() and word.start() < end for start, end in spans))


def _minutes(folded: str) -> int | None:
    match = _HOURS.search(folded)
    if match and 0 < value(match.group("n")) <= 12:
        rest = match.group("rest") or ""
        extra = {"et demie": 30, "et quart": 15, "trente": 30, "quinze": 15, "quarante-cinq": 45}.get(rest, int(rest) if rest.isdigit() else 0)
        return value(match.group("n")) * 60 + extra
    for pattern, minutes in _SPANS[:3]:
        if pattern.search(folded):
            return minutes
    match = _MINUTES.search(folded)
    if match and 0 < value(match.group("n")) <= 720:
        return value(match.group("n"))
    return next((minutes for pattern, minutes in _SPANS[3:] if pattern.search(folded)), None)


def _people(text: str) -> int | None:
    """The size of the group: people counted, « on est huit », « à six ». A few who are only spoken of are no group."""
    folded = _PLACE.sub(" ", fold(text))
    for match in _PEOPLE.finditer(folded):
        number, role = value(match.group("n")), match.group("role")
        if match.group("n") in ("un", "une") or not 0 < number <= _MOST:
            continue
        if match.group("with") and role and role.startswith("collegue"):
            return number + 1
        if not role or match.group("with") or number > 3:
            return number
    for pattern, where in ((_ABOUT, folded), (_GROUP, folded), (_AT, text.casefold())):
        found = pattern.search(where)
        if found and 0 < value(fold(found.group("n"))) <= _MOST and found.group("n") not in ("un", "une"):
            return value(fold(found.group("n")))
    return None
