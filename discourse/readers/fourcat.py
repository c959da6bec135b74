"""Read what 4CAT exports: CSV, the same rows as JSON, raw TikTok comments and tweets.

Imageboards have no column for replies: the first `>>123` of the same thread is the parent. Of other sources the column
that names a parent is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from discourse.errors import InputError
from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.readers.delimited import guess_dialect, records
from discourse.readers.fourcat_items import ROW_MARKS, YOUTUBE_MARKS, as_row
from discourse.readers.greentext import Earlier, plain, references, split
from discourse.text import Body, from_markdown, from_plain
from discourse.threads import Comment, Status

_BOARD_MARKS = frozenset({"board", "image_file", "image_md5", "country_code", "country_name", "poster_id"})
_DELETED: dict[str, Status] = {"[deleted]": "deleted", "[removed]": "removed"}
_NOBODY = frozenset({"anonymous", "[deleted]", "nan", "none"})
_HEAD = 64 * 1024


class Row(msgspec.Struct):
    """What is read of a row; the sources' names for one thing are side by side."""

    id: Any = None
    thread_id: Any = None
    timestamp: Any = None
    unix_timestamp: Any = None
    body: Any = None
    subject: Any = None
    author: Any = None
    trip: Any = None
    parent: Any = None
    parent_id: Any = None
    reply_to: Any = None
    reply_to_id: Any = None
    in_reply_to: Any = None
    is_reply_to: Any = msgspec.field(default=None, name="isReplyTo")
    video_id: Any = msgspec.field(default=None, name="videoId")
    author_name: Any = msgspec.field(default=None, name="authorName")
    text: Any = None
    published_at: Any = msgspec.field(default=None, name="publishedAt")
    like_count: Any = msgspec.field(default=None, name="likeCount")
    is_comment_on_comment: Any = None
    post_id: Any = None
    post_body: Any = None
    post_url: Any = None
    score: Any = None
    likes: Any = None
    num_likes: Any = None
    url: Any = None
    link: Any = None
    language_guess: Any = None


@dataclass(slots=True)
class _Export:
    """Know what a file is: are there boards, is there a thread at all, which ids does it hold (as hashes)."""

    is_board: bool = False
    has_threads: bool = False
    held: set[int] = field(default_factory=set)
    earlier: Earlier = field(default_factory=Earlier)


