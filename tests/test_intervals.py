"""Intervals from calibrated probabilities: they cover the true share, also where an author's labels err together."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from discourse.summary.intervals import calibrated_interval, wilson


def even(p, clusters=None):
    p = np.asarray(p, dtype=float)
    alone = np.full(len(p), -1) if clusters is None else np.asarray(clusters)
    return calibrated_interval(p, np.ones(len(p)), alone)


def test_with_equal_probabilities_it_is_wilson_s_interval():
    held = even([0.3] * 50)
    low, high = proportion_confint(15, 50, method="wilson")
    assert (held.low, held.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_certain_labels_leave_no_doubt_and_nothing_leaves_no_interval():
    held = even([1.0, 0.0, 0.0, 1.0])
    assert (held.low, held.high) == (0.5, 0.5)
    assert even([]) is None
    assert calibrated_interval(np.ones(2), np.zeros(2), np.zeros(2, dtype=int)) is None
    assert wilson(1.0, 0.1).high == 1.0


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("sharpness", [0.3, 2.0])
def test_it_covers_the_true_share(together, sharpness):
    """Draw true labels from calibrated probabilities: independent, or moving together for each author."""
    random = np.random.default_rng(8)
    covered, rounds = 0, 600
    for _ in range(rounds):
        clusters = random.integers(0, 25, 120)
        p = random.beta(sharpness, 2 * sharpness, 120)
        luck = random.random(25)[clusters] if together else random.random(120)
        true = (luck < p).mean()
        held = even(p, clusters)
        covered += held.low <= true <= held.high
    assert covered / rounds >= 0.93


def test_without_dependence_it_is_close_to_the_exact_interval():
    p = np.random.default_rng(3).beta(1, 3, 200)
    held = even(p)
    counts = np.ones(1)
    for one in p:
        counts = np.convolve(counts, (1 - one, one))
    low, high = np.searchsorted(np.cumsum(counts), [0.025, 0.975]) / len(p)
    assert (held.low, held.high) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))
