"""Read Reddit: monthly dumps and subreddit exports (Pushshift, Arctic Shift), and what the site's own API answers.

Comments and submissions may be in one file or several. A parent `t3_…` is the thread as a whole: the comment has none.
Field by field: Arctic Shift's schemas, github.com/ArthurHeitmann/arctic_shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from discourse.readers import wire
from discourse.readers.base import Event, Format, Head, PackedComment, Sample, Skip, Source
from discourse.text import from_markdown
from discourse.threads import Quote, Status

_SITE = "https://www.reddit.com"
_OWN_MARKS = 0.95
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_GONE: dict[str, Status] = {"[deleted]": "deleted", "[removed]": "removed"}
_NOBODY = frozenset({"[deleted]", "[removed]", "", None})

_Number: TypeAlias = int | float | str | None


class Record(msgspec.Struct, kw_only=True, gc=False):
    """Hold the fields of a comment or submission that are read; some months write numbers as texts."""

    id: str | None = None
    name: str | None = None
    author: str | None = None
    body: str | None = None
    link_id: str | None = None
    parent_id: str | int | None = None
    created_utc: _Number = None
    edited: bool | _Number = None
    score: _Number = None
    ups: _Number = None
    permalink: str | None = None
    title: str | None = None
    selftext: str | None = None
    link_title: str | None = None
    num_comments: _Number = None
    domain: str | None = None


_decode = msgspec.json.Decoder(Record).decode


def read_lines(source: Source) -> Iterator[Event]:
    """Read one record a line; a line may also hold an answer of the API."""
    path = source.path
    for number, line in source.lines():
        try:
            record = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if line.strip():
                yield from _odd_line(source, number, line)
            continue
        if (link_id := record.link_id) is not None and (own_id := record.id) is not None:
            thread_id = link_id[3:] if link_id[:3] == "t3_" else link_id
            yield _comment(record, own_id, thread_id, None, f"{path}:{number}")
        elif record.title is not None and record.id is not None:
            yield from _submission(record, record.id, f"{path}:{number}", announce=False)
        else:
            yield from _odd_line(source, number, line)


def read_answers(source: Source) -> Iterator[Event]:
    """Read answers of the API: one, or one a line."""
    for item in wire.documents(source):
        if isinstance(item, Skip):
            yield item
        else:
            yield from _things(source, *item)


def _odd_line(source: Source, number: int, line: bytes) -> Iterator[Event]:
    """Read a line that is no plain record: fields of other types, an answer of the API, or nothing of use."""
    try:
        value = wire.decode(line)
    except ValueError as error:
        yield source.skip(f"is no JSON ({str(error).split(':')[0]})", number)
        return
    if isinstance(value, Mapping) and ("link_id" in value or "title" in value) and "kind" not in value:
        yield from _thing(source, number, value, None, announce=False)
    else:
        yield from _things(source, number, value)


def _things(source: Source, line: int | None, value: Any) -> Iterator[Event]:
    """Walk an answer of the API, whatever wraps its things; replies come after what they answer."""
    stack: list[tuple[Any, str | None]] = [(value, None)]
    found = False
    while stack:
        item, parent = stack.pop()
        if isinstance(item, list):
            stack.extend((inner, parent) for inner in reversed(item))
            continue
        if not isinstance(item, Mapping):
            if item:
                yield source.skip("is no Reddit record", line)
            continue
        kind, data = item.get("kind"), item.get("data")
        if kind in ("t1", "t3") and isinstance(data, Mapping):
            found = True
            yield from _thing(source, line, data, parent, announce=True)
            name = wire.identifier(data.get("id"))
            stack.append((data.get("replies") or None, name if kind == "t1" else None))
        elif kind in ("more", "t2", "t4", "t5", "t6"):
            found = True
        elif isinstance(data, Mapping | list):
            found = True
            stack.append((data, parent))
        elif any(name in item for name in ("children", "things", "json")):
            found = True
            stack.append((next(item[name] for name in ("children", "things", "json") if name in item), parent))
        elif "body" in item or "title" in item:
            found = True
            yield from _thing(source, line, item, parent, announce=True)
            stack.append((item.get("replies") or None, wire.identifier(item.get("id"))))
        elif not found:
            yield source.skip(f"is no Reddit record (keys: {', '.join(map(str, list(item)[:6])) or 'none'})", line)


def _thing(
    source: Source, line: int | None, data: Mapping[str, Any], parent: str | None, *, announce: bool
) -> Iterator[Event]:
    """Read one comment or submission whose fields may be of any type; `parent` is the comment it is nested in."""
    record = Record(**{name: _of_type(name, data.get(name)) for name in Record.__struct_fields__})
    place = source.path if line is None else f"{source.path}:{line}"
    own_id = record.id or (record.name.split("_", 1)[-1] if record.name else None)
    if own_id is None:
        yield source.skip("has no id", line)
    elif record.link_id is None and record.title is not None:
        yield from _submission(record, own_id, place, announce=announce)
    elif record.link_id is None:
        yield source.skip("names no submission (link_id)", line)
    else:
        thread_id = record.link_id.removeprefix("t3_")
        if record.link_title:
            yield Head(thread_id, title=from_markdown(record.link_title).text)
        yield _comment(record, own_id, thread_id, parent, place)


def _of_type(name: str, value: Any) -> Any:
    """Bring a value to the type of its field."""
    if name in {"created_utc", "score", "ups", "num_comments"}:
        return wire.number(value)
    if name == "edited":
        return value if isinstance(value, bool) else wire.number(value)
    if name == "parent_id":
        return value if isinstance(value, int) and not isinstance(value, bool) else wire.identifier(value)
    return wire.identifier(value) if name in {"id", "link_id", "name"} else value if isinstance(value, str) else None


def _comment(record: Record, own_id: str, thread_id: str, around: str | None, place: str) -> PackedComment:
    text, quotes, status = _words(record.body)
    author, score, permalink = record.author, record.score, record.permalink
    comment = PackedComment(
        own_id[3:] if own_id[:3] == "t1_" else own_id,
        thread_id,
        _parent(record.parent_id, thread_id, around),
        "comment",
        text,
        quotes,
        None if author in _NOBODY else author,
        _time(record.created_utc),
        edited=False,
        score=float(score) if type(score) is int else _score(record),
        url=f"{_SITE}{permalink}" if permalink else None,
        status=status,
        source=place,
    )
    if record.edited is not False:
        _set_edited(comment, record.edited)
    return comment


def _submission(record: Record, own_id: str, place: str, *, announce: bool) -> Iterator[Event]:
    """Read the thread's post. Dumps took the number of comments at an arbitrary time: only the API's is announced."""
    text, quotes, status = _words(record.selftext)
    own_id = own_id.removeprefix("t3_")
    title = from_markdown(record.title or "").text
    url = f"{_SITE}{record.permalink}" if record.permalink else None
    announced = wire.number(record.num_comments) if announce else None
    yield Head(own_id, title=title, url=url, announced=None if announced is None else int(announced))
    post = PackedComment(
        own_id,
        own_id,
        kind="post",
        text=text,
        quotes=quotes,
        author=None if record.author in _NOBODY else record.author,
        created=_time(record.created_utc),
        score=_score(record),
        title=title,
        url=url,
        status="ok" if status == "empty" and title else status,
        source=place,
    )
    _set_edited(post, record.edited)
    yield post


def _words(body: str | None) -> tuple[str, tuple[Quote, ...], Status]:
    if not body:
        return "", (), "empty"
    if body[0] == "[" and len(body) < 120:
        gone = _GONE.get(body.strip())
        if gone is None and body.lower().startswith("[ removed by reddit"):
            gone = "removed"
        if gone is not None:
            return "", (), gone
    read = from_markdown(body)
    return read.text, read.quotes, "ok" if read.text or read.quotes else "empty"


def _parent(stated: str | int | None, thread_id: str, around: str | None) -> str | None:
    """Return the parent comment's id; the API of 2021 to 2023 wrote it as a number, in base 10."""
    if stated is None:
        return around
    if isinstance(stated, int):
        stated = _base36(stated)
        return None if stated == thread_id else stated
    mark = stated[:3]
    if mark == "t1_":
        return stated[3:]
    return None if mark == "t3_" or stated == thread_id else stated


