"""What is to be labeled as a file: a gold table with empty labels, or tasks for Label Studio."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from discourse.errors import OutputError
from discourse.gold.cells import guarded
from discourse.gold.rows import GOLD_COLUMNS
from discourse.gold.sampling import Draw
from discourse.gold.tasks import write_tasks
from discourse.labels import FIELDS


def write_sample(draws: Iterable[Draw], path: str | os.PathLike[str]) -> None:
    """Write what is to be labeled as a gold table with empty labels, a row a field, and the text beside it.

    CSV by default, JSON Lines or tasks for Label Studio (`.json`) by the suffix; text cells that a spreadsheet would
    run as formulas are guarded by an apostrophe, which reading takes off again.
    """
    names = (*GOLD_COLUMNS, "choices", "lang", "author", "parent", "text")
    if Path(path).suffix.casefold() not in ("", ".csv", ".json", ".jsonl", ".ndjson", ".txt"):
        raise OutputError(f"{path}: a sample is written as .csv, .jsonl or .json (Label Studio); name such a file")
    try:
        if Path(path).suffix == ".json":
            write_tasks(draws, Path(path))
            return
        rows = [row for draw in draws for row in _empty_rows(draw)]
        with Path(path).open("w", encoding="utf-8-sig" if Path(path).suffix == ".csv" else "utf-8", newline="") as out:
            if Path(path).suffix in (".jsonl", ".ndjson"):
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                return
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(
                {name: guarded(value) if isinstance(value, str) else value for name, value in row.items()}
                for row in rows
            )
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); name a folder you may write to") from error


def _empty_rows(draw: Draw) -> Iterator[dict[str, Any]]:
    for field in draw.fields:
        yield {
            "thread_id": draw.thread_id,
            "comment_id": draw.comment_id,
            "target": draw.target,
            "field": field,
            "label": None,
            "annotator": None,
            "probability": draw.probability,
            "note": None,
            "choices": " | ".join(FIELDS[field]),
            "lang": draw.lang,
            "author": draw.author,
            "parent": draw.parent,
            "text": draw.text,
        }
