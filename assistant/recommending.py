"""From a situation to the step where the asker stands and one to three tools that fit.

Each tool is scored by how near the situation is to the phrasings of its sheet (nearest, and mean
of the nearest three), by BM25 over the same phrasings, and by the sheet's own passages. Stated
constraints filter first and, where nothing would be left, only weigh (and the answer says so).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import cues
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
from corpus.french import fold
from corpus.library import Library
from corpus.words import STOP_WORDS, stem, tokens

SHOWN = 3


#: The signs a tool is ranked by. The first four are standard scores over the tools: the nearest phrasing, the mean of the
#: nearest three, BM25 over phrasings, the best passage. Then: named, an alternative to what failed, shares of steps and publics.
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
        if not tools or not len(phrasings.documents):
            return Recommendation((), (), (), (), False, 0.0)
        near = phrasings.nearness(found.encoded.vector)
        steps = self.steps(asked, near, knowledge, phrasings)
        signs = self.signs(asked, found, knowledge, phrasings, steps, constraints.publics)
        scores = signs @ np.array([weights()[sign] for sign in SIGNS])
        order = sorted(range(len(tools)), key=lambda i: -scores[i])
        failed = failed_tools(asked, knowledge)
        fitting, aside = self._filter([tools[i] for i in order], knowledge, constraints, failed)
        relaxed = not fitting
        ranked = fitting or [tool for tool in (tools[i] for i in order) if tool not in failed]
        score_of = {tools[i]: float(scores[i]) for i in order}
        chosen = self._choose(ranked, score_of, knowledge)
        suggestions = tuple(self._suggestion(knowledge.tools[tool], asked, phrasings, near, constraints, knowledge, score_of[tool]) for tool in chosen)
        return Recommendation(
            suggestions, tuple(aside), steps, step_words(asked, near, phrasings, knowledge, steps[0]) if steps else (), relaxed, float(near.max())
        )

    def signs(
        self,
        asked: Understood,
        found: Found,
        knowledge: Knowledge,
        phrasings: Phrasings,
        steps: Sequence[str],
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
        failed = failed_tools(asked, knowledge)
        alternatives = {other for tool in failed for other in knowledge.tools[tool].sheet.get("alternatives", [])}
        marks = []
        for tool in tools:
            sheet = knowledge.tools[tool].sheet
            own = sheet.get("etapes", [])
            marks.append(
                [
                    float(tool in asked.named and tool not in failed),
                    float(tool in alternatives),
                    len(set(own) & set(steps)) / max(1, len(steps)),
                    float(bool(own) and bool(steps) and own[0] == steps[0]),
                    len(set(publics) & set(sheet.get("cibles", []))) / max(1, len(publics)),
                ]
            )
        legs = [standard(best), standard(three), standard(self._words(asked, tools)), standard(np.array(list(passage.values())))]
        return np.column_stack([*legs, np.array(marks, float)])

    def _words(self, asked: Understood, tools: Sequence[str]) -> NDArray[np.float64]:
        hits = self._library.store.search_formulations(asked.stems, 200)
        owners = {uid: stored.formulation.document for uid, stored in self._library.store.formulations_by_uid([uid for uid, _ in hits]).items()}
        scores: dict[str, list[float]] = {}
        for uid, score in hits:
            if uid in owners:
                scores.setdefault(owners[uid], []).append(score)
        return np.array([sum(score * 0.5**i for i, score in enumerate(sorted(scores.get(tool, [0.0]), reverse=True)[:3])) for tool in tools])

    def steps(self, asked: Understood, near: NDArray[np.float64], knowledge: Knowledge, phrasings: Phrasings) -> tuple[str, ...]:
        """The steps named, else the two likeliest: each phrasing votes for its sheet's steps, nearer ones louder."""
        if asked.steps:
            return asked.steps[:2]
        votes = step_votes(near, knowledge, phrasings)
        ranked = sorted(votes, key=lambda step: -votes[step])
        return tuple(ranked[:2])

    def _filter(self, ranked: Sequence[str], knowledge: Knowledge, constraints: Constraints, failed: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
        fitting: list[str] = []
        aside: list[tuple[str, str]] = [(knowledge.tools[tool].title, "déjà essayé, ou impossible cette fois") for tool in failed]
        for place, tool in enumerate(ranked):
            if tool in failed:
                continue
            reasons = constraints.misfits(knowledge.tools[tool].sheet)
            if not reasons:
                fitting.append(tool)
            elif place < 4:
                aside.append((knowledge.tools[tool].title, reasons[0]))
        return fitting, aside[:3]

    def _choose(self, ranked: Sequence[str], scores: Mapping[str, float], knowledge: Knowledge) -> list[str]:
        """At most three; the second and third only while they score near the first."""
        chosen = list(ranked[:1])
        for tool in ranked[1:SHOWN]:
            if scores[tool] >= scores[ranked[0]] - 2.6:
                chosen.append(tool)
        first_ready = next((tool for tool in chosen if knowledge.tools[tool].sheet.get("statut") != "a-produire"), None)
        if first_ready and chosen and knowledge.tools[chosen[0]].sheet.get("statut") == "a-produire" and scores[chosen[0]] - scores[first_ready] < 0.3:
            chosen.remove(first_ready)
            chosen.insert(0, first_ready)
        return chosen

    def _suggestion(
        self, tool: Document, asked: Understood, phrasings: Phrasings, near: NDArray[np.float64], constraints: Constraints, knowledge: Knowledge, score: float
    ) -> Suggestion:
        sheet = tool.sheet
        people = sheet.get("participants")
        following = tuple(knowledge.tools[t].title for t in sheet.get("suite", []) if t in knowledge.tools)[:2]
        return Suggestion(
            tool.id,
            tool.title,
            tuple(sheet.get("etapes", [])),
            reason_for(tool, asked, phrasings, near, constraints, knowledge),
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


def failed_tools(asked: Understood, knowledge: Knowledge) -> list[str]:
    """The tools that the asker names as tried without success, or impossible this time."""
    if not cues.points("tools", "failed", asked.folded):
        return []
    return [name for name in asked.named if name in knowledge.tools][:1]


def step_votes(near: NDArray[np.float64], knowledge: Knowledge, phrasings: Phrasings, count: int = 25, sharpness: float = 40.0) -> dict[str, float]:
    """For each step, the votes of the nearest phrasings; a sheet's first step counts more than its others."""
    votes = dict.fromkeys(knowledge.demarche.step_ids, 0.0)
    order = np.argsort(-near)
    taken = 0
    for row in order:
        document = knowledge.documents[phrasings.documents[row]]
        steps = [str(document.sheet["etape"])] if document.type == "etape" else list(document.sheet.get("etapes", [])) if document.type == "outil" else []
        if not steps or phrasings.kinds[row] not in ("situation", "question"):
            continue
        weight = float(np.exp(sharpness * (near[row] - near[order[0]])))
        shares = [1.0] if len(steps) == 1 else [0.7, *[0.5 / max(1, len(steps) - 1)] * (len(steps) - 1)]
        for step, share in zip(steps, shares, strict=False):
            if step in votes:
                votes[step] += weight * share * (1.5 if document.type == "etape" else 1.0)
        taken += 1
        if taken >= count:
            break
    return votes


def step_words(asked: Understood, near: NDArray[np.float64], phrasings: Phrasings, knowledge: Knowledge, step: str) -> tuple[str, ...]:
    """The words of the story that also stand in the phrasings that voted for the step, rarest first: what led there."""
    held: set[str] = set()
    for row in np.argsort(-near)[:40]:
        document = knowledge.documents[phrasings.documents[row]]
        if step in document.sheet.get("etapes", []) or document.sheet.get("etape") == step:
            held |= {stem(word) for word in tokens(phrasings.texts[row])}
    words = dict.fromkeys(word for word in tokens(asked.text) if len(word) > 3 and fold(word) not in STOP_WORDS and stem(word) in held)
    telling = [word for word in words if knowledge.rarity(stem(word)) > 3.0]
    return tuple(sorted(telling, key=lambda word: -knowledge.rarity(stem(word)))[:3])
