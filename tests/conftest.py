"""Fixtures that several test files share: a small model made on the spot, and the released one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a machine under load is no failure: hypothesis gives neither a deadline nor up on slow drawing
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: no test reaches a hub

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"

SENTENCES = [
    "Je suis pour cet accord, il crée des emplois.",
    "Je suis contre, on perd notre indépendance.",
    "This deal is good for everyone involved.",
    "No, they will shut it down within two years.",
    "Est-ce que quelqu'un a lu l'article avant de commenter ?",
    "l'accord entre les deux entreprises",
]


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an encoder folder of two narrow layers, with a vocabulary learned from a few sentences."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.set_num_threads(1)  # two threads of so small a network only wait for each other
    folder = tmp_path_factory.mktemp("tiny-encoder")
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(SENTENCES * 20, trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        mask_token="<mask>", cls_token="<s>", sep_token="</s>", model_max_length=512,
    ).save_pretrained(folder)  # fmt: skip
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512, type_vocab_size=2, pad_token_id=1,
        initializer_range=0.2,  # wide enough that a few hundred steps learn something
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_checkpoint(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a checkpoint folder from the tiny encoder, with untrained heads."""
    from transformers import AutoTokenizer

    from discourse.classifier.network import from_encoder
    from discourse.classifier.release import save_release
    from discourse.classifier.settings import Settings

    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    settings = Settings(encoder=str(tiny_encoder), data=".", out=str(folder))
    save_release(from_encoder(tiny_encoder, seed=0), AutoTokenizer.from_pretrained(tiny_encoder), settings, folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_checkpoint: Path):
    """Load the tiny checkpoint."""
    from discourse.classifier import load_model

    return load_model(tiny_checkpoint, device="cpu")


@pytest.fixture(scope="session")
def released_model():
    """Load the released checkpoint."""
    import torch

    from discourse.classifier import load_model

    torch.set_num_threads(os.cpu_count() or 1)

    return load_model(device="cpu")


@pytest.fixture(scope="session")
def seeds_run(released_model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the five seeds with the released checkpoint; the folder is read, never written."""
    from discourse.run import RunOptions, run

    folder = tmp_path_factory.mktemp("seeds") / "run"
    run([SEEDS], folder, RunOptions(report_lang="fr"), model=released_model)
    return folder
