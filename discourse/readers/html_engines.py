"""Read the pages of forum and blog engines: one table of selectors an engine, one walk over the page for all.

The walk finds the elements that hold one comment each, notes which answers which by their place, then takes each out of
the page by itself: what is looked for in a comment is never found in its replies, and the whole is linear in the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from discourse.readers.base import Event, Format, Head, Notice, Sample, Source
from discourse.readers.html_dates import Clock, day_comes_first, stated_offset, stated_time
from discourse.readers.html_fields import first_words, loose_time, moment, score_of
from discourse.readers.html_page import Page, attribute, live_address, parse_page, split_address, words
from discourse.readers.html_places import Place, drop
from discourse.text import Body, from_html
from discourse.threads import Comment, Evidence, Status

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|article|li|table|section)\b", re.I)
_POSITION = re.compile(r"#\s*\d[\d.,]*|^\d[\d.,]*$")
_PAGING = re.compile(r"/(?:comment-page-\d+|page-?\d+|index\.(?:html?|php))/?$|/$")
_PAGE_PARAMETERS = re.compile(r"(?:^|&)(?:c?page|start|sort|order|mode|comments_per_page|sid|s|pp)=[^&]*")


@dataclass(frozen=True, slots=True)
class Topic:
    """Say what a page states of its thread: number, title, comments announced, and which page of it this is.

    `flat` tells that the page shows no sign of replies, though the engine could; `notices` go to the user.
    """

    id: str | None = None
    title: str | None = None
    announced: int | None = None
    page: int = 1
    flat: bool | None = None
    notices: tuple[str, ...] = ()


def _no_parent(own: LexborNode) -> str | None:
    return None


def _no_quotes(body: LexborNode, topic: Topic) -> str | None:
    return None


def _no_status(own: LexborNode) -> Status | None:
    return None


def _no_author(own: LexborNode) -> str | None:
    return None


def _no_points(own: LexborNode) -> float | None:
    return None


def _plain_name(name: str) -> str:
    return name


@dataclass(frozen=True, slots=True)
class Article:
    """Describe the article that a page's comments are on: `prefix` makes its id, which comments' numbers do not."""

    prefix: str
    body: tuple[str, ...]
    author: tuple[str, ...]
    date: tuple[str, ...]
    furniture: str


@dataclass(frozen=True, slots=True)
class Engine:
    """Describe an engine's pages: selectors, tried in order, for what a comment holds, and functions for its quirks.

    `places` finds the comments, `topic` what the page says of the thread; `parent` reads a stated reply out of one
    comment; `quotes` makes quotes readable for `from_html` and returns the id of the first quoted comment; `status`
    recognizes deletion; `author_of` and `points` read what a selector cannot point at. The post is the `article`, or
    with `opening` the first message of the topic. `furniture` is no words of the author's; `anchor` makes a comment's
    fragment from its id; `zone` is the time zone where one site alone has the engine.
    """

    places: Callable[[Page], Sequence[Place]]
    topic: Callable[[Page], Topic]
    anchor: str
    author: tuple[str, ...]
    date: tuple[str, ...]
    body: tuple[str, ...]
    furniture: str
    title: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    score: tuple[str, ...] = ()
    position: tuple[str, ...] = ()
    parent: Callable[[LexborNode], str | None] = _no_parent
    quotes: Callable[[LexborNode, Topic], str | None] = _no_quotes
    status: Callable[[LexborNode], Status | None] = _no_status
    author_of: Callable[[LexborNode], str | None] = _no_author
    points: Callable[[LexborNode], float | None] = _no_points
    article: Article | None = None
    name: Callable[[str], str] = _plain_name
    opening: bool = False
    zone: str | None = None


def read_page(source: Source, engine: Engine) -> Iterator[Event]:
    """Yield what one page of an engine holds: its thread's head, its post, its comments."""
    page = parse_page(source)
    if page is None:
        yield source.skip("the page is too long to be parsed; split it")
        return
    topic = engine.topic(page)
    thread_id = page.thread_id(topic.id) if topic.id else _address_key(page) or source.thread_name
    places = [place for place in engine.places(page) if place.node.tag not in ("html", "body")]
    yield Head(
        thread_id,
        title=topic.title or page.title,
        url=page.url,
        announced=topic.announced if topic.announced is not None else page.announced,
        reply_field=False if topic.flat and not any(place.parent for place in places) else None,
        notices=topic.notices,
    )
    isolated = _isolated(page, places)
    if engine.article is not None and topic.page == 1:
        post = _post(page, topic, engine.article)
        if post is not None:
            yield replace(post, thread_id=thread_id)
    if not places:
        yield Notice(source.path, "no comments were recognized on this page")
        return
    yield from _comments(page, engine, topic, list(zip(places, isolated, strict=True)), thread_id)


def _isolated(page: Page, places: Sequence[Place]) -> list[LexborNode]:
    """Take the comments out of the page, replies before what they answer; aligned with `places`."""
    if page.tree.root is not None:
        drop(page.tree.root, "script, style")
    isolated = []
    for place in reversed(places):
        isolated.append(place.node.clone())
        place.node.decompose()
    return isolated[::-1]


