"""Read Markdown as forums use it: Reddit, Lemmy, Discourse, GitHub.

Lines that begin with `>` are quotes, except in fenced code. A line after a quote that lacks the `>` is the author's own
(CommonMark would join it to the quote, which is seldom meant).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter

from discourse.text.bbcode import split_quotes
from discourse.text.body import DEEPEST_LINE, Body, Layers
from discourse.text.cleaning import decode_entities, normalize, tidy, with_address

_MARKUP = b"&<>`*_~[]\\#"
_COMMON = bytes(set(range(0x20, 0x7F)) - set(_MARKUP) | {0x0A})
"""What an English text without markup is made of: where there is nothing else, there is nothing to do but to trim."""

_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})")
_QUOTED = re.compile(r"(?: {0,3}>(?!!) ?)+")
_SPOILER_BLOCK = re.compile(r"^ {0,3}::: *(?:spoiler\b)? *(.*)$", re.M)
_SPOILER = re.compile(r">!(?=\S)((?:[^!>]|!(?!<)|>(?!!))++)!<")
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\]\((\S{1,2000}?)(?:\s+[\"'][^\"'\n]{0,300}[\"'])?\)")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,500})\]\(<?([^\s()<>]{1,2000}(?:\([^\s()]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s+[\"'][^\"'\n]{0,300}[\"'])?\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n^][^\[\]\n]{0,100})\]:[ \t]*<?(https?://[^\s<>]{1,2000})>?.*$", re.M)
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,500})\](?: ?\[([^\[\]\n]{0,100})\])?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_BREAK = re.compile(r"<br ?/?>\n?", re.I)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small"
    r"|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var)(?:\s[^<>]{0,1000})?/?>",
    re.I,
)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?$", re.M)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# A pattern that begins with the mark itself skips to the next one ten times as fast as one that first looks behind.
_STRONG = re.compile(r"\*(?<![\w*\\]\*)(\*{0,2})(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*\\])\*\1(?![\w*])")
_UNDERSCORED = re.compile(r"_(?<![\w\\]_)(_{0,2})(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_\\])_\1(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,1000})(?<=\S)~~")
_URL = re.compile(r"https?://[^\s<>()\[\]]+")
_CODE = re.compile(rf"(?<!`)(`++)[^`\n]{{1,2000}}+\1(?!`)|^(?: {{4}}|\t).*|{_URL.pattern}", re.M)
_first: Callable[[re.Match[str]], str] = itemgetter(1)
_second: Callable[[re.Match[str]], str] = itemgetter(2)
"""What replaces a match; a template (`\\1`) is expanded by Python code, five times as slow."""


def from_markdown(markup: str) -> Body:
    """Return own words and quotes of a Markdown text; entities are decoded, as Reddit stores `>` as `&gt;`."""
    marks = _marks(markup)
    if not marks and ":::" not in markup:
        return Body(tidy(markup))
    text = markup
    if "&" in text:  # Reddit escapes these three in every body; further entities are the author's, decoded below
        text = text.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    if marks.translate(None, _MARKUP):
        text = normalize(text)
    if "]" in text and ("[/quote" in text or "[/QUOTE" in text):
        return split_quotes(text, _write)
    if ">" not in text and not _is_fenced(text):
        return Body(tidy(_plain(text)))
    layers = Layers()
    _write(layers, text)
    return layers.body()


def _marks(text: str) -> bytes:
    """Return all but the common characters of English, one after the other: to look for many at once, and fast."""
    return text.encode("utf-8", "replace").translate(None, _COMMON)


def _is_fenced(text: str) -> bool:
    return ("`" in text and "```" in text) or ("~" in text and "~~~" in text)


def _write(layers: Layers, text: str) -> None:
    """Write a text into the layers: runs of lines of one depth, fenced code apart."""
    base = current = layers.depth
    run: list[str] = []
    fence = ""
    fences = _is_fenced(text)
    for line in text.split("\n"):
        quoted = _QUOTED.match(line) if ">" in line else None
        depth = base + (min(quoted.group().count(">"), DEEPEST_LINE) if quoted else 0)
        if fence and depth >= current:
            words = _unquoted(line, current - base)
            layers.write(words + "\n")
            if words.strip().startswith(fence) and not words.strip().strip(fence[0]):
                fence = ""
            continue
        words = line[quoted.end() :] if quoted else line
        if depth != current:
            _flush(layers, run)
            _move(layers, depth)
            current = depth
        mark = _FENCE.match(words) if fences else None
        fence = mark.group(1) if mark else ""
        if fence:
            _flush(layers, run)
            layers.write(words + "\n")
        else:
            run.append(words)
    _flush(layers, run)
    _move(layers, base)


def _unquoted(line: str, depth: int) -> str:
    """Drop as many quote marks as the code's fence has; further ones belong to the code."""
    for _ in range(depth):
        line = line.lstrip(" ").removeprefix(">").removeprefix(" ")
    return line


