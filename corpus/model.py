"""Which embedding model is in force: the settings' choice, made once at the door."""

from __future__ import annotations

import os
from pathlib import Path

from threadpoolctl import threadpool_limits

from corpus.cross_encoder import LowRankCrossEncoder
from corpus.embedding import HASHING, Embedder, HashingEmbedder, SentenceEmbedder
from corpus.late import load_head
from corpus.named_cross_encoder import NamedCrossEncoder
from corpus.settings import Settings
from corpus.shipped import ShippedEmbedder
from corpus.weights import NAME, embedded_model


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name, with what reads beside it. Models are unpacked and loaded when first used."""
    # a folder never needs the hub; without this, transformers asks it for updates
    os.environ.setdefault("HF_HUB_OFFLINE", "0" if names_hub_model(settings) else "1")
    embedder = _embedder(settings)
    if settings.reranker:
        embedder.cross_encoder = NamedCrossEncoder(settings.reranker)
    return embedder


def names_hub_model(settings: Settings) -> bool:
    """Whether a setting names a model that may have to be fetched."""
    return any(name not in ("", NAME, HASHING) and not Path(name).exists() for name in (settings.model, settings.reranker))


def _embedder(settings: Settings) -> Embedder:
    if settings.model == HASHING:
        return HashingEmbedder()
    # numpy's products are small: beside torch's threads, threads of its own cost a question a third more time
    threadpool_limits(1, user_api="blas")
    if settings.model in ("", NAME):
        embedder = SentenceEmbedder(NAME, lambda: str(embedded_model(settings.cache)), load_head())
        embedder.cross_encoder = LowRankCrossEncoder(lambda: embedder.model)
        return ShippedEmbedder(embedder)
    return SentenceEmbedder(settings.model, lambda: settings.model)
