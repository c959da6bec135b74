"""Read topics of phpBB 3 saved as HTML: prosilver of 3.0 to 3.3 and styles made of it, and subsilver2.

Styles rename classes, but keep `id="pN"` (subsilver2: `<a name="pN">`). Only quotes of 3.2 and later name the quoted
post. Pages of a topic join by the topic's number; the first message of the first page is the post.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Engine, Topic, engine_format
from discourse.readers.html_fields import first_words
from discourse.readers.html_page import Page, attribute, counted, stated_number, words
from discourse.readers.html_places import Place, numbered
from discourse.readers.html_quotes import dress_quotes, quoted_name
from discourse.threads import Status

_POST_ID = re.compile(r"^p(\d+)$")
_TOPIC = re.compile(r"[?&;@]t=(\d+)|\bt=(\d+)$|-t(\d+)(?:-\d+)?\.html|\btopic-?(\d+)(?:-\d+)?\.html|/topic/(\d+)")
_REPLY = re.compile(r"^(?:(?:Re|AW|RE|Odp|Sv|Ответ)\s?:\s*)+")
_OFFSET = re.compile(r"[?&;@]start=(\d+)")
_TOTAL = re.compile(r"^\D{0,3}(\d[\d.,\s]*)\s*[^\W\d]+\W{0,3}$")
_QUOTED = re.compile(r"[?&;]p=(\d+)|#p(\d+)")
_NEAR = 12
"""Levels between a post's table and its anchor; subsilver2 has four."""

_AUTHOR = (
    "p.author .username, p.author .username-coloured",
    "p.author strong",
    ".postprofile .username, .postprofile .username-coloured",
    ".postprofile dt strong",
    ".postprofile dt a[href*='viewprofile']:not(.avatar)",
    ".postauthor",
    ".username, .username-coloured",
    ".author strong",
    "a[href*='mode=viewprofile']",
)


def _places(page: Page) -> Sequence[Place]:
    places = [place for place in numbered(page, "[id^='p']", _POST_ID) if place.node.tag not in ("a", "span")]
    if places:
        return places
    tables: list[Place] = []
    for anchor in page.tree.css("a[name^='p'], a[id^='p']"):
        match = _POST_ID.search(anchor.attributes.get("name") or anchor.attributes.get("id") or "")
        around = _around(anchor) if match else None
        if match and around is not None:
            tables.append(Place(around, match.group(1)))
    if tables:
        return tables
    # The print view bears no ids; readers.joining numbers what has none.
    return [Place(node, "") for node in page.tree.css("div.post") if node.css_first(".content") is not None]


def _around(anchor: LexborNode) -> LexborNode | None:
    """Return the table or block of a post whose anchor stands inside it."""
    node = anchor.parent
    for _ in range(_NEAR):
        if node is None or node.tag in ("body", "html"):
            break
        if node.tag == "table" and node.css_first(".postbody") is not None:
            return node
        if "post" in (node.attributes.get("class") or "").split():
            return node
        node = node.parent
    return None


def _topic(page: Page) -> Topic:
    number = stated_number(
        page, _TOPIC, "h2 a[href], h1 a[href]", "a[href*='mode=reply']", "input[name='t']", "a[href*='viewtopic']"
    )
    current = words(page.tree.css_first(".pagination strong, .pagination .active, td.nav strong"))
    offset = _OFFSET.search(page.url or "")
    return Topic(
        id=number,
        title=_title(page),
        announced=_announced(page),
        page=int(current)
        if current.isdigit() and len(current) < 7
        else 1
        if not offset or offset.group(1) == "0"
        else 2,
    )


def _title(page: Page) -> str | None:
    """Return the topic's title: the page's heading, else the subject of its first message."""
    heading = words(page.tree.css_first("h2.topic-title, h1.topic-title, h2 a.titles, h2 a[href*='viewtopic']"))
    if heading:
        return heading
    subject = _REPLY.sub("", words(page.tree.css_first(".postbody h3 a, h3 a[href*='#p']")))
    return subject if subject and subject in (page.meta("og:title") or page.title or "") else None


