"""Late interaction: the weighted mean of each token's best match, rare words counting more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.interaction import LEAST, Interaction, rarities
from assistant.knowledge import Knowledge
from corpus.demarche import Demarche
from corpus.embedding import Encoded
from corpus.late import Head, TokenMatrix
from corpus.words import stem

HEAD = Head(np.eye(4, dtype=np.float32), np.zeros(4, np.float32), 0.0)


def matrix(*rows: int) -> TokenMatrix:
    return TokenMatrix(np.eye(4, dtype=np.float32)[list(rows)], np.arange(len(rows), dtype=np.int32), np.arange(1, len(rows) + 1, dtype=np.int32))


def question(*rows: int) -> Encoded:
    return Encoded(np.ones(4, np.float32) / 2, np.eye(4, dtype=np.float32)[list(rows)], tuple((i, i + 1) for i in range(len(rows))))


def late_scores(head: Head | None, encoded: Encoded, matrices: Sequence[TokenMatrix | None]) -> np.ndarray:
    return Interaction(encoded, head).passages([str(place) for place in range(len(matrices))], matrices)


def test_late_interaction_is_the_weighted_mean_of_the_best_match_of_each_token() -> None:
    scores = late_scores(HEAD, question(0, 1), [matrix(0, 1, 2), matrix(0, 2), matrix(2, 3)])
    assert scores == pytest.approx([1.0, 0.5, 0.0])


def test_a_passage_without_tokens_gets_the_mean_of_the_others() -> None:
    assert late_scores(HEAD, question(0), [matrix(0), None, matrix(1), matrix()]) == pytest.approx([1.0, 0.5, 0.0, 0.5])
    assert late_scores(HEAD, question(0), [None, None]) == pytest.approx([0.0, 0.0])


def test_without_a_head_or_without_words_no_passage_is_preferred() -> None:
    assert not late_scores(None, question(0), [matrix(0), matrix(1)]).any()
    assert not late_scores(HEAD, question(), [matrix(0), matrix(1)]).any()
    assert late_scores(HEAD, question(0), []).shape == (0,)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(0, 3))
def test_one_more_token_never_lowers_a_passage(asked: list[int], held: list[int], more: int) -> None:
    fewer, longer = late_scores(HEAD, question(*asked), [matrix(*held), matrix(*held, more)])
    assert -1e-6 <= fewer <= longer + 1e-6 <= 1 + 2e-6


def test_a_part_is_scored_by_its_own_tokens() -> None:
    interaction = Interaction(question(0, 1), HEAD)
    whole = matrix(0, 2, 1)
    assert interaction.part("a", whole, 0, 1) == pytest.approx(0.5)
    assert interaction.part("a", whole, 0, 3) == pytest.approx(interaction.whole("a", whole))
    assert interaction.part("a", whole, 7, 9) == 0.0


def test_a_part_of_a_question_is_heard_alone() -> None:
    interaction = Interaction(question(0, 1), HEAD)
    whole = matrix(0, 2)
    assert interaction.whole("a", whole) == pytest.approx(0.5)
    assert interaction.within(0, 1).whole("a", whole) == pytest.approx(1.0)
    assert interaction.within(1, 2).whole("a", whole) == pytest.approx(0.0)
    assert interaction.within(5, 9).whole("a", whole) == pytest.approx(0.5)  # no token stands there: the whole is heard


def test_a_token_counts_as_much_as_its_word_is_rare(demarche: Demarche) -> None:
    knowledge = Knowledge("1", demarche, {}, {stem("conserverie"): 1, stem("territoire"): 60}, 100, {})
    text = "Dans quel territoire, la conserverie ?"
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("Dans", "territoire", "conserverie", "?")]
    dans, territoire, conserverie, mark = rarities(text, spans, knowledge)
    assert dans == mark == pytest.approx(LEAST)
    assert LEAST <= territoire < conserverie
