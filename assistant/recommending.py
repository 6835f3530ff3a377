"""From a situation to the step where the asker stands and one to three tools that fit.

Each tool is scored by how near the situation is to the phrasings of its sheet (nearest, and mean
of the nearest three), by BM25 over the same phrasings, and by the sheet's own passages. Stated
constraints filter first and, where nothing would be left, only weigh (and the answer says so).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import clarifying, shortnames, standing
from assistant.answer import Suggestion
from assistant.constraints import Constraints
from assistant.knowledge import Knowledge
from assistant.phrasings import Phrasings
from assistant.reasons import outcome, reason_for
from assistant.reranking import standard
from assistant.retrieval import Found
from assistant.understanding import Understood
from corpus.documents import Document
from corpus.durations import spoken_range
from corpus.library import Library

SHOWN = 3
#: How far below the first a tool is still shown, and how near it a ready one goes before one still to be made.
NEAR, NEARLY = 2.6, 0.5
TO_MAKE = "a-produire"
#: What an answer that was clicked takes from the tools it speaks against.
CLICKED = 3.0


#: The signs a tool is ranked by. The first four are standard scores over the tools: the nearest phrasing, the mean of the
#: nearest three, BM25 over phrasings, the best passage. Then: named, an alternative to what failed or what follows what was done, shares of steps and publics.
SIGNS = ("nearest", "three", "words", "passages", "named", "alternative", "step", "first_step", "public")
CARD = Path(__file__).with_name("tools.json")


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each sign counts: fitted by ``python -m eval.fit_tools``."""
    return {sign: float(weight) for sign, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is proposed: tools, those set aside with the reason, the steps and the words that led there."""

    tools: tuple[Suggestion, ...]
    set_aside: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    step_words: tuple[str, ...]
    relaxed: bool
    best: float  # the best tool's nearness, for abstaining


class Recommender:
    """Recommends the tools of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def recommend(self, asked: Understood, found: Found, knowledge: Knowledge, phrasings: Phrasings, constraints: Constraints) -> Recommendation:
        """The tools for a situation, best first."""
        tools = list(knowledge.tools)
        if not tools or not phrasings.wordings:
            return Recommendation((), (), (), (), False, 0.0)
        near = phrasings.nearness(found.encoded.vector)
        scores = self.scores(asked, found, knowledge, phrasings, constraints.publics)
        steps = standing.named_steps(asked, knowledge) or standing.likeliest(asked, near, scores, knowledge, phrasings)
        order = sorted(tools, key=lambda tool: -scores[tool])
        kept_out = excluded(asked, knowledge)
        fitting, aside = self._filter(order, knowledge, constraints, kept_out)
        relaxed = not fitting
        ranked = fitting or [tool for tool in order if tool not in kept_out]
        chosen = self._choose(ranked, scores, knowledge, {*asked.named, *shortnames.compared(asked, knowledge)})
        said: set[str] = set()
        reasons = {tool: reason_for(knowledge.tools[tool], asked, phrasings, near, constraints, knowledge, said) for tool in chosen}
        suggestions = tuple(self._suggestion(knowledge.tools[tool], reasons[tool], knowledge, scores[tool]) for tool in chosen)
        return Recommendation(
            suggestions, tuple(aside), steps, standing.step_words(asked, near, phrasings, knowledge, steps[0]) if steps else (), relaxed, float(near.max())
        )

    def scores(self, asked: Understood, found: Found, knowledge: Knowledge, phrasings: Phrasings, publics: Sequence[str]) -> dict[str, float]:
        """The score of every tool."""
        values = self.signs(asked, found, knowledge, phrasings, publics) @ np.array([weights()[sign] for sign in SIGNS])
        return {tool: float(value) - _against(asked, document, knowledge) for (tool, document), value in zip(knowledge.tools.items(), values, strict=True)}

    def signs(
        self,
        asked: Understood,
        found: Found,
        knowledge: Knowledge,
        phrasings: Phrasings,
        publics: Sequence[str],
    ) -> NDArray[np.float64]:
        """The signs of every tool (tools × signs), in the order of ``knowledge.tools``."""
        tools = list(knowledge.tools)
        near = phrasings.nearness(found.encoded.vector)
        rows = phrasings.rows_of(tools, ("situation", "question", "name"))
        best = np.array([near[rows[tool]].max() if rows[tool] else 0.0 for tool in tools])
        three = np.array([np.sort(near[rows[tool]])[-3:].mean() if rows[tool] else 0.0 for tool in tools])
        passage = dict.fromkeys(tools, min((c.score for c in found.candidates), default=0.0))
        for candidate in found.candidates:
            if candidate.document.id in passage:
                passage[candidate.document.id] = max(passage[candidate.document.id], candidate.score)
        legs = [standard(best), standard(three), standard(self._words(asked, tools)), standard(np.array(list(passage.values())))]
        return np.column_stack([*legs, self._marks(asked, near, knowledge, phrasings, publics)])

    def _marks(self, asked: Understood, near: NDArray[np.float64], knowledge: Knowledge, phrasings: Phrasings, publics: Sequence[str]) -> NDArray[np.float64]:
        """What is said of a tool or of its step and public: the last signs of every tool."""
        failed, done = shortnames.failed(asked, knowledge), shortnames.done(asked, knowledge)
        instead = {other for tool in failed for other in knowledge.tools[tool].sheet.get("alternatives", [])}
        instead |= {other for tool in done for other in knowledge.tools[tool].sheet.get("suite", [])}
        named = {*asked.named, *shortnames.compared(asked, knowledge)} - {*failed, *done}
        steps = standing.named_steps(asked, knowledge) or _voted(
            standing.step_votes(near, knowledge, phrasings), clarifying.steps_chosen(asked.text, knowledge)
        )
        marks = []
        for tool, document in knowledge.tools.items():
            sheet = document.sheet
            own = sheet.get("etapes", [])
            marks.append(
                [
                    float(tool in named),
                    float(tool in instead),
                    len(set(own) & set(steps)) / max(1, len(steps)),
                    float(bool(own) and bool(steps) and own[0] == steps[0]),
                    len(set(publics) & set(sheet.get("cibles", []))) / max(1, len(publics)),
                ]
            )
        return np.array(marks, float)

    def _words(self, asked: Understood, tools: Sequence[str]) -> NDArray[np.float64]:
        hits = self._library.store.search_formulations(asked.stems, 200)
        owners = {uid: stored.formulation.document for uid, stored in self._library.store.formulations_by_uid([uid for uid, _ in hits]).items()}
        scores: dict[str, list[float]] = {}
        for uid, score in hits:
            if uid in owners:
                scores.setdefault(owners[uid], []).append(score)
        return np.array([sum(score * 0.5**i for i, score in enumerate(sorted(scores.get(tool, [0.0]), reverse=True)[:3])) for tool in tools])

    def _filter(
        self, ranked: Sequence[str], knowledge: Knowledge, constraints: Constraints, kept_out: Mapping[str, str]
    ) -> tuple[list[str], list[tuple[str, str]]]:
        fitting: list[str] = []
        aside: list[tuple[str, str]] = [(knowledge.tools[tool].title, why) for tool, why in kept_out.items()]
        for place, tool in enumerate(ranked):
            if tool in kept_out:
                continue
            reasons = constraints.misfits(knowledge.tools[tool].sheet)
            if not reasons:
                fitting.append(tool)
            elif place < 4:
                aside.append((knowledge.tools[tool].title, reasons[0]))
        return fitting, aside[:3]

    def _choose(self, ranked: Sequence[str], scores: Mapping[str, float], knowledge: Knowledge, named: Collection[str]) -> list[str]:
        """At most three; the second and third only while they score near the first.

        A tool still to be made leads only where it is named, or where none that exists does nearly as well.
        """
        chosen = [tool for place, tool in enumerate(ranked[:SHOWN]) if place == 0 or scores[tool] >= scores[ranked[0]] - NEAR]
        ready = next((tool for tool in chosen if knowledge.tools[tool].sheet.get("statut") != TO_MAKE), None)
        if ready and chosen[0] != ready and chosen[0] not in named and scores[chosen[0]] - scores[ready] < NEARLY:
            chosen.remove(ready)
            chosen.insert(0, ready)
        return chosen

    def _suggestion(self, tool: Document, reason: str, knowledge: Knowledge, score: float) -> Suggestion:
        sheet = tool.sheet
        people = sheet.get("participants")
        following = tuple(knowledge.tools[t].title for t in sheet.get("suite", []) if t in knowledge.tools)[:2]
        return Suggestion(
            tool.id,
            tool.title,
            tuple(sheet.get("etapes", [])),
            reason,
            duration_words(sheet),
            participants=f"{people[0]} à {people[1]} personnes" if people and people[0] != people[1] else "une personne" if people else "",
            status=knowledge.demarche.label("statut", sheet.get("statut", "")),
            outcome=outcome(tool, self._library),
            prepare=", ".join([*sheet.get("prerequis", []), *sheet.get("materiel", [])][:4]),
            following=following,
            score=score,
        )


def duration_words(sheet: Mapping[str, object]) -> str:
    """How long a tool takes, in words: one sitting, or its rhythm."""
    minutes = sheet.get("duree_minutes")
    if isinstance(minutes, list | tuple):
        return spoken_range(minutes[0], minutes[1])
    return str(sheet.get("rythme") or "")


def excluded(asked: Understood, knowledge: Knowledge) -> dict[str, str]:
    """The tools that are not proposed again, with the reason: those that failed, and the one just done."""
    done = dict.fromkeys(shortnames.done(asked, knowledge), "vous venez de le faire")
    return done | dict.fromkeys(shortnames.failed(asked, knowledge), "déjà essayé, ou impossible cette fois")


def _voted(votes: Mapping[str, float], still: Sequence[str]) -> tuple[str, ...]:
    """The two steps with the most votes, among those still open."""
    return tuple(sorted(still or votes, key=lambda step: -votes[step])[:2])


def _against(asked: Understood, tool: Document, knowledge: Knowledge) -> float:
    """How much the answers that the asker clicked speak against a tool."""
    steps, families = clarifying.steps_chosen(asked.text, knowledge), clarifying.families_chosen(asked.text)
    elsewhere = bool(steps) and not set(steps) & set(tool.sheet.get("etapes", []))
    return CLICKED * (elsewhere + (bool(families) and tool.sheet.get("famille") not in families))
