"""Read statuses as Mastodon's API gives them (Pleroma, GoToSocial, Truth Social too): contexts, timelines, single ones.

A context is flat and lacks the status that was asked for; its id is known from the replies or the file's name, and
holds ancestors and descendants together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Sample, Skip, Source
from discourse.readers.fediverse import words
from discourse.readers.reply_index import ReplyIndex
from discourse.threads import Comment

_NAMED_ID = re.compile(r"\d{8,}|(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_WRAPPED = ("status", "post", "toot", "focal", "root")


class Status(msgspec.Struct):
    """What is read of a status; https://docs.joinmastodon.org/entities/Status/."""

    id: Any = None
    in_reply_to_id: Any = None
    content: Any = None
    account: Any = None
    created_at: Any = None
    edited_at: Any = None
    favourites_count: Any = None
    language: Any = None
    spoiler_text: Any = None
    url: Any = None
    uri: Any = None
    reblog: Any = None
    pleroma: Any = None


class Account(msgspec.Struct):
    """What is read of an account."""

    acct: Any = None
    username: Any = None
    display_name: Any = None


class Context(msgspec.Struct):
    """The answer to /api/v1/statuses/:id/context, alone or beside the status that was asked for."""

    ancestors: Any = None
    descendants: Any = None
    context: Any = None
    status: Any = None
    post: Any = None
    toot: Any = None
    focal: Any = None
    root: Any = None


def read_mastodon(source: Source) -> Iterator[Event]:
    """Yield every status of a file; its thread is called after the first status of the conversation."""
    index = ReplyIndex()
    absent: set[str] = set()
    for item in wire.documents(source):
        if not isinstance(item, Skip):
            absent |= _index(item[1], index, os.path.basename(source.path))
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for record in _statuses(value):
            status = wire.convert(record, Status)
            comment_id = wire.identifier(status.id) if status else None
            if status is None or comment_id is None:
                yield source.skip("is a status without an id", line)
                continue
            absent.discard(comment_id)
            yield _comment(status, comment_id, index, source, line)
    for asked in sorted(absent):
        yield Head(index.thread(asked), notices=(f"the status that was asked for, {asked}, is not in the dump",))


def _index(value: Any, index: ReplyIndex, file_name: str) -> set[str]:
    """Add the statuses of a document to the index; return the id of the one that was asked for, if it is a context."""
    for record in _statuses(value):
        status = wire.convert(record, Status)
        comment_id = wire.identifier(status.id) if status else None
        if status is not None and comment_id is not None:
            parent = wire.identifier(status.in_reply_to_id)
            index.add(comment_id, [parent] if parent else [], group=_conversation(status))
    asked = _asked(value, file_name)
    if asked is None:
        return set()
    context = _context(value)
    above = [wire.convert(record, Status) for record in wire.listing(context.ancestors)[-1:]] if context else []
    parent = wire.identifier(above[0].id) if above and above[0] else None
    index.add(asked, [parent] if parent else [])
    return {asked}


def _comment(status: Status, comment_id: str, index: ReplyIndex, source: Source, line: int | None) -> Comment:
    account = wire.convert(status.account, Account) or Account()
    body = words(wire.text(status.content))
    parent = wire.identifier(status.in_reply_to_id)
    edited_at = wire.moment(status.edited_at)
    return Comment(
        id=comment_id,
        thread_id=index.thread(comment_id),
        parent_id=parent,
        kind="post" if parent is None else "comment",
        text=body.text,
        quotes=body.quotes,
        author=wire.name(account.acct) or wire.name(account.username) or wire.name(account.display_name),
        created=wire.moment(status.created_at),
        edited=edited_at is not None,
        edited_at=edited_at,
        score=wire.number(status.favourites_count),
        lang=wire.name(status.language),
        title=wire.name(status.spoiler_text),
        url=wire.name(status.url) or wire.name(status.uri),
        status="ok" if body.text else "empty",
        source=source.path if line is None else f"{source.path}:{line}",
    )


def _statuses(value: Any) -> Iterator[Any]:
    """Yield the statuses in a document, in order: of a context, a list, or one alone; of a boost what it boosts."""
    if isinstance(value, list):
        for record in value:
            if record is not None:
                yield from _statuses(record) if _context(record) else [_boosted(record)]
        return
    context = _context(value)
    if context is None:
        yield _boosted(value)
        return
    yield from filter(None, wire.listing(context.ancestors))
    yield from filter(_is_status, (context.status, context.post, context.toot, context.focal, context.root))
    yield from filter(None, wire.listing(context.descendants))


def _boosted(record: Any) -> Any:
    inner = record.get("reblog") if isinstance(record, dict) else None
    return inner if _is_status(inner) else record


def _context(value: Any) -> Context | None:
    """Return a context, also one that is wrapped ({"status": …, "context": {"ancestors": …}})."""
    found = wire.convert(value, Context)
    if found is None:
        return None
    inner = wire.convert(found.context, Context)
    if inner is not None and (isinstance(inner.ancestors, list) or isinstance(inner.descendants, list)):
        found.ancestors, found.descendants = inner.ancestors, inner.descendants
    return found if isinstance(found.ancestors, list) or isinstance(found.descendants, list) else None


def _asked(value: Any, file_name: str) -> str | None:
    """Return the id of the status whose context this is: it is the parent of the first descendants."""
    context = _context(value)
    if context is None:
        return None
    wrapped = [getattr(context, name) for name in _WRAPPED if _is_status(getattr(context, name))]
    if wrapped:
        return wire.identifier(wrapped[0].get("id"))
    below = [status for record in wire.listing(context.descendants) if (status := wire.convert(record, Status))]
    above = [status for record in wire.listing(context.ancestors) if (status := wire.convert(record, Status))]
    held = {wire.identifier(status.id) for status in (*above, *below)}
    missing = [parent for status in below if (parent := wire.identifier(status.in_reply_to_id)) and parent not in held]
    named = _NAMED_ID.findall(file_name)
    return next((parent for parent in missing if parent in named), next(iter((*missing, *named)), None))


def _conversation(status: Status) -> str | None:
    return wire.identifier(status.pleroma.get("conversation_id")) if isinstance(status.pleroma, dict) else None


def _is_status(value: Any) -> bool:
    return isinstance(value, dict) and "in_reply_to_id" in value and "account" in value


def sniff_mastodon(sample: Sample) -> float:
    """Recognize a context, or statuses by their fields `in_reply_to_id` and `account`."""
    value = wire.glance(sample)
    context = _context(value)
    if context is not None:
        first = next(iter((*wire.listing(context.ancestors), *wire.listing(context.descendants))), None)
        return 0.97 if _is_status(first) else 0.7 if first is None else 0.0
    first = value[0] if isinstance(value, list) and value else value
    return 0.95 if _is_status(first) else 0.0


FORMATS = (
    Format(
        name="mastodon",
        title="Mastodon API (contexts, timelines, statuses)",
        keeps="ids, in_reply_to_id, account, times, edits, favourites as score, language, warning as title, url",
        loses="media, polls, boosts, custom emojis",
        sniff=sniff_mastodon,
        read=read_mastodon,
    ),
)
