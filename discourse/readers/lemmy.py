"""Read what Lemmy and PieFed answer: comment lists, posts, people's pages, search results, of the APIs v3 and v4.

A comment's `path` is "0.<ancestors>.<own id>", "0" being the post. Posts and comments are numbered apart, so a post's
id gets the prefix `p`. Fields as in github.com/LemmyNet/lemmy (crates/db_schema) and PieFed's alpha API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.readers.languages import UNDETERMINED, lemmy_languages
from discourse.text import clean, from_markdown
from discourse.threads import Comment, Quote, Status

_OWN_MARKS = 0.95
_VIEWS = ("post_view", "comment_view", "comment_reply_view", "person_mention_view")
_LISTS = ("posts", "comments", "items", "replies", "mentions", "results", "data")
_OTHERS = frozenset({"community_view", "person_view", "site_view", "users", "communities", "next_page", "op"})
_Told: TypeAlias = dict[str, dict[str, str]]
"""The posts that were yielded: their number → their url → the name of their thread."""
_PURGED = "*Permanently Deleted*"
"""What Lemmy writes over the words of a deleted account."""


class _Item(msgspec.Struct, kw_only=True):
    """Hold the fields of a comment or post that are read; any type may come."""

    id: Any = None
    post_id: Any = None
    parent_id: Any = None
    path: Any = None
    content: Any = None
    body: Any = None
    name: Any = None
    title: Any = None
    creator_id: Any = None
    user_id: Any = None
    deleted: Any = None
    removed: Any = None
    published: Any = None
    published_at: Any = None
    updated: Any = None
    updated_at: Any = None
    edited_at: Any = None
    ap_id: Any = None
    language_id: Any = None
    score: Any = None
    comments: Any = None


class _Person(msgspec.Struct, kw_only=True):
    """Hold a creator; Lemmy writes `name`, PieFed `user_name`."""

    id: Any = None
    name: Any = None
    user_name: Any = None
    display_name: Any = None
    title: Any = None


class _Counts(msgspec.Struct, kw_only=True):
    """Hold the counts that API v3 keeps apart; v4 writes them into the item."""

    score: Any = None
    comments: Any = None


class _View(msgspec.Struct, kw_only=True):
    """Hold a comment or post with what the answer says around it."""

    comment: Any = None
    post: Any = None
    creator: Any = None
    counts: Any = None


def read(source: Source) -> Iterator[Event]:
    """Read answers of the API: one, several one a line, or views and records taken out of them."""
    told: _Told = {}
    for found in wire.documents(source, deep=True):
        if isinstance(found, Skip):
            yield found
        else:
            yield from _walk(source, *found, told)


def _walk(source: Source, line: int | None, value: Any, told: _Told) -> Iterator[Event]:
    """Read every view in an answer, in order; `told` holds the posts that were yielded."""
    place = source.path if line is None else f"{source.path}:{line}"
    stack = [value]
    while stack:
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(reversed(found))
            continue
        if not isinstance(found, Mapping):
            if found is not None:
                yield source.skip("is no Lemmy record", line)
            continue
        view = _view(found)
        if view is not None and view.comment is not None:
            yield from _comment(source, line, view, place, told)
            stack.append(found.get("replies"))  # PieFed nests what answers a comment
        elif view is not None:
            yield from _post(source, line, view, place, told)
        elif inner := _inside(found):
            stack.extend(reversed(inner))
        elif not _OTHERS & found.keys():
            yield source.skip(f"is no Lemmy record (keys: {', '.join(map(str, list(found)[:6])) or 'none'})", line)


def _inside(found: Mapping[str, Any]) -> list[Any]:
    """Return what an answer holds that may be views, posts before comments."""
    return [found[name] for name in (*_VIEWS, *_LISTS) if isinstance(found.get(name), (Mapping, list))]


def _view(found: Mapping[str, Any]) -> _View | None:
    """Return a view, or a bare comment or post as a view; None if it is neither."""
    if isinstance(found.get("comment"), Mapping) or isinstance(found.get("post"), Mapping):
        return wire.convert(found, _View)
    if ("path" in found or "post_id" in found) and ("content" in found or "body" in found):
        return _View(comment=found, creator=found.get("creator"), counts=found.get("counts"))
    if ("name" in found or "title" in found) and "community_id" in found:
        return _View(post=found, creator=found.get("creator"), counts=found.get("counts"))
    return None


def _thread(told: _Told, post_id: str, url: str | None) -> tuple[str, bool]:
    """Name the thread of a post, and tell whether it is new; a file may hold posts of one number of two servers.

    A post that states no url is the last one of its number.
    """
    known = told.setdefault(post_id, {})
    if known and url is None:
        return list(known.values())[-1], False
    if url is not None and "" in known:  # what was said before without a url
        known[url] = known.pop("")
    url = url or ""
    if url in known:
        return known[url], False
    named = f"{post_id}@{wire.server(url)}" if known else post_id
    known[url] = f"{post_id}@{url}" if named in known.values() else named
    return known[url], True


def _comment(source: Source, line: int | None, view: _View, place: str, told: _Told) -> Iterator[Event]:
    """Read a comment, and the post it stands under unless it was told."""
    item, person = _item(view.comment), _person(view.creator)
    path = [step for step in wire.text(item.path).split(".") if step]
    own_id = wire.identifier(item.id) or (path[-1] if path else None)
    if own_id is None:
        yield source.skip("a comment has no id", line)
        return
    post = _item(view.post)
    post_id = wire.identifier(item.post_id) or wire.identifier(post.id)
    thread_id = post_id or source.thread_name
    if post_id is not None and isinstance(view.post, Mapping):
        thread_id, new = _thread(told, post_id, wire.name(post.ap_id))
        if new:
            creator = post.creator_id if post.creator_id is not None else post.user_id
            wrote_it = person.id is not None and creator == person.id
            yield from _post_events(post, post_id, thread_id, person if wrote_it else _Person(), _Counts(), place)
    elif post_id in told:
        thread_id, _ = _thread(told, post_id, None)
    text, quotes, status = _words(item)
    edited_at = _edited_at(item)
    yield Comment(
        id=own_id,
        thread_id=thread_id,
        parent_id=_parent(item, path, own_id),
        text=text,
        quotes=quotes,
        author=_author(person),
        created=_created(item),
        edited=edited_at is not None,
        edited_at=edited_at,
        score=_score(item, view.counts),
        lang=_language(item),
        url=wire.name(item.ap_id),
        status=status,
        source=place,
    )


def _post(source: Source, line: int | None, view: _View, place: str, told: _Told) -> Iterator[Event]:
    item = _item(view.post)
    post_id = wire.identifier(item.id)
    if post_id is None:
        yield source.skip("a post has no id", line)
        return
    thread_id, _ = _thread(told, post_id, wire.name(item.ap_id))
    counts = wire.convert(view.counts, _Counts) or _Counts()
    yield from _post_events(item, post_id, thread_id, _person(view.creator), counts, place)


def _post_events(
    item: _Item, post_id: str, thread_id: str, person: _Person, counts: _Counts, place: str
) -> Iterator[Event]:
    """Yield what is known of a thread, and its post."""
    title = clean(wire.text(item.name) or wire.text(item.title)) or None
    announced = wire.number(counts.comments if counts.comments is not None else item.comments)
    url = wire.name(item.ap_id)
    yield Head(thread_id, title=title, url=url, announced=None if announced is None else int(announced))
    text, quotes, status = _words(item)
    edited_at = _edited_at(item)
    yield Comment(
        id=f"p{post_id}",
        thread_id=thread_id,
        kind="post",
        text=text,
        quotes=quotes,
        author=_author(person),
        created=_created(item),
        edited=edited_at is not None,
        edited_at=edited_at,
        score=_score(item, counts),
        lang=_language(item),
        title=title,
        url=url,
        status="ok" if status == "empty" and title else status,
        source=place,
    )


def _item(value: Any) -> _Item:
    return wire.convert(value, _Item) or _Item()


def _person(value: Any) -> _Person:
    return wire.convert(value, _Person) or _Person()


def _author(person: _Person) -> str | None:
    named = (person.name, person.user_name, person.display_name, person.title)
    return next((name for value in named if (name := wire.name(value)) is not None), None)


def _parent(item: _Item, path: list[str], own_id: str) -> str | None:
    """Return the parent by the path, which alone decides; instances before 0.17 state `parent_id` instead."""
    if not path:
        return wire.identifier(item.parent_id)
    above = path[:-1] if path[-1] == own_id else path
    return None if not above or above[-1] == "0" else above[-1]


def _words(item: _Item) -> tuple[str, tuple[Quote, ...], Status]:
    """Return own words and quotes; the words of what was deleted or removed are not repeated."""
    written = wire.text(item.content) or wire.text(item.body)
    if wire.flag(item.deleted) or written.strip() == _PURGED:
        return "", (), "deleted"
    if wire.flag(item.removed):
        return "", (), "removed"
    body = from_markdown(written)
    return body.text, body.quotes, "ok" if body.text or body.quotes else "empty"


def _created(item: _Item) -> datetime | None:
    return wire.moment(item.published_at if item.published_at is not None else item.published)


def _edited_at(item: _Item) -> datetime | None:
    """Return the time of the last edit; the field is absent where there was none."""
    stated = (item.updated_at, item.updated, item.edited_at)
    return next((moment for value in stated if (moment := wire.moment(value)) is not None), None)


def _score(item: _Item, counts: Any) -> float | None:
    kept_apart = wire.convert(counts, _Counts) if isinstance(counts, Mapping) else counts
    score = wire.number(kept_apart.score) if isinstance(kept_apart, _Counts) else None
    return score if score is not None else wire.number(item.score)


def _language(item: _Item) -> str | None:
    """Return the language by its place in Lemmy's table; PieFed numbers languages anew on every instance."""
    number = item.language_id
    if not isinstance(number, int) or isinstance(number, bool) or item.creator_id is None:
        return None
    table = lemmy_languages()
    code = table[number][0] if 0 <= number < len(table) else UNDETERMINED
    return None if code == UNDETERMINED else code


