"""The learned ranker: boosted trees that score each candidate, turned into calibrated probabilities over all of them.

`ranker.json` holds the trees, trained by `benchmarks/links.py` on real threads whose reply links were hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np
import numpy.typing as npt

from discourse.links.features import FEATURES, Matrix

Scores = npt.NDArray[np.float64]


class TreeFile(msgspec.Struct, frozen=True):
    """Hold one tree as arrays over its nodes; `feature` is -1 at a leaf, where `value` counts."""

    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    value: list[float]


class RankerFile(msgspec.Struct, frozen=True):
    """Hold the file: names of the features, trees, temperature, and the probability from which a link is made."""

    features: list[str]
    trees: list[TreeFile]
    temperature: float
    threshold: float
    trained_on: str = ""


class Ranker:
    """Score candidates; all trees are walked at once, level by level."""

    def __init__(self, file: RankerFile) -> None:
        if tuple(file.features) != FEATURES:
            raise ValueError("the ranker was trained on other features: train it again (benchmarks/links.py)")
        self.threshold = file.threshold
        self._temperature = file.temperature
        size = max(len(tree.feature) for tree in file.trees)
        self._feature = _padded([tree.feature for tree in file.trees], size, -1).astype(np.int64)
        self._threshold = _padded([tree.threshold for tree in file.trees], size, 0)
        self._left = _padded([tree.left for tree in file.trees], size, 0).astype(np.int64)
        self._right = _padded([tree.right for tree in file.trees], size, 0).astype(np.int64)
        self._value = _padded([tree.value for tree in file.trees], size, 0)

    def scores(self, table: Matrix) -> Scores:
        """Return the sum of the trees for each row of features, shape (rows,)."""
        rows = np.arange(len(table))[None, :]
        trees = np.arange(len(self._feature))[:, None]
        at: npt.NDArray[np.int64] = np.zeros((len(self._feature), len(table)), dtype=np.int64)
        while True:
            feature = self._feature[trees, at]
            inner = feature >= 0
            if not inner.any():
                break
            low = table[rows, np.maximum(feature, 0)] <= self._threshold[trees, at]
            step = np.where(low, self._left[trees, at], self._right[trees, at])
            at = np.where(inner, step, at)
        return np.asarray(self._value[trees, at].sum(axis=0), dtype=np.float64)

    def probabilities(self, table: Matrix) -> Scores:
        """Return the probability that each candidate is the parent, shape (candidates,), summing to 1."""
        return normalize(self.scores(table) / self._temperature)


def normalize(scores: Scores) -> Scores:
    """Return the softmax of scores."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


def _padded(rows: Sequence[Sequence[float]], size: int, filler: float) -> Scores:
    table = np.full((len(rows), size), filler, dtype=np.float64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


@cache
def load_ranker() -> Ranker:
    """Return the ranker that comes with the package."""
    data = resources.files("discourse.links").joinpath("ranker.json").read_bytes()
    return Ranker(msgspec.json.decode(data, type=RankerFile))
