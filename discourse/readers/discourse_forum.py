"""Read the forum software Discourse: topics, pages of posts, archives of one file per post, posts one a line.

A post's id is `topic:post_number`. Posts come in any order and more than once: the one updated last stands. Fields as
the API writes them (docs.discourse.org, and github.com/discourse/discourse, post_serializer.rb).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.text import Body, clean, from_html, from_markdown
from discourse.threads import Comment, Status

_OWN_MARKS = 0.95
_LISTS = ("topic", "post", "post_stream", "posts", "latest_posts", "topics", "data", "results")
_SMALL_ACTION = 3
"""`post_type` of "closed this topic", "moved posts" and the like: an event, nobody's words (post.rb, Post.types)."""
_LIKE = 2
"""`id` of likes among the actions on a post (post_action_type.rb)."""
_GONE = re.compile(
    r"\s*(?:<p>)?\((?:post|topic) (?:deleted|withdrawn) by (?:the )?author[^()<]{0,120}\)(?:</p>)?\s*", re.I
)
"""What stands for the words that an author deleted (server.en.yml, js.post.deleted_by_author)."""


class _Post(msgspec.Struct, kw_only=True):
    """Hold the fields of a post that are read; any type may come."""

    topic_id: Any = None
    post_number: Any = None
    reply_to_post_number: Any = None
    username: Any = None
    name: Any = None
    display_username: Any = None
    created_at: Any = None
    updated_at: Any = None
    version: Any = None
    cooked: Any = None
    raw: Any = None
    blurb: Any = None
    user_deleted: Any = None
    deleted_at: Any = None
    hidden: Any = None
    post_type: Any = None
    actions_summary: Any = None
    like_count: Any = None
    reaction_users_count: Any = None
    locale: Any = None
    topic_title: Any = None
    post_url: Any = None


class _Action(msgspec.Struct, kw_only=True):
    id: Any = None
    count: Any = None


class _Topic(msgspec.Struct, kw_only=True):
    """Hold what a topic says of itself; `stream` lists the ids of all its posts."""

    id: Any = None
    title: Any = None
    posts_count: Any = None
    post_stream: Any = None


def read(source: Source) -> Iterator[Event]:
    """Read answers of the API or posts, one or one a line."""
    titled: set[str] = set()
    for found in wire.documents(source):
        if isinstance(found, Skip):
            yield found
        else:
            yield from _walk(source, *found, titled)


def _walk(source: Source, line: int | None, value: Any, titled: set[str]) -> Iterator[Event]:
    """Read every post in an answer, in order; a post that names no topic is of the one it stands in.

    `titled` holds the topics whose title was told by one of their posts.
    """
    stack: list[tuple[Any, str | None]] = [(value, None)]
    while stack:
        found, topic_id = stack.pop()
        if isinstance(found, list):
            stack.extend((inner, topic_id) for inner in reversed(found))
        elif not isinstance(found, Mapping):
            if found is not None:
                yield source.skip("is no Discourse post", line)
        elif _is_post(found):
            yield from _post(source, line, found, topic_id, titled)
        else:
            is_topic = "post_stream" in found or ("title" in found and "posts_count" in found)
            if is_topic:
                topic = wire.convert(found, _Topic) or _Topic()
                topic_id = wire.identifier(topic.id) or topic_id
                if topic_id is not None:
                    yield _head(topic, topic_id)
            inner = [found[name] for name in _LISTS if isinstance(found.get(name), (Mapping, list))]
            stack.extend((held, topic_id) for held in reversed(inner))
            if not inner and not is_topic and "stream" not in found:
                yield source.skip(f"is no Discourse post (keys: {_some(found)})", line)


def _is_post(found: Mapping[str, Any]) -> bool:
    return "post_number" in found or (("cooked" in found or "raw" in found) and "username" in found)


def _some(found: Mapping[str, Any]) -> str:
    return ", ".join(map(str, list(found)[:6])) or "none"


def _head(topic: _Topic, topic_id: str) -> Head:
    """Say what a topic says of itself; its stream counts the opening post too."""
    stream = topic.post_stream.get("stream") if isinstance(topic.post_stream, Mapping) else None
    posts = len(stream) if isinstance(stream, list) and stream else wire.number(topic.posts_count)
    announced = None if posts is None else max(int(posts) - 1, 0)
    return Head(topic_id, title=clean(wire.text(topic.title)) or None, announced=announced)


