"""Which comments of a side are examined: all, or a random sample in which every argument type is present.

Two comments of each argument type (or the one there is) are always drawn, the rest in proportion, so that a rare kind
of argument is not lost; each drawn comment stands for as many as its type has per drawn one (`weights`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discourse.summary.intervals import wilson
from discourse.summary.sheet import Flags, Floats, Ints

SEED = 20_210_923
"""Fixed, so that a thread has the same key points each time."""
_EACH = 2
"""Comments drawn of every argument type: what it takes to be one of the cells that coverage counts."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold the examined comments of a side in random order: positions, strata and weights, shape (n,)."""

    places: Ints
    strata: Ints
    weights: Floats
    total: int

    def __len__(self) -> int:
        return len(self.places)

    @property
    def whole(self) -> bool:
        """Tell whether every comment is examined."""
        return len(self) == self.total

    def halves(self) -> tuple[Flags, Flags]:
        """Mark the comments by which points are chosen, and those by which their shares are counted.

        Of a sample, each stratum is split: the sentence that most comments make is also the luckiest among them. Where
        every comment is examined, nothing is estimated, and all do both.
        """
        counting = np.ones(len(self), dtype=np.bool_)
        if self.whole:
            return counting, counting
        for stratum in np.unique(self.strata):
            of = np.flatnonzero(self.strata == stratum)
            counting[of[(len(of) + 1) // 2 :]] = False
        return ~counting, counting

    def part(self, flags: Flags) -> Sample:
        """Return the sample of some of its comments, weighted anew."""
        weights = self.weights.copy()
        for stratum in np.unique(self.strata[flags]):
            of = self.strata == stratum
            weights[of] = self.weights[of].sum() / (of & flags).sum()
        return Sample(self.places[flags], self.strata[flags], weights[flags], self.total)

    def share(self, carried: Flags) -> float:
        """Return the share of the side's comments that carry a point, estimated where they are a sample."""
        return float(self.weights @ carried / self.weights.sum())

    def interval(self, carried: Flags) -> tuple[float, float] | None:
        """Bound the share at 95 % for the luck of the draw; None where nothing is drawn.

        The variance is that of a stratified sample without replacement (Cochran 1977, 5.3); the share of a stratum is
        pulled towards the whole by one comment, since a share of 0 among two comments is no certainty; it is at least
        that of a simple sample. The bounds are Wilson's.
        """
        if self.whole:
            return None
        center = self.share(carried)
        variance = 0.0
        for stratum in np.unique(self.strata):
            of = self.strata == stratum
            drawn = int(of.sum())
            size = float(self.weights[of].sum())
            p = (float(carried[of].sum()) + max(center, 1 / (2 * len(self)))) / (drawn + 1)
            variance += (size / self.total) ** 2 * p * (1 - p) / drawn * (1 - drawn / size)
        least = max(center, 1 / (4 * len(self)))
        variance = max(variance, least * (1 - least) / len(self) * (1 - len(self) / self.total))
        bounds = wilson(least, variance)
        return min(bounds.low, center), max(bounds.high, center)


def draw(places: Ints, strata: Ints, size: int) -> Sample:
    """Draw `size` of the positions without replacement, in random order; all of them where there are no more."""
    random = np.random.default_rng(SEED)
    names, of = np.unique(strata, return_inverse=True)
    sizes = np.bincount(of, minlength=len(names))
    drawn = _allotted(sizes, min(size, len(places)))
    chosen = np.concatenate(
        [random.choice(np.flatnonzero(of == stratum), drawn[stratum], replace=False) for stratum in range(len(names))]
        or [np.zeros(0, dtype=np.int64)]
    )
    chosen = random.permutation(chosen)
    weights = sizes[of[chosen]] / drawn[of[chosen]]
    return Sample(places[chosen], strata[chosen], weights.astype(np.float64), len(places))


def _allotted(sizes: Ints, size: int) -> Ints:
    """Share out the draws: at least two a stratum, or all it has, the rest in proportion to what is left."""
    drawn = np.minimum(sizes, _EACH)
    while drawn.sum() < size:
        left = sizes - drawn
        wanted = left * ((size - drawn.sum()) / left.sum())
        more = np.floor(wanted).astype(np.int64)
        if not more.any():
            more[int(np.argmax(wanted))] = 1
        drawn = drawn + more
    return drawn
