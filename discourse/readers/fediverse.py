"""What the fediverse's formats share: HTML with leading mentions that are no words, people known by an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from discourse.text import Body, from_html

_OPENING = re.compile(r"\s*(?:<p\b[^<>]*>\s*)?", re.IGNORECASE)
_MENTION = re.compile(
    r"\s*(?:<span\b[^<>]*>\s*)?<a\b[^<>]*class=[\"'][^\"'<>]*\bmention\b[^\"'<>]*[\"'][^<>]*>\s*"
    r"@(?:<span\b[^<>]*>)?[^<>]*(?:</span>)?\s*</a>(?:\s*</span>)?[\s,:]*(?:<br\s*/?>\s*)?",
    re.IGNORECASE,
)
_PERSON = re.compile(r"/(?:u|users?|@|profile|accounts?|author|channel|c|video-channels)/?([^/@?#]+)/?$|/@([^/?#]+)/?$")


def words(content: str) -> Body:
    """Return own words and quotes of a status; the mentions that a reply begins with are not the author's words."""
    opening = _OPENING.match(content)
    start = end = opening.end() if opening else 0
    while mention := _MENTION.match(content, end):
        end = mention.end()
    return from_html(content[:start] + content[end:])


def address(actor: str) -> str:
    """Return a person's address (ada@example.social) for the url of a profile; another url stays as it is."""
    try:
        parts = urlsplit(actor)
        host = parts.hostname
    except ValueError:
        return actor
    person = _PERSON.search(parts.path)
    return f"{person.group(1) or person.group(2)}@{host}" if person and host else actor
