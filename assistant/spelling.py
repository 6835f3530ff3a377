"""Hasty spelling made searchable: French text-message writing, then typing errors against the corpus's own words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.knowledge import Knowledge
from corpus.french import fold
from corpus.words import STOP_WORDS, stem

_HASTY = {
    r"k+el(?:le)?s?": "quel",
    r"koi": "quoi",
    r"kom(?:an|en|ent)": "comment",
    r"com(?:en|an)": "comment",
    r"ki": "qui",
    r"ke": "que",
    r"pk|pkoi|pq|prkoi": "pourquoi",
    r"pr": "pour",
    r"c|sé|cé|ces?t": "c'est",
    r"cest": "c'est",
    r"ds": "dans",
    r"tt": "tout",
    r"ts": "tous",
    r"ac|avc": "avec",
    r"bcp": "beaucoup",
    r"slt": "salut",
    r"bjr": "bonjour",
    r"svp|stp": "",
    r"fo|fau": "faut",
    r"é": "et",
    r"sa": "ça",
    r"son": "sont",
    r"di": "dit",
    r"ya": "y a",
    r"jv|jve": "je veux",
    r"qd": "quand",
    r"qq|qqs": "quelques",
    r"rdv": "rendez-vous",
    r"pers": "personnes",
    r"nb": "nombre",
    r"ptit": "petit",
    r"ve": "veux",
    r"peu": "peut",
    r"dc": "donc",
    r"tjr|tjrs": "toujours",
    r"mtn": "maintenant",
    r"parl": "parler",
}
_HASTY_WORD = {re.compile(rf"^(?:{pattern})$", re.IGNORECASE): word for pattern, word in _HASTY.items()}
#: These alone do not make a message hasty: they are also ordinary words.
_AMBIGUOUS = frozenset("c é sa son di peu pr ac ces cest ki fau pers nb".split())
#: How many times more often than the slip the plain word must stand in the corpus.
_OFTEN = 20
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)


def repair(text: str, knowledge: Knowledge) -> str:
    """The text with hasty and mistyped words replaced by words that the corpus knows; the rest as typed."""
    hasty = is_hasty(text)

    def mended(match: re.Match[str]) -> str:
        word = match.group(0)
        if word.casefold() == "cest":
            return "c'est"
        if hasty:
            for pattern, plain in _HASTY_WORD.items():
                if pattern.match(word):
                    return plain
        if "'" in word or "’" in word or len(word) < 4 or any(c.isdigit() for c in word):
            return _glued(word, knowledge)
        return nearest(word, knowledge)

    return re.sub(r"\s{2,}", " ", _WORD.sub(mended, text)).strip()


def is_hasty(text: str) -> bool:
    """Whether a text is written as a text message: at least one abbreviation that is no ordinary word.

    >>> is_hasty("kel son les volé"), is_hasty("Quel est son nom ?")
    (True, False)
    """
    words = _WORD.findall(text)
    return any(pattern.match(word) and word.casefold() not in _AMBIGUOUS for word in words for pattern in _HASTY_WORD)


def nearest(word: str, knowledge: Knowledge) -> str:
    """The word, or the corpus's nearest one where it knows neither the word nor its stem."""
    plain = fold(word)
    if _glued_often(plain, knowledge):
        return f"{word[0]}'{word[1:]}"
    if plain in STOP_WORDS or plain in knowledge.surface or knowledge.known(stem(word)) or (word[:1].isupper() and not word.isupper()):
        return word
    glued = _glued(word, knowledge)
    if glued != word:
        return glued
    if plain in _french_words():
        return word
    return _closest(plain, knowledge) or word


def _glued(word: str, knowledge: Knowledge) -> str:
    """« latelier » and « lami » for « l'atelier » and « l'AMI »: an elision typed without its apostrophe."""
    plain = fold(word)
    if len(plain) >= 4 and plain[0] in "ldjnmst" and plain not in knowledge.surface and plain[1] in "aeiouyh" and knowledge.surface.get(plain[1:], 0) >= 2:
        return f"{word[0]}'{word[1:]}"
    return word


def _glued_often(plain: str, knowledge: Knowledge) -> bool:
    """Whether the corpus has a word itself only as a slip: « lefc », told in a wording, beside « EFC » everywhere."""
    slips = knowledge.surface.get(plain, 0)
    often = slips and plain[0] in "ld" and plain[1:2] in tuple("aeiouyh") and knowledge.surface.get(plain[1:], 0) > _OFTEN * slips
    return bool(often) and plain not in _french_words()


@cache
def _french_words() -> frozenset[str]:
    """The folded words of the French language: a real word that the corpus lacks is left as typed."""
    from spellchecker import SpellChecker  # its list takes a third of a second: loaded when first needed

    return frozenset(fold(word) for word in SpellChecker(language="fr").word_frequency.words())


@lru_cache(maxsize=4096)
def _closest(plain: str, knowledge_words: Knowledge) -> str:
    words = _by_first(knowledge_words)
    allowed = 1 if len(plain) < 6 else 2
    found = process.extract(plain, words, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=8)
    if not found:
        return ""
    best = min(found, key=lambda hit: (hit[1], hit[0][0] != plain[0], -knowledge_words.surface[hit[0]]))
    return str(best[0])


@lru_cache(maxsize=2)
def _by_first(knowledge: Knowledge) -> tuple[str, ...]:
    """The corpus's words long and frequent enough to be what somebody meant."""
    return tuple(word for word, count in knowledge.surface.items() if len(word) >= 4 and count >= 2 and word.isalpha())
