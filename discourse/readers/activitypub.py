"""Read ActivityPub: objects, activities around them, collections of them, tombstones; one a file, one a line, or many.

Ids and parents are urls, often of other servers. A folder of objects is one dump.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.readers.fediverse import address, words
from discourse.readers.reply_index import ReplyIndex
from discourse.text import Body, from_markdown, from_plain
from discourse.threads import Comment

_OBJECTS = frozenset(
    {"Note", "Page", "Article", "Question", "Video", "Audio", "Image", "Event", "Document", "ChatMessage"}
)
_ACTIVITIES = frozenset({"Create", "Update", "Announce", "Delete", "Add", "Undo"})
_COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
_CONTEXT_GLANCE = 100
"""Parts of a context that are looked at; Mastodon's has some thirty, the vocabulary's url among the first."""
_FOLDER_GLANCE = 4
"""Files of a folder that are looked into."""


class Object(msgspec.Struct):
    """What is read of an object or activity; https://www.w3.org/TR/activitystreams-vocabulary/."""

    id: Any = None
    type: Any = None
    in_reply_to: Any = msgspec.field(default=None, name="inReplyTo")
    attributed_to: Any = msgspec.field(default=None, name="attributedTo")
    actor: Any = None
    content: Any = None
    content_map: Any = msgspec.field(default=None, name="contentMap")
    media_type: Any = msgspec.field(default=None, name="mediaType")
    source: Any = None
    name: Any = None
    summary: Any = None
    published: Any = None
    updated: Any = None
    deleted: Any = None
    url: Any = None
    likes: Any = None
    language: Any = None
    context: Any = None
    conversation: Any = None
    replies: Any = None
    object: Any = None
    items: Any = None
    ordered_items: Any = msgspec.field(default=None, name="orderedItems")
    first: Any = None


def read_activitypub(source: Source) -> Iterator[Event]:
    """Yield the objects of a file, or of all files of a folder; a thread is called after the object it begins with.

    A tombstone comes last, in the place and under the name that an earlier record of it states.
    """
    files = [source.member(name) for name in source.members()] or [source]
    index = ReplyIndex()
    gone: dict[str, Comment | None] = {}
    for file in files:
        for item in wire.documents(file):
            for found in _objects(item[1]) if not isinstance(item, Skip) else ():
                object_id = wire.identifier(found.id)
                if object_id is not None and _is_gone(found):
                    gone[object_id] = None
                elif object_id is not None:
                    index.add(object_id, _parents(found), group=_conversation(found, object_id))
    for object_id in gone:
        index.add(object_id)
    tombstones: list[Comment] = []
    for file in files:
        for event in _read_file(file, index):
            if isinstance(event, Comment) and event.id in gone:
                if event.status == "deleted":
                    tombstones.append(event)
                    continue
                gone[event.id] = event
            yield event
    for tombstone in tombstones:
        before = gone[tombstone.id]
        yield replace(
            before or tombstone,
            text="",
            quotes=(),
            status="deleted",
            edited_at=tombstone.edited_at,
            source=tombstone.source,
        )


def _read_file(file: Source, index: ReplyIndex) -> Iterator[Event]:
    for item in wire.documents(file):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for found in _objects(value):
            object_id = wire.identifier(found.id)
            if object_id is None:
                yield file.skip("is an object without an id", line)
                continue
            comment = _comment(found, object_id, index, file.path if line is None else f"{file.path}:{line}")
            if comment.kind == "post" and comment.title:
                yield Head(comment.thread_id, title=comment.title, url=comment.url)
            yield comment


def _comment(found: Object, object_id: str, index: ReplyIndex, place: str) -> Comment:
    body = _body(found)
    parents = _parents(found)
    created, edited_at = wire.moment(found.published), wire.moment(found.updated)
    edited = edited_at is not None and edited_at != created
    gone = _is_gone(found)
    return Comment(
        id=object_id,
        thread_id=index.thread(object_id),
        parent_id=parents[0] if parents else None,
        kind="comment" if parents or gone else "post",
        text=body.text,
        quotes=body.quotes,
        author=_person(found.attributed_to) or _person(found.actor),
        created=created,
        edited=edited,
        edited_at=wire.moment(found.deleted) if gone else edited_at if edited else None,
        score=_score(found.likes),
        lang=_language(found),
        title=wire.name(found.name) or wire.name(found.summary),
        url=_url(found.url) or object_id,
        status="deleted" if gone else "ok" if body.text else "empty",
        source=place,
    )


def _objects(value: Any) -> Iterator[Object]:
    """Yield the objects in a document, in order, from activities, collections and embedded replies. No recursion."""
    waiting = [value]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, list):
            waiting.extend(reversed(raw))
            continue
        found = wire.convert(raw, Object)
        if found is None:
            continue
        kind = _type(found)
        parts = [part for part in (found.first, found.items, found.ordered_items) if part is not None]
        if kind in _COLLECTIONS or (not kind and parts):
            waiting.extend(parts)
        elif kind == "Delete":
            yield _deleted(found)
        elif kind in _ACTIVITIES:
            if isinstance(found.object, dict):
                waiting.append(found.object)
        else:
            if isinstance(found.replies, dict):
                waiting.append(found.replies)
            if _is_gone(found) or kind in _OBJECTS or (found.content is not None and found.attributed_to is not None):
                yield found


