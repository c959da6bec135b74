"""Read the body of a mail: own words apart from quotes, signatures, and what mail programs and lists add."""

from __future__ import annotations

import email
import email.message
import re

from discourse.readers.mail_headers import read_bytes, unfold
from discourse.readers.mail_quotes import PROMPT, one_way
from discourse.text import Body, from_html, from_plain
from discourse.threads import Quote

_ESCAPED_FROM = re.compile(r"^>(?=>*From )")
_NEXT_PART = re.compile(r"-{10,} (?:next|part) part -{10,}|-{6,} next part -{6,}", re.IGNORECASE)
_SCRUBBED = re.compile(
    r"\s*(?:An? .{0,60}(?:attachment|text|part|message|url) .{0,40}(?:scrubbed|deleted|removed)|URL:"
    r"|Skipped content of type)",
    re.IGNORECASE,
)
_SCRUBBED_DETAIL = re.compile(
    r"\s*(?:Name|Type|Size|Desc|Url|URL|File|From|Subject|Date|To)\s*:|\s*<?https?://\S+>?\s*$"
)
_REMOVED = re.compile(
    r"\s*(?:\[\[(?:alternative HTML version|deleted attachment|.{1,60}) ?(?:deleted|removed)?\]\]"
    r"|\[(?:Non-text portions of this message have been removed|The original of this message .*)\])\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_=*-]{25,}\s*")
_LIST_WORDS = re.compile(
    r"mailing list|listinfo|mailman|unsubscribe|list archives|Do You Yahoo|groups\.(?:google|yahoo)\.com|yahoo! groups"
    r"|posting guide|liste de diffusion|Mailingliste",
    re.IGNORECASE,
)
_FOOTER_LINES = 16
"""Longest list footer, in lines; R-help's has 6, the longest seen in the sample months 9."""
_SIGNATURE_LINES = 15
"""Longest signature below a "--" without its space, in lines; below "-- " it may have any length (RFC 3676, 4.3)."""
_ORIGINAL = re.compile(
    r"\s*-{2,}.{0,5}\b\w+ (?:message|nachricht|bericht|d'origine|original)\b|\s*_{30,}\s*$", re.IGNORECASE
)
_SENT_FROM = re.compile(
    r"\s*(?:sent from (?:my|yahoo)\b.{0,60}|envoyé (?:de|depuis) mon .{0,60}|von meinem .{0,40} gesendet"
    r"|get outlook for .{0,40})\s*",
    re.IGNORECASE,
)
_HOUR = re.compile(r"^(?:[ap]\.?m\.?|uhr|h)\s*,\s*", re.IGNORECASE)
_VIA = re.compile(r"\s+via\s+[\w.-]+$", re.IGNORECASE)
_NOBODY = frozenset({"you", "vous", "tu", "sie", "du"})
_PGP_HEAD = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:\w+: .*\n)*\n?", re.MULTILINE)
_PGP_TAIL = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----$.*?(?:^-----END PGP SIGNATURE-----$|\Z)", re.MULTILINE | re.DOTALL
)


def read_body(block: bytes, body: bytes) -> Body:
    """Return own words and quotes of a mail, given its header block and the bytes below it."""
    fields = unfold(block)
    kind = fields.get("content-type", [""])[0].lower()
    encoding = fields.get("content-transfer-encoding", [""])[0].strip().lower()
    charset = _charset(kind)
    if encoding in ("", "7bit", "8bit", "binary") and (not kind or kind.startswith("text/plain") or "/" not in kind):
        return from_words(read_bytes(body, charset))
    message = email.message_from_bytes(block + b"\n\n" + body)
    plain, pages = _parts(message)
    words = "\n\n".join(filter(str.strip, plain))
    if words:
        return from_words(words)
    page = "\n".join(pages)
    found = from_html(page)
    own = from_words(found.text) if found.text else Body("")
    return Body(own.text, (*own.quotes, *found.quotes))


