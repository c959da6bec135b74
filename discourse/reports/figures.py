"""Turn counts into the shapes of the page's figures; positions are shares of the width or height, 0 to 1.

It does not count: every number comes from a summary, with the selector of its comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from discourse.labels import ARGUMENTS, STANCES, Stance
from discourse.summary import (
    Condition,
    Distribution,
    Estimate,
    Interval,
    Selector,
    Tally,
    ThreadSummary,
    first_method,
)

ORDER: tuple[Stance, ...] = ("favor", "none", "against")
"""The stances from left to right: the camps at the edges, so that both can be read from a baseline."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Show one stance in a bar: `share` of the width from `start`; `count` comments or None; the share's interval.

    `corrected` is the share that people's labels give, whose interval it then is.
    """

    stance: Stance
    start: float
    share: float
    count: int | None
    interval: Interval | None
    where: Selector
    corrected: float | None = None


def comment_bar(stance: Distribution, estimates: Sequence[Estimate] = ()) -> tuple[Segment, ...]:
    """Return the bar that counts each comment; empty without labels. Estimates replace the intervals."""
    parts = [(name, stance[name]) for name in ORDER]
    bar = _row([(name, p.share, p.count, p.interval, p.where) for name, p in parts])
    people = first_method(estimates, "stance")
    if not people:
        return bar
    return tuple(
        replace(one, corrected=people[one.stance].share, interval=_interval(people[one.stance])) for one in bar
    )


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.low, estimate.high)


def author_bar(stance: Distribution) -> tuple[Segment, ...]:
    """Return the bar that counts each known author once; empty without authors."""
    parts = [(name, stance[name]) for name in ORDER]
    return _row([(name, p.by_author, None, p.author_interval, p.where) for name, p in parts])


def _row(
    parts: Sequence[tuple[Stance, float | None, int | None, Interval | None, Selector]],
) -> tuple[Segment, ...]:
    segments = []
    start = 0.0
    for stance, share, count, interval, where in parts:
        if share is None:
            return ()
        segments.append(Segment(stance, start, share, count, interval, where))
        start += share
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class Way:
    """Count the stances in one way, in the order of the bar: share, count or None, comments or None, for each."""

    name: str
    parts: tuple[tuple[float | None, int | None, Selector | None], ...]


def ways(stance: Distribution) -> tuple[Way, ...]:
    """Return the shares by comment, without uncertain labels, by probability, by person and by score."""
    parts = [stance[name] for name in ORDER]
    sure = [(*part.where, Condition("stance_abstained", False)) for part in parts]
    found = (
        Way("all", tuple((p.share, p.count, p.where) for p in parts)),
        Way("sure", tuple((p.sure_share, p.sure, where) for p, where in zip(parts, sure, strict=True))),
        Way("soft", tuple((p.soft_share, None, None) for p in parts)),
        Way("people", tuple((p.by_author, None, p.where) for p in parts)),
        Way("score", tuple((p.by_score, None, p.where) for p in parts)),
    )
    return tuple(way for way in found if any(part[0] is not None for part in way.parts))


@dataclass(frozen=True, slots=True)
class Corrected:
    """Show shares corrected with people's labels by one method, in the order of the bar: share, low, high."""

    name: str
    gold: int
    parts: tuple[tuple[float, float, float], ...]


def corrected(estimates: Sequence[Estimate]) -> tuple[Corrected, ...]:
    """Return one row a method that estimated all stances."""
    rows = []
    for method in dict.fromkeys(e.method for e in estimates if e.field == "stance"):
        of = {e.label: e for e in estimates if e.field == "stance" and e.method == method}
        if all(name in of for name in ORDER):
            parts = tuple((of[n].share, of[n].low, of[n].high) for n in ORDER)
            rows.append(Corrected("design" if method == "dsl" else "prediction", of["none"].gold, parts))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class ArgumentRow:
    """Count one argument type, in all and by stance, each with its selector; widths are shares of the largest."""

    argument: str
    count: int
    secondary: int
    where: Selector
    cells: tuple[tuple[Stance, int, float, Selector], ...]


def argument_rows(summary: ThreadSummary) -> tuple[ArgumentRow, ...]:
    """Return the argument types that occur, the most frequent first; ties in codebook order."""
    cells = {(cell.argument, cell.stance): cell for cell in summary.matrix}
    largest = max((cell.count for cell in summary.matrix), default=0) or 1
    rows = []
    for name in ARGUMENTS:
        total = summary.argument[name]
        if not total.count and not total.secondary:
            continue
        found = [(stance, cells.get((name, stance))) for stance in STANCES]
        kept = tuple((s, c.count, c.count / largest, c.where) for s, c in found if c is not None)
        rows.append(ArgumentRow(name, total.count, total.secondary, total.where, kept))
    return tuple(sorted(rows, key=lambda row: -row.count))


@dataclass(frozen=True, slots=True)
class Column:
    """Show one period: `parts` are (stance, start, share) of the height; `total` comments, `start` an ISO time."""

    start: str
    total: int
    left: float
    width: float
    parts: tuple[tuple[str, float, float], ...]
    where: Selector


@dataclass(frozen=True, slots=True)
class Timeline:
    """Hold the periods that have comments; `most` comments reach the top, `gaps` are where silent periods are left out.

    `grain` is how times are said: `day`, or `minute` where the thread is short.
    """

    columns: tuple[Column, ...]
    gaps: tuple[float, ...]
    most: int
    undated: int
    first: str
    last: str
    grain: str


def timeline(summary: ThreadSummary) -> Timeline | None:
    """Return the periods as columns of one width, None with fewer than two; comments without stance stand on top."""
    periods = summary.periods
    if len(periods) < 2:
        return None
    most = max(period.tally.comments for period in periods) or 1
    silent = [place for place in range(1, len(periods)) if periods[place].start > periods[place - 1].end]
    width = 1 / (len(periods) + len(silent) / 2)
    columns, gaps, left = [], [], 0.0
    for place, period in enumerate(periods):
        if place in silent:
            gaps.append(left + width / 4)
            left += width / 2
        start = period.start.strftime(_ISO)
        columns.append(
            Column(start, period.tally.comments, left, width, _stack(period.tally, most), period.tally.where)
        )
        left += width
    short = periods[-1].end - periods[0].start <= timedelta(days=2)
    return Timeline(
        columns=tuple(columns),
        gaps=tuple(gaps),
        most=most,
        undated=summary.comments - sum(period.tally.comments for period in periods),
        first=columns[0].start,
        last=(summary.last_created or periods[-1].end).strftime(_ISO),
        grain="minute" if short else "day",
    )


def _stack(tally: Tally, most: int) -> tuple[tuple[str, float, float], ...]:
    """Stack the stances from the bottom: against, none, favor, and what has no stance."""
    counts = dict(zip(STANCES, tally.stance, strict=True))
    rest = tally.comments - sum(tally.stance)
    parts, height = [], 0.0
    for name, count in (*((name, counts[name]) for name in reversed(ORDER)), ("unlabeled", rest)):
        if count:
            height += count / most
            parts.append((name, 1 - height, count / most))
    return tuple(parts)


_ISO = "%Y-%m-%dT%H:%M:%S"
