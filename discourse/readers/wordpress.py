"""Read the comments of WordPress pages saved as HTML, whatever the theme.

Themes keep `id="comment-N"` (in the forms `li-comment-N`, `div-comment-N`, wpDiscuz `wpd-comm-N_M`), lists nested for
replies and, on a flattened list, the class `depth-N`. Below `thread_comments_depth` WordPress shows replies as
siblings: that is lost. Pingbacks and trackbacks are comments of the sites that sent them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from discourse.readers.base import Format
from discourse.readers.html_engines import Article, Engine, Topic, engine_format
from discourse.readers.html_page import Page, classes, counted, stated_number, words
from discourse.readers.html_places import Place, numbered_nodes, placed

_COMMENT_ID = re.compile(r"^(?:(?:li-|div-|wp-)?comment-|(?:wpd|wc)-comm-|dsq-comment-)(\d+)(?:_\d+)?$")
_CANDIDATES = (
    "[id^='comment-'], [id^='li-comment-'], [id^='div-comment-'], [id^='wp-comment-'], [id^='wpd-comm-'],"
    " [id^='wc-comm-'], [id^='dsq-comment-']"
)
_UNNUMBERED = (
    "li.comment, li.pingback, li.trackback, article.comment, div.comment.depth-1, div.comment[class*='depth-']"
)
_DEPTH = re.compile(r"\bdepth-(\d+)\b")
_POST_ID = re.compile(r"[?&;]p=(\d+)|comment_post_ID=(\d+)|\b(?:postid|page-id|post)-(\d+)\b|[?&;]page_id=(\d+)")
_PAGE = re.compile(r"/comment-page-(\d+)|[?&;]cpage=(\d+)")
_SAYS = re.compile(
    r"\s*(?:(?:\b(?:says?|said|wrote|writes|on|sagte?|schrieb|schreibt|meint|a dit|dit|a écrit|écrit|dice|dijo|escribió"
    r"|ha detto|disse|zegt|schreef|säger|skriver|siger|sier|sanoo|pisze|napisał\(?a?\)?|říká|napsal|говорит|пишет"
    r"|diyor ki)\b)?\s*:|\bsays|\bsagt|\b(?:Post author|Author|Autor|Auteur|Beitragsautor)\b)\s*$",
    re.I,
)

_BYLINE = re.compile(
    r"(?:Comment|Kommentar|Commentaire|Comentario|Commento|Reactie)\s+(?:by|von|par|por|de|di|door)\s+(?P<name>.{1,80}?)\s+[—–-]\s",
    re.I,
)
"""The line under a comment in the first themes: "Comment by Jane — May 3, 2006 @ 4:05 pm"."""
_BARE_SAYS = re.compile(r"\s*[^\W\d]{1,12}(?:\s[^\W\d]{1,12})?\s*[:：]\s*")

_NEAR = 8
"""Levels between a comment's element and an anchor that bears its number; themes have one to three."""

_BODY = (
    ".comment-content",
    ".comment_content",
    ".wp-block-comment-content",
    ".wpd-comment-text",
    ".wc-comment-text",
    ".dsq-comment-message",
    "[itemprop='text']",
    "[itemprop='commentText']",
    ".comment-text .description",
    ".comment-text",
    ".comment_text",
    ".commenttext",
    ".comment-entry",
    ".commententry",
    ".comment-body-content",
    ".comment__content",
    ".comment__text",
    ".comment-message",
    ".comment-copy",
)
_FURNITURE = (
    ".reply, .comment-reply-link, .comment-reply, .comment-edit-link, .comment-awaiting-moderation, .says, .avatar,"
    " .comment-author, .comment-meta, .comment-metadata, .commentmetadata, .comment-header, .comment-footer,"
    " .comment-date, .comment-time, .comment-actions, .comment-avatar, .comment-permalink, .comment-number, p.meta,"
    " .star-rating, .children, .comment-respond, form, .sharedaddy, .comment-likes, .jp-likes, .wpd-comment-footer,"
    " .wpulike, .post-ratings, .cld-like-dislike-wrap, .gdrts-rating-block, .commentnumber, .quote-this"
)
_ARTICLE_BODY = (
    ".entry-content",
    ".wp-block-post-content",
    "[itemprop='articleBody']",
    ".post-content",
    ".article-content",
    ".post-entry",
    ".td-post-content",
    ".single-content",
    ".post .entry",
    "article .content",
    ".hentry .content",
)
_HEADINGS = (
    ".comments-title",
    ".wp-block-comments-title",
    "#comments-title",
    "#comments h2",
    "#comments h3",
    "h2#comments",
    "h3#comments",
    "h4#comments",
    ".comments-heading",
    ".comments-count",
    ".comments-number",
    ".comment-count",
    ".wpdtc",
    "h3.comments",
    "[itemprop='interactionCount']",
)


