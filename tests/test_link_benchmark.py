"""The measurement of guessed links: nothing of the truth is shown, and the figures are what they say."""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from discourse.links.features import FEATURES
from discourse.links.ranker import Ranker
from discourse.threads import NO_LINK, Comment, build_thread

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module("links")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def figures(bench):
    return importlib.import_module("link_figures")


def threads(count: int, size: int = 8):
    """Make threads in which every comment answers the one before, but each third the post."""
    for number in range(count):
        said = [
            Comment(
                "p", f"t{number}", kind="post", text="The bridge is closed.", created=datetime(2024, 1, 1, tzinfo=UTC)
            )
        ]
        for at in range(1, size + 1):
            parent = str(at - 1) if at > 1 and at % 3 else None
            said.append(
                Comment(str(at), f"t{number}", parent, text=f"Remark {at * number}.", author=f"author {at % 4}")
            )
        yield build_thread(said, id=f"t{number}")


def test_a_hidden_thread_says_nothing_of_its_links(bench):
    (thread,) = threads(1)
    hidden = bench.hide(thread)
    assert set(hidden.flat.links) == {NO_LINK}
    assert {comment.parent_id for comment in hidden.flat.comments} == {None}
    assert set(hidden.flat.parents) == {-1}
    assert not hidden.flat.reply_field
    assert hidden.truth == (None, None, 1, None, 3, 4, None, 6, 7)
    orphan = replace(thread.comments[3], parent_id="gone")
    lost = bench.hide(build_thread([*thread.comments[:3], orphan], id="t"))
    assert lost.known == (True, True, True, False)


def test_variants_keep_the_truth(bench):
    for thread in threads(12):
        for variant in bench.variants(bench.hide(thread)):
            assert len(variant.truth) == len(variant.flat.comments) == len(variant.known)
            assert all(parent is None or parent < at for at, parent in enumerate(variant.truth))


def test_each_thread_is_guessed_by_a_ranker_that_has_not_seen_it(bench, monkeypatch):
    seen = []
    monkeypatch.setattr(bench, "fit", lambda examples: seen.append(len(examples)) or bench_fit(bench, examples))
    hidden = [bench.hide(thread) for thread in threads(20)]
    folds = bench.cross_fit(hidden, [])
    assert sorted(one.flat.id for fold in folds for one in fold.held) == sorted(one.flat.id for one in hidden)
    total = sum(len(fold.scores) for fold in folds)
    assert [count + len(fold.scores) for count, fold in zip(seen, folds, strict=True)] == [total] * len(folds)
    results = list(bench.cross_guess(folds))
    assert len(results) == 20 * 8
    assert np.mean([one.right for one in results]) > 0.5


def bench_fit(bench, examples):
    """Train a few trees only."""
    boosting = importlib.import_module("link_boosting")
    rounds, boosting.ROUNDS = boosting.ROUNDS, 10
    trees = boosting.fit(examples)
    boosting.ROUNDS = rounds
    return trees


def test_boosting_learns_which_candidate_is_right(bench):
    boosting = importlib.import_module("link_boosting")
    chance = np.random.default_rng(1)
    column = FEATURES.index("similarity")

    def example():
        table = np.zeros((6, len(FEATURES)), dtype=np.float32)
        table[:, column] = chance.permutation(6)
        return boosting.Example(table, int(table[:, column].argmax()))

    trees = bench_fit(bench, [example() for _ in range(200)])
    scores = boosting.scored(trees, [example() for _ in range(50)])
    assert np.mean([one.argmax() == right for one, right in scores]) > 0.9
    assert boosting.best_heat(scores) < 1.0
    assert Ranker(boosting.ranker_of(trees)).threshold == 0.0


def test_the_named_author_is_above_a_quote_or_called(bench):
    said = [Comment("1", "t", text="a", author="Ana"), Comment("2", "t", text="@ana, no.", author="Ben")]
    flat = build_thread(said, id="t", reply_field=False)
    assert bench.named_last(flat, 1, {"ana": 0}) == 0
    assert bench.named_last(flat, 0, {"ana": 0}) == bench.NOBODY


def test_calibration_error(figures):
    def result(confidence, right):
        return figures.Result("t", 1, 1 if right else 0, confidence, False, None, -1)

    honest = [result(0.8, at % 5 > 0) for at in range(100)]
    assert figures.calibration_error(honest) == pytest.approx(0.0, abs=1e-9)
    boasting = [result(0.9, at % 2 > 0) for at in range(100)]
    assert figures.calibration_error(boasting) == pytest.approx(0.4)


def test_the_curve_counts_links_and_quotes_at_any_threshold(figures):
    given = [
        figures.Result("t", 1, 1, 0.9, False, None, -1),
        figures.Result("t", 2, 1, 0.5, False, None, -1),
        figures.Result("t", None, None, 0.9, False, None, -1),
        figures.Result("t", 3, 3, 0.1, True, 3, -1),
    ]
    points = {point.threshold: point for point in figures.curve(given)}
    assert (points[0.0].links, points[0.8].links) == (3, 2)
    assert points[0.0].precision == pytest.approx(2 / 3)
    assert (points[0.8].precision, points[0.8].found) == (1.0, pytest.approx(2 / 3))
    assert {name: hits.mean() for name, hits in figures.rules(given).items()} == {
        "the previous comment": 0.5,
        "the post": 0.25,
        "the named author's last comment": 0.0,
        "the same, else the previous": 0.5,
        "the same, else the post": 0.25,
    }
    assert figures.picture([("all", "#000", list(points.values()))]).count("<circle") == len(points)


def test_intervals_hold_the_mean(figures):
    given = [figures.Result(f"t{at % 30}", 1, at % 2, 0.5, False, None, -1) for at in range(300)]
    low, high = figures.interval(given, np.array([one.right for one in given], dtype=float))
    assert low <= 0.5 <= high
    assert high - low < 0.6
