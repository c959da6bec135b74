"""From a comment in its thread to what the network reads: `<s> target </s></s> comment </s></s> parent </s>`.

Target, comment and parent have budgets of their own, so that a long parent never starves the comment. A long comment is
read in overlapping windows. What does not fit is cut and said (`truncated`). It does not know threads, nor the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Ids = npt.NDArray[np.int32]

SEGMENT_COMMENT, SEGMENT_TARGET, SEGMENT_PARENT = 0, 1, 2
MAX_CHARACTERS_PER_TOKEN = 24
"""Text beyond budget × this many characters is not tokenized at all; measured: no corpus averages over 7."""


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one question to the model: a comment, the target of its stance, and the comment it answers."""

    comment: str
    target: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Say how many tokens each part may take; a comment of more is read in windows that share `overlap` tokens."""

    target: int = 48
    comment: int = 256
    parent: int = 96
    overlap: int = 64
    windows: int = 8

    @property
    def comment_total(self) -> int:
        """Count the tokens of a comment that are read at most."""
        return self.comment + (self.windows - 1) * (self.comment - self.overlap)


@dataclass(frozen=True, slots=True)
class Window:
    """Hold one input of the network: token ids and segment ids, shape (n,), and the comment tokens it covers."""

    ids: Ids
    segments: Ids
    weight: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """Hold the windows of one example, and whether any part of it was cut."""

    windows: tuple[Window, ...]
    truncated: bool


class InputEncoder:
    """Turn examples into windows with one tokenizer and one budget."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, budget: Budget | None = None) -> None:
        self.tokenizer = tokenizer
        self.budget = budget or Budget()
        self._bos = int(tokenizer.bos_token_id)
        self._eos = int(tokenizer.eos_token_id)

    def encode(self, examples: Sequence[Example]) -> list[Encoded]:
        """Encode examples in order; equal targets and parents are tokenized once."""
        if not examples:  # the tokenizer fails on nothing
            return []
        budget = self.budget
        targets = self._tokens([example.target or "" for example in examples], budget.target)
        comments = self._tokens([example.comment for example in examples], budget.comment_total)
        parents = self._tokens([example.parent or "" for example in examples], budget.parent)
        return [self._one(*parts) for parts in zip(targets, comments, parents, strict=True)]

    def _one(self, target: tuple[Ids, bool], comment: tuple[Ids, bool], parent: tuple[Ids, bool]) -> Encoded:
        words = comment[0]
        step = self.budget.comment - self.budget.overlap
        starts = range(0, max(1, len(words) - self.budget.overlap), step)
        windows = tuple(self._window(target[0], words[at : at + self.budget.comment], parent[0]) for at in starts)
        return Encoded(windows, target[1] or comment[1] or parent[1])

    def _window(self, target: Ids, comment: Ids, parent: Ids) -> Window:
        end, gap = [self._eos], [self._eos, self._eos]
        ids = np.concatenate([[self._bos], target, gap, comment, gap, parent, end]).astype(np.int32)
        segments = np.zeros(len(ids), dtype=np.int32)
        segments[: len(target) + 2] = SEGMENT_TARGET
        segments[len(target) + 3 + len(comment) + 1 :] = SEGMENT_PARENT
        return Window(ids, segments, max(1, len(comment)))

    def _tokens(self, texts: Sequence[str], limit: int) -> list[tuple[Ids, bool]]:
        """Tokenize each text once, cut to `limit` tokens; a target or comment keeps its beginning."""
        distinct = list(dict.fromkeys(texts))
        ends = limit * MAX_CHARACTERS_PER_TOKEN
        encoded = self.tokenizer(
            [well_formed(text[:ends]) for text in distinct],
            add_special_tokens=False,
            verbose=False,
            return_attention_mask=False,
        )["input_ids"]
        found = {
            text: (np.asarray(ids[:limit], dtype=np.int32), len(ids) > limit or len(text) > ends)
            for text, ids in zip(distinct, encoded, strict=True)
        }
        return [found[text] for text in texts]


def well_formed(text: str) -> str:
    """Replace lone surrogates, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
