"""French typography, told: what in the prose of a sheet a careful editor would mark, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.check_report import Fault
from ingest.typography import AFTER_OPENING, BEFORE_CLOSING, MISSING_LIGATURE, ORDINARY_SPACE, PROTECTED, STRAIGHT_APOSTROPHE, THREE_DOTS, prose

#: Some users ask in English, whose signs take no space: more English little words than French ones.
_ENGLISH = re.compile(r"\b(?:and|are|do|does|for|how|in|is|of|or|the|to|versus|vs|what|which|who|why|with)\b", re.IGNORECASE)
_FRENCH = re.compile(r"\b(?:au|ce|de|des|du|elle|en|est|et|il|la|le|les|on|ou|par|pour|que|qui|sur|un|une)\b|\w['’]\w", re.IGNORECASE)
#: A source keeps the title that its author gave it.
_QUOTED_AS_IS = frozenset({"sources"})
_PROTECTED = re.compile(PROTECTED, re.IGNORECASE)
_FIXABLE = "Tapez « bao check --fix » suivi du fichier : la typographie est mise en ordre sans toucher au reste."

#: What follows « À » at the head of a sentence; elsewhere « A » may be a name or a verb.
_CAPITAL_A = (
    r"(?:^|[.!?…:»«(]\s|\*\*)A (?:l['’]|(?:la|partir|chaque|quoi|qui|défaut|noter|vérifier|distance|droite|savoir|retenir|faire|lire|éviter|prévoir"
    r"|deux|trois|plusieurs|quel(?:le)?s?|long terme|court terme|ne pas)(?!\w))"
)
_CAPITAL_E = (
    r"(?<![\w-])E(?:tats?|coles?|tapes?|lue?s?|conomi\w+|cout(?:e|er|ez)|valu(?:er|ez|ations?)|tudes?|quip(?:es?|ements?)|nergi\w+|vit(?:er|ez)|cologi\w+|galité|lections?"
    r"|chang(?:er|ez|es?)|chelles?|cri(?:re|vez|ture)|duca\w+|clair(?:er|ez)|nonc(?:er|ez)|picer\w+|v[ée]nements?|volutions?|tabli\w+|cosyst\w+|carts?|quilibr\w+|laborer)(?!\w)"
)


class Rule(NamedTuple):
    """One rule: what betrays the fault, and what to say of it."""

    code: str
    pattern: re.Pattern[str]
    message: str
    remedy: str = _FIXABLE


_RULES = (
    Rule("espace-insecable", re.compile(ORDINARY_SPACE), "Espace ordinaire près d'un signe double ou d'un guillemet : elle doit être insécable."),
    Rule("espace-manquante", re.compile(f"{AFTER_OPENING}|{BEFORE_CLOSING}"), "Espace insécable manquante à l'intérieur des guillemets."),
    Rule(
        "espace-manquante",
        re.compile(r"(?<=[^\W_])[;?!](?=\s|$)|(?<=[^\W\d_]):(?=\s|$)"),
        "Espace insécable manquante avant un signe double.",
        "Mettez une espace insécable avant « : », « ; », « ! » ou « ? ».",
    ),
    Rule("apostrophe", re.compile(STRAIGHT_APOSTROPHE), "Apostrophe droite : l'apostrophe typographique est « ’ »."),
    Rule("points-de-suspension", re.compile(THREE_DOTS), "Trois points : le signe des points de suspension est « … »."),
    Rule("ligature", re.compile(MISSING_LIGATURE, re.IGNORECASE), "Ligature manquante : « œ » s'écrit d'un seul signe (cœur, œuvre, vœu…)."),
    Rule("double-espace", re.compile(r"(?<=[^\s|])[ \u00a0\u202f]{2,}(?=[^\s|])"), "Deux espaces de suite.", "N'en gardez qu'une."),
    Rule("guillemets", re.compile('"'), "Guillemets droits.", "Écrivez « … », avec des espaces insécables à l'intérieur."),
    Rule("capitale-accentuee", re.compile(_CAPITAL_A), "Capitale sans accent : « A » pour « À ».", "Écrivez « À »."),
    Rule("capitale-accentuee", re.compile(_CAPITAL_E), "Capitale sans accent : « E » pour « É ».", "Écrivez « É » : « État », « École », « Étape »…"),
    Rule("capitale-accentuee", re.compile(r"(?<![\w-])Ca (?=\w)"), "Capitale sans cédille : « Ca » pour « Ça ».", "Écrivez « Ça »."),
)


def typography_faults(file: str, text: str) -> Iterator[Fault]:
    """The typographic faults of a text, each rule at most once a line, all of them warnings."""
    seen = set()
    for start, end, key in prose(text):
        # A protected stretch counts as one plain word of the same length.
        plain = _PROTECTED.sub(lambda match: "x" * len(match.group()), text[start:end])
        if key and len(_ENGLISH.findall(plain)) > len(_FRENCH.findall(plain)):
            continue
        for rule in _RULES:
            for match in rule.pattern.finditer(plain):
                line = text.count("\n", 0, start + match.start()) + 1
                if (line, rule.code) not in seen and not (key in _QUOTED_AS_IS and rule.code == "capitale-accentuee"):
                    seen.add((line, rule.code))
                    yield Fault(file, line, "warning", rule.code, rule.message, rule.remedy)
