"""What a summary is made of: counts with their selectors, distributions, groups; `people` and `words` hold the rest.

Every number is a count or an estimate over rows of the labeled table. Shares are rounded to six decimals, so that two
machines write the same file. It does not know how anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Literal, TypeAlias

from discourse.labels import FIELDS, Field, Stance
from discourse.summary.people import (
    Camp,
    Change,
    Duplicate,
    Pair,
    Participation,
    Person,
    ReplyCell,
    TurningPoint,
)
from discourse.summary.selectors import Selector
from discourse.summary.words import Estimate, Exemplar, KeyPoint, Narrative, PointSide


@dataclass(frozen=True, slots=True)
class Interval:
    """Bound a share at 95 %: `low` and `high` in 0…1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelShare:
    """Count one label of one field; `where` selects the comments of `count`.

    `share` is of all comments labeled in the field, `sure` leaves abstained comments out of both parts of the
    fraction. `soft` is the sum of the calibrated probabilities, the expected number of comments that truly have the
    label, `soft_share` its share with `interval`. `by_author` weighs each known author once (the mean over the
    shares of an author's comments, near-duplicates once), `soft_by_author` likewise with probabilities. `authors` have
    at least one such comment. `by_score` weighs a comment by its score (negative ones by 0), None without scores.
    `secondary` counts comments that have the label as a secondary argument type.
    """

    label: str
    count: int
    share: float | None
    sure: int
    sure_share: float | None
    soft: float
    soft_share: float | None
    interval: Interval | None
    authors: int
    by_author: float | None
    soft_by_author: float | None
    author_interval: Interval | None
    by_score: float | None
    secondary: int
    where: Selector


@dataclass(frozen=True, slots=True)
class Distribution:
    """Spread the comments over the labels of one field, in codebook order; `labeled` comments have a label in it.

    `authors` is how many known authors have a labeled comment, the base of `by_author`.
    """

    field: Field
    labeled: int
    abstained: int
    authors: int
    labels: tuple[LabelShare, ...]

    def __getitem__(self, label: str) -> LabelShare:
        """Return what is counted of one label."""
        return self.labels[FIELDS[self.field].index(label)]


@dataclass(frozen=True, slots=True)
class Tally:
    """Count a group of comments; the tuples are in codebook order, abstained labels included.

    `stance_sure` leaves abstained stances out, `stance_soft` sums probabilities. `where` selects the comments.
    """

    comments: int
    authors: int
    stance: tuple[int, ...]
    stance_sure: tuple[int, ...]
    stance_soft: tuple[float, ...]
    reply_stance: tuple[int, ...]
    argument: tuple[int, ...]
    where: Selector


@dataclass(frozen=True, slots=True)
class DepthGroup:
    """Tally the comments at depths `first` to `last`, both included."""

    first: int
    last: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class LanguageGroup:
    """Tally the comments in one language, None where it is not known."""

    lang: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Period:
    """Tally the comments from `start` until before `end` (UTC)."""

    start: datetime
    end: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class Branch:
    """Tally a top-level comment and every reply below it."""

    comment_id: str
    author: str | None
    depth: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Cell:
    """Count the comments with one stance and one argument type; `soft` is the sum of the products of probabilities."""

    stance: Stance
    argument: str
    count: int
    soft: float
    where: Selector


@dataclass(frozen=True, slots=True)
class Count:
    """Count one kind of thing."""

    name: str
    count: int
    where: Selector


WarningKind: TypeAlias = Literal[
    "few-comments",
    "few-authors",
    "many-abstained",
    "many-unlabeled",
    "guessed-links",
    "unknown-authors",
    "announced-differs",
    "target-missing",
    "one-author-dominates",
    "truncated",
]


@dataclass(frozen=True, slots=True)
class Warn:
    """Tell the reader of a summary what to beware of; `count` of `total` comments (or authors) are concerned."""

    kind: WarningKind
    count: int
    total: int
    where: Selector | None = None


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """Sum up one thread towards one target.

    Counts are of comments, the post not among them; `labeled` have at least one label, the others are deleted, removed
    or empty. `contention` is 0 where one side is alone and 1 where both are even, None where nobody takes a side; it is
    given for comments, for comments without abstained ones, and for camps of authors. Lists that grow with the thread
    are cut, largest first: `authors`, `branches` and `pairs` say beside them how many there are in all. `key_points`
    were looked for only where `point_sides` says how; `coverage` is the share of the cells (favor or against) ×
    argument type with at least two comments in which a comment makes a key point.
    """

    thread_id: str
    target: str | None
    title: str | None
    url: str | None
    source: str | None
    post_id: str | None
    comments: int
    labeled: int
    announced: int | None
    first_created: datetime | None
    last_created: datetime | None
    max_depth: int
    top_level: int
    statuses: tuple[Count, ...]
    links: tuple[Count, ...]
    repairs: tuple[Count, ...]
    stance: Distribution
    reply_stance: Distribution
    argument: Distribution
    matrix: tuple[Cell, ...]
    contention: float | None
    sure_contention: float | None
    author_contention: float | None
    depths: tuple[DepthGroup, ...]
    languages: tuple[LanguageGroup, ...]
    periods: tuple[Period, ...]
    branches: tuple[Branch, ...]
    all_branches: int
    camps: tuple[Camp, ...]
    authors: tuple[Person, ...]
    all_authors: int
    unknown_authors: Tally
    changes: tuple[Change, ...]
    duplicates: tuple[Duplicate, ...]
    participation: Participation
    replies: tuple[ReplyCell, ...]
    pairs: tuple[Pair, ...]
    all_pairs: int
    turning_points: tuple[TurningPoint, ...]
    exemplars: tuple[Exemplar, ...]
    warnings: tuple[Warn, ...]
    with_post: bool = False
    key_points: tuple[KeyPoint, ...] = ()
    point_sides: tuple[PointSide, ...] = ()
    coverage: float | None = None
    prevalence: tuple[Estimate, ...] = ()
    narrative: tuple[Narrative, ...] = ()

    def _repr_html_(self) -> str:
        """Show the answer as a card in a notebook."""
        return str(import_module("discourse.views").summary_html(self))

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show one line where a notebook shows no HTML."""
        printer.text(f"<ThreadSummary {self.thread_id}, {self.target}: {self.comments} comments>")