def _sniff(sample: Sample) -> float:
    """Recognize the first view by the fields that only a comment or post of the threadiverse has."""
    stack = [wire.glance(sample)]
    for _ in range(12):
        if not stack:
            break
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(found[:1])
        elif isinstance(found, Mapping):
            view = _view(found)
            item = None if view is None else view.comment if view.comment is not None else view.post
            if isinstance(item, Mapping) and _is_ours(item):
                return _OWN_MARKS
            stack.extend(
                found[name] for name in reversed((*_VIEWS, *_LISTS)) if isinstance(found.get(name), (Mapping, list))
            )
    return 0.0


def _is_ours(item: Mapping[str, Any]) -> bool:
    if "post_id" in item:
        path = wire.text(item.get("path"))
        return path.startswith("0.") or ("ap_id" in item and ("content" in item or "body" in item))
    return "community_id" in item and ("ap_id" in item or "creator_id" in item)


FORMATS = (
    Format(
        name="lemmy",
        title="Lemmy and PieFed API (v3, v4): comment lists, posts, people's pages, search results",
        keeps="ids, parents, authors, times, edits, scores, languages, titles, urls; deleted and removed are marked",
        loses="the address that a link post points to, the votes behind a score, communities",
        sniff=_sniff,
        read=read,
        own_numbers=True,
    ),
)
