"""The network: a BERT-shaped encoder and one small head a task, and how its weights lie on disk.

One pass of the encoder serves all heads. Word embeddings are frozen and lie in 4-bit blocks in a file of their own
(`embeddings.safetensors`), which no training changes; the other matrices lie in blocks of 4 or 8 bits (blocks.py).
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoConfig, BertConfig, BertModel, BertPreTrainedModel

from discourse.classifier.blocks import unpack_blocks, unpacked

HEADS: dict[str, int] = {"stance": 3, "reply_stance": 3, "argument": 11, "secondary": 11, "cdcp": 5, "match": 2}
"""Outputs of each head, in codebook order; `secondary` is scored type by type, `cdcp` and `match` (whether a
comment makes the point of the sentence given as its target) only train the encoder."""

PACKED = "embeddings.safetensors"
WORDS = "embeddings.word_embeddings"


class CommentClassifier(BertPreTrainedModel):  # type: ignore[no-untyped-call]
    """Score a (target, comment, parent) input with every head.

    `forward` takes ids, attention mask and segments, shape (batch, length), and returns logits by head,
    shape (batch, labels). The features of an input are its first state and the mean state of the comment's tokens.
    """

    config_class = BertConfig

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        size = config.hidden_size
        self.dropout = nn.Dropout(getattr(config, "classifier_dropout", None) or 0.1)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, labels))
                for name, labels in HEADS.items()
            }
        )
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, **_: Any) -> dict[str, Tensor]:
        """Return the logits of every head, shape (batch, labels)."""
        states = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.score(self.features(states, attention_mask, token_type_ids))

    def features(self, states: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Pool states (batch, length, size) to features (batch, 2 × size): first state, and mean over the comment."""
        mask = ((token_type_ids == 0) & (attention_mask > 0)).unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        return torch.cat([states[:, 0], mean], dim=-1)

    def score(self, features: Tensor) -> dict[str, Tensor]:
        """Return the logits of every head for pooled features (batch, 2 × size)."""
        features = self.dropout(features)
        return {name: head(features) for name, head in self.heads.items()}

    @classmethod
    def from_pretrained(  # type: ignore[override]
        cls, folder: str | PathLike[str] | None, *args: Any, **options: Any
    ) -> CommentClassifier:
        """Load a folder or hub id; packed word embeddings are unpacked on the way.

        Raises OSError as transformers does.
        """
        if folder is None or options.get("state_dict") is not None or not (Path(folder) / PACKED).is_file():
            return super().from_pretrained(folder, *args, **options)
        state = unpacked(load_file(Path(folder) / "model.safetensors"))
        prefix = "bert." if any(name.startswith("bert.") for name in state) else ""
        state[f"{prefix}{WORDS}.weight"] = unpack(Path(folder) / PACKED)
        options.setdefault("config", AutoConfig.from_pretrained(folder))
        return super().from_pretrained(None, *args, state_dict=state, **options)


def unpack(path: str | PathLike[str]) -> Tensor:
    """Return the word embeddings (vocabulary, size) in float32 from 4-bit blocks of 32 with a float16 scale each."""
    tensors = load_file(path)
    scales, nibbles = tensors[f"{WORDS}.scales"], tensors[f"{WORDS}.nibbles"]
    return unpack_blocks(scales, nibbles)


def from_encoder(folder: str | PathLike[str], seed: int) -> CommentClassifier:
    """Start a classifier from a bare encoder folder or hub id: fresh heads, and a mark for each segment.

    The encoder knows one segment; target and parent get its embedding plus a small fixed direction of their own
    (15 % of its norm), which the layers above learn to read. A checkpoint of this project keeps its heads.
    """
    torch.manual_seed(seed)
    config = AutoConfig.from_pretrained(folder)
    if "CommentClassifier" in (config.architectures or ()):
        network = CommentClassifier.from_pretrained(folder)
        network.bert.embeddings.requires_grad_(False)
        return network
    packed = Path(folder) / PACKED
    if packed.is_file():
        state = unpacked(load_file(Path(folder) / "model.safetensors"))
        state[f"{WORDS}.weight"] = unpack(packed)
    else:
        state = BertModel.from_pretrained(folder, add_pooling_layer=False).state_dict()
    name = "embeddings.token_type_embeddings.weight"
    base = state[name][0]
    scale = 0.15 * state[f"{WORDS}.weight"].norm(dim=1).mean() / base.numel() ** 0.5
    state[name] = torch.stack([base, base + scale * torch.randn_like(base), base + scale * torch.randn_like(base)])
    config.type_vocab_size = 3
    network = CommentClassifier(config)
    missing = network.bert.load_state_dict(state, strict=False)
    if missing.missing_keys:
        raise ValueError(f"{folder}: not a BERT-shaped encoder, it lacks {missing.missing_keys[0]}")
    network.bert.embeddings.requires_grad_(False)
    return network
