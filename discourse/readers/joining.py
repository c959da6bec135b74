"""Join what several files and pages say of one thread, and build its tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from discourse.readers.base import Format, Head
from discourse.threads import Comment, Thread, build_thread

TITLE_AS_TARGET = "no target is given: the title is taken for it"
NO_TARGET = "there is neither a target nor a title: no stance is labeled"


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
    if any(record.thread_id != thread_id for record in records):
        records = [replace(record, thread_id=thread_id) for record in records]
    if any(not record.id for record in records):
        records = _numbered(records)
    post = next((record for record in records if record.kind == "post"), None)
    title = _first(head.title for head in heads) or (post.title if post is not None else None)
    announced = next((head.announced for head in heads if head.announced is not None), None)
    reply_field = next((head.reply_field for head in heads if head.reply_field is not None), form.reply_field)
    notices = [notice for head in heads for notice in head.notices]
    stated = [target for head in heads for target in head.targets]
    rows_state = [bool(record.targets) for record in records if record.kind == "comment"]
    if not stated and not (rows_state and all(rows_state)):
        stated = list(targets)
    if not stated and not any(record.targets for record in records):
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


def _numbered(records: Sequence[Comment]) -> list[Comment]:
    """Give records without id the numbers 1, 2, 3, … that are no other's id, in order."""
    taken = {record.id for record in records}
    numbers = (name for number in count(1) if (name := str(number)) not in taken)
    return [record if record.id else replace(record, id=next(numbers)) for record in records]


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