def from_words(words: str) -> Body:
    """Return own words and quotes of the plain text of a mail, without signature, list footer and scrubbed parts."""
    words = words.replace("\r", "\n") if "\n" not in words else words
    if "-----BEGIN PGP" in words:
        words = _PGP_TAIL.sub("", _PGP_HEAD.sub("", words)).replace("\n- -", "\n-")
    lines = _without_footer(_without_scrubbed(_unescape(words.replace(PROMPT, "").split("\n"))))
    body = from_plain("\n".join(one_way(_without_signatures(lines))))
    quotes = (Quote(_known(quote.author), _own_words(quote.text)) for quote in body.quotes)
    return Body(body.text.replace(PROMPT, ""), tuple(quote for quote in quotes if quote.text))


def _own_words(quoted: str) -> str:
    """Return the text of a quote without the signature and list footer that were quoted with it."""
    lines = _without_signatures(_without_footer(_without_scrubbed(quoted.replace(PROMPT, "").split("\n"))))
    return "\n".join(lines).strip()


def _known(author: str | None) -> str | None:
    """Return the name in an attribution; None for "you", and without the leftovers of a date."""
    name = _VIA.sub("", _HOUR.sub("", author or "")).strip()
    return name if name and name.lower() not in _NOBODY else None


def _charset(content_type: str) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([^\s;\"']+)", content_type)
    return found.group(1) if found else None


def _parts(message: email.message.Message) -> tuple[list[str], list[str]]:
    """List the texts of a mail, plain and HTML; attachments and enclosed mails are left out. Does not recurse."""
    plain: list[str] = []
    pages: list[str] = []
    waiting: list[email.message.Message] = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        kind = part.get_content_type()
        if isinstance(payload, list):
            if part is message or not kind.startswith("message/"):
                waiting.extend(inner for inner in reversed(payload) if isinstance(inner, email.message.Message))
            continue
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            (plain if kind == "text/plain" else pages).append(read_bytes(data, part.get_content_charset()))
    return plain, pages


def _unescape(lines: list[str]) -> list[str]:
    """Take back the `>` that the mailbox format puts before a line that begins with "From "; a quoted line keeps it."""
    for place, line in enumerate(lines):
        if line.startswith(">") and _ESCAPED_FROM.match(line):
            around = lines[max(place - 1, 0) : place] + lines[place + 1 : place + 2]
            if not any(other.startswith(">") for other in around):
                lines[place] = line[1:]
    return lines


def _without_scrubbed(lines: list[str]) -> list[str]:
    """Drop the notes that stand for attachments which an archive took out."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if _REMOVED.fullmatch(line) or _SENT_FROM.fullmatch(line):
            continue
        if not _NEXT_PART.fullmatch(line.strip()):
            kept.append(line)
            continue
        while place < len(lines) and (_SCRUBBED.match(lines[place]) or _SCRUBBED_DETAIL.match(lines[place])):
            place += 1
    return kept


def _without_footer(lines: list[str]) -> list[str]:
    """Drop what mailing lists append below rules at the end."""
    end = len(lines)
    place = end - 1
    while place >= max(end - _FOOTER_LINES, 0):
        if _RULE.fullmatch(lines[place]) and _LIST_WORDS.search("\n".join(lines[place + 1 : end])):
            end = place
        place -= 1
    return lines[:end]


def _without_signatures(lines: list[str]) -> list[str]:
    """Drop each signature: from its mark to the end, or to the quote that an answer on top leaves below."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.strip() != "--":
            kept.append(line)
            place += 1
            continue
        end = _end_of_signature(lines, place + 1)
        if line != "-- " and end - place > _SIGNATURE_LINES:
            kept.append(line)
            place += 1
            continue
        place = end
    return kept


def _end_of_signature(lines: list[str], start: int) -> int:
    """Return where a quote begins below a signature, with the line that introduces it, or the end."""
    for place in range(start, len(lines)):
        if _ORIGINAL.match(lines[place]):
            return place
        if lines[place].startswith(">"):
            above = place
            while above > start and not lines[above - 1].strip():
                above -= 1
            if above > start and lines[above - 1].rstrip().endswith(":"):
                first = above - 1
                while first > start and above - first < 3 and lines[first - 1].strip():
                    first -= 1
                return first
            return place
    return len(lines)
