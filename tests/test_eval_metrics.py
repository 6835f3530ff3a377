"""Measures against tables worked by hand, and the properties that any input keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics
from eval.gold import ConceptCase, DocumentCase, ToolboxCase
from eval.scoring import Tallies, score

TALLIES = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.just(1.0)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("relevant", "hits", "rank", "gain"),
    [  # relevant, hit@1 3 5, 1/rank, nDCG@10 with one to be found
        ([True, False, False, False, False], (1, 1, 1), 1.0, 1.0),
        ([False, True, False, False, False], (0, 1, 1), 0.5, 1 / math.log2(3)),
        ([False, False, False, False, True], (0, 0, 1), 0.2, 1 / math.log2(6)),
        ([False, False, False, False, False], (0, 0, 0), 0.0, 0.0),
        ([], (0, 0, 0), 0.0, 0.0),
    ],
)
def test_a_ranked_list_gets_the_figures_worked_by_hand(relevant: list[bool], hits: tuple[int, int, int], rank: float, gain: float) -> None:
    assert tuple(metrics.hit(relevant, k) for k in (1, 3, 5)) == hits
    assert metrics.reciprocal_rank(relevant) == rank
    assert metrics.ndcg([float(each) for each in relevant], [1.0], 10) == pytest.approx(gain)


def test_ndcg_of_graded_gains_is_that_of_a_table_worked_by_hand() -> None:
    """Gains 3 2 3 0 1 2, known 3 3 3 2 2 2 1 0: DCG 6.861127, ideal 3 + 1.892789 + 1.5 + 0.861353 + 0.773706 + 0.712414 = 8.740262."""
    assert metrics.ndcg([3, 2, 3, 0, 1, 2], [3, 3, 3, 2, 2, 2, 1, 0], 6) == pytest.approx(6.861127 / 8.740262, abs=1e-6)


def test_a_decision_gets_the_figures_worked_by_hand() -> None:
    """3 true positives, 1 false positive, 2 false negatives: P = 3/4, R = 3/5, F1 = 2/3."""
    pairs = [(True, True)] * 3 + [(False, True)] + [(True, False)] * 2 + [(False, False)] * 4
    assert metrics.ratio([metrics.precision_tally(*pair) for pair in pairs]) == pytest.approx(0.75)
    assert metrics.ratio([metrics.recall_tally(*pair) for pair in pairs]) == pytest.approx(0.6)
    assert metrics.ratio([metrics.f1_tally(*pair) for pair in pairs]) == pytest.approx(2 / 3)


def test_the_interval_of_a_mean_is_near_the_normal_one() -> None:
    """Over 400 cases half of which succeed, 1.96 · √(0.25 / 400) = 0.049."""
    found = metrics.estimate([(1.0, 1.0), (0.0, 1.0)] * 200)
    assert found.value == 0.5
    assert found.low == pytest.approx(0.451, abs=0.006)
    assert found.high == pytest.approx(0.549, abs=0.006)


def test_pairing_sees_a_difference_that_two_intervals_hide() -> None:
    """40 cases; the first system has 24 right, the second 18 of the same: 6 won and none lost."""
    first = [(1.0, 1.0)] * 24 + [(0.0, 1.0)] * 16
    second = [(1.0, 1.0)] * 18 + [(0.0, 1.0)] * 22
    one, other, found = metrics.estimate(first), metrics.estimate(second), metrics.difference(first, second)
    assert one.low is not None
    assert other.high is not None
    assert one.low < other.high
    assert found is not None
    assert (found.value, found.real) == (pytest.approx(0.15), True)


def test_the_same_figures_come_out_every_time() -> None:
    tallies = [(float(number % 3 == 0), 1.0) for number in range(30)]
    assert metrics.estimate(tallies) == metrics.estimate(tallies)


@given(TALLIES)
def test_an_interval_holds_its_figure(tallies: list[metrics.Tally]) -> None:
    found = metrics.estimate(tallies)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0.0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1.0


@given(TALLIES)
def test_a_system_is_no_different_from_itself(tallies: list[metrics.Tally]) -> None:
    assert metrics.difference(tallies, tallies) == metrics.Difference(0.0, 0.0, 0.0)


@given(st.lists(st.one_of(st.none(), st.integers(1, 12)), min_size=1, max_size=5))
def test_rank_measures_stay_between_0_and_1(ranks: list[int | None]) -> None:
    assert 0.0 <= metrics.recall(ranks, 10) <= 1.0
    assert 0.0 <= metrics.ndcg_of_ranks(ranks, 10) <= 1.0


@given(st.lists(st.floats(0, 10), min_size=1, max_size=50))
def test_a_percentile_is_one_of_the_values(values: list[float]) -> None:
    assert metrics.percentile(values, 0.95) in values
    assert metrics.percentile(values, 1.0) == np.max(values)


# One case of each task


def values(tallies: Tallies) -> dict[str, float]:
    return {name: numerator / denominator for name, (numerator, denominator) in tallies.items() if denominator}


def test_a_document_case_is_tallied_by_hand() -> None:
    """A list of two pieces of evidence, found at ranks 2 and 4; two of three citations carry one."""
    case = DocumentCase("1", "?", "list", ("guide",), ("une lettre de mission signée", "un calendrier sur douze mois"), (("lettre",), ("calendrier",)))
    texts = ("Il faut une lettre de mission signée.", "Rien.", "Il faut un calendrier sur douze mois.")
    passages = [{"document": "note.pdf", "text": texts[0]}, *({"document": "guide.pdf", "text": text} for text in texts)]
    citations = [{"document": "guide.pdf", "quote": text} for text in texts]
    found = values(score(case, {"answer": "Une lettre, puis un calendrier.", "passages": passages, "citations": citations}, {"guide", "note"}))
    assert (found["hit@3"], found["hit@5"], found["recall@10"], found["mrr"]) == (0, 1, 1, 0.25)
    assert found["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3)))
    assert (found["answer_right"], found["citation_supports"], found["citation_precision"]) == (1, 1, pytest.approx(2 / 3))


def test_abstaining_is_right_where_nothing_answers_and_wrong_elsewhere() -> None:
    empty = DocumentCase("1", "?", "unanswerable", (), (), ())
    full = ConceptCase("2", "?", "definition", ("a",), (("usage",),))
    assert values(score(empty, {"abstained": True}))["right"] == 1
    assert values(score(empty, {"abstained": False}))["right"] == 0
    assert values(score(full, {"abstained": True, "answer": "L'usage."}))["right"] == 0


def test_a_toolbox_case_is_tallied_by_hand() -> None:
    """Proposed: one bad, one accepted, one to avoid; the second step is right."""
    case = ToolboxCase("1", "?", "story", ("E3",), ("carte", "mur"), ("mur",), ("jeu",))
    found = values(score(case, {"tools": [{"id": "autre"}, {"id": "carte"}, {"id": "jeu"}], "steps": ["E1", "E3", "E4"], "needs_clarification": True}))
    assert [found[name] for name in ("tool@1", "tool@2", "tool@3", "best@3", "step@2", "avoid_violations", "asked_needlessly")] == [0, 1, 1, 0, 1, 1, 1]
    assert found["precision@3"] == pytest.approx(1 / 3)


def test_where_asking_back_is_the_only_right_answer_tools_do_not_count() -> None:
    case = ToolboxCase("1", "?", "vague", (), (), (), (), clarify=True)
    found = values(score(case, {"tools": [{"id": "carte"}], "needs_clarification": True}))
    assert found == {"clarify_f1": 1.0, "right": 1.0}
