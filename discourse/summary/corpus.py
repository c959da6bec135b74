"""All threads side by side: totals, what differs from the others, and how much the thread matters to the stance.

Authors are counted per thread: a summary does not say whether two threads share a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Field
from discourse.summary.counts import contention, ratio
from discourse.summary.facts import Distribution, Interval, ThreadSummary
from discourse.summary.intervals import DIGITS
from discourse.summary.sheet import Floats, Ints

RANKED = 5
SIDED = 10
"""Comments that take a side which a thread needs to be ranked: contention is 1 for one against one."""


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """Set one thread and target beside the others; the tuples are in codebook order.

    `soft_shares` and `intervals` are of the stance, by comment. `apart` tells that the thread leans another way than
    the others: for favor or against, its interval leaves out their share (which needs two threads).
    """

    thread_id: str
    target: str | None
    title: str | None
    comments: int
    authors: int
    stance: tuple[int, ...]
    soft_shares: tuple[float | None, ...]
    intervals: tuple[Interval | None, ...]
    by_author: tuple[float | None, ...]
    contention: float | None
    author_contention: float | None
    argument: str | None
    disagree_share: float | None
    apart: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Add up threads; `target` is None for all of them together. The tuples are in codebook order.

    `association` is Cramér's V between thread and stance: 0 where all threads are divided alike, 1 where the thread
    decides the stance; None for fewer than two threads with stances.
    """

    target: str | None
    threads: int
    comments: int
    stance: tuple[int, ...]
    stance_soft: tuple[float, ...]
    reply_stance: tuple[int, ...]
    argument: tuple[int, ...]
    mean_shares: tuple[float | None, ...]
    contention: float | None
    association: float | None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Compare all threads: lines in order of appearance, totals of all and of each target that several threads share.

    `most_contended` and `most_one_sided` name (thread, target) pairs, at most five, among those with ten sides taken.
    """

    lines: tuple[ThreadLine, ...]
    total: Totals
    by_target: tuple[Totals, ...]
    most_contended: tuple[tuple[str, str | None], ...]
    most_one_sided: tuple[tuple[str, str | None], ...]


def compare(summaries: Iterable[ThreadSummary]) -> Corpus:
    """Set the summaries of all threads side by side."""
    held = tuple(summaries)
    soft = np.asarray([[share.soft for share in s.stance.labels] for s in held]).reshape(len(held), len(STANCES))
    lines = tuple(_line(summary, soft.sum(axis=0) - own) for summary, own in zip(held, soft, strict=True))
    targets = dict.fromkeys(summary.target for summary in held)
    groups = [(target, [s for s in held if s.target == target]) for target in targets if target is not None]
    ranked = [line for line in lines if line.contention is not None and sum(line.stance[:2]) >= SIDED]
    ranked.sort(key=lambda line: (-(line.contention or 0), -sum(line.stance[:2])))
    even = [line for line in ranked if (line.contention or 0) > 1 / 2]
    clear = [line for line in reversed(ranked) if (line.contention or 0) <= 1 / 2]
    return Corpus(
        lines=lines,
        total=_totals(None, held),
        by_target=tuple(_totals(target, group) for target, group in groups if len(group) > 1),
        most_contended=tuple((line.thread_id, line.target) for line in even[:RANKED]),
        most_one_sided=tuple((line.thread_id, line.target) for line in clear[:RANKED]),
    )


def _line(summary: ThreadSummary, others: Floats) -> ThreadLine:
    stance = summary.stance.labels
    argument = max(summary.argument.labels, key=lambda share: share.count)
    return ThreadLine(
        thread_id=summary.thread_id,
        target=summary.target,
        title=summary.title,
        comments=summary.comments,
        authors=summary.all_authors,
        stance=_counts(summary.stance),
        soft_shares=tuple(share.soft_share for share in stance),
        intervals=tuple(share.interval for share in stance),
        by_author=tuple(share.by_author for share in stance),
        contention=summary.contention,
        author_contention=summary.author_contention,
        argument=argument.label if argument.count else None,
        disagree_share=summary.reply_stance["disagree"].share,
        apart=others.sum() > 0 and _apart([share.interval for share in stance[:2]], others / others.sum()),
    )


def _apart(intervals: Sequence[Interval | None], shares: Floats) -> bool:
    return any(
        bounds is not None and not bounds.low <= share <= bounds.high
        for bounds, share in zip(intervals, shares.tolist(), strict=False)
    )


def _totals(target: str | None, summaries: Sequence[ThreadSummary]) -> Totals:
    once = {summary.thread_id: summary for summary in summaries}.values()
    stance = _table(summaries, "stance", len(STANCES))
    favor, against, _ = stance.sum(axis=0).tolist()
    shares = [[share.share for share in summary.stance.labels] for summary in summaries if summary.stance.labeled]
    soft = [_added(summary.stance.labels[code].soft for summary in summaries) for code in range(len(STANCES))]
    return Totals(
        target=target,
        threads=len(once),
        comments=sum(summary.comments for summary in once),
        stance=tuple(stance.sum(axis=0).tolist()),
        stance_soft=tuple(soft),
        reply_stance=tuple(_table(tuple(once), "reply_stance", len(REPLY_STANCES)).sum(axis=0).tolist()),
        argument=tuple(_table(tuple(once), "argument", len(ARGUMENTS)).sum(axis=0).tolist()),
        mean_shares=tuple(
            ratio(sum(share[code] or 0 for share in shares), len(shares)) for code in range(len(STANCES))
        ),
        contention=contention(favor, against),
        association=_cramers_v(stance),
    )


def _added(values: Iterable[float]) -> float:
    """Add up values that were rounded, and round the sum alike."""
    return round(sum(values), DIGITS)


def _table(summaries: Sequence[ThreadSummary], field: Field, size: int) -> Ints:
    rows = [_counts(getattr(summary, field)) for summary in summaries]
    return np.asarray(rows, dtype=np.int64).reshape(len(rows), size)


def _counts(distribution: Distribution) -> tuple[int, ...]:
    return tuple(share.count for share in distribution.labels)


def _cramers_v(table: Ints) -> float | None:
    """Return √(χ² / (n (min(rows, columns) − 1))) of a table of counts, empty rows and columns left out."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if table.shape[0] < 2:
        return None
    if table.shape[1] < 2:
        return 0.0
    total = table.sum()
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / total
    squares = float(((table - expected) ** 2 / expected).sum())
    return round(float(np.sqrt(squares / (total * (min(table.shape) - 1)))), DIGITS)