def _move(layers: Layers, depth: int) -> None:
    while layers.depth > depth:
        layers.close_quote()
        layers.write("\n\n")
    while layers.depth < depth:
        layers.write("\n\n")
        layers.open_quote()


def _flush(layers: Layers, run: list[str]) -> None:
    if run:
        layers.write(_plain("\n".join(run)) + "\n")
        run.clear()


def _plain(text: str) -> str:
    """Drop inline markup, code spans and addresses excepted."""
    if "&" in text and (decoded := decode_entities(text)) != text:
        text = normalize(decoded)
    if ":::" in text:
        text = _SPOILER_BLOCK.sub(_first, text)
    if ">!" in text:
        text = _SPOILER.sub(_first, text)
    if "]" in text:
        text = _linked(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _AUTOLINK.sub(_first, text)))
    if "# " in text or "#\t" in text:
        text = _HEADING.sub(_first, text)
    if "*" in text or "_" in text or "~~" in text or "\\" in text:
        text = _outside_code(text)
    return text


def _linked(text: str) -> str:
    """Put the urls of links behind their words."""
    if "](" in text:
        text = _LINK.sub(_link, _IMAGE.sub(_image, text) if "![" in text else text)
    return _references(text) if "]:" in text else text


def _link(match: re.Match[str]) -> str:
    return with_address(match.group(1), match.group(2))


def _image(match: re.Match[str]) -> str:
    """Keep an image's description, without the size that Discourse writes into it (`name|690x388, 75%`)."""
    return match.group(1).split("|", 1)[0]


def _references(text: str) -> str:
    """Put the urls that `[1]: https://…` lines define behind the words that refer to them."""
    urls = {name.lower(): url for name, url in _DEFINITION.findall(text)}
    if not urls:
        return text

    def expand(match: re.Match[str]) -> str:
        words, name = match.groups()
        url = urls.get((name or words).lower())
        return match.group() if url is None else f"{words} ({url})"

    return _REFERENCE.sub(expand, _DEFINITION.sub("", text))


def _outside_code(text: str) -> str:
    """Drop emphasis and escapes outside code spans and addresses."""
    code = "`" in text or text[:1] in " \t" or "\n " in text or "\n\t" in text
    if not code and not (":" in text and "http" in text):
        return _emphasis(text)
    parts: list[str] = []
    end = 0
    for kept in (_CODE if code else _URL).finditer(text):
        parts += [_emphasis(text[end : kept.start()]), kept.group()]
        end = kept.end()
    parts.append(_emphasis(text[end:]))
    return "".join(parts)


def _emphasis(text: str) -> str:
    if "*" in text and (inner := _STRONG.sub(_second, text)) != text:
        text = _STRONG.sub(_second, inner) if "*" in inner else inner
    if "_" in text:
        text = _UNDERSCORED.sub(_second, text)
    if "~~" in text:
        text = _STRUCK.sub(_first, text)
    if "\\" in text:
        text = _ESCAPE.sub(_first, text)
    return text
