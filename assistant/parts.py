"""Questions in several parts: where each stands in the text, so that each is answered."""

from __future__ import annotations

import re

from corpus.words import stems

_WORDS = r"(?:comment|combien|quand|pourquoi|quel(?:le)?s?|lequel|laquelle|quoi|est-ce|qu['’]est-ce|faut-il|peut-on|doit-on|y a-t-il)\b"
#: « qui » and « où » also open a relative clause: they ask at the head of a question or after « et ».
_HEAD = rf"(?:{_WORDS}|(?:qui|où)\b)"
_PREPOSITION = r"(?:(?:à|de|d['’]|par|pour|avec|en|sur|dans|chez|vers|jusqu['’]à)\s*)?"
_INVERTED = r"[^,;:?]*\w-(?:t-)?(?:ils?|elles?|on|nous|vous)\b"
_TURN = re.compile(
    rf"(?:\s*[,;:?]\s+|\s+)(?=(?:et|puis)\s+(?:{_PREPOSITION}{_HEAD}|{_INVERTED}))|\s*[,;?]\s+(?={_PREPOSITION}{_WORDS})",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"^\s*(?:et\s+)?{_PREPOSITION}{_HEAD}|\b{_WORDS}|\w-(?:t-)?(?:ils?|elles?|on|nous|vous)\b|\?", re.IGNORECASE)
MOST = 3


def parts(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of each part of a question; one for the whole of a question that asks one thing.

    >>> text = "Qui est la référente du projet et comment la joindre ?"
    >>> [text[start:end] for start, end in parts(text)]
    ['Qui est la référente du projet ', 'et comment la joindre ?']
    >>> parts("Un agent, qui débute, demande quoi lire."), parts("Chaque année, combien de dossiers ?")
    (((0, 40),), ((0, 35),))
    """
    bounds = [0]
    for turn in _TURN.finditer(text):
        before, after = text[bounds[-1] : turn.end()], text[turn.end() :]
        if len(bounds) < MOST and _ASKS.search(before) and stems(before) and stems(after):
            bounds.append(turn.end())
    return tuple(zip(bounds, [*bounds[1:], len(text)], strict=True))
