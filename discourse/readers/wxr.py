"""Read WordPress exports (WXR: RSS with `wp:` elements): each item with comments is a thread, the item its post.

Comments that were held for approval, marked as spam or put in the trash are in an export too: they are kept, as
removed, since they never stood, or no longer stand, on the site. Mail and IP addresses are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from discourse.errors import InputError
from discourse.readers.base import Event, Format, Head, Notice, Sample, Source
from discourse.readers.html_dates import printed_time, stated_time
from discourse.readers.html_page import split_address
from discourse.readers.xml_records import Record, child_text, parse_record, records
from discourse.text import Body, clean, from_html
from discourse.threads import Comment, Status

_MARKED_UP = re.compile(r"<(?:p|br|div|ul|ol|li|pre|table)\b", re.I)
_SITE = re.compile(r"<(?:wp:)?base_(?:blog|site)_url>(?:<!\[CDATA\[)?\s*([^<\]\s]+)")


def _sniff(sample: Sample) -> float:
    if "wordpress.org/export/" in sample.text or "<wp:wxr_version>" in sample.text:
        return 1.0
    return 0.9 if "<wp:comment>" in sample.text or "<wp:post_id>" in sample.text else 0.0


@dataclass(frozen=True, slots=True)
class _Item:
    """Hold what an item says before its comments."""

    head: Head
    post: Comment


def _read(source: Source) -> Iterator[Event]:
    host = ""
    item: _Item | None = None
    told = found = False
    with source.open() as stream:
        try:
            for record in records(stream, ("wp:base_blog_url", "item", "wp:comment")):
                if record.tag == "wp:base_blog_url":
                    site = _SITE.search(record.text)
                    host = (split_address(site.group(1)).hostname or "").removeprefix("www.") if site else ""
                elif record.tag == "item":
                    item, told = _item(record, host, source), False
                    if item is None:
                        yield source.skip("the item is no XML; its comments have no thread", record.line)
                elif item is not None:
                    comment = _comment(record, item, source)
                    if comment is None:
                        yield source.skip("the comment is no XML, is cut, or has no id", record.line)
                        continue
                    if not told:
                        yield from (item.head, item.post)
                        told = found = True
                    yield comment
                else:
                    yield source.skip("the comment's item could not be read", record.line)
        except InputError as error:
            yield source.skip(str(error))
            return
    if not found:
        yield Notice(source.path, "the export holds no comments")


def _item(record: Record, host: str, source: Source) -> _Item | None:
    element = parse_record(record)
    if element is None:
        return None
    url = child_text(element, "link") or None
    number = child_text(element, "post_id") or child_text(element, "guid") or url
    if not number:
        return None
    thread_id = f"{host}/{number}" if host else number
    title = clean(child_text(element, "title")) or None
    body = _body(_content(element))
    post = Comment(
        id=f"post-{number}",
        thread_id=thread_id,
        kind="post",
        text=body.text,
        quotes=body.quotes,
        author=clean(child_text(element, "creator")) or None,
        created=_time(element, "post_date_gmt", "post_date") or printed_time(child_text(element, "pubDate")),
        title=title,
        url=url,
        status="ok" if body.text or body.quotes else "empty",
        source=f"{source.path}:{record.line}",
    )
    return _Item(Head(thread_id, title=title, url=url), post)


def _content(element: Element) -> str:
    """Return the article: `content:encoded`, not `excerpt:encoded` of the same local name."""
    found = element.find("content:encoded")
    return "".join(found.itertext()).strip() if found is not None else ""


def _comment(record: Record, item: _Item, source: Source) -> Comment | None:
    element = parse_record(record) if record.closed else None
    number = child_text(element, "comment_id")
    if element is None or not number:
        return None
    parent = child_text(element, "comment_parent")
    body = _body(child_text(element, "comment_content"))
    return Comment(
        id=number,
        thread_id=item.head.thread_id,
        parent_id=parent if parent not in ("", "0") else None,
        text=body.text,
        quotes=body.quotes,
        author=clean(child_text(element, "comment_author")) or None,
        created=_time(element, "comment_date_gmt", "comment_date"),
        url=f"{item.head.url}#comment-{number}" if item.head.url else None,
        status=_status(element) or ("ok" if body.text or body.quotes else "empty"),
        source=f"{source.path}:{record.line}",
    )


def _body(content: str) -> Body:
    """Read a text as WordPress shows it: where it has no blocks, its line ends are line ends."""
    if "\n" in content and not _MARKED_UP.search(content):
        content = content.replace("\r\n", "\n").replace("\n", "<br>\n")
    return from_html(content)


def _status(element: Element) -> Status | None:
    approved = child_text(element, "comment_approved").lower()
    return None if approved in ("", "1", "approve", "approved") else "removed"


def _time(element: Element, *names: str) -> datetime | None:
    """Return the first time that is one; a draft's is all zeros."""
    return next((found for found in (stated_time(child_text(element, name)) for name in names) if found), None)


FORMATS: tuple[Format, ...] = (
    Format(
        name="wxr",
        title="WordPress export (WXR)",
        keeps="ids, replies, authors, times, the article; pingbacks; unapproved comments as removed",
        loses="mail and IP addresses; items without comments",
        sniff=_sniff,
        read=_read,
    ),
)
