"""Reply trees, side by side with ConvoKit in one run, and a generated Reddit month.

    python benchmarks/threads.py [--comments 100000] [--printed 2000] [--dump 1000000] [--convokit PYTHON]

Each measurement runs in a process of its own, on one core, from the same plain records. Times are seconds of computing
(user and system); beside their ratio stands that of the seconds that passed, which other work on the machine lengthens.
ConvoKit is not needed by this project: `python -m venv ck && ck/bin/pip install convokit`, then `--convokit
ck/bin/python` (without, this Python is tried). Its printing takes quadratic time, hence `--printed`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
GOALS = {"build": "≥ 3×", "walk": "≥ 5×", "paths": "≥ 10×"}
TEXT = "some words " * 8
GOAL_READING = 40_000
TRAPS = {
    "an orphan": [("a", None), ("b", "lost"), ("c", "a")],
    "two comments in a cycle": [("a", None), ("b", "c"), ("c", "b")],
    "a self-reply": [("a", None), ("b", "b")],
    "a chain of 2,000": [(f"c{n}", f"c{n - 1}" if n else None) for n in range(2000)],
}


@dataclass(frozen=True)
class Record:
    """Hold one comment as both sides get it."""

    id: str
    parent: str | None
    author: str
    seconds: int
    text: str


def make_records(count: int, seed: int = 3) -> list[Record]:
    """Make one thread: each comment answers an earlier one, often a late one."""
    chance = random.Random(seed)
    parents = [None, *(max(0, n - 1 - int(chance.expovariate(1 / (n / 8 + 1)))) for n in range(1, count))]
    return [
        Record(f"c{n}", None if parent is None else f"c{parent}", f"u{n * 7919 % 2000}", 1_700_000_000 + n, TEXT)
        for n, parent in enumerate(parents)
    ]


def ours(records: list[Record]) -> dict[str, Callable[[], object]]:
    """Return the steps of this project."""
    from discourse.drawing import draw
    from discourse.threads import Comment, build_thread

    held: dict[str, Any] = {}

    def build() -> None:
        comments = [
            Comment(r.id, "t", r.parent, text=r.text, author=r.author, created=datetime.fromtimestamp(r.seconds, UTC))
            for r in records
        ]
        held["thread"] = build_thread(comments, id="t")

    return {
        "build": build,
        "walk": lambda: sum(1 for place in held["thread"].walk() if held["thread"].comments[place].id),
        "paths": lambda: sum(map(len, held["thread"].paths())),
        "print": lambda: print("\n".join(draw(held["thread"]))),
    }


def theirs(records: list[Record]) -> dict[str, Callable[[], object]]:
    """Return the same steps of ConvoKit."""
    from convokit import Corpus, Speaker, Utterance

    held: dict[str, Any] = {}

    def build() -> None:
        speakers = {name: Speaker(id=name) for name in {r.author for r in records}}
        utterances = [
            Utterance(None, r.id, speakers[r.author], records[0].id, r.parent, r.seconds, r.text) for r in records
        ]
        held["thread"] = Corpus(utterances=utterances).get_conversation(records[0].id)

    return {
        "build": build,
        "walk": lambda: sum(1 for utterance in held["thread"].traverse("dfs") if utterance.id),
        "paths": lambda: sum(map(len, held["thread"].get_root_to_leaf_paths())),
        "print": lambda: held["thread"].print_conversation_structure(),
    }


def measure(side: str, count: int, steps: list[str]) -> dict[str, tuple[float, float]]:
    """Time the steps on a thread of `count` comments, the best of three: (computing, passing); peak memory in MB."""
    make = {"ours": ours, "convokit": theirs}[side]
    found: dict[str, tuple[float, float]] = {}
    records = make_records(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    todo = make(records)
    for _ in range(3):
        for name in dict.fromkeys(("build", *steps)):
            computed, passed = time.process_time(), time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()):
                todo[name.removesuffix(" again")]()
            taken = time.process_time() - computed, time.perf_counter() - passed
            best = found.get(name, taken)
            found[name] = min(taken[0], best[0]), min(taken[1], best[1])
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    found["memory"] = memory, memory
    return {name: value for name, value in found.items() if name in [*steps, "memory"]}


def try_traps(side: str) -> dict[str, str]:
    """Say what becomes of each malformed thread: how many comments a walk gives, or which error."""
    make = {"ours": ours, "convokit": theirs}[side]
    outcomes = {}
    for name, pairs in TRAPS.items():
        records = [Record(own, parent, "someone", 1_700_000_000 + n, "words") for n, (own, parent) in enumerate(pairs)]
        try:
            steps = make(records)
            with contextlib.redirect_stdout(io.StringIO()):
                steps["build"]()
                walked = steps["walk"]()
                steps["print"]()
            outcomes[name] = f"{walked} of {len(records)} comments"
        except Exception as error:
            outcomes[name] = type(error).__name__
    return outcomes


def read_dump(path: str) -> dict[str, float]:
    """Read a dump on this core: comments a second of computing and of passing time, peak memory in MB."""
    from discourse.readers import read

    computed, passed, comments, threads = time.process_time(), time.perf_counter(), 0, 0
    for thread in read(path):
        comments, threads = comments + len(thread), threads + 1
    return {
        "comments": comments,
        "threads": threads,
        "speed": comments / (time.process_time() - computed),
        "passing": comments / (time.perf_counter() - passed),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def apart(python: str, *call: str) -> Any:
    """Run one measurement in a process of its own, on one core; None if ConvoKit is not there."""
    done = subprocess.run(
        [python, str(HERE / "threads.py"), "--one", *call],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"},
    )
    if done.returncode:
        if "No module named 'convokit'" in done.stderr:
            return None
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def compare(python: str, count: int, printed: int) -> None:
    """Print the table of both sides."""
    rows: dict[str, tuple[list[float], list[float] | None]] = {}
    for size, steps in ((count, "build,walk,walk again,paths"), (printed, "print")):
        mine = apart(sys.executable, "measure", "ours", str(size), steps)
        other = apart(python, "measure", "convokit", str(size), steps)
        for name, value in mine.items():
            if name != "memory" or size == count:
                rows[name] = (value, other[name] if other else None)
    print(f"{'':24}{'ours':>12}{'ConvoKit':>12}{'ratio':>9}{'passing':>9}   goal")
    for name, (mine, other) in rows.items():
        label = f"{name} ({printed if name == 'print' else count:,}), {'MB' if name == 'memory' else 's'}"
        ratios = "".join(f"{b / a:8.1f}×" for a, b in zip(mine, other, strict=True)) if other else ""
        against = f"{other[0]:12.3f}{ratios}" if other else f"{'not installed':>30}"
        print(f"{label:24}{mine[0]:12.3f}{against}   {GOALS.get(name, '')}")
    mine, other = apart(sys.executable, "traps", "ours"), apart(python, "traps", "convokit")
    for name in TRAPS:
        print(f"{name:24}  ours: {mine[name]:24}  ConvoKit: {other[name] if other else 'not installed'}")
    if other is None:
        print("ConvoKit: python -m venv ck && ck/bin/pip install convokit, then --convokit ck/bin/python")


def read_month(count: int) -> None:
    """Generate dumps of two lengths, read them, print speed and memory."""
    from generated_dump import write_dump

    with tempfile.TemporaryDirectory() as folder:
        for size in (count // 4, count):
            path = Path(folder) / f"RC_{size}.zst"
            write_dump(path, size)
            found = apart(sys.executable, "read", str(path))
            print(
                f"reading {found['comments']:,} comments of {found['threads']:,} interleaved threads (.zst): "
                f"{found['speed']:,.0f} comments/s of computing (goal {GOAL_READING:,}), "
                f"{found['passing']:,.0f}/s passing, {found['memory']:.0f} MB at most"
            )


def one(call: list[str]) -> object:
    """Do one measurement, in a process made for it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    name, *more = call
    if name == "measure":
        return measure(more[0], int(more[1]), more[2].split(","))
    return try_traps(more[0]) if name == "traps" else read_dump(more[0])


def main() -> None:
    """Run everything."""
    import click

    @click.command(help=__doc__)
    @click.option("--comments", default=100_000, show_default=True)
    @click.option("--printed", default=2_000, show_default=True)
    @click.option("--dump", default=1_000_000, show_default=True, help="Comments of the generated month; 0 for none.")
    @click.option("--convokit", "python", default=sys.executable, help="A Python that has ConvoKit.")
    def run(comments: int, printed: int, dump: int, python: str) -> None:
        compare(python, comments, printed)
        if dump:
            read_month(dump)

    run()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2:])))
    else:
        main()
