"""Read remark42: backups (a line about the site, then a comment a line), and answers of its API, flat or as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import Body, from_html, from_markdown
from discourse.threads import Comment


class Record(msgspec.Struct):
    """What is read of a comment; store/comment.go documents it."""

    id: Any = None
    pid: Any = None
    text: Any = None
    orig: Any = None
    user: Any = None
    locator: Any = None
    score: Any = None
    time: Any = None
    edit: Any = None
    delete: Any = None
    title: Any = None


def read_remark42(source: Source) -> Iterator[Event]:
    """Yield the comments of a file; a thread is a page."""
    titled: set[str] = set()
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        info = value.get("info") if isinstance(value, dict) else None
        if isinstance(info, dict) and (page := wire.name(info.get("url"))):
            count = wire.number(info.get("count"))
            yield Head(page, url=page, announced=None if count is None else int(count))
        for raw in _comments(value):
            record = wire.convert(raw, Record)
            comment_id = wire.identifier(record.id) if record else None
            if record is None or comment_id is None:
                yield source.skip("is a comment without an id", line)
                continue
            comment = _comment(record, comment_id, source, line)
            if comment.thread_id not in titled:
                titled.add(comment.thread_id)
                yield Head(comment.thread_id, title=wire.name(record.title), url=_url(record))
            yield comment


def _comments(value: Any) -> Iterator[Any]:
    """Yield the comments in a document, those of a tree depth first; the line about the site holds none."""
    waiting = [value]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, list):
            waiting.extend(reversed(raw))
        elif isinstance(raw, dict) and "locator" not in raw and "pid" not in raw:
            inner = [raw.get("comment"), raw.get("comments"), raw.get("replies")]
            if not any(inner) and not {"version", "users", "posts", "info", "comments", "comment"} & set(raw):
                yield raw
            waiting.extend(reversed([part for part in inner if isinstance(part, dict | list)]))
        elif raw is not None:
            yield raw


def _comment(record: Record, comment_id: str, source: Source, line: int | None) -> Comment:
    deleted = wire.flag(record.delete) is True
    body = Body("") if deleted else _body(record)
    user = record.user if isinstance(record.user, dict) else {}
    edit = record.edit if isinstance(record.edit, dict) else {}
    edited_at = wire.moment(edit.get("time"))
    return Comment(
        id=comment_id,
        thread_id=_url(record) or source.thread_name,
        parent_id=wire.identifier(record.pid),
        text=body.text,
        quotes=body.quotes,
        author=None if deleted else wire.name(user.get("name")) or wire.name(user.get("id")),
        created=wire.moment(record.time),
        edited=edited_at is not None,
        edited_at=edited_at,
        score=wire.number(record.score),
        status="deleted" if deleted else "ok" if body.text else "empty",
        source=source.path if line is None else f"{source.path}:{line}",
    )


def _body(record: Record) -> Body:
    """Read the rendered text; the Markdown it was made from where there is none."""
    rendered = wire.text(record.text)
    return from_html(rendered) if rendered else from_markdown(wire.text(record.orig))


def _url(record: Record) -> str | None:
    return wire.name(record.locator.get("url")) if isinstance(record.locator, dict) else None


def sniff_remark42(sample: Sample) -> float:
    """Recognize a comment by its `pid` and `locator`, or the first line of a backup."""
    value = wire.glance(sample)
    for raw in _comments(value):
        return 0.97 if isinstance(raw, dict) and {"pid", "locator"} <= set(raw) else 0.0
    if isinstance(value, dict) and "version" in value and {"users", "posts"} <= set(value) and "comments" not in value:
        return 0.95 if '"locator"' in sample.text else 0.5
    return 0.0


FORMATS = (
    Format(
        name="remark42",
        title="remark42 (backups, API answers)",
        keeps="ids, pid, author, times, edits, score, deletions, page url and title",
        loses="votes of single users, blocked users, pins",
        sniff=sniff_remark42,
        read=read_remark42,
    ),
)
