"""Read BBCode: `[quote]` in the shapes that forum engines write, and the tags that only dress words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from discourse.text.body import Body, Layers
from discourse.text.cleaning import decode_entities, normalize, with_address

_QUOTE = re.compile(r"\[(/?)quote(?=[\]=\s:])((?:[^\[\]\n]|(?<=[\"=])\[[^\[\]\n]{0,20}\]){0,500}+)\]", re.I)
"""A name may begin with a clan's tag: `[quote="[ABC]Max"]`."""

_NAMED = re.compile(r"\b(?:author|name|username)\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|(.+?)(?=\s+\w+=|\s*$))", re.I)
_LEADING = re.compile(r"(?::\w+)?\s*=\s*(?:&quot;|\"|“|')?(.*?)(?:&quot;|\"|”|')?\s*$", re.S)
_ATTRIBUTES = re.compile(
    r"[\"']?[,;]\s*(?:\w+:|\d+).*$|[\"']\s+\w+=.*$|\s+(?:post_id|user_id|msg_id|time|link|date|pid|dateline|topic)=.*$",
    re.S,
)
_URL = re.compile(r"\[url=[\"']?([^\[\]\"'\n]{1,2000})[\"']?\]((?:[^\[]|\[(?!/?url))*+)\[/url\]", re.I)
_MEDIA = re.compile(r"\[(img|attachment|attach|media|video|youtube)\b[^\[\]\n]{0,300}\][^\[]{0,2000}+\[/\1\]", re.I)
_CODE = re.compile(r"\[(/?)(code|pre|noparse)\b[^\[\]\n]{0,100}\]", re.I)
_ITEM = re.compile(r"\[\*\]\s*", re.I)
_BREAK = re.compile(r"<br ?/?>\n?", re.I)
_TAG = re.compile(
    r"\[/?(?:b|i|u|s|strike|del|sub|sup|color|colour|size|font|center|centre|left|right|justify|align|indent|list|li|ol|ul|url|email"
    r"|spoiler|details|hide|highlight|mark|h[1-6]|hr|table|tr|td|th|user|mention|member|tt|icode|p|poll|wrap)"
    r"(?:[=\s:][^\[\]\n]{0,300})?\]",
    re.I,
)


def from_bbcode(markup: str) -> Body:
    """Return own words and quotes of a BBCode text; code is kept as it stands."""
    text = normalize(decode_entities(markup) if "&" in markup else markup)
    return split_quotes(text, _write)


def split_quotes(text: str, write: Callable[[Layers, str], None]) -> Body:
    """Split a text at its `[quote]` tags and write each run of words at its depth; a tag without partner is words."""
    layers = Layers()
    end = 0
    for tag in _paired(text):
        write(layers, text[end : tag.start()])
        if tag.group(1):
            layers.close_quote()
            layers.write("\n\n")
        else:
            layers.write("\n\n")
            layers.open_quote(_author(tag.group(2)))
        end = tag.end()
    write(layers, text[end:])
    return layers.body()


def _paired(text: str) -> list[re.Match[str]]:
    """List the quote tags that have a partner, in order; those inside code are words."""
    code = [(block.outside, block.end) for block in _code(text)]
    waiting: list[int] = []
    tags: list[re.Match[str]] = []
    kept: list[bool] = []
    block = 0
    for tag in _QUOTE.finditer(text):
        while block < len(code) and code[block][1] <= tag.start():
            block += 1
        if block < len(code) and code[block][0] <= tag.start():
            continue
        tags.append(tag)
        kept.append(False)
        if not tag.group(1):
            waiting.append(len(tags) - 1)
        elif waiting:
            kept[waiting.pop()] = kept[-1] = True
    return [tag for tag, keep in zip(tags, kept, strict=True) if keep]


class _Block(NamedTuple):
    """Give the span of a piece of code, with its tags (outside to end) and without (start to stop)."""

    outside: int
    start: int
    stop: int
    end: int


def _code(text: str) -> Iterator[_Block]:
    """Yield the pieces of code: from a tag to the next closing one of its name."""
    tags = list(_CODE.finditer(text))
    last_close = {tag.group(2).lower(): tag.start() for tag in tags if tag.group(1)}
    opened: re.Match[str] | None = None
    for tag in tags:
        name = tag.group(2).lower()
        if opened is None:
            if not tag.group(1) and last_close.get(name, -1) > tag.start():
                opened = tag
        elif tag.group(1) and name == opened.group(2).lower():
            yield _Block(opened.start(), opened.end(), tag.start(), tag.end())
            opened = None


def _author(attributes: str) -> str | None:
    """Read the author's name from what stands behind `quote` in its tag."""
    named = _NAMED.search(attributes)
    if named:
        return next(group for group in named.groups() if group).strip() or None
    leading = _LEADING.match(attributes)
    if leading is None:
        return None
    name = _ATTRIBUTES.sub("", leading.group(1)).strip().strip("\"'").strip()
    return name or None


def _write(layers: Layers, text: str) -> None:
    """Write a run of words without its dress; code as it stands."""
    end = 0
    for block in _code(text) if "[" in text else ():
        layers.write(_plain(text[end : block.outside]))
        words = text[block.start : block.stop]
        layers.write("\n" + words.strip("\n") + "\n" if "\n" in words else words)
        end = block.end
    layers.write(_plain(text[end:]))


def _plain(text: str) -> str:
    if "<br" in text:
        text = _BREAK.sub("\n", text)
    if "[" not in text:
        return text
    text = _URL.sub(_link, _MEDIA.sub("", text))
    return _TAG.sub("", _ITEM.sub("\n- ", text))


def _link(match: re.Match[str]) -> str:
    return with_address(match.group(2), match.group(1))
