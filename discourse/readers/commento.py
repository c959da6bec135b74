"""Read Commento and Commento++: exports, and answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import Body, from_html, from_markdown
from discourse.threads import Comment

_NOBODY = frozenset({"", "anonymous"})


class Export(msgspec.Struct):
    """What is read of an export; `commenters` is a list there, a mapping in answers of the API."""

    comments: Any = None
    commenters: Any = None
    domain: Any = None
    path: Any = None


class Record(msgspec.Struct, rename="camel"):
    """What is read of a comment; api/comment.go documents it."""

    comment_hex: Any = None
    parent_hex: Any = None
    commenter_hex: Any = None
    domain: Any = None
    url: Any = None
    path: Any = None
    markdown: Any = None
    html: Any = None
    score: Any = None
    creation_date: Any = None
    deleted: Any = None


class Commenter(msgspec.Struct, rename="camel"):
    """What is read of a commenter."""

    commenter_hex: Any = None
    name: Any = None


def read_commento(source: Source) -> Iterator[Event]:
    """Yield the comments of an export; a thread is a page, called by its address without https://."""
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        export = wire.convert(value, Export) or Export(comments=value)
        names = _names(export.commenters)
        for raw in wire.listing(export.comments):
            record = wire.convert(raw, Record)
            comment_id = wire.identifier(record.comment_hex) if record else None
            if record is None or comment_id is None:
                if raw is not None:
                    yield source.skip("is a comment without a commentHex", line)
                continue
            comment = _comment(record, comment_id, export, names, source)
            yield Head(comment.thread_id, url=f"https://{comment.thread_id}" if record.domain else None)
            yield comment


def _comment(record: Record, comment_id: str, export: Export, names: dict[str, str], source: Source) -> Comment:
    parent = wire.identifier(record.parent_hex)
    person = wire.identifier(record.commenter_hex) or ""
    deleted = wire.flag(record.deleted) is True
    body = Body("") if deleted else _body(record)
    page = wire.text(record.url) or wire.text(record.path) or wire.text(export.path)
    return Comment(
        id=comment_id,
        thread_id=f"{wire.text(record.domain) or wire.text(export.domain)}{page}" or source.thread_name,
        parent_id=None if parent == "root" else parent,
        text=body.text,
        quotes=body.quotes,
        author=names.get(person) or (None if person in _NOBODY else person),
        created=wire.moment(record.creation_date),
        score=wire.number(record.score),
        status="deleted" if deleted else "ok" if body.text else "empty",
        source=source.path,
    )


def _names(commenters: Any) -> dict[str, str]:
    """Return the name of each commenter whose name is known."""
    listed = commenters.items() if isinstance(commenters, dict) else [(None, raw) for raw in wire.listing(commenters)]
    names: dict[str, str] = {}
    for key, raw in listed:
        person = wire.convert(raw, Commenter)
        identity = (wire.identifier(person.commenter_hex) or wire.identifier(key)) if person else None
        name = wire.name(person.name) if person else None
        if identity is not None and name is not None and identity not in _NOBODY:
            names[identity] = name
    return names


def _body(record: Record) -> Body:
    written = wire.text(record.markdown)
    return from_markdown(written) if written else from_html(wire.text(record.html))


def sniff_commento(sample: Sample) -> float:
    """Recognize comments by `commentHex` and `parentHex`."""
    value = wire.glance(sample)
    export = wire.convert(value, Export) or Export(comments=value)
    first = next(iter(wire.listing(export.comments)), None)
    if isinstance(first, dict):
        return 0.97 if {"commentHex", "parentHex"} <= set(first) else 0.0
    return 0.6 if isinstance(value, dict) and {"version", "comments", "commenters"} <= set(value) else 0.0


FORMATS = (
    Format(
        name="commento",
        title="Commento and Commento++ (export, API answers)",
        keeps="ids, parentHex, commenter's name, times, score, deletions, page",
        loses="approval states, votes of single users",
        sniff=sniff_commento,
        read=read_commento,
    ),
)
