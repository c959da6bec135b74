"""Read the comments of Drupal 6, 7, 8 and later pages saved as HTML.

Drupal 6 and 7 put `<a id="comment-N"></a>` before a comment, Drupal 8 `<article id="comment-N">`; replies follow in
`<div class="indented">` beside the comment, not inside it. Where a page names the parent itself (RDF of Drupal 7, "In
reply to" of Drupal 8), that decides. A flat list states no replies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Article, Engine, Topic, engine_format
from discourse.readers.html_fields import first_words
from discourse.readers.html_page import Page, attribute, classes, counted, stated_number, words
from discourse.readers.html_places import Place
from discourse.readers.html_quotes import dress_quotes

_COMMENT_ID = re.compile(r"^comment-(\d+)$")
_PERMALINK = re.compile(r"#comment-(\d+)$")
_NODE = re.compile(r"\bnode[/-](\d+)\b|comment/reply/(?:node/)?(\d+)|page-node-(\d+)")
_PAGE = re.compile(r"[?&;]page=(?:\d+(?:%2C|,))?(\d+)")
_UNVERIFIED = re.compile(
    r"\s*\((?:not verified|nicht überprüft|non vérifié|no verificado|non verificato|niet gecontroleerd|não verificado"
    r"|ikke bekræftet|ikke bekreftet|inte verifierad|niezweryfikowany|neověřeno|не проверено|nem ellenőrzött)\)\s*$",
    re.I,
)
_BYLINE = re.compile(
    r"\b(?:by|von|par|por|da|door|av|af|przez|от)\s+(?P<name>.{1,80}?)\s*"
    r"(?:\b(?:on|am|le|el|em|il|op|den|dnia|at)\b|[,—–|-]\s|\d{1,2}[./]|$)",
    re.I,
)
_BEHIND_DATE = re.compile(r"\d\d:\d\d\s*[—–|-]\s*(?P<name>.{1,80})$")
_NAME = (
    ".username",
    "[typeof~='schema:Person']",
    "[typeof~='sioc:UserAccount']",
    ".comment__author",
    ".submitted a[href*='/user/'], .submitted a[href*='/users/']",
    ".author",
    ".commenter-name",
)
_SUBMITTED = (".submitted", ".comment__submitted", ".comment-submitted", ".comment-meta", ".info")
_NEAR = 20
"""Nodes looked at beside and levels above an anchor; stock templates have two."""


def _places(page: Page) -> Sequence[Place]:
    nodes: list[LexborNode] = []
    ids: list[str] = []
    taken: set[int] = set()
    for mark in page.tree.css("[id^='comment-']"):
        match = _COMMENT_ID.search(mark.attributes.get("id") or "")
        node = _whole(mark) if match else None
        if match and node is not None and node.mem_id not in taken:
            taken.add(node.mem_id)
            nodes.append(node)
            ids.append(match.group(1))
    if not nodes:
        nodes, ids = _by_permalink(page)
    last: list[str] = []
    places = []
    for node, number, level in zip(nodes, ids, _levels(nodes), strict=True):
        del last[level:]
        parent = last[level - 1] if 0 < level == len(last) else None
        last += [number] * (level + 1 - len(last))
        places.append(Place(node, number, parent))
    return places


def _whole(mark: LexborNode) -> LexborNode | None:
    """Return the element that holds a comment: the mark itself, what follows an empty anchor, or what it is in."""
    if mark.tag not in ("a", "span"):
        return mark
    step = mark.next
    for _ in range(_NEAR):
        if step is None or (step.is_element_node and step.tag not in ("a", "br", "span")):
            break
        step = step.next
    if step is not None and step.is_element_node and "indented" not in classes(step) and "comment" in _named(step):
        return step
    around = mark.parent
    for _ in range(_NEAR):
        if around is None or around.tag in ("body", "html"):
            break
        if "comment" in classes(around) or _named(around).startswith("comment "):
            return around
        around = around.parent
    return None


def _named(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('about') or ''}"


def _by_permalink(page: Page) -> tuple[list[LexborNode], list[str]]:
    """Find comments of themes that dropped the id: by what they are about, or by their own permanent link."""
    nodes: list[LexborNode] = []
    ids: list[str] = []
    for node in page.tree.css("[about*='#comment-'], [data-comment-user-id], div.comment, article.comment"):
        link = node.css_first(
            "a[rel='bookmark'][href*='#comment-'], a.permalink[href*='#comment-'], h3 a[href*='#comment-']"
        )
        match = _PERMALINK.search(attribute(node, "about") or attribute(link, "href") or "")
        if match and match.group(1) not in ids[-1:]:
            nodes.append(node)
            ids.append(match.group(1))
    return nodes, ids


def _levels(nodes: Sequence[LexborNode]) -> list[int]:
    """Count for each element the `indented` blocks around it; linear in the page."""
    known: dict[int, int] = {}
    levels = []
    for node in nodes:
        passed: list[LexborNode] = []
        step = node.parent
        while step is not None and step.mem_id not in known:
            passed.append(step)
            step = step.parent
        level = known[step.mem_id] if step is not None else 0
        for around in reversed(passed):
            level += "indented" in classes(around)
            known[around.mem_id] = level
        levels.append(level)
    return levels


def _parent(own: LexborNode) -> str | None:
    """Read the parent that the page names: RDF `sioc:reply_of`, or "In reply to … by …"."""
    for node in own.css("[rel~='sioc:reply_of'][resource], .parent a[href], [class*='comment__parent'] a[href]"):
        match = _PERMALINK.search(attribute(node, "resource") or attribute(node, "href") or "")
        if match:
            return match.group(1)
    return None


def _quotes(body: LexborNode, topic: Topic) -> str | None:
    def read(quote: LexborNode) -> tuple[str | None, str | None]:
        header = quote.css_first(".quote-author, .bb-quote-author")
        name = words(header.css_first("em, strong, .username") or header) if header is not None else ""
        if header is not None:
            header.decompose()
        return name.rstrip(" :") or None, None

    return dress_quotes(body, ".quote-msg, .bb-quote, .quote_message", read)


def _topic(page: Page) -> Topic:
    number = stated_number(
        page,
        _NODE,
        "link[rel='shortlink']",
        "article[id^='node-'], div[id^='node-']",
        "body[class*='page-node-']",
        "form[action*='comment/reply/'], a[href*='comment/reply/']",
    )
    stated = _PAGE.search(page.url or "")
    current = re.search(r"\d+", words(page.tree.css_first(".pager-current, .pager__item.is-active, .pager .active")))
    threaded = page.tree.css_first(".indented, [rel~='sioc:reply_of'], p.parent, [class*='comment__parent']")
    return Topic(
        id=number,
        title=page.heading,
        announced=_announced(page),
        page=int(stated.group(1)[:6]) + 1 if stated else int(current.group()[:6]) if current else 1,
        flat=threaded is None,
    )


def _announced(page: Page) -> int | None:
    counter = page.tree.css_first(
        "[property~='sioc:num_replies'][content], [property='schema:userInteractionCount'][content],"
        " [property='schema:interactionCount'][content]"
    )
    stated = attribute(counter, "content")
    if stated:
        return counted(stated.rpartition(":")[2])
    heading = words(page.tree.css_first("#comments .comment-count, .comments > h2, #comments > h2, h2#comments"))
    return counted(heading) if heading[:1].isdigit() or heading.rstrip(")").endswith(tuple("0123456789")) else None


def _author(own: LexborNode) -> str | None:
    """Return the name in the byline ("Submitted by Jane on Mon, 2008-05-12"), where no element holds it alone."""
    name = first_words(own, _NAME)
    if not name:
        byline = first_words(own, _SUBMITTED)
        match = _BYLINE.search(byline) or _BEHIND_DATE.search(byline)
        name = match["name"] if match else ""
    return _UNVERIFIED.sub("", name).strip() or None


ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="comment-",
    author=(".submitted",),
    author_of=_author,
    date=(
        "[property~='dc:created'][content]",
        "[property='schema:dateCreated'][content]",
        ".submitted time",
        "time",
        ".comment__time",
        ".comment-time",
        ".comment__submitted",
        ".submitted",
        ".date",
        "[data-comment-timestamp]",
    ),
    body=(
        ".field-name-comment-body .field-item",
        ".field-name-comment-body",
        ".field--name-comment-body",
        "[property='schema:text']",
        "[property~='content:encoded']",
        ".comment__content",
        ".comment-content",
        ".content",
        ".comment-text",
        ".comment-body",
    ),
    furniture=".links, .user-signature, .signature, .submitted, .attribution, .comment__meta, .new, .unpublished,"
    " .comment-arrow, h3.title, .expanding-formatter-ellipsis, .expanding-formatter-trigger, .field-label",
    title=(
        "[property~='dc:title']",
        "[property='schema:name'] a",
        "h3 a[href*='#comment-']",
        "h3",
        ".comment-title",
        ".comment__title",
    ),
    parent=_parent,
    quotes=_quotes,
    article=Article(
        prefix="node",
        body=(
            "[itemprop='articleBody']",
            ".node .field-name-body",
            ".field--name-body",
            ".node__content .field--type-text-with-summary",
            ".node__content",
            ".node > .content",
            ".node .content",
        ),
        author=(
            ".node .submitted .username, .node .submitted a[href*='/user']",
            ".node__meta .username",
            ".node .author-name",
            ".node [property='schema:author']",
            ".node .username",
            ".node .field-name-field-author",
        ),
        date=(
            "meta[property='article:published_time']",
            ".node .submitted time",
            ".node time",
            ".node .submitted",
            ".node__submitted",
            ".node__meta",
        ),
        furniture=".links, #comments, .comments, .comment-wrapper, .comment, .meta, .submitted, .field-label",
    ),
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="drupal",
        title="Drupal 6 to 10 pages with comments (HTML)",
        keeps="ids, replies, authors, times, subjects, the article, the announced number of comments",
        loses="replies on pages that show a flat list; a parent on an earlier page where the page does not name it",
        marks={
            r"data-comment-user-id=|typeof=[\"'][^\"']*(?:sioct:Comment|schema:Comment)": 1.0,
            r"<a id=[\"']comment-\d++[\"']>": 0.96,
            r"(?i)<meta(?>[^<>]*?generator)[^<>]*?Drupal|data-drupal-selector|drupal-settings-json": 0.8,
            r"\bDrupal\.settings\b|/sites/(?:all|default)/(?:themes|modules|files)/|misc/drupal\.js": 0.8,
        },
        evidence="indent",
    ),
)
