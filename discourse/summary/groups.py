"""Tallies of groups of comments: by depth, language, time and branch.

Each group is described by a selector; every comment with a value belongs to exactly one group of a kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias

import numpy as np

from discourse.summary.counts import cross
from discourse.summary.facts import Branch, DepthGroup, LanguageGroup, Period, Tally
from discourse.summary.intervals import DIGITS
from discourse.summary.selectors import Condition, Selector, where
from discourse.summary.sheet import Floats, Ints, Sheet

BRANCH_LIMIT = 200
"""Branches that are listed: the first screens of a page; the report counts the others."""

PERIOD_LIMIT = 60
"""Periods in a timeline: bars of a dozen pixels on a page 720 pixels wide."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Hold the counts of all groups, one row a group, before some of them are made a `Tally`."""

    comments: Ints
    authors: Ints
    stance: Ints
    stance_sure: Ints
    stance_soft: Floats
    reply_stance: Ints
    argument: Ints

    def tally(self, group: int, selector: Selector) -> Tally:
        """Return the counts of one group."""
        return Tally(
            comments=int(self.comments[group]),
            authors=int(self.authors[group]),
            stance=tuple(self.stance[group].tolist()),
            stance_sure=tuple(self.stance_sure[group].tolist()),
            stance_soft=tuple(round(value, DIGITS) for value in self.stance_soft[group].tolist()),
            reply_stance=tuple(self.reply_stance[group].tolist()),
            argument=tuple(self.argument[group].tolist()),
            where=selector,
        )


