"""Read ConvoKit corpora: a folder with utterances.jsonl and its companions, or that file alone; old and new names.

The utterance that a conversation is named after is its post; replies are where `reply-to` says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import msgspec

from discourse.errors import InputError
from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Notice, Sample, Skip, Source
from discourse.text import Body, from_markdown, from_plain
from discourse.threads import Comment, Status

_UTTERANCES = ("utterances.jsonl", "utterances.json")
_PACKED = ("", ".gz", ".bz2", ".xz", ".zst")
_DELETED: dict[str, Status] = {"[deleted]": "deleted", "[removed]": "removed"}


class Utterance(msgspec.Struct):
    """What is read of an utterance; older corpora say root, user and reply_to."""

    id: Any = None
    conversation_id: Any = None
    root: Any = None
    text: Any = None
    speaker: Any = None
    user: Any = None
    reply_to: Any = msgspec.field(default=None, name="reply-to")
    reply_to_old: Any = msgspec.field(default=None, name="reply_to")
    timestamp: Any = None
    meta: Any = None


class Meta(msgspec.Struct):
    """What is read of the metadata of an utterance or conversation; corpora made of Reddit have them all."""

    title: Any = None
    num_comments: Any = None
    score: Any = None
    permalink: Any = None
    subreddit: Any = None
    edited: Any = None


class Conversation(msgspec.Struct):
    """What is read of a conversation; older corpora hold its metadata without `meta` around them."""

    meta: Meta | None = None
    title: Any = None
    num_comments: Any = None


def read_convokit(source: Source) -> Iterator[Event]:
    """Yield the utterances of a corpus, and what its conversations.json says of each conversation."""
    names = source.members()
    if not names:
        yield from _read_utterances(source)
        return
    for name in names:
        if _is_file(name, ("conversations.json",)):
            yield from _read_conversations(source.member(name))
    for name in names:
        if _is_file(name, _UTTERANCES):
            yield from _read_utterances(source.member(name))


def _read_conversations(source: Source) -> Iterator[Event]:
    try:
        found = msgspec.json.decode(source.bytes(), type=dict[str, Conversation])
    except (InputError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        yield Notice(source.path, f"the titles of the conversations cannot be read ({str(error).split(' - ')[0]})")
        return
    for conversation_id, conversation in found.items():
        meta = conversation.meta or Meta(title=conversation.title, num_comments=conversation.num_comments)
        announced = wire.number(meta.num_comments)
        title = wire.name(meta.title)
        if title or announced is not None:
            yield Head(conversation_id, title=title, announced=None if announced is None else int(announced))


def _read_utterances(source: Source) -> Iterator[Event]:
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for raw in value if isinstance(value, list) else [value]:
            utterance = wire.convert(raw, Utterance)
            utterance_id = wire.identifier(utterance.id) if utterance else None
            if utterance is None or utterance_id is None:
                yield source.skip("is no utterance with an id", line)
                continue
            yield _comment(utterance, utterance_id, source.path if line is None else f"{source.path}:{line}")


def _comment(utterance: Utterance, utterance_id: str, place: str) -> Comment:
    parent = wire.identifier(utterance.reply_to) or wire.identifier(utterance.reply_to_old)
    thread_id = wire.identifier(utterance.conversation_id) or wire.identifier(utterance.root) or utterance_id
    meta = wire.convert(utterance.meta, Meta) or Meta()
    opens = utterance_id == thread_id and parent is None
    words = wire.text(utterance.text)
    body = _body(words, meta)
    title = wire.name(meta.title)
    permalink = wire.name(meta.permalink)
    edited_at = wire.moment(meta.edited) if not isinstance(meta.edited, bool) else None
    return Comment(
        id=utterance_id,
        thread_id=thread_id,
        parent_id=parent,
        kind="post" if opens else "comment",
        text=body.text,
        quotes=body.quotes,
        author=_speaker(utterance.speaker if utterance.speaker is not None else utterance.user),
        created=wire.moment(utterance.timestamp),
        edited=True if edited_at is not None else wire.flag(meta.edited),
        edited_at=edited_at,
        score=wire.number(meta.score),
        title=title,
        url=f"https://www.reddit.com{permalink}" if permalink and permalink.startswith("/r/") else permalink,
        status=_DELETED.get(words.strip(), "ok" if body.text or title else "empty"),
        source=place,
    )


def _body(words: str, meta: Meta) -> Body:
    """Return own words and quotes; what was said on Reddit is Markdown."""
    if words.strip() in _DELETED:
        return Body("")
    return from_markdown(words) if meta.subreddit or meta.permalink else from_plain(words)


def _speaker(value: Any) -> str | None:
    named = wire.name(value.get("id")) if isinstance(value, dict) else wire.name(value)
    return named if named not in ("[deleted]", None) else None


def _is_file(path: str, names: tuple[str, ...]) -> bool:
    return any(os.path.basename(path) == name + packed for name in names for packed in _PACKED) and path.count("/") < 2


def sniff_convokit(sample: Sample) -> float:
    """Recognize an utterance by its fields, of which no other format has all."""
    value = wire.glance(sample)
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict) or not {"id", "text"} <= set(first):
        return 0.0
    fields = set(first)
    replies, speaks, belongs = (
        {"reply-to", "reply_to"} & fields,
        {"speaker", "user"} & fields,
        {"conversation_id", "root"} & fields,
    )
    return 0.96 if replies and speaks and belongs else 0.0


def is_corpus(folder: str) -> bool:
    """Recognize the folder of a corpus."""
    return any(os.path.isfile(os.path.join(folder, name + packed)) for name in _UTTERANCES for packed in _PACKED)


FORMATS = (
    Format(
        name="convokit",
        title="ConvoKit corpora (folder with utterances.jsonl)",
        keeps="ids, reply-to, speaker, times, scores and titles where the metadata have them",
        loses="other metadata, vectors, annotations; a zipped corpus has to be unpacked first",
        sniff=sniff_convokit,
        read=read_convokit,
        folder=is_corpus,
    ),
)