def _announced(page: Page) -> int | None:
    """Read "18 posts" beside the page numbers; the opening post is no comment."""
    for node in page.tree.css(".pagination, td.gensmall"):
        for part in re.split(r"[•·\[\]\n]", node.text()):
            match = _TOTAL.match(part.strip())
            total = counted(match.group(1)) if match else None
            if total:
                return total - 1
    return None


def _quotes(body: LexborNode, topic: Topic) -> str | None:
    def read(quote: LexborNode) -> tuple[str | None, str | None]:
        cite = quote.css_first("cite")
        header = cite
        if cite is None and quote.prev is not None:
            before = quote.prev if quote.prev.is_element_node else quote.prev.prev
            header = before if before is not None and "quotetitle" in (before.attributes.get("class") or "") else None
        if header is None:
            return None, None
        link = header.css_first("a[data-post-id]")
        address = attribute(link, "data-post-id") or attribute(quote, "cite")
        address = address or attribute(header.css_first("a[href*='#p'], a[href*='p=']"), "href") or ""
        quoted = re.fullmatch(r"\d+", address) or _QUOTED.search(address)
        elsewhere = re.search(r"[?&;]t=(\d+)", address)
        name: str | None = words(header.css_first("a[href*='viewprofile'], .username, .username-coloured"))
        for mark in header.css(".responsive-hide, a[data-post-id]"):
            mark.decompose()
        name = name or quoted_name(words(header))
        header.decompose()
        if quoted is None or (elsewhere and topic.id and elsewhere.group(1) != topic.id):
            return name or None, None
        return name or None, next((group for group in quoted.groups() if group), quoted.group())

    return dress_quotes(body, "blockquote, .quotecontent", read)


def _status(own: LexborNode) -> Status | None:
    classes = (own.attributes.get("class") or "").split()
    notice = words(own.css_first(".post_deleted_msg, [id^='post_hidden']"))
    if "deleted" not in classes and own.css_first(".post_deleted_msg") is None:
        return None
    author = first_words(own, _AUTHOR)
    return "deleted" if author and author in notice else "removed"


ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="p",
    author=_AUTHOR,
    date=("p.author time", "p.author", ".author time", ".postdate", ".post-date", ".date", ".author", "td.gensmall"),
    body=(".content", ".postbody", ".post-text", ".post-content"),
    furniture=".signature, .notice, .attachbox, .inline-attachment, dl.file, dl.thumbnail, .codebox > p, .codebox dt",
    title=(".postbody h3", "h3 a[href*='#p']", "h3", "td.gensmall a[href*='#p']"),
    edited=(".notice:not(.post_deleted_msg)",),
    quotes=_quotes,
    status=_status,
    opening=True,
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="phpbb",
        title="phpBB 3 topic pages (HTML)",
        keeps="ids, authors, times, subjects, edits, quotes, and the quoted post where the page names it (from 3.2)",
        loses="replies that quote nobody; the zone of times where the page does not state it (taken as UTC)",
        marks={
            r"<body(?>[^<>]*?\bid=[\"']phpbb[\"'])[^<>]*?section-viewtopic": 1.0,
            r"<div(?>[^<>]*?\bid=[\"']p\d++[\"'])[^<>]*?class=[\"'][^\"']*?\bpost\b": 0.95,
            r"<a name=[\"']p\d++[\"']": 0.9,
            r"viewtopic\.php[?@]": 0.8,
            r"(?i)<body[^<>]*?\bid=[\"']phpbb[\"']|styles/prosilver": 0.75,
            r"(?i)powered by(?:(?!powered by)[^<])*?(?:<[^<>]*>)?phpbb": 0.75,
        },
        reply_field=False,
    ),
)
