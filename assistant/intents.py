"""What kind of answer a question wants.

First, whether the asker wants help or an answer: a small logistic model over how the nearest phrasings
vote (a situation told in a tool's sheet speaks for a tool, a question asked in a concept's sheet for a
concept), over the form of the words and over what was found. Coefficients are in ``intents.json``, fitted
by ``python -m eval.fit_intents``. Then, among answers, the votes decide.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import clarifying, constraints, cues, logistic
from assistant.answer import Intent
from assistant.knowledge import Knowledge
from assistant.known_questions import FAR
from assistant.retrieval import Found
from assistant.understanding import Understood

CARD = Path(__file__).with_name("intents.json")
#: The chance from which help is what is wanted.
EVEN = 0.5
#: The share of the phrasings' vote that words asking for a tool need.
ASKED_FOR = 0.35
#: Below this chance of it, words asking for a tool (« atelier », « outil ») are a published document's own, where one was found first.
UNLIKELY = 0.2
_FORMS = ("interrogative", "list", "plural", "procedure", "comparison", "definition", "example", "situation")
_VOTES: dict[tuple[str, str], Intent] = {
    ("outil", "situation"): "tool",
    ("outil", "question"): "how_to",
    ("outil", "name"): "how_to",
    ("concept", "question"): "concept",
    ("concept", "name"): "concept",
    ("etape", "situation"): "tool",
    ("parcours", "situation"): "journey",
    ("parcours", "question"): "journey",
}


def intent_of(asked: Understood, found: Found, knowledge: Knowledge) -> Intent:
    """The intent of a question, given what was found for it."""
    folded = asked.folded.strip()
    named = [knowledge.documents[sheet].type for sheet in asked.named if sheet in knowledge.documents]
    votes = votes_of(found.phrasings, knowledge)
    helped = wants_help(asked, found, knowledge)
    if helped and cues.points("intent", "journey", folded) and not asked.definition:
        return "journey"
    if asked.comparison and len(asked.named) >= 2 and not helped:
        return "comparison"
    if found.compared and not any(knowledge.documents[side.document].starter for side in found.compared):
        return "comparison"
    if "outil" in named and cues.points("intent", "how_to", folded) and not tells_a_story(asked):
        return "how_to"
    if helped:
        return "tool"
    if found.candidates and not found.candidates[0].document.starter:
        return "document"
    ranked = sorted((intent for intent in votes if intent not in ("tool", "journey")), key=lambda intent: -votes[intent])
    return ranked[0] if ranked else "document"


def wants_help(asked: Understood, found: Found, knowledge: Knowledge) -> bool:
    """Whether the asker wants tools: where they say so and ask for nothing else, or else by the fitted model."""
    if (asked.definition and len(asked.subject) == 1) or cues.points("intent", "support", asked.folded):  # « c'est quoi un usager ? », « quelle aide ? »
        return False
    values = signs(asked, found, knowledge)
    chance = probability(values)
    asks = cues.points("form", "interrogative", asked.folded.strip())  # « la subvention s'arrête » asks for no amount
    if not (asked.definition or (asks and (asked.wants or asked.comparison))):
        stated = constraints.read(asked.text)
        toolward = values["vote_tool"] + values["vote_journey"]
        if values["cue_journey"] and toolward > ASKED_FOR:
            return True
        if cues.points("intent", "tool_first", asked.folded.strip()) or (asked.situation and cues.points("intent", "call", asked.folded.strip())):
            return True
        if not (values["first_published"] and chance < UNLIKELY):
            if values["cue_tool"] and (toolward + values["vote_how_to"] > ASKED_FOR or clarifying.is_vague(asked, stated, knowledge)):
                return True
            if not asks and "?" not in asked.typed and (asked.situation or toolward > EVEN):
                return True
        if asked.situation and stated.minutes is not None:  # « on a une heure » : nobody says it of a document
            return True
    return chance >= EVEN


def signs(asked: Understood, found: Found, knowledge: Knowledge) -> dict[str, float]:
    """What speaks for or against a wish for help: how the phrasings vote, the form of the words, what was found first."""
    votes = votes_of(found.phrasings, knowledge)
    folded = asked.folded
    named = {knowledge.documents[sheet].type for sheet in asked.named if sheet in knowledge.documents}
    first = found.candidates[0].document if found.candidates else None
    stated = constraints.read(asked.text)
    return {
        **{f"vote_{intent}": votes.get(intent, 0.0) for intent in ("tool", "how_to", "concept", "journey", "document")},
        **{f"form_{form}": float(cues.points("form", form, folded)) for form in _FORMS},
        **{f"cue_{intent}": float(cues.points("intent", intent, folded)) for intent in ("tool", "how_to", "journey")},
        "wants": float(bool(asked.wants)),
        "mark": float("?" in asked.typed),
        "steps": float(bool(asked.steps)),
        "names_tool": float("outil" in named),
        "names_concept": float("concept" in named),
        "first_published": float(first is not None and not first.starter),
        "first_tool": float(first is not None and first.type == "outil"),
        "first_concept": float(first is not None and first.type == "concept"),
        "words": min(len(asked.stems), 20) / 10,
        "constraints": float(stated.minutes is not None or stated.people is not None),
    }


def probability(values: Mapping[str, float]) -> float:
    """The chance that the asker wants tools rather than an answer, by the fitted model."""
    bias, weights = _model()
    return logistic.chance(bias, weights, values)


@functools.lru_cache(maxsize=1)
def _model() -> tuple[float, Mapping[str, float]]:
    values = json.loads(CARD.read_text("utf-8"))
    return float(values["bias"]), {name: float(weight) for name, weight in values["weights"].items()}


def votes_of(phrasings: Sequence[tuple[str, str, str, float]], knowledge: Knowledge, count: int = 8) -> dict[Intent, float]:
    """The share of the vote that the nearest phrasings give each intent, nearer ones louder."""
    votes: dict[Intent, float] = {}
    for place, (document, kind, _, cosine) in enumerate(phrasings[:count]):
        if document in knowledge.documents:
            intent: Intent = _VOTES.get((knowledge.documents[document].type, kind), "document")
            votes[intent] = votes.get(intent, 0.0) + max(0.01, cosine - FAR + 0.03) / (place + 2)
    total = sum(votes.values()) or 1.0
    return {intent: value / total for intent, value in votes.items()}


def tells_a_story(asked: Understood) -> bool:
    """Whether the asker tells where they stand."""
    return asked.situation and not asked.definition and (len(asked.stems) >= 6 or "?" not in asked.typed)
