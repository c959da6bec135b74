"""The benchmark's metrics, against values worked out by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parent.parent / "benchmarks" / "keypoints.py"


@pytest.fixture(name="benchmark", scope="module")
def fixture_benchmark():
    spec = importlib.util.spec_from_file_location("keypoint_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def write(folder, name, *lines):
    (folder / f"{name}_dev.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_sides_are_read_with_undecided_pairs(benchmark, tmp_path):
    write(tmp_path, "arguments", "arg_id,argument,topic,stance", "a1,one,t,1", "a2,two,t,1", "a3,three,t,-1")
    write(tmp_path, "key_points", "key_point_id,key_point,topic,stance", "k1,first,t,1", "k2,second,t,1")
    write(tmp_path, "labels", "arg_id,key_point_id,label", "a1,k1,1", "a1,k2,0", "a2,k2,0")
    (side,) = benchmark.read_sides(tmp_path, "dev")
    assert (side.arguments, side.points) == (("one", "two"), ("first", "second"))
    np.testing.assert_array_equal(side.labels, [[1, 0], [np.nan, 0]])


def test_old_and_current_metric(benchmark):
    """Of eight arguments the four surest are kept: match, no match, undecided, match."""
    labels = np.full((8, 2), 0.0)
    labels[:4, 0] = [1, 0, np.nan, 1]
    scores = np.zeros((8, 2))
    scores[:, 0] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    side = benchmark.Side(("a",) * 8, ("p", "q"), labels)
    rated = benchmark.rate([side], [scores])
    strict, relaxed = (1 / 1 + 2 / 4) / 2, (1 / 1 + 2 / 3 + 3 / 4) / 3
    assert rated.old_strict == pytest.approx(strict)
    assert rated.old_relaxed == pytest.approx(relaxed)
    assert rated.current_strict == pytest.approx(strict * 2 / 4)
    assert rated.current_relaxed == pytest.approx(relaxed * 3 / 4)
    assert (rated.precision, rated.recall) == (0.5, 1.0)


def test_a_side_without_a_match_counts_as_zero(benchmark):
    side = benchmark.Side(("a", "b"), ("p",), np.zeros((2, 1)))
    assert benchmark.rate([side, side], [np.ones((2, 1))] * 2).old_relaxed == 0.0


def test_both_tfidf_matchers_prefer_the_same_words(benchmark):
    arguments, points = (
        ["uniforms reduce bullying at school", "uniforms cost money"],
        ["less bullying", "they cost money"],
    )
    for matcher in (benchmark.words, benchmark.characters):
        np.testing.assert_array_equal(matcher(arguments, points).argmax(axis=1), [0, 1])


def test_the_generated_thread_takes_sides(benchmark):
    labeled = benchmark.generated(60)
    assert len(labeled.thread) == 60
    assert {label.stance.label for label in labeled.labels} == {"favor", "against", "none"}
