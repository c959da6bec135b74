"""One door for all formats: `export` writes a folder whole or not at all, `read_export` reads one back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from discourse.errors import InputError, OutputError
from discourse.exports import convokit, csv_tables, graphs, huggingface, json_lines, labelstudio, parquet
from discourse.exports.options import Exported, ExportOptions
from discourse.exports.sourcing import Exportable, Labels, labels_of
from discourse.labels import LabeledThread

Write = Callable[[Labels, Path, ExportOptions], tuple[str, ...]]
"""Write a format's files into an empty folder; return notices."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """Describe one export format; `holds` recognizes a folder of it, `read` (None where labels cannot come back).

    `takes` are the options that concern it, by their names in `ExportOptions`.
    """

    name: str
    title: str
    write: Write
    holds: Callable[[Path], bool] | None = None
    read: Callable[[Path], Iterator[LabeledThread]] | None = None
    takes: frozenset[str] = frozenset()


_SPLIT = frozenset({"name", "license", "split", "seed", "disjoint_authors"})

FORMATS: dict[str, ExportFormat] = {
    one.name: one
    for one in (
        ExportFormat("huggingface", "Parquet with ClassLabel features, dataset card, Croissant",
                     huggingface.write, huggingface.holds, huggingface.read, _SPLIT),
        ExportFormat("convokit", "a ConvoKit corpus", convokit.write, convokit.holds, convokit.read,
                     frozenset({"name"})),
        ExportFormat("labelstudio", "tasks for Label Studio with our labels as pre-annotations", labelstudio.write),
        ExportFormat("csv", "CSV for spreadsheets", csv_tables.write, csv_tables.holds, csv_tables.read,
                     frozenset({"bom"})),
        ExportFormat("jsonl", "JSON Lines", json_lines.write, json_lines.holds, json_lines.read),
        ExportFormat("parquet", "the labeled table alone", parquet.write, parquet.holds, parquet.read),
        ExportFormat("gexf", "graphs of replies and of authors for Gephi", graphs.write_gexf),
        ExportFormat("graphml", "the same graphs as GraphML", graphs.write_graphml),
    )
}  # fmt: skip


def export(source: Exportable, to: str, out: str | os.PathLike[str], options: ExportOptions | None = None) -> Exported:
    """Export a run folder, a labeled Parquet file or labeled threads to a folder in the format `to`.

    Raises InputError for an unknown format or an unreadable source, OutputError if the folder holds something and
    `overwrite` is not set, or cannot be written.
    """
    chosen = FORMATS.get(to)
    if chosen is None:
        raise InputError(f"no export format is called {to}; there are {', '.join(FORMATS)}")
    options, folder = options or ExportOptions(), Path(out)
    _check_options(chosen, options)
    _check(folder, options.overwrite, source)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
            part = Path(beside) / "part"
            part.mkdir()
            with labels_of(source) as labels:
                notices = chosen.write(labels, part, options)
                threads, rows = labels.count()
            files = tuple(sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file()))
            _publish(part, folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"{folder}: cannot be written ({why}); make room or choose another folder with -o") from error
    return Exported(folder, to, threads, rows, files, notices)


def read_export(folder: str | os.PathLike[str]) -> Iterator[LabeledThread]:
    """Yield the labeled threads of a folder that `export` wrote, whatever the format; InputError if it is none."""
    path = Path(folder)
    for one in FORMATS.values():
        if one.read is not None and one.holds is not None and one.holds(path):
            return one.read(path)
    readable = ", ".join(one.name for one in FORMATS.values() if one.read is not None)
    raise InputError(f"{path}: no export that can be read back (those are: {readable}); name the folder given with -o")


def _check_options(chosen: ExportFormat, options: ExportOptions) -> None:
    """Refuse what the format would silently ignore; a name hurts nowhere."""
    for one in fields(options):
        given = getattr(options, one.name) != one.default
        if given and one.name not in chosen.takes and one.name not in ("name", "overwrite"):
            able = ", ".join(form.name for form in FORMATS.values() if one.name in form.takes)
            said = "--no-bom" if one.name == "bom" else f"--{one.name.replace('_', '-')}"
            raise InputError(f"{chosen.name}: {said} is of no use there; leave it out, or export to {able}")
    if options.disjoint_authors and options.split is None:
        raise InputError("--disjoint-authors keeps authors apart in a split; add --split 80/10/10")


def _check(folder: Path, overwrite: bool, source: Exportable) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; name a folder with -o")
    if isinstance(source, str | os.PathLike) and folder.exists() and Path(source).resolve() == folder.resolve():
        raise OutputError(f"{folder}: is what is exported; name another folder with -o")
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        raise OutputError(f"{folder}: is not empty; add --overwrite to replace it, or name another folder")


def _publish(part: Path, folder: Path) -> None:
    """Put the finished folder in its place, what stood there first."""
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)
