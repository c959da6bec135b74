"""Read YouTube comments as its Data API gives them: comment threads, lists of replies, videos; in any document.

Replies are one level deep; those beyond the few that a thread holds come from separate requests. The video is the post,
where its own record is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Notice, Sample, Skip, Source
from discourse.text import Body, from_html, from_plain
from discourse.threads import Comment

_OWN_LINK = re.compile(r'<a\b[^<>]*href="(?:https?:)?//(?:www\.)?youtube\.com/[^"<>]*"[^<>]*>(.*?)</a>', re.DOTALL)
"""Links of a time, hashtag or name to YouTube itself, which the site makes of words."""
_MARKUP = re.compile(r"<br ?/?>|<a\s|<b>|<i>|&(?:#\d+|amp|lt|gt|quot);")
_LISTS = ("items", "comments", "threads", "replies", "data", "videos")


class Resource(msgspec.Struct):
    """What is read of a comment thread, comment or video; https://developers.google.com/youtube/v3/docs."""

    kind: Any = None
    id: Any = None
    snippet: Any = None
    replies: Any = None
    statistics: Any = None


class Snippet(msgspec.Struct, rename="camel"):
    """What is read of the three kinds of snippets."""

    video_id: Any = None
    channel_id: Any = None
    parent_id: Any = None
    top_level_comment: Any = None
    total_reply_count: Any = None
    text_original: Any = None
    text_display: Any = None
    author_display_name: Any = None
    like_count: Any = None
    published_at: Any = None
    updated_at: Any = None
    title: Any = None
    description: Any = None
    channel_title: Any = None


@dataclass(slots=True)
class _Books:
    """Count replies that are announced and found, and remember the videos of comments whose replies may not name it."""

    videos: dict[str, str] = field(default_factory=dict)
    announced: int = 0
    replies: int = 0


def read_youtube(source: Source) -> Iterator[Event]:
    """Yield the comments and videos of a file; a thread is a video. Says how many announced replies are missing."""
    books = _Books()
    for item in wire.documents(source):
        if not isinstance(item, Skip):
            for resource, video in _resources(item[1]):
                _remember(resource, video, books)
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        place = source.path if line is None else f"{source.path}:{line}"
        for resource, video in _resources(value):
            found = list(_events(resource, video, books, place))
            yield from found or [source.skip("is neither a comment nor a video", line)]
    if books.announced > books.replies:
        missing = books.announced - books.replies
        yield Notice(source.path, f"{books.announced} replies are announced, {missing} of them are not in the file")


def _resources(value: Any, video: str | None = None) -> Iterator[tuple[Resource, str | None]]:
    """Yield the resources in a document, in order, with the video that is named around them. Does not recurse."""
    waiting: list[tuple[Any, str | None]] = [(value, video)]
    while waiting:
        raw, around = waiting.pop()
        if isinstance(raw, list):
            waiting.extend((record, around) for record in reversed(raw))
        elif isinstance(raw, dict):
            if isinstance(raw.get("snippet"), dict):
                resource = wire.convert(raw, Resource)
                if resource is not None:
                    yield resource, around
                continue
            around = wire.identifier(raw.get("videoId")) or wire.identifier(raw.get("video_id")) or around
            inner = [raw[name] for name in (*_LISTS, "video") if isinstance(raw.get(name), list | dict)]
            waiting.extend((record, around) for record in reversed(inner))


def _remember(resource: Resource, around: str | None, books: _Books) -> None:
    snippet = _snippet(resource)
    video = wire.identifier(snippet.video_id) or around
    top = wire.convert(snippet.top_level_comment, Resource) or resource
    comment_id = wire.identifier(top.id)
    if video and comment_id and wire.identifier(snippet.parent_id) is None:
        books.videos[comment_id] = video


