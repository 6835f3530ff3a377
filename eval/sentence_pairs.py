"""What the cross-encoder is trained on: questions, each with the one sentence that answers and five that do not.

Only questions whose answer stands in exactly one sentence serve. Two wrong sentences are of the same passage, three of
the nearest elsewhere (tf-idf of character n-grams, for questions are mistyped); one question in four is mistyped.
"""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from corpus.cross_encoder import context
from corpus.french import fold, sentences
from eval.jsonl import objects

SHOWN = 6  # sentences a question: the right one first
BESIDE = 2  # of them, wrong ones of the same passage
NEAR = 24  # nearest sentences elsewhere, of which wrong ones are drawn
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


def questions_of(folder: Path) -> Set:
    """A set from its folder."""
    owner: list[str] = []
    bare: list[str] = []
    shown: list[str] = []
    for row in objects(folder / "corpus.jsonl"):
        for sentence in sentences(row["text"]):
            owner.append(row["id"])
            bare.append(fold(sentence))
            shown.append(context(row.get("title") or "", sentence))
    members: dict[str, list[int]] = {}
    for i, passage in enumerate(owner):
        members.setdefault(passage, []).append(i)
    found = []
    for query in objects(folder / "queries.jsonl"):
        answers = [fold(answer) for answer in query.get("answers") or []]
        inside = members.get(query["positive"][0], [])
        holding = [i for i in inside if answers and answers[0] in bare[i]]
        if len(holding) == 1 and len(inside) > 1:
            found.append((query["text"], holding[0], answers, inside))
    nearest = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), preprocessor=fold, min_df=2, sublinear_tf=True)
    vectors = nearest.fit_transform(shown).T.tocsr()
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


def apart(data: Set, rng: random.Random) -> tuple[Set, Set]:
    """What training sees and what is held out: questions on the same sentence stay on one side."""
    rights = sorted({asked.right for asked in data.asked})
    rng.shuffle(rights)
    out: set[int] = set()
    while rights and sum(asked.right in out for asked in data.asked) < HELD_OUT:
        out.add(rights.pop())
    kept = tuple(asked for asked in data.asked if asked.right not in out)
    return Set(data.sentences, kept), Set(data.sentences, tuple(asked for asked in data.asked if asked.right in out))
