"""Parse a saved HTML page safely, and say what the page as a whole states: its address, title, announced comments.

Malformed markup is repaired by the parser as a browser would; what would make the parser slow or large (tags nested by
the ten thousand, unclosed formatting repeated for every paragraph, tags with thousands of attributes) is thinned out
before, which changes no word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from discourse.readers.base import Source

PAGE_LIMIT = 64 * 1024 * 1024
"""Longest page parsed, in characters; the tree takes some ten times as much memory. A topic's page is under 1 MB."""

_DEEPEST = 20_000
"""Levels of nested blocks parsed: lexbor takes 1 s for 20,000 and 38 s for 100,000; 10,000 nested comments are read."""
_OPEN_FORMATTING = 20
"""Unclosed formatting tags kept: the parser repeats each of them in every later paragraph (1,500 cost 400 MB)."""
_LONG_TAG = 1024
_MANY_ATTRIBUTES = 300

_TAGS = re.compile(
    r"<(/?)(?:(div|ul|ol|dl|blockquote|section|article|aside|details|table|span|center|main|fieldset|form|header|footer)"
    r"|b|i|u|s|big|code|em|font|nobr|small|strike|strong|tt)(?=[\s/>])[^<>]*>?",
    re.I,
)
_TAG_RUN = re.compile(rf"<([a-zA-Z][a-zA-Z0-9]*+)[^<>]{{{_LONG_TAG},}}+>")

_ARCHIVED = re.compile(r"^(?:https?://web\.archive\.org)?/web/\d{4,14}[a-z_]*/(?=https?:)")
_MIRRORED = re.compile(r"<!-- (?:Mirrored from|saved from url=\(\d+\)) ?(\S+)")
_SESSION = re.compile(r"(?<=[?&;])(?:sid|s|PHPSESSID|phpsessid)=[0-9a-f]{16,40}(?:[&;]|(?=#)|$)")
# No site's name is longer than 200 characters; without a bound, a title of a thousand dashes takes a million steps.
_SITE_SUFFIX = re.compile(r"\s+[|–—•·»-]\s+[^|–—•·»]{0,200}$")
_COUNT = re.compile(r"\d{1,3}(?:[.,\s\u202f']\d{3})+(?!\d)|\d+")
_QUOTE_MARK = re.compile('["“”„«»‘]')
_ONE = re.compile(r"\b(?:one|ein|eine|un|une|uno|una|um|uma|één|en|ett|et|jeden|один)\b", re.I)


@dataclass(frozen=True)
class Page:
    """Hold one parsed page and what it says of itself; `path` is the file it was read from, as the user gave it."""

    path: str
    tree: LexborHTMLParser
    head: str

    @cached_property
    def url(self) -> str | None:
        """Return the page's address, without session id: canonical link, og:url, or the note of the saving tool."""
        stated = self._stated_address()
        return _without_session(stated) if stated else None

    def _stated_address(self) -> str | None:
        canonical = attribute(self.tree.css_first("link[rel~='canonical']"), "href")
        mirrored = _MIRRORED.search(self.head)
        saved = mirrored.group(1) if mirrored else None
        if saved is not None and "://" not in saved:
            saved = "http://" + saved
        own = canonical or self.meta("og:url")
        for base in (own, self.meta("og:url"), saved, self._base):
            if base and split_address(live_address(base)).netloc:
                return (
                    live_address(join_addresses(live_address(base), own))
                    if own
                    else live_address(saved)
                    if saved
                    else None
                )
        return own

    @cached_property
    def _base(self) -> str | None:
        return attribute(self.tree.css_first("base[href]"), "href")

    @cached_property
    def host(self) -> str:
        """Return the site's host name, empty where the page does not say it."""
        stated = (
            split_address(live_address(self.url or "")).hostname
            or split_address(live_address(self._base or "")).hostname
        )
        return (stated or "").removeprefix("www.")

    @cached_property
    def title(self) -> str | None:
        """Return the page's title: og:title, else the title element without the site's name."""
        stated = self.meta("og:title")
        if stated:
            return stated
        element = words(self.tree.css_first("title"))
        return (_SITE_SUFFIX.sub("", element) or element) if element else None

    @cached_property
    def heading(self) -> str | None:
        """Return the heading that the page's title repeats, else the title: a heading alone may be the site's name."""
        whole = f"{words(self.tree.css_first('title'))}\n{self.meta('og:title') or ''}"
        found = [text for text in map(words, self.tree.css("h1, h2")) if len(text) > 2 and text in whole]
        leading = [text for text in found if any(line.startswith(text) for line in whole.split("\n"))]
        return max(leading or found, key=len, default=None) or self.title

    @cached_property
    def lang(self) -> str | None:
        """Return the language of the page's own words ("de", "en-us")."""
        return attribute(self.tree.css_first("html"), "lang") or attribute(self.tree.css_first("html"), "xml:lang")

    @cached_property
    def announced(self) -> int | None:
        """Return the number of comments that the page's metadata state (schema.org)."""
        for node in self.tree.css("[itemprop='commentCount'], [property='schema:commentCount']"):
            number = counted(attribute(node, "content") or words(node))
            if number is not None:
                return number
        for record in self._records:
            stated = record.get("commentCount", _replies_counted(record.get("interactionStatistic")))
            if isinstance(stated, (int, str)) and not isinstance(stated, bool):
                return counted(str(stated))
        return None

    def meta(self, name: str) -> str | None:
        """Return the content of a meta element, by property or name."""
        node = self.tree.css_first(f"meta[property='{name}'], meta[name='{name}']")
        content = attribute(node, "content")
        return " ".join(content.split()) or None if content else None

    @cached_property
    def _records(self) -> tuple[dict[str, object], ...]:
        """Return the JSON-LD objects of the page that are readable, those inside `@graph` too."""
        records: list[object] = []
        for node in self.tree.css("script[type='application/ld+json']"):
            try:
                found = msgspec.json.decode(node.text())
            except (msgspec.MsgspecError, RecursionError):
                continue
            for record in found if isinstance(found, list) else [found]:
                graph = record.get("@graph") if isinstance(record, dict) else None
                records += [record, *(graph if isinstance(graph, list) else ())]
        return tuple(record for record in records if isinstance(record, dict))

    def linked(self, name: str) -> str | None:
        """Return the first text of this name among the JSON-LD objects."""
        return next((value for record in self._records if isinstance(value := record.get(name), str)), None)

    def absolute(self, address: str | None) -> str | None:
        """Return an address made absolute, without session id; None where the page's own address is not known."""
        if not address or address.startswith("javascript:"):
            return None
        full = join_addresses(live_address(self._base or self.url or ""), live_address(address))
        return _without_session(full) if full.startswith("http") else None

    def thread_id(self, number: str) -> str:
        """Return a thread's id that is unique among sites: `host/number`, or the number where the host is unknown."""
        return f"{self.host}/{number}" if self.host else number


