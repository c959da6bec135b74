"""Weights in blocks of 32 values with a half-precision scale each, of 4 or of 8 bits a value.

The encoder comes in 4-bit blocks (whole numbers from -8 to 7): keeping them loses nothing and takes a quarter of half
precision. What was trained is rounded to 8-bit blocks (-127 to 127), half of half precision.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

BLOCK = 32
FEWEST_ROWS = 64
"""Rows from which a matrix is worth packing; smaller ones, outputs of the heads among them, stay in half precision."""
SCALES, NIBBLES, BYTES = ".scales", ".nibbles", ".bytes"


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


def unpack_bytes(scales: Tensor, values: Tensor) -> Tensor:
    """Return float32 values, shape (rows, columns), of scales (rows, blocks) and int8 values (rows, columns)."""
    rows, blocks = scales.shape
    return (values.view(rows, blocks, BLOCK).float() * scales.float().unsqueeze(-1)).view(rows, -1)


def pack_bytes(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return scales float16 (rows, blocks) and int8 (rows, columns): off by 1/250 of the block's largest value at most.

    ValueError where the rows are not whole blocks.
    """
    if values.ndim != 2 or values.shape[1] % BLOCK:
        raise ValueError("only matrices of whole blocks can be packed")
    blocks = values.float().view(values.shape[0], -1, BLOCK)
    scales = (blocks.abs().amax(-1) / 127).half()
    safe = torch.where(scales == 0, 1.0, scales.float()).unsqueeze(-1)
    return scales, (blocks / safe).round().clamp(-127, 127).to(torch.int8).view(values.shape[0], -1)


def packed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors as they lie on disk: matrices in 4-bit blocks if they came so, else in 8-bit ones."""
    found: dict[str, Tensor] = {}
    for name, value in state.items():
        if value.ndim != 2 or value.shape[0] < FEWEST_ROWS or value.shape[1] % BLOCK:
            found[name] = value.half().contiguous()
            continue
        try:
            found[name + SCALES], found[name + NIBBLES] = pack_blocks(value)
        except ValueError:
            found[name + SCALES], found[name + BYTES] = pack_bytes(value)
    return found


def unpacked(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return float32 tensors of those on disk; KeyError where a block's scales or values are missing."""
    found: dict[str, Tensor] = {}
    for name, value in state.items():
        if name.endswith(NIBBLES):
            bare = name.removesuffix(NIBBLES)
            found[bare] = unpack_blocks(state[bare + SCALES], value)
        elif name.endswith(BYTES):
            bare = name.removesuffix(BYTES)
            found[bare] = unpack_bytes(state[bare + SCALES], value)
        elif not name.endswith(SCALES):
            found[name] = value.float()
    return found
