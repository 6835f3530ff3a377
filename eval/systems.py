"""Systems under measure, all behind one method: a case in, the JSON contract of ``bao ask`` out.

``bao`` is the product. ``bm25``, ``dense`` and ``late`` are the product with one leg of retrieval
alone; ``sans-…`` is the product without one leg of its fusion; composing and abstaining are the
same in all of these, so that a difference is the leg's. ``tutoriel`` is the rival, plain LangChain.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from assistant.ask import Assistant
from assistant.retrieval import Searcher, weights
from corpus import demarche
from corpus.errors import UsageError
from corpus.library import Library
from corpus.settings import Settings
from eval.gold import Case

OURS, TUTORIAL = "bao", "tutoriel"
ALONE: Mapping[str, str] = {"bm25": "lexical", "dense": "dense", "late": "late"}
Weights = Mapping[str, float]


def variants() -> dict[str, Weights]:
    """Every system that is the product with other weights, by name.

    >>> variants()["dense"]
    {'dense': 1.0}
    >>> variants()["sans-late"]["late"], variants()["sans-late"]["dense"] == weights()["dense"]
    (0.0, True)
    """
    single: dict[str, Weights] = {name: {leg: 1.0} for name, leg in ALONE.items()}
    return single | {f"sans-{leg.replace('_', '-')}": {**weights(), leg: 0.0} for leg in weights()}


class System(ABC):
    """One system under measure. Use it as a context manager: it may hold a temporary folder."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def answer(self, case: Case) -> dict[str, Any]:
        """The answer to one case, each case a new conversation, as ``bao ask --json`` writes it."""

    def __enter__(self) -> System:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027 - most systems hold nothing
        """Let go of what the system holds."""


class WeighedAssistant(Assistant):
    """The assistant with other weights of retrieval."""

    def __init__(self, library: Library, settings: Settings, weighing: Weights) -> None:
        super().__init__(library, settings, demarche.load())
        self._searcher = Searcher(library, self._keeper, self._phrasings, weighing)


class Product(System):
    """The product, or a variant of it."""

    def __init__(self, name: str, assistant: Assistant) -> None:
        super().__init__(name)
        self._assistant = assistant
        assistant.warm()

    def answer(self, case: Case) -> dict[str, Any]:
        """What ``bao ask`` answers."""
        return self._assistant.ask(case.question).to_dict(case.id)


def names() -> tuple[str, ...]:
    """Every name that ``open_system`` knows."""
    return OURS, *variants(), TUTORIAL


def open_system(name: str, library: Library, settings: Settings) -> System:
    """The system of this name over a library. Raises UsageError for an unknown name."""
    if name == OURS:
        return Product(name, Assistant(library, settings, demarche.load()))
    if name == TUTORIAL:
        from eval.tutorial import Tutorial  # langchain-chroma and pypdf: only for the rival

        return Tutorial(name, library)
    if name not in variants():
        raise UsageError(f"Le système « {name} » n'existe pas.", f"Choisissez parmi : {', '.join(names())}.")
    return Product(name, WeighedAssistant(library, settings, variants()[name]))
