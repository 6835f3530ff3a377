"""What kind of answer a question wants, from its cues and from the kind of sheet its nearest phrasings lead to."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import cues
from assistant.answer import Intent
from assistant.knowledge import Knowledge
from assistant.understanding import Understood


def intent_of(asked: Understood, nearest: Sequence[tuple[str, str, str, float]], knowledge: Knowledge) -> Intent:
    """The intent of a question, given its nearest phrasings (document, kind, text, cosine), best first."""
    folded = asked.folded.strip()
    if cues.points("intent", "greeting", folded):
        return "greeting"
    named = [knowledge.documents[sheet].type for sheet in asked.named if sheet in knowledge.documents]
    tools, concepts = named.count("outil"), named.count("concept")
    if cues.points("intent", "journey", folded) and not tools:
        return "journey"
    if asked.comparison and len(asked.named) >= 2:
        return "comparison"
    if tools == 1 and cues.points("intent", "how_to", folded) and not _tells_a_story(asked):
        return "how_to"
    lean = _lean(nearest, knowledge)
    if asked.definition and concepts and not tools:
        return "concept"
    if cues.points("intent", "tool", folded) or _tells_a_story(asked):
        return "tool" if lean in ("outil", "parcours", "etape", "") else _by_lean(lean, asked)
    if tools:
        return "how_to"
    if lean == "outil" and not asked.definition and any(kind == "situation" for _, kind, _, _ in nearest[:3]):
        return "tool"
    return _by_lean(lean, asked)


def _tells_a_story(asked: Understood) -> bool:
    """Whether the asker tells where they stand rather than asks for a fact."""
    return asked.situation and not asked.definition and not asked.wants and (len(asked.stems) >= 7 or "?" not in asked.typed)


def _lean(nearest: Sequence[tuple[str, str, str, float]], knowledge: Knowledge) -> str:
    """The type of sheet that most of the nearest phrasings lead to, nearer ones louder."""
    votes: dict[str, float] = {}
    for place, (document, *_) in enumerate(nearest[:8]):
        if document in knowledge.documents:
            kind = knowledge.documents[document].type
            votes[kind] = votes.get(kind, 0.0) + 1.0 / (place + 2)
    return max(votes, key=lambda kind: votes[kind]) if votes else ""


def _by_lean(lean: str, asked: Understood) -> Intent:
    if asked.comparison and len(asked.named) >= 2:
        return "comparison"
    return "concept" if lean == "concept" else "document"
