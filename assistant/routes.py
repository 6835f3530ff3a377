"""Routes: which of the sheets that lay out a whole démarche fits a situation, if one does."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge import Knowledge
from assistant.understanding import clean
from assistant.wishes import WEEKDAYS
from corpus.documents import Document
from corpus.french import MONTHS
from corpus.library import Library
from corpus.words import stems

#: The route's best phrasing over the best of all, plus its lead over the next route: near enough, and sure whatever the tools are.
_NEAR_ENOUGH, _SURE = 1.0, 1.3
#: Words of the calendar and of asking for a route, which say nothing of the subject.
_ASKING = "an année mois semaine jour trimestre partir commencer démarrer début fin date calendrier plan parcours feuille route ordre outil étape"
_OF_TIME = frozenset(stems(" ".join((*MONTHS, *WEEKDAYS, _ASKING))))


def fitting_route(
    text: str, steps: Sequence[str], tools: Sequence[Document], knowledge: Knowledge, library: Library, asked_for: bool = False
) -> Document | None:
    """The route sheet one of whose phrasings is near the story's words, and that passes by the step and by a proposed tool.

    Who asked for a route (``asked_for``) gets one that is far ahead of any other whatever the tools.
    """
    words = [word for word in dict.fromkeys(stems(clean(text, 2000))) if word not in _OF_TIME]
    hits = library.store.search_formulations(words, 400)
    if not hits:
        return None
    wordings = library.store.formulations_by_uid([uid for uid, _ in hits])
    scores = dict.fromkeys(knowledge.routes, 0.0)
    for uid, score in hits:
        wording = wordings[uid].formulation
        if wording.document in scores and (len({*stems(wording.text)} & {*words}) > 1 or {*stems(knowledge.routes[wording.document].title)} & {*words}):
            scores[wording.document] = max(scores[wording.document], score / hits[0][1])
    (first, route), (second, _) = sorted([*((score, name) for name, score in scores.items()), (0.0, ""), (0.0, "")], reverse=True)[:2]
    rows = knowledge.routes[route].sheet.get("trajet", []) if route else []
    shared = {tool for row in rows for tool in row["outils"]} & {tool.id for tool in tools}
    on_the_way = not steps or {row["etape"] for row in rows} & set(steps)
    fits = (shared and on_the_way) or (asked_for and first + (first - second) >= _SURE)
    return knowledge.routes[route] if fits and first + (first - second) >= _NEAR_ENOUGH else None