def grouped(sheet: Sheet, groups: Ints, size: int) -> Grouped:
    """Count the comments of each group; `groups` holds a group from 0 to size − 1 a comment, -1 for none."""
    inside = groups >= 0
    known = inside & (sheet.authors >= 0)
    pairs = np.unique(groups[known] * max(len(sheet.names), 1) + sheet.authors[known])
    soft = np.zeros((size, sheet.stance.scores.shape[1]))
    np.add.at(soft, groups[inside], sheet.stance.scores[inside])

    def spread(codes: Ints, labels: int) -> Ints:
        chosen = inside & (codes >= 0)
        return cross(groups[chosen], codes[chosen], size, labels)

    stance, reply, argument = (
        spread(judged.codes, judged.scores.shape[1]) for judged in (sheet.stance, sheet.reply_stance, sheet.argument)
    )
    return Grouped(
        comments=np.bincount(groups[inside], minlength=size),
        authors=np.bincount(pairs // max(len(sheet.names), 1), minlength=size),
        stance=stance,
        stance_sure=spread(np.where(sheet.stance.sure, sheet.stance.codes, -1), sheet.stance.scores.shape[1]),
        stance_soft=soft,
        reply_stance=reply,
        argument=argument,
    )


def by_depth(sheet: Sheet) -> tuple[DepthGroup, ...]:
    """Tally each depth to 9, then 10–19, 20–49, 50–99, 100–199 and so on; groups without a comment are left out."""
    if not len(sheet):
        return ()
    starts = list(range(10))
    for power in count(1):
        starts += [10**power, 2 * 10**power, 5 * 10**power]
        if starts[-1] > sheet.depths.max():
            break
    groups = np.searchsorted(np.asarray(starts), sheet.depths, side="right") - 1
    counts = grouped(sheet, groups, len(starts))
    return tuple(
        DepthGroup(
            first=starts[group],
            last=starts[group + 1] - 1,
            tally=counts.tally(group, _range("depth", starts[group], starts[group + 1])),
        )
        for group in np.unique(groups).tolist()
    )


def _range(column: str, first: int, after: int) -> Selector:
    if column == "depth" and after == first + 1:
        return where(depth=first)
    return (Condition("depth", first, "from"), Condition("depth", after, "before"))


def by_language(sheet: Sheet) -> tuple[LanguageGroup, ...]:
    """Tally each language, the most frequent first."""
    codes: dict[str | None, int] = {}
    groups = np.asarray([codes.setdefault(comment.lang, len(codes)) for comment in sheet.comments], dtype=np.int64)
    counts = grouped(sheet, groups, len(codes))
    found = [LanguageGroup(lang, counts.tally(group, where(lang=lang))) for lang, group in codes.items()]
    return tuple(sorted(found, key=lambda group: (-group.tally.comments, group.lang or "~")))


def by_period(sheet: Sheet) -> tuple[Period, ...]:
    """Tally hours, quarters of a day, days, weeks, months or years (UTC): the finest that gives a readable timeline.

    Periods without a comment are left out; comments without a time belong to none.
    """
    timed = np.isfinite(sheet.created)
    if not timed.any():
        return ()
    moments = np.floor(sheet.created[timed]).astype("datetime64[s]")
    for index, _ in _BINS:
        used, inverse = np.unique(index(moments), return_inverse=True)
        if len(used) <= PERIOD_LIMIT:
            break
    start = next(start for other, start in _BINS if other is index)
    groups = np.full(len(sheet), -1, dtype=np.int64)
    groups[timed] = inverse
    counts = grouped(sheet, groups, len(used))
    found = []
    for group, value in enumerate(used.tolist()):
        first, after = start(value), start(value + 1)
        selector = (Condition("created", _iso(first), "from"), Condition("created", _iso(after), "before"))
        found.append(Period(first, after, counts.tally(group, selector)))
    return tuple(found)


def by_branch(sheet: Sheet) -> tuple[tuple[Branch, ...], int, int]:
    """Tally the largest branches; count those that hold a reply, and all top-level comments.

    A branch is a top-level comment that drew a reply, and everything below it.
    """
    roots = np.arange(len(sheet))
    for place, parent in enumerate(sheet.parents.tolist()):
        if parent >= 0:
            roots[place] = roots[parent]
    tops, groups = np.unique(roots, return_inverse=True)
    counts = grouped(sheet, groups, len(tops))
    top_level = len(tops) - sum(comment.kind == "post" for comment in sheet.comments[:1])
    kept = [group for group in np.argsort(-counts.comments, kind="stable").tolist() if counts.comments[group] > 1]
    branches = tuple(_branch(sheet, int(tops[group]), counts, group) for group in kept[:BRANCH_LIMIT])
    return branches, len(kept), top_level


def _branch(sheet: Sheet, top: int, counts: Grouped, group: int) -> Branch:
    comment, below = sheet.comments[top], sheet.depths[top]
    selector = where(under=comment.id)
    return Branch(comment.id, comment.author, int(below), counts.tally(group, selector))


_Moments: TypeAlias = np.ndarray[tuple[int], np.dtype[np.datetime64]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _steps(unit: str, size: int = 1, shift: int = 0) -> Callable[[_Moments], Ints]:
    """Number the moments by steps of `size` units since 1970, shifted (1970 began on a Thursday)."""
    return lambda moments: (moments.astype(f"datetime64[{unit}]").astype(np.int64) + shift) // size


def _since(step: timedelta, shift: timedelta = timedelta(0)) -> Callable[[int], datetime]:
    return lambda index: _EPOCH + index * step - shift


def _month(index: int) -> datetime:
    return datetime(1970 + index // 12, index % 12 + 1, 1, tzinfo=UTC)


def _year(index: int) -> datetime:
    return datetime(1970 + index, 1, 1, tzinfo=UTC)


_BINS: tuple[tuple[Callable[[_Moments], Ints], Callable[[int], datetime]], ...] = (
    (_steps("h"), _since(timedelta(hours=1))),
    (_steps("h", 6), _since(timedelta(hours=6))),
    (_steps("D"), _since(timedelta(days=1))),
    (_steps("D", 7, 3), _since(timedelta(days=7), timedelta(days=3))),
    (_steps("M"), _month),
    (_steps("Y"), _year),
)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