def _post(page: Page, topic: Topic, article: Article) -> Comment | None:
    """Make the article that the comments of a page are on; None where its words are not found."""
    root = page.tree.root
    found = next((node for node in map(page.tree.css_first, article.body) if node is not None), None)
    if root is None or found is None:
        return None
    drop(found, article.furniture)
    body = from_html(found.inner_html or "")
    if not body.text:
        return None
    created, age = moment(root, article.date, Clock())
    return Comment(
        id=f"{article.prefix}-{topic.id}" if topic.id and topic.id.isdigit() else article.prefix,
        thread_id="",
        kind="post",
        text=body.text,
        quotes=body.quotes,
        author=first_words(root, article.author) or page.meta("author"),
        created=created or stated_time(page.linked("datePublished")),
        age=age,
        title=topic.title or page.title,
        url=page.url,
        source=page.path,
    )


def _comments(
    page: Page, engine: Engine, topic: Topic, found: Sequence[tuple[Place, LexborNode]], thread_id: str
) -> Iterator[Comment]:
    tail = words(page.tree.body)[-4000:] if engine.opening else ""
    dates = (first_words(own, names) for _, own in found for names in (engine.date, engine.edited))
    clock = Clock(day_comes_first(dates, page.lang), stated_offset(tail), engine.zone)
    for index, (place, own) in enumerate(found):
        comment = _comment(page, engine, topic, place, own, clock)
        opening = engine.opening and _is_opening(first_words(own, engine.position), topic, index)
        yield replace(comment, thread_id=thread_id, kind="post" if opening else "comment")


def _comment(page: Page, engine: Engine, topic: Topic, place: Place, own: LexborNode, clock: Clock) -> Comment:
    parent = engine.parent(own) or place.parent
    status = engine.status(own)
    edited = next((node for node in map(own.css_first, engine.edited) if node is not None), None)
    edited_at = moment(own, engine.edited, clock)[0] if edited is not None else None
    quoted, body = _body(own, engine, topic)
    created, age = moment(own, engine.date, clock)
    if created is None and age is None:
        created = loose_time(own, clock)
    score = score_of(own, engine.score)
    fragment = engine.anchor + place.id
    link = own.css_first(f"a[href$='#{fragment}'], a[href$='/{fragment}']") if place.id else None
    url = page.absolute(attribute(link, "href"))
    return Comment(
        id=place.id,
        thread_id="",
        parent_id=parent or quoted,
        text=body.text,
        quotes=body.quotes,
        author=engine.author_of(own) or engine.name(first_words(own, engine.author)) or None,
        created=created,
        age=age,
        edited=True if edited is not None else None,
        edited_at=edited_at,
        score=score if score is not None else engine.points(own),
        title=first_words(own, engine.title) or None,
        url=url or (f"{page.url}#{fragment}" if place.id and page.url and "://" in page.url else None),
        status=status or ("ok" if body.text or body.quotes else "empty"),
        source=page.path,
    )


def _body(own: LexborNode, engine: Engine, topic: Topic) -> tuple[str | None, Body]:
    """Take the body out of a comment: (id of the comment it quotes, words and quotes)."""
    found = next((node for node in map(own.css_first, engine.body) if node is not None), None)
    body = own.clone() if found is None else found
    if found is None:
        for selector in (*engine.author, *engine.date, *engine.title, *engine.edited, *engine.score, *engine.position):
            drop(body, selector)
    if engine.furniture:
        drop(body, engine.furniture)
    quoted = engine.quotes(body, topic)
    read = from_html(body.inner_html or "")
    if found is not None and found.mem_id != own.mem_id:
        found.decompose()
    return quoted, read


def _is_opening(position: str, topic: Topic, index: int) -> bool:
    """Tell whether a message opens its topic: by its printed number, else as the first of the first page."""
    match = _POSITION.search(position)
    if match:
        return re.sub(r"\D", "", match.group()) == "1"
    return index == 0 and topic.page == 1


def _address_key(page: Page) -> str | None:
    """Make a thread's id of the page's address, without what tells its pages and copies apart."""
    parts = split_address(live_address(page.url or ""))
    if not parts.netloc or not (parts.path.strip("/") or parts.query):
        return None
    query = _PAGE_PARAMETERS.sub("", parts.query).strip("&")
    return page.host + _PAGING.sub("", parts.path) + (f"?{query}" if query else "")


def engine_format(
    engine: Engine,
    *,
    name: str,
    title: str,
    keeps: str,
    loses: str,
    marks: dict[str, float],
    evidence: Evidence = "explicit",
    reply_field: bool = True,
) -> Format:
    """Make the Format of an engine; `marks` are regular expressions of its own markup, each with how sure it makes.

    A mark takes time linear in the page, however hostile: within a tag it runs to the next `<` at most, where another
    attempt may begin, and what it found first it keeps (`(?>...)`).
    """
    compiled = [(re.compile(mark), sureness) for mark, sureness in marks.items()]

    def sniff(sample: Sample) -> float:
        if not _HTML.search(sample.text[:16_384]):
            return 0.0
        return max((sureness for mark, sureness in compiled if mark.search(sample.text)), default=0.0)

    return Format(
        name=name,
        title=title,
        keeps=keeps,
        loses=loses,
        sniff=sniff,
        read=lambda source: read_page(source, engine),
        evidence=evidence,
        reply_field=reply_field,
    )
