"""Mutate dumps of every format at random and read them: nothing may raise, hang, or take memory without bound.

Run `python tests/fuzz.py 10000` for more than the tests do; a seed that fails is printed and repeats.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from packed import PACKERS
from samples import samples

from discourse.errors import InputError
from discourse.readers import read
from discourse.readers.registry import formats
from discourse.readers.source import FileSource

Mutation = Callable[[random.Random, bytes], bytes]

NAMES = sorted(samples())
DEEP = 10_000
ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, "", "\x00", "é" * 50, [], {}, [[]], {"id": {}}, ["t1_"], "../..", "\ud800", "NaN",
)  # fmt: skip


def cut(chance: random.Random, data: bytes) -> bytes:
    """Truncate."""
    return data[: chance.randrange(len(data) + 1)]


def flip(chance: random.Random, data: bytes) -> bytes:
    """Flip some bits."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 30))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def splice(chance: random.Random, data: bytes) -> bytes:
    """Drop, repeat or move a slice."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + int(len(data) * chance.random() ** 3))
    place = chance.randrange(len(data) + 1)
    return chance.choice(
        (data[:start] + data[end:], data[:end] + data[start:], data[:place] + data[start:end] + data[place:])
    )


def nul_bytes(chance: random.Random, data: bytes) -> bytes:
    """Insert NUL bytes, controls or bytes that no encoding has."""
    place = chance.randrange(len(data) + 1)
    return (
        data[:place] + chance.choice((b"\x00", b"\x00" * 500, b"\xff\xfe", b"\x1a", b"\r", b"\xc3\x28")) + data[place:]
    )


def nest(chance: random.Random, data: bytes) -> bytes:
    """Nest a value or an element very deep."""
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b"</div>"), (b"<blockquote>", b"")))
    inner = opening * DEEP + b"1" + closing * DEEP
    places = [place for place in range(len(data)) if data[place : place + 1] in b':>,"']
    place = chance.choice(places) + 1 if places else 0
    return data[:place] + inner + data[place:]


def lengthen(chance: random.Random, data: bytes) -> bytes:
    """Make a line very long."""
    place = chance.randrange(len(data) + 1)
    return (
        data[:place]
        + chance.choice((b"x", b" ", b"> ", b"&gt;", b"*", b'"', b"(")) * chance.choice((1000, 100_000))
        + data[place:]
    )


def change_fields(chance: random.Random, data: bytes) -> bytes:
    """Remove fields of JSON records, or give them values of other types."""
    try:
        values = [json.loads(line) for line in data.splitlines()]
    except (ValueError, RecursionError):
        return splice(chance, data)
    for _ in range(chance.randint(1, 4)):
        owner: Any = chance.choice(values)
        while isinstance(owner, dict | list) and owner:
            key: Any = chance.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
            if not isinstance(owner[key], dict | list) or not owner[key] or chance.random() < 0.2:
                if chance.random() < 0.4:
                    del owner[key]
                else:
                    owner[key] = chance.choice(ODD_VALUES)
                break
            owner = owner[key]
    return b"\n".join(json.dumps(value).encode() for value in values)


def pack(chance: random.Random, data: bytes) -> bytes:
    """Pack, perhaps damaged."""
    packed = PACKERS[chance.choice(list(PACKERS))](data)
    return chance.choice((bytes, lambda some: cut(chance, some), lambda some: flip(chance, some)))(packed)


def other_encoding(chance: random.Random, data: bytes) -> bytes:
    """Write the text in another encoding."""
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "cp1251")), "replace")


MUTATIONS: tuple[Mutation, ...] = (
    cut, flip, splice, nul_bytes, nest, lengthen, change_fields, change_fields, pack, other_encoding,
)  # fmt: skip


def mutant(seed: int) -> tuple[str, bytes]:
    """Return the format and bytes of one mutated dump; the same for the same seed."""
    chance = random.Random(seed)
    name = NAMES[seed % len(NAMES)]
    data = samples()[name]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(MUTATIONS)(chance, data)
    return name, data


def check(path: Path) -> int:
    """Read a file; return its comments. AssertionError where the books do not balance or a reader broke."""
    sample = FileSource(str(path)).sample()
    for form in formats():
        with contextlib.suppress(RecursionError):  # what is nested too deep to be looked at is unknown
            assert 0 <= form.sniff(sample) <= 1
    reading = read(path)
    found, problem = 0, ""
    try:
        for thread in reading:
            found += len(thread.comments)
            assert len({comment.id for comment in thread.comments}) == len(thread.comments)
            assert all(parent < place for place, parent in enumerate(thread.parents))
    except InputError as error:
        problem = str(error)
    assert "\n" not in problem, problem
    for report in reading.files:
        assert "please report" not in str(report.error), report.error
        assert report.comments == report.records - report.duplicates - report.skipped - report.left_out, report
    assert found == sum(report.comments for report in reading.files)
    return found


def run(seeds: range, folder: Path) -> float:
    """Check the mutants of some seeds; return the longest time that one took, in seconds of this process."""
    longest = 0.0
    for seed in seeds:
        name, data = mutant(seed)
        path = folder / "mutant"
        path.write_bytes(data)
        started = time.process_time()
        try:
            check(path)
        except Exception as error:
            raise AssertionError(f"seed {seed}, a {name} dump: {type(error).__name__}: {error}") from error
        longest = max(longest, time.process_time() - started)
    return longest


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
        print(f"longest: {run(range(first, first + int(sys.argv[1])), Path(scratch)):.2f} s")
