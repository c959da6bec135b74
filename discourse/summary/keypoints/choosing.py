"""Which sentences are chosen: those that say most of what a side says, and nothing twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from discourse.summary.keypoints.comparing import Comparison, Round
from discourse.summary.sheet import Flags, Floats, Ints

_PRIOR = 3.0
"""Comments that a sentence's likeness to all others is worth in screening, beside the few that it was compared with."""
_SHARED = 0.6
"""Part of the comments of either of two points, made by both, from which they are one (Jaccard)."""
_FEWEST = 2
"""Comments, and people, that make a key point: what one says alone is an opinion."""
_NEW_CELL = 1.0
"""Comments that it is worth to speak for a kind of argument that no point speaks for yet."""


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


def screen(compared: Comparison, plan: Sequence[Round], weights: Floats, near: Floats) -> list[int]:
    """Return the sentences that reach the last round, the best first.

    `near` is their likeness to the comments that were read, shape (n, m): it stands in for what is not known yet.
    """
    alive = list(range(len(near)))[: plan[0].sentences]
    for number, one in enumerate(plan):
        compared.compare(alive, one.upto)
        keep = plan[number + 1].sentences if number + 1 < len(plan) else len(alive)
        alive = _foremost(compared.probability[:, : one.upto], alive, weights[: one.upto], near, keep)
    return alive


def _foremost(probability: Floats, alive: list[int], weights: Floats, near: Floats, keep: int) -> list[int]:
    """Rank sentences by what each adds to those before it, in comments of average weight."""
    scale = len(weights) / weights.sum() if len(weights) else 1.0
    most = float(near.sum(axis=1).max()) if near.size else 0.0
    covered, hinted = np.zeros(probability.shape[1]), np.zeros(near.shape[1])
    ranked: list[int] = []
    rest = list(alive)
    while rest and len(ranked) < keep:
        gains = [
            float(weights @ np.maximum(probability[row] - covered, 0.0)) * scale
            + _PRIOR * float(np.maximum(near[row] - hinted, 0.0).sum()) / max(most, 1e-9)
            for row in rest
        ]
        best = rest.pop(int(np.argmax(gains)))
        ranked.append(best)
        covered, hinted = np.maximum(covered, probability[best]), np.maximum(hinted, near[best])
    return ranked


def choose(
    compared: Comparison, alive: list[int], weights: Floats, authors: Ints, cells: Ints, quality: Floats, points: int
) -> list[int]:
    """Choose the points of a side from the sentences that were compared with every examined comment.

    `authors` are codes, -1 where unknown (each such comment counts as a person of its own); `cells` number the argument
    types.
    """
    carried = {row: compared.carried(row) for row in alive}
    chosen: list[int] = []
    covered = np.zeros(len(weights), dtype=np.bool_)
    open_ = [row for row in alive if carried[row].sum() >= _FEWEST and _people(authors[carried[row]]) >= _FEWEST]
    while open_ and len(chosen) < points:
        told = set(cells[covered].tolist())
        gains = [_gain(carried[row], covered, weights, cells, told) + 0.5 * quality[row] for row in open_]
        best = open_.pop(int(np.argmax(gains)))
        new = carried[best] & ~covered
        if new.sum() < _FEWEST and not set(cells[new].tolist()) - told:
            continue
        if _overlaps(carried[best], [carried[row] for row in chosen]) or compared.alike(best, chosen):
            continue
        chosen.append(best)
        covered |= carried[best]
    return chosen


def _gain(carried: Flags, covered: Flags, weights: Floats, cells: Ints, told: set[int]) -> float:
    new = carried & ~covered
    return float(weights[new].sum() / max(weights.mean(), 1e-9)) + _NEW_CELL * len(set(cells[carried].tolist()) - told)


def _people(authors: Ints) -> int:
    known = authors[authors >= 0]
    return len(np.unique(known)) + int((authors < 0).sum())


def _overlaps(one: Flags, others: Sequence[Flags]) -> bool:
    return any(float((one & other).sum()) >= _SHARED * float((one | other).sum()) for other in others)
