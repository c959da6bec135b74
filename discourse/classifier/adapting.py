"""Adapt a checkpoint to a few hundred labels of one's own: trained further on them, measured on those left out in turn.

The stance on a target that a checkpoint never saw is its weakest point; labels of that very target are what helps. With
few labels none can be spared for a test fold, so quality and calibration come from cross-validation: every label is
predicted by weights that were trained on the other parts alone (Stone 1974). The weights kept are trained on all of
them, and are the mean with those before (Wortsman et al. 2022, "Robust fine-tuning"), so that heads without labels of
one's own change little.
"""

from __future__ import annotations

import copy
import math
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from discourse.classifier.calibration import Calibration
from discourse.classifier.corpora import Row
from discourse.classifier.model import Model
from discourse.classifier.network import WORDS
from discourse.classifier.quality import HEAD_LABELS, Floats, Ints, Quality, measure
from discourse.classifier.release import Report, average
from discourse.classifier.settings import Corpus, Settings
from discourse.errors import InputError
from discourse.labels import FIELDS, Field

if TYPE_CHECKING:
    from discourse.classifier.network import CommentClassifier

FEWEST = 40
"""Labels of one field below which nothing is learned of it, nor measured."""
PARTS = 5
RATE = 1.2e-4
KEPT = 0.7
"""Share of the weights after training in the mean with those before."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """Hold the quality of one field before adapting and after it, both on labels that the weights had not seen."""

    before: Quality
    after: Quality


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Hold an adapted model, what it gained by field, and how many likeliest labels of other fields stayed."""

    model: Model
    gained: tuple[Adapted, ...]
    unchanged: dict[Field, float]


def adapt(base: Model, rows: Sequence[Row], report: Report, *, seed: int = 0, rate: float = RATE) -> Adaptation:
    """Train a copy of `base` on rows of one's own labels, at the learning rate `rate`; takes minutes on a CPU.

    Fields with fewer than `FEWEST` labels are left out. Raises InputError where that leaves nothing.
    """
    counts = {field: sum(getattr(row, field) is not None for row in rows) for field in FIELDS}
    learned = [field for field, n in counts.items() if n >= FEWEST]
    if not learned:
        most = max(counts, key=lambda field: counts[field])
        raise InputError(f"{counts[most]} labels of {most} are too few to learn from; {FEWEST} of a field are needed")
    silent = {field: None for field in FIELDS if field not in learned}
    rows = [replace(row, **silent) for row in rows]  # type: ignore[arg-type]
    rows = [row for row in rows if any(getattr(row, field) is not None for field in learned)]
    part = _parts(rows, seed)
    examples = [row.example for row in rows]
    old = base.logits(examples)
    new = {head: values.copy() for head, values in old.items()}
    for number in range(PARTS):
        started = time.monotonic()
        network = _trained(base, [row for row, its in zip(rows, part, strict=True) if its != number], seed, rate)
        out = np.flatnonzero(part == number)
        fresh = replace(base, network=network).logits([examples[i] for i in out])
        for head, values in fresh.items():
            new[head][out] = values
        report(f"part {number + 1} of {PARTS + 1}: {time.monotonic() - started:.0f} s")
    gained = tuple(_gains(rows, part, learned, old, new, base.calibration))
    network = _trained(base, rows, seed, rate)
    report(f"part {PARTS + 1} of {PARTS + 1}: all labels")
    said = f"{len(rows)} comments with labels of one's own, each predicted by weights that had not seen it"
    calibration = replace(base.calibration, measured=said)
    for head in learned:
        known, gold = _known(rows, head)
        calibration = calibration.fitted(head, new[head][known], gold)
    same = {
        field: float((old[field].argmax(1) == new[field].argmax(1)).mean()) for field in FIELDS if field not in learned
    }
    return Adaptation(replace(base, network=network, calibration=calibration), gained, same)


def _parts(rows: Sequence[Row], seed: int) -> npt.NDArray[np.int64]:
    """Spread the rows evenly over the parts by chance; rows with the same words stay together."""
    texts = list(dict.fromkeys(row.example.comment for row in rows))
    random.Random(seed).shuffle(texts)
    number = {text: i % PARTS for i, text in enumerate(texts)}
    return np.array([number[row.example.comment] for row in rows], dtype=np.int64)


def _trained(base: Model, rows: Sequence[Row], seed: int, rate: float) -> CommentClassifier:
    """Return a copy of the network of `base` trained on rows."""
    from discourse.classifier.training import train

    network = copy.deepcopy(base.network)
    before = {name: value.detach().clone() for name, value in network.named_parameters() if WORDS not in name}
    with tempfile.TemporaryDirectory() as folder:
        train(network, base.tokenizer, rows, _settings(len(rows), base, folder, seed, rate), lambda line: None)
    average(network, before, KEPT)
    return network


def _settings(count: int, base: Model, out: str, seed: int, rate: float) -> Settings:
    """Return how to train on so many rows: the fewer, the more often each is seen."""
    return Settings(
        encoder=base.folder,
        data="",
        out=out,
        corpora=(Corpus("gold", "", "codebook", balance=0.2),),
        seed=seed,
        epochs=max(2, min(10, round(3000 / max(1, count)))),
        learning_rate=rate,
        head_learning_rate=4 * rate,
        warmup=0.1,
        batch_tokens=900,
        frozen_layers=len(base.network.bert.encoder.layer) // 2,
        save_minutes=math.inf,
        word_dropout=0.05,
        dropout=0.0,
    )


def _gains(
    rows: Sequence[Row], part: npt.NDArray[np.int64], learned: Sequence[str], old: dict[str, Floats],
    new: dict[str, Floats], calibration: Calibration,
) -> Iterator[Adapted]:  # fmt: skip
    """Measure each field before and after; the scaling of each part is fitted on the other parts."""
    for head in learned:
        known, gold = _known(rows, head)
        after = _scaled(head, new[head][known], gold, part[known])
        yield Adapted(_measured(head, gold, calibration.adjusted(head, old[head][known])), _measured(head, gold, after))


def _scaled(head: str, logits: Floats, gold: Ints, part: npt.NDArray[np.int64]) -> Floats:
    """Return logits with the scaling that the other parts ask for."""
    found = logits.copy()
    for number in np.unique(part):
        inside = part == number
        found[inside] = Calibration().fitted(head, logits[~inside], gold[~inside]).adjusted(head, logits[inside])
    return found


def _known(rows: Sequence[Row], head: str) -> tuple[list[int], Ints]:
    known = [i for i, row in enumerate(rows) if getattr(row, head) is not None]
    return known, np.array([getattr(rows[i], head) for i in known], dtype=np.int64)


def _measured(head: str, gold: Ints, logits: Floats) -> Quality:
    return measure("gold", "all", head, gold, logits, Calibration(), range(len(HEAD_LABELS[head])))
