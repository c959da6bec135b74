"""Agreement, checked against published worked examples and against statsmodels and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.gold import ADJUDICATOR, GoldLabel, measure_agreement
from discourse.gold.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha

FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
"""Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses."""

COHEN = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]], float)
"""Cohen (1960), table 1: 200 patients, two raters, three diagnoses (as counts)."""


def counts_of(*observers: str) -> np.ndarray:
    """Count labels per unit; a line an observer, a character a unit, a dot for no label."""
    labels = sorted(set("".join(observers)) - {"."})
    return np.array([[unit.count(label) for label in labels] for unit in zip(*observers, strict=True)], float)


@pytest.mark.parametrize(
    ("observers", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),  # example A: binary, two observers
        (("aabbdcccedda", "babbbcccEddd".lower()), 0.692),  # example B: nominal, two observers
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # example C: four, missing data
    ],
)
def test_alpha_of_the_examples_in_krippendorff_2011(observers: tuple[str, ...], alpha: float) -> None:
    assert krippendorff_alpha(counts_of(*observers)) == pytest.approx(alpha, abs=5e-4)


def test_fleiss_kappa_of_fleiss_1971() -> None:
    counts = np.array([list(unit) for unit in FLEISS.split()], float)
    assert counts.sum(0).tolist() == [26, 26, 30, 55, 43]
    assert fleiss_kappa(counts) == pytest.approx(0.430, abs=5e-4)


def test_cohen_kappa_of_cohen_1960() -> None:
    assert cohen_kappa(COHEN) == pytest.approx(0.492, abs=5e-4)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=2, max_size=30))
def test_other_packages_give_the_same(votes: list[tuple[int, int, int]]) -> None:
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import fleiss_kappa as other_fleiss

    counts = np.array([[unit.count(label) for label in range(3)] for unit in votes], float)
    mine = fleiss_kappa(counts)
    if mine is not None:
        assert mine == pytest.approx(other_fleiss(counts))
    table = np.zeros((3, 3))
    for first, second, _ in votes:
        table[first, second] += 1
    kappa = cohen_kappa(table)
    if kappa is not None:
        assert kappa == pytest.approx(cohen_kappa_score([v[0] for v in votes], [v[1] for v in votes], labels=[0, 1, 2]))


def gold(comment: int, annotator: str, label: str, field: str = "stance") -> GoldLabel:
    return GoldLabel("t", str(comment), "x", field, label, annotator)  # type: ignore[arg-type]


def labels_of(*observers: str) -> list[GoldLabel]:
    names = {"f": "favor", "a": "against", "n": "none"}
    return [
        gold(unit, f"person {who}", names[label])
        for who, line in enumerate(observers)
        for unit, label in enumerate(line)
        if label != "."
    ]


def test_each_field_and_language_is_measured() -> None:
    labels = [*labels_of("ffaannfa", "ffaanaff"), gold(0, "person 0", "fact", "argument")]
    languages = {("t", str(unit)): "fr" if unit < 4 else "en" for unit in range(8)}
    measured = measure_agreement(labels, languages, replicates=200)
    assert [(one.field, one.language) for one in measured] == [
        ("stance", None),
        ("stance", "en"),
        ("stance", "fr"),
        ("argument", None),
        ("argument", "fr"),
    ]
    stance = measured[0]
    assert (stance.units, stance.ratings, stance.annotators) == (8, 16, ("person 0", "person 1"))
    assert stance.percent.value == 6 / 8
    assert measured[2].percent.value == 1
    assert sum(map(sum, stance.confusion)) == 16
    assert stance.pairs[0].cohen.value == pytest.approx(cohen_kappa(np.array([[3, 0, 0], [1, 2, 0], [0, 1, 1]], float)))
    assert measured[3].units == 0
    assert measured[3].alpha.value is None


def test_intervals_hold_the_value_and_are_the_same_again() -> None:
    labels = labels_of("ffaannfaffaann", "ffaanafafnaana", "ffaannff.faann")
    one, again = (measure_agreement(labels, replicates=500)[0] for _ in range(2))
    assert one == again
    for estimate in (one.alpha, one.percent, *(pair.cohen for pair in one.pairs)):
        assert estimate.low is not None
        assert estimate.value is not None
        assert estimate.high is not None
        assert estimate.low <= estimate.value <= estimate.high
    assert one.fleiss is None  # one unit has two labels, the others three


def test_a_wider_sample_narrows_the_interval() -> None:
    small = measure_agreement(labels_of("ffaannfa", "ffaanafa"), replicates=500)[0].alpha
    line, other = "ffaannfa" * 20, "ffaanafa" * 20
    large = measure_agreement(labels_of(line, other), replicates=500)[0].alpha
    assert small.high - small.low > 2 * (large.high - large.low)  # type: ignore[operator]


def test_everybody_saying_the_same_tells_nothing() -> None:
    one = measure_agreement(labels_of("ffff", "ffff"))[0]
    assert one.alpha.value is None
    assert one.percent.value == 1


def test_adjudicated_labels_are_no_votes() -> None:
    labels = [*labels_of("fa", "ff"), gold(1, ADJUDICATOR, "against")]
    assert measure_agreement(labels)[0].ratings == 4
