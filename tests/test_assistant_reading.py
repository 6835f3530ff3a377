"""Reading the best sentences with the question: which are read, and what it changes in their order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.cross_encoders import BaseCrossEncoder

from assistant import abstaining, reading, selecting
from assistant.quoting import passage_sentences
from assistant.retrieval import Candidate
from assistant.selecting import Scored
from corpus.documents import Document, Passage

TEXT = "\n".join(f"La phrase numéro {number} dit quelque chose de son côté." for number in range(8))


class Wordy(BaseCrossEncoder):
    """Likes the sentences that hold a word, and keeps what it was shown."""

    def __init__(self, liked: str) -> None:
        self.liked = liked
        self.shown: list[tuple[str, str]] = []

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """Three where the word stands, minus three elsewhere."""
        self.shown += text_pairs
        return [3.0 if self.liked in text else -3.0 for _, text in text_pairs]


@pytest.fixture
def ranked() -> list[Scored]:
    return _ranked(starter=False)


def _ranked(starter: bool) -> list[Scored]:
    document = Document("note.pdf", "Note", "document", "", "", ".pdf", "starter" if starter else "local")
    passage = Passage("note.pdf", 0, 1, 1, "Calendrier", "prose", TEXT)
    candidate = Candidate("note.pdf#0", passage, document, 1.0, 0.9, 0.5, {})
    return [Scored(candidate, sentence, -i / 10, 0.0, 0.0, False, {}) for i, sentence in enumerate(passage_sentences(passage))]


def test_only_the_best_sentences_are_read_each_after_what_it_stands_under(ranked: list[Scored]) -> None:
    encoder = Wordy("numéro 2")
    judged = reading.judge(ranked, "Quelle phrase ?", encoder)
    assert len(judged) == len(encoder.shown) == reading.READ < len(ranked)
    assert encoder.shown[0] == ("Quelle phrase ?", f"Calendrier : {ranked[0].sentence.text}")


def test_a_sentence_too_far_behind_to_come_first_is_not_read(ranked: list[Scored]) -> None:
    behind = [ranked[0], *(replace(scored, score=scored.score - 2.0) for scored in ranked[1:])]
    assert set(reading.judge(behind, "Quelle phrase ?", Wordy("numéro 2"))) == {ranked[0].at}


def test_a_sheet_s_sentence_is_read_after_the_sheet_s_name() -> None:
    encoder = Wordy("")
    reading.judge(_ranked(starter=True), "Quelle phrase ?", encoder)
    assert encoder.shown[0][1].startswith("Note : ")


def test_what_was_read_as_an_answer_comes_before_what_was_not(ranked: list[Scored], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "weights", lambda: {"read": 1.0})
    again = reading.reorder(ranked, reading.judge(ranked, "Quelle phrase ?", Wordy("numéro 2")))
    assert again[0].sentence.text == ranked[2].sentence.text
    assert again[0].logit == 3.0
    assert again[0].score == ranked[2].score
    assert [scored.logit for scored in again[reading.READ :]] == [None] * (len(ranked) - reading.READ)


def test_without_a_cross_encoder_nothing_changes(ranked: list[Scored]) -> None:
    assert reading.reorder(ranked, reading.judge(ranked, "Quelle phrase ?", None)) == ranked


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=8))
def test_reading_keeps_every_sentence_once_and_raises_none(logits: list[float]) -> None:
    ranked = _ranked(starter=False)
    again = reading.reorder(ranked, {scored.at: logit for scored, logit in zip(ranked, logits, strict=False)})
    before = {scored.at: scored.score for scored in ranked}
    assert sorted(scored.at for scored in again) == sorted(before)
    assert all(scored.score <= before[scored.at] + 1e-9 for scored in again)
    assert [scored.score for scored in again] == sorted((scored.score for scored in again), reverse=True)


def test_a_sign_weighs_on_reading() -> None:
    assert selecting.weights()["read"] > 0
    assert abstaining.load().weights["read"] > 0
