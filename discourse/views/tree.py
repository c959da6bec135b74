"""A thread as a tree of collapsible comments, colored by stance.

The tree is walked once, without recursion. Nesting stops at a depth that browsers still draw well; deeper replies
stand below one another, each saying whom it answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from discourse.labels import COLORS, STANCES, Label, LabeledThread, Verdict
from discourse.threads import Comment, Quote, Thread
from discourse.views.rendering import render, safe_url

SHOWN = 5000
"""Comments drawn of a thread: some 4 MB of HTML; the report pages longer ones."""

OPEN = 200
"""Comments of a thread that is shown unfolded; of longer ones the post and the top-level comments are."""

NESTED = 24
"""Levels that are indented. Browsers nest 512 elements at most, and a notebook's column is 60 em wide."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Show one label: its text, its color if it has one, and what the pointer explains."""

    text: str
    color: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """Show one comment; `closes` is how many comments above it end before it begins."""

    closes: int
    color: str
    guess: bool
    open: bool
    replies_to: str
    author: str
    chips: tuple[Chip, ...]
    facts: str
    quotes: tuple[Quote, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """Show one part of the stance bar; `width` in percent."""

    label: str
    count: int
    width: float


def thread_html(thread: Thread) -> str:
    """Return a thread as HTML: its tree, without labels."""
    return _html(thread, {}, None)


def labeled_html(labeled: LabeledThread, target: str | None = None) -> str:
    """Return a labeled thread as HTML, colored by the stance towards a target (the first where none is named)."""
    chosen = target if target is not None else (labeled.targets[0] if labeled.targets else None)
    return _html(labeled.thread, labeled.by_comment(chosen), chosen)


def _html(thread: Thread, labels: dict[str, Label], target: str | None) -> str:
    rows, depth = _rows(thread, labels)
    counts = Counter(label.stance.label for label in labels.values() if label.stance is not None)
    total = counts.total()
    shares = [Share(name, counts[name], round(100 * counts[name] / total, 3)) for name in STANCES if counts[name]]
    words = f"{len(thread):,} comments by {len({c.author for c in thread.replies} - {None}):,} authors"
    more = len(thread.comments) - len(rows)
    return render(
        "tree.html",
        title=thread.title or (thread.post.title if thread.post else None) or thread.id,
        url=safe_url(thread.url),
        about=f"{words} · {len(thread.repairs):,} repairs" if thread.repairs else words,
        target=target,
        shares=shares,
        shares_text=", ".join(f"{share.label} {share.count}" for share in shares),
        rows=rows,
        closes=depth,
        left_out=f"{more:,} more comments are not drawn: the report shows them all" if more > 0 else "",
    )


def _rows(thread: Thread, labels: dict[str, Label]) -> tuple[list[Row], int]:
    """Return the rows in the order they are drawn, and how many of them are open at the end."""
    unfolded = len(thread.comments) <= OPEN
    levels = [0] * len(thread.comments)
    rows: list[Row] = []
    depth = 0
    for position in thread.walk():
        if len(rows) == SHOWN:
            break
        parent = thread.parents[position]
        level = min(levels[parent] + 1 if parent >= 0 else 1, NESTED)
        levels[position] = level
        closes, depth = depth - level + 1, level
        comment = thread.comments[position]
        answered = _who(thread.comments[parent]) if parent >= 0 and levels[parent] == NESTED else None
        link = thread.links[position]
        label = labels.get(comment.id)
        rows.append(
            Row(
                closes=closes,
                color=_color(label),
                guess=link.parent is not None and not link.stated,
                open=unfolded or level <= 1,
                replies_to="" if answered is None else f"↳ {answered}: ",
                author=_who(comment),
                chips=tuple(_chips(label)) if label is not None else (),
                facts=" · ".join(_facts(thread, position)),
                quotes=comment.quotes,
                text=comment.text if comment.status == "ok" else f"[{comment.status}]",
            )
        )
    return rows, depth


def _who(comment: Comment) -> str:
    return comment.author or ("the post" if comment.kind == "post" else "unknown")


def _color(label: Label | None) -> str:
    stance = None if label is None or label.stance is None else label.stance.label
    return stance if stance in COLORS else "unlabeled"


def _chips(label: Label) -> Iterator[Chip]:
    for name, verdict in (("stance", label.stance), ("to the parent", label.reply_stance), ("by", label.argument)):
        if verdict is not None:
            yield _chip(name, verdict)
    for secondary in label.secondary:
        yield Chip(f"+ {secondary}", None, "secondary argument type")


def _chip(name: str, verdict: Verdict) -> Chip:
    color = verdict.label if name != "by" and verdict.label in COLORS else None
    doubt = ", too unsure to be relied on" if verdict.abstained else ""
    mark = "?" if verdict.abstained else ""
    return Chip(f"{verdict.label}{mark}", color, f"{name}: {verdict.label}, {verdict.confidence:.0%}{doubt}")


def _facts(thread: Thread, position: int) -> Iterator[str]:
    comment, link = thread.comments[position], thread.links[position]
    if comment.created is not None or comment.age:
        yield comment.created.strftime("%Y-%m-%d %H:%M") if comment.created is not None else str(comment.age)
    if comment.score is not None:
        yield f"score {comment.score:g}"
    if link.parent is not None and not link.stated:
        sure = "" if link.confidence is None else f" {link.confidence:.0%}"
        yield f"reply guessed by {link.evidence}{sure}"
    if comment.edited:
        yield "edited"
