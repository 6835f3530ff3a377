"""The controlled vocabulary: what people write, and the term of the toolbox that means the same."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from corpus.demarche import STARTER
from corpus.errors import SettingsError
from corpus.words import stems, tokens

DEFAULT = STARTER / "vocabulaire.toml"


@dataclass(frozen=True, slots=True)
class Term:
    """A term, the stems of each of its writings, and the concept sheet that explains it ("" if none)."""

    term: str
    runs: tuple[tuple[str, ...], ...]
    capitals: tuple[str, ...]
    sheet: str


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
    return Term(term, tuple(run for run in runs if run), capitals, sheet)
