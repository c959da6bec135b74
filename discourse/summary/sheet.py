"""One thread and one target as columns of numbers: what every count is computed from.

Labels become codes in codebook order, -1 where there is none; probabilities are float32, as the labeled table stores
them, so that a summary of a file equals the summary of what was written to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discourse.labels import FIELDS, Field, Label, LabeledThread, Verdict
from discourse.table.rows import utc
from discourse.threads import Comment

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """Hold one field of all comments: label codes, shape (n,); probabilities, shape (n, labels), 0 without label."""

    field: Field
    codes: Ints
    scores: Floats
    abstained: Flags

    @property
    def labeled(self) -> Flags:
        """Mark the comments that have a label."""
        flags: Flags = self.codes >= 0
        return flags

    @property
    def sure(self) -> Flags:
        """Mark the comments that have a label which was not abstained."""
        return self.labeled & ~self.abstained


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold the n comments of a thread in order; every array has shape (n,) but the scores of the fields.

    `parents` are positions among these comments, -1 for a reply to the post or to nothing. `authors` are codes into
    `names`, -1 where unknown. `created` is in seconds since 1970 UTC; it and `score` are NaN where unknown.
    """

    comments: tuple[Comment, ...]
    labels: tuple[Label | None, ...]
    parents: Ints
    depths: Ints
    authors: Ints
    names: tuple[str, ...]
    created: Floats
    score: Floats
    stance: Judged
    reply_stance: Judged
    argument: Judged

    def __len__(self) -> int:
        return len(self.comments)

    def field(self, name: Field) -> Judged:
        """Return one field by name."""
        judged: Judged = getattr(self, name)
        return judged

    @property
    def labeled(self) -> Flags:
        """Mark the comments that have a label in at least one field."""
        flags: Flags = self.stance.labeled | self.reply_stance.labeled | self.argument.labeled
        return flags

    @property
    def judged(self) -> tuple[Judged, Judged, Judged]:
        """Return the three fields."""
        return self.stance, self.reply_stance, self.argument


def make_sheet(labeled: LabeledThread, target: str | None, *, with_post: bool = False) -> Sheet:
    """Turn the comments of a labeled thread, and its post if asked, into columns; linear in the comments."""
    thread = labeled.thread
    posts = len(thread.comments) - len(thread)
    skipped = 0 if with_post else posts
    comments = thread.comments[skipped:]
    by_comment = labeled.by_comment(target)
    labels = tuple(by_comment.get(comment.id) for comment in comments)
    names: dict[str, int] = {}
    authors = [-1 if comment.author is None else names.setdefault(comment.author, len(names)) for comment in comments]
    parents = np.asarray(thread.parents[skipped:], dtype=np.int64)
    return Sheet(
        comments=comments,
        labels=labels,
        parents=np.where(parents < posts, -1, parents - skipped),
        depths=np.asarray(thread.depths[skipped:], dtype=np.int64),
        authors=np.asarray(authors, dtype=np.int64),
        names=tuple(names),
        created=np.asarray([_seconds(comment) for comment in comments], dtype=np.float64),
        score=np.asarray([np.nan if c.score is None else c.score for c in comments], dtype=np.float64),
        stance=_judge("stance", [None if label is None else label.stance for label in labels]),
        reply_stance=_judge("reply_stance", [None if label is None else label.reply_stance for label in labels]),
        argument=_judge("argument", [None if label is None else label.argument for label in labels]),
    )


def _seconds(comment: Comment) -> float:
    moment = utc(comment.created)
    return np.nan if moment is None else moment.timestamp()


def _judge(field: Field, verdicts: Sequence[Verdict | None]) -> Judged:
    names = FIELDS[field]
    code = {name: place for place, name in enumerate(names)}
    nothing = (0.0,) * len(names)
    scores = [nothing if v is None else v.scores or _certain(code[v.label], len(names)) for v in verdicts]
    return Judged(
        field,
        np.asarray([-1 if v is None else code[v.label] for v in verdicts], dtype=np.int64),
        np.asarray(scores, dtype=np.float32).reshape(len(verdicts), len(names)).astype(np.float64),
        np.asarray([v is not None and v.abstained for v in verdicts], dtype=np.bool_),
    )


def _certain(code: int, size: int) -> tuple[float, ...]:
    """Return the probabilities of a label that a person gave."""
    return tuple(float(place == code) for place in range(size))
