"""Read a Stack Exchange data dump: a folder with Posts.xml, Comments.xml and Users.xml, or one of the first two alone.

The question is the post; answers and comments hang below it and below each other as `ParentId` and `PostId` say. Rows
are read one by one, whatever their number; a file that declares entities is refused.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Notice, Sample, Skip, Source
from discourse.readers.xml_rows import rows
from discourse.text import from_html, from_markdown
from discourse.threads import Comment

_QUESTION, _ANSWER = "1", "2"
_NO_DISCUSSION = frozenset({"3", "4", "5", "7", "8"})
"""Types of posts that are pages of the site: tag wikis, their excerpts, placeholders, privilege texts."""
_COUNTED_IDS = 2**27
"""Ids up to which the question of an answer is kept in 4 bytes an id (Stack Overflow has reached 80 million)."""
_NAMED_USERS = 1_000_000
"""Users whose names are kept; beyond, authors are shown by number."""


class Post(msgspec.Struct, rename="pascal"):
    """What is read of a row of Posts.xml."""

    id: Any = None
    post_type_id: Any = None
    parent_id: Any = None
    creation_date: Any = None
    last_edit_date: Any = None
    deletion_date: Any = None
    score: Any = None
    body: Any = None
    title: Any = None
    owner_user_id: Any = None
    owner_display_name: Any = None


class Remark(msgspec.Struct, rename="pascal"):
    """What is read of a row of Comments.xml."""

    id: Any = None
    post_id: Any = None
    creation_date: Any = None
    score: Any = None
    text: Any = None
    user_id: Any = None
    user_display_name: Any = None


@dataclass(slots=True)
class _Site:
    """Remember what rows refer to: the question of each answer, the name of each user."""

    small: array[int] = field(default_factory=lambda: array("I"))
    large: dict[int, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    shared_names: set[str] = field(default_factory=set)
    pages: int = 0

    def remember(self, answer: str, question: str) -> None:
        """Note which question an answer belongs to."""
        if not (answer.isdecimal() and question.isdecimal()):
            return
        place, value = int(answer), int(question)
        if place >= _COUNTED_IDS or value >= 2**32:
            self.large[place] = value
            return
        if place >= len(self.small):
            self.small.frombytes(bytes(self.small.itemsize * (place + 1 - len(self.small) + place // 8)))
        self.small[place] = value

    def question(self, post: str) -> str:
        """Return the question that a post belongs to: itself, unless it is a known answer."""
        if not post.isdecimal():
            return post
        place = int(post)
        known = self.small[place] if place < len(self.small) else 0
        return str(known or self.large.get(place, place))

    def author(self, user: str | None, shown: str | None) -> str | None:
        """Return a name that stands for one person; two users of one name are told apart by their numbers."""
        if user is None:
            return shown
        name = self.names.get(user, shown)
        if name is None:
            return "Community" if user == "-1" else f"user{user}"
        return f"{name} ({user})" if name in self.shared_names else name


def read_stackexchange(source: Source) -> Iterator[Event]:
    """Yield the posts and comments of a folder or file; a thread is a question, called p<Id> like its post."""
    site = _Site()
    members = {os.path.basename(name).lower().split(".")[0]: source.member(name) for name in reversed(source.members())}
    if not members:
        yield from _read_rows(source, site, _either)
        return
    if "users" in members:
        yield from _read_names(members["users"], site)
    if "posts" in members:
        yield from _read_rows(members["posts"], site, _post)
    if "comments" in members:
        yield from _read_rows(members["comments"], site, _remark)
    else:
        yield Notice(source.path, "there is no Comments.xml: questions and answers only")


def _read_names(source: Source, site: _Site) -> Iterator[Event]:
    seen: set[str] = set()
    for item in rows(source):
        if isinstance(item, Skip):
            continue
        user, name = item[1].get("Id"), item[1].get("DisplayName")
        if user and name:
            site.names[user] = name
            if name in seen:
                site.shared_names.add(name)
            seen.add(name)
        if len(seen) >= _NAMED_USERS:
            site.names.clear()
            yield Notice(source.path, f"there are more than {_NAMED_USERS} users: authors are shown by number")
            return


_Reader = Callable[[dict[str, str], Source, int, _Site], Iterator[Event]]


def _read_rows(source: Source, site: _Site, reader: _Reader) -> Iterator[Event]:
    for item in rows(source):
        if isinstance(item, Skip):
            yield item
        else:
            yield from reader(item[1], source, item[0], site)
    if site.pages and reader is not _remark:
        yield Notice(
            source.path, f"{site.pages} pages of the site (tag wikis and the like) are no discussion: left out"
        )


def _either(row: dict[str, str], source: Source, line: int, site: _Site) -> Iterator[Event]:
    yield from (_remark if "PostId" in row and "Text" in row else _post)(row, source, line, site)


def _post(row: dict[str, str], source: Source, line: int, site: _Site) -> Iterator[Event]:
    post = wire.convert(row, Post) or Post()
    post_id, parent = wire.identifier(post.id), wire.identifier(post.parent_id)
    if post_id is None:
        yield source.skip("is a post without an Id", line)
        return
    if post.post_type_id in _NO_DISCUSSION:
        site.pages += 1
        return
    is_answer = post.post_type_id == _ANSWER or (post.post_type_id != _QUESTION and parent is not None)
    if is_answer and parent is not None:
        site.remember(post_id, parent)
    thread_id = f"p{parent if is_answer and parent else post_id}"
    title = wire.name(post.title)
    body = from_html(wire.text(post.body))
    edited_at = wire.moment(post.last_edit_date)
    if not is_answer:
        yield Head(thread_id, title=title)
    yield Comment(
        id=f"p{post_id}",
        thread_id=thread_id,
        parent_id=f"p{parent}" if is_answer and parent else None,
        kind="comment" if is_answer else "post",
        text=body.text,
        quotes=body.quotes,
        author=site.author(wire.identifier(post.owner_user_id), wire.name(post.owner_display_name)),
        created=wire.moment(post.creation_date),
        edited=edited_at is not None,
        edited_at=edited_at,
        score=wire.number(post.score),
        title=title,
        status="deleted" if post.deletion_date else "ok" if body.text or title else "empty",
        source=f"{source.path}:{line}",
    )


def _remark(row: dict[str, str], source: Source, line: int, site: _Site) -> Iterator[Event]:
    remark = wire.convert(row, Remark) or Remark()
    remark_id, post = wire.identifier(remark.id), wire.identifier(remark.post_id)
    if remark_id is None or post is None:
        yield source.skip("is a comment without an Id or PostId", line)
        return
    body = from_markdown(wire.text(remark.text))
    yield Comment(
        id=f"c{remark_id}",
        thread_id=f"p{site.question(post)}",
        parent_id=f"p{post}",
        text=body.text,
        quotes=body.quotes,
        author=site.author(wire.identifier(remark.user_id), wire.name(remark.user_display_name)),
        created=wire.moment(remark.creation_date),
        score=wire.number(remark.score),
        status="ok" if body.text else "empty",
        source=f"{source.path}:{line}",
    )


def sniff_stackexchange(sample: Sample) -> float:
    """Recognize the rows of Posts.xml and Comments.xml."""
    start = sample.text[:20_000]
    if "<row " not in start:
        return 0.0
    return 0.97 if " PostTypeId=" in start or (" PostId=" in start and " Text=" in start) else 0.0


def is_dump_folder(folder: str) -> bool:
    """Recognize a folder that holds a Posts.xml."""
    try:
        return any(name.lower().startswith("posts.xml") for name in os.listdir(folder))
    except OSError:
        return False


FORMATS = (
    Format(
        name="stackexchange",
        title="Stack Exchange data dump (folder with Posts.xml and Comments.xml)",
        keeps="ids (p<Id>, c<Id>), ParentId and PostId, author, times, edits, scores, titles, names from Users.xml",
        loses="votes, tags, histories, accepted answers; tag wikis are left out",
        sniff=sniff_stackexchange,
        read=read_stackexchange,
        folder=is_dump_folder,
    ),
)
