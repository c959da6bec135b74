"""How well a matcher tells which arguments make which key point: the two published metrics of key point analysis.

Each argument is paired with its best-scored key point, the better-scored half of a side's arguments is kept, and their
average precision is averaged over sides. A pair that annotators left undecided counts as no match (strict) or as one
(relaxed). *Old* is the metric of the shared task KPA-2021 and the papers of that year; *current* is its official script
since 2021-09-23, which multiplies the average precision of a side by the share of matches among the kept pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEPT = 0.5
"""Part of a side's pairs that is rated, in both metrics."""

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """Hold arguments and key points of one topic and stance, and their labels, NaN where undecided: shape (n, m).

    `few` marks sides of a corpus with so few topics that none can be spared for testing beside those held out.
    """

    group: str
    lang: str
    arguments: tuple[str, ...]
    points: tuple[str, ...]
    labels: Scores
    few: bool = False


@dataclass(frozen=True)
class MatchQuality:
    """Hold mean average precision under both metrics, and precision and recall at a probability of one half."""

    old_strict: float
    old_relaxed: float
    current_strict: float
    current_relaxed: float
    precision: float
    recall: float


def rate(sides: Sequence[Side], scores: Sequence[Scores]) -> MatchQuality:
    """Rate the scores of all sides, one array (arguments, points) a side."""
    found = np.array([precisions(side.labels, one) for side, one in zip(sides, scores, strict=True)])
    labels = np.concatenate([side.labels.ravel() for side in sides])
    said = np.concatenate([np.asarray(one).ravel() for one in scores]) >= 0.5
    known = ~np.isnan(labels)
    true = float((said & (labels == 1)).sum())
    precision, recall = true / max(float((said & known).sum()), 1.0), true / max(float((labels == 1).sum()), 1.0)
    old_strict, old_relaxed, current_strict, current_relaxed = found.mean(axis=0).tolist()
    return MatchQuality(old_strict, old_relaxed, current_strict, current_relaxed, precision, recall)


def precisions(labels: Scores, scores: Scores) -> list[float]:
    """Return old strict, old relaxed, current strict and current relaxed average precision of one side."""
    from sklearn.metrics import average_precision_score

    best = scores.argmax(axis=1)
    top = np.argsort(-scores.max(axis=1), kind="stable")[: int(len(scores) * KEPT)]
    kept, sure = labels[top, best[top]], scores.max(axis=1)[top]
    old, current = [], []
    for undecided in (0.0, 1.0):
        true = np.where(np.isnan(kept), undecided, kept)
        value = float(average_precision_score(true, sure)) if true.any() else 0.0
        old.append(value)
        current.append(value * float(true.mean()) if len(true) else 0.0)
    return old + current
