"""Writes the vectors that ship with the starter corpus: ``python -m ingest.ship_vectors``.

Run it after a change of the starter corpus or of the late-interaction head; texts already in the
file are not encoded again unless ``--all`` is given. A test encodes ten texts anew and compares.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import demarche, settings
from corpus.embedding import Embedder, HashingEmbedder
from corpus.library import Library, embedding_text
from corpus.model import open_embedder
from corpus.shipped import FILE, KNOWN, Shipped, ShippedEmbedder, load, save
from ingest.pipeline import Pipeline
from ingest.starter import fill

Kept = dict[str, tuple[NDArray[np.float32], bytes | None]]


def starter_texts() -> dict[str, int | None]:
    """Every text of the starter corpus that is encoded, with the characters of heading before a passage (None for a phrasing).

    Known questions, encoded in another role, come with KNOWN before them.
    """
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load(data=Path(folder), model="hachage")
        with Library(chosen, HashingEmbedder(), writing=True) as library:
            for _ in fill(Pipeline(library, chosen, demarche.load())):
                pass
            labels = {document.id: document.label for document in library.store.documents()}
            passages = [stored.passage for stored in library.store.passages()]
            said = [stored.formulation for stored in library.store.formulations()]
            texts: dict[str, int | None] = {(KNOWN if one.known else "") + one.text: None for one in said}
    for passage in passages:
        text = embedding_text(labels[passage.document], passage)
        texts[text] = len(text) - len(passage.text)
    return texts


def encode(embedder: Embedder, texts: dict[str, int | None], known: Shipped | None) -> Kept:
    """The vectors and packed tokens of each text."""
    kept: Kept = {}
    missing: list[str] = []
    for text, skip in texts.items():
        encoded = known.get(text) if known else None
        if encoded is None or (skip is not None and encoded.packed is None):
            missing.append(text)
        else:
            kept[text] = (encoded.vector, encoded.packed)
    for start in range(0, len(missing), 256):
        part = missing[start : start + 256]
        encoded_part = embedder.encode_stored([text.removeprefix(KNOWN) for text in part], [text.startswith(KNOWN) for text in part])
        for text, encoded in zip(part, encoded_part, strict=True):
            skip = texts[text]
            packed = None
            if skip is not None and embedder.head is not None and encoded.tokens is not None:
                packed = embedder.head.pack(encoded.tokens, encoded.offsets, skip)
            kept[text] = (encoded.vector, packed)
        print(f"{min(start + 256, len(missing))}/{len(missing)}", flush=True)
    return {text: kept[text] for text in texts}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="encode every text again")
    given = parser.parse_args()
    embedder = open_embedder(settings.load(model=""))
    inner = embedder.inner if isinstance(embedder, ShippedEmbedder) else embedder
    kept = encode(inner, starter_texts(), None if given.all else load(FILE, inner.name))
    save(FILE, inner.name, kept)
    print(f"{len(kept)} textes, {FILE.stat().st_size / 1e6:.1f} Mo")


if __name__ == "__main__":
    main()
