"""Read the rows of Parquet and Arrow files, and of folders that the `datasets` library saved."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from discourse.errors import InputError
from discourse.readers.base import Source

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 2048
PARQUET_MAGIC = b"PAR1"
ARROW_MAGIC = b"ARROW1"
STREAM_MAGIC = b"\xff\xff\xff\xff"


def parquet_rows(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file; InputError where the file cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with _random(source) as stream, pq.ParquetFile(stream) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, SystemError, ValueError) as error:  # pyarrow on impossible lengths and texts
        raise InputError(f"{source.path}: is a damaged Parquet file ({_line(error)}); make it again") from error


def arrow_rows(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of an Arrow file or stream; InputError where it cannot be read."""
    import pyarrow as pa

    try:
        with _random(source) as stream:
            for batch in _batches(stream):
                for start in range(0, batch.num_rows, _BATCH):
                    yield from batch.slice(start, _BATCH).to_pylist()
    except (pa.ArrowException, OSError, SystemError, ValueError) as error:  # pyarrow on impossible lengths and texts
        raise InputError(f"{source.path}: is a damaged Arrow file ({_line(error)}); make it again") from error


def is_dataset(folder: str) -> bool:
    """Tell whether `datasets` saved this folder: one split, or several."""
    place = Path(folder)
    return (place / "dataset_dict.json").is_file() or (
        (place / "state.json").is_file() and (place / "dataset_info.json").is_file()
    )


def dataset_rows(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of all splits of a saved dataset, in the order that the folder states."""
    for name in _dataset_files(source):
        yield from arrow_rows(source.member(name))


def _dataset_files(source: Source) -> list[str]:
    """List the Arrow files of a saved dataset; other files there (caches, indices) are not its rows."""
    held = source.members()
    if "dataset_dict.json" in held:
        splits = _listing(source, "dataset_dict.json", "splits")
        folders = [f"{split}/" for split in splits if isinstance(split, str)]
    else:
        folders = [""]
    files: list[str] = []
    for folder in folders:
        stated = _listing(source, f"{folder}state.json", "_data_files") if f"{folder}state.json" in held else []
        names = [f"{folder}{item['filename']}" for item in stated if isinstance(item, dict) and "filename" in item]
        files.extend(names or [name for name in held if name.startswith(folder) and name.endswith(".arrow")])
    if not files:
        raise InputError(f"{source.path}: is a dataset folder without data; save the dataset again")
    return files


def _listing(source: Source, name: str, key: str) -> Sequence[Any]:
    try:
        value = json.loads(source.member(name).bytes())[key]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{source.path}/{name}: is damaged; save the dataset again") from error
    return value if isinstance(value, list) else []


def _batches(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    magic = stream.read(len(ARROW_MAGIC))
    stream.seek(0)
    if magic == ARROW_MAGIC:
        whole = pa.ipc.open_file(stream)
        for number in range(whole.num_record_batches):
            yield whole.get_batch(number)
        return
    yield from pa.ipc.open_stream(stream)


def _random(source: Source) -> BinaryIO:
    """Open a file for reading in any order; a compressed one is held in memory."""
    stream = source.open()
    if stream.seekable():
        return stream
    stream.close()
    return io.BytesIO(source.bytes())


def _line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
