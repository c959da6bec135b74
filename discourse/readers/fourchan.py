"""Read 4chan's JSON and that of its relatives: threads, catalogs, boards, archives line by line, FoolFuuka.

There is no reply field: the first `>>123` that names a post of the same thread is the parent. A thread is named after
its first post.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.readers.greentext import LINK, Earlier, plain, references, split
from discourse.text import clean
from discourse.threads import Comment

_HREF = re.compile(r"href=[\"']?([^\"'#\s>]*)#?[pq_]?(\d*)", re.IGNORECASE)
_THREAD_IN_URL = re.compile(r"(?:thread|res)/(\d+)|^(\d+)$")


class Post(msgspec.Struct):
    """What is read of a post of the 4chan API (no, resto, com …) or of FoolFuuka (num, thread_num, comment …)."""

    no: Any = None
    num: Any = None
    resto: Any = None
    thread_num: Any = None
    op: Any = None
    com: Any = None
    comment: Any = None
    comment_processed: Any = None
    name: Any = None
    trip: Any = None
    id: Any = None
    poster_hash: Any = None
    time: Any = None
    timestamp: Any = None
    sub: Any = None
    title: Any = None
    replies: Any = None
    last_replies: Any = None
    ext: Any = None


def read_fourchan(source: Source) -> Iterator[Event]:
    """Yield the posts of a file; a post without a reference in its thread has no parent."""
    earlier = Earlier()
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for raws in _threads(value):
            posts = [post for raw in raws if (post := wire.convert(raw, Post)) is not None]
            opening = next((_number(post) for post in posts if _opens(post)), None)
            held: dict[str, set[str]] = {}
            for post in posts:
                held.setdefault(_thread(post, opening, source), set()).add(_number(post) or "")
            for post in posts:
                yield from _events(post, _thread(post, opening, source), held, earlier, source, line)
            for _ in range(len([raw for raw in raws if raw is not None]) - len(posts)):
                yield source.skip("is no post", line)


def _events(
    post: Post, thread_id: str, held: dict[str, set[str]], earlier: Earlier, source: Source, line: int | None
) -> Iterator[Event]:
    number = _number(post)
    if number is None:
        yield source.skip("is a post without a number", line)
        return
    is_opening = _opens(post)
    title = clean(wire.text(post.sub) or wire.text(post.title)) or None
    if is_opening:
        replies = wire.number(post.replies)
        yield Head(thread_id, title=title, announced=None if replies is None else int(replies))
    markup = wire.text(post.com) or wire.text(post.comment_processed) or wire.text(post.comment)
    answered = _answered(markup, thread_id, held[thread_id], earlier.posts(thread_id))
    author = _author(post)
    body = split(plain(markup), thread_id, number, author, answered, earlier)
    yield Comment(
        id=number,
        thread_id=thread_id,
        parent_id=answered[0] if answered and not is_opening else None,
        kind="post" if is_opening else "comment",
        text=body.text,
        quotes=body.quotes,
        author=author,
        created=wire.moment(post.time) or wire.moment(post.timestamp),
        title=title,
        status="ok" if body.text else "empty",
        source=source.path if line is None else f"{source.path}:{line}",
    )


def _threads(value: Any) -> Iterator[list[Any]]:
    """Yield the posts of each thread in a document: a thread, a catalog, a page of a board, FoolFuuka, single posts."""
    waiting = [value]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, list):
            posts = [record for record in raw if _is_post(record)]
            if posts:
                yield [inner for post in posts for inner in (post, *wire.listing(post.get("last_replies")))]
            waiting.extend(reversed([record for record in raw if not _is_post(record)]))
        elif _is_post(raw):
            yield [raw, *wire.listing(raw.get("last_replies"))]
        elif isinstance(raw, dict):
            if isinstance(raw.get("posts"), list):
                yield raw["posts"]
            elif isinstance(raw.get("op"), dict) or isinstance(raw.get("posts"), dict):
                inner = raw["posts"] if isinstance(raw.get("posts"), dict) else {}
                yield [*filter(None, [raw.get("op")]), *inner.values()]
            else:
                waiting.extend(reversed([inner for inner in raw.values() if isinstance(inner, dict | list)]))


def _is_post(raw: Any) -> bool:
    return isinstance(raw, dict) and (
        ("no" in raw and not {"resto", "com", "time", "now"}.isdisjoint(raw)) or {"num", "thread_num"} <= set(raw)
    )


def _number(post: Post) -> str | None:
    return wire.identifier(post.no) or wire.identifier(post.num)


def _thread(post: Post, opening: str | None, source: Source) -> str:
    if _opens(post):
        return _number(post) or source.thread_name
    named = wire.identifier(post.resto) or wire.identifier(post.thread_num)
    return named or opening or source.thread_name


def _opens(post: Post) -> bool:
    if post.num is not None and post.no is None:
        return wire.flag(post.op) is True or wire.identifier(post.num) == wire.identifier(post.thread_num)
    return wire.identifier(post.resto) in ("0", _number(post))


def _answered(markup: str, thread_id: str, *held: Container[str]) -> list[str]:
    """List the posts of this thread that a post names, in order; links to other threads are left out."""
    found: list[str] = []
    for link in LINK.finditer(markup):
        href = _HREF.search(link.group(1))
        path = href.group(1) if href else ""
        named = _THREAD_IN_URL.search(path)
        here = not path if named is None else (named.group(1) or named.group(2)) == thread_id
        if here or any(link.group(2) in numbers for numbers in held):
            found.append(link.group(2))
    if not found and "<a" not in markup:
        found = [number for number in references(clean(markup)) if any(number in numbers for numbers in held)]
    return list(dict.fromkeys(found))


def _author(post: Post) -> str | None:
    """Return name and tripcode, else the id that stands for a person within the thread; Anonymous is nobody."""
    name = wire.name(clean(wire.text(post.name)))
    person = wire.name(post.id) or wire.name(post.poster_hash)
    named = "" if name is None or name.lower() == "anonymous" else name
    written = f"{named}{wire.name(post.trip) or ''}"
    return written or (f"Anonymous {person}" if person and person != "Heaven" else None)


def sniff_fourchan(sample: Sample) -> float:
    """Recognize posts by the API's field names, in any of its documents."""
    if '"no"' not in sample.text and '"thread_num"' not in sample.text:
        return 0.0
    for raws in _threads(wire.glance(sample)):
        first = next((raw for raw in raws if isinstance(raw, dict)), {})
        if "no" in first and ("resto" in first or {"com", "time"} <= set(first)):
            return 0.97
        if {"num", "thread_num"} <= set(first) and not {"comment", "comment_processed", "op"}.isdisjoint(first):
            return 0.95
    return 0.0


FORMATS = (
    Format(
        name="4chan",
        title="4chan JSON (threads, catalogs, archives) and relatives (8kun, vichan, FoolFuuka)",
        keeps="numbers, the first >>link in the thread as parent, name and tripcode or poster id, times, subject",
        loses="further links, files, flags; a greentext is a quote where an earlier post says so",
        sniff=sniff_fourchan,
        read=read_fourchan,
        reply_field=False,
    ),
)
