"""The controlled vocabulary: what people write, and the term of the toolbox that means the same."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from corpus.demarche import STARTER
from corpus.errors import SettingsError
from corpus.french import fold
from corpus.words import stems, tokens

DEFAULT = STARTER / "vocabulaire.toml"
_LETTERS = re.compile(r"[a-z]+")
#: Words that an acronym may leave out.
_SMALL = frozenset("a au aux d de des du en et l la le les par pour sur un une".split())


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the stems of each of its writings, the concept sheet that explains it ("" if none), and the writings, the term first."""

    term: str
    runs: tuple[tuple[str, ...], ...]
    capitals: tuple[str, ...]
    sheet: str
    writings: tuple[str, ...]


class Vocabulary:
    """Terms by the stems of their writings. A writing all in capitals counts only when typed in capitals or alone."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms

    def terms_in(self, text: str) -> list[Term]:
        """The terms that a text uses, under any of their writings."""
        typed = set(tokens(text))
        line = " " + " ".join(stems(text)) + " "
        return [term for term in self.terms if any(mark in typed for mark in term.capitals) or any(" " + " ".join(run) + " " in line for run in term.runs)]

    def expansion(self, text: str, known: frozenset[str] | None = None) -> tuple[str, ...]:
        """The stems of the terms' own words that the text does not already have."""
        present = set(stems(text))
        found = [stem for term in self.terms_in(text) for run in (tuple(stems(term.term)), *term.runs[:3]) for stem in run if stem not in present]
        return tuple(dict.fromkeys(found))[:12]

    def written_out(self, acronym: str) -> str:
        """What an acronym stands for, however it is typed; "" where it is none that is known, or where a sheet explains it better.

        >>> load().written_out("epci"), load().written_out("EFC"), load().written_out("usager")
        ('établissement public de coopération intercommunale', '', '')
        """
        meant = (term for term in self.terms if not term.sheet and acronym.upper() in term.writings)
        return next((writing for term in meant for writing in term.writings if spells(writing, acronym)), "")


def spells(words: str, acronym: str) -> bool:
    """Whether the beginnings of words, small ones left out or not, spell an acronym in order.

    >>> spells("comité de pilotage", "COPIL"), spells("appel à projets", "AAP"), spells("louer plutôt qu'acheter", "LLD")
    (True, True, False)
    """
    written, letters = _LETTERS.findall(fold(words)), "".join(_LETTERS.findall(fold(acronym)))
    return len(written) > 1 and "".join(written) != letters and _spelt(written, letters)  # « COEF P » is only COEFP spaced out


def _spelt(words: list[str], letters: str) -> bool:
    if not words:
        return not letters
    first, rest = words[0], words[1:]
    taken = (size for size in range(1, min(len(first), len(letters)) + 1) if first.startswith(letters[:size]))
    return any(_spelt(rest, letters[size:]) for size in taken) or (first in _SMALL and _spelt(rest, letters))


@functools.lru_cache(maxsize=4)
def load(path: Path = DEFAULT) -> Vocabulary:
    """Read the vocabulary. Raises SettingsError when the file is not of the right form."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["termes"]
        return Vocabulary(tuple(_term(row["terme"], row["variantes"], row.get("fiche", "")) for row in rows))
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"Le vocabulaire {path} ne se lit pas : {error}.", "Comparez-le au fichier corpus/vocabulaire.toml d'origine.") from error


def _term(term: str, variants: list[str], sheet: str) -> Term:
    capitals = tuple(v for v in variants if v.isupper() and len(v) <= 8 and " " not in v)
    runs = (tuple(stems(name)) for name in (term, *(v for v in variants if v not in capitals)))
    return Term(term, tuple(run for run in runs if run), capitals, sheet, (term, *variants))
