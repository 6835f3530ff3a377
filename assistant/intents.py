"""What kind of answer a question wants.

The nearest phrasings of the sheets vote: a situation told in a tool's sheet speaks for a tool, a
question asked in a concept's sheet for a concept, and so on; cues of form overrule them only where
they leave no doubt. A question that asks for a fact is never answered with tools alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import cues
from assistant.answer import Intent
from assistant.knowledge import Knowledge
from assistant.retrieval import FAR, Found
from assistant.understanding import Understood

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
    seeks_tool = cues.points("intent", "tool", folded)
    interrogative = asks_for_a_fact(asked)
    votes = votes_of(found.phrasings, knowledge)
    if cues.points("intent", "journey", folded) and not asked.definition and votes.get("journey", 0.0) + votes.get("tool", 0.0) > 0.3:
        return "journey"
    if asked.comparison and len(asked.named) >= 2 and not seeks_tool:
        return "comparison"
    if "outil" in named and cues.points("intent", "how_to", folded) and not tells_a_story(asked):
        return "how_to"
    if seeks_tool and not asked.definition and votes.get("tool", 0.0) + votes.get("how_to", 0.0) + votes.get("journey", 0.0) > 0.35:
        return "tool"
    if tells_a_story(asked) and not interrogative and votes.get("tool", 0.0) + votes.get("journey", 0.0) > 0.5:
        return "tool"
    if found.candidates and not found.candidates[0].document.starter:
        return "document"
    ranked = sorted((intent for intent in votes if not (interrogative and intent in ("tool", "journey"))), key=lambda intent: -votes[intent])
    return ranked[0] if ranked else "document"


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


def asks_for_a_fact(asked: Understood) -> bool:
    """Whether the words ask for a fact, a definition or a comparison rather than for help."""
    return bool(asked.wants or asked.definition or asked.example) or cues.points("form", "interrogative", asked.folded)
