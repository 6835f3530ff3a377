"""Asking back: when a situation says too little to choose a tool, one short question with answers to click.

Four questions at most (where one stands, what to obtain, with whom, how much time), each can be passed
over, and two answers are enough. What was said so far stays in the question that is finally asked; an
answer that was clicked counts for more than its words: it speaks for steps or for a family of tools.
A story that names a step or a tool, states a time or a group, or has enough telling words, is never asked back.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant import cues
from assistant.constraints import Constraints
from assistant.knowledge import Knowledge
from assistant.understanding import Understood
from corpus.french import fold
from corpus.words import stems

#: Telling words below which a situation is vague: rarity summed over its own content words.
TELLING = 6.0
#: Telling words below which a question that is not plainly about tools is a mere call for help.
CALLING = 4.0
#: Answers that are enough to choose.
ENOUGH = 2
SKIP = "Passer cette question"
BACK = "Revenir à la question précédente"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to click, with the steps or the family it speaks for; those that a démarche does not have say nothing."""

    text: str
    steps: tuple[str, ...] = ()
    family: str = ""


_QUESTIONS: tuple[tuple[str, tuple[Choice, ...]], ...] = (
    (
        "Où en êtes-vous ?",
        (
            Choice("Nous voulons donner envie à des élus ou à des agents", ("E1",)),
            Choice("Nous préparons la démarche ou cherchons l'enjeu du territoire", ("E2", "E3")),
            Choice("Nous réunissons des acteurs et imaginons une réponse", ("E4", "E5")),
            Choice("Nous essayons, évaluons ou voulons que cela dure", ("E6", "E7", "E8")),
        ),
    ),
    (
        "Que voulez-vous obtenir ?",
        (
            Choice("Faire comprendre une idée simplement", (), "pedagogique"),
            Choice("Faire parler un groupe et décider ensemble", (), "animation"),
            Choice("Écrire un document pour avancer", (), "gestion-de-projet"),
            Choice("Montrer ce que cela a changé", ("E7",)),
        ),
    ),
    ("Avec qui ?", (Choice("Avec des élus"), Choice("Avec des agents"), Choice("Avec des habitants"), Choice("Avec des associations ou des entreprises"))),
    (
        "De combien de temps disposez-vous ?",
        (Choice("Une demi-heure au plus"), Choice("Deux heures environ"), Choice("Une demi-journée"), Choice("Plusieurs séances")),
    ),
)


def question(round_number: int) -> tuple[str, tuple[str, ...]]:
    """The question of this round (from 0) with its answers, « passer » and, after the first, « revenir » last."""
    words, choices = _QUESTIONS[min(round_number, len(_QUESTIONS) - 1)]
    return words, (*(choice.text for choice in choices), SKIP, *((BACK,) if round_number else ()))


def is_choice(text: str) -> bool:
    """Whether a text is one of the answers to click."""
    return text == SKIP or any(text == choice.text for _, choices in _QUESTIONS for choice in choices)


def rounds() -> int:
    """How many questions there are at most."""
    return len(_QUESTIONS)


def chosen(text: str) -> tuple[Choice, ...]:
    """The answers that were clicked, as they stand in the text of the question so far."""
    return tuple(choice for _, choices in _QUESTIONS for choice in choices if f". {choice.text}" in text)


def steps_chosen(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The steps that the clicked answers leave open; none where nothing was clicked that speaks of steps."""
    found: set[str] = set(knowledge.demarche.step_ids)
    spoken = [set(choice.steps) for choice in chosen(text) if choice.steps]
    for steps in spoken:
        found = found & steps or found
    return tuple(step for step in knowledge.demarche.step_ids if step in found) if spoken else ()


def families_chosen(text: str) -> tuple[str, ...]:
    """The families of tools that the clicked answers speak for."""
    return tuple(choice.family for choice in chosen(text) if choice.family)


def wants_help(asked: Understood, knowledge: Knowledge) -> bool:
    """Whether a few words are a call for help (« ça n'avance pas »), name nothing and ask for no fact."""
    if asked.language != "fr" or telling(asked, knowledge) >= CALLING:
        return False
    if asked.definition or asked.wants or asked.comparison or asked.listing or asked.example or cues.points("clarify", "toolbox", asked.folded):
        return False
    if cues.points("form", "interrogative", asked.folded) and not cues.points("intent", "tool", asked.folded):
        return False
    return cues.points("clarify", "help", asked.folded) or (asked.situation and "?" not in asked.typed)


def is_vague(asked: Understood, constraints: Constraints, knowledge: Knowledge) -> bool:
    """Whether a situation says too little to choose: it has few telling words, and fewer than two answers were clicked."""
    clicked = chosen(asked.text)
    if clicked:
        return len(clicked) < ENOUGH and telling(asked, knowledge, clicked) < TELLING
    named = any(sheet in knowledge.tools for sheet in asked.named) or cues.points("clarify", "toolbox", asked.folded)
    if asked.steps or named or constraints.minutes is not None or constraints.people is not None or constraints.family or constraints.status:
        return False
    return telling(asked, knowledge) < TELLING


def telling(asked: Understood, knowledge: Knowledge, clicked: tuple[Choice, ...] = ()) -> float:
    """How much the asker's own words tell: the rarity of the content words, words of mere asking and clicked answers left out."""
    own = asked.folded
    for choice in clicked:
        own = own.replace(fold(choice.text), " ")
    kept = set(stems(cues.pattern("clarify", "empty").sub(" ", own))) & set(asked.stems)
    return sum(min(knowledge.rarity(stem), 5.0) for stem in kept if knowledge.known(stem))
