"""Name the marks of HTML that tell whose words they hold: elements, classes and attributes of the forum engines."""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


DROPPED = _names("script style template head title svg iframe button select textarea input object noscript canvas")
PARAGRAPHS = _names("p blockquote pre ul ol dl table h1 h2 h3 h4 h5 h6 figure details")
BLOCKS = PARAGRAPHS | _names(
    "address article aside center dd div dt fieldset figcaption footer form header hr li main nav section summary tbody"
    " thead tr"
)
UNCLASSED = _names("p b i em strong code pre ul ol li tr tbody thead h1 h2 h3 h4 h5 h6 u s del sub sup hr dl dt dd")
"""Elements whose classes say nothing about whose words they hold."""

FURNITURE = _names("quote-controls meta badge clicks anchor quote-inline bbCodeBlock-expandLink bbCodeBlock-shrinkLink")
HEADERS = _names(
    "title bbcode_postedby quote-author bbCodeBlock-title quoteheader gmail_attr quotetitle ipsQuote_citation"
)
QUOTE_CLASSES = _names("quote bbcode_quote quotecontent bbCodeBlock--quote gmail_quote elided ipsQuote")
WORDS_ONLY = _names("mention hashtag u-url lightbox attachment")
"""Links whose url says no more than their words."""

AUTHOR_ATTRIBUTES = ("data-username", "data-quote", "data-ipsquote-username", "data-author")
_SAYS = re.compile(
    r"(?:\s*(?:\b(?:wrote|said|schrieb|escribió|escreveu|ha scritto|schreef|skrev|dit|написал)\b|\ba? ?écrit\b).*"
    r"|\s*[:：].*|\s*↑.*)$",
    re.I | re.S,
)
_ORIGINALLY = re.compile(
    r"^\s*(?:originally posted by|quote from:?|quote:?|zitat von|zitat:?|citation de|posted by|on .{6,40}?\d, )\s*",
    re.I,
)


def author_named(header: str) -> str | None:
    """Return the name in a quote's header ("Ada wrote:"); a header that is a title only names nobody."""
    header = " ".join(header.split())
    name = _SAYS.sub("", _ORIGINALLY.sub("", header))
    if name == header and not header.startswith(("—", "–", "-")) and len(name.split()) > 4:
        return None
    return name.strip(' :"“”—–-') or None
