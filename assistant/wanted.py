"""The kind of thing a question asks for (an amount, a date, a person…): whether a text holds it, and where."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from assistant.understanding import Wants
from corpus.french import MONTHS_FOLDED, fold
from corpus.words import stem, tokens

_NUMBER = r"(?:\d[\d  .,]*\d|\d|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|cent|centaine|dizaine|mille)"
_MONTH = rf"(?:{'|'.join(MONTHS_FOLDED)})"
#: What must stand in a text for it to hold the kind of thing asked for (over folded text).
HOLDS: dict[Wants, re.Pattern[str]] = {
    "amount": re.compile(rf"\d[\d\s .,]*\s*(?:€|euros?\b|k€|m€|%)|\bgratuit|pris en charge|\b{_NUMBER}\s+euros"),
    "date": re.compile(rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}\s+{_MONTH}|\b{_MONTH}\s+(?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"),
    # « cinquante ans après » is a distance in time, nothing lasts so long
    "duration": re.compile(
        rf"\b{_NUMBER}\s*(?:a\s+{_NUMBER}\s*)?(?:mois|jours?|journees?|ans?|annees?|semaines?|h|heures?|min|minutes?)\b(?! (?:apres|plus tard)\b)|demi-journee"
    ),
    "frequency": re.compile(
        rf"(?:\b(?:une|{_NUMBER}) )?\bfois (?:par |l')(?:ans?|annee|mois|semaine|trimestre|jour)?"
        r"|\bpar (?:an|mois|semaine|trimestre)\b|\bchaque (?:annee|mois|semaine|trimestre)"
        r"|\bt(?:ous|outes) les\b|\b(?:bi)?mensuel\w*|\bannuel\w*|\btrimestriel\w*|\bhebdomadaires?"
    ),
    "count": re.compile(rf"\b(?!(?:19|20)\d\d\b){_NUMBER}\b"),
    "phone": re.compile(r"\b0\d(?:[ .]?\d{2}){4}\b"),
    "address": re.compile(r"\b\d{5}\b|\b\d{2} \d{3}\b|\brue\b|\bavenue\b|\bplace d"),
    "url": re.compile(r"\b[\w-]+\.(?:com|org|eu|fr|net|xyz|gouv)\b|https?://"),
    "share": re.compile(r"\d[\d.,]*\s*(?:%|pour ?cent)|pour cent|\b(?:moitie|tiers|quart)\b"),
}
#: A town or a building, or an address.
_PLACE = re.compile(r"\b[àÀ] [A-ZÀ-Þ]|\b(?:locaux|salle|siège|mairie|bâtiment|rue|avenue)\b|\b\d{2} ?\d{3}\b")
#: A first name or a title, then a surname: « Christian du Tertre », « Jérôme SAUVANT », « Mme Petit ».
_PERSON = re.compile(r"(?:\b|(?<=['’]))([A-ZÀ-Þ][\w-]*)\.?\s+(?=(du\s+|de\s+|des\s+|le\s+|la\s+|von\s+|van\s+|el\s+|ben\s+)?[A-ZÀ-Þ][\w’'-]+)")
_TITLES = frozenset(("m", "mm", "mme", "mlle", "monsieur", "madame", "dr", "pr", "me"))
#: What is called after people.
_NAMED_AFTER = frozenset(
    ("rue", "avenue", "boulevard", "place", "square", "quai", "lycee", "college", "ecole", "hopital", "salle", "espace", "centre", "institut")
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_FIRST_NAMES = Path(__file__).with_name("first_names.txt")


def holds(wants: Wants, text: str, counted: str = "") -> bool:
    """Whether a text holds the kind of thing asked for; ``counted`` is the stem of what is counted, if known.

    >>> holds("amount", "une contribution de 700 €"), holds("amount", "une contribution")
    (True, False)
    >>> holds("person", "créé par Christian du Tertre"), holds("person", "soutenu par le Réseau Alliances"), holds("contact", "jerome.s@ville.fr")
    (True, False, True)
    >>> holds("count", "5 à 7 territoires", stem("territoires")), holds("count", "un territoire", stem("territoires"))
    (True, False)
    >>> holds("duration", "pendant trois ans"), holds("duration", "Plus de cinquante ans après")
    (True, False)
    >>> holds("place", "à Loos-en-Gohelle"), holds("place", "à plusieurs")
    (True, False)
    """
    if not wants or wants == "names":
        return True
    return _holds(wants, text, counted)


@functools.lru_cache(maxsize=50_000)
def _holds(wants: Wants, text: str, counted: str) -> bool:
    """Kept: the same sentences are met at every question."""
    if wants == "person":
        return names_someone(text)
    if wants == "place":
        return bool(_PLACE.search(text))
    if wants == "contact":
        return names_someone(text) or bool(_EMAIL.search(text) or HOLDS["phone"].search(text))
    if wants == "count" and counted:
        return any(counted in {stem(word) for word in tokens(text[match.end() : match.end() + 45])} for match in HOLDS["count"].finditer(fold(text)))
    return bool(HOLDS[wants].search(fold(text)))


def names_someone(text: str) -> bool:
    """Whether a text names a person: a first name known in France, or a title, before a capitalised word.

    >>> names_someone("Jérôme SAUVANT, adjoint"), names_someone("Mme Petit"), names_someone("Organisation : Région Hauts-de-France")
    (True, True, False)
    """
    for match in _PERSON.finditer(text):
        word, particle = fold(match.group(1)), (match.group(2) or "").strip()
        before = fold(text[: match.start()]).split()[-1:]
        if word in _TITLES and particle not in ("le", "la"):  # « Monsieur le Maire » is an office
            return True
        if word.split("-")[0] in _first_names() and not _NAMED_AFTER.intersection(before):
            return True
    return False


@functools.cache
def _first_names() -> frozenset[str]:
    lines = _FIRST_NAMES.read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def fact_in(wants: Wants, text: str) -> str:
    """The part of a sentence that is of the kind asked for, to be set in bold; "" when there is none or several."""
    if wants not in HOLDS or len(fold(text)) != len(text):
        return ""
    found = list(HOLDS[wants].finditer(fold(text)))
    return text[found[0].start() : found[0].end()].strip(" ,.;") if len(found) == 1 else ""