def read_fourcat(source: Source) -> Iterator[Event]:
    """Yield the rows of an export as comments; a row that is its thread's namesake is the post."""
    export = _Export()
    for item in _rows(source):
        if not isinstance(item, Skip):
            _survey(item[1], export)
    previous = None
    for item in _rows(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, raw = item
        row = wire.convert(raw, Row)
        comment_id = wire.identifier(row.id) if row else None
        if row is None or comment_id is None:
            yield source.skip("is a row without an id", line)
            continue
        comment = _comment(row, comment_id, export, source, line)
        if comment.thread_id != previous or comment.kind == "post":
            title = comment.title if comment.kind == "post" or export.is_board else wire.name(row.post_body)
            yield Head(comment.thread_id, title=title, url=wire.name(row.post_url), reply_field=not export.is_board)
        previous = comment.thread_id
        yield comment


def _survey(raw: Mapping[str, Any], export: _Export) -> None:
    """Note what one row tells of the file."""
    comment_id, thread_id = wire.identifier(raw.get("id")), wire.identifier(raw.get("thread_id"))
    export.has_threads = export.has_threads or (thread_id is not None and comment_id != thread_id)
    export.is_board = not _BOARD_MARKS.isdisjoint(raw) and {"parent", "subreddit"}.isdisjoint(raw)
    if export.is_board or not {"reply_to", "in_reply_to"}.isdisjoint(raw):
        export.held.add(hash((thread_id, comment_id)))


def _comment(row: Row, comment_id: str, export: _Export, source: Source, line: int | None) -> Comment:
    thread_id = wire.identifier(row.thread_id) or source.thread_name
    parent = _stated_parent(row, export)
    if row.is_reply_to is not None:  # the comments of one video, whose thread column only repeats the reply
        thread_id = wire.identifier(row.video_id) or source.thread_name
    if row.is_comment_on_comment is not None:
        parent = thread_id if wire.flag(row.is_comment_on_comment) else None
        thread_id = wire.identifier(row.post_id) or thread_id
    words = wire.text(row.body if row.body is not None else row.text)
    author = _author(row)
    if export.is_board:
        words = plain(words)
        here = [number for number in references(words) if hash((thread_id, number)) in export.held]
        parent = parent or next((number for number in here if number != comment_id), None)
        body = split(words, thread_id, comment_id, author, here, export.earlier)
    else:
        body = Body("") if words.strip() in _DELETED else _body(words, row)
    opens = comment_id == thread_id and export.has_threads
    title = wire.name(row.subject)
    return Comment(
        id=comment_id,
        thread_id=thread_id,
        parent_id=None if opens or parent == comment_id else parent,
        kind="post" if opens else "comment",
        text=body.text,
        quotes=body.quotes,
        author=author,
        created=_first_moment(row.timestamp, row.unix_timestamp, row.published_at),
        score=_first_number(row.score, row.likes, row.num_likes, row.like_count),
        lang=_language(row.language_guess),
        title=title,
        url=wire.name(row.url) or wire.name(row.link),
        status=_DELETED.get(words.strip(), "ok" if body.text or (opens and title) else "empty"),
        source=source.path if line is None else f"{source.path}:{line}",
    )


def _stated_parent(row: Row, export: _Export) -> str | None:
    """Return the parent that a column names; Reddit's link to the post itself (t3_) is no parent.

    `reply_to` may also hold a person's name: it counts where it is the id of a row.
    """
    for value in (row.parent, row.parent_id, row.is_reply_to, row.reply_to_id):
        named = wire.identifier(value)
        if named is not None:
            return None if named.startswith("t3_") else named.removeprefix("t1_")
    thread_id = wire.identifier(row.thread_id)
    likely = (wire.identifier(row.reply_to), wire.identifier(row.in_reply_to))
    return next((named for named in likely if named and hash((thread_id, named)) in export.held), None)


def _author(row: Row) -> str | None:
    named = wire.name(row.author) or wire.name(row.author_name)
    if named is None or named.lower() in _NOBODY:
        return wire.name(row.trip)
    return named


def _body(words: str, row: Row) -> Body:
    """Read the words; those of Reddit are Markdown (only its rows have a `parent`)."""
    return from_markdown(words) if row.parent is not None else from_plain(words)


def _first_moment(*values: Any) -> Any:
    return next((found for value in values if (found := wire.moment(value)) is not None), None)


def _first_number(*values: Any) -> float | None:
    return next((found for value in values if (found := wire.number(value)) is not None), None)


def _language(value: Any) -> str | None:
    named = wire.name(value)
    return named if named is not None and 2 <= len(named) <= 3 and named not in ("un", "und") else None


def _rows(source: Source) -> Iterator[tuple[int | None, Mapping[str, Any]] | Skip]:
    """Yield the rows of a file by column name, whether it is CSV or JSON."""
    with source.open() as stream:
        head = stream.read(_HEAD)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        for item in wire.documents(source):
            if isinstance(item, Skip):
                yield item
                continue
            line, value = item
            for record in value if isinstance(value, list) else [value]:
                row = as_row(record)
                yield (line, row) if row is not None else source.skip("is no row of 4CAT", line)
        return
    dialect = guess_dialect(head.decode("utf-8", errors="replace"), head, len(head) < _HEAD)
    if dialect is None:
        raise InputError(f"{source.path}: is no table that 4CAT exports; see discourse formats")
    names: list[str] = []
    for found in records(source, dialect):
        if found.problem is not None:
            yield source.skip(found.problem, found.line)
        elif not names:
            names = [name.strip().removeprefix("\ufeff") for name in found.fields]
        elif len(found.fields) != len(names):
            yield source.skip(f"has {len(found.fields)} fields, the header has {len(names)}", found.line)
        else:
            yield found.line, dict(zip(names, found.fields, strict=True))


def sniff_fourcat(sample: Sample) -> float:
    """Recognize 4CAT's columns; of raw items, those that its collectors leave their marks in."""
    if sample.text[:64].lstrip().startswith(("{", "[")):
        value = wire.glance(sample)
        first = value[0] if isinstance(value, list) and value else value
        if not isinstance(first, dict) or as_row(first) is None:
            return 0.0
        collected = "__import_meta" in first or "source_platform" in first or {"cid", "aweme_id"} <= set(first)
        return 0.95 if collected or set(first) >= ROW_MARKS else 0.6
    line = sample.text.split("\n", 1)[0]
    names = {name.strip().strip('"').strip() for name in line.replace(";", ",").replace("\t", ",").split(",")}
    return 0.95 if names >= ROW_MARKS else 0.9 if names >= YOUTUBE_MARKS else 0.0


FORMATS = (
    Format(
        name="4cat",
        title="4CAT exports (CSV, JSON lines), YouTube Data Tools comment lists",
        keeps="ids, threads, the parent where a column or the first >>link states it, author, time, scores, subject",
        loses="columns of single platforms; further links of imageboard posts",
        sniff=sniff_fourcat,
        read=read_fourcat,
    ),
)
