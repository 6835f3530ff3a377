"""One case and its answer to tallies, measure by measure: what ``eval.metrics`` then sums and resamples.

``right`` is the one measure that every case has: the answer holds what it must, or abstaining,
or asking back, was due and done. The others are those of the project's scorer, plus ranks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eval import matching, metrics
from eval.gold import Case, ConceptCase, DocumentCase, Task, ToolboxCase
from eval.metrics import Tally

Answer = Mapping[str, Any]
Tallies = dict[str, Tally]
DEPTHS = (1, 3, 5, 10)
TOOL_DEPTHS = (1, 2, 3)

#: What each measure is called for people, in the order of tables.
LABELS: Mapping[str, str] = {
    "right": "juste (abstention due comprise)",
    **{f"hit@{k}": f"bon passage dans les {k} premiers" if k > 1 else "bon passage en premier" for k in DEPTHS},
    "recall@10": "part des preuves dans les 10 premiers", "ndcg@10": "nDCG@10", "mrr": "inverse du rang (MRR)",
    "sheet@1": "bonne fiche citée en premier", "sheet@3": "bonne fiche dans les 3 citées", "answer_right": "réponse juste",
    "citation_supports": "une citation porte la réponse", "citation_precision": "part des citations qui portent",
    "abstain_precision": "abstention : précision", "abstain_recall": "abstention : rappel", "abstain_f1": "abstention : F1",
    **{f"tool@{k}": f"outil juste dans les {k} premiers" if k > 1 else "outil juste en premier" for k in TOOL_DEPTHS},
    "best@3": "meilleur outil dans les 3", "precision@3": "part d'outils justes dans les 3", "step@2": "bonne étape dans les 2",
    "avoid_violations": "outil à éviter proposé (à réduire)", "clarify_f1": "question en retour : F1",
    "asked_needlessly": "question en retour inutile (à réduire)",
    "quotes_verbatim": "citations retrouvées mot pour mot", "pages_right": "citations à la bonne page",
}  # fmt: skip

#: What each kind of question is called for people; another one goes by its own name.
KINDS: Mapping[str, str] = {
    "adversarial": "piège", "alternative": "autre outil", "comparison": "comparaison", "concept": "notion", "constraint": "contrainte",
    "definition": "définition", "demarche": "démarche", "difference": "différence", "dutch": "néerlandais", "ecosystem": "écosystème",
    "english": "anglais", "example": "exemple", "factual": "fait", "foreign": "autre langue", "how_to": "comment faire", "lexical_gap": "autres mots",
    "list": "liste", "misunderstanding": "idée fausse", "named_step": "étape nommée", "noisy": "mal écrite", "off_topic": "hors sujet",
    "procedural": "marche à suivre", "sequence": "enchaînement", "story": "récit", "unanswerable": "sans réponse", "vague": "vague", "which_tool": "quel outil",
}  # fmt: skip

#: Measures that count faults.
LOWER_IS_BETTER = frozenset({"avoid_violations", "asked_needlessly"})
#: The measures of a table by kind, and the first of them that a comparison reads out.
BY_KIND: Mapping[Task, tuple[str, ...]] = {
    "documents": ("right", "hit@5", "answer_right", "citation_supports"),
    "concepts": ("right", "hit@5", "sheet@1", "answer_right"),
    "toolbox": ("right", "tool@1", "tool@3", "step@2"),
}


def score(case: Case, answer: Answer, known: Collection[str] = frozenset()) -> Tallies:
    """The tallies of one case. ``known`` names the documents that the whole gold file knows."""
    if isinstance(case, DocumentCase):
        return _document(case, answer, known)
    if isinstance(case, ConceptCase):
        return _concept(case, answer)
    return _toolbox(case, answer)


def known_documents(cases: Sequence[Case]) -> frozenset[str]:
    """The documents that a gold file knows: any other one that answers is a sheet.

    >>> sorted(known_documents([DocumentCase("1", "?", "factual", ("b", "a"), ("x",), (("x",),))]))
    ['a', 'b']
    """
    return frozenset(name for case in cases if isinstance(case, DocumentCase) for name in case.doc)


def _one(value: object) -> Tally:
    return float(bool(value)), 1.0


def _abstention(answerable: bool, answer: Answer) -> Tallies:
    pair = not answerable, bool(answer.get("abstained"))
    return {"abstain_precision": metrics.precision_tally(*pair), "abstain_recall": metrics.recall_tally(*pair), "abstain_f1": metrics.f1_tally(*pair)}


def _unanswerable(answer: Answer) -> Tallies:
    return {"right": _one(answer.get("abstained"))} | _abstention(False, answer)


def _said(answer: Answer, case: DocumentCase | ConceptCase, kind: str) -> bool:
    return not answer.get("abstained") and matching.contains(str(answer.get("answer", "")), case.must_contain, kind)


# Documents


def _document(case: DocumentCase, answer: Answer, known: Collection[str]) -> Tallies:
    if not case.answerable:
        return _unanswerable(answer)
    passages, citations = answer.get("passages", []), answer.get("citations", [])
    tallies = {f"hit@{k}": _one(matching.found(case, passages[:k], known)) for k in DEPTHS}
    ranks = evidence_ranks(case, passages, known)
    tallies["recall@10"] = metrics.recall(ranks, 10), 1.0
    tallies["ndcg@10"] = metrics.ndcg_of_ranks(ranks, 10), 1.0
    tallies["mrr"] = metrics.reciprocal_rank([matching.found(case, passages[: k + 1], known) for k in range(len(passages[:10]))]), 1.0
    right = _one(_said(answer, case, case.kind))
    supporting = [matching.supports(case, citation, known) for citation in citations]
    counted = supporting[: matching.MORE_CITATIONS if case.kind in matching.LONG else matching.CITATIONS]
    tallies |= {"right": right, "answer_right": right, "citation_supports": _one(any(counted))}
    tallies["citation_precision"] = float(sum(supporting)), float(len(supporting))
    return tallies | _abstention(True, answer)


def evidence_ranks(case: DocumentCase, passages: matching.Passages, known: Collection[str]) -> list[int | None]:
    """For each piece of evidence, the rank of the first passage that brings it; a sheet that says it all brings all.

    >>> case = DocumentCase("1", "?", "list", ("guide",), ("premier point du guide", "second point du guide"), (("point",),))
    >>> evidence_ranks(case, [{"document": "autre.pdf", "text": ""}, {"document": "guide.pdf", "text": "Le second point du guide."}], {"guide", "autre"})
    [None, 2]
    """
    sheet = next((rank for rank, passage in enumerate(passages, 1) if matching.by_sheet(case, passage, known)), None)
    ranks: list[int | None] = []
    for evidence in case.evidence:
        own = (rank for rank, p in enumerate(passages, 1) if matching.name_of(p) in case.doc and matching.overlaps(evidence, matching.text_of(p)))
        found = [rank for rank in (next(own, None), sheet) if rank is not None]
        ranks.append(min(found, default=None))
    return ranks


# Concepts


def _concept(case: ConceptCase, answer: Answer) -> Tallies:
    if not case.answerable:
        return _unanswerable(answer)
    right = _one(_said(answer, case, "list"))
    tallies = {"right": right, "answer_right": right} | _abstention(True, answer)
    if not case.sheets:
        return tallies
    ranked = [matching.name_of(passage) for passage in answer.get("passages", [])]
    cited = [matching.name_of(citation) for citation in answer.get("citations", [])] or ranked
    good = [name in case.sheets for name in ranked]
    firsts = [ranked.index(sheet) + 1 if sheet in ranked else None for sheet in case.sheets]
    tallies |= {f"hit@{k}": (metrics.hit(good, k), 1.0) for k in DEPTHS}
    tallies |= {"recall@10": (metrics.recall(firsts, 10), 1.0), "ndcg@10": (metrics.ndcg_of_ranks(firsts, 10), 1.0)}
    tallies["mrr"] = metrics.reciprocal_rank(good[:10]), 1.0
    return tallies | {f"sheet@{k}": _one(set(cited[:k]) & set(case.sheets)) for k in (1, 3)}


# Toolbox


def _toolbox(case: ToolboxCase, answer: Answer) -> Tallies:
    asked = bool(answer.get("needs_clarification"))
    tallies = {"clarify_f1": metrics.f1_tally(case.clarify, asked)}
    if not case.clarify:
        tallies["asked_needlessly"] = _one(asked)
    if case.only_clarify:
        return tallies | {"right": _one(asked)}
    tools = [str(tool["id"]) for tool in answer.get("tools", [])]
    first, accepted = set(tools[:3]), set(case.tools)
    tallies |= {f"tool@{k}": _one(set(tools[:k]) & accepted) for k in TOOL_DEPTHS}
    tallies |= {"right": tallies["tool@3"], "best@3": _one(first & set(case.best)), "precision@3": (len(first & accepted) / max(1, len(first)), 1.0)}
    if case.avoid:
        tallies["avoid_violations"] = _one(first & set(case.avoid))
    if case.steps:
        tallies["step@2"] = _one(set((answer.get("steps") or [])[:2]) & set(case.steps))
    return tallies
