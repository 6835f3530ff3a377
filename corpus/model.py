"""Which embedding model is in force: the settings' choice, made once at the door."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

from corpus.cross_encoder import LowRankCrossEncoder
from corpus.embedding import HASHING, Embedder, HashingEmbedder, SentenceEmbedder
from corpus.late import load_head
from corpus.settings import Settings
from corpus.shipped import ShippedEmbedder
from corpus.weights import NAME, embedded_model


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. The model is unpacked and loaded when first used."""
    if settings.model == HASHING:
        return HashingEmbedder()
    # numpy's products are small: beside torch's threads, threads of its own cost a question a third more time
    threadpool_limits(1, user_api="blas")
    if settings.model in ("", NAME):
        embedder = SentenceEmbedder(NAME, lambda: str(embedded_model(settings.cache)), load_head())
        embedder.cross_encoder = LowRankCrossEncoder(lambda: embedder.model)
        return ShippedEmbedder(embedder)
    return SentenceEmbedder(settings.model, lambda: settings.model)
