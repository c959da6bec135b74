"""Read the JSONL that forum-dl writes of any forum: boards, threads, posts and files, one a line.

A post's `subpath` is the way to it inside its thread: the last is its id, the last but one its parent; the opening post
has none where the forum has a tree. Flat forums give no parents. Discourse posts carry their own reply field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import Body, from_html, from_plain
from discourse.threads import Comment

_TREES = frozenset({"hackernews", "hn", "hyperkitty", "pipermail", "hypermail", "discourse", "pushshift", "reddit"})
"""Extractors whose forums state replies; of the others the first post of a thread opens it."""


class Entry(msgspec.Struct):
    """What is read of a line; forum_dl/writers/common.py documents it. Old versions wrote the item alone."""

    generator: Any = None
    extractor: Any = None
    type: Any = None
    item: Any = None
    path: Any = None


class Item(msgspec.Struct):
    """What is read of an item; forum_dl/extractors/common.py documents it."""

    path: Any = None
    subpath: Any = None
    url: Any = None
    data: Any = None
    title: Any = None
    author: Any = None
    username: Any = None
    creation_time: Any = None
    date: Any = None
    content: Any = None


class Raw(msgspec.Struct):
    """What is read of the forum's own record, where forum-dl keeps it (Discourse, Hacker News)."""

    topic_id: Any = None
    post_number: Any = None
    reply_to_post_number: Any = None
    score: Any = None
    updated_at: Any = None
    version: Any = None
    deleted: Any = None
    title: Any = None


def read_forum_dl(source: Source) -> Iterator[Event]:
    """Yield the threads and posts of a file; a thread is called by its path through the boards."""
    opened: set[str] = set()
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for record in value if isinstance(value, list) else [value]:
            entry = wire.convert(record, Entry)
            found = wire.convert(entry.item if entry and entry.item is not None else record, Item) if entry else None
            if entry is None or found is None or not isinstance(found.path, list):
                yield source.skip("is no line of forum-dl (it has no path)", line)
                continue
            yield from _events(entry, found, opened, source, line)


def _events(entry: Entry, found: Item, opened: set[str], source: Source, line: int | None) -> Iterator[Event]:
    path, subpath = _names(found.path), _names(found.subpath)
    kind = entry.type if isinstance(entry.type, str) else _kind(found)
    if kind == "thread":
        yield Head("/".join(path), title=wire.name(found.title), url=wire.name(found.url))
    if kind != "post":
        return
    if not isinstance(found.subpath, list) and len(path) > 1:  # old versions: the path of the thread, then the id
        path, subpath = path[:-1], path[-1:]
    if not path:
        yield source.skip("is a post without a path", line)
        return
    thread_id = "/".join(path)
    extractor = wire.text(entry.extractor).lower()
    raw = wire.convert(found.data, Raw) or Raw()
    comment_id, parent = _place(path, subpath, raw, extractor)
    is_tree = extractor in _TREES or len(subpath) > 1
    opens = parent is None and (_is_root(path, subpath, raw) if is_tree else thread_id not in opened)
    if thread_id not in opened:
        opened.add(thread_id)
        yield Head(thread_id, title=wire.name(raw.title), reply_field=is_tree)
    place = source.path if line is None else f"{source.path}:{line}"
    yield _comment(found, raw, thread_id, comment_id, parent, opens, place)


def _place(path: list[str], subpath: list[str], raw: Raw, extractor: str) -> tuple[str, str | None]:
    """Return a post's id and its parent's; a Discourse post is topic:number, as its reply field counts."""
    topic, number = wire.identifier(raw.topic_id), wire.identifier(raw.post_number)
    if extractor == "discourse" and topic and number:
        answered = wire.identifier(raw.reply_to_post_number)
        return f"{topic}:{number}", f"{topic}:{answered}" if answered else None
    return (subpath or path)[-1], subpath[-2] if len(subpath) > 1 else None


def _is_root(path: list[str], subpath: list[str], raw: Raw) -> bool:
    """Tell whether a post of a tree opens its thread: it is number 1, has no way to it, or is the thread's namesake."""
    number = wire.identifier(raw.post_number)
    return number == "1" if number is not None else not subpath or subpath == path[-1:]


def _comment(
    found: Item, raw: Raw, thread_id: str, comment_id: str, parent: str | None, opens: bool, place: str
) -> Comment:
    body = _body(wire.text(found.content))
    edited = wire.number(raw.version)
    title = wire.name(found.title) or wire.name(raw.title)
    return Comment(
        id=comment_id,
        thread_id=thread_id,
        parent_id=parent,
        kind="post" if opens else "comment",
        text=body.text,
        quotes=body.quotes,
        author=wire.name(found.author) or wire.name(found.username),
        created=wire.moment(found.creation_time) or wire.moment(found.date),
        edited=edited > 1 if edited is not None else None,
        edited_at=wire.moment(raw.updated_at) if edited is not None and edited > 1 else None,
        score=wire.number(raw.score),
        title=title,
        url=wire.name(found.url),
        status="deleted" if raw.deleted is True else "ok" if body.text or (opens and title) else "empty",
        source=place,
    )


def _body(content: str) -> Body:
    """Read the content: HTML, or plain text if forum-dl was told to write it."""
    return from_html(content) if "<" in content and ">" in content else from_plain(content)


def _names(value: Any) -> list[str]:
    return [name for part in wire.listing(value) if (name := wire.identifier(part)) is not None]


def _kind(found: Item) -> str:
    """Tell what an item of an old version is, which does not say so."""
    if found.content is not None and (found.author is not None or found.username is not None):
        return "post"
    return "thread" if found.title is not None and found.content is None else "board"


def sniff_forum_dl(sample: Sample) -> float:
    """Recognize the generator's name, or the fields of its items."""
    value = wire.glance(sample)
    entry = wire.convert(value[0] if isinstance(value, list) and value else value, Entry)
    if entry is None:
        return 0.0
    if entry.generator == "forum-dl":
        return 0.99
    item = wire.convert(entry.item, Item)
    if item is not None and isinstance(item.path, list) and isinstance(entry.type, str):
        return 0.9 if entry.type in ("board", "thread", "post", "file") else 0.0
    old = wire.convert(value, Item) or Item()
    named = old.username is not None or old.author is not None or old.title is not None
    return 0.8 if isinstance(old.path, list) and old.path and isinstance(old.url, str) and named else 0.0


FORMATS = (
    Format(
        name="forum-dl",
        title="forum-dl JSONL",
        keeps="ids, the tree where the forum has one, author, times, titles, urls; quotes of HTML posts",
        loses="boards, files; scores except where the forum's own record is kept",
        sniff=sniff_forum_dl,
        read=read_forum_dl,
    ),
)
