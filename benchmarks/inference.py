"""Labeling speed, side by side in one run on the same comments.

    python benchmarks/inference.py [--comments 200] [--model DIR]

Compared: this project; the `transformers` text-classification pipeline with the same encoder, one comment at a time and
in batches; the zero-shot pipeline over the 17 labels of the codebook with an encoder of mDeBERTa-v3-base's shape
(random weights, which cost the same); sentence embeddings by the same encoder plus a linear head; and the bare matrix
products that the encoder cannot do without. The comments are those of `tests/data`, repeated to the number asked for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from transformers import BertForSequenceClassification, DebertaV2Config, DebertaV2ForSequenceClassification, pipeline

from discourse.classifier import load_model
from discourse.classifier.inputs import Example, InputEncoder
from discourse.labels import FIELDS

DATA = Path(__file__).resolve().parent.parent / "tests" / "data" / "held_out_threads.jsonl"
ZERO_SHOT_COMMENTS = 4


def read_examples(count: int) -> list[Example]:
    """Return `count` examples; repeats differ by a digit, so that none is computed once for all."""
    found = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        thread = json.loads(line)
        texts = {comment["id"]: comment["text"] for comment in thread["comments"]}
        found += [Example(c["text"], thread["target"], texts.get(c["parent"])) for c in thread["comments"]]
    rounds = range(1 + count // len(found))
    return [Example(f"{e.comment} {n or ''}", e.target, e.parent) for n in rounds for e in found][:count]


def seconds(work: Callable[[], Any]) -> float:
    """Time one call after one that warms up is done by the caller."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def matrix_seconds(model: Any, examples: list[Example]) -> float:
    """Time the dense products of every layer for the tokens of the examples, at the width of full batches."""
    tokens = sum(len(w.ids) for e in InputEncoder(model.tokenizer).encode(examples) for w in e.windows)
    size, inner = model.network.config.hidden_size, model.network.config.intermediate_size
    layers = model.network.config.num_hidden_layers
    block = 4096
    states, wide = torch.randn(block, size), torch.randn(block, inner)
    square, up, down = torch.randn(size, size), torch.randn(size, inner), torch.randn(inner, size)

    def layer() -> None:
        for _ in range(4):
            states @ square
        states @ up
        wide @ down

    layer()
    return seconds(lambda: [layer() for _ in range(layers)]) * tokens / block


@click.command()
@click.option("--comments", default=200, show_default=True)
@click.option("--model", "folder", default=None, help="A checkpoint folder; the released one by default.")
def main(comments: int, folder: str | None) -> None:
    """Print comments per second of each way, and how many times faster this project is."""
    model = load_model(folder, device="cpu")
    examples = read_examples(comments)
    joined = [" ".join(part for part in (e.target, e.comment, e.parent) if part) for e in examples]
    model.predict(examples[:8])
    ours = seconds(lambda: model.predict(examples)) / comments
    rows = [("discourse, three heads", ours)]

    plain = BertForSequenceClassification(model.network.config).eval()
    plain.bert.load_state_dict(model.network.bert.state_dict(), strict=False)
    options: dict[str, Any] = {"tokenizer": model.tokenizer, "device": "cpu", "truncation": True, "max_length": 512}
    one_head = pipeline("text-classification", model=plain, **options)
    one_head(joined[:2])
    heads = len(FIELDS)
    rows.append(
        ("text-classification pipeline, default, a pass a head", heads * seconds(lambda: one_head(joined)) / comments)
    )
    batched = seconds(lambda: one_head(joined, batch_size=16)) / comments
    rows.append(("text-classification pipeline, batches of 16, a pass a head", heads * batched))

    shape = DebertaV2Config(
        vocab_size=model.network.config.vocab_size, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=3072, relative_attention=True, pos_att_type=["p2c", "c2p"], position_buckets=256,
        norm_rel_ebd="layer_norm", share_att_key=True, type_vocab_size=0, label2id={"entailment": 0, "no": 1},
    )  # fmt: skip
    zero = pipeline(
        "zero-shot-classification",
        model=DebertaV2ForSequenceClassification(shape).eval(),
        tokenizer=model.tokenizer,
        device="cpu",
    )
    labels = [label for names in FIELDS.values() for label in names]
    few = joined[:ZERO_SHOT_COMMENTS]
    rows.append(
        ("zero-shot pipeline, 17 labels, mDeBERTa-v3-base's shape", seconds(lambda: zero(few, labels)) / len(few))
    )

    weights = np.random.default_rng(0).normal(size=(model.network.config.hidden_size, 17))
    rows.append(("sentence embeddings + linear head", seconds(lambda: model.embed(joined) @ weights) / comments))
    rows.append(("bare matrix products of the encoder", matrix_seconds(model, examples) / comments))

    click.echo(f"{comments} comments, {torch.get_num_threads()} threads, {model.precision}, torch {torch.__version__}")
    for name, each in rows:
        click.echo(f"{name:58} {1 / each:9.2f} comments/s   {each / ours:7.2f} × the time of discourse")


if __name__ == "__main__":
    main()
