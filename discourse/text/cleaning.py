"""Normalize text: entities, line ends, invisible characters, composed letters, mojibake.

Every step looks first for the characters it is about, so that a text without any costs one pass or two.
"""

from __future__ import annotations

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
"""Only references closed by a semicolon: `&copy=2` in a url is none."""

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
"""Controls, soft hyphens, zero-width spaces and direction marks; the joiners of emoji and Persian (U+200C/D) stay."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=\n)")
_MANY_BLANK = re.compile(r"\n{3,}")
_MOJIBAKE = re.compile(
    "[\u00c2-\u00c5\u00d0\u00d1\u00e2]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
)
"""A UTF-8 lead byte followed by a continuation byte, both read as Latin-1 or Windows-1252 ("Ã©", "â€™")."""


def clean(text: str) -> str:
    """Decode entities, then normalize spaces, line ends, invisible characters, accents and mojibake; strip the ends."""
    if "&" in text:
        text = decode_entities(text)
    return tidy(normalize(text))


def decode_entities(text: str) -> str:
    """Decode character references that are closed by a semicolon."""
    return _ENTITY.sub(_decode, text)


def normalize(text: str) -> str:
    """Do what `clean` does, but decode no entity and leave the line structure: for text that a parser decoded."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        if _may_be_broken(text) and _MOJIBAKE.search(text):
            text = _repair_encoding(text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    if text.replace("\n", "").isprintable():  # the common case, told three times as fast as by a regular expression
        return text
    if _SURROGATE.search(text):
        text = _join_surrogates(text)
    return _INVISIBLE.sub("", _LINE_END.sub("\n", _SPACE.sub(" ", text)))


def tidy(text: str) -> str:
    """Drop spaces at line ends, keep at most one blank line in a row, strip the ends."""
    if "\n" in text:
        if " \n" in text or "\t\n" in text:
            text = _TRAILING.sub("", text)
        if "\n\n\n" in text:
            text = text.strip()  # most are at the ends
            text = _MANY_BLANK.sub("\n\n", text) if "\n\n\n" in text else text
    return text.strip()


def with_address(words: str, url: str) -> str:
    """Return a link's words, its url behind them unless they show it; the url where they show its beginning only."""
    if not url.startswith(("http://", "https://")):
        return words
    shown = "".join(words.split())
    bare = url.split("://", 1)[1]
    if not shown or shown.rstrip("/").split("://", 1)[-1] == bare.rstrip("/"):
        return words
    begun = shown.rstrip("…").removesuffix("...")
    cut = begun != shown and begun and (url.startswith(begun) or bare.startswith(begun))
    return url if cut else f"{words} ({url})"


def _may_be_broken(text: str) -> bool:
    """Look for the letters that mojibake of Latin and Cyrillic begins with; one by one is the fastest way."""
    return (
        "Ã" in text or "Â" in text or "â€" in text or "Å" in text or "Ä" in text or "Ð" in text or "Ñ" in text
    )  # fmt: skip


def _decode(match: re.Match[str]) -> str:
    return html.unescape(match.group())


def _repair_encoding(text: str) -> str:
    """Repair the lines that show the marks; ftfy judges each line by its own letters."""
    import ftfy

    lines = text.split("\n")
    return "\n".join(ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line for line in lines)


def _join_surrogates(text: str) -> str:
    """Join surrogate pairs that were escaped one by one; a lone half becomes U+FFFD (it cannot be written as UTF-8)."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
