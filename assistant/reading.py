"""Reading the question and the best sentences together: what word by word comparison cannot tell.

Late interaction meets a word of the question with a near word of the sentence, wherever both stand; the
cross-encoder of the embedding model reads the two as one text. A sentence costs some 15 to 25 ms on two
cores, so only those that may turn out best are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from langchain_core.cross_encoders import BaseCrossEncoder

from assistant.selecting import Scored, weights
from corpus.cross_encoder import context

#: How many sentences are read.
READ = 4
#: How many of each side of a comparison.
READ_ASIDE = 2
#: The log-odds of two sentences that come near a question seldom differ by more: one too far behind for that is not read.
APART = 5.0
Judged = Mapping[tuple[str, int], float]


def judge(ranked: Sequence[Scored], question: str, encoder: BaseCrossEncoder | None, count: int = READ) -> Judged:
    """The log-odds that each of the best sentences answers, by the place where it stands; nothing where no cross-encoder is at hand.

    ``count`` at the most, and only those that reading could bring before the best.
    """
    if encoder is None or not ranked:
        return {}
    reach = ranked[0].score - APART * weights().get("read", 0.0)
    best = [scored for scored in ranked[:count] if scored.score >= reach]
    logits = encoder.score([(question, context(_heading(scored), scored.sentence.text)) for scored in best])
    return {scored.at: logit for scored, logit in zip(best, logits, strict=True)}


def reorder(ranked: Sequence[Scored], judged: Judged) -> list[Scored]:
    """The ranking once more, by what was read: below the best sentence read by as much as each is less likely to answer.

    A sentence not read counts like the least likely of those read: it was not among the best.
    """
    known = [judged[scored.at] for scored in ranked if scored.at in judged]
    if not known:
        return list(ranked)
    weight, most, least = weights().get("read", 0.0), max(known), min(known)
    again = []
    for scored in ranked:
        logit = judged.get(scored.at)
        sign = (least if logit is None else logit) - most
        again.append(replace(scored, score=scored.score + weight * sign, signs={**scored.signs, "read": sign}, logit=logit))
    return sorted(again, key=lambda scored: -scored.score)


def _heading(scored: Scored) -> str:
    """What a sentence stands under: the section of a document, the name of a sheet."""
    document, passage = scored.candidate.document, scored.candidate.passage
    return document.title if document.starter or not passage.section else passage.section
