"""Turn rows of a table with known columns into comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from discourse import text as markup
from discourse.readers import wire
from discourse.readers.base import Event, Head, Source
from discourse.readers.columns import Columns
from discourse.readers.nesting import Node
from discourse.threads import Comment, Kind, Quote, Status

_MISSING = frozenset({"", "null", "nan", "nat", "<na>", "\\n", "n/a"})
_NOTHING = _MISSING | {"none", "na", "nil", "undefined", "-1", "0", "root"}
"""Ways to write that there is no parent, unless one of them is the id of an earlier row."""
_POSTS = frozenset({"post", "submission", "story", "article", "question", "topic", "op", "link", "t3"})
_STATUS: dict[str, Status] = {
    "deleted": "deleted",
    "[deleted]": "deleted",
    "removed": "removed",
    "[removed]": "removed",
    "[ removed by reddit ]": "removed",
    "empty": "empty",
    "ok": "ok",
}
_TYPE_PREFIX = re.compile(r"t[1-6]_(?=[0-9a-z]+$)|comment-(?=\d+$)")
_WHOLE_FLOAT = re.compile(r"-?\d+\.0+$")
_TAGS = re.compile(r"<(?:/?(?:p|div|blockquote|span|strong|em|li|ul|ol)\b[^<>]*|br\s*/?|a\s[^<>]*|/a)>", re.IGNORECASE)
_SLASHED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b(.*)", re.DOTALL)
_AUTHOR_KEYS = ("name", "username", "user_name", "login", "display_name", "id")
_KNOWN_THREADS = 100_000
"""Threads whose title has been told; beyond, it may be told again, which costs nothing but time."""


class RowReader:
    """Read the rows of one table in order; keeps what rows depend on: levels, the last row, threads met."""

    def __init__(self, source: Source, columns: Columns, *, day_first: bool, nested: bool) -> None:
        self._source = source
        self._columns = columns
        self._day_first = day_first
        self._has_posts = columns.has("kind")
        self._by_level = columns.has("level") and not columns.has("parent_id")
        self._states_replies = columns.has("parent_id") or self._by_level or nested
        self._branches: dict[str, list[tuple[int, str]]] = {}
        self._count = 0
        self._odd_ids: set[str] = set()
        self._told: set[str] = set()
        self._last: Comment | None = None

    def read(self, node: Node) -> Iterator[Event]:
        """Yield the events of one row; a comment comes out with the next row, which may state one more target of it."""
        self._count += 1
        values = self._columns.values(node.cells)
        if node.problem is not None or not values:
            yield self._source.skip(node.problem or "has none of the columns", node.line)
            return
        comment = self._comment(node, values)
        last = self._last
        if last is not None and _same_but_target(last, comment):
            self._last = _with_target(last, comment)
            return
        self._last = comment
        if last is not None:
            yield last
        if comment.thread_id not in self._told:
            if len(self._told) < _KNOWN_THREADS:
                self._told.add(comment.thread_id)
            yield Head(
                comment.thread_id,
                title=comment.title if not self._has_posts or comment.kind == "post" else None,
                url=comment.url if comment.kind == "post" else None,
                reply_field=self._states_replies,
                evidence="indent" if self._by_level else None,
            )

    def end(self) -> Iterator[Event]:
        """Yield the last comment."""
        if self._last is not None:
            yield self._last

    def _comment(self, node: Node, values: Mapping[str, Any]) -> Comment:
        kind: Kind = "post" if node.is_post or str(values.get("kind", "")).strip().lower() in _POSTS else "comment"
        comment_id = _identifier(values.get("id")) or node.id or (str(self._count) if self._by_level else "")
        thread_id = node.thread or _identifier(values.get("thread_id")) or self._thread_name(node)
        written = values.get("text")
        text, quotes, status = _body(written)
        stated = _STATUS.get(str(values.get("status", "")).lower())
        created, age = self._time(values.get("created"), values.get("age"))
        edited, edited_at = _edited(values)
        return Comment(
            id=comment_id,
            thread_id=thread_id,
            parent_id=None if kind == "post" else self._parent(node, values, thread_id, comment_id),
            kind=kind,
            text=text,
            quotes=quotes or _quotes(values.get("quotes")),
            author=_author(values.get("author")),
            created=created,
            age=age,
            edited=edited,
            edited_at=edited_at,
            score=wire.number(values.get("score")),
            lang=wire.name(values.get("lang")),
            title=wire.name(values.get("title")),
            url=wire.name(values.get("url")),
            status=stated if stated and stated != "ok" else status,
            targets=_targets(values.get("target")),
            source=self._source.path if node.line is None else f"{self._source.path}:{node.line}",
        )

    def _thread_name(self, node: Node) -> str:
        number = node.thread_number
        return self._source.thread_name if number == 1 else f"{self._source.thread_name}-{number}"

    def _parent(self, node: Node, values: Mapping[str, Any], thread_id: str, comment_id: str) -> str | None:
        """Return the parent's id: stated, or that of the row around this one, or the nearest earlier lower level."""
        if comment_id.lower() in _NOTHING:
            self._odd_ids.add(comment_id.lower())
        if self._by_level and "level" in values:
            return self._above(thread_id, comment_id, wire.number(values["level"]))
        written = str(values.get("parent_id", "")).strip()
        parent = _identifier(values.get("parent_id"))
        if parent is None or written.startswith("t3_"):
            return node.parent
        if parent.lower() in _NOTHING and parent.lower() not in self._odd_ids:
            return node.parent
        names_thread = parent == thread_id and "thread_id" in values and not self._has_posts
        return node.parent if names_thread else parent

    def _above(self, thread_id: str, comment_id: str, level: float | None) -> str | None:
        branch = self._branches.setdefault(thread_id, [])
        place = int(level or 0)
        while branch and branch[-1][0] >= place:
            branch.pop()
        parent = branch[-1][1] if branch else None
        branch.append((place, comment_id))
        return parent

    def _time(self, written: Any, age: Any) -> tuple[datetime | None, str | None]:
        """Return a time, or what is written there as an age if it is none ("3 days ago")."""
        shown = wire.name(age)
        if written is None or isinstance(written, datetime):
            return (wire.moment(written.isoformat()) if written is not None else None), shown
        if not isinstance(written, str):
            return wire.moment(written), shown
        moment = _moment(written.strip(), self._day_first)
        return moment, shown if moment is not None else shown or wire.name(written)