def _places(page: Page) -> Sequence[Place]:
    _dress_pings(page)
    _drop_says(page)
    nodes, ids = numbered_nodes(page, _CANDIDATES, _COMMENT_ID)
    if not nodes:
        nodes = page.tree.css(_UNNUMBERED)
        number = _page_number(page)
        ids = [f"{number}-{n}" if number > 1 else str(n) for n, _ in enumerate(nodes, 1)]
    nodes = [_whole(node) for node in nodes]
    return _by_depth(placed(nodes, ids))


def _whole(node: LexborNode) -> LexborNode:
    """Return the element that holds a comment whose number stands on an anchor or heading inside it."""
    if node.tag not in ("a", "span", "h3", "h4", "h5", "p", "small", "cite", "dt"):
        return node
    around = node.parent
    for _ in range(_NEAR):
        if around is None or around.tag in ("body", "html", "ol", "ul"):
            break
        if around.tag in ("li", "article") or "comment" in " ".join(classes(around)):
            return around
        around = around.parent
    return node


def _by_depth(places: Sequence[Place]) -> list[Place]:
    """Give comments that are not nested the parent that their class `depth-N` says: the last one a level above."""
    above: list[tuple[int, str]] = []
    found = []
    for place in places:
        match = _DEPTH.search(place.node.attributes.get("class") or "")
        parent = place.parent
        if match and len(match.group(1)) < 7:
            depth = int(match.group(1))
            while above and above[-1][0] >= depth:
                above.pop()
            if parent is None and above and above[-1][0] == depth - 1:
                parent = above[-1][1]
            above.append((depth, place.id))
        found.append(Place(place.node, place.id, parent))
    return found


def _dress_pings(page: Page) -> None:
    """Mark the line of a short pingback ("Pingback: Title of the other page") as its author, not as words."""
    for item in page.tree.css("li.pingback, li.trackback, div.pingback, div.trackback"):
        if any(item.css_first(selector) is not None for selector in _BODY):
            continue
        line = item.css_first(".comment-body, p")
        link = line.css_first("a:not(.comment-edit-link)") if line is not None else None
        if line is not None and link is not None:
            line.attrs["class"] = "comment-author"
            link.attrs["class"] = "fn"


def _drop_says(page: Page) -> None:
    """Drop the bare "says:" that themes of old put between the author and the words."""
    for name in page.tree.css("li > cite, .comment > cite, li > .fn"):
        between = name.next
        if between is not None and between.is_text_node and _BARE_SAYS.fullmatch(between.text() or ""):
            between.decompose()


def _topic(page: Page) -> Topic:
    number = stated_number(
        page,
        _POST_ID,
        "link[rel='shortlink']",
        "input[name='comment_post_ID']",
        "body[class]",
        "article[id^='post-'], div[id^='post-'], main[id^='post-']",
    )
    heading = next(
        (n for n in (counted(words(page.tree.css_first(name))) for name in _HEADINGS) if n is not None), None
    )
    nested = page.tree.css_first(".children, [class*='depth-2'], .comment-reply-link, a[href*='replytocom=']")
    return Topic(
        id=number,
        title=page.heading,
        announced=heading,
        page=_page_number(page),
        flat=nested is None and page.tree.css_first("[class*='depth-1']") is None,
    )