def parse_page(source: Source) -> Page | None:
    """Parse one file; None where it is longer than PAGE_LIMIT."""
    text = source.text()
    if len(text) > PAGE_LIMIT:
        return None
    text = _tame(text.replace("\x00", ""))
    return Page(source.path, LexborHTMLParser(text), text[:4096])


def attribute(node: LexborNode | None, name: str) -> str | None:
    """Return an attribute without surrounding space; None where it is missing or empty."""
    value = node.attributes.get(name) if node is not None else None
    return value.strip() or None if value else None


def words(node: LexborNode | None) -> str:
    """Return all text of an element on one line."""
    return " ".join(node.text(separator=" ").split()) if node is not None else ""


def classes(node: LexborNode) -> list[str]:
    """List an element's classes."""
    return (node.attributes.get("class") or "").split()


def _without_session(address: str) -> str:
    cut = _SESSION.sub("", address)
    return cut.replace("?#", "#").replace("&#", "#").rstrip("?&;") if cut != address else address


def split_address(address: str) -> SplitResult:
    """Split an address; one that is none has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def join_addresses(base: str, address: str) -> str:
    """Make an address absolute; it stays as it is where one of the two is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def live_address(address: str) -> str:
    """Return the address that an archived copy stands for."""
    return _ARCHIVED.sub("", address)


def counted(text: str) -> int | None:
    """Read the number that a heading announces ("1.024 Kommentare", "One thought on “Top 10”")."""
    if _ONE.match(text.lstrip()):
        return 1
    text = _QUOTE_MARK.split(text, maxsplit=1)[0]
    match = _COUNT.search(text)
    if match:
        digits = re.sub(r"\D", "", match.group())
        return int(digits) if len(digits) <= 9 else None
    return 1 if _ONE.search(text[:40]) else None


def _replies_counted(statistic: object) -> object:
    """Return the count of replies among schema.org's interaction counters."""
    for counter in statistic if isinstance(statistic, list) else [statistic]:
        if isinstance(counter, dict) and str(counter.get("interactionType")).endswith(("CommentAction", "ReplyAction")):
            return counter.get("userInteractionCount")
    return None


def stated_number(page: Page, pattern: re.Pattern[str], *selectors: str) -> str | None:
    """Return the number that a pattern finds in the page's address, else in the first telling of these elements."""
    addresses = [page.url or ""]
    for selector in selectors:
        for node in page.tree.css(selector):
            addresses += [node.attributes.get(name) or "" for name in ("href", "action", "content", "id", "class")]
            if node.tag == "input":
                addresses.append(f"{node.attributes.get('name')}={node.attributes.get('value')}")
    for address in addresses:
        match = pattern.search(address)
        if match:
            return next((group for group in match.groups() if group), None)
    return None


def _tame(text: str) -> str:
    """Drop tags that would cost the parser time or memory beyond all use; no word is lost."""
    if any(match.end() - match.start() > _LONG_TAG for match in _TAG_RUN.finditer(text)):
        text = _TAG_RUN.sub(_fewer_attributes, text)
    kept: list[str] = []
    end = depth = formatting = 0
    for tag in _TAGS.finditer(text):
        closing, block = tag.group(1), tag.group(2)
        if block:
            depth = max(0, depth - 1) if closing else depth + 1
            excess = depth > _DEEPEST and not closing
        else:
            formatting = max(0, formatting - 1) if closing else formatting + 1
            excess = formatting > _OPEN_FORMATTING and not closing
        if excess:
            kept.append(text[end : tag.start()])
            end = tag.end()
    if not end:
        return text
    kept.append(text[end:])
    return " ".join(kept)


def _fewer_attributes(tag: re.Match[str]) -> str:
    written = tag.group()
    return f"<{tag.group(1)}>" if written.count(" ") + written.count("=") > _MANY_ATTRIBUTES else written
