"""Labeled threads to rows: Arrow batches, one Arrow table, one pandas frame, and the table of threads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Label, LabeledThread, Verdict
from discourse.table.rows import Row, rows, utc, well_formed
from discourse.table.schema import SCHEMA, THREAD_SCHEMA

if TYPE_CHECKING:
    import pandas as pd

Labeled: TypeAlias = LabeledThread | Iterable[LabeledThread]

BATCH_ROWS = 8192
"""Rows turned into Arrow at a time: some 10 MB of Python objects at the 500 characters of an average comment."""

_NO_SCORES: tuple[None, None, None] = (None, None, None)
_UNLABELED = Label("", None)


def to_table(labeled: Labeled) -> pa.Table:
    """Turn labeled threads into one Arrow table of `SCHEMA`, rows in the order of the threads and their comments."""
    return pa.Table.from_batches(batches(_several(labeled)), SCHEMA)


def to_frame(labeled: Labeled) -> pd.DataFrame:
    """Turn labeled threads into a pandas frame with the columns of `SCHEMA`; flags and depths are nullable types."""
    import pandas as pd

    nullable = {pa.bool_(): pd.BooleanDtype(), pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = to_table(labeled).to_pandas(types_mapper=nullable.get)
    return frame


def to_thread_table(labeled: Labeled) -> pa.Table:
    """Turn labeled threads into the table of threads, one row per thread and target."""
    values = [row for thread in _several(labeled) for row in thread_rows(thread)]
    return pa.Table.from_arrays(_arrays(values, THREAD_SCHEMA), schema=THREAD_SCHEMA)


def batches(labeled: Iterable[LabeledThread]) -> Iterator[pa.RecordBatch]:
    """Yield Arrow batches of at most `BATCH_ROWS` rows; a batch may hold several threads, a thread several batches."""
    values = (row for thread in labeled for row in comment_rows(thread))
    while chunk := list(islice(values, BATCH_ROWS)):
        yield record_batch(chunk, SCHEMA)


def record_batch(values: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    """Make an Arrow batch of rows whose values are in the order of the schema."""
    return pa.RecordBatch.from_arrays(_arrays(values, schema), schema=schema)


def comment_rows(labeled: LabeledThread) -> Iterator[tuple[Any, ...]]:
    """Yield the values of each row in the order of `SCHEMA`; a comment without labels has a row a target."""
    by_comment: defaultdict[str, list[Label]] = defaultdict(list)
    for label in labeled.labels:
        by_comment[label.comment_id].append(label)
    targets = labeled.targets or (None,)
    for comment, row in zip(labeled.thread.comments, rows(labeled.thread), strict=True):
        held = by_comment.get(comment.id)
        if held is None:
            for target in targets:
                yield _values(row, _UNLABELED, target)
        else:
            for label in held:
                yield _values(row, label, label.target)


def _values(row: Row, label: Label, target: str | None) -> tuple[Any, ...]:
    stance, reply, argument = label.stance, label.reply_stance, label.argument
    return (
        row.thread_id,
        row.comment_id,
        row.parent_id,
        row.kind,
        row.depth,
        row.link,
        row.link_confidence,
        row.author,
        row.created,
        row.age,
        row.edited,
        row.edited_at,
        row.score,
        row.lang,
        row.status,
        row.text,
        [(quote.author, quote.text) for quote in row.quotes],
        None if target is None else well_formed(target),
        *_verdict(stance),
        *_verdict(reply),
        None if argument is None else argument.label,
        None if argument is None else argument.confidence,
        None if argument is None else argument.scores or None,
        None if argument is None else argument.abstained,
        list(label.secondary),
        label.by,
        None if label is _UNLABELED else label.truncated,
        row.repairs,
        row.url,
        row.source,
    )


def _verdict(verdict: Verdict | None) -> tuple[Any, ...]:
    """Spread a decision between three labels over its six columns."""
    if verdict is None:
        return (None, None, *_NO_SCORES, None)
    return (verdict.label, verdict.confidence, *(verdict.scores or _NO_SCORES), verdict.abstained)


def thread_rows(labeled: LabeledThread) -> Iterator[tuple[Any, ...]]:
    """Yield the values of each row of the table of threads, in the order of `THREAD_SCHEMA`."""
    thread, replies = labeled.thread, labeled.thread.replies
    times = sorted(moment for moment in (utc(comment.created) for comment in replies) if moment is not None)
    known = {comment.author for comment in replies} - {None}
    about = (
        None if thread.title is None else well_formed(thread.title),
        None if thread.url is None else well_formed(thread.url),
        None if thread.source is None else well_formed(thread.source),
        thread.reply_field,
        thread.announced,
        [well_formed(notice) for notice in thread.notices],
        None if thread.post is None else well_formed(thread.post.id),
        len(replies),
        len(known),
        sum(comment.author is None for comment in replies),
        max(thread.depths, default=0),
        times[0] if times else None,
        times[-1] if times else None,
        len(thread.repairs),
        sum(not link.stated and link.parent is not None for link in thread.links),
    )
    counts = _counts(labeled, {comment.id for comment in replies})
    for target in labeled.targets or (None,):
        name = None if target is None else well_formed(target)
        yield (well_formed(thread.id), name, *about, *counts.get(target, (0,) * 20))


def _counts(labeled: LabeledThread, comments: set[str]) -> dict[str | None, tuple[int, ...]]:
    """Count the labels towards each target and how many of each field were abstained."""
    found: defaultdict[str | None, Counter[tuple[str, str]]] = defaultdict(Counter)
    for label in labeled.labels:
        if label.comment_id not in comments:
            continue
        count = found[label.target]
        for field, verdict in (("stance", label.stance), ("reply", label.reply_stance), ("argument", label.argument)):
            if verdict is not None:
                count[field, verdict.label] += 1
                count[field, "?"] += verdict.abstained
    order = [
        *(("stance", label) for label in (*STANCES, "?")),
        *(("reply", label) for label in (*REPLY_STANCES, "?")),
        *(("argument", label) for label in (*ARGUMENTS, "?")),
    ]
    return {target: tuple(count[key] for key in order) for target, count in found.items()}


def _arrays(values: list[tuple[Any, ...]], schema: pa.Schema) -> list[pa.Array]:
    if not values:
        return [pa.array([], field.type) for field in schema]
    return [pa.array(column, field.type) for column, field in zip(zip(*values, strict=True), schema, strict=True)]


def _several(labeled: Labeled) -> Iterable[LabeledThread]:
    return (labeled,) if isinstance(labeled, LabeledThread) else labeled
