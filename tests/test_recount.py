"""Every number of summaries.jsonl is that of comments.parquet: on the seeds, and on threads made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from generated import labeled_thread
from made_runs import written
from recount import FIELDS, comments_of, recount

WORDS = {"where", "exemplars", "key_points", "point_sides", "coverage", "prevalence", "narrative"}
"""Selectors, which test_summary follows, and what is said in words, which is checked here apart."""


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Name every value of a summary that is not the one counted again; none may be missing on either side."""
    if isinstance(found, dict) and isinstance(expected, dict):
        names = (set(found) | set(expected)) - WORDS
        return [line for name in sorted(names) for line in _named(found, expected, name, path)]
    if isinstance(found, list) and isinstance(expected, list):
        if len(found) != len(expected):
            return [f"{path}: {len(found)} entries, {len(expected)} counted"]
        several = zip(found, expected, strict=True)
        return [line for place, two in enumerate(several) for line in differences(*two, f"{path}[{place}]")]
    numbers = all(isinstance(value, int | float) for value in (found, expected))
    same = abs(found - expected) < 3e-6 if numbers else found == expected
    return [] if same else [f"{path}: {found!r}, counted {expected!r}"]


def _named(found: dict, expected: dict, name: str, path: str) -> list[str]:
    if name not in found or name not in expected:
        return [f"{path}.{name}: only {'written' if name in found else 'counted'}"]
    return differences(found[name], expected[name], f"{path}.{name}")


def numbers_in(value: Any) -> int:
    """Count the numbers of a summary, without what WORDS names."""
    if isinstance(value, dict):
        return sum(numbers_in(held) for name, held in value.items() if name not in WORDS)
    if isinstance(value, list):
        return sum(map(numbers_in, value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def check(folder: Path) -> int:
    """Count all summaries of a run folder again; return how many numbers they hold."""
    table = pq.read_table(folder / "comments.parquet").to_pylist()
    threads = pq.read_table(folder / "threads.parquet").to_pylist()
    lines = [json.loads(line) for line in (folder / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    for line, thread in zip(lines, threads, strict=True):
        assert differences(line, recount(table, thread)) == []
        check_words(line, table)
    return sum(map(numbers_in, lines))


def check_words(line: dict, table: list[dict]) -> None:
    """Check the numbers and the words of exemplars and key points."""
    _, comments = comments_of(table, line["thread_id"], line["target"])
    by_id = {row["comment_id"]: row for row in comments}
    for one in line["exemplars"]:
        row, field = by_id[one["comment_id"]], one["field"]
        assert (row[field], row["author"]) == (one["label"], one["author"])
        assert row["text"].strip().startswith(one["text"].removesuffix("…"))
        assert one["confidence"] == pytest.approx(row[f"p_{field}"][FIELDS[field].index(one["label"])], abs=1e-6)
        assert ("sure" in one["reasons"]) == (one["confidence"] >= 0.8)
    for point in line["key_points"]:
        carriers = [by_id[name] for name in point["comment_ids"]]
        assert {row["stance"] for row in carriers} == {point["side"]}
        assert point["text"] in by_id[point["comment_id"]]["text"]
        assert by_id[point["comment_id"]]["author"] == point["author"]
        assert point["comments"] == len(set(point["comment_ids"])) == len(point["comment_ids"])
        assert point["authors"] == len({row["author"] for row in carriers} - {None})


def test_every_number_of_the_seeds_is_counted_again(seeds_run: Path) -> None:
    assert check(seeds_run) > 1500


@pytest.mark.parametrize("seed", range(4))
def test_every_number_of_made_up_threads_is_counted_again(tmp_path: Path, seed: int) -> None:
    targets = ("the deal",) if seed % 2 else ("the deal", "the law")
    lean = ((0.4, 0.4, 0.4), (0.9, 0.2, 0.4), (0.1, 0.1, 0.9), (0.5, 0.5, 0.0))[seed]
    threads = [
        labeled_thread(n, seed + n, name=f"t{n}", targets=targets, hours=1 + 40 * seed, lean=lean, post=bool(n % 2))
        for n in (0, 1, 2, 31, 90)
    ]
    assert check(written(tmp_path, threads)) > 5000


def test_threads_without_target_are_counted_again(tmp_path: Path) -> None:
    assert check(written(tmp_path, [labeled_thread(40, 3, targets=(None,))])) > 500


def test_a_wrong_number_is_found(seeds_run: Path) -> None:
    """Plant one error at a time in a summary: each is named."""
    table = pq.read_table(seeds_run / "comments.parquet").to_pylist()
    threads = pq.read_table(seeds_run / "threads.parquet").to_pylist()
    lines = [json.loads(line) for line in (seeds_run / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    line, thread = max(zip(lines, threads, strict=True), key=lambda pair: pair[0]["comments"])
    expected = recount(table, thread)
    line["stance"]["labels"][0]["interval"]["low"] += 0.001
    line["participation"]["half"] += 1
    line["pairs"][0]["disagree"] += 1
    del line["camps"][0]
    named = {found.partition(":")[0] for found in differences(line, expected)}
    assert named == {".stance.labels[0].interval.low", ".participation.half", ".pairs[0].disagree", ".camps"}