def _deleted(activity: Object) -> Object:
    """Return the tombstone of what an activity deletes, which it may name by its id alone."""
    inner = wire.convert(activity.object, Object)
    deleted = inner.deleted if inner and inner.deleted else activity.published
    return Object(id=inner.id if inner else activity.object, type="Tombstone", deleted=deleted)


def _type(found: Object) -> str:
    kinds = found.type if isinstance(found.type, list) else [found.type]
    return next((kind for kind in kinds if isinstance(kind, str)), "")


def _is_gone(found: Object) -> bool:
    return _type(found) == "Tombstone"


def _parents(found: Object) -> list[str]:
    """List the ids in `inReplyTo`, which may be a url, an object, or a list of them."""
    values = found.in_reply_to if isinstance(found.in_reply_to, list) else [found.in_reply_to]
    ids = (wire.identifier(value.get("id") if isinstance(value, dict) else value) for value in values)
    return [value for value in ids if value is not None]


def _conversation(found: Object, object_id: str) -> str | None:
    """Return the conversation that a server says the object is in (Lemmy's `context` is the object's own)."""
    named = wire.identifier(found.conversation) or wire.identifier(found.context)
    return None if named is None or named.startswith(object_id) else named


def _person(value: Any) -> str | None:
    """Return the address of an author: a url, an object, or a list of them (PeerTube: an account, then a channel)."""
    first = next(iter(value), None) if isinstance(value, list) else value
    if isinstance(first, dict):
        url = wire.identifier(first.get("id"))
        return address(url) if url else wire.name(first.get("preferredUsername")) or wire.name(first.get("name"))
    url = wire.identifier(first)
    return address(url) if url else None


def _body(found: Object) -> Body:
    content = wire.text(found.content)
    if not content and isinstance(found.content_map, dict):
        content = next((wire.text(value) for value in found.content_map.values() if wire.text(value)), "")
    if not content:
        return from_markdown(_source_text(found.source))
    if found.media_type == "text/markdown":
        return from_markdown(content)
    return from_plain(content) if found.media_type == "text/plain" else words(content)


def _source_text(value: Any) -> str:
    """Return the source of an object, which Pleroma writes as a bare text."""
    return wire.text(value.get("content") if isinstance(value, dict) else value)


def _language(found: Object) -> str | None:
    if isinstance(found.language, dict):
        named = wire.name(found.language.get("identifier"))
        return named if named != "und" else None
    languages = [wire.name(code) for code in found.content_map] if isinstance(found.content_map, dict) else []
    return languages[0] if len(languages) == 1 and languages[0] != "und" else None


def _score(likes: Any) -> float | None:
    return wire.number(likes.get("totalItems")) if isinstance(likes, dict) else None


def _url(value: Any) -> str | None:
    first = next(iter(value), None) if isinstance(value, list) else value
    return wire.name(first.get("href") if isinstance(first, dict) else first)


def sniff_activitypub(sample: Sample) -> float:
    """Recognize an object, activity or collection by its type and the vocabulary's own field names."""
    value = wire.glance(sample)
    records = value if isinstance(value, list) else [value]
    first = next((record for record in records if isinstance(record, dict)), None)
    if first is None:
        return 0.0
    found = wire.convert(first, Object)
    kind = _type(found) if found else ""
    if kind not in _OBJECTS | _ACTIVITIES | _COLLECTIONS | {"Tombstone"}:
        return 0.0
    declared = _is_declared(first.get("@context"))
    marks = {"attributedTo", "inReplyTo", "actor", "orderedItems", "formerType", "contentMap", "partOf"} & set(first)
    return 0.97 if declared else 0.9 if len(marks) > 1 else 0.6 if marks else 0.0


def _is_declared(context: Any) -> bool:
    """Tell whether a JSON-LD context names the vocabulary, among its first parts."""
    waiting = [context]
    for _ in range(_CONTEXT_GLANCE):
        if not waiting:
            break
        part = waiting.pop()
        if isinstance(part, str) and "activitystreams" in part:
            return True
        if isinstance(part, (list, dict)):
            waiting.extend(reversed(list(part if isinstance(part, list) else part.values())[:_CONTEXT_GLANCE]))
    return False


def is_object_folder(folder: str) -> bool:
    """Recognize a folder that holds nothing but objects, one a file."""
    try:
        files = sorted(entry.path for entry in os.scandir(folder) if not entry.name.startswith("."))
        files = [path for path in files if os.path.basename(path) != "targets.toml"]
        if len(files) < 2 or not all(path.endswith((".json", ".jsonld")) for path in files):
            return False
        return all(_is_object_file(path) for path in files[:_FOLDER_GLANCE])
    except OSError:
        return False


def _is_object_file(path: str) -> bool:
    with open(path, "rb") as stream:
        head = stream.read(16 * 1024)
    return sniff_activitypub(Sample(path, head, head.decode("utf-8", errors="replace"), len(head) < 16 * 1024)) >= 0.9


FORMATS = (
    Format(
        name="activitypub",
        title="ActivityPub objects, activities and collections (Lemmy, Mastodon, Pleroma, PeerTube …)",
        keeps="ids, inReplyTo, author, times, edits, deletions, language, likes as score, content warning as title",
        loses="recipients, attachments, tags",
        sniff=sniff_activitypub,
        read=read_activitypub,
        folder=is_object_folder,
    ),
)