def _page_number(page: Page) -> int:
    stated = _PAGE.search(page.url or "")
    return int(next(group for group in stated.groups() if group)) if stated else 1


def _name(name: str) -> str:
    byline = _BYLINE.match(name)
    return byline["name"] if byline else _SAYS.sub("", name).strip()


ENGINE = Engine(
    places=_places,
    topic=_topic,
    anchor="comment-",
    author=(
        ".comment-author .fn",
        ".fn",
        ".wpd-comment-author",
        ".wc-comment-author",
        ".wp-block-comment-author-name",
        "[id^='dsq-author-user-']",
        ".dsq-comment-header cite",
        ".comment-author-name",
        ".comment-author-link",
        "[itemprop='author'] [itemprop='name']",
        "[itemprop='creator'] [itemprop='name']",
        "[itemprop='author']",
        ".woocommerce-review__author",
        ".comment-author cite",
        ".comment-author strong",
        ".comment-author",
        ".comment_author",
        ".commentauthor",
        ".comment__author",
        ".author",
        "cite",
        ".comment-name",
        ".comment-head .name",
    ),
    date=(
        ".comment-meta time",
        ".comment-metadata time",
        "time",
        ".wpd-comment-date",
        ".wc-comment-date",
        ".wp-block-comment-date",
        ".comment-date",
        ".comment_date",
        ".comment-time",
        "[itemprop='commentTime']",
        "[itemprop='datePublished']",
        ".comment-meta a",
        ".commentmetadata a",
        ".comment-meta",
        ".commentmetadata",
        ".comment-metadata",
        ".commentdate",
        ".date",
        "small",
        "cite",
    ),
    body=_BODY,
    furniture=_FURNITURE,
    score=(".wpd-vote-result", ".wc-vote-result", ".comment-karma", ".comment-votes"),
    article=Article(
        prefix="post",
        body=_ARTICLE_BODY,
        author=(
            ".entry-meta .author",
            ".byline .author",
            ".posted-by .author",
            ".post-author .fn",
            ".entry-author",
            "[rel='author']",
        ),
        date=(
            "meta[property='article:published_time']",
            "time.entry-date",
            ".entry-date",
            ".posted-on time",
            ".post-date",
            ".entry-meta",
            ".post-meta",
        ),
        furniture="#comments, .comments-area, #respond, .sharedaddy, .jp-relatedposts, .entry-meta, .post-meta,"
        " .addtoany_share_save_container",
    ),
    name=_name,
)

FORMATS: tuple[Format, ...] = (
    engine_format(
        ENGINE,
        name="wordpress",
        title="WordPress pages with comments (HTML)",
        keeps="ids, replies, authors, times, votes of wpDiscuz, the article, pingbacks, the announced number",
        loses="replies below the depth that the site shows; the zone of printed times (taken as UTC)",
        marks={
            r"<[a-z]++(?>[^<>]*?\bid=[\"'](?:li-|div-)?comment-\d++[\"'])[^<>]*?class=[\"'][^\"']*?\bdepth-\d": 0.97,
            r"<[a-z]++(?>[^<>]*?class=[\"'][^\"']*?\bdepth-\d)[^<>]*?\bid=[\"'](?:li-|div-)?comment-\d++[\"']": 0.97,
            r"(?s)\A(?>.*?/wp-(?:content|includes)/).*?\bid=[\"'](?:li-|div-)?comment-\d++[\"']": 0.95,
            r"\bid=[\"'](?:wpd|wc)-comm-\d++_\d": 0.97,
            r"<ol[^<>]*?class=[\"'][^\"']*?\b(?:commentlist|comment-list)\b": 0.9,
            r"(?i)<meta(?>[^<>]*?name=[\"']generator[\"'])[^<>]*?content=[\"']WordPress": 0.7,
            r"/wp-(?:content|includes)/": 0.6,
        },
        evidence="indent",
    ),
)
