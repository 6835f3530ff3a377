"""Fits the late-interaction head on the frozen token vectors of the embedding model.

    python -m eval.train_head OUT.safetensors --library DATA --sets SET_FOLDER … [--steps 800]

A set folder holds corpus.jsonl {id, title, text} and queries.jsonl {id, text, positive: [ids], answers?}.
``--library`` adds the sheets of a data folder: their own questions and situations are the queries,
all passages of their sheet the positives. Two losses are summed: cross-entropy over passages (those of
the batch and two hard negatives a question, nearest by cosine; several positives share the target),
and, where the answer's place is known (``answers``), cross-entropy over the sentences of the right
passage.  Score: see corpus/late.py.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from corpus import settings
from corpus.embedding import Embedder, HashingEmbedder
from corpus.french import sentences
from corpus.library import Library, embedding_text
from corpus.model import open_embedder
from eval.jsonl import objects

Half = NDArray[np.float16]
CUT = 160  # tokens of a passage that training looks at


@dataclass
class Set:
    """One training set: token states, the right passages of each question, and sentence spans where known."""

    passages: list[Half]
    questions: list[Half]
    positive: list[list[int]]
    negative: list[list[int]]
    spans: list[list[tuple[int, int]]]  # for each passage, the token range of each of its sentences
    sentence: list[int | None] = field(default_factory=list)  # for each question, the sentence that answers


class Head(torch.nn.Module):
    """corpus.late.Head, being learnt."""

    def __init__(self, width: int, dimensions: int) -> None:
        super().__init__()
        self.project = torch.nn.Linear(width, dimensions, bias=False)
        torch.nn.init.orthogonal_(self.project.weight)
        self.weight = torch.nn.Linear(width, 1)
        torch.nn.init.zeros_(self.weight.weight)
        self.scale = torch.nn.Parameter(torch.tensor(math.log(30.0)))

    def sides(self, questions: torch.Tensor, q_mask: torch.Tensor, passages: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Question rows, question weights, passage rows."""
        rows = torch.nn.functional.normalize
        weights = torch.nn.functional.softplus(self.weight(questions)).squeeze(-1) * q_mask
        return rows(self.project(questions), dim=-1), weights / weights.sum(1, keepdim=True), rows(self.project(passages), dim=-1)


def from_folder(folder: Path, embedder: Embedder, limit: int) -> Set:
    """A set from its folder: its first ``limit`` passages, cut at 900 characters, and the questions about them."""
    corpus = [row | {"text": row["text"][:900]} for row in objects(folder / "corpus.jsonl")[:limit]]
    queries = objects(folder / "queries.jsonl")[: limit * 4]
    place = {row["id"]: i for i, row in enumerate(corpus)}
    heads = [f"{row.get('title') or ''}\n" for row in corpus]
    texts = [row["text"] for row in corpus]
    queries = [query for query in queries if any(p in place for p in query["positive"])]
    positive = [[place[p] for p in query["positive"] if p in place] for query in queries]
    sentence = [_answering(texts[positive[i][0]], query.get("answers")) for i, query in enumerate(queries)]
    return _encode(embedder, heads, texts, [query["text"] for query in queries], positive, sentence)


def from_library(folder: Path, embedder: Embedder, limit: int) -> Set:
    """A set from the sheets of a library: ``limit`` of its passages and four times as many of its phrasings, drawn at random."""
    with Library(settings.load(data=folder), HashingEmbedder(), any_model=True) as library:
        labels = {document.id: document.label for document in library.store.documents()}
        stored = [s.passage for s in library.store.passages()]
        wordings = [s.formulation for s in library.store.formulations() if s.formulation.kind != "name"]
    rng = random.Random(0)  # noqa: S311 - reproducible, not secret
    stored = rng.sample(stored, min(limit, len(stored)))
    places: dict[str, list[int]] = {}
    for i, passage in enumerate(stored):
        places.setdefault(passage.document, []).append(i)
    heads = [embedding_text(labels[p.document], p)[: -len(p.text)] for p in stored]
    wordings = [wording for wording in rng.sample(wordings, len(wordings)) if wording.document in places][: limit * 3]
    positive = [places[wording.document] for wording in wordings]
    return _encode(embedder, heads, [p.text for p in stored], [w.text for w in wordings], positive, [None] * len(wordings))


def _answering(text: str, answers: Any) -> int | None:
    """The number of the sentence that holds the answer, when exactly one is told."""
    found = [answer if isinstance(answer, str) else answer.get("text", "") for answer in answers or []]
    if not found:
        return None
    return next((i for i, sentence in enumerate(sentences(text)) if found[0] in sentence), None)


def _encode(
    embedder: Embedder, heads: Sequence[str], texts: Sequence[str], questions: Sequence[str], positive: list[list[int]], sentence: list[int | None]
) -> Set:
    passages, spans, means = [], [], []
    for start in range(0, len(texts), 256):
        for i, encoded in enumerate(
            embedder.encode_passages([h + t for h, t in zip(heads[start : start + 256], texts[start : start + 256], strict=True)]), start
        ):
            assert encoded.tokens is not None  # noqa: S101 - for the type checker
            passages.append(encoded.tokens[:CUT].astype(np.float16))
            spans.append(_spans(texts[i], len(heads[i]), encoded.offsets[:CUT]))
            means.append(encoded.vector)
    asked = embedder.encode_questions(questions)
    vectors, all_passages = np.stack([e.vector for e in asked]), np.stack(means)
    near = np.argsort(-(vectors @ all_passages.T), axis=1)[:, :12]
    negative = [[int(j) for j in near[i] if j not in set(positive[i])] for i in range(len(questions))]
    return Set(passages, [e.tokens[:40].astype(np.float16) for e in asked if e.tokens is not None], positive, negative, spans, sentence)