def day_first(values: list[Any]) -> bool:
    """Tell from dates like 3/12/2021 whether the day comes first: a number above 12 is a day; with dots it does."""
    parts = [match.groups() for value in values if isinstance(value, str) and (match := _SLASHED.match(value))]
    if any(int(first) > 12 or int(second) > 12 for first, second, *_ in parts):
        return any(int(first) > 12 for first, *_ in parts)
    return any(isinstance(value, str) and "." in value.split(" ")[0] for value in values)


@lru_cache(maxsize=4096)
def _moment(written: str, day_comes_first: bool) -> datetime | None:
    slashed = _SLASHED.match(written)
    if slashed is not None:
        first, second, year, rest = slashed.groups()
        day, month = (first, second) if day_comes_first or int(first) > 12 else (second, first)
        written = f"{year}-{int(month):02}-{int(day):02}{rest}"
    return wire.moment(written)


def _identifier(value: Any) -> str | None:
    """Return an id without its type prefix; `12.0`, as pandas writes ids beside missing ones, is 12."""
    found = wire.identifier(value)
    if found is None or found.lower() in _MISSING:
        return None
    if _WHOLE_FLOAT.match(found):
        found = found.split(".", 1)[0]
    return _TYPE_PREFIX.sub("", found, count=1)


def _author(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = next(
            (value[key] for key in ("name", "username", "user_name", "login", "display_name", "id") if value.get(key)),
            None,
        )
    found = wire.name(value)
    return None if found is None or found.lower() in _NOTHING or found in {"[deleted]", "[removed]"} else found


def _body(written: Any) -> tuple[str, tuple[Quote, ...], Status]:
    if isinstance(written, list):
        written = "\n\n".join(map(str, written))
    shown = wire.text(written)
    mark = _STATUS.get(shown.strip().lower()) if shown.startswith("[") else None
    if mark is not None:
        return shown.strip(), (), mark
    if "<" in shown and _TAGS.search(shown):
        body = markup.from_html(shown)
    elif ">" in shown or "&gt" in shown or "--" in shown:
        body = markup.from_plain(shown)
    else:  # nothing can be a quote
        body = markup.Body(markup.clean(shown))
    return body.text, body.quotes, "ok" if body.text or body.quotes else "empty"


def _edited(values: Mapping[str, Any]) -> tuple[bool | None, datetime | None]:
    """Return whether and when a comment was edited; some tables write the time where others write yes or no."""
    moment = wire.moment(values.get("edited_at"))
    number = wire.number(values.get("edited"))
    if number is not None and number > 1:
        return True, moment or wire.moment(number)
    return (wire.flag(values["edited"]) if "edited" in values else True if moment else None), moment


def _quotes(value: Any) -> tuple[Quote, ...]:
    """Read quotes as discourse writes them: a list of {author, text}."""
    return tuple(
        Quote(wire.name(item.get("author")), wire.text(item.get("text")))
        for item in wire.listing(value)
        if isinstance(item, Mapping) and item.get("text")
    )


def _targets(value: Any) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for item in texts if (text := wire.name(item)) and text.lower() not in _NOTHING))


def _same_but_target(one: Comment, other: Comment) -> bool:
    return bool(one.id and one.id == other.id and one.thread_id == other.thread_id) and (
        one.text == other.text and bool(other.targets) and other.targets != one.targets and bool(one.targets)
    )


def _with_target(one: Comment, other: Comment) -> Comment:
    return replace(one, targets=tuple(dict.fromkeys((*one.targets, *other.targets))))
