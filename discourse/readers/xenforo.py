"""Read topics of XenForo 1 and 2 saved as HTML.

XenForo 2 writes `<article class="message" data-author data-content="post-N">`, XenForo 1 `<li class="message"
id="post-N" data-author>`; both name the quoted post in the quote, where it was made with the quote button.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Engine, Topic, engine_format
from discourse.readers.html_page import Page, attribute, classes, stated_number, words
from discourse.readers.html_places import Place, numbered
from discourse.readers.html_quotes import dress_quotes, quoted_name
from discourse.threads import Status

_POST_ID = re.compile(r"^(?:js-)?post-(\d+)$")
_TOPIC = re.compile(r"/threads/(?:[^/]*\.)?(\d+)(?:/|$|\?)|^thread-(\d+)$|[?&]threads/(?:[^/]*\.)?(\d+)")
_PAGE = re.compile(r"/page-(\d+)")
_QUOTED = re.compile(r"^post: ?(\d+)|goto/post\?id=(\d+)|#post-(\d+)|/posts/(\d+)")
_OTHERS = re.compile(r"\d[\d.,]*")


def _places(page: Page) -> Sequence[Place]:
    return numbered(page, "[data-content^='post-']", _POST_ID, "data-content") or numbered(
        page, "li.message[id^='post-'], .message[id^='js-post-']", _POST_ID
    )


def _topic(page: Page) -> Topic:
    key = _TOPIC.search(attribute(page.tree.css_first("html"), "data-content-key") or "")
    number = next((group for group in key.groups() if group), None) if key else None
    heading = page.tree.css_first("h1.p-title-value, .titleBar h1, h1")
    for label in heading.css(".label, .labelLink, .prefix, .label-append") if heading is not None else ():
        label.decompose()
    current = words(page.tree.css_first(".pageNav-page--current, .PageNav .currentPage"))
    stated = _PAGE.search(page.url or "")
    return Topic(
        id=number or stated_number(page, _TOPIC, "a.message-attribution-main, .datePermalink, a[href*='/threads/']"),
        title=words(heading) or None,
        page=int(current) if current.isdigit() and len(current) < 7 else int(stated.group(1)) if stated else 1,
    )


def _author(own: LexborNode) -> str | None:
    return (
        attribute(own, "data-author") or words(own.css_first(".message-name, .message-userDetails .username")) or None
    )


def _quotes(body: LexborNode, topic: Topic) -> str | None:
    """Name authors and the quoted post: stated by `data-source` in XenForo 2, by the header's link in XenForo 1.

    The pages of 2.0 and 2.1 have only a jump link for people there; their quotes are found again by their words.
    """

    def read(quote: LexborNode) -> tuple[str | None, str | None]:
        header = quote.css_first(".bbCodeBlock-title, .attribution")
        author = attribute(quote, "data-quote") or attribute(quote, "data-author") or quoted_name(words(header))
        within = quote.css_first("blockquote.quoteContainer")
        if within is not None:
            within.unwrap()
            for part in quote.css("div.quote"):
                part.attrs["class"] = "quoted"
        source = attribute(quote, "data-source") or attribute(quote.css_first(".AttributionLink"), "href") or ""
        quoted = _QUOTED.search(source)
        for furniture in reversed(quote.css(".bbCodeBlock-title, .bbCodeBlock-expandLink, .attribution, .quoteExpand")):
            furniture.decompose()
        return author, next((group for group in quoted.groups() if group), None) if quoted else None

    return dress_quotes(body, ".bbCodeBlock--quote, .bbCodeQuote", read)


def _status(own: LexborNode) -> Status | None:
    if "message--deleted" not in classes(own) and "deleted" not in classes(own):
        return None
    remover = words(own.css_first(".messageNotice--deleted .username, .deletionNote .username"))
    return "deleted" if remover and remover == _author(own) else "removed"


def _points(own: LexborNode) -> float | None:
    """Count reactions: the people named, and "and 5 others"; XenForo names three at most."""
    bar = own.css_first(".reactionsBar-link, .likesBar .likeText, .likesBar-link, .likesSummary .LikeText")
    if bar is None:
        return None
    named = len(bar.css("bdi, .username"))
    others = _OTHERS.findall(words(bar)) if named >= 3 else []
    return float(named + int(re.sub(r"\D", "", others[-1])) if others else named)


ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="post-",
    author=(".message-name", ".message-userDetails .username", ".userText .username", ".username"),
    author_of=_author,
    date=(
        ".message-attribution-main time",
        ".message-attribution time",
        ".message-attribution .u-dt",
        ".datePermalink .DateTime",
        ".message-date time",
        "time",
        ".DateTime",
    ),
    body=(".message-body .bbWrapper", ".message-body", ".messageText", ".message-userContent .bbWrapper", ".bbWrapper"),
    furniture=".js-selectToQuoteEnd, .messageTextEndMarker, .message-signature, .bbCodeBlock--unfurl, .attachment,"
    " .bbCodeBlock--code > .bbCodeBlock-title, .bbCodeSpoiler-button, .bbMediaWrapper-fallback, .messageNotice",
    edited=(".message-lastEdit", ".editDate"),
    score=(".contentVote-score", ".js-voteCount"),
    position=(".message-attribution-opposite", ".postNumber"),
    quotes=_quotes,
    status=_status,
    points=_points,
    opening=True,
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="xenforo",
        title="XenForo 1 and 2 topic pages (HTML)",
        keeps="ids, authors, times, edits, votes or reactions as score, quotes and the quoted post",
        loses="replies that quote nobody",
        marks={
            r"<html[^<>]*?\bid=[\"'](?:XF|XenForo)[\"']": 1.0,
            r"data-content=[\"']post-\d++[\"']": 1.0,
            r"<li(?>[^<>]*?\bid=[\"']post-\d++[\"'])[^<>]*?class=[\"'][^\"']*?\bmessage\b": 0.95,
            r"data-template=[\"']thread_view": 0.95,
        },
        reply_field=False,
    ),
)