def _spans(text: str, skip: int, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found, at = [], 0
    for sentence in sentences(text):
        start = text.find(sentence, at)
        at = start + len(sentence)
        inside = [k for k, (a, b) in enumerate(offsets) if b - skip > start and a - skip < at]
        found.append((inside[0], inside[-1] + 1) if inside else (0, 0))
    return found


def pad(rows: Sequence[Half]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of different lengths as one tensor and its mask."""
    x = torch.zeros(len(rows), max(1, *(len(r) for r in rows)), rows[0].shape[1])
    mask = torch.zeros(x.shape[:2], dtype=torch.bool)
    for i, r in enumerate(rows):
        x[i, : len(r)], mask[i, : len(r)] = torch.from_numpy(r.astype(np.float32)), True
    return x, mask


def losses(head: Head, data: Set, batch: int, rng: random.Random) -> torch.Tensor:
    """The two losses on one batch of one set."""
    asked = rng.sample(range(len(data.questions)), min(batch, len(data.questions)))
    wanted = [rng.choice(data.positive[i]) for i in asked]
    shown = list(dict.fromkeys([*wanted, *(j for i in asked for j in rng.sample(data.negative[i], min(2, len(data.negative[i]))))]))
    questions, q_mask = pad([data.questions[i] for i in asked])
    q_mask = q_mask & (torch.rand(q_mask.shape) > 0.1) | (q_mask & (q_mask.sum(1, keepdim=True) < 4))  # words dropped at random: no single one may carry all
    passages, p_mask = pad([data.passages[j] for j in shown])
    q, w, p = head.sides(questions, q_mask, passages)
    similar = torch.einsum("qih,djh->qdij", q, p)
    best = similar.masked_fill(~p_mask[None, :, None, :], -1).amax(-1)
    scores = (best * w[:, None, :]).sum(-1) * head.scale.exp()
    right = torch.zeros_like(scores, dtype=torch.bool)
    for row, i in enumerate(asked):
        for column, j in enumerate(shown):
            right[row, column] = j in data.positive[i]
    total = (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e4), 1)).mean()
    inner = [
        _sentence_loss(head, similar[row, shown.index(wanted[row])], w[row], data.spans[wanted[row]], place)
        for row, i in enumerate(asked)
        if (place := data.sentence[i]) is not None and len(data.spans[wanted[row]]) > 1 and data.spans[wanted[row]][place][1] > 0
    ]
    return total + (0.5 * torch.stack(inner).mean() if inner else 0.0)


def _sentence_loss(head: Head, similar: torch.Tensor, weights: torch.Tensor, spans: Sequence[tuple[int, int]], place: int) -> torch.Tensor:
    rows = torch.stack([(similar[:, a:b].amax(-1) * weights).sum() if b > a else similar.new_tensor(-1.0) for a, b in spans])
    return torch.nn.functional.cross_entropy((rows * head.scale.exp())[None], torch.tensor([place]))


def principal(rows: Sequence[Half], dimensions: int) -> NDArray[np.float32]:
    """Where training starts: the first principal directions of the token states, their common mean left out.

    The states of e5 share one large direction that tells nothing (Mu & Viswanath, « All-but-the-Top », 2018).
    """
    states = np.concatenate(rows).astype(np.float32)[::3]
    mean = states.mean(0)
    mean /= np.linalg.norm(mean)
    states = states - states @ mean[:, None] * mean[None]
    return np.asarray(np.linalg.svd(states - states.mean(0), full_matrices=False)[2][:dimensions], np.float32)


def train(sets: Sequence[Set], dimensions: int, steps: int, batch: int) -> Head:
    """The fitted head."""
    rng = random.Random(0)  # noqa: S311 - reproducible, not secret
    torch.manual_seed(0)
    head = Head(sets[0].passages[0].shape[1], dimensions)
    head.project.weight.data = torch.from_numpy(principal([rows for data in sets for rows in data.passages[::4]], dimensions))
    optimiser = torch.optim.AdamW(head.parameters(), lr=5e-4, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, steps)
    shares = [len(data.questions) ** 0.5 for data in sets]
    for step in range(1, steps + 1):
        loss = losses(head, rng.choices(list(sets), shares)[0], batch, rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            print(step, round(float(loss), 3), flush=True)
    return head


def main() -> None:
    """The training command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sets", nargs="*", type=Path, default=[])
    parser.add_argument("--library", type=Path)
    parser.add_argument("--limit", type=int, default=700)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--dimensions", type=int, default=96)
    given = parser.parse_args()
    embedder = open_embedder(settings.load())
    sets = [from_folder(folder, embedder, given.limit) for folder in given.sets]
    sets += [from_library(given.library, embedder, given.limit)] if given.library else []
    head = train(sets, given.dimensions, given.steps, given.batch)
    tensors = {"project": head.project.weight, "weight": head.weight.weight.reshape(-1), "bias": head.weight.bias}
    save_file({name: tensor.detach().numpy().astype(np.float32) for name, tensor in tensors.items()}, given.out)


if __name__ == "__main__":
    main()
