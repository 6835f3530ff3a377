"""French text, pure functions: normalising what was read, folding for comparison, cutting sentences.

Sources: Unicode NFC and NFKD (UAX #15); the typographic rules are those of the Imprimerie nationale.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
# Zero-width, soft hyphen, bidirectional controls and tags: invisible, and able to hide text or reverse it.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd]")
# U+2010 is what typesetters leave at a cut; a plain hyphen may belong to the word, see join_lines.
_CUT_WORD = re.compile(r"(\w)\u2010\s*\n\s*(?=\w)")
_ABBREVIATION = re.compile(r"(?:\b(?:M|MM|Mme|Mlle|Dr|Pr|St|Ste|cf|Cf|ex|etc|art|Art|p|pp|n|no|vol|env|éd|dir|resp|hab|min|max|tél|Tél|Tel|av|bd)|\b[A-ZÉ])\.$")
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s?[»”\")\]])*\s+(?=[«“\"(\[]?\s?[A-ZÀ-ÖØ-Þ0-9])")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
MONTHS_FOLDED = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")
LETTER = re.compile(r"[^\W_]", re.UNICODE)


def normalise(text: str) -> str:
    """NFC, plain spaces, no ligature, no invisible or control character. Idempotent.

    >>> normalise("e\u0301co\ufb01n\u00a0!")
    'écofin !'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0c", "\n")
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def join_lines(text: str) -> str:
    """Join the broken lines of one paragraph, mending words cut at the line's end.

    A word cut by U+2010 is mended; one cut by a plain hyphen is mended only between lower-case
    letters where the left part is no compound (« Hauts-de-\\nFrance » keeps its hyphen).

    >>> join_lines("la coopé\u2010\\nration des Hauts-de-\\nFrance")
    'la coopération des Hauts-de-France'
    """
    text = _CUT_WORD.sub(r"\1", text)
    text = re.sub(r"(?<![-\w])([^\W\d_]{2,})-\s*\n\s*(?=[a-zà-ÿ]{2,})", _mend, text)
    text = re.sub(r"(?<=\w)-\s*\n\s*(?=\w)", "-", text)
    return _SPACES.sub(" ", text.replace("\n", " ")).strip()


def _mend(match: re.Match[str]) -> str:
    left = match.group(1)
    prefixes = {
        "co",
        "auto",
        "éco",
        "socio",
        "inter",
        "non",
        "demi",
        "mi",
        "sous",
        "avant",
        "après",
        "peut",
        "quelques",
        "elle",
        "lui",
        "eux",
        "ci",
        "là",
        "celui",
        "celle",
        "ceux",
    }
    return left + ("-" if left.casefold() in prefixes else "")


@functools.lru_cache(maxsize=8192)  # the same sentences are met at every question
def fold(text: str) -> str:
    """Lower case without accents, ligatures or typographic variants: for comparing, never for showing.

    >>> fold("L’Œuvre À FAÇON")
    "l'oeuvre a facon"
    """
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("’", "'").replace("ʼ", "'")
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in text if not unicodedata.combining(c))


def letters(text: str) -> str:
    """Only folded letters and digits: what is left of a text when typography does not count.

    >>> letters("L'éco-système (n° 2)")
    'lecosystemen2'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if c.isalnum())


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; every line break ends one, abbreviations and initials do not.

    >>> sentences("M. Martin arrive. Il est 10 h.\\nSuite")
    ['M. Martin arrive.', 'Il est 10 h.', 'Suite']
    """
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for match in _SENTENCE_END.finditer(line):
            left = line[start : match.end()].rstrip()
            if _ABBREVIATION.search(left):
                continue
            found.append(left)
            start = match.end()
        if line[start:].strip():
            found.append(line[start:].strip())
    return found


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning cut at a word with an ellipsis, at most ``limit`` characters."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.–-")
    return (cut or text[: limit - 1]) + "…"
