"""A dataset for the Hugging Face hub: Parquet, a card with ClassLabel features, and a Croissant description.

Labels are stored under their names, so that every Parquet reader shows them; the card's features make ClassLabels of
them when `datasets` loads the folder (offline too).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from discourse.exports.card import Facts, dataset_card
from discourse.exports.croissant import croissant
from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import BATCH_ROWS, Labels
from discourse.exports.splits import LEFT_OUT, NAMES, Split, members_of, split_threads
from discourse.labels import LabeledThread
from discourse.table import SCHEMA, THREAD_SCHEMA, read_parquet

COMMENTS = "data/{}-00000-of-00001.parquet"
THREADS = "threads/train-00000-of-00001.parquet"


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write the Parquet files, README.md and croissant.json; tell how a split fell out."""
    members = list(members_of(labels.labeled()))
    split = None
    if options.split is not None:
        split = split_threads(members, options.split, seed=options.seed, disjoint_authors=options.disjoint_authors)
    facts = Facts(options=options, manifest=labels.manifest, name=options.name or out.name)
    left_out = _write_rows(labels, split, out, facts)
    (out / "threads").mkdir()
    with pq.ParquetWriter(out / THREADS, THREAD_SCHEMA, compression="zstd") as writer:
        for batch in _batched(labels.thread_rows(), THREAD_SCHEMA):
            writer.write_batch(batch)
    (out / "README.md").write_text(dataset_card(facts), encoding="utf-8")
    (out / "croissant.json").write_text(croissant(facts, out), encoding="utf-8")
    return _notices(split, facts, left_out)


def holds(folder: Path) -> bool:
    """Tell whether the folder is a dataset that we wrote."""
    return (folder / "croissant.json").is_file() and any((folder / "data").glob("*-00000-of-00001.parquet"))


def read(folder: Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads, those of train first; rows left out of the parts join their threads again."""
    threads = folder / THREADS
    if (folder / COMMENTS.format(LEFT_OUT)).is_file():
        with tempfile.TemporaryDirectory() as beside:
            whole = Path(beside) / "comments.parquet"
            _joined(folder, whole)
            yield from read_parquet(whole, threads=threads)
        return
    for name in NAMES:
        file = folder / COMMENTS.format(name)
        if file.is_file():
            held = set(pq.read_table(file, columns=["thread_id"])["thread_id"].to_pylist())
            for labeled in read_parquet(file, threads=threads):
                if labeled.thread.id in held or name == "train":
                    yield labeled


def _joined(folder: Path, out: Path) -> None:
    """Write the rows of all parts to one file, in the order of the table of threads; a thread's rows lie together."""
    files = [file for name in NAMES if (file := folder / COMMENTS.format(name)).is_file()]
    rows = pa.concat_tables([pq.read_table(file) for file in files])
    order = {name: at for at, name in enumerate(pq.read_table(folder / THREADS, columns=["thread_id"])[0].to_pylist())}
    places = np.array([order.get(name, len(order)) for name in rows["thread_id"].to_pylist()], np.int64)
    pq.write_table(rows.take(np.argsort(places, kind="stable")), out)


def _write_rows(labels: Labels, split: Split | None, out: Path, facts: Facts) -> set[str]:
    """Write the rows of each part to its file, counting them; return the authors of those left out."""
    (out / "data").mkdir()
    left_out: set[str] = set()
    waiting: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as files:
        writers: dict[str, pq.ParquetWriter] = {}

        def flush(part: str) -> None:
            if part not in writers:
                path = out / COMMENTS.format(part)
                writers[part] = files.enter_context(pq.ParquetWriter(path, SCHEMA, compression="zstd"))
            writers[part].write_batch(pa.RecordBatch.from_pylist(waiting.pop(part, []), SCHEMA))

        for row in labels.rows():
            part = "train" if split is None else split.part(row["thread_id"], row["author"])
            if part == LEFT_OUT:
                left_out.add(row["author"])
            facts.count(part, row)
            waiting.setdefault(part, []).append(row)
            if len(waiting[part]) == BATCH_ROWS:
                flush(part)
        for part in list(waiting):
            flush(part)
        if not writers:
            flush("train")
    return left_out


def _batched(rows: Iterator[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while held := list(islice(rows, BATCH_ROWS)):
        yield pa.RecordBatch.from_pylist(held, schema)


def _notices(split: Split | None, facts: Facts, left_out: set[str]) -> tuple[str, ...]:
    if split is None:
        return ()
    said = ", ".join(f"{name} {facts.rows[name]:,}" for name in split.names)
    notices = [f"rows in each part: {said}"]
    empty = [name for name, share in zip(split.names, _shares(facts), strict=True) if share and not facts.rows[name]]
    if empty:
        notices.append(
            f"nothing is in {', '.join(empty)}: there are too few threads; ask for larger parts, or for none"
        )
    if left_out:
        rows = facts.rows[LEFT_OUT]
        notices.append(
            f"{rows:,} of {facts.rows.total():,} rows, by {len(left_out):,} authors, are in the part {LEFT_OUT}: these "
            "authors also write in threads of another part and keep the one they write in most; without "
            "--disjoint-authors every thread is whole, in one part"
        )
    return tuple(notices)


def _shares(facts: Facts) -> tuple[float, ...]:
    return facts.options.split or ()
