"""A checkpoint measured on the test folds of the corpora of a settings file, beside the baselines of the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from discourse.classifier.baselines import Baseline, Embed, baselines, remembering
from discourse.classifier.calibration import Calibration
from discourse.classifier.corpora import Row, fold_of, read_rows
from discourse.classifier.inputs import Example
from discourse.classifier.model import Model
from discourse.classifier.quality import HEAD_LABELS, Floats, Ints, Quality, measure
from discourse.classifier.settings import Settings
from discourse.errors import ModelError

COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FEWEST = 20
"""Rows of a group that is measured."""
BASELINE_ROWS = 5000
"""Rows of a corpus that baselines are trained on at most, drawn evenly."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold the quality of one head on one group of a corpus' test rows.

    `group` is `all`, `lang=…`, `depth=…` or both joined by a space; `coverage` gives (share kept, accuracy), surest
    first. `without_parent` is the macro-F1 when the parent is not shown, None where no row has one.
    """

    quality: Quality
    group: str
    coverage: tuple[tuple[float, float], ...]
    baselines: tuple[Baseline, ...] = ()
    without_parent: float | None = None


def measure_checkpoint(
    settings: Settings, model: Model, embed: Embed | None, report: Callable[[str], None]
) -> list[Measured]:
    """Measure every head on every corpus of the settings; `embed` is the frozen encoder of the baseline."""
    rows = read_rows(settings)
    train = [row for row in rows if fold_of(row.group, settings.held_out) == "train"]
    test = [row for row in rows if fold_of(row.group, settings.held_out) == "test"]
    embed = None if embed is None else remembering(embed)
    found: list[Measured] = []
    for corpus in settings.corpora:
        inside = [row for row in test if row.corpus == corpus.name]
        if len(inside) < FEWEST:
            continue
        report(f"measuring {corpus.name}: {len(inside):,} rows")
        whole = model.logits([row.example for row in inside])
        orphaned = None
        if any(row.example.parent for row in inside):
            orphaned = model.logits([replace(row.example, parent=None) for row in inside])
        for head in HEAD_LABELS:
            known = [i for i, row in enumerate(inside) if getattr(row, head) is not None]
            if len(known) < FEWEST:
                continue
            some = [inside[i] for i in known]
            calibration = model.calibration
            measured = list(_groups(some, head, whole[head][known], calibration))
            alone = _quality(some, head, orphaned[head][known], calibration).macro_f1 if orphaned is not None else None
            learned = [row for row in train if row.corpus == corpus.name and getattr(row, head) is not None]
            learned = random.Random(0).sample(learned, min(len(learned), BASELINE_ROWS))
            gold = np.array([getattr(row, head) for row in some], dtype=np.int64)
            simple = tuple(
                baselines(
                    _examples(learned), [getattr(row, head) for row in learned], _examples(some), gold,
                    len(HEAD_LABELS[head]), embed,
                )
            ) if learned else ()  # fmt: skip
            found.append(replace(measured[0], baselines=simple, without_parent=alone))
            found.extend(measured[1:])
    return found


def frozen_encoder(folder: str) -> Embed:
    """Return the embeddings of an encoder or checkpoint folder that nothing here has trained.

    ModelError says why it cannot be loaded.
    """
    from transformers import AutoTokenizer

    from discourse.classifier.network import from_encoder

    try:
        network = from_encoder(folder, 0).eval()  # type: ignore[no-untyped-call]
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(f"{folder}: cannot be loaded as an encoder: {first}") from None
    return Model(Path(folder).name, folder, network, tokenizer, Calibration(), "cpu", "fp32", "").embed


def _examples(rows: Sequence[Row]) -> list[Example]:
    return [row.example for row in rows]


def _groups(rows: Sequence[Row], head: str, logits: Floats, calibration: Calibration) -> Iterator[Measured]:
    """Yield the whole, then each language, depth, and both, where they differ and are large enough."""
    names: dict[str, list[int]] = {"all": list(range(len(rows)))}
    for i, row in enumerate(rows):
        depth = f"depth={min(row.depth, 4)}{'+' if row.depth >= 4 else ''}"
        for name in (f"lang={row.lang}", depth, f"lang={row.lang} {depth}"):
            names.setdefault(name, []).append(i)
    seen: set[tuple[int, ...]] = set()
    for name, members in names.items():
        if len(members) < FEWEST or tuple(members) in seen:
            continue
        seen.add(tuple(members))
        some = [rows[i] for i in members]
        yield Measured(
            _quality(some, head, logits[members], calibration),
            name,
            _coverage(some, head, calibration.adjusted(head, logits[members])),
        )


def _quality(rows: Sequence[Row], head: str, logits: Floats, calibration: Calibration) -> Quality:
    gold = np.array([getattr(row, head) for row in rows], dtype=np.int64)
    allowed = rows[0].stances if head == "stance" else tuple(range(len(HEAD_LABELS[head])))
    return measure(rows[0].corpus, "", head, gold, logits, calibration, allowed)


def _coverage(rows: Sequence[Row], head: str, logits: Floats) -> tuple[tuple[float, float], ...]:
    """Return the accuracy of the surest rows at each coverage."""
    scores = logits.copy()
    if head == "stance":
        scores[:, [i for i in range(scores.shape[1]) if i not in rows[0].stances]] = -1e4
    gold: Ints = np.array([getattr(row, head) for row in rows], dtype=np.int64)
    exponents = np.exp(scores - scores.max(1, keepdims=True))
    sure = (exponents / exponents.sum(1, keepdims=True)).max(1)
    right = (scores.argmax(1) == gold)[np.argsort(-sure, kind="stable")]
    return tuple((share, float(right[: max(1, round(share * len(right)))].mean())) for share in COVERAGES)