def _base36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _time(value: _Number) -> datetime | None:
    if type(value) is int and 0 < value < 10**11:
        return datetime.fromtimestamp(value, UTC)
    return wire.moment(value)


def _set_edited(comment: PackedComment, value: bool | _Number) -> None:
    """Set whether and when a comment was edited: `false`, `true` in old months, else a time."""
    if value is None or isinstance(value, bool):
        comment.edited = value
        return
    comment.edited = bool(wire.number(value))
    comment.edited_at = wire.moment(value) if comment.edited else None


def _score(record: Record) -> float | None:
    value = record.score if record.score is not None else record.ups
    return float(value) if isinstance(value, int) else wire.number(value)


def _sniff_lines(sample: Sample) -> float:
    """Recognize a dump by the fields of its first records."""
    for line in sample.text.split("\n")[:5]:
        try:
            value = wire.decode(line.encode("utf-8", "replace")) if line.startswith("{") else None
        except ValueError:
            continue
        if isinstance(value, Mapping) and _is_record(value):
            return _OWN_MARKS
    return 0.0


def _is_record(value: Mapping[str, Any]) -> bool:
    linked = str(value.get("link_id", "")).startswith("t3_") or str(value.get("parent_id", ""))[:3] in {"t1_", "t3_"}
    comment = "body" in value and "link_id" in value and (linked or "subreddit" in value)
    return comment or ("title" in value and "subreddit" in value and ("selftext" in value or "num_comments" in value))


def _sniff_answers(sample: Sample) -> float:
    """Recognize an answer of the API by its things."""
    value = wire.glance(sample)
    for _ in range(6):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, Mapping) and value.get("kind") in ("t1", "t3", "more"):
            return _OWN_MARKS if isinstance(value.get("data"), Mapping) else 0.0
        elif isinstance(value, Mapping) and value.get("kind") == "Listing":
            return _OWN_MARKS
        elif isinstance(value, Mapping):
            value = next((value[name] for name in ("json", "data", "things") if name in value), None)
    return 0.0


_KEEPS = "ids, parents, authors, times, edits, scores, permalinks, titles; deleted and removed bodies are marked"
FORMATS = (
    Format(
        name="reddit",
        title="Reddit dumps: Pushshift, Arctic Shift (one record a line; comments and submissions)",
        keeps=_KEEPS,
        loses="flairs, awards, the address that a link post points to",
        sniff=_sniff_lines,
        read=read_lines,
    ),
    Format(
        name="reddit-api",
        title="Reddit API: listings (.json) and the answers of /api/morechildren",
        keeps=_KEEPS + "; the number of comments announced",
        loses="comments behind “more” links, unless their answers are read together with the page",
        sniff=_sniff_answers,
        read=read_answers,
    ),
)
