"""What a measurement found, as values: figures with intervals, by kind, failures, a comparison.

``to_dict`` is for programs, ``lines`` for people, in French; ``eval.report`` makes a page of it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.french import shorten
from eval import metrics
from eval.gold import Case, ConceptCase, DocumentCase, Task
from eval.metrics import NOTHING, Difference, Estimate, Tally
from eval.scoring import BY_KIND, KINDS, LABELS, LOWER_IS_BETTER, Tallies

_RETRIEVED = 5
TIMES = {"p50": "médiane", "p95": "95 % en moins de"}
Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Scored:
    """A case, what a system answered, and the tallies of it."""

    case: Case
    answer: Mapping[str, Any]
    tallies: Tallies


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that is not right: what was expected, said and retrieved."""

    id: str
    kind: str
    question: str
    expected: str
    said: str
    abstained: bool
    retrieved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first system against a second one on the same cases: differences, and the cases that only one has right."""

    system: str
    measures: Estimates
    differences: Mapping[str, Difference]
    won: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One system measured on one gold file."""

    task: Task
    gold: str
    system: str
    model: str
    cases: int
    measures: Estimates
    by_kind: Mapping[str, Estimates]
    latency: Mapping[str, float]
    failures: tuple[Failure, ...]
    comparison: Comparison | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``bao eval --json``."""
        return {
            "task": self.task, "gold": self.gold, "system": self.system, "model": self.model, "cases": self.cases,
            "measures": _dicts(self.measures), "by_kind": {kind: _dicts(found) for kind, found in self.by_kind.items()}, "latency": dict(self.latency),
            "failures": [asdict(failure) for failure in self.failures], "comparison": _comparison(self.comparison),
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"Système « {self.system} », tâche « {self.task} », {self.gold} : {self.cases} questions, modèle {self.model}."
        yield "Entre crochets, l'intervalle à 95 % (bootstrap)."
        yield ""
        yield from (f"{LABELS[name]:<46} {figure(found)}" for name, found in self.measures.items() if found.value is not None)
        yield from (f"{'temps par question, ' + TIMES[name]:<46} {french(seconds)} s" for name, seconds in self.latency.items())
        yield from ("", *_kind_lines(self.task, self.by_kind))
        if self.comparison:
            yield from ("", *comparison_lines(self.system, self.comparison))
        yield from ("", f"Questions manquées : {len(self.failures)}.")
        for failure in self.failures:
            yield from ("", *_failure_lines(failure))


def summarise(scored: Sequence[Scored]) -> Estimates:
    """Every measure that at least one case has, in the order of ``LABELS``."""
    return {name: metrics.estimate(_column(scored, name)) for name in LABELS if any(name in one.tallies for one in scored)}


def by_kind(scored: Sequence[Scored], task: Task) -> dict[str, Estimates]:
    """The measures of the table by kind, kinds in alphabetical order."""
    kinds = sorted({one.case.kind for one in scored})
    groups = {kind: [one for one in scored if one.case.kind == kind] for kind in kinds}
    return {kind: {name: metrics.estimate(_column(group, name)) for name in BY_KIND[task]} for kind, group in groups.items()}


def times(scored: Sequence[Scored]) -> dict[str, float]:
    """Median and 95th percentile of the seconds a question."""
    seconds = [float(one.answer["seconds"]) for one in scored if isinstance(one.answer.get("seconds"), int | float)]
    last = metrics.percentile(seconds, 0.95)
    return {} if last is None else {"p50": round(statistics.median(seconds), 3), "p95": round(last, 3)}


def compare(system: str, first: Sequence[Scored], second: Sequence[Scored]) -> Comparison:
    """The first answers against those of ``system`` on the same cases, in the same order."""
    found = {}
    for name in LABELS:
        difference = metrics.difference(_column(first, name), _column(second, name))
        if difference is not None:
            found[name] = difference
    sides = [(one.case.id, one.tallies["right"][0], other.tallies["right"][0]) for one, other in zip(first, second, strict=True)]
    won, lost = ([case for case, a, b in sides if a > b], [case for case, a, b in sides if a < b])
    return Comparison(system, summarise(second), found, tuple(won), tuple(lost))


def failures(scored: Sequence[Scored]) -> tuple[Failure, ...]:
    """The cases that are not right."""
    return tuple(_failure(one) for one in scored if not one.tallies["right"][0])


def _column(scored: Sequence[Scored], name: str) -> list[Tally]:
    return [one.tallies.get(name, NOTHING) for one in scored]


def _failure(scored: Scored) -> Failure:
    case, answer = scored.case, scored.answer
    asked_back = " [question en retour]" if answer.get("needs_clarification") else ""
    tools = ", ".join(str(tool["id"]) for tool in answer.get("tools", []))
    said = shorten(str(answer.get("answer", "")), 400) + asked_back + (f" [outils : {tools}]" if tools else "")
    retrieved = tuple(_place(passage) for passage in answer.get("passages", [])[:_RETRIEVED])
    return Failure(case.id, case.kind, case.question, expected(case), said, bool(answer.get("abstained")), retrieved)


def _place(passage: Mapping[str, Any]) -> str:
    page = f", p. {passage['page']}" if passage.get("page") else ""
    return f"{passage['document']}{page} : {shorten(str(passage.get('text', '')), 160)}"


def expected(case: Case) -> str:
    """What would be right, as a French sentence."""
    if isinstance(case, DocumentCase | ConceptCase):
        where = ", ".join(case.doc if isinstance(case, DocumentCase) else case.sheets)
        return f"{case.answer}{f' ({where})' if where else ''}" if case.answerable else "Une abstention : le corpus ne répond pas."
    return f"Une question en retour{' au besoin' if case.tools else ''}." if case.only_clarify else f"Un de ces outils : {', '.join(case.tools)}."


def french(value: float) -> str:
    """A figure with a comma.

    >>> french(0.8333), french(0.9999)
    ('0,833', '0,999')
    """
    return f"{metrics.shown(value) if 0 <= value <= 1 else value:.3f}".replace(".", ",")


def figure(found: Estimate) -> str:
    """A figure with its interval and how many cases it stands on.

    >>> figure(Estimate(0.5, 0.4, 0.6, 100)), figure(Estimate(None, None, None, 0))
    ('0,500 [0,400 ; 0,600] (100)', '–')
    """
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{french(found.value)} [{french(found.low)} ; {french(found.high)}] ({found.cases})"


def comparison_lines(system: str, comparison: Comparison) -> Iterator[str]:
    """Whether each difference is real, in words."""
    yield f"« {system} » comparé à « {comparison.system} » (bootstrap apparié, 95 %) :"
    for name, difference in comparison.differences.items():
        other = french(comparison.measures[name].value or 0.0)
        yield f"  {LABELS[name]} : {other} avec « {comparison.system} » ; {verdict(difference, name in LOWER_IS_BETTER)}"
    yield f"  Justes avec « {system} » seulement : {', '.join(comparison.won) or 'aucune'}."
    yield f"  Justes avec « {comparison.system} » seulement : {', '.join(comparison.lost) or 'aucune'}."


def verdict(difference: Difference, lower_is_better: bool = False) -> str:
    """One difference in words.

    >>> verdict(Difference(0.12, 0.03, 0.21))
    'différence réelle, en mieux : +0,120 [+0,030 ; +0,210].'
    >>> verdict(Difference(0.0, 0.0, 0.0))
    'aucune différence.'
    >>> verdict(Difference(0.02, -0.05, 0.09))
    'pas de différence établie : +0,020 [-0,050 ; +0,090], elle peut tenir au hasard des questions.'
    """
    size = f"{difference.value:+.3f} [{difference.low:+.3f} ; {difference.high:+.3f}]".replace(".", ",")
    if not difference.value and difference.low == difference.high == 0:
        return "aucune différence."
    if not difference.real:
        return f"pas de différence établie : {size}, elle peut tenir au hasard des questions."
    better = (difference.value > 0) != lower_is_better
    return f"différence réelle, en {'mieux' if better else 'moins bien'} : {size}."


def _kind_lines(task: Task, kinds: Mapping[str, Estimates]) -> Iterator[str]:
    yield f"{'genre':<18}" + "".join(f"{LABELS[name]:<36}" for name in BY_KIND[task])
    for kind, found in kinds.items():
        yield f"{KINDS.get(kind, kind):<18}" + "".join(f"{figure(found[name]):<36}" for name in BY_KIND[task])


def _failure_lines(failure: Failure) -> Iterator[str]:
    yield f"{failure.id} ({KINDS.get(failure.kind, failure.kind)}) {failure.question}"
    yield f"  attendu : {failure.expected}"
    yield f"  répondu{' (abstention)' if failure.abstained else ''} : {failure.said}"
    yield from (f"  trouvé {rank} : {text}" for rank, text in enumerate(failure.retrieved, 1))


def _dicts(estimates: Estimates) -> dict[str, Any]:
    return {name: found.to_dict() for name, found in estimates.items()}


def _comparison(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    differences = {name: difference.to_dict() for name, difference in comparison.differences.items()}
    found = {"measures": _dicts(comparison.measures), "differences": differences}
    return {"system": comparison.system, **found, "won": list(comparison.won), "lost": list(comparison.lost)}
