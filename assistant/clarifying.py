"""Asking back: when a situation says too little to choose a tool, one short question with answers to click.

At most two questions in a row (where one stands, then what one wants to get), each can be passed
over; what was said so far stays in the question that is finally asked. A story that names a step, a
tool, a concept or a constraint, or has enough telling words, is never asked back.
"""

from __future__ import annotations

from assistant import cues
from assistant.constraints import Constraints
from assistant.knowledge import Knowledge
from assistant.understanding import Understood
from corpus.words import stems

#: Telling words below which a situation is vague: rarity summed over its own content words.
TELLING = 9.0
SKIP = "Passer cette question"
BACK = "Revenir à la question précédente"

_QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Où en êtes-vous ?",
        (
            "Nous voulons donner envie à des élus ou à des agents",
            "Nous préparons la démarche ou cherchons l'enjeu du territoire",
            "Nous réunissons des acteurs et imaginons une réponse",
            "Nous essayons, évaluons ou voulons que cela dure",
        ),
    ),
    (
        "Que voulez-vous obtenir ?",
        (
            "Faire comprendre une idée simplement",
            "Faire parler un groupe et décider ensemble",
            "Écrire un document pour avancer",
            "Montrer ce que cela a changé",
        ),
    ),
)


def question(round_number: int) -> tuple[str, tuple[str, ...]]:
    """The question of this round (from 0) with its answers, « passer » and, after the first, « revenir » last."""
    words, choices = _QUESTIONS[min(round_number, len(_QUESTIONS) - 1)]
    return words, (*choices, SKIP, *((BACK,) if round_number else ()))


def is_choice(text: str) -> bool:
    """Whether a text is one of the answers to click."""
    return text == SKIP or any(text in choices for _, choices in _QUESTIONS)


def rounds() -> int:
    """How many questions there are at most."""
    return len(_QUESTIONS)


def is_vague(asked: Understood, constraints: Constraints, knowledge: Knowledge) -> bool:
    """Whether a situation says too little to choose."""
    if asked.steps or asked.named or constraints.minutes is not None or constraints.people is not None or constraints.family or constraints.status:
        return False
    return telling(asked, knowledge) < TELLING


def telling(asked: Understood, knowledge: Knowledge) -> float:
    """How much the words of a situation tell: the rarity of its content words, words of mere asking left out."""
    plain = cues.pattern("clarify", "empty").sub(" ", asked.folded)
    kept = {stem for stem in asked.stems if stem in set(stems(plain))}
    return sum(min(knowledge.rarity(stem), 5.0) for stem in kept if knowledge.known(stem))
