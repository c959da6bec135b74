"""The folder that a run writes: when it may be touched, and how it is read back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from discourse.errors import InputError, OutputError
from discourse.labels import LabeledThread
from discourse.manifest import NAME

if TYPE_CHECKING:
    from discourse.summary import Prevalence, ThreadSummary

PREVALENCE = "prevalence.json"
OUTPUTS = (
    "comments.parquet", "threads.parquet", "summaries.jsonl", PREVALENCE, "report.html", "report", NAME, "run.json",
    "parts",
)  # fmt: skip
RESUMED = "run.json"


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that must not be touched, before any work is done."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; name a folder with -o")
    if not folder.is_dir():
        return
    if (folder / NAME).is_file() and not overwrite:
        raise OutputError(f"{folder}: holds a complete run; add --overwrite to replace it, or name another folder")
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in OUTPUTS)
    if strangers and not (folder / NAME).exists() and not (folder / RESUMED).exists():
        raise OutputError(f"{folder}: is not empty ({strangers[0]} is there); name a new folder with -o")


def prepare_folder(folder: Path, state: bytes, overwrite: bool) -> None:
    """Make the folder ready: new, to be resumed, or emptied of an earlier run."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        resumed = folder / RESUMED
        same = resumed.is_file() and resumed.read_bytes() == state and not (folder / NAME).exists()
        if resumed.is_file() and not same and not overwrite:
            raise OutputError(
                f"{folder}: holds an incomplete run of other inputs or options; add --overwrite or name another folder"
            )
        if not same:
            for name in OUTPUTS:
                path = folder / name
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            (folder / "parts").mkdir()
            resumed.write_bytes(state)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another folder with -o") from None


def labeled_of(folder: str | Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads of a run folder, or of a bare comments.parquet."""
    from discourse.table import read_parquet

    path = Path(folder)
    comments = path / "comments.parquet" if path.is_dir() else path
    if not comments.is_file():
        raise InputError(f"{folder}: holds no comments.parquet; name the folder that `discourse run` wrote")
    beside = comments.with_name("threads.parquet")
    yield from read_parquet(comments, threads=beside if beside.is_file() else None)


def summaries_of(folder: str | Path) -> Iterator[ThreadSummary]:
    """Yield the summaries of a run folder, in order; made anew where summaries.jsonl is missing."""
    from discourse.summary import ThreadSummary, summarize

    path = Path(folder) / "summaries.jsonl"
    if not path.is_file():
        for labeled in labeled_of(folder):
            yield from summarize(labeled)
        return
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield msgspec.json.decode(line, type=ThreadSummary)
            except msgspec.DecodeError as error:
                raise InputError(f"{path}:{number}: not a summary: {error}; repeat the run") from None


def prevalence_of(folder: str | Path) -> Prevalence | None:
    """Return the shares of a run folder that people's labels corrected; None where no sample was given."""
    from discourse.summary import Prevalence

    path = Path(folder) / PREVALENCE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Prevalence)
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: not what a run wrote: {error}; repeat discourse summarize with --gold") from None
