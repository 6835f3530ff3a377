"""Words for full-text search: tokens, French stems (Snowball), stop words.

The stemmer is Porter's Snowball French algorithm (snowballstemmer); folding comes after
stemming, since the algorithm reads accents, and before comparing, since people forget them.
"""

from __future__ import annotations

import functools
import re

import snowballstemmer

from corpus.french import fold

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*", re.UNICODE)
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)['’]", re.IGNORECASE)
_STEMMER = snowballstemmer.stemmer("french")

STOP_WORDS = frozenset(
    """a ai aie aient ainsi alors apres as au aucun aura aurait aussi autre autres aux avaient avait avant avec avez avoir avons ayant beaucoup
    bien     c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de dedans dehors depuis des
    deux devant devons dit dois doit doivent donc dont du     elle elles en encore entre es est et etaient etait etant etc etes etre eu eux
    fait faire fait faites fais faudrait faut fera font fut hors     il ils j je jusqu jusque l la là le les lequel laquelle leur leurs lors
    lorsque lui m ma mais me meme memes mes mettre moi moins mon n ne ni nos notre nous     on ont or ou où oui par parce parmi pas pendant
    peu peut peux pk plus plutot pour pourquoi pourra pourrait pouvez pouvoir puis puisque     qu quand que quel quelle quelles quels qui
    quoi quoique s sa sans sauf se selon sera serait ses si soi soient sois soit sommes son sont sous suis sur     t ta tandis te tel telle
    tels tes toi ton tous tout toute toutes tres trop tu un une vers veut veux voici voila vont vos votre voulez vous vu y     the of and to
    is in for what how which who does do a an are be can it on at with by from or as""".split()
)


def tokens(text: str) -> list[str]:
    """The words of a text as typed, without elided articles.

    >>> tokens("L'économie d'usage, c'est quoi ?")
    ['économie', 'usage', 'est', 'quoi']
    """
    return _WORD.findall(_ELISION.sub(" ", text.replace("’", "'")))


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The folded French stem of one word; numbers and short words are only folded.

    >>> stem("Coopératives") == stem("cooperative")
    True
    """
    low = fold(word)
    if any(c.isdigit() for c in low) or len(low) < 4:
        return low
    return str(_STEMMER.stemWord(low))


def stems(text: str) -> list[str]:
    """Stems of the content words of a text, in order, stop words left out.

    >>> stems("Quels sont les outils de la coopération ?")
    ['outil', 'cooper']
    """
    return [stem(word) for word in tokens(text) if fold(word) not in STOP_WORDS]
