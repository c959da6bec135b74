"""Weights in 4-bit blocks: 32 values a block, each a whole number from -8 to 7 times the block's half-precision scale.

It is how the encoder comes; keeping its blocks loses nothing and takes a quarter of half precision.
"""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK = 32


def unpack_blocks(scales: Tensor, nibbles: Tensor) -> Tensor:
    """Return float32 values, shape (rows, columns), of scales (rows, blocks) and nibbles (any shape, 16 a block)."""
    rows, blocks = scales.shape
    halves = nibbles.view(rows, blocks, BLOCK // 2)
    values = torch.cat([halves & 15, halves >> 4], dim=-1).float() - 8
    return (values * scales.float().unsqueeze(-1)).view(rows, -1)


def pack_blocks(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return scales float16 (rows, blocks) and nibbles uint8 (rows, blocks × 16) of values that came from blocks.

    The largest value of a block is -8 times its scale, which gives the scale back. ValueError where values are not
    those of blocks, up to the rounding of half precision.
    """
    if values.ndim != 2 or values.shape[1] % BLOCK:
        raise ValueError("only matrices of whole blocks can be packed")
    rows = values.shape[0]
    blocks = values.float().view(rows, -1, BLOCK)
    largest = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))
    scales = (largest / -8).half()
    whole = (blocks / torch.where(scales == 0, 1.0, scales.float())).round().clamp(-8, 7)
    if bool((whole * scales.float() - blocks).abs().gt(blocks.abs() * 2**-9 + 1e-6).any()):
        raise ValueError("these weights do not come from 4-bit blocks")
    halves = (whole + 8).to(torch.uint8)
    return scales.squeeze(-1), (halves[..., : BLOCK // 2] | (halves[..., BLOCK // 2 :] << 4)).reshape(rows, -1)
