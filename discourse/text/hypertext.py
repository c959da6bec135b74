"""Read HTML: own words, quotes, code; furniture (scripts, avatars, previews of linked pages) is nobody's words.

The marks of quotes are those of Discourse, phpBB, vBulletin, XenForo, SMF, MyBB, Invision and Gmail; a plain
`<blockquote>` is a quote everywhere.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from discourse.text.body import Body, Layers
from discourse.text.cleaning import decode_entities, normalize, tidy, with_address
from discourse.text.html_marks import (
    AUTHOR_ATTRIBUTES,
    BLOCKS,
    DROPPED,
    FURNITURE,
    HEADERS,
    PARAGRAPHS,
    QUOTE_CLASSES,
    UNCLASSED,
    WORDS_ONLY,
    author_named,
)

_Attributes: TypeAlias = dict[str, str | None]

_SPACE = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPH_END = re.compile(r"(?<![ \t])[ \t]*+\n[ \t]*+\n\s*+")
_QUOTED_LINE = re.compile(r"\s*(>[> ]*)")
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|d[dt]|t[dhr]|tbody|thead|a|area|base|br|col|embed|hr|img|input|link|meta|option|param|source|track|wbr)\b)"
    r"[a-z]",
    re.I,
)
"""Tags that deepen the tree: not the void ones, nor those that close an open one of their name."""

_ITEM = re.compile(r"- |\d+\. ")
_QUOTE_TAG = re.compile(r"<(/?)(?:blockquote|aside)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_DEEPEST = 12_000
"""Levels of nesting that are parsed as a tree: the parser takes 0.2 s for 10,000, and 25 s for 100,000."""


def from_html(markup: str, *, quoted_lines: bool = False) -> Body:
    """Return own words and quotes of an HTML fragment or page.

    `quoted_lines` takes lines that begin with `>` as quotes too (Hacker News). Where there is no tag at all, a blank
    line ends a paragraph.
    """
    if "<" not in markup and not (quoted_lines and ("&gt;" in markup or ">" in markup)):
        return Body(tidy(_collapsed(normalize(decode_entities(markup) if "&" in markup else markup))))
    if markup.count("<") > _DEEPEST and _depth(markup) > _DEEPEST:
        return _flat(markup)
    root = LexborHTMLParser("<!doctype html><body>" + markup).body
    writer = _Writer(quoted_lines)
    if root is not None:
        writer.walk(root)
    return writer.layers.body(_finished)


def _finished(words: str) -> str:
    return tidy(normalize(words))


def _collapsed(text: str) -> str:
    return "\n\n".join(_SPACE.sub(" ", part) for part in _PARAGRAPH_END.split(text))


def _depth(markup: str) -> int:
    depth = deepest = 0
    for tag in _NESTING.finditer(markup):
        depth += -1 if tag.group(1) else 1
        deepest = max(deepest, depth)
    return deepest


def _flat(markup: str) -> Body:
    """Read markup that is nested too deep for a tree: all that is inside any quote becomes one quote."""
    layers = Layers()
    depth = end = 0
    own: list[str] = []
    quoted: list[str] = []
    for tag in _QUOTE_TAG.finditer(markup):
        (quoted if depth else own).append(markup[end : tag.start()])
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        end = tag.end()
    (quoted if depth else own).append(markup[end:])
    layers.write(_bare(own))
    layers.open_quote()
    layers.write(_bare(quoted))
    return layers.body()


def _bare(pieces: list[str]) -> str:
    return _collapsed(normalize(decode_entities(_TAG.sub(" ", "\n".join(pieces)))))


class _Writer:
    """Walk a tree once, without recursion, and write its words into layers."""

    def __init__(self, quoted_lines: bool) -> None:
        self.layers = Layers()
        self._pre = 0
        self._lists: list[int | None] = []
        self._quoted_lines = quoted_lines
        self._line_depth = 0
        self._line_start = True

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
        if self._pre:
            self.layers.write(words)
            return
        if "\n" in words or "  " in words or "\t" in words or "\r" in words:
            words = _SPACE.sub(" ", words)
        if self._quoted_lines and self._line_start and words != " ":
            words = self._follow_line(words)
        pieces = self.layers.pieces
        if words[:1] == " " and (not pieces or pieces[-1][-1:] in " \n"):
            words = words[1:]
        if words:
            pieces.append(words)

    def _follow_line(self, words: str) -> str:
        """Open or close the quotes that `>` at the start of a line stands for; return the line without it."""
        marks = _QUOTED_LINE.match(words)
        self._set_line_depth(marks.group(1).count(">") if marks else 0)
        self._line_start = False
        return words[marks.end() :] if marks else words

    def _set_line_depth(self, depth: int) -> None:
        while self._line_depth > depth:
            self.layers.close_quote()
            self._line_depth -= 1
            self._break("\n\n")
        while self._line_depth < depth:
            self._break("\n\n")
            self.layers.open_quote()
            self._line_depth += 1

    def _break(self, breaks: str) -> None:
        """End the line; two newlines for a paragraph; never more than asked for, none behind a list's mark."""
        self._line_start = True
        pieces = self.layers.pieces
        if not pieces or _ITEM.fullmatch(pieces[-1]):
            return
        if pieces[-1] in ("\n", "\n\n"):
            if len(breaks) > len(pieces[-1]):
                pieces[-1] = breaks
            return
        pieces[-1] = pieces[-1].rstrip(" ") or pieces[-1]
        pieces.append(breaks)

    def _begin(self, node: LexborNode, tag: str) -> str | None:
        """Start an element: return what ends it, or None where it has no words of its own."""
        if tag in DROPPED:
            return None
        if tag == "br":
            self.layers.write("\n")
            self._line_start = True
            return None
        if tag in UNCLASSED:
            return self._begin_block(tag) if tag in BLOCKS else ""
        attributes = node.attributes
        classes = (attributes.get("class") or "").split()
        if tag == "img":
            self._image(attributes, classes)
            return None
        if classes and not FURNITURE.isdisjoint(classes):
            return None
        if "onebox" in classes:
            self._preview(attributes)
            return None
        if tag == "blockquote" or (classes and not QUOTE_CLASSES.isdisjoint(classes) and tag in BLOCKS):
            return self._begin_quote(node, tag, attributes, classes)
        if self.layers.depth and (tag == "cite" or (classes and not HEADERS.isdisjoint(classes)) or tag == "summary"):
            name = author_named(node.text()[:300])
            if name and tag != "summary":
                self.layers.name_author(name)
            return None
        if tag == "a":
            return self._begin_link(node, attributes, classes)
        if tag in BLOCKS:
            return self._begin_block(tag)
        if tag in ("td", "th"):
            self._text(" ")
        return ""

    def _begin_block(self, tag: str) -> str:
        self._break("\n\n" if tag in PARAGRAPHS else "\n")
        if tag == "pre":
            self._set_line_depth(0)
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            if number is None:
                self.layers.write("- ")
            else:
                self._lists[-1] = number + 1
                self.layers.write(f"{number + 1}. ")
        return tag

    def _image(self, attributes: _Attributes, classes: list[str]) -> None:
        """Keep an image's description: an emoji stands in its word, another image stands apart."""
        described = attributes.get("alt")
        if described and "avatar" not in classes:
            emoji = "emoji" in classes or "custom-emoji" in classes
            self._text(described if emoji else f" {described} ")

    def _preview(self, attributes: _Attributes) -> None:
        """Keep the address of a page that the forum shows a preview of: the author wrote no more."""
        self._break("\n")
        self._text(attributes.get("data-onebox-src") or "")
        self._break("\n")

    def _begin_link(self, node: LexborNode, attributes: _Attributes, classes: list[str]) -> str | None:
        """Keep a link's words, and its url where they do not show it."""
        url = (attributes.get("href") or "").strip()
        if not url.startswith(("http://", "https://")) or not WORDS_ONLY.isdisjoint(classes):
            return ""
        words = " ".join(node.text().split())
        written = url if "inline-onebox" in classes else with_address(words, url)
        if written == url:
            self._text(url)
            return None
        return "" if written == words else "a " + url

    def _begin_quote(self, node: LexborNode, tag: str, attributes: _Attributes, classes: list[str]) -> str:
        self._set_line_depth(0)
        self._break("\n\n")
        author = next((attributes[name] for name in AUTHOR_ATTRIBUTES if attributes.get(name)), None)
        parent = node.parent
        if tag == "blockquote" and parent is not None and self.layers.depth and not self.layers.pieces:
            around = (parent.attributes.get("class") or "").split()
            if not QUOTE_CLASSES.isdisjoint(around):
                return "same quote"
        if tag == "aside" and author is None and "quote" in classes and not self.layers.depth:
            linked = node.css_first(".title a[href]")  # a topic that the author linked: Discourse shows its beginning
            if linked is not None:
                self._text(linked.attributes.get("href") or "")
                self._break("\n")
                author = ""  # nobody's, whatever stands in its title
        self.layers.open_quote(author.strip() if author is not None else None)
        return "quote"

    def _end(self, ending: str) -> None:
        if ending == "quote":
            self._set_line_depth(0)
            self.layers.close_quote()
            self._break("\n\n")
        elif ending.startswith("a "):
            self.layers.write(f" ({ending[2:]})")
        elif ending in BLOCKS:
            if ending == "pre":
                self._pre -= 1
            elif ending in ("ul", "ol"):
                self._lists.pop()
            elif ending == "li" and self.layers.pieces and _ITEM.fullmatch(self.layers.pieces[-1]):
                self.layers.pieces.pop()
            self._break("\n\n" if ending in PARAGRAPHS else "\n")
