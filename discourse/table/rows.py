"""What the table says of one comment, as a record: the columns of `discourse threads --json`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from discourse.threads import Comment, Evidence, Kind, Link, Repair, Status, Thread


class QuoteRow(msgspec.Struct, frozen=True):
    """Hold one quote of a row."""

    author: str | None
    text: str


class Row(msgspec.Struct, frozen=True):
    """Hold what the dump says of one comment; the fields are columns of the labeled table, in their order."""

    thread_id: str
    comment_id: str
    parent_id: str | None
    kind: Kind
    depth: int
    link: Evidence
    link_confidence: float | None
    author: str | None
    created: datetime | None
    age: str | None
    edited: bool | None
    edited_at: datetime | None
    score: float | None
    lang: str | None
    status: Status
    text: str
    quotes: tuple[QuoteRow, ...]
    repairs: tuple[str, ...]
    url: str | None
    source: str | None


def rows(thread: Thread) -> Iterator[Row]:
    """Yield one record per comment, the post first, in the thread's order."""
    repairs = _repairs_by_comment(thread)
    for comment, depth, link in zip(thread.comments, thread.depths, thread.links, strict=True):
        yield _row(thread, comment, depth, link, repairs.get(comment.id, ()))


def _row(thread: Thread, comment: Comment, depth: int, link: Link, repairs: tuple[str, ...]) -> Row:
    return Row(
        thread_id=well_formed(thread.id),
        comment_id=well_formed(comment.id),
        parent_id=_or_none(link.parent),
        kind=comment.kind,
        depth=depth,
        link=link.evidence,
        link_confidence=link.confidence,
        author=_or_none(comment.author),
        created=utc(comment.created),
        age=_or_none(comment.age),
        edited=comment.edited,
        edited_at=utc(comment.edited_at),
        score=comment.score,
        lang=_or_none(comment.lang),
        status=comment.status,
        text=well_formed(comment.text),
        quotes=tuple(QuoteRow(_or_none(quote.author), well_formed(quote.text)) for quote in comment.quotes),
        repairs=repairs,
        url=_or_none(comment.url),
        source=_or_none(comment.source),
    )


def repair_text(repair: Repair) -> str:
    """Write a repair as one string, `kind: detail`, or `kind` alone."""
    return well_formed(f"{repair.kind}: {repair.detail}" if repair.detail else repair.kind)


def parse_repair(comment_id: str, text: str) -> Repair:
    """Read back what `repair_text` wrote."""
    kind, _, detail = text.partition(": ")
    return Repair(comment_id, kind, detail)


def utc(moment: datetime | None) -> datetime | None:
    """Return the moment in UTC; a time without a zone is taken to be UTC."""
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar, in another zone
        return moment.replace(tzinfo=UTC)


def well_formed(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold, by the replacement character."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _or_none(text: str | None) -> str | None:
    return None if text is None else well_formed(text)


def _repairs_by_comment(thread: Thread) -> dict[str, tuple[str, ...]]:
    """Group the repairs by comment; those of a comment that is not in the thread go to its first row."""
    held = {comment.id for comment in thread.comments}
    first = thread.comments[0].id if thread.comments else ""
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for repair in thread.repairs:
        lists[repair.comment_id if repair.comment_id in held else first].append(repair_text(repair))
    return dict(zip(lists, map(tuple, lists.values()), strict=True))
