"""Read saved pages of Hacker News: a story with its comments, one comment with its replies, lists of new comments.

A comment's depth is the `indent` of its first cell, on older pages the width of an image, 40 pixels a level; pages
since 2021 also link each comment to its parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from discourse.readers import wire
from discourse.readers.base import Event, Head, Sample, Source
from discourse.readers.html_page import attribute, classes, parse_page, words
from discourse.text import Body, clean, from_html
from discourse.threads import Comment, Status

ADDRESS = "https://news.ycombinator.com/item?id="
GONE: dict[str, Status] = {"[deleted]": "deleted", "[dead]": "removed", "[flagged]": "removed"}
"""What stands for the words of a comment that is gone."""

_OWN_MARKS = 0.95
_PIXELS = 40
_FRAGMENT = re.compile(r"#(\d+)$")
_QUERY = re.compile(r"[?&]id=(\d+)")
_NUMBER = re.compile(r"-?\d+")
_COMMENTS = re.compile(r"(\d+)\s+comments?\b")


@dataclass(frozen=True, slots=True)
class _Page:
    """Hold what a page is about: a story, or one comment of it that the other comments answer."""

    path: str
    story: str
    top: str | None


class _Level(NamedTuple):
    indent: int
    comment_id: str


def sniff_page(sample: Sample) -> float:
    """Recognize the site by the classes of its tables."""
    text = sample.text
    if text.lstrip()[:1] != "<" or "athing" not in text:
        return 0.0
    return _OWN_MARKS if "comtr" in text or "hnmain" in text or "fatitem" in text else 0.0


def read_page(source: Source) -> Iterator[Event]:
    """Read one page: the story at its top, then its comments in the order of the page."""
    parsed = parse_page(source)
    if parsed is None:
        yield source.skip("is too long for a page")
        return
    opening = parsed.tree.css_first("table.fatitem")
    page = _about(opening, source)
    if opening is not None and page.top is None and attribute(opening.css_first("tr.athing"), "id"):
        yield from _story(opening, page)
    elif opening is not None and page.top is not None:
        yield _comment(opening, page.top, _linked(opening, "parent"), page)
    rows = parsed.tree.css("tr.comtr")
    if any(_linked(row, "parent") for row in rows):
        yield Head(page.story, evidence="explicit")
    yield from _comments(rows, page)


def _about(opening: LexborNode | None, source: Source) -> _Page:
    """Find the story: the page of one comment names it behind "on:"."""
    own_id = attribute(opening.css_first("tr.athing"), "id") if opening is not None else None
    story = _story_of(opening) if opening is not None else None
    if story is not None and own_id is not None:
        return _Page(source.path, story, own_id)
    return _Page(source.path, own_id or source.thread_name, None)


def _comments(rows: list[LexborNode], page: _Page) -> Iterator[Event]:
    """Read the rows of a page; a row without link to its parent hangs below the last one that is indented less."""
    above: list[_Level] = []
    story = page.story
    for row in rows:
        own_id = attribute(row, "id")
        if own_id is None or own_id == page.top:
            continue
        indent = _indent(row)
        while above and above[-1].indent >= indent:
            above.pop()
        named = _story_of(row)
        story = named or (story if above else page.story)
        parent = _linked(row, "parent") or (above[-1].comment_id if above else page.top)
        above.append(_Level(indent, own_id))
        if named is not None:
            yield Head(story, title=_title_of(row))
        yield _comment(row, own_id, parent, _Page(page.path, story, page.top))


def _comment(row: LexborNode, own_id: str, parent: str | None, page: _Page) -> Comment:
    body, status = _words(row)
    created, age = _time(row)
    return Comment(
        id=own_id,
        thread_id=page.story,
        parent_id=None if parent == page.story else parent,
        text=body.text,
        quotes=body.quotes,
        author=words(row.css_first("a.hnuser")) or None,
        created=created,
        age=age,
        url=f"{ADDRESS}{own_id}",
        status=status,
        source=page.path,
    )


def _story(opening: LexborNode, page: _Page) -> Iterator[Event]:
    """Read the story at the top of a page; one without words of its own links to an address."""
    link = opening.css_first(".titleline > a, a.storylink, td.title a[href]")
    title = clean(words(link)) or None
    address = attribute(link, "href") or ""
    url = address if address.startswith(("http://", "https://")) else f"{ADDRESS}{page.story}"
    counted = _COMMENTS.search(words(opening.css_first("td.subtext")))
    yield Head(page.story, title=title, url=url, announced=int(counted.group(1)) if counted else None)
    points = _NUMBER.search(words(opening.css_first(".score")))
    created, age = _time(opening)
    body = _body(_story_text(opening))
    yield Comment(
        id=page.story,
        thread_id=page.story,
        kind="post",
        text=body.text,
        quotes=body.quotes,
        author=words(opening.css_first("a.hnuser")) or None,
        created=created,
        age=age,
        score=float(points.group()) if points else None,
        title=title,
        url=url,
        status="ok" if body.text or body.quotes or title else "empty",
        source=page.path,
    )


def _story_text(opening: LexborNode) -> LexborNode | None:
    """Find the cell of the story's own words: marked since 2021, before that the one that is neither head nor form."""
    marked = opening.css_first(".toptext")
    if marked is not None:
        return marked
    for cell in opening.css("td"):
        unmarked = not classes(cell) and not attribute(cell, "colspan")
        if unmarked and cell.css_first("form, table, .hnuser, img") is None and words(cell):
            return cell
    return None


