"""Read comments as downloaders of videos write them: yt-dlp's info.json, lists of its comments, lines of others.

The video is the post. Times are what the site prints ("2 years ago"), turned into a date by the downloader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import Body, from_html, from_plain
from discourse.threads import Comment

_NO_PARENT = frozenset({"root", "0", "none", "null"})


class Info(msgspec.Struct):
    """What is read of a video's info.json; yt-dlp documents the fields in extractor/common.py."""

    id: Any = None
    title: Any = None
    fulltitle: Any = None
    description: Any = None
    comments: Any = None
    comment_count: Any = None
    webpage_url: Any = None
    uploader: Any = None
    channel: Any = None
    timestamp: Any = None
    upload_date: Any = None
    like_count: Any = None
    entries: Any = None
    extractor: Any = None


class Record(msgspec.Struct, rename={"shown_time": "_time_text"}):
    """What is read of a comment of yt-dlp (id, parent, …) or youtube-comment-downloader (cid, votes, …)."""

    id: Any = None
    cid: Any = None
    parent: Any = None
    text: Any = None
    html: Any = None
    author: Any = None
    author_id: Any = None
    timestamp: Any = None
    time_parsed: Any = None
    shown_time: Any = None
    time_text: Any = None
    time: Any = None
    like_count: Any = None
    votes: Any = None
    reply: Any = None


def read_yt_dlp(source: Source) -> Iterator[Event]:
    """Yield the videos of a file as posts, and their comments; a bare list of comments is one thread."""
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        place = source.path if line is None else f"{source.path}:{line}"
        yield from _document(value, source, line, place)


def _document(value: Any, source: Source, line: int | None, place: str) -> Iterator[Event]:
    waiting = [value]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, list):
            waiting.extend(reversed(raw))
        elif _is_record(raw):
            yield from _comment(raw, source.thread_name, source, line, place)
        elif isinstance(raw, dict):
            info = wire.convert(raw, Info) or Info()
            waiting.extend(reversed(wire.listing(info.entries)))
            yield from _video(info, source, line, place)
        elif raw is not None:
            yield source.skip("is neither a video nor a comment", line)


def _video(info: Info, source: Source, line: int | None, place: str) -> Iterator[Event]:
    video = wire.identifier(info.id)
    if video is None:
        if info.comments is None and info.entries is None:
            yield source.skip("is neither a video nor a comment", line)
        video = source.thread_name
    elif not wire.listing(info.entries):
        announced = wire.number(info.comment_count)
        title = wire.name(info.title) or wire.name(info.fulltitle)
        url = wire.name(info.webpage_url)
        yield Head(video, title=title, url=url, announced=None if announced is None else int(announced))
        words = from_plain(wire.text(info.description)).text
        yield Comment(
            id=video,
            thread_id=video,
            kind="post",
            text=words,
            author=wire.name(info.uploader) or wire.name(info.channel),
            created=wire.moment(info.timestamp) or wire.moment(_day(info.upload_date)),
            score=wire.number(info.like_count),
            title=title,
            url=url,
            status="ok" if words or title else "empty",
            source=place,
        )
    for raw in wire.listing(info.comments):
        if raw is not None:
            yield from _comment(raw, video, source, line, place)


def _comment(raw: Any, video: str, source: Source, line: int | None, place: str) -> Iterator[Event]:
    record = wire.convert(raw, Record)
    comment_id = (wire.identifier(record.id) or wire.identifier(record.cid)) if record else None
    if record is None or comment_id is None:
        yield source.skip("is a comment without an id", line)
        return
    parent = wire.identifier(record.parent)
    if record.cid is not None and parent is None and "." in comment_id:
        parent = comment_id.split(".", 1)[0]
    age = wire.name(record.shown_time) or wire.name(record.time_text) or wire.name(record.time)
    body = _body(record)
    yield Comment(
        id=comment_id,
        thread_id=video,
        parent_id=None if parent is None or parent.lower() in _NO_PARENT else parent,
        text=body.text,
        quotes=body.quotes,
        author=wire.name(record.author) or wire.name(record.author_id),
        created=wire.moment(record.timestamp) or wire.moment(record.time_parsed),
        age=age.split(" (", 1)[0] if age else None,
        edited=None if age is None else "(" in age,
        score=_count(record.like_count if record.like_count is not None else record.votes),
        status="ok" if body.text else "empty",
        source=place,
    )


def _body(record: Record) -> Body:
    words = wire.text(record.text)
    return from_plain(words) if words else from_html(wire.text(record.html))


def _day(written: Any) -> str:
    """Return the date of an `upload_date` ("20011101")."""
    digits = wire.text(written)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else ""


def _count(written: Any) -> float | None:
    """Return a number of likes, also one that the site shortened ("1.2K")."""
    if isinstance(written, str) and written[-1:].upper() in ("K", "M"):
        short = wire.number(written[:-1].replace(",", "."))
        return None if short is None else short * (1_000 if written[-1].upper() == "K" else 1_000_000)
    return wire.number(written)


def _is_record(raw: Any) -> bool:
    """Recognize a comment by the fields that only these two programs write."""
    if not isinstance(raw, dict) or not ("text" in raw or "html" in raw):
        return False
    written_by_yt_dlp = "parent" in raw and not {"author_is_uploader", "author_thumbnail", "_time_text"}.isdisjoint(raw)
    return written_by_yt_dlp or {"cid", "votes", "author"} <= set(raw)


def sniff_yt_dlp(sample: Sample) -> float:
    """Recognize an info.json by its extractor and formats, a comment by the fields that only downloaders write."""
    value = wire.glance(sample)
    first = value[0] if isinstance(value, list) and value else value
    if _is_record(first):
        return 0.95
    if not isinstance(first, dict):
        return 0.0
    marks = {"extractor", "extractor_key", "webpage_url", "formats", "thumbnails", "upload_date", "_type"} & set(first)
    comments = first.get("comments")
    if isinstance(comments, list) and comments and _is_record(comments[0]):
        return 0.97
    return 0.9 if len(marks) > 2 and "id" in first else 0.0


FORMATS = (
    Format(
        name="yt-dlp",
        title="Comments saved by yt-dlp (info.json) or youtube-comment-downloader",
        keeps="ids, parent, author, approximate times and the age as shown, likes as score; the video as post",
        loses="thumbnails, favorite and pinned marks",
        sniff=sniff_yt_dlp,
        read=read_yt_dlp,
    ),
)
