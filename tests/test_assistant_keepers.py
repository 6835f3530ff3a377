"""What is kept in mind of a library: right after every change, and only what changed is read again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.knowledge import KnowledgeKeeper
from assistant.phrasings import PhrasingsKeeper
from corpus.demarche import STARTER, Demarche
from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import Pipeline

FIRST, SECOND = "outils/forum-ouvert", "outils/world-cafe"


def add(one: Library, settings: Settings, demarche: Demarche, *names: str) -> None:
    assert not Pipeline(one, settings, demarche).run([STARTER / "fiches" / f"{name}.md" for name in names]).refused


def test_after_a_sheet_is_added_or_removed_what_is_kept_is_what_a_fresh_reading_gives(
    library: Callable[..., Library], settings: Settings, demarche: Demarche
) -> None:
    with library() as one:
        kept, phrasings = KnowledgeKeeper(one, demarche), PhrasingsKeeper(one)
        for change in (
            lambda: add(one, settings, demarche, FIRST),
            lambda: add(one, settings, demarche, SECOND),
            lambda: one.remove("forum-ouvert"),
        ):
            change()
            now, fresh = kept.current(), KnowledgeKeeper(one, demarche).current()
            assert (now.surface, now.frequencies, now.documents) == (fresh.surface, fresh.frequencies, fresh.documents)
            said, afresh = phrasings.current(now), PhrasingsKeeper(one).current(fresh)
            assert (said.wordings, said.roots, said.known.wordings) == (afresh.wordings, afresh.roots, afresh.known.wordings)
            assert np.array_equal(said.vectors, afresh.vectors)
            assert np.array_equal(said.known.vectors, afresh.known.vectors)
        assert {wording.document for wording in said.wordings + said.known.wordings} == {"world-cafe"}, "a removed sheet is forgotten"


def test_only_the_vectors_of_what_is_new_are_fetched(
    library: Callable[..., Library], settings: Settings, demarche: Demarche, monkeypatch: pytest.MonkeyPatch
) -> None:
    with library() as one:
        add(one, settings, demarche, FIRST)
        kept, phrasings = KnowledgeKeeper(one, demarche), PhrasingsKeeper(one)
        phrasings.current(kept.current())
        add(one, settings, demarche, SECOND)
        fetched: list[str] = []
        vectors = one.index.vectors
        monkeypatch.setattr(one.index, "vectors", lambda uids: fetched.extend(uids) or vectors(uids))
        phrasings.current(kept.current())
    assert fetched
    assert all(uid.startswith("world-cafe@") for uid in fetched)
