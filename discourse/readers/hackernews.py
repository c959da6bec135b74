"""Read Hacker News: what the Algolia and the Firebase API answer, alone, in lists or one a line, and saved pages.

Firebase items name their parent but not their story: a first pass over the dump finds it through `parent` and `kids`.
Fields: github.com/HackerNews/API and hn.algolia.com/api.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, Notice, Sample, Skip, Source
from discourse.readers.hackernews_page import ADDRESS, GONE, read_page, sniff_page
from discourse.readers.reply_index import ReplyIndex
from discourse.text import Body, clean, from_html
from discourse.threads import Comment, Status

_OWN_MARKS = 0.95
_STORIES = frozenset({"story", "job", "poll"})
_TYPES = _STORIES | {"comment", "pollopt"}
_POSTS = ("post", "story", "item", "submission", "root")
_LISTS = ("hits", "comments", "items", "kids", "children", "replies", "data", "results")
_ITEM_FIELDS = frozenset(
    "by author text comment_text kids children parent parent_id deleted dead title type".split()  # noqa: SIM905
)
_ITEM_FILE = re.compile(r"(?:item[_-]?)?\d+\.json")
_GLANCED = 4
"""Files of a folder that are opened to see whether it is one dump of items."""
_FILE_START = 64 * 1024


class _Item(msgspec.Struct, kw_only=True):
    """Hold the fields of an item that are read, as either API names them; any type may come."""

    id: Any = None
    objectID: Any = None
    type: Any = None
    by: Any = None
    author: Any = None
    time: Any = None
    created_at_i: Any = None
    created_at: Any = None
    text: Any = None
    comment_text: Any = None
    story_text: Any = None
    parent: Any = None
    parent_id: Any = None
    story_id: Any = None
    title: Any = None
    story_title: Any = None
    url: Any = None
    story_url: Any = None
    score: Any = None
    points: Any = None
    descendants: Any = None
    num_comments: Any = None
    deleted: Any = None
    dead: Any = None
    kids: Any = None

    @property
    def own_id(self) -> str | None:
        """Return the id; search results call it objectID."""
        return wire.identifier(self.id) or wire.identifier(self.objectID)

    @property
    def is_story(self) -> bool:
        """Tell a story from a comment, also where the type is not stated."""
        if isinstance(self.type, str):
            return self.type in _STORIES
        return self.parent is None and self.parent_id is None and self.title is not None and self.comment_text is None


@dataclass(frozen=True, slots=True)
class _Found:
    """Hold an item with where it stands: in what file and line, under which item, in the dump of which story."""

    item: _Item
    own_id: str
    parent: str | None
    story: str | None
    place: str


_Place: TypeAlias = tuple[Any, str | None, str | None]


@dataclass(slots=True)
class _Index:
    """Find the story of an item by its ancestors."""

    replies: ReplyIndex = field(default_factory=ReplyIndex)
    stories: set[str] = field(default_factory=set)

    def add(self, found: _Found) -> None:
        if found.item.is_story:
            self.stories.add(found.own_id)
        self.replies.add(found.own_id, () if found.parent is None else (found.parent,))
        for kid in wire.listing(found.item.kids):
            kid_id = wire.identifier(kid)
            if kid_id is not None:
                self.replies.add(kid_id, (found.own_id,))

    def thread(self, found: _Found) -> str:
        """Return the story: as stated, else at the top of the ancestors, else the one story of the dump."""
        stated = wire.identifier(found.item.story_id)
        if found.item.is_story or stated is not None:
            return found.own_id if found.item.is_story else stated or found.own_id
        top = self.replies.thread(found.own_id)
        if top in self.stories:
            return top
        if found.story is not None:
            return found.story
        return next(iter(self.stories)) if len(self.stories) == 1 else top


def read(source: Source) -> Iterator[Event]:
    """Read items, nested or not, in two passes: the first learns who answers whom."""
    index = _Index()
    for found in _records(source):
        if isinstance(found, _Found):
            index.add(found)
    titled: set[str] = set()
    options = False
    for found in _records(source):
        if isinstance(found, Skip):
            yield found
        elif found.item.type == "pollopt":
            options = True
        else:
            yield from _events(found, index.thread(found), titled)
    if options:
        yield Notice(source.path, "has options of polls, which are no comments: they are left out")


def _records(source: Source) -> Iterator[_Found | Skip]:
    """Yield every item of a file, or of each file of a folder, in order."""
    members = source.members()
    for part in map(source.member, members) if members else (source,):
        for found in wire.documents(part, deep=True):
            if isinstance(found, Skip):
                yield found
            else:
                yield from _walk(part, *found)


def _walk(source: Source, line: int | None, value: Any) -> Iterator[_Found | Skip]:
    """Yield the items in an answer, a parent before what is nested in it."""
    place = source.path if line is None else f"{source.path}:{line}"
    stack: list[_Place] = [(value, None, None)]
    while stack:
        found, parent, story = stack.pop()
        if isinstance(found, list):
            stack.extend((inner, parent, story) for inner in reversed(found))
        elif not isinstance(found, Mapping):
            if not isinstance(found, int) or found is value:
                yield source.skip("is no Hacker News item", line)
        elif _is_item(found):
            item = wire.convert(found, _Item) or _Item()
            own_id = item.own_id
            if own_id is None:
                yield source.skip("an item has no id", line)
                continue
            parent = wire.identifier(item.parent) or wire.identifier(item.parent_id) or parent
            yield _Found(item, own_id, None if item.is_story else parent, story, place)
            story = own_id if item.is_story else story
            nested = [one for held in _inside(found) for one in (held if isinstance(held, list) else [held])]
            stack.extend((one, own_id, story) for one in reversed(nested) if isinstance(one, Mapping))
        elif inner := _inside(found):
            told = next((found[name] for name in _POSTS if isinstance(found.get(name), Mapping)), None)
            story = (wire.identifier(told.get("id")) if told is not None else None) or story
            stack.extend((held, parent, story) for held in reversed(inner))
        else:
            yield source.skip(f"is no Hacker News item (keys: {', '.join(map(str, list(found)[:6])) or 'none'})", line)


def _is_item(found: Mapping[str, Any]) -> bool:
    return ("id" in found or "objectID" in found) and not _ITEM_FIELDS.isdisjoint(found)


def _inside(found: Mapping[str, Any]) -> list[Any]:
    """Return what holds further items: the story, then lists; or all values where the names are ids."""
    inner = [found[name] for name in _POSTS if isinstance(found.get(name), Mapping)]
    inner += [found[name] for name in _LISTS if isinstance(found.get(name), list)]
    inner += [found[name] for name in _LISTS if isinstance(found.get(name), Mapping)]
    by_id = not inner and found and all(str(name).isdigit() for name in list(found)[:5])
    return [held for held in found.values() if held is not None] if by_id else inner


def _events(found: _Found, thread_id: str, titled: set[str]) -> Iterator[Event]:
    """Yield an item as a comment or post, and what it says of its thread."""
    item = found.item
    title = clean(wire.text(item.title if item.is_story else item.story_title)) or None
    url = wire.name(item.url if item.is_story else item.story_url)
    if item.is_story:
        announced = wire.number(item.descendants if item.descendants is not None else item.num_comments)
        yield Head(thread_id, title=title, url=url, announced=None if announced is None else int(announced))
    elif title is not None and thread_id not in titled:
        titled.add(thread_id)
        yield Head(thread_id, title=title, url=url)
    body, status = _words(item)
    score = wire.number(item.score if item.score is not None else item.points)
    stated = (item.time, item.created_at_i, item.created_at)
    yield Comment(
        id=found.own_id,
        thread_id=thread_id,
        parent_id=None if item.is_story or found.parent == thread_id else found.parent,
        kind="post" if item.is_story else "comment",
        text=body.text,
        quotes=body.quotes,
        author=wire.name(item.by) or wire.name(item.author),
        created=next((moment for value in stated if (moment := wire.moment(value)) is not None), None),
        score=score,
        title=title if item.is_story else None,
        url=url if item.is_story and url is not None else f"{ADDRESS}{found.own_id}",
        status="ok" if status == "empty" and item.is_story and title else status,
        source=found.place,
    )


def _words(item: _Item) -> tuple[Body, Status]:
    """Return own words and quotes; Algolia states a deletion only by leaving out author and text."""
    written = wire.text(item.text) or wire.text(item.comment_text) or wire.text(item.story_text)
    nobody = item.by is None and item.author is None
    if wire.flag(item.deleted) or (nobody and not written and not item.is_story):
        return Body(""), "deleted"
    gone = "removed" if wire.flag(item.dead) else GONE.get(written.strip().lower())
    if gone is not None:
        return Body(""), gone
    body = from_html(written, quoted_lines=True)
    return body, "ok" if body.text or body.quotes else "empty"


def _sniff(sample: Sample) -> float:
    """Recognize the first item by the fields that the two APIs give it."""
    stack = [wire.glance(sample)]
    for _ in range(12):
        if not stack:
            break
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(found[:1])
        elif isinstance(found, Mapping):
            if _is_item(found) and _is_ours(found):
                return _OWN_MARKS
            stack.extend(reversed(_inside(found)[:3]))
    return 0.0


def _is_ours(found: Mapping[str, Any]) -> bool:
    if "objectID" in found:
        return "created_at_i" in found and ("comment_text" in found or "story_id" in found or "num_comments" in found)
    if "created_at_i" in found:
        return "children" in found or "story_id" in found
    return wire.text(found.get("type")) in _TYPES and ("time" in found or "kids" in found or "parent" in found)


def _is_folder_of_items(path: str) -> bool:
    """Tell whether a folder holds one item a file: alone, a comment cannot say which story it belongs to."""
    try:
        with os.scandir(path) as entries:
            files = [entry for entry in entries if not entry.name.startswith(".") and entry.name != "targets.toml"]
        if len(files) < 2 or not all(entry.is_file() and _ITEM_FILE.fullmatch(entry.name) for entry in files):
            return False
        return all(_is_item_file(entry.path) for entry in files[:_GLANCED])
    except OSError:
        return False


def _is_item_file(path: str) -> bool:
    with open(path, "rb") as stream:
        head = stream.read(_FILE_START)
    found = wire.glance(Sample(path, head, head.decode("utf-8", "replace"), len(head) < _FILE_START))
    return isinstance(found, Mapping) and _is_item(found) and _is_ours(found)


FORMATS = (
    Format(
        name="hackernews",
        title="Hacker News APIs: Algolia (items, search results) and Firebase (items alone, in lists, one a line)",
        keeps="ids, parents, authors, times, points, titles, urls, the number announced; deleted and dead are marked",
        loses="options of polls, points of comments (the site does not tell them)",
        sniff=_sniff,
        read=read,
        folder=_is_folder_of_items,
    ),
    Format(
        name="hackernews-page",
        title="Hacker News pages as the browser saves them; the pages of one story join",
        keeps="ids, parents (by link or indent), authors, times or ages, the title, url and points of the story",
        loses="words of dead comments, votes",
        sniff=sniff_page,
        read=read_page,
        evidence="indent",
    ),
)
