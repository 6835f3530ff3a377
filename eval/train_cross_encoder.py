"""Fits the low-rank weights that let the embedding model read a question and a sentence together.

    python -m eval.train_cross_encoder OUT.safetensors --sets SET_FOLDER … [--steps 900]

A set folder holds corpus.jsonl {id, title, text} and queries.jsonl {id, text, positive: [ids], answers}; only
questions whose answer stands in exactly one sentence serve.  Each is shown with that sentence and five
that do not answer: two of the same passage, three of the nearest elsewhere (tf-idf of character n-grams, for
questions are mistyped).  Two losses are summed:
cross-entropy over the six, and the logistic loss of each pair, which gives the score a meaning of its own
(above 0: this sentence answers).  The base weights stay frozen (Hu et al., « LoRA », 2021); one question in four
is mistyped, for people do.  Every hundred steps the weights so far are saved and the share of held-out
questions whose sentence scores best of six is printed.
"""

from __future__ import annotations

import argparse
import json
import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from sklearn.feature_extraction.text import TfidfVectorizer

from corpus import settings
from corpus.cross_encoder import LINEAR, context, pair_features
from corpus.embedding import SentenceEmbedder
from corpus.french import fold, sentences
from corpus.weights import embedded_model

SHOWN = 6  # sentences a question: the right one first
BESIDE = 2  # of them, wrong ones of the same passage
NEAR = 24  # nearest sentences elsewhere, of which wrong ones are drawn
TOGETHER = 28  # pairs read at once
HELD_OUT = 150  # questions a set that training never sees


@dataclass(frozen=True)
class Asked:
    """A question and numbers of sentences: the one that answers, others of its passage, near ones elsewhere."""

    text: str
    right: int
    beside: tuple[int, ...]
    near: tuple[int, ...]


@dataclass(frozen=True)
class Set:
    """The sentences of a set, each after its title, and the questions about them."""

    sentences: tuple[str, ...]
    asked: tuple[Asked, ...]


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
            for name in LINEAR:
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

    def tensors(self) -> dict[str, Any]:
        """The weights as shipped: half precision, by layer and name."""
        found = {"score.weight": self.score.weight.reshape(-1), "score.bias": self.score.bias}
        for i, layer in enumerate(self.bert.encoder.layer):
            for name in LINEAR:
                part = layer.get_submodule(name)
                found |= {f"{i}.{name}.down": part.down.weight, f"{i}.{name}.up": part.up.weight * 2.0}
        return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in found.items()}


def jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def questions_of(folder: Path) -> Set:
    """A set from its folder."""
    owner: list[str] = []
    bare: list[str] = []
    shown: list[str] = []
    for row in jsonl(folder / "corpus.jsonl"):
        for sentence in sentences(row["text"]):
            owner.append(row["id"])
            bare.append(fold(sentence))
            shown.append(context(row.get("title") or "", sentence))
    members: dict[str, list[int]] = {}
    for i, passage in enumerate(owner):
        members.setdefault(passage, []).append(i)
    found = []
    for query in jsonl(folder / "queries.jsonl"):
        answers = [fold(answer) for answer in query.get("answers") or []]
        inside = members.get(query["positive"][0], [])
        holding = [i for i in inside if answers and answers[0] in bare[i]]
        if len(holding) == 1 and len(inside) > 1:
            found.append((query["text"], holding[0], answers, inside))
    nearest = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), preprocessor=fold, min_df=2, sublinear_tf=True)
    vectors = nearest.fit_transform(shown).T.tocsc()
    questions = nearest.transform([row[0] for row in found])
    asked = []
    for place, (text, right, answers, inside) in enumerate(found):
        near = np.argsort(-(questions[place] @ vectors).toarray()[0])[: NEAR * 2]
        elsewhere = [int(i) for i in near if owner[i] != owner[right] and not any(answer in bare[i] for answer in answers)]
        beside = tuple(i for i in inside if not any(answer in bare[i] for answer in answers))
        asked.append(Asked(text, right, beside, tuple(elsewhere[:NEAR])))
    return Set(tuple(shown), tuple(asked))


def mistyped(text: str, rng: random.Random) -> str:
    """The text as typed in haste: without accents or capitals, or with one letter dropped, doubled or swapped.

    >>> mistyped("Où est l'école ?", random.Random(1))
    "ou est l'ecole ?"
    """
    if rng.random() < 0.5:
        return fold(text)
    places = [i for i, letter in enumerate(text[:-1]) if letter in string.ascii_letters]
    if not places:
        return text
    at = rng.choice(places)
    here, following = text[at], text[at + 1]
    return text[:at] + rng.choice((following, here + here + following, following + here)) + text[at + 2 :]


def drawn(asked: Asked, rng: random.Random) -> list[int]:
    """The sentences shown with a question, the right one first."""
    beside = rng.sample(asked.beside, min(BESIDE, len(asked.beside)))
    near = rng.sample(asked.near, min(SHOWN - 1 - len(beside), len(asked.near)))
    return [asked.right, *beside, *near]


def batches(sets: Sequence[Set], count: int, rng: random.Random) -> Iterator[tuple[list[tuple[str, str]], int]]:
    """Endless batches of pairs, ``count`` questions each, and how many pairs a question; each set in its turn."""
    while True:
        for data in sets:
            groups = [(asked, drawn(asked, rng)) for asked in rng.sample(data.asked, count)]
            groups = [group for group in groups if len(group[1]) == SHOWN]
            typed = [mistyped(asked.text, rng) if rng.random() < 0.25 else asked.text for asked, _ in groups]
            yield [(text, data.sentences[i]) for text, (_, shown) in zip(typed, groups, strict=True) for i in shown], SHOWN


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


def apart(data: Set, rng: random.Random) -> tuple[Set, Set]:
    """What training sees and what is held out: questions on the same sentence stay on one side."""
    rights = sorted({asked.right for asked in data.asked})
    rng.shuffle(rights)
    out: set[int] = set()
    while rights and sum(asked.right in out for asked in data.asked) < HELD_OUT:
        out.add(rights.pop())
    kept = tuple(asked for asked in data.asked if asked.right not in out)
    return Set(data.sentences, kept), Set(data.sentences, tuple(asked for asked in data.asked if asked.right in out))


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
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--batch", type=int, default=14)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--rate", type=float, default=4e-4)
    given = parser.parse_args()
    torch.manual_seed(0)
    parted = [apart(questions_of(folder), random.Random(0)) for folder in given.sets]  # noqa: S311 - reproducible, not secret
    folder = str(embedded_model(settings.load().cache))
    model = SentenceEmbedder(folder, lambda: folder).model
    train(Learner(model[0].model, given.rank), model.tokenizer, [kept for kept, _ in parted], [out for _, out in parted], given)


if __name__ == "__main__":
    main()
