"""Train boosted trees that choose one candidate of several, and the temperature that makes their scores probabilities.

The loss is the softmax over the candidates of a comment; each round fits a tree to its gradient (Newton's step), grown
by the histogram grower that is inside scikit-learn's HistGradientBoostingClassifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
from sklearn.ensemble._hist_gradient_boosting.grower import TreeGrower

from discourse.links.features import FEATURES
from discourse.links.ranker import Ranker, RankerFile, TreeFile

ROUNDS, RATE, DEPTH, LEAF, SHRINK, SPLIT_SHARE, DRAWN = 150, 0.1, 4, 20, 5.0, 0.4, 0.7
"""Boosting settings, compared by cross-validation on the same folds with depth 3, stronger shrinkage and 60 rounds."""
LEAST_CURVATURE = 0.01
LATEST, OTHERS = 10, 4
"""Wrong candidates of a comment that are trained on: the latest ones, and some of the older at random."""
BINS = 64
HEAT = np.linspace(0.5, 2.0, 61)


@dataclass(frozen=True, slots=True)
class Example:
    """Hold the candidates of one comment, shape (candidates, features), which one is right, and what it weighs."""

    table: npt.NDArray[np.float32]
    right: int
    weight: float = 1.0


def fit(examples: Sequence[Example]) -> tuple[TreeFile, ...]:
    """Train boosted trees; the sum over them is a candidate's score."""
    chance = np.random.default_rng(0)
    thinned = [_thinned(example, chance) for example in examples]
    sizes = np.array([len(one.table) for one in thinned])
    starts = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    weight = np.array([one.weight for one in thinned])[owner]
    target = np.zeros(len(owner))
    target[starts + [one.right for one in thinned]] = 1.0
    mapper = _BinMapper(n_bins=BINS, random_state=0)
    binned = mapper.fit_transform(np.concatenate([one.table for one in thinned]).astype(np.float64))
    scores = np.zeros(len(owner))
    trees = []
    for number in range(ROUNDS):
        chances = _softmax(scores, starts, owner)
        slope = (chances - target) * weight
        curvature = np.maximum(chances * (1 - chances), LEAST_CURVATURE) * weight
        rows = np.flatnonzero((chance.random(len(sizes)) < DRAWN)[owner])
        grower = TreeGrower(
            np.asfortranarray(binned[rows]),
            slope[rows].astype(np.float32),
            curvature[rows].astype(np.float32),
            max_depth=DEPTH,
            min_samples_leaf=LEAF,
            l2_regularization=SHRINK,
            feature_fraction_per_split=SPLIT_SHARE,
            rng=np.random.default_rng(number),
            shrinkage=RATE,
            n_bins=mapper.n_bins,
            n_bins_non_missing=mapper.n_bins_non_missing_,
            n_threads=1,
        )
        grower.grow()
        predictor = grower.make_predictor(mapper.bin_thresholds_)
        scores += predictor.predict_binned(binned, mapper.missing_values_bin_idx_, 1)
        trees.append(_tree(predictor.nodes))
    return tuple(trees)


def _thinned(example: Example, chance: np.random.Generator) -> Example:
    """Leave out most of the older wrong candidates; the thread and the quoted ones stay."""
    size = len(example.table)
    quoted = np.flatnonzero(example.table[:, FEATURES.index("quoted")])
    kept = {0, example.right, *quoted.tolist(), *range(max(1, size - LATEST), size)}
    rest = [at for at in range(size) if at not in kept]
    kept |= set(chance.choice(rest, min(OTHERS, len(rest)), replace=False).tolist()) if rest else set()
    order = sorted(kept)
    return Example(example.table[order], order.index(example.right), example.weight)


def _softmax(
    scores: npt.NDArray[np.float64], starts: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]
) -> np.ndarray:
    raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
    return raised / np.add.reduceat(raised, starts)[owner]


def _tree(nodes: np.ndarray) -> TreeFile:
    """Copy one tree out of scikit-learn's structured array of nodes."""
    leaf = nodes["is_leaf"].astype(bool)
    return TreeFile(
        feature=np.where(leaf, -1, nodes["feature_idx"]).tolist(),
        threshold=[float(f"{value:.6g}") for value in np.where(leaf, 0.0, nodes["num_threshold"])],
        left=nodes["left"].tolist(),
        right=nodes["right"].tolist(),
        value=[round(float(value), 5) for value in np.where(leaf, nodes["value"], 0.0)],
    )


def ranker_of(trees: Sequence[TreeFile], heat: float = 1.0, threshold: float = 0.0, trained_on: str = "") -> RankerFile:
    """Make the file of a ranker."""
    return RankerFile(list(FEATURES), list(trees), heat, threshold, trained_on)


def scored(trees: Sequence[TreeFile], examples: Sequence[Example]) -> list[tuple[np.ndarray, int]]:
    """Return the scores of each example's candidates, and which is right."""
    ranker = Ranker(ranker_of(trees))
    return [(ranker.scores(example.table), example.right) for example in examples]


def best_heat(scores: Sequence[tuple[np.ndarray, int]]) -> float:
    """Return the temperature under which the right candidates are most probable."""

    def surprise(heat: float) -> float:
        return float(np.mean([np.logaddexp.reduce(one / heat) - one[right] / heat for one, right in scores]))

    return float(min(HEAT, key=surprise))
