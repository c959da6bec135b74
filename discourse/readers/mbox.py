"""Read mailboxes: mbox files, Pipermail's monthly texts, single mails; a folder of months is one dump.

The parent of a mail is whichever of In-Reply-To and References is in the dump; a mail that says it answers but names
nothing joins the thread of its subject. Two passes: headers for the threads, then bodies; bounded by the ids.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from discourse.readers.base import Event, Format, Head, Sample, Source
from discourse.readers.mail_body import read_body
from discourse.readers.mail_headers import Headers, bare_subject, leading_tag, parse_headers, subject_key
from discourse.readers.reply_index import ReplyIndex
from discourse.text import Body
from discourse.threads import Comment

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a mail's body that are kept; texts come before attachments, and the longest of the samples has 40 KB."""
HEADER_LIMIT = 1024 * 1024
"""Bytes of a mail's headers that are kept."""
_SHORTEST_SUBJECT = 4
"""Characters of a subject below which it ties no mails together ("Re: ?")."""

_ENVELOPE = re.compile(rb"From (?:\S.*\d{1,2}:\d{2}.*\d{2,4}|-?\d+|\S+@\S+|\S+)\s*$")
_FIELD = re.compile(rb"(?:>?From |[!-9;-~]+[ \t]*:)")
_KNOWN_FIELD = re.compile(
    rb"(?:From|Date|Subject|To|Message-ID|Received|Return-Path|In-Reply-To|References|Sender|MIME-Version|X-[\w-]+)\s*:",
    re.I,
)
_HEADER = re.compile(rb"^" + _KNOWN_FIELD.pattern, re.I | re.M)
_MONTH = re.compile(
    r"(?:\.(?:mbox|mbx|mail)|(?:^|[-_.])\d{4}[\w-]*\.txt|^\d{4,6}(?:\.txt)?)(?:\.(?:gz|bz2|xz|zst))?$", re.I
)


@dataclass(slots=True)
class _Mail:
    line: int
    envelope: bytes
    block: bytes
    body: bytes

    @property
    def is_one(self) -> bool:
        """Tell whether it has headers; what comes before the first mail, and a file of another kind, has none."""
        return bool(_HEADER.search(self.block) if not self.envelope else self.block.strip())


@dataclass(slots=True)
class _Ids:
    """Number the mails that have no id; equal mails get one number."""

    prefix: str
    count: int = 0
    seen: dict[bytes, int] = field(default_factory=dict)

    def name(self, mail: _Mail, headers: Headers) -> tuple[str, str]:
        """Return the mail's id, and the name under which it is indexed (unique among several files)."""
        self.count += 1
        if headers.message_id is not None:
            return headers.message_id, headers.message_id
        digest = blake2b(mail.block + b"\n" + mail.body[:1000], digest_size=12).digest()
        number = str(self.seen.setdefault(digest, self.count))
        return number, f"{self.prefix}:{number}"


