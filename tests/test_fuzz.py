"""Damaged input of every format: no traceback, no hang, bounded memory, good records kept."""

from __future__ import annotations

import gzip
import json
import random
import resource
from pathlib import Path

import fuzz
import pytest
from packed import PACKERS
from samples import REDDIT, ROWS, samples

from discourse.errors import InputError
from discourse.readers import read
from discourse.readers.registry import formats

HANG = 60
"""Seconds of computing after which one small input counts as a hang; the slowest takes a few."""


def test_every_format_has_a_sample_that_is_read_as_such(tmp_path: Path) -> None:
    folders = {"datasets", "run"}
    assert set(samples()) == {form.name for form in formats()} - folders
    for name, data in samples().items():
        (tmp_path / name).write_bytes(data)
        reading = read(tmp_path / name)
        assert sum(len(thread.comments) for thread in reading), name
        assert [(report.format, report.error) for report in reading.files] == [(name, None)]


def test_a_few_mutants_of_every_format(tmp_path: Path) -> None:
    assert fuzz.run(range(4 * len(fuzz.NAMES)), tmp_path) < HANG


@pytest.mark.fuzz
def test_ten_thousand_mutants(tmp_path: Path) -> None:
    assert fuzz.run(range(1000, 11_000), tmp_path) < HANG
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1.5 * 2**20, "kilobytes"


@pytest.mark.parametrize(("records", "text"), [(ROWS, "text"), (REDDIT, "body")], ids=["jsonl", "reddit"])
def test_good_records_around_bad_ones_are_kept(tmp_path: Path, records: list[dict[str, object]], text: str) -> None:
    chance = random.Random(5)
    good = [json.dumps({**records[0], "id": f"good{number}", text: "good"}).encode() for number in range(60)]
    bad = [fuzz.flip(chance, line[: chance.randrange(1, len(line))]).replace(b"\n", b"") for line in good]
    mixed = [line for pair in zip(good, bad, strict=True) for line in pair]
    (tmp_path / "mixed").write_bytes(b"\n".join(mixed))
    kept = {comment.id for thread in read(tmp_path / "mixed") for comment in thread.comments}
    assert kept >= {f"good{number}" for number in range(60)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["jsonl", "reddit", "csv", "4cat", "convokit", "mbox", "plain_text", "stackexchange"])
def test_a_line_of_50_megabytes_takes_bounded_memory(tmp_path: Path, name: str) -> None:
    data = samples()[name]
    middle = len(data) // 2
    (tmp_path / "long").write_bytes(data[:middle] + b"x" * 50 * 2**20 + data[middle:])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert fuzz.check(tmp_path / "long") >= 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20, "kilobytes"


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("filling", [b"\x00", b'{"id":1}\n', b"[", b"<p>"])
def test_a_bomb_takes_bounded_memory(tmp_path: Path, pack: str, filling: bytes) -> None:
    member = PACKERS[pack](filling * (2**26 // len(filling)))
    (tmp_path / "bomb").write_bytes(member * 8 if pack != "gz" else gzip.compress(filling * (2**29 // len(filling))))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError):
        list(read(tmp_path / "bomb"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2 * 2**20, "kilobytes"


@pytest.mark.parametrize("depth", [100, 10_000])
@pytest.mark.parametrize("name", sorted(samples()))
def test_values_nested_very_deep_cost_no_more_than_their_record(tmp_path: Path, name: str, depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    (tmp_path / "deep").write_bytes(samples()[name].replace(b'": ', b'": ' + nested + b', "x": ', 1))
    fuzz.check(tmp_path / "deep")
