"""A cross-encoder that a setting names: loaded from its folder, its own scores unchanged, and a clear word where it cannot be."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from corpus.embedding import HASHING, SentenceEmbedder
from corpus.errors import ModelUnavailable
from corpus.model import names_hub_model, open_embedder
from corpus.named_cross_encoder import NamedCrossEncoder
from corpus.settings import Settings

PAIRS = [("Combien de temps ?", "Quatorze mois."), ("Qui paie ?", "La Région, à hauteur de la moitié du coût du projet."), ("", "")]


@pytest.fixture(scope="module")
def folder(real: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real cross-encoder, very small and never trained, with the real tokenizer."""
    kept = tmp_path_factory.mktemp("reranker")
    torch.manual_seed(0)
    shape = BertConfig(vocab_size=len(real.model.tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, num_labels=1)
    BertForSequenceClassification(shape).save_pretrained(kept)
    real.model.tokenizer.save_pretrained(kept)
    return kept


def test_scores_are_the_model_s_own_log_odds_whatever_stands_beside(folder: Path) -> None:
    encoder = NamedCrossEncoder(str(folder))
    scores = encoder.score(PAIRS)
    assert len(set(scores)) == len(PAIRS)
    assert encoder.score([PAIRS[1]]) == pytest.approx([scores[1]], abs=1e-4)
    model = encoder._loaded()
    features = model.tokenizer(*PAIRS[1], return_tensors="pt")
    with torch.inference_mode():
        assert model.model(**features).logits.item() == pytest.approx(scores[1], abs=1e-4)
    assert encoder.score([]) == []


def test_the_setting_puts_it_in_place_of_the_shipped_one(folder: Path, tmp_path: Path) -> None:
    for model in ("", HASHING):
        chosen = open_embedder(Settings(data=tmp_path, model=model, reranker=str(folder))).cross_encoder
        assert isinstance(chosen, NamedCrossEncoder)
        assert chosen.name == str(folder)


def test_a_folder_that_is_not_there_or_not_such_a_model_is_told_with_its_setting(folder: Path, tmp_path: Path) -> None:
    classes = shutil.copytree(folder, tmp_path / "classes")  # a model of three classes has no one score
    BertForSequenceClassification(BertConfig.from_pretrained(folder, num_labels=3)).save_pretrained(classes)
    for name in (str(tmp_path / "absent"), str(tmp_path), str(classes)):
        with pytest.raises(ModelUnavailable, match=name) as caught:
            NamedCrossEncoder(name).score(PAIRS)
        assert "BAO_RERANKER" in caught.value.remedy


def test_only_a_name_that_is_no_folder_asks_for_the_hub(folder: Path, tmp_path: Path) -> None:
    assert not names_hub_model(Settings(data=tmp_path, model=str(folder), reranker=str(folder)))
    assert names_hub_model(Settings(data=tmp_path, reranker="BAAI/bge-reranker-v2-m3"))
    assert os.environ["HF_HUB_OFFLINE"] == "1"  # in the tests, whatever is named
