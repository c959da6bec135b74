"""The labeled table and the table of threads as they are: comments.parquet and threads.parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Labels
from discourse.labels import LabeledThread
from discourse.table import read_parquet, write_parquet


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write both tables."""
    write_parquet(labels.labeled(), out / "comments.parquet", threads=out / "threads.parquet")
    return ()


def holds(folder: Path) -> bool:
    """Tell whether the folder has the labeled table."""
    return (folder / "comments.parquet").is_file()


def read(folder: Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads."""
    threads = folder / "threads.parquet"
    return read_parquet(folder / "comments.parquet", threads=threads if threads.is_file() else None)
