"""The benchmark of key points: what it reads, compares and times."""

from __future__ import annotations

import importlib.util
import sys
import time
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
    assert (side.group, side.arguments, side.points) == ("t", ("one", "two"), ("first", "second"))
    np.testing.assert_array_equal(side.labels, [[1, 0], [np.nan, 0]])


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


def test_the_stand_in_takes_its_time_for_new_texts_only(benchmark, monkeypatch):
    monkeypatch.setattr(benchmark, "SLOW", 0.05)
    match = benchmark.stand_in()
    spent = []
    for _ in range(2):
        start = time.process_time()
        found = match(["a", "b"], ["b", "c"])
        spent.append(time.process_time() - start)
    assert spent[0] >= 0.15 > spent[1]
    assert found.shape == (2, 2)
    assert found[1, 0] == found.max() > 0.5
