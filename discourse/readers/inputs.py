"""Find the files that the user means: paths, folders, standard input, and the targets that a folder states."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from discourse.errors import InputError
from discourse.readers.base import Format
from discourse.readers.source import TARGETS_FILE

_ENDING = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,8}$", re.IGNORECASE)
_LINE = re.compile(r":\d+$")
_PACKED = re.compile(r"\.(gz|bz2|xz|lzma|zst|zstd)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Input:
    """Name one thing to read: a file, standard input ("-"), or a folder that is one dump (then `format` reads it).

    `thread_name` is unique among the inputs; `targets` come from the nearest targets.toml, `of_members` (glob, targets)
    from the one inside a folder that is one dump; `trouble` says why it cannot be read, if so.
    """

    path: str
    thread_name: str
    targets: tuple[str, ...] = ()
    of_members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    format: Format | None = None
    trouble: str | None = None


def find_inputs(paths: Iterable[str | os.PathLike[str]], formats: tuple[Format, ...]) -> tuple[Input, ...]:
    """List what is to be read, in order; a file named twice is read once.

    Raises InputError for a targets.toml that cannot be understood.
    """
    found: list[Input] = []
    for given in paths:
        path = os.fspath(given)
        if path == "-":
            found.append(Input("-", "stdin"))
        elif os.path.isdir(path):
            found.extend(_walk(Path(path), formats))
        elif os.path.exists(path):
            found.append(Input(path, _bare(Path(path).name)))
        else:
            found.append(Input(path, path, trouble="does not exist; check the path"))
    first: dict[str, Input] = {}
    for item in found:
        first.setdefault(item.path if item.path == "-" else os.path.realpath(item.path), item)
    return _distinct_names(list(first.values()))


def _walk(root: Path, formats: tuple[Format, ...]) -> Iterator[Input]:
    """List the files below a folder, sorted with numbers by value, without hidden ones and targets.toml."""
    stated: dict[Path, dict[str, tuple[str, ...]]] = {}
    waiting = [root]
    while waiting:
        place = waiting.pop()
        if place.is_file():
            relative = place.relative_to(root)
            name = "/".join((*relative.parts[:-1], _bare(relative.name)))
            yield Input(str(place), name, targets=_targets_of(place, root, stated))
            continue
        whole = next((form for form in formats if form.folder is not None and form.folder(str(place))), None)
        if whole is not None:
            if (place / TARGETS_FILE).is_file():
                stated[place] = _read_targets(place / TARGETS_FILE)
            targets, inside = _targets_of(place, root, stated), tuple(stated.get(place, {}).items())
            name = place.resolve().name if place == root else place.relative_to(root).as_posix()
            yield Input(str(place), name, targets=targets, of_members=inside, format=whole)
            continue
        try:
            names = sorted(os.listdir(place), key=_by_number)
        except OSError as error:
            yield Input(str(place), str(place), trouble=f"cannot be opened ({error.strerror}); check its rights")
            continue
        if TARGETS_FILE in names:
            stated[place] = _read_targets(place / TARGETS_FILE)
        visible = [place / name for name in names if not name.startswith(".") and name != TARGETS_FILE]
        waiting.extend(reversed([inner for inner in visible if inner.is_file() or _is_own_folder(inner)]))


def _is_own_folder(place: Path) -> bool:
    """Tell whether this is a folder and not a link to one, which may lead back up."""
    return place.is_dir() and not place.is_symlink()


def _read_targets(file: Path) -> dict[str, tuple[str, ...]]:
    """Read file glob → targets; a value is a text or a list of texts."""
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f'{file}: is no valid TOML ({error}); write lines like "*.html" = "the target"') from error
    targets: dict[str, tuple[str, ...]] = {}
    for pattern, value in table.items():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise InputError(f'{file}: {pattern} has no text for a target; write "{pattern}" = "the target"')
        targets[pattern] = tuple(text.strip() for text in texts)
    return targets


def _targets_of(place: Path, root: Path, stated: dict[Path, dict[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """Find the targets of a file: the nearest targets.toml with a matching glob, in it the longest glob."""
    for folder in (place, *place.parents):
        matching = [
            pattern
            for pattern in stated.get(folder, {})
            if fnmatchcase(place.name, pattern) or fnmatchcase(place.relative_to(folder).as_posix(), pattern)
        ]
        if matching:
            return stated[folder][max(matching, key=len)]
        if folder == root:
            break
    return ()


def targets_at(item: Input, source: str | None) -> tuple[str, ...]:
    """Return the targets of a record by its source (path, or path:line), which may lie in a folder that is one dump."""
    if item.of_members and source is not None:
        member = _LINE.sub("", source.removeprefix(item.path)).lstrip("/")
        matching = [stated for stated in item.of_members if _matches(member, stated[0])]
        if member and matching:
            return max(matching, key=lambda stated: len(stated[0]))[1]
    return item.targets


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path.rsplit("/", 1)[-1], pattern)


def _bare(name: str) -> str:
    """Return a file name without its endings ("RC_2005-12.json.zst" → "RC_2005-12")."""
    return _ENDING.sub("", _PACKED.sub("", name)) or name


def _distinct_names(inputs: list[Input]) -> tuple[Input, ...]:
    """Give inputs whose thread names are equal the longer name of their path."""
    count = Counter(item.thread_name for item in inputs)
    longer = [replace(item, thread_name=item.path) if count[item.thread_name] > 1 else item for item in inputs]
    return tuple(longer)


def _by_number(name: str) -> list[tuple[int, int | str]]:
    """Sort page2 before page10."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"([0-9]+)", name) if part]
