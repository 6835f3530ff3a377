"""Which embedding model is in force: the settings' choice, made once at the door."""

from __future__ import annotations

from corpus.embedding import HASHING, Embedder, HashingEmbedder, SentenceEmbedder
from corpus.late import HEAD, load_head
from corpus.settings import Settings
from corpus.shipped import ShippedEmbedder
from corpus.weights import NAME, embedded_model


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. The model is unpacked and loaded when first used."""
    if settings.model == HASHING:
        return HashingEmbedder()
    if settings.model in ("", NAME):
        head = load_head() if HEAD.exists() else None
        return ShippedEmbedder(SentenceEmbedder(NAME, lambda: str(embedded_model(settings.cache)), head))
    return SentenceEmbedder(settings.model, lambda: settings.model)
