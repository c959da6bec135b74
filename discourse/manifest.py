"""What a run folder says of itself: inputs, options, model, versions, counts, repairs, what was skipped, timings."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from discourse.errors import InputError
from discourse.labels import LabeledThread

EVALUATION, UNSEEN, OWN = "evaluation.json", "threads", "gold"
"""The figures beside a checkpoint; the corpus whose test threads have targets of their own; labels of one's own."""

NAME = "manifest.json"
VERSIONED = ("torch", "transformers", "tokenizers", "pyarrow", "duckdb", "selectolax")


@dataclass(frozen=True, slots=True)
class InputFile:
    """Account for one input: comments = records - duplicates - skipped - left_out; posts are among the comments."""

    path: str
    format: str | None
    sha256: str | None
    size: int
    records: int
    comments: int
    posts: int
    duplicates: int
    skipped: int
    left_out: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Say how often a checkpoint was right on threads labeled after the codebook, about targets it never saw.

    Of one adapted to people's labels: how often on those of them that were left out in turn.
    `comments` were asked; `side` is how often it tells favor from against where the label is one of them (guessing: ½).
    """

    comments: int
    stance: float
    side: float | None = None
    reply_stance: float | None = None
    argument: float | None = None


@dataclass(frozen=True, slots=True)
class UsedModel:
    """Name the checkpoint that labeled: the hash of its weights, how it was run, and how it did when it was tested.

    `adapted_on` are the `comment_key` of the comments whose labels by people it was adapted to, if it was.
    """

    name: str
    sha256: str
    precision: str
    device: str
    tested: Trial | None = None
    adapted_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Hold a skipped record or a notice: where, and what."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class UsedGold:
    """Name the sample of people's labels that corrected the shares: `used` of its `labels` are of this run."""

    path: str
    sha256: str
    labels: int
    used: int
    unused: int


@dataclass(slots=True)
class Counts:
    """Count the rows of a run as they are written."""

    threads: int = 0
    posts: int = 0
    comments: int = 0
    labeled: int = 0
    abstained: dict[str, int] = field(default_factory=dict)
    truncated: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)

    def add(self, labeled: LabeledThread) -> None:
        """Count one thread."""
        thread = labeled.thread
        self.threads += 1
        self.posts += thread.post is not None
        self.comments += len(thread)
        _add(self.statuses, (comment.status for comment in thread.replies))
        _add(self.languages, (comment.lang or "und" for comment in thread.replies))
        skip = int(thread.post is not None)
        _add(self.links, (link.evidence for link in thread.links[skip:]))
        _add(self.repairs, (repair.kind for repair in thread.repairs))
        for label in labeled.labels:
            self.labeled += label.argument is not None
            self.truncated += label.truncated
            verdicts = {"stance": label.stance, "reply_stance": label.reply_stance, "argument": label.argument}
            _add(self.abstained, (name for name, verdict in verdicts.items() if verdict and verdict.abstained))


def _add(counts: dict[str, int], names: Iterable[str]) -> None:
    found = Counter(counts)
    found.update(names)
    counts.clear()
    counts.update(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold what a reader of a run folder must know to trust or repeat it; times in UTC, timings in seconds."""

    discourse: str
    versions: dict[str, str]
    inputs: tuple[InputFile, ...]
    options: dict[str, object]
    targets: tuple[str, ...]
    model: UsedModel
    counts: Counts
    skipped: int
    skips: tuple[Said, ...]
    notices: tuple[Said, ...]
    started: str
    timings: dict[str, float]
    gold: UsedGold | None = None


def comment_key(thread_id: str, comment_id: str) -> str:
    """Return what names a comment of a thread in a checkpoint adapted to its labels: no id, which may hold a name."""
    return "".join(hashlib.sha256(name.encode()).hexdigest()[:10] for name in (thread_id, comment_id))


def adapted_on(folder: str | Path) -> tuple[str, ...]:
    """Return the keys of the comments that the model of a run folder was taught; none where no manifest says so."""
    return read_manifest(folder).model.adapted_on if (Path(folder) / NAME).is_file() else ()


def taught(keys: Iterable[str], thread_id: str, comment_id: str) -> bool:
    """Tell whether a checkpoint adapted on `keys` was taught a comment; without a thread its id decides."""
    own = comment_key(thread_id, comment_id)
    return own in keys if thread_id else any(key.endswith(own[10:]) for key in keys)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide the result."""
    found = {"python": platform.python_version()}
    for name in VERSIONED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # a vendored or stripped installation
            found[name] = "unknown"
    return found


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write manifest.json so that it is there whole or not at all."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    partial = folder / f".{NAME}.partial"
    partial.write_bytes(text + b"\n")
    partial.replace(folder / NAME)


def tested_of(folder: str | Path) -> Trial | None:
    """Read how a checkpoint did on threads whose targets it never saw; None where its folder does not say."""
    try:
        rows = msgspec.json.decode((Path(folder) / EVALUATION).read_bytes(), type=list[dict[str, Any]])
    except (OSError, msgspec.DecodeError):
        return None
    corpus = UNSEEN if any(row.get("corpus") == UNSEEN for row in rows) else OWN
    found = {row.get("head"): row for row in reversed(rows) if row.get("corpus") == corpus}  # all languages come first
    stance = found.get("stance")
    if stance is None:
        return None
    right = {head: found[head].get("accuracy") for head in ("reply_stance", "argument") if head in found}
    try:
        return Trial(stance["n"], stance["accuracy"], stance.get("sides"), **right)
    except KeyError:
        return None


def read_manifest(folder: str | Path) -> Manifest:
    """Read the manifest of a run folder; InputError if there is none or it is no manifest."""
    path = Path(folder) / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        hint = "it holds an incomplete run: repeat the run to finish it" if (Path(folder) / "run.json").exists() else (
            "name the folder that `discourse run` wrote")  # fmt: skip
        raise InputError(f"{folder}: not a complete run folder (no {NAME}); {hint}") from None
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: not a manifest: {error}") from None


def as_inputs(reports: Sequence[object]) -> tuple[InputFile, ...]:
    """Turn the file reports of a reading into manifest entries."""
    return tuple(msgspec.convert(msgspec.to_builtins(report), InputFile) for report in reports)
