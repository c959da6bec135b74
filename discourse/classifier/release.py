"""From settings to a released folder: train, calibrate on the dev fold, measure on the test fold, write the card."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from discourse.classifier.blocks import packed
from discourse.classifier.calibration import Calibration
from discourse.classifier.card import write_card
from discourse.classifier.corpora import Fold, Row, read_rows, split_rows
from discourse.classifier.model import Model, load_model
from discourse.classifier.network import PACKED, WORDS, CommentClassifier, from_encoder
from discourse.classifier.quality import Quality, by_corpus
from discourse.classifier.settings import Settings
from discourse.classifier.traps import score_traps
from discourse.errors import InputError, ModelError
from discourse.labels import FIELDS

if TYPE_CHECKING:
    from torch import Tensor

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")

FEWEST_ROWS = 40
"""Rows that make a language one the checkpoint was trained on: Portuguese and Dutch have some eighty each."""

ENOUGH = 200
"""Rows labeled after the codebook that calibrate a head without the other corpora."""

Report = Callable[[str], None]


def train_release(settings: Settings, report: Report, *, device: str = "cpu") -> list[Quality]:
    """Train a checkpoint as the settings say and write it, whole, to `settings.out`; returns its quality.

    Only the train fold is trained on. A run that was cut short goes on from its last save. InputError or ModelError
    say what is missing.
    """
    from discourse.classifier.training import train

    folds = split_rows(read_rows(settings), settings)
    if not folds["train"]:
        raise InputError(f"{settings.data}: the corpora hold no row of the train fold")
    network, tokenizer = _loaded(settings.encoder, settings.seed)
    other = _loaded(settings.averaged_with, settings.seed)[0] if settings.averaged_with else network
    before = {name: value.detach().clone() for name, value in other.named_parameters() if WORDS not in name}
    if {name: value.shape for name, value in before.items()} != {
        name: value.shape for name, value in network.named_parameters() if WORDS not in name
    }:
        raise ModelError(f"{settings.averaged_with}: has another shape than {settings.encoder}: no mean of both")
    network.to(device)  # type: ignore[arg-type]
    train(network, tokenizer, folds["train"], settings, report)
    out = Path(settings.out)
    network.cpu()
    average(network, before, settings.averaged)
    save_release(network, tokenizer, settings, out, trained_languages(folds["train"]))
    return finish_release(out, settings, folds, report)


def _loaded(folder: str, seed: int) -> tuple[CommentClassifier, Any]:
    """Load an encoder or a checkpoint, and its tokenizer; ModelError if it is none."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        return from_encoder(folder, seed), tokenizer
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: cannot be loaded as an encoder: {error}") from None


def average(network: CommentClassifier, before: dict[str, Tensor], share: float) -> None:
    """Move the weights in place to `share` of themselves and the rest of what they were before."""
    import torch

    with torch.no_grad():
        for name, value in network.named_parameters():
            if name in before and share < 1:
                value.lerp_(before[name], 1 - share)


def finish_release(out: Path, settings: Settings, folds: dict[Fold, list[Row]], report: Report) -> list[Quality]:
    """Calibrate a saved network on the dev fold, measure it on the test fold, and write both beside it."""
    model = load_model(out)
    met = {corpus.name for corpus in settings.corpora if corpus.calibrates}
    calibration = calibrate(model, [row for row in folds["dev"] if row.corpus in met])
    (out / "calibration.json").write_bytes(msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")
    report("calibrated on " + calibration.measured)
    model = replace(model, calibration=calibration)
    test = folds["test"]
    logits = model.logits([row.example for row in test])
    measured = list(by_corpus(test, logits, calibration))
    (out / "evaluation.json").write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=1) + b"\n")
    counts = {name: Counter(row.corpus for row in rows) for name, rows in folds.items()}
    write_card(out, settings, counts, measured, score_traps(model))
    (out / "checkpoint.pt").unlink(missing_ok=True)
    return measured


def calibrate(model: Model, rows: Sequence[Row]) -> Calibration:
    """Fit temperatures, biases and thresholds on held-out rows.

    The rows labeled after the codebook decide, where there are enough: other corpora have other shares of labels, and
    are surer or less sure. A corpus that knows only two stances says nothing on the confidence in three.
    """
    if not rows:
        return Calibration(measured="no rows: as it came out of training")
    logits = model.logits([row.example for row in rows])
    found = Calibration()
    for head in FIELDS:
        known = [i for i, row in enumerate(rows) if getattr(row, head) is not None and len(row.stances) == 3]
        whole = [i for i in known if rows[i].argument is not None]
        known = whole if len(whole) >= ENOUGH else known
        if not known:  # a head that no corpus trains stays as it is
            continue
        gold = np.array([getattr(rows[i], head) for i in known], dtype=np.int64)
        found = found.fitted(head, logits[head][known], gold)
    typed = [i for i, row in enumerate(rows) if row.types]
    secondary = _secondary_threshold(logits["secondary"][typed], [rows[i] for i in typed])
    said = f"{len(rows)} rows of the dev fold of {len({row.corpus for row in rows})} corpora"
    return replace(found, secondary=secondary, measured=said)


def _secondary_threshold(logits: Any, rows: Sequence[Row]) -> float:
    """Return the threshold with the best micro-F1 of the secondary types."""
    if not rows:
        return Calibration().secondary
    scores = 1 / (1 + np.exp(-np.asarray(logits)))
    gold = np.zeros(scores.shape, dtype=bool)
    for position, row in enumerate(rows):
        gold[position, list(row.types[1:])] = True
        scores[position, row.types[0]] = 0.0
    best, threshold = -1.0, 0.5
    for candidate in np.arange(0.1, 0.9, 0.02):
        chosen = scores >= candidate
        f1 = 2 * (chosen & gold).sum() / max(1, chosen.sum() + gold.sum())
        if f1 > best:
            best, threshold = float(f1), float(candidate)
    return round(threshold, 2)


def trained_languages(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the languages of at least `FEWEST_ROWS` rows."""
    counts = Counter(row.lang for row in rows)
    return tuple(sorted(lang for lang, n in counts.items() if n >= FEWEST_ROWS))


def save_release(
    network: CommentClassifier, tokenizer: Any, settings: Settings, out: Path, languages: Sequence[str] = ()
) -> None:
    """Write config, tokenizer and weights; word embeddings that came packed stay so, and the rest is packed, too."""
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    words = Path(settings.encoder) / PACKED
    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    if words.is_file():
        state = packed({k: v for k, v in network.state_dict().items() if not k.endswith(f"{WORDS}.weight")})
        shutil.copyfile(words, out / PACKED)
    save_file(state, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    network.config.release = out.name
    network.config.languages = list(languages)
    network.config.architectures = ["CommentClassifier"]
    network.config.save_pretrained(out)
    tokenizer.save_pretrained(out)
    for name in TOKENIZER_FILES:
        if (out / name).exists():
            (out / name).chmod(0o644)
