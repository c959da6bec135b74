"""Read the Internet Argument Corpus, version 1: discussions/N.json, and the spans of quotes beside them.

A discussion is [posts, annotations, metadata], a post [id, side, author, text, annotations, parent, category, time].
Quoted words stand in the text; ranges/quotes/N.json says from where to where, and whose they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import clean
from discourse.threads import Comment, Quote

_DISCUSSION = re.compile(r"(?:^|/)discussions/[^/]+\.json(?:\.gz)?$")
_SITE = re.compile(r"^4Forums\.com Political Debates and Polls\s*-\s*", re.IGNORECASE)
_ORIGINALLY = re.compile(r"^\s*Originally posted by\s+([^\n]{1,60}?)\s*(?:\n|$)", re.IGNORECASE)
_SPANS_LIMIT = 64 * 1024 * 1024
"""Bytes of a file of spans that are read; the largest of the corpus has 0.3 MB."""


@dataclass(frozen=True, slots=True)
class Span:
    """Say which characters of a post are quoted, and from whom."""

    start: int
    end: int
    author: str | None


def read_iac(source: Source) -> Iterator[Event]:
    """Yield the posts of a discussion, or of all in a folder."""
    names = source.members()
    if not names:
        yield from _read_discussion(source, _spans_beside(source.path))
        return
    held = set(names)
    for name in names:
        if _DISCUSSION.search(name):
            root, number = name.rsplit("discussions/", 1)
            beside = (f"{root}ranges/quotes/{number}", f"{root}quotes/{number}")
            found = next((source.member(other) for other in beside if other in held), None)
            yield from _read_discussion(source.member(name), _spans(found.bytes()) if found else {})


def _read_discussion(source: Source, spans: dict[str, list[Span]]) -> Iterator[Event]:
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        parts = wire.listing(value)
        posts = wire.listing(parts[0]) if parts else []
        about = next((part for part in reversed(parts) if isinstance(part, dict) and part), {})
        stem = os.path.basename(source.path).split(".", 1)[0]
        thread_id = wire.identifier(about.get("id_number")) or wire.identifier(about.get("identifier")) or stem
        title = _SITE.sub("", wire.text(about.get("title"))).strip() or None
        yield Head(thread_id, title=title, url=wire.name(about.get("url")))
        opened = False
        for post in posts:
            comment = _comment(post, thread_id, spans, source.path, opened)
            if comment is None:
                if post is not None:
                    yield source.skip("is no post", line)
                continue
            opened = True
            yield comment


def _comment(post: Any, thread_id: str, spans: dict[str, list[Span]], place: str, opened: bool) -> Comment | None:
    fields = [*wire.listing(post), *[None] * 8][:8]
    post_id, _, author, words, notes, parent, _, time = fields
    comment_id = wire.identifier(post_id)
    if comment_id is None or not isinstance(words, str | None):
        return None
    text, quotes = _split(words or "", spans.get(comment_id, []))
    info = notes.get("post_info") if isinstance(notes, dict) else None
    parent_id = wire.identifier(parent)
    return Comment(
        id=comment_id,
        thread_id=thread_id,
        parent_id=parent_id,
        kind="post" if parent_id is None and not opened else "comment",
        text=text,
        quotes=quotes,
        author=wire.name(author),
        created=wire.moment(time),
        title=wire.name(info.get("post_title")) if isinstance(info, dict) else None,
        status="ok" if text else "empty",
        source=place,
    )


def _split(words: str, spans: list[Span]) -> tuple[str, tuple[Quote, ...]]:
    """Cut the quoted spans out of a text; one that reaches into another or beyond the text is shortened."""
    own: list[str] = []
    quotes: list[Quote] = []
    place = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start, end = max(span.start, place), min(span.end, len(words))
        if end <= start:
            continue
        own.append(words[place:start])
        quoted = words[start:end]
        named = _ORIGINALLY.match(quoted)
        said = clean(quoted[named.end() :] if named else quoted)
        if said:
            quotes.append(Quote(span.author or (named.group(1) if named else None), said))
        place = end
    own.append(words[place:])
    return clean("\n".join(part.strip() for part in own if part.strip())), tuple(quotes)


def _spans(data: bytes) -> dict[str, list[Span]]:
    """Read the spans of a discussion by post: [[post, [start, end, {author, quote_id}], …], …]."""
    try:
        value = wire.decode(data)
    except ValueError:
        return {}
    found: dict[str, list[Span]] = {}
    for record in wire.listing(value):
        post, *ranges = [*wire.listing(record), None]
        post_id = wire.identifier(post)
        for span in ranges if post_id is not None else ():
            start, end, about = [*wire.listing(span), None, None, None][:3]
            author = about.get("author") if isinstance(about, dict) else None
            if isinstance(start, int) and isinstance(end, int):
                found.setdefault(post_id or "", []).append(Span(max(start, 0), end, wire.name(author)))
    return found


def _spans_beside(path: str) -> dict[str, list[Span]]:
    """Read the spans that lie beside a discussion given by itself."""
    folder, name = os.path.split(path)
    root = os.path.dirname(folder)
    for beside in (os.path.join(root, "ranges", "quotes", name), os.path.join(root, "quotes", name)):
        try:
            with open(beside, "rb") as stream:
                return _spans(stream.read(_SPANS_LIMIT))
        except OSError:
            continue
    return {}


def sniff_iac(sample: Sample) -> float:
    """Recognize a discussion by the shape of its first post."""
    parts = wire.listing(wire.glance(sample))
    posts = wire.listing(parts[0]) if parts else []
    post = wire.listing(posts[0]) if posts else []
    if not 4 <= len(post) <= 8 or not isinstance(post[0], int | str) or not isinstance(post[3], str | None):
        return 0.0
    typed = len(post) < 6 or (isinstance(post[4], dict | list | None) and isinstance(post[5], int | str | None))
    return 0.95 if typed and isinstance(post[2], str | None) and len(post) == 8 else 0.4 if typed else 0.0


def is_corpus_folder(folder: str) -> bool:
    """Recognize a folder with discussions and the quotes or other annotations beside them."""
    inside = os.path.join(folder, "discussions")
    beside = ("ranges", "quotes", "annotations", "author_stance.csv")
    try:
        return any(os.path.exists(os.path.join(folder, name)) for name in beside) and any(
            name.split(".", 1)[0].isdigit() for name in os.listdir(inside)
        )
    except OSError:
        return False


FORMATS = (
    Format(
        name="iac",
        title="Internet Argument Corpus v1 (discussions with quotes)",
        keeps="ids, parents, authors, times, titles; quoted spans with their authors",
        loses="sides, annotations, the ids of quoted posts",
        sniff=sniff_iac,
        read=read_iac,
        folder=is_corpus_folder,
    ),
)
