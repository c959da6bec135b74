"""Intervals for shares of predicted labels, from calibrated probabilities alone.

The share asked for is that of the true labels of these very comments: nothing is sampled, the labels are uncertain.
If each probability is calibrated, the share is the mean of variables that are 1 with probability p: its expectation is
the weighted mean of p. Errors are taken as independent between authors and, since one person's remarks are misread in
the same way, as moving together within an author: the standard deviations of an author's comments add up (the largest
variance that any dependence allows). With one comment an author this is the Poisson-binomial variance. The bounds are
those of Wilson (1927) at the number of coin tosses that would have this variance: they stay within 0…1 and do not
shrink to a point at the edges as p ± 1.96 σ does. What is assumed and not covered: an error of the calibration itself,
as on text unlike that it was measured on.
"""

from __future__ import annotations

import numpy as np

from discourse.summary.facts import Interval
from discourse.summary.sheet import Floats, Ints

Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""

DIGITS = 6


def calibrated_interval(p: Floats, weights: Floats, clusters: Ints) -> Interval | None:
    """Bound the weighted mean of the true labels, given probabilities, weights and an author code (-1: unknown) each.

    Weights are scaled to sum to 1. None without a comment. Comments of unknown author count as of one author each.
    """
    total = float(weights.sum())
    if not len(p) or total <= 0:
        return None
    w = weights / total
    center = float(w @ p)
    deviations = w * np.sqrt(p * (1 - p))
    known = clusters >= 0
    within = np.bincount(clusters[known], deviations[known])
    variance = float(within @ within + deviations[~known] @ deviations[~known])
    return wilson(center, variance)


def wilson(center: float, variance: float, z: float = Z95) -> Interval:
    """Bound a share known with a variance, by Wilson's interval at the sample size that has this variance.

    `z` is the quantile of the distribution of the standardized error.
    """
    center = min(max(center, 0.0), 1.0)
    spread = center * (1 - center)
    if variance <= 1e-15 or spread <= 1e-15:
        return Interval(round(center, DIGITS), round(center, DIGITS))
    size = spread / variance
    squeeze = 1 + z**2 / size
    middle = (center + z**2 / (2 * size)) / squeeze
    half = z / squeeze * float(np.sqrt(spread / size + z**2 / (4 * size**2)))
    return Interval(round(max(0.0, middle - half), DIGITS), round(min(1.0, middle + half), DIGITS))
