"""Fits the low-rank weights that let the embedding model read a question and a sentence together.

    python -m eval.train_cross_encoder OUT.safetensors --sets SET_FOLDER … [--steps 800]

A set folder holds corpus.jsonl {id, title, text} and queries.jsonl {id, text, positive: [ids], answers}. What is
shown with each question: see eval/sentence_pairs.py.  Two losses are summed: cross-entropy over the six sentences,
and the logistic loss of each pair, which gives the score a meaning of its own (above 0: this sentence answers).
The base weights stay frozen (Hu et al., « LoRA », 2021).  Every hundred steps the weights so far are saved and
the share of held-out questions whose sentence scores best of six is printed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file

from corpus import settings
from corpus.cross_encoder import pair_features
from corpus.embedding import SentenceEmbedder
from corpus.weights import LINEAR, embedded_model
from eval.sentence_pairs import Set, apart, batches, drawn, questions_of

TOGETHER = 28  # pairs read at once


class LowRank(torch.nn.Module):
    """A frozen linear layer and a learnt product of two thin ones beside it."""

    def __init__(self, base: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = torch.nn.Linear(base.in_features, rank, bias=False)
        self.up = torch.nn.Linear(rank, base.out_features, bias=False)
        torch.nn.init.zeros_(self.up.weight)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """The base's answer and the correction."""
        return torch.as_tensor(self.base(states) + 2.0 * self.up(self.down(states)))


class Learner(torch.nn.Module):
    """corpus.cross_encoder.LowRankCrossEncoder, being learnt."""

    def __init__(self, bert: Any, rank: int) -> None:
        super().__init__()
        self.bert = bert.requires_grad_(False)
        for layer in bert.encoder.layer:
            for name in LINEAR.values():
                parent, _, last = name.rpartition(".")
                owner = layer.get_submodule(parent)
                setattr(owner, last, LowRank(getattr(owner, last), rank))
        self.score = torch.nn.Linear(bert.config.hidden_size, 1)

    def forward(self, features: dict[str, torch.Tensor]) -> torch.Tensor:
        """One score a pair."""
        states = self.bert(**features).last_hidden_state.float()
        mask = features["attention_mask"].unsqueeze(-1)
        return torch.as_tensor(self.score((states * mask).sum(1) / mask.sum(1)).squeeze(-1))

    def read(self, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """One score a pair, pairs of like length together: little is padded."""
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        parts = [order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER)]
        scores = torch.cat([self(pair_features(tokenizer, [pairs[i] for i in part])) for part in parts])
        return scores[torch.tensor(order).argsort()]

    def take(self, weights: dict[str, Any]) -> None:
        """Go on from weights as shipped."""
        self.score.load_state_dict({"weight": weights["score.weight"][None].float(), "bias": weights["score.bias"].float()})
        for i, layer in enumerate(self.bert.encoder.layer):
            for name in LINEAR.values():
                part = layer.get_submodule(name)
                part.down.weight.data = weights[f"{i}.{name}.down"].float()
                part.up.weight.data = weights[f"{i}.{name}.up"].float() / 2.0

    def tensors(self) -> dict[str, Any]:
        """The weights as shipped: half precision, by layer and name."""
        found = {"score.weight": self.score.weight.reshape(-1), "score.bias": self.score.bias}
        for i, layer in enumerate(self.bert.encoder.layer):
            for name in LINEAR.values():
                part = layer.get_submodule(name)
                found |= {f"{i}.{name}.down": part.down.weight, f"{i}.{name}.up": part.up.weight * 2.0}
        return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in found.items()}


def loss_of(scores: torch.Tensor) -> torch.Tensor:
    """Both losses of scores (questions × shown), the right one first.

    >>> round(float(loss_of(torch.tensor([[20.0, -20.0]]))), 3)
    0.0
    """
    ranking = torch.nn.functional.cross_entropy(scores, torch.zeros(len(scores), dtype=torch.long))
    right = torch.zeros_like(scores)
    right[:, 0] = 1.0
    return ranking + torch.nn.functional.binary_cross_entropy_with_logits(scores, right)


def accuracy(learner: Learner, tokenizer: Any, sets: Sequence[Set]) -> float:
    """The share of questions whose right sentence scores best of those shown."""
    rng = random.Random(1)  # noqa: S311 - reproducible, not secret
    right = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for data in sets:
            for asked in data.asked:
                pairs = [(asked.text, data.sentences[i]) for i in drawn(asked, rng)]
                right.append(int(learner(pair_features(tokenizer, pairs)).argmax()) == 0)
    return float(np.mean(right))


def train(learner: Learner, tokenizer: Any, sets: Sequence[Set], held_out: Sequence[Set], given: argparse.Namespace) -> None:
    """Fit, saving on the way."""
    rng = random.Random(0)  # noqa: S311 - reproducible, not secret
    learnt = [p for p in learner.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=given.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, given.rate, given.steps, pct_start=0.1, anneal_strategy="linear")
    recent: list[float] = []
    learner.eval()  # no dropout: each question is seen about once, and it doubles the time of a step
    for step, (pairs, shown) in zip(range(1, given.steps + 1), batches(sets, given.batch, rng), strict=False):
        with torch.autocast("cpu", torch.bfloat16):
            scores = learner.read(tokenizer, pairs)
        loss = loss_of(scores.float().view(-1, shown))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        schedule.step()
        recent.append(float(loss))
        if step % 20 == 0:
            print(step, round(float(np.mean(recent[-20:])), 3), flush=True)
        if step % given.every == 0 or step == given.steps:
            print("held out", step, round(accuracy(learner, tokenizer, held_out), 3), flush=True)
            save_file(learner.tensors(), given.out)


def main() -> None:
    """The training command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sets", nargs="+", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--batch", type=int, default=14)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--begin", type=Path, help="weights to go on from")
    given = parser.parse_args()
    torch.manual_seed(0)
    parted = [apart(questions_of(folder), random.Random(0)) for folder in given.sets]  # noqa: S311 - reproducible, not secret
    folder = str(embedded_model(settings.load().cache))
    model = SentenceEmbedder(folder, lambda: folder).model
    learner = Learner(model[0].model, given.rank)
    if given.begin:
        learner.take(load_file(given.begin))
    train(learner, model.tokenizer, [kept for kept, _ in parted], [out for _, out in parted], given)


if __name__ == "__main__":
    main()
