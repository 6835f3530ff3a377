"""Quiet libraries: nothing of transformers' own is said inside, and its settings are as before outside. A few seconds to import it."""

from __future__ import annotations

from corpus.quiet import quiet_transformers


def test_transformers_is_silent_inside_and_as_before_outside() -> None:
    from transformers.utils import logging

    logging.set_verbosity_warning()  # type: ignore[no-untyped-call]
    logging.enable_progress_bar()  # type: ignore[no-untyped-call]
    before = logging.get_verbosity()
    with quiet_transformers():
        assert logging.get_verbosity() > before
        assert not logging.is_progress_bar_enabled()
    assert logging.get_verbosity() == before
    assert logging.is_progress_bar_enabled()