def _post(
    source: Source, line: int | None, found: Mapping[str, Any], around: str | None, titled: set[str]
) -> Iterator[Event]:
    post = wire.convert(found, _Post) or _Post()
    number = wire.identifier(post.post_number)
    if number is None:
        yield source.skip("a post has no post_number", line)
        return
    topic_id = wire.identifier(post.topic_id) or around or source.thread_name
    title = clean(wire.text(post.topic_title)) or None
    if title is not None and topic_id not in titled:
        titled.add(topic_id)
        yield Head(topic_id, title=title)
    replied = wire.identifier(post.reply_to_post_number)
    body, status = _words(post)
    created, updated = wire.moment(post.created_at), wire.moment(post.updated_at)
    opens = number == "1"
    yield Comment(
        id=f"{topic_id}:{number}",
        thread_id=topic_id,
        parent_id=None if replied is None or opens else f"{topic_id}:{replied}",
        kind="post" if opens else "comment",
        text=body.text,
        quotes=body.quotes,
        author=wire.name(post.username) or wire.name(post.display_username) or wire.name(post.name),
        created=created,
        edited=_edited(post, created, updated),
        edited_at=updated if updated is not None and updated != created else None,
        score=_likes(post),
        lang=_language(post),
        title=title if opens else None,
        url=_url(post),
        status="ok" if status == "empty" and opens and title else status,
        source=source.path if line is None else f"{source.path}:{line}",
    )


def _words(post: _Post) -> tuple[Body, Status]:
    """Return own words and quotes: of the page where it is there, else of what the author typed."""
    cooked, raw = wire.text(post.cooked), wire.text(post.raw)
    if wire.flag(post.user_deleted) or _GONE.fullmatch(cooked or raw):
        return Body(""), "deleted"
    if wire.flag(post.hidden) or wire.moment(post.deleted_at) is not None:
        return Body(""), "removed"
    if wire.number(post.post_type) == _SMALL_ACTION:
        return Body(""), "empty"
    body = from_html(cooked) if cooked.strip() else from_markdown(raw or wire.text(post.blurb))
    return body, "ok" if body.text or body.quotes else "empty"


def _edited(post: _Post, created: datetime | None, updated: datetime | None) -> bool | None:
    """Tell whether a post was edited: its version says so; a change in the first minutes makes no new version."""
    version = wire.number(post.version)
    if version is not None:
        return version > 1
    return None if created is None or updated is None else updated > created


def _likes(post: _Post) -> float | None:
    """Count the likes; the field `score` is a figure of the server's own, made of reads and links too."""
    likes = wire.number(post.like_count)
    if likes is not None:
        return likes
    actions = [wire.convert(action, _Action) for action in wire.listing(post.actions_summary)]
    counts = [wire.number(action.count) or 0.0 for action in actions if action is not None and action.id == _LIKE]
    if counts:
        return counts[0]
    reactions = wire.number(post.reaction_users_count)
    return reactions if reactions is not None else 0.0 if isinstance(post.actions_summary, list) else None


def _language(post: _Post) -> str | None:
    """Return the language that the site keeps for a post ("pt_BR" → "pt")."""
    return wire.text(post.locale).replace("_", "-").split("-")[0].lower() or None


def _url(post: _Post) -> str | None:
    url = wire.name(post.post_url)
    return url if url is not None and url.startswith(("http://", "https://")) else None


def _sniff(sample: Sample) -> float:
    """Recognize a topic by its stream, a post by its number in a topic."""
    stack = [wire.glance(sample)]
    for _ in range(12):
        if not stack:
            break
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(found[:1])
        elif isinstance(found, Mapping):
            if isinstance(found.get("post_stream"), Mapping):
                return _OWN_MARKS
            if "post_number" in found and ("topic_id" in found or "cooked" in found):
                return _OWN_MARKS
            stack.extend(found[name] for name in reversed(_LISTS) if isinstance(found.get(name), (Mapping, list)))
    return 0.0


FORMATS = (
    Format(
        name="discourse-forum",
        title="Discourse forums: topics, pages of posts, archives of one file per post, posts one a line",
        keeps="ids (topic:number), parents, authors, times, edits, likes, titles, quotes; deleted and hidden marked",
        loses="categories and tags, the text of events such as a closed topic, reactions other than likes",
        sniff=_sniff,
        read=read,
    ),
)
