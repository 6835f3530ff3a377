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
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.covering import Coverage, stems_of
from assistant.knowledge import Knowledge
from assistant.known_questions import answers_known
from assistant.parts import parts
from assistant.quoting import Sentence, passage_sentences
from assistant.reranking import standard
from assistant.retrieval import Candidate, Found
from assistant.understanding import Understood, part_of
from assistant.wanted import holds
from corpus.french import fold

#: Lines that list the other names of a sheet: found by, seldom an answer.
_NAMES = ("On dit aussi", "Sigle")
_DEFINES = re.compile(r"\b(?:est|sont|c'est) (?:une? |l[ea] |l'|des |ce )|\bvise|\bconsiste|\bdesigne|\bsignifie|\ba pour (?:but|objectif|mission)")

#: The signs a sentence is chosen by: standard scores of late interaction and coverage, its passage's score below the best,
#: whether it holds the kind of thing asked for, whether it is too short to say much and does not, whether it defines what
#: is asked about, how well its neighbours do, whether it is the document's title, whether it answers a known question near this one;
#: what reading it adds (see assistant/reading.py).
SIGNS = ("late", "coverage", "passage", "typed", "short", "defines", "neighbours", "title", "known", "read")
CARD = Path(__file__).with_name("sentences.json")
#: A published document is quoted before starter content that scores at most this much better.
PUBLISHED_MARGIN = 0.7


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each sign counts: fitted by ``python -m eval.fit_fusion``."""
    return {sign: float(weight) for sign, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its score and the signs that make it; ``coverage`` is the raw share of the question's words.

    ``logit`` is the log-odds that it answers, where it was read with the question.
    """

    candidate: Candidate
    sentence: Sentence
    score: float
    late: float
    coverage: float
    typed: bool
    signs: Mapping[str, float]
    logit: float | None = None

    @property
    def at(self) -> tuple[str, int]:
        """Where the sentence stands, whatever its score."""
        return self.candidate.uid, self.sentence.start


def answers(found: Found, asked: Understood, knowledge: Knowledge) -> list[Scored]:
    """The best sentence for each part of a question in several; nothing for a question that asks one thing."""
    spans = parts(asked.text)
    if len(spans) < 2:
        return []
    heard = [rank(replace(found, interaction=found.interaction.within(*span)), part_of(asked, *span), knowledge) for span in spans]
    return [ranked[0] for ranked in heard if ranked]


def announces(scored: Scored) -> bool:
    """Whether a sentence leads into a list: without its items it answers nothing."""
    return scored.candidate.passage.kind == "list" and scored.sentence.text.rstrip().endswith(":")


def rank(found: Found, asked: Understood, knowledge: Knowledge, passages: int = 8) -> list[Scored]:
    """The sentences of the best passages, best first."""
    rows: list[tuple[Candidate, Sentence, float, float]] = []
    coverage = Coverage(asked.stems, asked.expansion, knowledge)
    for candidate in found.candidates[:passages]:
        heading = stems_of(f"{candidate.document.label} {candidate.passage.section}")
        if candidate.passage.text.startswith(_NAMES) and not asked.names:
            continue
        for sentence in passage_sentences(candidate.passage):
            if sentence.text.startswith(_NAMES) and not asked.names:
                continue
            covered = coverage.by(stems_of(sentence.text), heading)
            late = found.interaction.part(candidate.uid, candidate.tokens, sentence.start, sentence.end)
            rows.append((candidate, sentence, late, covered))
    if not rows:
        return []
    held = _holding([row[1].text for row in rows], asked)
    lates, covers = standard(np.array([row[2] for row in rows])), standard(np.array([row[3] for row in rows]))
    best = found.candidates[0].score
    spread = max(1e-6, float(np.std([c.score for c in found.candidates[:30]])))
    scored = []
    for i, (candidate, sentence, raw_late, raw_cover) in enumerate(rows):
        typed = held[i]
        beside = [lates[k] for k in (i - 1, i + 1) if 0 <= k < len(rows) and rows[k][0] is candidate]
        signs = {
            "late": float(lates[i]),
            "coverage": float(covers[i]),
            "passage": (candidate.score - best) / spread,
            "typed": float(typed and bool(asked.wants)),
            "short": float(len(sentence.text) < 30 and not (typed and asked.wants)),  # a telephone number alone on its line is the answer
            "defines": defining(sentence.text, asked.stems) if asked.definition else 0.0,
            "neighbours": float(np.mean(beside)) if beside else 0.0,
            "title": float(fold(sentence.text) == fold(candidate.document.title)),
            "known": answers_known(candidate.document.id, sentence.text, found.known),
            "read": 0.0,
        }
        score = sum(weights().get(sign, 0.0) * value for sign, value in signs.items())
        scored.append(Scored(candidate, sentence, score, raw_late, raw_cover, typed, signs))
    return sorted(scored, key=lambda s: -s.score)


def defining(text: str, asked: Sequence[str]) -> float:
    """How much of what is asked about a sentence defines: the share of its stems that stand before « est une », « vise » or « désigne ».

    >>> defining("La mise en récits est une approche.", ("mis", "recit")), defining("Cet appel vise la mise en récits.", ("mis", "recit"))
    (1.0, 0.0)
    """
    folded = fold(text)
    verb = _DEFINES.search(folded)
    subject = stems_of(folded[: verb.start()]) if verb and asked else frozenset()
    return len(subject & set(asked)) / len(asked) if subject else 0.0


def _holding(texts: Sequence[str], asked: Understood) -> list[bool]:
    """Which texts hold the kind of thing asked for; where none counts what is to be counted by that name, those that hold a number."""
    held = [holds(asked.wants, text, asked.counted) for text in texts]
    return held if any(held) or not asked.counted else [holds(asked.wants, text) for text in texts]


def published_first(ranked: Sequence[Scored], margin: float = PUBLISHED_MARGIN) -> tuple[Scored, ...]:
    """The ranking, led by a published document's best sentence where it scores nearly as well as starter content."""
    if not ranked or not ranked[0].candidate.document.starter:
        return tuple(ranked)
    published = next((s for s in ranked if not s.candidate.document.starter), None)
    if published is None or ranked[0].score - published.score > margin:
        return tuple(ranked)
    return (published, *(s for s in ranked if s is not published))
