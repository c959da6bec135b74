"""What can be asked of an export, and what it reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from discourse.errors import InputError


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Say how to export; each format looks at what concerns it.

    `license` is the licence of the texts as the user knows it (an SPDX identifier or a name); `split` are the parts of
    train, validation and test (of threads, by comments); `disjoint_authors` keeps every author within one part; `bom`
    puts a byte order mark before CSV, which Excel needs; `name` is the dataset's.
    """

    name: str | None = None
    license: str | None = None
    split: tuple[float, ...] | None = None
    seed: int = 0
    disjoint_authors: bool = False
    bom: bool = True
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """Tell what was written; `notices` are the changes that the format made necessary."""

    path: Path
    format: str
    threads: int
    rows: int
    files: tuple[str, ...]
    notices: tuple[str, ...] = ()


def parse_split(text: str) -> tuple[float, ...]:
    """Read `80/10/10` (train/validation/test) or `80/20` (train/test) as parts of 1."""
    parts = [part.strip() for part in re.split(r"[/:,]", text)]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not 2 <= len(numbers) <= 3 or min(numbers) < 0 or sum(numbers) <= 0:
        raise InputError(f"split {text}: write two or three parts, as 80/10/10")
    return tuple(number / sum(numbers) for number in numbers)
