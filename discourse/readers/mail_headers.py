"""Read the headers of a mail: who refers to whom, who wrote, when, about what, however old or broken the program.

Folded headers, encoded words (RFC 2047), addresses scrambled by archives ("ada at example.org"), prose in In-Reply-To.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_tz

_ID = re.compile(r"<([^<>]+)>")
_BARE_ID = re.compile(r"[^\s<>()\[\],;\"]+@[^\s<>()\[\],;\"]+")
_COMMENTED = re.compile(r"(.*?)\s*\((.*)\)\s*", re.DOTALL)
_ANGLED = re.compile(r"(.*?)<([^<>]*)>[^<>]*", re.DOTALL)
_VIA = re.compile(r"\s+(?:via|by way of)\s+[\w.-]+(?:\s+list)?$", re.IGNORECASE)
_ANSWER = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|ref|réf|rif|res|resp|r|ynt|ha|回复|答复|ответ)\s*(?:[\[(^]\s*\d+\s*[\])]?)?\s*[:：]",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|vl|fs|pd|i|转发)\s*[:：]", re.IGNORECASE)
_TAG = re.compile(r"\s*\[([^\[\]]{1,60})\]\s*")
_WEEKDAY = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")
_FIRST_MAIL, _LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True)
class Headers:
    """Hold what the headers of one mail say; ids are without angle brackets, `created` is UTC or None."""

    message_id: str | None
    parents: tuple[str, ...]
    older: tuple[str, ...]
    answers: bool
    author: str | None
    created: datetime | None
    subject: str


def parse_headers(block: bytes, envelope: bytes = b"") -> Headers:
    """Read a header block; `envelope` is the "From " line before it, whose date stands in for a missing one.

    `parents` are the candidates for the parent, best first: the first id of In-Reply-To, the last of References, the
    other ids of In-Reply-To. `older` are the References, oldest first.
    """
    fields = unfold(block)
    in_reply_to = " ".join(fields.get("in-reply-to", ()))
    replies = _ids(in_reply_to)
    older = _ids(" ".join(fields.get("references", ())))
    subject = " ".join(decode_words(_first(fields, "subject")).split())
    message_ids = _ids(_first(fields, "message-id")) or tuple(_first(fields, "message-id").split()[:1])
    return Headers(
        message_id=message_ids[0] if message_ids else None,
        parents=tuple(dict.fromkeys((*replies[:1], *older[-1:], *replies[1:]))),
        older=older,
        answers=bool(in_reply_to.strip()) or bool(_ANSWER.match(_without_tags(subject))),
        author=person(_first(fields, "from") or _first(fields, "sender") or _first(fields, "reply-to")),
        created=read_date(_first(fields, "date")) or read_date(_envelope_date(envelope)),
        subject=subject,
    )


def unfold(block: bytes) -> dict[str, list[str]]:
    """Return the headers by lower-case name, each with its values in order, continuation lines joined."""
    fields: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in read_bytes(block).split("\n"):
        if line[:1] in (" ", "\t") and current:
            current[-1] += " " + line.strip()
            continue
        head, colon, value = line.partition(":")
        if colon and head and " " not in head.strip():
            current = fields.setdefault(head.strip().lower(), [])
            current.append(value.strip())
    return fields


def read_bytes(data: bytes, charset: str | None = None) -> str:
    """Decode the bytes of a mail: by the charset it states, else UTF-8, else Windows-1252; newlines are `\\n`."""
    for codec in (charset, "utf-8", "cp1252"):
        if codec is None:
            continue
        try:
            return data.decode(codec).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1").replace("\r\n", "\n")


def decode_words(value: str) -> str:
    """Decode the encoded words of a header (RFC 2047); what is broken stays as it is."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(part if isinstance(part, str) else read_bytes(part, charset) for part, charset in parts)


def person(value: str) -> str | None:
    """Return the name in a From header, else the address, unscrambled; None if there is neither."""
    angled = _ANGLED.fullmatch(value)
    commented = _COMMENTED.fullmatch(value) if angled is None else None
    if angled is not None:
        words, address = angled.groups()
    elif commented is not None:
        address, words = commented.groups()
    else:
        words, address = "", value
    found = decode_words(words.strip().strip('"').replace('\\"', '"')).strip().strip("\"'")
    found = _VIA.sub("", " ".join(found.split())).strip("\"' ")
    return found or re.sub(r"\s+(?:at|@end\|ng \|rom)\s+", "@", decode_words(address.strip())) or None


def read_date(value: str) -> datetime | None:
    """Return the time of a Date header or a "From " line as UTC; None if it is none, or absurd."""
    try:
        found = parsedate_tz(value)
        if found is None or not _FIRST_MAIL <= found[0] <= _LAST_YEAR:
            return None
        local = datetime(*found[:5], min(found[5], 59), tzinfo=UTC)
        return local - timedelta(seconds=found[9] or 0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def bare_subject(subject: str, tag: str | None = None) -> str:
    """Return a subject without the marks of answers and forwards, and without the list's own tag."""
    previous = None
    while subject != previous:
        previous = subject
        marked = _TAG.match(subject)
        if marked and tag is not None and marked.group(1).lower() == tag.lower():
            subject = subject[marked.end() :]
        mark = _ANSWER.match(subject) or _FORWARD.match(subject)
        if mark and subject[mark.end() :].strip():
            subject = subject[mark.end() :]
    return subject.strip()


def subject_key(subject: str) -> str:
    """Return what mails of one thread have in common in their subjects: no marks, no tags, no case."""
    return bare_subject(_TAG.sub(" ", subject)).lower()


def leading_tag(subject: str) -> str | None:
    """Return the tag in brackets that begins a subject, after the marks of answers ("[Rd]" in "Re: [Rd] pipes")."""
    tag = _TAG.match(bare_subject(subject))
    return tag.group(1).lower() if tag else None


def _without_tags(subject: str) -> str:
    while tag := _TAG.match(subject):
        subject = subject[tag.end() :]
    return subject


def _first(fields: dict[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0]


def _ids(value: str) -> tuple[str, ...]:
    """List the message ids in a header: what is in angle brackets, or words with an @ where nothing is."""
    if "<" in value:
        bracketed = (re.sub(r"\s+", "", re.sub(r"\s+at\s+", "@", found)) for found in _ID.findall(value))
        return tuple(dict.fromkeys(found for found in bracketed if found))
    words = value.split()
    return tuple(dict.fromkeys(words)) if words and all(_BARE_ID.fullmatch(word) for word in words) else ()


def _envelope_date(envelope: bytes) -> str:
    written = read_bytes(envelope)
    day = _WEEKDAY.search(written)
    return written[day.start() :] if day else ""
