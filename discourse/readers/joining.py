"""Join what several files and pages say of one thread, and build its tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter

from discourse.readers.base import Format, Head
from discourse.readers.wire import server
from discourse.threads import Comment, Thread, build_thread, filled, newer

TITLE_AS_TARGET = "no target is given: the title is taken for it"
NO_TARGET = "there is neither a target nor a title: no stance is labeled"

_id_of = attrgetter("id")


def join(
    thread_id: str,
    records: Sequence[Comment],
    heads: Sequence[Head],
    *,
    form: Format,
    source: str,
    targets: Sequence[str] = (),
) -> Thread:
    """Build one thread from the records and heads of all its files, in order; `targets` is what the user gave.

    Targets that the dump states come before the user's, those before the title. `form` and `source` are the format and
    path of the first record. The number of comments that the dump announces is compared with those found.
    """
    if {record.thread_id for record in records} - {thread_id}:
        records = [replace(record, thread_id=thread_id) for record in records]
    if not all(map(_id_of, records)):
        records = _numbered(records)
    posts = [record for record in records if record.kind == "post"]
    post = posts[0] if posts else None
    title = _first(head.title for head in heads) or (post.title if post is not None else None)
    announced = next((head.announced for head in heads if head.announced is not None), None)
    reply_field = next((head.reply_field for head in heads if head.reply_field is not None), form.reply_field)
    notices = [notice for head in heads for notice in head.notices]
    stated = [target for head in heads for target in head.targets]
    silent = [record for record in records if not record.targets]
    if not stated and (len(posts) == len(records) or any(record.kind == "comment" for record in silent)):
        stated = list(targets)
    if not stated and len(silent) == len(records):
        stated = [title] if title else []
        notices.append(TITLE_AS_TARGET if title else NO_TARGET)
    built = build_thread(
        records,
        id=thread_id,
        title=title,
        source=source,
        url=_first(head.url for head in heads) or (post.url if post is not None else None),
        targets=stated,
        evidence=next((head.evidence for head in heads if head.evidence is not None), form.evidence),
        reply_field=reply_field,
        repairs=tuple(repair for head in heads for repair in head.repairs),
        announced=announced,
        notices=tuple(dict.fromkeys(notices)),
    )
    if announced is None or announced == len(built):
        return built
    return replace(built, notices=(*built.notices, f"{announced} comments are announced, {len(built)} were found"))


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the records and heads that name one thread; `files` and `head_files` are aligned with them."""

    files: list[int]
    records: list[Comment]
    head_files: list[int]
    heads: list[Head]


def by_server(thread_id: str, group: Group) -> dict[str, Group]:
    """Part a group whose files are of several servers: those that state other urls for a thread of the same number.

    The parts after the first are called `number@server`. A file that states no url is taken with the first.
    """
    url_of: dict[int, str] = {}
    for file, head in zip(group.head_files, group.heads, strict=True):
        if head.url:
            url_of.setdefault(file, head.url)
    urls = list(dict.fromkeys(url_of.values()))
    if len(urls) < 2:
        return {thread_id: group}
    servers = [server(url) for url in urls]
    names = servers if len(set(servers)) == len(servers) else urls
    parts = {url: Group([], [], [], []) for url in urls}
    for file, record in zip(group.files, group.records, strict=True):
        part = parts[url_of.get(file, urls[0])]
        part.files.append(file)
        part.records.append(record)
    for file, head in zip(group.head_files, group.heads, strict=True):
        part = parts[url_of.get(file, urls[0])]
        part.head_files.append(file)
        part.heads.append(head)
    return {
        f"{thread_id}@{name}" if number else thread_id: parts[url]
        for number, (name, url) in enumerate(zip(names, urls, strict=True))
    }


def without_repeated_posts(group: Group) -> tuple[Group, list[int]]:
    """Take a post that each page of a thread repeats for the one it is: the newest stays, filled from the others.

    Returns the group, and the file of each record that was left out. Left to be counted as duplicates are copies within
    one file, and those in a file without comments of the thread: it is no page of it.
    """
    if len(set(group.files)) < 2:
        return group, []
    places = [place for place, record in enumerate(group.records) if record.kind == "post" and record.id]
    if len({group.files[place] for place in places}) < 2:
        return group, []
    pages = {file for file, record in zip(group.files, group.records, strict=True) if record.kind != "post"}
    newest: dict[str, int] = {}
    for place in places:
        known = newest.setdefault(group.records[place].id, place)
        if newer(group.records[known], group.records[place]) is group.records[place]:
            newest[group.records[place].id] = place
    repeated = {
        place
        for place in places
        if group.files[place] in pages
        and group.files[place] != group.files[newest[group.records[place].id]]
        and not group.records[place].targets
    }
    whole = list(group.records)
    for place in repeated:
        stays = newest[whole[place].id]
        whole[stays] = filled(whole[stays], whole[place])
    kept = [place for place in range(len(whole)) if place not in repeated]
    files, records = [group.files[place] for place in kept], [whole[place] for place in kept]
    return replace(group, files=files, records=records), [group.files[place] for place in sorted(repeated)]


def _numbered(records: Sequence[Comment]) -> list[Comment]:
    """Give records without id the numbers 1, 2, 3, … that are no other's id, in order."""
    taken = {record.id for record in records}
    numbers = (name for number in count(1) if (name := str(number)) not in taken)
    return [record if record.id else replace(record, id=next(numbers)) for record in records]


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
