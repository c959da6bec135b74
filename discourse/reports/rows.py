"""Write a labeled thread as the columns that the page's own script reads; nothing is computed here.

One list a column, aligned with the thread's comments, keeps 10,000 comments in a few megabytes. Names of labels are
replaced by their place in the codebook, -1 where there is none; probabilities are whole percents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import shorten
from typing import TypeAlias

import msgspec

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Label, LabeledThread, Stance, Verdict
from discourse.threads import Thread

TITLE = 90
"""Characters of a post that stand for a missing title: two lines of a heading."""

STATUSES = ("ok", "deleted", "removed", "empty")
EVIDENCES = ("explicit", "indent", "quote", "mention", "inferred", "none")


class LabelRows(msgspec.Struct, frozen=True):
    """Hold the labels of a thread towards one target; every list has one entry a comment.

    `camps` is where each author of the thread stands (aligned with `ThreadRows.authors`).
    """

    target: str | None
    stance: list[int]
    stance_scores: list[list[int] | None]
    reply: list[int]
    reply_sure: list[int]
    argument: list[int]
    argument_sure: list[int]
    secondary: dict[int, list[int]]
    unsure: list[int]
    truncated: list[int]
    camps: list[int]


class ThreadRows(msgspec.Struct, frozen=True):
    """Hold a thread for the page's script; lists have one entry a comment, maps only those that have a value."""

    id: str
    title: str | None
    post: bool
    ids: list[str]
    parents: list[int]
    depths: list[int]
    links: list[int]
    link_sure: dict[int, int]
    people: list[str]
    authors: list[int]
    created: list[str | None]
    ages: dict[int, str]
    edited: list[int]
    scores: list[float | None]
    langs: list[str | None]
    lang: list[int]
    status: dict[int, int]
    texts: list[str]
    quotes: dict[int, list[tuple[str | None, str]]]
    urls: dict[int, str]
    repairs: dict[int, list[str]]
    labels: list[LabelRows]


Camps: TypeAlias = Mapping[str | None, Mapping[str, Stance]]
"""Where each author stands, by target: the summary's word, not ours."""


def thread_rows(labeled: LabeledThread, camps: Camps) -> ThreadRows:
    """Return the columns of one labeled thread."""
    thread = labeled.thread
    people = list(dict.fromkeys(comment.author for comment in thread.comments if comment.author is not None))
    place = {author: position for position, author in enumerate(people)}
    langs = list(dict.fromkeys(comment.lang for comment in thread.comments))
    lang_place = {lang: position for position, lang in enumerate(langs)}
    comments = thread.comments
    return ThreadRows(
        id=thread.id,
        title=title_of(thread),
        post=thread.post is not None,
        ids=[comment.id for comment in comments],
        parents=list(thread.parents),
        depths=list(thread.depths),
        links=[EVIDENCES.index(link.evidence) for link in thread.links],
        link_sure={
            position: percent(link.confidence)
            for position, link in enumerate(thread.links)
            if not link.stated and link.confidence is not None
        },
        people=people,
        authors=[place[comment.author] if comment.author is not None else -1 for comment in comments],
        created=[moment(comment.created) for comment in comments],
        ages={position: comment.age for position, comment in enumerate(comments) if comment.age},
        edited=[position for position, comment in enumerate(comments) if comment.edited],
        scores=[comment.score for comment in comments],
        langs=langs,
        lang=[lang_place[comment.lang] for comment in comments],
        status={p: STATUSES.index(c.status) for p, c in enumerate(comments) if c.status != "ok"},
        texts=[comment.text for comment in comments],
        quotes={p: [(q.author, q.text) for q in c.quotes] for p, c in enumerate(comments) if c.quotes},
        urls={p: url for p, c in enumerate(comments) if (url := web_address(c.url)) is not None},
        repairs=_repairs(thread),
        labels=[_label_rows(labeled, target, people, camps.get(target, {})) for target in labeled.targets],
    )


def title_of(thread: Thread) -> str | None:
    """Return the thread's title, its post's, or else the post's first words; None where there are none."""
    if thread.title or thread.post is None:
        return thread.title
    return thread.post.title or shorten(thread.post.text, width=TITLE, placeholder=" …") or None


def web_address(url: str | None) -> str | None:
    """Return an address that a page may link to: http and https alone."""
    if url is None:
        return None
    url = url.strip()
    return url if url.lower().startswith(("http://", "https://")) else None


def moment(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 to the second, in UTC and without a zone."""
    if time is None:
        return None
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def percent(probability: float) -> int:
    """Return a probability as a whole percent, half rounded up."""
    return int(probability * 100 + 0.5)


def _repairs(thread: Thread) -> dict[int, list[str]]:
    place = {comment.id: position for position, comment in enumerate(thread.comments)}
    found: dict[int, list[str]] = {}
    for repair in thread.repairs:
        if repair.comment_id in place:
            kinds = found.setdefault(place[repair.comment_id], [])
            if repair.kind not in kinds:
                kinds.append(repair.kind)
    return found


def _label_rows(
    labeled: LabeledThread, target: str | None, people: Sequence[str], camps: Mapping[str, Stance]
) -> LabelRows:
    by_id = labeled.by_comment(target)
    nothing = Label("", target)
    labels = [by_id.get(comment.id, nothing) for comment in labeled.thread.comments]
    return LabelRows(
        target=target,
        stance=_codes((label.stance for label in labels), STANCES),
        stance_scores=[_percents(label.stance) for label in labels],
        reply=_codes((label.reply_stance for label in labels), REPLY_STANCES),
        reply_sure=_sure(label.reply_stance for label in labels),
        argument=_codes((label.argument for label in labels), ARGUMENTS),
        argument_sure=_sure(label.argument for label in labels),
        secondary={
            p: [ARGUMENTS.index(name) for name in label.secondary if name in ARGUMENTS]
            for p, label in enumerate(labels)
            if label.secondary
        },
        unsure=[_unsure(label) for label in labels],
        truncated=[position for position, label in enumerate(labels) if label.truncated],
        camps=[STANCES.index(camps[author]) if author in camps else -1 for author in people],
    )


def _codes(verdicts: Iterable[Verdict | None], names: Sequence[str]) -> list[int]:
    return [names.index(verdict.label) if verdict is not None else -1 for verdict in verdicts]


def _sure(verdicts: Iterable[Verdict | None]) -> list[int]:
    return [percent(verdict.confidence) if verdict is not None else -1 for verdict in verdicts]


def _percents(verdict: Verdict | None) -> list[int] | None:
    """Return all probabilities; a label without any was given by a person, and is certain."""
    if verdict is None:
        return None
    return [percent(p) for p in verdict.scores] or [100 * (name == verdict.label) for name in STANCES]


def _unsure(label: Label) -> int:
    """Return which verdicts are under their threshold, as bits: 1 stance, 2 reply stance, 4 argument type."""
    verdicts = (label.stance, label.reply_stance, label.argument)
    return sum(1 << bit for bit, verdict in enumerate(verdicts) if verdict is not None and verdict.abstained)


def safe_json(value: object) -> str:
    """Return JSON that may stand inside a script element: no `<`, `>`, `&` or line separator is left in it."""
    try:
        text = msgspec.json.encode(value).decode("utf-8")
    except UnicodeEncodeError:  # half a character, from a dump that was cut in the middle of one
        text = json.dumps(msgspec.to_builtins(value, str_keys=True))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
