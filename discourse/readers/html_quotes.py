"""Make the quotes of a forum's page readable for `discourse.text`: who is quoted, and which comment."""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from discourse.readers.html_places import enclosing

_SAID = re.compile(
    r"\s*(?:\b(?:(?:wrote|said|hat geschrieben|hat gesagt|schrieb|sagte|a écrit|a dit|escribió|dijo|ha scritto|ha detto"
    r"|ha escrit|schreef|zei|skrev|sade|sa|kirjoitti|sanoi|napisał|powiedział|napsal|řekl|написал|писал|сказал|írta"
    r"|mondta|yazdı|dedi|escreveu|disse|a scris|a spus|je napisao|je rekao|je napisal)(?:/?\(?[aа]\)?)?)(?!\w)|\s[↑⇑])?"
    r"\s*[:：]?\s*[↑⇑]?\s*$",
    re.I,
)


def dress_quotes(
    body: LexborNode, selector: str, read: Callable[[LexborNode], tuple[str | None, str | None]]
) -> str | None:
    """Make the quotes of a body readable for `from_html`, and return the id that the first outer one carries.

    `read` returns a quote's author and the id of the quoted comment, and drops its header. Inner quotes come first, so
    that an outer one does not find their headers.
    """
    quotes = [node for node in body.css(selector) if node.mem_id != body.mem_id]
    around = enclosing(quotes)
    first = None
    for quote, outer in zip(reversed(quotes), reversed(around), strict=True):
        author, quoted = read(quote)
        quote.attrs["class"] = "quote"
        if author:
            quote.attrs["data-username"] = author
        if outer is None and quoted:
            first = quoted
    return first


def quoted_name(header: str) -> str | None:
    """Return the name in a quote's header ("Jane Doe a écrit :"), or None."""
    return _SAID.sub("", header).strip() or None