def _words(row: LexborNode) -> tuple[Body, Status]:
    """Return own words and quotes of a comment; those of a dead one are shown to some readers only."""
    marks = words(row.css_first(".comhead"))
    if "[dead]" in marks or "[flagged]" in marks:
        return Body(""), "removed"
    body = _body(row.css_first(".commtext") or row.css_first(".comment"))
    gone = GONE.get(body.text.lower())
    if gone is not None:
        return Body(""), gone
    if body.text or body.quotes:
        return body, "ok"
    return body, "empty" if row.css_first("a.hnuser") is not None else "deleted"


def _body(node: LexborNode | None) -> Body:
    if node is None:
        return Body("")
    for link in node.css(".reply, a[href^='reply?']"):
        link.decompose()
    return from_html(node.html or "", quoted_lines=True)


def _time(row: LexborNode) -> tuple[datetime | None, str | None]:
    """Return the time; the printed age where the page, being old, tells no more."""
    age = row.css_first(".age")
    stated = (attribute(age, "title") or "").split()
    created = wire.moment(stated[0]) if stated else None
    return created, None if created is not None else words(age) or None


def _indent(row: LexborNode) -> int:
    cell = row.css_first("td.ind")
    stated = wire.number(attribute(cell, "indent"))
    if stated is None and cell is not None:
        pixels = wire.number(attribute(cell.css_first("img"), "width"))
        stated = pixels / _PIXELS if pixels is not None else None
    return int(stated) if stated is not None else 0


def _linked(row: LexborNode, label: str) -> str | None:
    """Return the id that a link of a comment's head leads to."""
    for link in row.css(".comhead a[href]"):
        if words(link) == label:
            return _id_of(link)
    return None


def _on_story(row: LexborNode) -> LexborNode | None:
    return row.css_first(".onstory a[href], .storyon a[href]")


def _story_of(row: LexborNode) -> str | None:
    return _id_of(_on_story(row))


def _title_of(row: LexborNode) -> str | None:
    link = _on_story(row)
    return clean(attribute(link, "title") or words(link)) or None


def _id_of(link: LexborNode | None) -> str | None:
    """Return the id in an address: behind `#`, else behind `id=`."""
    address = attribute(link, "href") or ""
    found = _FRAGMENT.search(address) or _QUERY.search(address)
    return found.group(1) if found else None
