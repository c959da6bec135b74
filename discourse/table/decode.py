"""Rows back to labeled threads: the tree, its links and repairs, the posts, and every label.

Parents are found by id, so a table whose rows were filtered or reordered still gives a whole tree; a thread's rows
may lie apart in a table held in memory. A label without probabilities, as a person gives it, counts as certain.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

import pyarrow as pa

from discourse.errors import InputError
from discourse.labels import FIELDS, Field, Label, LabeledThread, Verdict
from discourse.table.rows import parse_repair
from discourse.table.schema import REQUIRED, SCHEMA
from discourse.threads import STATED, Comment, Evidence, Kind, Link, Quote, Status, Thread, with_links

if TYPE_CHECKING:
    import pandas as pd

_ALLOWED: dict[str, frozenset[str]] = {
    "kind": frozenset(get_args(Kind)),
    "link": frozenset(get_args(Evidence)),
    "status": frozenset(get_args(Status)),
    **{field: frozenset(labels) for field, labels in FIELDS.items()},
}
Cells: TypeAlias = Any
"""One row of the table: a named tuple whose fields are the columns of `SCHEMA`."""

_RowType: Any = namedtuple("_RowType", SCHEMA.names)  # type: ignore[misc]  # only the schema knows the columns
_cells: Callable[[Iterable[Any]], Cells] = _RowType._make


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """Hold what the table of threads knows of a thread beyond its comments."""

    id: str
    title: str | None
    url: str | None
    source: str | None
    reply_field: bool
    announced: int | None
    notices: tuple[str, ...]
    targets: tuple[str | None, ...]
    post_id: str | None
    comments: int

    @property
    def empty(self) -> bool:
        """Tell whether the thread has no row in the labeled table."""
        return not self.comments and self.post_id is None


def from_frame(frame: pd.DataFrame) -> Iterator[LabeledThread]:
    """Rebuild labeled threads from a pandas frame with columns of `SCHEMA`, in any order; others are ignored."""
    names = [name for name in frame.columns if name in SCHEMA.names]
    check_columns(names, "the frame")
    fields = [field for field in SCHEMA if field.name in names]
    try:
        table = pa.Table.from_pandas(frame[[field.name for field in fields]], pa.schema(fields), preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(f"the frame: {_first_line(error)}; see discourse.table.SCHEMA for the types") from error
    return from_table(table)


def from_table(table: pa.Table, facts: Iterable[ThreadFacts] = ()) -> Iterator[LabeledThread]:
    """Rebuild labeled threads from an Arrow table, in order of first appearance.

    Raises InputError where a needed column is missing, a value cannot be read, or links close a cycle.
    """
    check_columns(table.column_names, "the table")
    known = {fact.id: fact for fact in facts}
    groups: defaultdict[str, list[Cells]] = defaultdict(list)
    for batch in table.to_batches(max_chunksize=8192):
        for row in cells(batch, "the table"):
            groups[row.thread_id].append(row)
    return (rebuild(group, known.get(thread_id)) for thread_id, group in groups.items())


def check_columns(names: Iterable[str], where: str) -> None:
    """Raise InputError if a column without which there is no labeled table is missing."""
    missing = [name for name in REQUIRED if name not in set(names)]
    if missing:
        raise InputError(f"{where}: not a labeled table (no column {', '.join(missing)}); make one with discourse run")


def cells(batch: pa.RecordBatch, where: str) -> Iterator[Cells]:
    """Yield the rows of an Arrow batch, cast to `SCHEMA`, missing columns empty."""
    columns: list[Sequence[Any]] = []
    held = set(batch.schema.names)
    for field in SCHEMA:
        if field.name not in held:
            columns.append([None] * batch.num_rows)
            continue
        column = batch.column(field.name)
        try:
            column = column if column.type == field.type else column.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputError(f"{where}: column {field.name}: {_first_line(error)}") from error
        values = column.to_pylist()
        if field.name in _ALLOWED and not (strange := set(values) - {None}) <= _ALLOWED[field.name]:
            unknown = ", ".join(sorted(strange - _ALLOWED[field.name])[:3])
            raise InputError(f"{where}: column {field.name} holds {unknown}; see discourse codebook")
        columns.append(values)
    return map(_cells, zip(*columns, strict=True))


def rebuild(group: Sequence[Cells], facts: ThreadFacts | None = None) -> LabeledThread:
    """Rebuild one labeled thread from its rows."""
    first: dict[str, Cells] = {}
    for row in group:
        first.setdefault(row.comment_id, row)
    labels: dict[tuple[str, str | None], Label] = {}
    for row in group:
        if row.truncated is not None or row.by is not None or row.stance or row.reply_stance or row.argument:
            labels.setdefault((row.comment_id, row.target), _label(row))
    targets = facts.targets if facts and facts.targets else tuple(dict.fromkeys(row.target for row in group))
    return LabeledThread(_thread(list(first.values()), facts, targets), tuple(labels.values()), targets or (None,))


def empty_thread(facts: ThreadFacts) -> LabeledThread:
    """Make the thread of which only the table of threads knows: nothing was said in it."""
    return LabeledThread(_thread([], facts, facts.targets), (), facts.targets or (None,))


def _thread(rows: list[Cells], facts: ThreadFacts | None, targets: tuple[str | None, ...]) -> Thread:
    posts = [row for row in rows if row.kind == "post"]
    if posts and rows[0] is not posts[0]:
        rows = [posts[0], *(row for row in rows if row is not posts[0])]
    comments = tuple(_comment(row, "post" if posts and row is posts[0] else "comment") for row in rows)
    thread_id = facts.id if facts else rows[0].thread_id
    frame = Thread(
        id=thread_id,
        comments=comments,
        parents=(),
        depths=(),
        links=(),
        repairs=tuple(parse_repair(row.comment_id, text) for row in rows for text in row.repairs or ()),
        title=facts.title if facts else None,
        source=facts.source if facts else rows[0].source,
        url=facts.url if facts else comments[0].url,
        targets=tuple(target for target in targets if target is not None),
        reply_field=facts.reply_field if facts else True,
        announced=facts.announced if facts else None,
        notices=facts.notices if facts else (),
    )
    links = [Link(row.parent_id, row.link or "none", row.link_confidence) for row in rows]
    try:
        return with_links(frame, links)
    except ValueError as error:
        raise InputError(f"thread {thread_id}: {error}; correct the column parent_id") from error


def _comment(row: Cells, kind: Kind) -> Comment:
    return Comment(
        id=row.comment_id,
        thread_id=row.thread_id,
        parent_id=row.parent_id if row.link in STATED else None,
        kind=kind,
        text=row.text or "",
        quotes=tuple(Quote(quote["author"], quote["text"] or "") for quote in row.quotes or ()),
        author=row.author,
        created=row.created,
        age=row.age,
        edited=row.edited,
        edited_at=row.edited_at,
        score=row.score,
        lang=row.lang,
        url=row.url,
        status=row.status or "ok",
        source=row.source,
    )


def _label(row: Cells) -> Label:
    stance = (row.stance_favor, row.stance_against, row.stance_none)
    reply = (row.reply_agree, row.reply_disagree, row.reply_neutral)
    return Label(
        comment_id=row.comment_id,
        target=row.target,
        stance=_verdict("stance", row.stance, row.stance_confidence, stance, row.stance_abstained),
        reply_stance=_verdict(
            "reply_stance", row.reply_stance, row.reply_stance_confidence, reply, row.reply_abstained
        ),
        argument=_verdict(
            "argument", row.argument, row.argument_confidence, row.argument_scores or (), row.argument_abstained
        ),
        secondary=tuple(row.secondary or ()),
        by=row.by,
        truncated=bool(row.truncated),
    )


def _verdict(
    field: Field, label: str | None, confidence: float | None, scores: Sequence[float | None], abstained: bool | None
) -> Verdict | None:
    if label is None:
        return None
    known = tuple(score for score in scores if score is not None)
    labels = FIELDS[field]
    if len(known) != len(labels):
        known = tuple(float(other == label) for other in labels)
    sure = known[labels.index(label)] if confidence is None else confidence
    return Verdict(label, sure, known, bool(abstained))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
