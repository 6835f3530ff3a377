"""A cross-encoder of one's own in place of the shipped one: any sentence-transformers ``CrossEncoder`` with one score."""

from __future__ import annotations

import threading
from typing import Any

from langchain_core.cross_encoders import BaseCrossEncoder

from corpus.hub import load_named

SETTING = "BAO_RERANKER"
_TOKENS = 256  # of a question and a sentence together


class NamedCrossEncoder(BaseCrossEncoder):
    """A model by its name or folder, loaded when first used."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = None
        self._lock = threading.Lock()

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """The log-odds that each sentence answers its question, as the model was trained to give them."""
        import torch

        if not text_pairs:
            return []
        return [float(score) for score in self._loaded().predict(text_pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)]

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = load_named(self.name, SETTING, self._open)
            return self._model

    def _open(self, local: bool) -> Any:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(self.name, device="cpu", num_labels=1, max_length=_TOKENS, local_files_only=local, trust_remote_code=False)
