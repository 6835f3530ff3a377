"""Choosing, in the passages found, the sentences that answer.

A sentence is scored by late interaction over its own tokens, by the rarity-weighted share of the
question's words it holds (its heading's counting for half), by its passage's score, and by
whether it holds the kind of thing asked for (an amount, a date, a person…).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge import Knowledge
from assistant.quoting import Sentence, passage_sentences
from assistant.retrieval import Candidate, Found
from assistant.understanding import Understood, Wants
from corpus.french import fold
from corpus.late import Head
from corpus.words import stem, stems, tokens

_NUMBER = r"(?:\d[\d  .,]*\d|\d|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|cent|centaine|dizaine|mille)"
_MONTH = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
#: What must stand in a sentence for it to hold the kind of thing asked for (over folded text).
HOLDS: dict[Wants, re.Pattern[str]] = {
    "amount": re.compile(rf"\d[\d\s .,]*\s*(?:€|euros?\b|k€|m€|%)|\bgratuit|pris en charge|\b{_NUMBER}\s+euros"),
    "date": re.compile(rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}\s+{_MONTH}|\b{_MONTH}\s+(?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"),
    "duration": re.compile(rf"\b{_NUMBER}\s*(?:a\s+{_NUMBER}\s*)?(?:mois|jours?|journees?|ans?|annees?|semaines?|h\b|heures?|min\b|minutes?)|demi-journee"),
    "count": re.compile(rf"\b{_NUMBER}\b"),
    "person": re.compile(r""),
    "phone": re.compile(r"\b0\d(?:[ .]?\d{2}){4}\b"),
    "address": re.compile(r"\b\d{5}\b|\b\d{2} \d{3}\b|\brue\b|\bavenue\b|\bplace d"),
    "url": re.compile(r"\b[\w-]+\.(?:com|org|eu|fr|net|xyz|gouv)\b|https?://"),
    "share": re.compile(r"\d\s*%|pour cent|\b(?:moitie|tiers|quart)\b"),
}
#: Lines that list the other names of a sheet: found by, seldom an answer.
_NAMES = ("On dit aussi", "Sigle")
_DEFINES = re.compile(r"\\b(?:est|sont|c'est) (?:une? |l[ea] |l'|des |ce )|\\bvise|\\bconsiste|\\bdesigne|\\bsignifie|\\ba pour (?:but|objectif|mission)")
_PERSON = re.compile(r"\b[A-ZÉÈÀÎ][a-zéèêëàâîïôûç'’-]+\s+(?:(?:du|de|von|van)\s+)?[A-ZÉÈÀÎ][a-zéèêëàâîïôûç'’-]+")


#: The signs a sentence is chosen by: standard scores of late interaction and coverage, its passage's score below the best,
#: whether it holds the kind of thing asked for, whether it is too short to say much, whether it defines.
SIGNS = ("late", "coverage", "passage", "typed", "short", "defines", "neighbours")
CARD = Path(__file__).with_name("sentences.json")


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each sign counts: fitted by ``python -m eval.fit_fusion``."""
    return {sign: float(weight) for sign, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its score and the signs that make it; ``coverage`` is the raw share of the question's words."""

    candidate: Candidate
    sentence: Sentence
    score: float
    late: float
    coverage: float
    typed: bool
    signs: Mapping[str, float]


def holds(wants: Wants, text: str, counted: str = "") -> bool:
    """Whether a text holds the kind of thing asked for; ``counted`` is the stem of what is counted, if known.

    >>> holds("amount", "une contribution de 700 €"), holds("amount", "une contribution"), holds("person", "créé par Christian du Tertre")
    (True, False, True)
    >>> holds("count", "5 à 7 territoires", stem("territoires")), holds("count", "un territoire", stem("territoires"))
    (True, False)
    """
    if not wants or wants in ("names", "place"):
        return True
    if wants == "person":
        return bool(_PERSON.search(text))
    if wants == "count" and counted:
        return any(counted in {stem(word) for word in tokens(text[match.end() : match.end() + 45])} for match in HOLDS["count"].finditer(fold(text)))
    return bool(HOLDS[wants].search(fold(text)))


def fact_in(asked: Understood, text: str) -> str:
    """The part of a sentence that is of the kind asked for, to be set in bold; "" when there is none or several."""
    if not asked.wants or asked.wants not in HOLDS or asked.wants == "person" or len(fold(text)) != len(text):
        return ""
    found = list(HOLDS[asked.wants].finditer(fold(text)))
    return text[found[0].start() : found[0].end()].strip(" ,.;") if len(found) == 1 else ""


def rank(found: Found, asked: Understood, knowledge: Knowledge, head: Head | None, passages: int = 8) -> list[Scored]:
    """The sentences of the best passages, best first."""
    question = _Question(found, head)
    rows: list[tuple[Candidate, Sentence, float, float, bool]] = []
    for candidate in found.candidates[:passages]:
        heading = set(stems(f"{candidate.document.label} {candidate.passage.section}"))
        for sentence in passage_sentences(candidate.passage):
            if sentence.text.startswith(_NAMES) and not asked.names:
                continue
            covered = coverage(asked, set(stems(sentence.text)), heading, knowledge)
            rows.append((candidate, sentence, question.late(candidate, sentence), covered, holds(asked.wants, sentence.text, asked.counted)))
    if not rows:
        return []
    late, cover = _standard([row[2] for row in rows]), _standard([row[3] for row in rows])
    best = found.candidates[0].score
    spread = max(1e-6, float(np.std([c.score for c in found.candidates[:30]])))
    scored = []
    for i, (candidate, sentence, raw_late, raw_cover, typed) in enumerate(rows):
        beside = [late[k] for k in (i - 1, i + 1) if 0 <= k < len(rows) and rows[k][0] is candidate]
        signs = {
            "late": float(late[i]),
            "coverage": float(cover[i]),
            "passage": (candidate.score - best) / spread,
            "typed": float(typed and bool(asked.wants)),
            "short": float(len(sentence.text) < 30),
            "defines": float(asked.definition and bool(_DEFINES.search(fold(sentence.text)))),
            "neighbours": float(np.mean(beside)) if beside else 0.0,
        }
        score = sum(weights().get(sign, 0.0) * value for sign, value in signs.items())
        scored.append(Scored(candidate, sentence, score, raw_late, raw_cover, typed, signs))
    return sorted(scored, key=lambda s: -s.score)


class _Question:
    """The question's side of late interaction, computed once."""

    def __init__(self, found: Found, head: Head | None) -> None:
        self._rows: NDArray[np.float32] | None = None
        if head is not None and found.encoded.tokens is not None and len(found.encoded.tokens):
            self._rows = head.rows(found.encoded.tokens)
            self._weights = head.weights(found.encoded.tokens)
        self._similar: dict[str, NDArray[np.float32]] = {}

    def late(self, candidate: Candidate, sentence: Sentence) -> float:
        """Late interaction with the sentence's own tokens."""
        matrix = candidate.tokens
        if self._rows is None or matrix is None or not len(matrix.rows):
            return 0.0
        if candidate.uid not in self._similar:
            self._similar[candidate.uid] = self._rows @ matrix.rows.T
        inside = (matrix.starts < sentence.end) & (matrix.ends > sentence.start)
        if not inside.any():
            return 0.0
        return float(self._weights @ self._similar[candidate.uid][:, inside].max(axis=1))


def coverage(asked: Understood, held: set[str], heading: set[str], knowledge: Knowledge) -> float:
    """The rarity-weighted share of the question's stems that a text holds; its heading's count for half."""
    total = sum(knowledge.rarity(stem) for stem in asked.stems) or 1.0
    got = sum(knowledge.rarity(stem) * (1.0 if stem in held else 0.5 if stem in heading else 0.0) for stem in asked.stems)
    got += sum(0.3 * knowledge.rarity(stem) for stem in asked.expansion if stem in held)
    return got / total


def _standard(values: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    deviation = float(array.std())
    return (array - array.mean()) / deviation if deviation > 1e-9 else np.zeros_like(array)
