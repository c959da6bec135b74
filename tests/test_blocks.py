"""Weights in blocks: what came in 4 bits comes back, what is rounded to 8 bits hardly moves, nor do the labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from discourse.classifier import load_model
from discourse.classifier.blocks import pack_blocks, pack_bytes, packed, unpack_blocks, unpack_bytes, unpacked
from discourse.classifier.inputs import Example
from discourse.classifier.release import save_release
from discourse.classifier.settings import Settings

COMMENTS = [
    "Enfin une bonne nouvelle pour l'Europe, bravo à l'équipe.",
    "Dans deux ans Microsoft coupera le robinet et on pleurera.",
    "We migrated last year and it took two painful months.",
    "Der Vertrag ist öffentlich, hier ist der Link.",
    "Tu n'as pas lu l'article, visiblement.",
    "",
]


def from_blocks(rows: int = 6) -> torch.Tensor:
    """Return a matrix of 4-bit blocks, one of them of zeros only."""
    generator = torch.Generator().manual_seed(0)
    whole = torch.randint(-8, 8, (rows, 3, 32), generator=generator).float()
    whole[:, :, 0] = -8  # the largest of a block is -8 times its scale
    whole[2, 1] = 0
    return (whole * torch.rand((rows, 3, 1), generator=generator).half().float()).view(rows, 96)


def test_blocks_keep_what_came_in_blocks_and_refuse_the_rest():
    values = from_blocks()
    scales, nibbles = pack_blocks(values.half())
    assert torch.allclose(unpack_blocks(scales, nibbles), values, rtol=2e-3, atol=1e-6)
    with pytest.raises(ValueError, match="4-bit"):
        pack_blocks(torch.randn(4, 64, generator=torch.Generator().manual_seed(1)))
    with pytest.raises(ValueError, match="whole blocks"):
        pack_blocks(torch.randn(4, 20))


def test_bytes_are_off_by_a_250th_of_the_largest_of_a_block():
    values = torch.randn(5, 96, generator=torch.Generator().manual_seed(2)) * torch.tensor(
        [[1e-3], [1], [30], [0], [5]]
    )
    back = unpack_bytes(*pack_bytes(values))
    largest = values.view(5, 3, 32).abs().amax(-1, keepdim=True).expand(-1, -1, 32).reshape(5, 96)
    assert ((back - values).abs() <= largest / 250 + 1e-7).all()
    assert (back[3] == 0).all()
    with pytest.raises(ValueError, match="whole blocks"):
        pack_bytes(torch.randn(4, 20))


def test_a_state_is_packed_by_what_each_tensor_is():
    came, trained = from_blocks(64), torch.randn(64, 32, generator=torch.Generator().manual_seed(3))
    state = {
        "came": came,
        "trained": trained,
        "few": torch.ones(3, 32),
        "odd": torch.ones(64, 20),
        "bias": torch.ones(7),
    }
    kept = packed(state)
    assert set(kept) == {"came.scales", "came.nibbles", "trained.scales", "trained.bytes", "few", "odd", "bias"}
    back = unpacked(kept)
    assert {name: value.shape for name, value in back.items()} == {name: value.shape for name, value in state.items()}
    assert torch.allclose(back["came"], came, rtol=2e-3, atol=1e-6)
    with pytest.raises(KeyError):
        unpacked({"came.nibbles": kept["came.nibbles"]})


def test_a_packed_release_is_small_and_scores_alike(released_model, tmp_path: Path):
    settings = Settings(encoder=str(released_model.folder), data=".", out=str(tmp_path / "again"))
    network = released_model.network
    name, languages = network.config.release, network.config.languages
    try:
        save_release(network, released_model.tokenizer, settings, tmp_path / "again", languages)
    finally:
        network.config.release = name
    assert (tmp_path / "again" / "model.safetensors").stat().st_size < 30_000_000
    again = load_model(tmp_path / "again", device="cpu")
    examples = [Example(text, "l'accord entre Mistral AI et Microsoft", "On verra bien.") for text in COMMENTS]
    before, after = released_model.logits(examples), again.logits(examples)
    for head, values in before.items():
        assert np.abs(after[head] - values).max() < 0.15, head
