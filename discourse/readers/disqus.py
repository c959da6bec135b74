"""Read Disqus exports (XML): threads first, then all posts, each naming its thread and its parent.

Most threads of an export have no posts: only those that have are reported. Mail and IP addresses are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from discourse.errors import InputError
from discourse.readers.base import Event, Format, Head, Notice, Sample, Source
from discourse.readers.html_dates import stated_time
from discourse.readers.xml_records import attribute_named, child_named, child_text, parse_record, records
from discourse.text import clean, from_html
from discourse.threads import Comment, Status


def _sniff(sample: Sample) -> float:
    beginning = sample.text[:4096]
    if "<disqus" in beginning and "disqus.com" in beginning:
        return 1.0
    return 0.9 if "dsq:id=" in sample.text and "<thread" in sample.text else 0.0


def _read(source: Source) -> Iterator[Event]:
    heads: dict[str, Head] = {}
    told: set[str] = set()
    with source.open() as stream:
        try:
            for record in records(stream, ("thread", "post"), frozenset({"thread"})):
                element = parse_record(record) if record.closed else None
                if element is None:
                    yield source.skip(f"the {record.tag} is no XML, or is cut", record.line)
                    continue
                if record.tag == "thread":
                    head = _head(element)
                    if head is not None and head.thread_id in told:
                        yield head
                    elif head is not None:
                        heads[head.thread_id] = head
                    continue
                comment = _comment(element, f"{source.path}:{record.line}")
                if comment is None:
                    yield source.skip("the post has no id, or names no thread", record.line)
                    continue
                if comment.thread_id not in told:
                    told.add(comment.thread_id)
                    yield heads.pop(comment.thread_id, Head(comment.thread_id))
                yield comment
        except InputError as error:
            yield source.skip(str(error))
            return
    if not told:
        yield Notice(source.path, "the export holds no comments")


def _head(element: Element) -> Head | None:
    number = attribute_named(element, "id")
    if number is None:
        return None
    return Head(number, title=clean(child_text(element, "title")) or None, url=child_text(element, "link") or None)


def _comment(element: Element, where: str) -> Comment | None:
    thread_id = attribute_named(child_named(element, "thread"), "id")
    imported = child_text(element, "id")
    number = attribute_named(element, "id") or (f"id:{imported}" if imported else None)
    if number is None or thread_id is None:
        return None
    author = child_named(element, "author")
    body = from_html(child_text(element, "message"))
    return Comment(
        id=number,
        thread_id=thread_id,
        parent_id=attribute_named(child_named(element, "parent"), "id"),
        text=body.text,
        quotes=body.quotes,
        author=clean(child_text(author, "name")) or child_text(author, "username") or None,
        created=stated_time(child_text(element, "createdAt")),
        status=_status(element) or ("ok" if body.text or body.quotes else "empty"),
        source=where,
    )


def _status(element: Element) -> Status | None:
    if child_text(element, "isSpam").lower() == "true":
        return "removed"
    return "deleted" if child_text(element, "isDeleted").lower() == "true" else None


FORMATS: tuple[Format, ...] = (
    Format(
        name="disqus",
        title="Disqus export (XML)",
        keeps="ids, replies, authors, times, thread titles and urls, deletion; spam as removed",
        loses="votes (the export has none); mail and IP addresses; threads without posts",
        sniff=_sniff,
        read=_read,
    ),
)
