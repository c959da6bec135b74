"""Read topics of vBulletin 3 and 4 saved as HTML.

vBulletin 4 writes `<li id="post_N">`, vBulletin 3 tables `<table id="postN">`; both hold the words in
`#post_message_N` and name the quoted post in the quote's link, where the quote has one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Engine, Topic, engine_format
from discourse.readers.html_fields import first_words
from discourse.readers.html_page import Page, attribute, stated_number, words
from discourse.readers.html_places import Place, drop, numbered
from discourse.readers.html_quotes import dress_quotes
from discourse.threads import Status

_POST_ID = re.compile(r"^post_?(\d+)$")
_TOPIC = re.compile(
    r"showthread\.php\?(?:[^\"]*[&;])?t=(\d+)|(?:[?&;]|^)t=(\d+)|showthread\.php[/?](\d+)|/threads?/(\d+)|/(\d+)-[^/]*(?:\.html|/|$)"
    r"|-(\d+)(?:-\d+)?(?:/|\.html|/index\d+\.html)(?:\?|$)"
)
_SHOWN = re.compile(r"(\d[\d.,]*)\D+(\d[\d.,]*)\D+(\d[\d.,]*)\D*$")
_PAGE = re.compile(r"(?:[?&;]page=|/page|/index|-)(\d+)(?:\.html|/|[?&;]|$)")
_QUOTED = re.compile(r"#post(\d+)|[?&;]p=(\d+)|post(\d+)\.html")
_QUOTED_TOPIC = re.compile(r"[?&;]t=(\d+)|showthread\.php[/?](\d+)-|/(\d+)-[^/]*-post\d+\.html")
_TITLE_PAGE = re.compile(r"\s+-\s+(?:Seite|Page|Página|Pagina|Strona|Sida|Side|Sivu|Страница)\s+\d+\s*$", re.I)

_AUTHOR = (
    ".username_container .username",
    "a.bigusername",
    ".bigusername",
    ".username",
    "[id^='postmenu_']",
    ".userinfo .author",
)


def _places(page: Page) -> Sequence[Place]:
    return [
        place
        for place in numbered(page, "li[id^='post_'], table[id^='post'], div[id^='post']", _POST_ID)
        if place.node.tag != "div" or place.node.css_first(f"#post_message_{place.id}") is not None
    ]


def _topic(page: Page) -> Topic:
    number = stated_number(
        page,
        _TOPIC,
        "a[href*='printthread.php'], form[action*='threadrate.php'], a[href*='newreply.php?do=newreply&t=']",
        "form[action*='showthread.php?t='], input[name='t'], input[name='threadid']",
        ".threadtitle a[href], a[href*='showthread.php']",
    )
    shown = _shown(page)
    title = words(page.tree.css_first(".threadtitle, h1.thread-title, td.navbar strong"))
    return Topic(
        id=number,
        title=title or _TITLE_PAGE.sub("", page.title or "") or None,
        announced=shown[1] - 1 if shown else None,
        page=1 if shown and shown[0] == 1 else _page_number(page),
    )


def _shown(page: Page) -> tuple[int, int] | None:
    """Read "Results 661 to 680 of 795": the first message of the page, and how many the topic has."""
    texts = [words(node) for node in page.tree.css("[id^='postpagestats'], .postpagestats, .pagination_top .stats")]
    current = page.tree.css_first(".pagination .selected a, .pagenav td.alt2 span[title]")
    for text in (*texts, attribute(current, "title") or ""):
        match = _SHOWN.search(text)
        if match:
            first, last, total = (int(re.sub(r"\D", "", group)) for group in match.groups())
            if 0 < first <= last <= total:
                return first, total
    return None


def _page_number(page: Page) -> int:
    current = words(page.tree.css_first(".pagination .selected a, .pagenav td.alt2 strong"))
    if current.isdigit() and len(current) < 7:
        return int(current)
    stated = _PAGE.search(page.url or "") if page.tree.css_first("link[rel='prev']") is not None else None
    return int(stated.group(1)) if stated else 1


def _quotes(body: LexborNode, topic: Topic) -> str | None:
    _dress_tables(body)
    drop(body, "div[style*='margin:20px'] > div.smallfont")

    def read(quote: LexborNode) -> tuple[str | None, str | None]:
        header = quote.css_first(".bbcode_postedby, .quote-header")
        if header is None:
            return None, None
        author = words(header.css_first("strong, b")) or None
        address = attribute(header.css_first("a[href]"), "href") or ""
        header.decompose()
        quoted = _QUOTED.search(address)
        elsewhere = _QUOTED_TOPIC.search(address)
        there = next(group for group in elsewhere.groups() if group) if elsewhere else None
        if quoted is None or (there and topic.id and there != topic.id):
            return author, None
        return author, next(group for group in quoted.groups() if group)

    return dress_quotes(body, ".bbcode_quote", read)


def _dress_tables(body: LexborNode) -> None:
    """Turn the quotes of vBulletin 3 (a heading, and a table of one cell) into those of vBulletin 4."""
    for cell in body.css("div > table td.alt2"):
        block = cell.parent
        while block is not None and block.tag != "div":
            block = block.parent
        if block is None or block.mem_id == body.mem_id:
            continue
        header = next((part for part in cell.css("div") if part.css_first("strong") is not None), None)
        if header is not None and header.parent is not None and header.parent.mem_id == cell.mem_id:
            header.attrs["class"] = "bbcode_postedby"
        block.attrs["class"] = "bbcode_quote"


def _status(own: LexborNode) -> Status | None:
    if "postbitdeleted" not in (own.attributes.get("class") or ""):
        return None
    author = first_words(own, _AUTHOR)
    remover = words(own.css_first(".deletedby .username, .deletedby a, .postbitdeleted_deletedby a"))
    return "deleted" if author and author == remover else "removed"


ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="post",
    author=_AUTHOR,
    date=(".postdate .date", ".postdate", ".posthead .date", "td.thead", ".thead"),
    body=(
        "[id^='post_message_'] blockquote.postcontent",
        "blockquote.postcontent",
        "[id^='post_message_']",
        ".content",
    ),
    furniture=".signature, .lastedited, .attachments, .bbcode_description, .tapatalkSignatur, .after_content,"
    " .deletedby",
    title=("h2.title", ".posttitle", "td.alt1 > .smallfont > strong"),
    edited=(".lastedited", "div.smallfont em"),
    position=(".postcounter", "a[id^='postcount']", "td.thead"),
    quotes=_quotes,
    status=_status,
    opening=True,
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="vbulletin",
        title="vBulletin 3 and 4 topic pages (HTML)",
        keeps="ids, authors, times, titles, edits, quotes and the quoted post where the quote links to it",
        loses="replies that quote nobody; the zone of times where the page does not state it (taken as UTC)",
        marks={
            r"<html[^<>]*?\bid=[\"']vbulletin_html[\"']": 1.0,
            r"<li[^<>]*?\bid=[\"']post_\d++[\"']|<table[^<>]*?\bid=[\"']post\d++[\"']": 0.95,
            r"(?i)<meta(?>[^<>]*?generator)[^<>]*?vbulletin [34]": 0.9,
            r"(?i)vbulletin(?:_global|-core)\.js|clientscript/vbulletin": 0.9,
            r"post_message_\d": 0.85,
        },
        reply_field=False,
    ),
)
