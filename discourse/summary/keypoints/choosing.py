"""Which sentences are chosen: those that say most of what a side says, and nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discourse.summary.keypoints.comparing import SAME
from discourse.summary.sheet import Flags, Floats, Ints

_SHARED = 0.6
"""Part of the comments of either of two points, made by both, from which they are one (Jaccard)."""
_FEWEST = 2
"""Comments, and people, that make a key point: what one says alone is an opinion."""
_RARE = 0.01
"""Part of the examined comments that make a key point at least: of a large side, what is rarer is not said by many."""
_NEW_CELL = 1.0
"""Comments that it is worth to speak for a kind of argument that no point speaks for yet."""
_USUAL = 0.1
"""Probability that the median of the others may get; in ArgKP-2021 a point is made by a fifth of its own side."""
_PRIOR = 5
"""Others that are needed to tell, and that are added as saying nothing of what is asked: few prove little."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Hold the examined comments: weights, author codes (-1: unknown, each a person) and argument types, shape (n,)."""

    weights: Floats
    authors: Ints
    cells: Ints


def representatives(near: Floats, quality: Floats, size: int) -> list[int]:
    """Choose the sentences that, together, are most like all comments (facility location, greedy), best first.

    `near` is the likeness of sentences and comments, shape (n, m), 0 between a sentence and its own comment.
    """
    chosen: list[int] = []
    covered = np.zeros(near.shape[1])
    while len(chosen) < min(size, len(near)):
        gain = np.maximum(near - covered, 0.0).sum(axis=1) * quality + 1e-6 * quality
        gain[chosen] = -1.0
        best = int(np.argmax(gain))
        chosen.append(best)
        covered = np.maximum(covered, near[best])
    return chosen


def generality(there: Floats) -> Floats:
    """Return the log odds that a sentence gets for nothing, shape (sentences,), 0 or more.

    `there` are the probabilities of comments that are not on its side, shape (sentences, comments). Half of them make
    hardly any point of it: a sentence that even their median seems to make matches by its subject, length or style.
    """
    if there.shape[1] < _PRIOR:
        return np.zeros(len(there))
    found: Floats = np.maximum(_log_odds(np.median(there, axis=1)) - _log_odds(np.asarray(_USUAL)), 0.0)
    return found


def lowered(made: Floats, odds: Floats) -> Floats:
    """Take log odds off probabilities; the shapes are broadcast."""
    found: Floats = 1.0 / (1.0 + np.exp(odds - _log_odds(made)))
    return found


def _log_odds(probability: Floats) -> Floats:
    sure: Floats = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(sure / (1 - sure)), dtype=np.float64)


def distinctive(here: Floats, there: Floats, weights: Floats) -> Floats:
    """Rate sentences by how much more their side makes their point than others do: ½ for as often, 1 for never.

    `here` and `there` are probabilities, shapes (sentences, comments of the side) and (sentences, comments of others).
    What all say as often is empty ("this is a scandal"), or stands on the wrong side.
    """
    ours = np.where(here >= SAME, here, 0.0) @ weights / weights.sum()
    theirs = np.where(there >= SAME, there, 0.0).sum(axis=1) / (there.shape[1] + _PRIOR)
    rated: Floats = ours / np.maximum(ours + theirs, 1e-9)
    return rated


def choose(made: Floats, alike: Flags, worth: Floats, crowd: Crowd, points: int) -> list[int]:
    """Choose the points of a side, the one that speaks for most first.

    `made` are the probabilities that comments make a sentence's point, shape (sentences, comments). `alike` marks
    sentences of which one makes the other's point, shape (sentences, sentences); `worth` weighs sentences, shape (n,).
    """
    carried = made >= SAME
    chosen: list[int] = []
    covered = np.zeros(made.shape[1], dtype=np.bool_)
    fewest = max(_FEWEST, _RARE * made.shape[1])
    open_ = [row for row in range(len(made)) if carried[row].sum() >= fewest and _people(crowd, carried[row])]
    while open_ and len(chosen) < points:
        told = set(crowd.cells[covered].tolist())
        gains = [_gain(made[row], covered, crowd, told) * float(worth[row]) for row in open_]
        best = open_.pop(int(np.argmax(gains)))
        new = carried[best] & ~covered
        if new.sum() < _FEWEST and not set(crowd.cells[new].tolist()) - told:
            continue
        if alike[best, chosen].any() or _overlaps(carried[best], carried[chosen]):
            continue
        chosen.append(best)
        covered |= carried[best]
    return chosen


def _gain(made: Floats, covered: Flags, crowd: Crowd, told: set[int]) -> float:
    """Count the comments, of average weight, that make a point and no chosen one yet, by their probability."""
    carried = made >= SAME
    new = carried & ~covered
    mass = float(crowd.weights[new] @ made[new]) / max(float(crowd.weights.mean()), 1e-9)
    return mass + _NEW_CELL * len(set(crowd.cells[carried].tolist()) - told)


def _people(crowd: Crowd, carried: Flags) -> bool:
    """Tell whether enough people make a point."""
    authors = crowd.authors[carried]
    return len(np.unique(authors[authors >= 0])) + int((authors < 0).sum()) >= _FEWEST


def _overlaps(one: Flags, others: Sequence[Flags] | Flags) -> bool:
    return any(float((one & other).sum()) >= _SHARED * float((one | other).sum()) for other in others)
