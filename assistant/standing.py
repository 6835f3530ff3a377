"""Where the asker stands: the one or two steps of the démarche that a situation tells of.

A step that is named counts. Else each step is scored by a small fitted model (``steps.json``, card in
``steps.md``, made by ``python -m eval.fit_steps``) over four signs: how the nearest phrasings vote, which
steps the best-ranked tools belong to, the step's own sheet, and the nearest phrasings of its tools. The signs
are of a step and not of its number, so that a démarche with other steps is read in the same way.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import clarifying, cues
from assistant.constraints import stated_words
from assistant.knowledge import Knowledge
from assistant.phrasings import Phrasings
from assistant.reranking import standard
from assistant.understanding import Understood
from corpus.french import fold
from corpus.words import STOP_WORDS, stem, stems, tokens

CARD = Path(__file__).with_name("steps.json")
#: The signs of a step, in order.
SIGNS = ("vote", "tools", "sheet", "nearest")
_SHARPNESS = 40.0
_KINDS = ("situation", "question")
_CALLED = re.compile(r"\b(?:etape|stade|phase)s?\b[^\w]*((?:[\w'-]+\W+){0,4}[\w'-]+)")
#: The share of the phrasings with a word that must be of a step for the word to tell of it, and how many at least.
TOLD, TWICE = 0.35, 2
_ROOT = 5  # letters that « lecture du territoire » and « Lire le territoire » must share in one word

Vector = NDArray[np.float64]


@functools.cache
def weights() -> Mapping[str, float]:
    """How much each sign of a step counts."""
    return {sign: float(weight) for sign, weight in json.loads(CARD.read_text("utf-8"))["weights"].items()}


def named_steps(asked: Understood, knowledge: Knowledge) -> tuple[str, ...]:
    """The steps named, in full or by a variant: « l'étape de lecture du territoire »."""
    if asked.steps:
        return asked.steps[:2]
    roots: dict[str, list[str]] = {}
    for step in knowledge.demarche.steps:
        for word in {word[:_ROOT] for word in stems(step.name) if len(word) >= _ROOT - 1}:
            roots.setdefault(word, []).append(step.id)
    for match in _CALLED.finditer(asked.folded):
        for word in stems(match.group(1)):
            called = roots.get(word[:_ROOT], [])
            if len(called) == 1:
                return (called[0],)
    return ()


def likeliest(asked: Understood, near: Vector, scores: Mapping[str, float], knowledge: Knowledge, phrasings: Phrasings) -> tuple[str, ...]:
    """The two likeliest steps of a situation, among those that clicked answers leave open, given how near each phrasing is and how each tool scores."""
    names = knowledge.demarche.step_ids
    still = clarifying.steps_chosen(asked.text, knowledge) or names
    values = signs(near, scores, knowledge, phrasings) @ np.array([weights()[sign] for sign in SIGNS])
    return tuple(names[i] for i in np.argsort(-values, kind="stable") if names[i] in still)[:2]


def signs(near: Vector, scores: Mapping[str, float], knowledge: Knowledge, phrasings: Phrasings) -> Vector:
    """The signs of every step (steps × signs), in the order of the démarche."""
    names = knowledge.demarche.step_ids
    votes = step_votes(near, knowledge, phrasings)
    total = sum(votes.values()) or 1.0
    sheets = {step: [document.id] for step, document in knowledge.step_sheets.items()}
    tools = {step: [tool for tool, document in knowledge.tools.items() if document.sheet.get("etapes", [""])[0] == step] for step in names}
    return np.column_stack(
        [
            np.array([votes[step] / total for step in names]),
            _of_tools(scores, knowledge),
            standard(_best(sheets, names, near, phrasings, 1)),
            standard(_best(tools, names, near, phrasings, 3)),
        ]
    )


def step_votes(near: Vector, knowledge: Knowledge, phrasings: Phrasings, count: int = 25) -> dict[str, float]:
    """For each step, the votes of the nearest phrasings; a sheet's first step counts more than its others."""
    votes = dict.fromkeys(knowledge.demarche.step_ids, 0.0)
    order = np.argsort(-near)
    taken = 0
    for row in order:
        document = knowledge.documents[phrasings.wordings[row].document]
        steps = [str(document.sheet["etape"])] if document.type == "etape" else list(document.sheet.get("etapes", [])) if document.type == "outil" else []
        if not steps or phrasings.wordings[row].kind not in _KINDS:
            continue
        weight = float(np.exp(_SHARPNESS * (near[row] - near[order[0]])))
        for step, share in shares(steps).items():
            if step in votes:
                votes[step] += weight * share * (1.5 if document.type == "etape" else 1.0)
        taken += 1
        if taken >= count:
            break
    return votes


def shares(steps: list[str]) -> dict[str, float]:
    """How a sheet's voice is shared between its steps: the first one has most of it.

    >>> shares(["E1", "E2"])
    {'E1': 0.7, 'E2': 0.5}
    """
    if len(steps) == 1:
        return {steps[0]: 1.0}
    return {step: 0.7 if place == 0 else 0.5 / (len(steps) - 1) for place, step in enumerate(steps)}


def step_words(asked: Understood, near: Vector, phrasings: Phrasings, knowledge: Knowledge, step: str) -> tuple[str, ...]:
    """The words of the story that also stand in the phrasings that voted for the step, rarest first: what led there.

    Words that only state a constraint led nowhere, nor do those that are said of every step.
    """

    def of_step(row: int) -> bool:
        sheet = knowledge.documents[phrasings.wordings[row].document].sheet
        return step in sheet.get("etapes", []) or sheet.get("etape") == step

    nearest = {int(row) for row in np.argsort(-near)[:40] if of_step(int(row))}
    held = {root for root, rows in phrasings.said(stems(asked.text)).items() if nearest & rows and sum(map(of_step, rows)) >= max(TWICE, TOLD * len(rows))}
    plain = STOP_WORDS | stated_words(asked.text)
    words = dict.fromkeys(
        word
        for word in tokens(asked.text)
        if len(word) > 3 and fold(word) not in plain and stem(word) in held and not cues.points("clarify", "plain", fold(word))
    )
    telling = [word for word in words if knowledge.rarity(stem(word)) > 3.0]
    return tuple(sorted(telling, key=lambda word: -knowledge.rarity(stem(word)))[:3])


def _of_tools(scores: Mapping[str, float], knowledge: Knowledge) -> Vector:
    """The share of each step among the tools, the better ranked counting more."""
    found = dict.fromkeys(knowledge.demarche.step_ids, 0.0)
    top = max(scores.values(), default=0.0)
    for tool, score in scores.items():
        for step, share in shares(list(knowledge.tools[tool].sheet.get("etapes", [])) or [""]).items():
            if step in found:
                found[step] += float(np.exp(score - top)) * share
    total = sum(found.values()) or 1.0
    return np.array([value / total for value in found.values()])


def _best(documents: Mapping[str, list[str]], steps: tuple[str, ...], near: Vector, phrasings: Phrasings, count: int) -> Vector:
    """For each step, the mean of the nearest phrasings of these sheets; the least of all where it has none."""
    rows = phrasings.rows_of([name for names in documents.values() for name in names], _KINDS)
    values = []
    for step in steps:
        held = [row for name in documents.get(step, []) for row in rows[name]]
        values.append(float(np.sort(near[held])[-count:].mean()) if held else float(near.min(initial=0.0)))
    return np.array(values)
