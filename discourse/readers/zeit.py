"""Read the comments of Zeit Online pages saved as HTML.

Each comment is `<article class="comment" id="cid-N">`; replies are flat behind their top-level comment, marked
`comment--indented`. A reply names the comment it answers ("Antwort auf #3 von …", or a form with its number); where it
does not, the label says it: "#3.1" answers #3. Replies beyond the first are loaded later and often missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Article, Engine, Topic, engine_format
from discourse.readers.html_fields import first_words
from discourse.readers.html_page import Page, attribute, classes, counted, split_address, words
from discourse.readers.html_places import Place, numbered
from discourse.threads import Status

_COMMENT_ID = re.compile(r"^cid-(\d+)$")
_ORIGIN = re.compile(r"#cid-(\d+)|[?&;]cid=(\d+)")
_LABEL = re.compile(r"#\s*(\d+)(?:\.(\d+))?")
_PAGE = re.compile(r"[?&;]page=(\d+)")
_REMOVED = re.compile(
    r"^\W*(?:Entfernt|Gelöscht|Doppelposting|Teaserkommentar entfernt)\b.{0,400}(?:Redaktion|/\w{2,3})\W*\w{0,3}\W*$",
    re.S,
)


def _places(page: Page) -> Sequence[Place]:
    places = numbered(page, "[id^='cid-']", _COMMENT_ID)
    labeled: dict[str, str] = {}
    top: str | None = None
    found = []
    for place in places:
        parent = _origin(place.node) or place.parent
        label = _LABEL.search(first_words(place.node, _DATE))
        if label and label.group(2) is None:
            labeled[label.group(1)] = place.id
        indented = "comment--indented" in classes(place.node)
        if parent is None and label and label.group(2):
            parent = labeled.get(label.group(1)) or (top if indented else None)
        elif parent is None and indented:
            parent = top
        if parent is None:
            top = place.id
        found.append(Place(place.node, place.id, parent))
    return found


def _origin(node: LexborNode) -> str | None:
    """Return the id of the comment that a reply names."""
    link = node.css_first("a.comment__origin, .comment__origin a, a.js-jump-to-comment")
    match = _ORIGIN.search(attribute(link, "href") or "")
    if match:
        return match.group(1) or match.group(2)
    button = node.css_first("form button.comment__origin, form .js-jump-to-comment")
    form = button.parent if button is not None else None
    while form is not None and form.tag != "form":
        form = form.parent
    stated = attribute(form.css_first("input[name='cid']"), "value") if form is not None else None
    return stated if stated and stated.isdigit() else None


def _topic(page: Page) -> Topic:
    path = split_address(page.url or "").path.strip("/")
    current = words(page.tree.css_first(".pager__page--current"))
    stated = _PAGE.search(page.url or "")
    number = stated.group(1) if stated else current
    return Topic(
        id=re.sub(r"/(?:komplettansicht|seite-\d+)$", "", path) or None,
        title=page.heading,
        announced=counted(words(page.tree.css_first(".comment-section__headline, .comments__headline, #comments h2"))),
        page=int(number) if number.isdigit() and len(number) < 7 else 1,
    )


def _status(own: LexborNode) -> Status | None:
    body = own.css_first(".comment__body")
    if body is None:
        return None
    text = words(body)
    note = words(body.css_first("em.moderation, .moderation, .comment__moderation"))
    return "removed" if text and (note == text or _REMOVED.match(text)) else None


_DATE = (".comment-meta__date", ".comment__date", "[data-ct-label='datum']")

ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="cid-",
    author=(
        ".comment-meta__name a",
        ".comment-meta__name",
        ".comment__name",
        ".comment__user-name",
        "[data-ct-label='user_profile']",
    ),
    date=("time", *_DATE),
    body=(".comment__body",),
    furniture=".moderation, .comment__moderation, .comment__reactions",
    score=(".js-comment-recommendations", ".comment__recommendations", ".comment-meta__badge--recommended"),
    status=_status,
    zone="Europe/Berlin",
    article=Article(
        prefix="article",
        body=(".article-body", "[itemprop='articleBody']", ".article__body", ".article-page", "main article"),
        author=(".byline [itemprop='name']", ".byline a", ".metadata__source"),
        date=("meta[name='date']", "meta[property='article:published_time']", "time.metadata__date", "article time"),
        furniture="aside, figure, nav, form, header, .comment-section, .article-footer, .article-toc, .ad-container",
    ),
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="zeit",
        title="Zeit Online pages with comments (HTML)",
        keeps="ids, replies, authors, times or ages, recommendations as score, removals, the article",
        loses="replies that the page had not loaded",
        marks={
            r"<article[^<>]*?\bid=[\"']cid-\d++[\"']": 1.0,
            r"<link(?>[^<>]*?canonical)[^<>]*?https?://www\.zeit\.de/": 0.75,
        },
    ),
)
