"""Reading a question and a sentence together, as langchain ``BaseCrossEncoder``.

The shipped weights are thin products added to the linear layers of the embedding model that is in
memory already (see eval/train_cross_encoder.py and corpus/cross_encoder.md): 5 MB rather than another model.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.cross_encoders import BaseCrossEncoder

from corpus.weights import LINEAR

FILE = Path(__file__).with_name("cross_encoder.safetensors")
_TOKENS = 64  # of a question and a sentence together
_QUESTION = 240  # characters of a question that are read


def context(heading: str, sentence: str) -> str:
    """A sentence as it is read: after what it stands under.

    >>> context("Calendrier", "Le 3 mai.")
    'Calendrier : Le 3 mai.'
    """
    return f"{heading} : {sentence}" if heading else sentence


def pair_features(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Token numbers and mask of question–sentence pairs."""
    asked, read = [question[:_QUESTION] for question, _ in pairs], [text for _, text in pairs]
    features = tokenizer(asked, read, padding=True, truncation="longest_first", max_length=_TOKENS, return_tensors="pt")
    return {name: features[name] for name in ("input_ids", "attention_mask")}


class LowRankCrossEncoder(BaseCrossEncoder):
    """The embedding model with the shipped weights added; made when first used.

    Its layers compute in bfloat16 where the processor does so natively: a third less time, scores that differ by some 0.02.
    """

    def __init__(self, model: Callable[[], Any], path: Path = FILE) -> None:
        self._model = model
        self._path = path
        self._read: _Merged | None = None
        self._lock = threading.Lock()

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """How well each sentence answers its question: above 0, rather yes (log-odds on the training questions)."""
        import torch  # heavy: loaded with the model

        if not text_pairs:
            return []
        merged = self._merged()
        model = self._model()
        features = pair_features(model.tokenizer, text_pairs)
        attended = features["attention_mask"]
        with torch.inference_mode():
            states = model[0].model.embeddings(features["input_ids"]).to(merged.layers[0].dtype)
            for layer in merged.layers:
                states = layer(states, attended[:, None, None, :].bool())
            mask = attended.unsqueeze(-1)
            scores: list[float] = (((states.float() * mask).sum(1) / mask.sum(1)) @ merged.weight + merged.bias).tolist()
        return scores

    def _merged(self) -> _Merged:
        with self._lock:
            if self._read is None:
                self._read = _merged(self._model()[0].model, self._path)
            return self._read


@dataclass(frozen=True)
class _Merged:
    """The layers of the encoder with the products added, and the linear score of their mean."""

    layers: tuple[_Layer, ...]
    weight: Any
    bias: Any


class _Layer:
    """One layer of a BERT encoder (Devlin et al., 2019; post-norm), its three projections as one product.

    A fifth less time than transformers' own, which looks at its arguments anew at every call.
    """

    def __init__(self, layer: Any, dtype: Any) -> None:
        import torch

        attention = layer.attention.self
        projections = (attention.query, attention.key, attention.value)
        self.dtype = dtype
        self._heads = attention.num_attention_heads
        self._project = [torch.cat([getattr(one, name).data for one in projections]).to(dtype) for name in ("weight", "bias")]
        self._attended = layer.attention.output.to(dtype)
        self._up = layer.intermediate.dense.to(dtype)
        self._down = layer.output.to(dtype)

    def __call__(self, states: Any, attended: Any) -> Any:
        """States of pairs × tokens × width after this layer; ``attended`` is true where a token counts."""
        from torch.nn import functional

        pairs, tokens, width = states.shape
        query, key, value = functional.linear(states, *self._project).view(pairs, tokens, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=attended).transpose(1, 2).reshape(pairs, tokens, width)
        states = self._attended.LayerNorm(self._attended.dense(heard) + states)
        return self._down.LayerNorm(self._down.dense(functional.gelu(self._up(states))) + states)


def _merged(bert: Any, path: Path) -> _Merged:
    import torch
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    layers = copy.deepcopy(bert.encoder.layer).eval()
    for i, layer in enumerate(layers):
        for name in LINEAR.values():
            layer.get_submodule(name).weight.data += tensors[f"{i}.{name}.up"] @ tensors[f"{i}.{name}.down"]
    able = torch.cpu.get_capabilities()
    dtype = torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32
    return _Merged(tuple(_Layer(layer, dtype) for layer in layers), tensors["score.weight"], tensors["score.bias"])