def read_mbox(source: Source) -> Iterator[Event]:
    """Yield the mails of a file, or of a folder of files, as comments; the opening mail of a thread is its post."""
    files = [source.member(name) for name in source.members()] or [source]
    index = ReplyIndex()
    tags: Counter[str] = Counter()
    for file in files:
        ids = _Ids(file.thread_name)
        for mail in (mail for mail in split_mails(file) if mail.is_one):
            headers = parse_headers(mail.block, mail.envelope)
            subject = subject_key(headers.subject)
            group = subject if len(subject) >= _SHORTEST_SUBJECT else None
            index.add(ids.name(mail, headers)[1], headers.parents, headers.older, group, headers.answers)
            tags.update(filter(None, [leading_tag(headers.subject)]))
    tag, uses = tags.most_common(1)[0] if tags else (None, 0)
    list_tag = tag if uses > max(1, len(index) // 2) else None
    for file in files:
        ids = _Ids(file.thread_name)
        for mail in split_mails(file):
            if mail.is_one:
                yield from _events(file, mail, ids, index, list_tag)
            elif mail.envelope or len(index):
                yield file.skip("is a mail without headers" if mail.envelope else "is no mail", mail.line)


def _events(file: Source, mail: _Mail, ids: _Ids, index: ReplyIndex, tag: str | None) -> Iterator[Event]:
    headers = parse_headers(mail.block, mail.envelope)
    comment_id, name = ids.name(mail, headers)
    thread_id = index.thread(name)
    opens = not headers.parents and not headers.answers
    title = bare_subject(headers.subject, tag) or None
    if opens or thread_id not in index:
        yield Head(thread_id, title=title)
    body = _body(mail)
    yield Comment(
        id=comment_id,
        thread_id=thread_id,
        parent_id=index.parent(headers.parents),
        kind="post" if opens else "comment",
        text=body.text,
        quotes=body.quotes,
        author=headers.author,
        created=headers.created,
        title=title if opens or not headers.answers else None,
        status="ok" if body.text else "empty",
        source=f"{file.path}:{mail.line}",
    )


def _body(mail: _Mail) -> Body:
    try:
        return read_body(mail.block, mail.body)
    except (RecursionError, LookupError, ValueError, AssertionError, TypeError):
        return read_body(b"", mail.body)  # the email package gives up on some malformed structures


def split_mails(source: Source) -> Iterator[_Mail]:
    """Yield the mails of a file in order; a file that does not begin with a "From " line is one mail."""
    splitter = _Splitter()
    previous: tuple[int, bytes] | None = None
    for number, line in source.lines():
        if previous is not None:
            yield from splitter.take(previous[0], previous[1], line)
        elif not line.strip():
            continue
        previous = (number, line)
    if previous is not None:
        yield from splitter.take(previous[0], previous[1], b"")
    yield from splitter.finish()


class _Splitter:
    """Collect lines into mails."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._line = 0
        self._envelope = b""
        self._block: list[bytes] = []
        self._body: list[bytes] = []
        self._size = 0
        self._in_head = True
        self._after_blank = True

    def take(self, number: int, line: bytes, following: bytes) -> Iterator[_Mail]:
        """Take one line, knowing the next; yield the mail that it ends."""
        if line.startswith(b"From ") and self._begins(line, following):
            yield from self.finish()
            self._line, self._envelope = number, line
        elif self._in_head and line.strip():
            self._line = self._line or number
            if self._size < HEADER_LIMIT:
                self._block.append(line)
                self._size += len(line)
        elif self._in_head:
            self._in_head, self._size = False, 0
        elif self._size < BODY_LIMIT:
            self._body.append(line)
            self._size += len(line) + 1
        self._after_blank = not line.strip()

    def finish(self) -> Iterator[_Mail]:
        """Yield the mail collected so far, if any, and begin anew."""
        if self._block or self._envelope:
            body = b"\n".join(self._body)[:BODY_LIMIT]
            yield _Mail(self._line, self._envelope, b"\n".join(self._block), body)
        self._begin()

    def _begins(self, line: bytes, following: bytes) -> bool:
        """Tell a "From " line from a sentence: it looks like one, and a header follows."""
        if not _ENVELOPE.match(line):
            return False
        if self._after_blank:
            return bool(_FIELD.match(following))
        return bool(_KNOWN_FIELD.match(following))


def sniff_mbox(sample: Sample) -> float:
    """Recognize a "From " line followed by headers, or the headers of a single mail."""
    head = sample.head.lstrip(b"\xef\xbb\xbf\r\n ").replace(b"\r\n", b"\n")
    first, _, rest = head.partition(b"\n")
    if first.startswith(b"From ") and _ENVELOPE.match(first) and _FIELD.match(rest):
        return 0.98
    block = head.partition(b"\n\n")[0]
    names = {match.group(1).lower() for match in re.finditer(rb"^([!-9;-~]+)[ \t]*:", block, re.M)}
    plain = all(_FIELD.match(line) or line[:1] in b" \t" for line in block.split(b"\n"))
    return 0.8 if plain and {b"from", b"date", b"message-id"} <= names else 0.0


def is_mail_folder(folder: str) -> bool:
    """Recognize a folder that holds nothing but mailboxes, such as the months of a list."""
    try:
        visible = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
        files = [entry for entry in visible if entry.name != "targets.toml"]
        return len(files) > 1 and all(entry.is_file() and _MONTH.search(entry.name) for entry in files)
    except OSError:
        return False


FORMATS = (
    Format(
        name="mbox",
        title="Mailboxes and mailing-list archives (mbox, Pipermail)",
        keeps="ids, the parent (In-Reply-To or References, whichever is in the dump), author, time, subject, quotes",
        loses="signatures, list footers, attachments, recipients",
        sniff=sniff_mbox,
        read=read_mbox,
        folder=is_mail_folder,
    ),
)