def _events(resource: Resource, around: str | None, books: _Books, place: str) -> Iterator[Event]:
    snippet = _snippet(resource)
    top = wire.convert(snippet.top_level_comment, Resource)
    if top is not None:
        video = wire.identifier(snippet.video_id) or around
        books.announced += int(wire.number(snippet.total_reply_count) or 0)
        yield from _comment(top, video, books, place)
        replies = resource.replies.get("comments") if isinstance(resource.replies, dict) else resource.replies
        for reply in wire.listing(replies):
            inner = wire.convert(reply, Resource)
            if inner is not None:
                yield from _comment(inner, video, books, place, under=wire.identifier(top.id))
    elif snippet.text_original is not None or snippet.text_display is not None:
        yield from _comment(resource, around, books, place)
    elif snippet.title is not None and resource.kind in (None, "youtube#video"):
        yield from _video(resource, snippet, place)


def _comment(
    resource: Resource, video: str | None, books: _Books, place: str, under: str | None = None
) -> Iterator[Comment]:
    snippet = _snippet(resource)
    comment_id = wire.identifier(resource.id)
    if comment_id is None:
        return
    parent = wire.identifier(snippet.parent_id) or under
    if parent is None and "." in comment_id:
        parent = comment_id.split(".", 1)[0]
    books.replies += parent is not None
    thread_id = wire.identifier(snippet.video_id) or video or books.videos.get(parent or comment_id)
    created, edited_at = wire.moment(snippet.published_at), wire.moment(snippet.updated_at)
    edited = edited_at is not None and edited_at != created
    body = _body(snippet)
    yield Comment(
        id=comment_id,
        thread_id=thread_id or wire.identifier(snippet.channel_id) or parent or comment_id,
        parent_id=parent,
        text=body.text,
        quotes=body.quotes,
        author=wire.name(snippet.author_display_name),
        created=created,
        edited=edited,
        edited_at=edited_at if edited else None,
        score=wire.number(snippet.like_count),
        status="ok" if body.text else "empty",
        source=place,
    )


def _video(resource: Resource, snippet: Snippet, place: str) -> Iterator[Event]:
    video = wire.identifier(resource.id)
    if video is None:
        return
    statistics = resource.statistics if isinstance(resource.statistics, dict) else {}
    announced = wire.number(statistics.get("commentCount"))
    url = f"https://www.youtube.com/watch?v={video}"
    title = wire.name(snippet.title)
    yield Head(video, title=title, url=url, announced=None if announced is None else int(announced))
    words = from_plain(wire.text(snippet.description)).text
    yield Comment(
        id=video,
        thread_id=video,
        kind="post",
        text=words,
        author=wire.name(snippet.channel_title),
        created=wire.moment(snippet.published_at),
        score=wire.number(statistics.get("likeCount")),
        title=title,
        url=url,
        status="ok" if words or title else "empty",
        source=place,
    )


def _snippet(resource: Resource) -> Snippet:
    return wire.convert(resource.snippet, Snippet) or Snippet()


def _body(snippet: Snippet) -> Body:
    """Read the text as its author typed it, else as the site shows it (HTML, or plain if the request said so)."""
    original = wire.text(snippet.text_original)
    shown = wire.text(snippet.text_display)
    if original or not _MARKUP.search(shown):
        return from_plain(original or shown)
    return from_html(_OWN_LINK.sub(r"\1", shown))


def sniff_youtube(sample: Sample) -> float:
    """Recognize the API's kinds of resources, or their snippets."""
    for resource, _ in _resources(wire.glance(sample)):
        if isinstance(resource.kind, str) and resource.kind.startswith("youtube#comment"):
            return 0.98
        snippet = _snippet(resource)
        if snippet.top_level_comment is not None or {snippet.text_original, snippet.text_display} != {None}:
            return 0.9
    start = sample.text[:2000]
    return 0.9 if '"youtube#comment' in start or '"youtube#commentThreadListResponse"' in start else 0.0


FORMATS = (
    Format(
        name="youtube",
        title="YouTube Data API (commentThreads, comments, videos)",
        keeps="ids, parentId, author, times, edits, likes as score; the video as post where its record is there",
        loses="channel ids, ratings",
        sniff=sniff_youtube,
        read=read_youtube,
    ),
)
