"""Which passages make which point: the encoder as it came, a small adapter on it, and the cosine of two texts.

The adapter (low-rank, Hu et al. 2021) sits on the encoder before it learned to classify, whose states still say what a
text is about; its layers lie beside the adapter in their 4-bit blocks, the word embeddings are those of the classifier.
A text is encoded once, whatever it is compared with.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from discourse.classifier.batches import PAD_ID, by_tokens, pass_tokens
from discourse.classifier.blocks import packed, unpacked
from discourse.classifier.inputs import MAX_CHARACTERS_PER_TOKEN, well_formed
from discourse.errors import ModelError

FOLDER, LAYERS, ADAPTER, FACTS = "matcher", "layers.safetensors", "adapter.safetensors", "matcher.json"
REMEMBERED = 20_000
"""Texts whose vectors are kept, 30 MB."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class MatcherFacts:
    """Hold what a matcher needs beside its weights: `slope` and `offset` turn a cosine into log odds.

    `tokens` of a text are read at most; `prefix` is what the encoder expects before a text.
    """

    rank: int
    first_layer: int
    slope: float
    offset: float
    prefix: str = "query: "
    tokens: int = 96
    corpora: tuple[str, ...] = ()
    measured: dict[str, float] = field(default_factory=dict)


class LowRank(nn.Module):
    """Add a product of two thin matrices to a linear layer: x ↦ Wx + B(Ax)."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, states: Tensor) -> Tensor:
        """Return shape (…, out)."""
        out: Tensor = self.linear(states) + states @ self.down.T @ self.up.T
        return out


def adapt(encoder: BertModel, rank: int, first_layer: int) -> dict[str, LowRank]:
    """Put a low-rank matrix beside every linear layer from `first_layer` on, in place; returns them by name."""
    found: dict[str, LowRank] = {}
    encoder.requires_grad_(False)
    for name, module in list(encoder.named_modules()):
        if not isinstance(module, nn.Linear) or not name.startswith("encoder.layer."):
            continue
        if int(name.split(".")[2]) >= first_layer:
            parent, _, last = name.rpartition(".")
            found[name] = LowRank(module, rank)
            setattr(encoder.get_submodule(parent), last, found[name])
    return found


def pooled(encoder: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
    """Return unit vectors (batch, size): the mean state of each text."""
    states = encoder(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)).last_hidden_state
    shown = mask.unsqueeze(-1).to(states.dtype)
    mean = (states * shown).sum(1) / shown.sum(1).clamp(min=1)
    return nn.functional.normalize(mean, dim=-1)


def token_ids(tokenizer: Any, texts: Sequence[str], prefix: str, tokens: int) -> list[list[int]]:
    """Return the token ids of each text with its prefix, cut to `tokens`."""
    cut = [prefix + well_formed(text[: tokens * MAX_CHARACTERS_PER_TOKEN]) for text in texts]
    found = tokenizer(cut, truncation=True, max_length=tokens, return_attention_mask=False, verbose=False)
    return [list(ids) for ids in found["input_ids"]]


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return ids and mask, int64 of shape (batch, longest)."""
    ids = torch.full((len(rows), max(map(len, rows))), PAD_ID, dtype=torch.int64)
    for row, values in enumerate(rows):
        ids[row, : len(values)] = torch.tensor(values)
    return ids, (ids != PAD_ID).long()


class Matcher:
    """Tell how likely passages make points; vectors of the last texts are remembered."""

    def __init__(self, encoder: BertModel, tokenizer: Any, facts: MatcherFacts) -> None:
        self.encoder, self.tokenizer, self.facts = encoder.eval(), tokenizer, facts  # type: ignore[no-untyped-call]
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def __call__(self, passages: Sequence[str], points: Sequence[str]) -> Vectors:
        """Return the probability that each passage makes each point, shape (n, m)."""
        cosines = self.vectors(passages) @ self.vectors(points).T
        odds = self.facts.slope * cosines.astype(np.float64) + self.facts.offset
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of texts, shape (n, size); a text that was asked lately is not encoded again."""
        found = {text: self._known[text] for text in texts if text in self._known}
        fresh = [text for text in dict.fromkeys(texts) if text not in found]
        for text, vector in zip(fresh, self._encode(fresh), strict=True):
            found[text] = self._known[text] = vector
        for text in dict.fromkeys(texts):
            self._known.move_to_end(text)
        while len(self._known) > max(REMEMBERED, len(found)):
            self._known.popitem(last=False)
        size = int(self.encoder.config.hidden_size)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, size), dtype=np.float32)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), int(self.encoder.config.hidden_size)), dtype=np.float32)
        if not texts:
            return out
        ids = token_ids(self.tokenizer, texts, self.facts.prefix, self.facts.tokens)
        device = next(self.encoder.parameters()).device
        with torch.inference_mode():
            for group in by_tokens([len(one) for one in ids], pass_tokens(device)):
                shown, mask = padded([ids[i] for i in group])
                out[group] = pooled(self.encoder, shown.to(device), mask.to(device)).float().cpu().numpy()
        return out


def save_matcher(folder: Path, layers: dict[str, Tensor], lows: dict[str, LowRank], facts: MatcherFacts) -> None:
    """Write the encoder's own layers (4-bit blocks if they came so), the adapter and its facts to `folder`/matcher."""
    out = folder / FOLDER
    out.mkdir(parents=True, exist_ok=True)
    own = packed({name: value for name, value in layers.items() if "word_embeddings" not in name})
    save_file(own, out / LAYERS, metadata={"format": "pt"})
    thin = {f"{name}.{part}": getattr(low, part).detach().half().contiguous() for name, low in lows.items()
            for part in ("down", "up")}  # fmt: skip
    save_file(thin, out / ADAPTER, metadata={"format": "pt"})
    for name in (LAYERS, ADAPTER):
        (out / name).chmod(0o644)
    (out / FACTS).write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=1) + b"\n")


def load_matcher(
    folder: Path, config: BertConfig, words: Tensor, tokenizer: Any, device: str = "cpu"
) -> Matcher | None:
    """Load the matcher of a checkpoint folder; None if it has none, ModelError if it is damaged.

    `words` are the word embeddings, shared with the classifier.
    """
    where = folder / FOLDER
    if not (where / FACTS).is_file():
        return None
    try:
        facts = msgspec.json.decode((where / FACTS).read_bytes(), type=MatcherFacts)
        state, thin = load_file(where / LAYERS), load_file(where / ADAPTER)
        encoder = BertModel(_plain(config), add_pooling_layer=False)
        encoder.embeddings.word_embeddings.weight = nn.Parameter(words, requires_grad=False)
        encoder.load_state_dict(_with_adapter(unpacked(state), thin), strict=False)
    except (OSError, ValueError, KeyError, RuntimeError, msgspec.DecodeError, SafetensorError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(f"{where}: the matcher of key points cannot be loaded: {first}") from None
    return Matcher(encoder.to(device), tokenizer, facts)  # type: ignore[arg-type]


def _plain(config: BertConfig) -> BertConfig:
    """Return the configuration of the encoder as it came: one kind of segment in use."""
    return BertConfig.from_dict({**config.to_dict(), "type_vocab_size": 2})


def _with_adapter(layers: dict[str, Tensor], thin: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of the layers with the adapter's products added."""
    found = dict(layers)
    for name in thin:
        if name.endswith(".up"):
            low = name.removesuffix(".up")
            found[f"{low}.weight"] = found[f"{low}.weight"] + thin[name].float() @ thin[f"{low}.down"].float()
    return found
