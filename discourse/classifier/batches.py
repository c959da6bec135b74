"""Batches of windows: sorted by length and filled to a token budget, so that next to nothing is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from discourse.classifier.inputs import Window

if TYPE_CHECKING:
    import torch

PAD_ID = 1
"""The id of `<pad>` in the XLM-R vocabulary; masked, so that its value does not matter to the result."""

CPU_PASS = 1024
"""Padded tokens of one pass on a CPU, whose cache then holds the states of a layer: measured beside 32 MB of shared
cache, 512 to 2,048 take the same time, 6,144 half as much again."""

GPU_PASS = 16_384
"""Padded tokens of one pass on anything else, which needs many to keep its units at work."""


def pass_tokens(device: object) -> int:
    """Return how many padded tokens one pass should read on a device (a name or a torch.device)."""
    return CPU_PASS if str(device).startswith("cpu") else GPU_PASS


def by_tokens(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield groups of positions whose padded size stays within `budget` tokens, shortest first.

    A single input longer than the budget is a group of its own.
    """
    order = np.argsort(np.asarray(lengths), kind="stable")
    group: list[int] = []
    for position in order.tolist():
        if group and lengths[position] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(position)
    if group:
        yield group


def collate(windows: Sequence[Window]) -> dict[str, torch.Tensor]:
    """Pad windows to tensors input_ids, attention_mask and token_type_ids, each int64 of shape (batch, length)."""
    import torch

    length = max(len(window.ids) for window in windows)
    ids = np.full((len(windows), length), PAD_ID, dtype=np.int64)
    segments = np.zeros((len(windows), length), dtype=np.int64)
    mask = np.zeros((len(windows), length), dtype=np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        segments[row, : len(window.ids)] = window.segments
        mask[row, : len(window.ids)] = 1
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "token_type_ids": torch.from_numpy(segments),
    }
