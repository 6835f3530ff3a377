"""Finds the dates that a document gives of itself, in French words or figures: its own, and the last day to answer a call."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from corpus.french import MONTHS_FOLDED, fold

_WORDS = re.compile(rf"(?:(\d{{1,2}})(?:er)? )?\b({'|'.join(MONTHS_FOLDED)}) ((?:19|20)\d\d)\b")
_FIGURES = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_ISO = re.compile(r"(?<![\d-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\d-])")

#: A document that calls for answers says so where it begins.
_CALLED = "projets?|manifestations?|candidatures?|propositions?|contributions?"
_CALL = re.compile(rf"\bappels? a (?:{_CALLED})\b|\bcandidat|\bconsultation\b|\bconcours\b|\bappel d'offres?\b")
_BEGINNING = 15  # blocks
_DAY = rf"(?:\d{{1,2}}(?:er)? (?:{'|'.join(MONTHS_FOLDED)}) (?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)"
_WEEKDAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?"
_LIMIT = re.compile(rf"\bdates? (?:de )?limite\b[^.\d]{{0,50}}({_DAY})|\b(?:avant le|jusqu'au|au plus tard le|cloture le)\W{{0,3}}{_WEEKDAY}({_DAY})")
_ANSWERING = re.compile(r"\bdates? (?:de )?limite\b|\bcandidat|\bdossiers?\b|\brepon|\boffres?\b|\binscri|\bdepo[ts]|\bdeposer|\bremise\b|\bcloture\b")
#: What another day than the last to answer is set for: questions about the call, what its winners must do.
_OTHERWISE = re.compile(r"\bquestions?\b|\bretenue?s?\b|\blaureat|\bbilan|\bacheve")
#: A day that a text refers to: of a law, or ahead.
_REFERRED = re.compile(r"\b(?:loi|decret|arrete|directive|ordonnance|circulaire) (?:n\S* \S+ )?du\W|\bhorizon\b")


def date_in(texts: Iterable[str]) -> str:
    """The date, as ISO, if the texts give one and only one; else nothing.

    >>> date_in(["Guide pratique", "Mai 2023"]), date_in(["du 8 novembre 2024 au 3 mars 2025"])
    ('2023-05', '')
    """
    own = (folded for folded in map(fold, texts) if not (_LIMIT.search(folded) or _REFERRED.search(folded)))
    found = {date for text in own for date in _dates(text)}
    if len(found) == 2:
        short, full = sorted(found, key=len)
        found = {full} if full.startswith(short) else found
    return found.pop() if len(found) == 1 else ""


def deadline_in(texts: Iterable[str]) -> str:
    """The last day to answer the call that the texts are, as ISO, if they give one and only one; else nothing.

    >>> deadline_in(["Appel à manifestation d'intérêt", "Date limite de réponse : 19/12/2024", "Le dossier est à envoyer avant le 19 décembre 2024."])
    '2024-12-19'
    >>> deadline_in(["Guide des transitions", "Le dossier était à envoyer avant le 19 décembre 2024."])
    ''
    """
    folded = [fold(text) for text in texts]
    if not any(_CALL.search(text) for text in folded[:_BEGINNING]):
        return ""
    told = (text for text in folded if _ANSWERING.search(text) and not _OTHERWISE.search(text))
    limits = {date for text in told for match in _LIMIT.finditer(text) for date in _dates(match.group(1) or match.group(2))}
    return limits.pop() if len(limits) == 1 else ""


def _dates(text: str) -> Iterable[str]:
    for day, month, year in _WORDS.findall(text):
        yield _iso(year, MONTHS_FOLDED.index(month) + 1, int(day) if day else 0)
    for day, month, year in _FIGURES.findall(text):
        yield _iso(year, int(month), int(day))
    for year, month, day in _ISO.findall(text):
        yield _iso(year, int(month), int(day))


def _iso(year: str, month: int, day: int) -> str:
    try:
        date = datetime.date(int(year), month, day or 1)
    except ValueError:
        return ""
    return date.isoformat() if day else f"{date:%Y-%m}"
