"""Read HTML: own words, quotes, code; furniture (scripts, avatars, previews of linked pages) is nobody's words."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from discourse.text.body import Body, Layers
from discourse.text.cleaning import decode_entities, normalize, tidy


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_DROPPED = _names("script style template head title svg iframe button select textarea input object noscript canvas")
_PARAGRAPHS = _names("p blockquote pre ul ol dl table h1 h2 h3 h4 h5 h6 figure details")
_BLOCKS = _PARAGRAPHS | _names(
    "address article aside center dd div dt fieldset figcaption footer form header hr li main nav section summary tbody"
    " thead tr"
)
_FURNITURE = _names("quote-controls meta badge clicks anchor quote-inline")
_HEADERS = _names("title cite bbcode_postedby quote-author bbCodeBlock-title quoteheader gmail_attr quotetitle")
_QUOTE_CLASSES = _names("quote bbcode_quote quotecontent bbCodeBlock--quote gmail_quote")
_WORDS_ONLY = _names("mention hashtag u-url lightbox attachment")
_AUTHOR_ATTRIBUTES = ("data-username", "data-quote", "data-ipsquote-username", "data-author")
_SAYS = re.compile(
    r"(?:\s*(?:\b(?:wrote|said|schrieb|escribió|escreveu|ha scritto|schreef|skrev|dit|написал)\b|\ba? ?écrit\b).*"
    r"|\s*[:：].*|\s*↑.*)$",
    re.I | re.S,
)
_ORIGINALLY = re.compile(
    r"^\s*(?:originally posted by|quote from:?|quote:?|zitat von|zitat:?|citation de|posted by)\s*", re.I
)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_NESTING = re.compile(r"<(/?)(?:blockquote|div|aside|ul|ol|li|dl|dd|section|article|details|center|span)\b", re.I)
_ANY_TAG = re.compile(r"<[^<>]*>")
_DEEPEST = 5_000
"""Levels of block nesting that are parsed as a tree: lexbor takes 0.2 s for 10,000, but 25 s for 100,000."""


def from_html(markup: str, *, quoted_lines: bool = False) -> Body:
    """Return own words and quotes of an HTML fragment or page.

    `quoted_lines` takes lines that begin with `>` as quotes too (Hacker News). Linear in the length of the markup.
    """
    if "<" not in markup:
        text = tidy(_WHITE.sub(" ", normalize(decode_entities(markup) if "&" in markup else markup)))
        return _split_lines(Body(text)) if quoted_lines else Body(text)
    if markup.count("<") > _DEEPEST and _depth(markup) > _DEEPEST:
        return Body(tidy(normalize(decode_entities(_ANY_TAG.sub(" ", markup)))))
    root = LexborHTMLParser("<!doctype html><body>" + markup).body
    if root is None:
        return Body("")
    writer = _Writer()
    writer.walk(root)
    body = writer.layers.body()
    return _split_lines(body) if quoted_lines else body


def _split_lines(body: Body) -> Body:
    from discourse.text.mail import from_plain

    split = from_plain(body.text) if ">" in body.text else body
    return Body(split.text, split.quotes + body.quotes) if split is not body else body


def _depth(markup: str) -> int:
    depth = deepest = 0
    for tag in _NESTING.finditer(markup):
        depth += -1 if tag.group(1) else 1
        deepest = max(deepest, depth)
    return deepest


class _Writer:
    """Walk a tree once, without recursion, and write its words into layers."""

    def __init__(self) -> None:
        self.layers = Layers()
        self._pre = 0
        self._lists: list[int | None] = []

    def walk(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode | None, str]] = [(root.child, "")]
        while stack:
            node, ending = stack.pop()
            if node is None:
                self._end(ending)
                continue
            stack.append((node.next, ending))
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif not tag.startswith("-"):
                begun = self._begin(node, tag)
                if begun is not None:
                    stack.append((node.child, begun))

    def _text(self, words: str) -> None:
        words = normalize(words)
        if self._pre:
            self.layers.write(words)
            return
        pieces = self.layers.pieces
        words = _WHITE.sub(" ", words)
        if words[:1] == " " and (not pieces or pieces[-1][-1:] in " \n"):
            words = words[1:]
        if words:
            pieces.append(words)

    def _break(self, breaks: str) -> None:
        """End the line; two newlines for a paragraph; never more than asked for."""
        pieces = self.layers.pieces
        if not pieces:
            return
        if pieces[-1] == "\n" or pieces[-1] == "\n\n":
            if len(breaks) > len(pieces[-1]):
                pieces[-1] = breaks
            return
        pieces[-1] = pieces[-1].rstrip(" ") or pieces[-1]
        pieces.append(breaks)

    def _begin(self, node: LexborNode, tag: str) -> str | None:
        """Start an element: return what ends it, or None where it has no words of its own."""
        if tag in _DROPPED:
            return None
        if tag == "br":
            self.layers.write("\n")
            return None
        if tag == "img":
            alt = node.attributes.get("alt")
            if alt:
                self._text(f"{alt}")
            return None
        attributes = node.attributes
        classes = (attributes.get("class") or "").split()
        if classes:
            if not _FURNITURE.isdisjoint(classes):
                return None
            if "onebox" in classes:
                url = attributes.get("data-onebox-src")
                if url:
                    self._break("\n")
                    self._text(url)
                    self._break("\n")
                return None
        if tag == "blockquote" or (classes and not _QUOTE_CLASSES.isdisjoint(classes) and tag in ("aside", "div")):
            return self._begin_quote(node, tag, attributes)
        if self.layers.depth and (tag == "cite" or (classes and not _HEADERS.isdisjoint(classes))):
            name = _named(node.text())
            if name:
                self.layers.name_author(name)
            return None
        if "inline-onebox" in classes:
            self._text(attributes.get("href") or "")
            return None
        if tag == "a":
            return "a" + _address(node, attributes, classes)
        if tag in _BLOCKS:
            self._break("\n\n" if tag in _PARAGRAPHS else "\n")
            if tag == "pre":
                self._pre += 1
            elif tag in ("ul", "ol"):
                self._lists.append(0 if tag == "ol" else None)
            elif tag == "li":
                self._item()
            return tag
        if tag in ("td", "th"):
            self._text(" ")
        return ""

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is None:
            self.layers.write("- ")
        else:
            self._lists[-1] = number + 1
            self.layers.write(f"{number + 1}. ")

    def _begin_quote(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> str:
        self._break("\n\n")
        author = next((attributes[name] for name in _AUTHOR_ATTRIBUTES if attributes.get(name)), None)
        parent = node.parent
        if tag == "blockquote" and parent is not None and self.layers.depth and not self.layers.pieces:
            around = (parent.attributes.get("class") or "").split()
            if not _QUOTE_CLASSES.isdisjoint(around):
                return "same-quote"
        self.layers.open_quote(author.strip() if author else None)
        return "quote"

    def _end(self, ending: str) -> None:
        if ending == "quote":
            self.layers.close_quote()
            self._break("\n\n")
        elif ending[:1] == "a" and ending[1:2] == "\n":
            self.layers.write(f" ({ending[2:]})")
        elif ending in _BLOCKS:
            if ending == "pre":
                self._pre -= 1
            elif ending in ("ul", "ol"):
                self._lists.pop()
            self._break("\n\n" if ending in _PARAGRAPHS else "\n")


def _address(node: LexborNode, attributes: dict[str, str | None], classes: list[str]) -> str:
    """Return what to add behind a link's words: its url where the words are not the url."""
    url = attributes.get("href") or ""
    if not url.startswith(("http://", "https://")) or not _WORDS_ONLY.isdisjoint(classes):
        return ""
    words = "".join(node.text().split())
    bare = url.split("://", 1)[1].rstrip("/")
    if not words or words.rstrip("/…. ").removeprefix("https://").removeprefix("http://") in (bare, url):
        return ""
    return "\n" + url


def _named(header: str) -> str | None:
    """Return the name in a quote's header ("Ada wrote:")."""
    name = _SAYS.sub("", _ORIGINALLY.sub("", " ".join(header.split())))
    return name.strip(' :"“”—-') or None
