"""The cross-encoder: the shipped weights over the real model, and the same arithmetic as in training."""

from __future__ import annotations

import copy
import random
from pathlib import Path

import pytest
import torch
from langchain_core.cross_encoders import BaseCrossEncoder
from safetensors.numpy import save_file
from safetensors.torch import load_file

from corpus.cross_encoder import FILE, LowRankCrossEncoder, context, pair_features
from corpus.embedding import SentenceEmbedder
from eval.sentence_pairs import SHOWN, Asked, Set, batches, mistyped
from eval.train_cross_encoder import Learner, loss_of

QUESTION = "Combien de temps dure l'accompagnement ?"
SAYS = context("Accompagnement", "L'accompagnement dure quatorze mois, de janvier à mars de l'année suivante.")
ELSEWHERE = context("Accompagnement", "Les candidats envoient leur dossier par courrier électronique.")


@pytest.fixture(scope="module")
def encoder(real: SentenceEmbedder) -> BaseCrossEncoder:
    assert real.cross_encoder is not None
    return real.cross_encoder


def test_the_sentence_that_answers_scores_better_than_its_neighbour(encoder: BaseCrossEncoder) -> None:
    answer, other = encoder.score([(QUESTION, SAYS), (QUESTION, ELSEWHERE)])
    assert answer > 0 > other


def test_a_pair_scores_the_same_alone_and_beside_longer_ones(encoder: BaseCrossEncoder) -> None:
    (alone,) = encoder.score([(QUESTION, SAYS)])
    beside, _ = encoder.score([(QUESTION, SAYS), (QUESTION, SAYS * 20)])
    assert alone == pytest.approx(beside, abs=0.1)  # bfloat16 where the processor has it


def test_no_pairs_no_scores_and_anything_else_a_number(encoder: BaseCrossEncoder) -> None:
    assert encoder.score([]) == []
    assert all(abs(score) < 100 for score in encoder.score([("", ""), ("🙂" * 400, "\x00\u202e"), ("a" * 20_000, "b" * 20_000)]))


def test_reading_leaves_the_embeddings_as_they_were(real: SentenceEmbedder, encoder: BaseCrossEncoder) -> None:
    before = real.embed_query(QUESTION)
    LowRankCrossEncoder(lambda: real.model).score([(QUESTION, SAYS)])
    assert real.embed_query(QUESTION) == before


def test_training_goes_on_from_what_was_shipped(real: SentenceEmbedder, encoder: BaseCrossEncoder) -> None:
    learner = Learner(copy.deepcopy(real.model[0].model), rank=32).eval()
    learner.take(load_file(FILE))
    with torch.inference_mode():
        scores = learner(pair_features(real.model.tokenizer, [(QUESTION, SAYS), (QUESTION, ELSEWHERE)])).tolist()
    assert scores == pytest.approx(encoder.score([(QUESTION, SAYS), (QUESTION, ELSEWHERE)]), abs=0.1)  # bfloat16 where the processor has it


def test_what_is_learnt_is_what_is_shipped(real: SentenceEmbedder, tmp_path: Path) -> None:
    torch.manual_seed(0)
    learner = Learner(copy.deepcopy(real.model[0].model), rank=4).eval()
    for parameter in learner.parameters():
        if parameter.requires_grad:
            parameter.data = (torch.randn_like(parameter) * 0.02).half().float()
    path = tmp_path / "weights.safetensors"
    save_file(learner.tensors(), path)
    pairs = [(QUESTION, SAYS), (QUESTION, ELSEWHERE)]
    with torch.inference_mode():
        learnt = learner(pair_features(real.model.tokenizer, pairs)).tolist()
    assert LowRankCrossEncoder(lambda: real.model, path).score(pairs) == pytest.approx(learnt, abs=0.1)


def test_the_shipped_weights_are_small() -> None:
    assert FILE.stat().st_size < 6_000_000


# --- Training ---------------------------------------------------------------------------------------


def test_a_batch_shows_each_question_with_its_answer_first() -> None:
    sentences = tuple(f"phrase {number}" for number in range(40))
    asked = tuple(Asked(f"question {number} ?", number, (30, 31, 32), (33, 34, 35, 36)) for number in range(10))
    pairs, shown = next(batches([Set(sentences, asked)], 4, random.Random(0)))  # noqa: S311 - reproducible, not secret
    assert shown == SHOWN
    assert len(pairs) == 4 * SHOWN
    for group in range(4):
        asking, read = zip(*pairs[group * SHOWN : (group + 1) * SHOWN], strict=True)
        assert len(set(asking)) == 1
        assert len(set(read)) == SHOWN
        assert int(read[0].split()[1]) < 10 <= min(int(text.split()[1]) for text in read[1:])


def test_the_loss_falls_when_the_right_sentence_rises() -> None:
    assert loss_of(torch.tensor([[2.0, -1.0, -1.0]])) < loss_of(torch.tensor([[0.0, -1.0, -1.0]]))


@pytest.mark.parametrize("seed", range(20))
def test_a_mistyped_question_is_nearly_the_question(seed: int) -> None:
    typed = mistyped("Où se tient l'école ?", random.Random(seed))  # noqa: S311 - reproducible, not secret
    assert typed
    assert abs(len(typed) - len("Où se tient l'école ?")) <= 2
