"""A dataset for the Hugging Face hub: Parquet, a card with ClassLabel features, and a Croissant description.

Labels are stored under their names, so that every Parquet reader shows them; the card's features make ClassLabels of
them when `datasets` loads the folder (offline too).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from discourse.exports.card import Facts, dataset_card
from discourse.exports.croissant import croissant
from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import BATCH_ROWS, Labels
from discourse.exports.splits import Split, members_of, split_threads
from discourse.labels import LabeledThread
from discourse.table import SCHEMA, THREAD_SCHEMA, read_parquet

COMMENTS = "data/{}-00000-of-00001.parquet"
THREADS = "threads/train-00000-of-00001.parquet"


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write the Parquet files, README.md and croissant.json; tell what a split left out."""
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
    """Yield the labeled threads, those of train first."""
    for name in ("train", "validation", "test"):
        file = folder / COMMENTS.format(name)
        if file.is_file():
            threads = folder / THREADS
            held = set(pq.read_table(file, columns=["thread_id"])["thread_id"].to_pylist())
            for labeled in read_parquet(file, threads=threads):
                if labeled.thread.id in held or name == "train":
                    yield labeled


def _write_rows(labels: Labels, split: Split | None, out: Path, facts: Facts) -> int:
    """Write the rows of each part to its file, counting them; return how many were left out."""
    (out / "data").mkdir()
    left_out = 0
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
            if part is None:
                left_out += 1
                continue
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
    held = list(rows)
    for start in range(0, len(held), BATCH_ROWS):
        yield pa.RecordBatch.from_pylist(held[start : start + BATCH_ROWS], schema)


def _notices(split: Split | None, facts: Facts, left_out: int) -> tuple[str, ...]:
    if split is None:
        return ()
    sizes = Counter({name: facts.rows.get(name, 0) for name in split.names})
    said = ", ".join(f"{name} {sizes[name]:,}" for name in split.names)
    notices = [f"rows in each part: {said}"]
    if left_out:
        notices.append(
            f"{left_out:,} rows were left out: threads share so many authors that no split of whole threads keeps "
            "every author in one part, so each author keeps the part he writes in most"
        )
    return tuple(notices)
