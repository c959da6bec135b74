"""What a narrative may claim: the facts of a summary as rows of tokens, in the orders in which they may be said.

This is derived from the numbers alone, never from our own sentences: the checker compares what a sentence says with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

from discourse.labels import STANCES
from discourse.summary.facts import Distribution, ThreadSummary
from discourse.summary.narrative.lexicon import Token

Claim: TypeAlias = tuple[Token, ...]

EVEN = 0.8
"""Contention from which two sides are called about even: the smaller is at least two thirds of the larger."""


def claims(summary: ThreadSummary) -> frozenset[Claim]:
    """Return everything that may be said of a thread in one clause or sentence."""
    every = (_sizes, _stances, _leads, _arguments, _replies, _people, _turns, _voices, _doubts)
    return frozenset(canonical(claim) for part in every for claim in part(summary))


def canonical(claim: Iterable[Token]) -> Claim:
    """Put a claim in an order that does not depend on its wording, where the order carries no meaning.

    It does where there are two counts, shares or ranges, or two labels: which belongs to which is told by the order.
    """
    tokens = tuple(claim)
    kinds = [kind for kind, _ in tokens]
    labels = [value for kind, value in tokens if kind == "word" and value in _LABELS]
    ordered = len(labels) > 1 or any(kinds.count(kind) > 1 for kind in ("n", "%", "range", "date", "type", "author"))
    return tokens if ordered else tuple(sorted(tokens))


_LABELS = frozenset((*STANCES, "agree", "disagree", "neutral"))


def word(value: str) -> Token:
    """Return the token of a loaded word."""
    return ("word", value)


def number(value: int) -> Token:
    """Return the token of a count."""
    return ("n", str(value))


def percent(share: float | None) -> Token:
    """Return the token of a share as a narrative prints it: in percent, below 1 % with a decimal."""
    return ("%", percent_text(share or 0.0))


def percent_text(share: float) -> str:
    """Write a share in percent, with a point as decimal sign."""
    value = 100 * share
    return f"{max(value, 0.1):.1f}" if 0 < value < 0.95 else f"{int(value + 0.5)}"


def bounds(low: float, high: float) -> Token:
    """Return the token of an interval in percent."""
    return ("range", f"{int(100 * low + 0.5)}-{int(100 * high + 0.5)}")


def day(moment: datetime) -> Token:
    """Return the token of a day (UTC)."""
    return ("date", moment.date().isoformat())


def _sizes(summary: ThreadSummary) -> Iterator[Claim]:
    comments, authors = number(summary.comments), number(summary.all_authors)
    unknown = number(summary.participation.without_author)
    yield (comments, word("comment"))
    yield (authors, word("author"))
    yield (authors, word("author"), comments, word("comment"))
    yield (comments, word("comment"), authors, word("author"))
    yield (unknown, word("comment"), word("unknown"))
    if summary.first_created is not None and summary.last_created is not None:
        yield (day(summary.first_created), day(summary.last_created))
        if day(summary.first_created) == day(summary.last_created):
            yield (day(summary.first_created),)


def _counted(part: Distribution, unit: str) -> Iterator[Claim]:
    for share in part.labels:
        said = (number(share.count), word(unit), word(share.label))
        yield said
        yield (*said, percent(share.share))
        yield (percent(share.share), word(unit), word(share.label))


def _stances(summary: ThreadSummary) -> Iterator[Claim]:
    yield from _counted(summary.stance, "comment")
    for camp in summary.camps:
        yield (number(camp.authors), word("author"), word(camp.stance))
    for share in summary.stance.labels:
        if share.interval is not None:
            yield (bounds(share.interval.low, share.interval.high), word("comment"), word(share.label))
    for estimate in summary.prevalence:
        if estimate.field == "stance":
            said = (bounds(estimate.low, estimate.high), word("comment"), word(estimate.label))
            yield said
            yield (number(estimate.gold), word("gold"), *said)


def _leads(summary: ThreadSummary) -> Iterator[Claim]:
    comments = [summary.stance[side].count for side in STANCES[:2]]
    camps = {camp.stance: camp.authors for camp in summary.camps}
    authors = [camps.get(side, 0) for side in STANCES[:2]]
    for unit, (favor, against) in (("comment", comments), ("author", authors)):
        if favor != against:
            yield (word(unit), word("favor" if favor > against else "against"), word("lead"))
        if favor + against and 1 - abs(favor - against) / (favor + against) >= EVEN:
            yield (word(unit), word("even"))


def _arguments(summary: ThreadSummary) -> Iterator[Claim]:
    """Say how frequent each type is; the most frequent is one that argues: `none` gives no reason."""
    top = max(share.count for share in summary.argument.labels if share.label != "none")
    for share in summary.argument.labels:
        yield (("type", share.label), percent(share.share))
        yield (("type", share.label), number(share.count), word("comment"))
        if share.count == top and share.label != "none":
            yield (word("frequent"), ("type", share.label), percent(share.share))
    for stance in STANCES:
        row = [cell for cell in summary.matrix if cell.stance == stance]
        most = max((cell.count for cell in row if cell.argument != "none"), default=0)
        for cell in row:
            said = (word("comment"), word(stance), ("type", cell.argument), number(cell.count))
            yield said
            if cell.count == most and cell.argument != "none":
                yield (*said, word("frequent"))


def _replies(summary: ThreadSummary) -> Iterator[Claim]:
    yield from _counted(summary.reply_stance, "reply")
    across = [cell for cell in summary.replies if {cell.stance, cell.parent_stance} == {"favor", "against"}]
    total, disagree = sum(cell.replies for cell in across), sum(cell.disagree for cell in across)
    yield (number(disagree), number(total), word("reply"), word("across"), word("disagree"))


def _people(summary: ThreadSummary) -> Iterator[Claim]:
    part = summary.participation
    for person in summary.authors:
        if person.author == part.most_active:
            said = (("author", person.author), word("active"), word("author"), number(person.comments), word("comment"))
            yield said
            yield (*said, percent(part.most_active_share), word("quoted"))
    yield (number(len({change.author for change in summary.changes})), word("author"), word("change"))


def _turns(summary: ThreadSummary) -> Iterator[Claim]:
    for point in summary.turning_points:
        yield (
            word("below"),
            word("comment"),
            _voice(point.author),
            word("turn"),
            number(point.favor),
            word("comment"),
            word("favor"),
            number(point.against),
            word("against"),
            word("elsewhere"),
            number(point.favor_outside),
            word("favor"),
            number(point.against_outside),
            word("against"),
        )


def _voices(summary: ThreadSummary) -> Iterator[Claim]:
    for exemplar in summary.exemplars:
        if exemplar.field == "stance":
            yield (word(exemplar.label), _voice(exemplar.author), ("quote", exemplar.comment_id))
    for point in summary.key_points:
        yield (word(point.side), _voice(point.author), ("quote", point.comment_id))
        if point.low is None or point.high is None:
            yield (number(point.comments), word("comment"), word(point.side), ("quote", point.comment_id))
        else:
            yield (bounds(point.low, point.high), word("comment"), word(point.side), ("quote", point.comment_id))


def _voice(author: str | None) -> Token:
    return word("unknown") if author is None else ("author", author)


def _doubts(summary: ThreadSummary) -> Iterator[Claim]:
    yield (word("unsure"), number(summary.stance.abstained), number(summary.stance.labeled))
    yield (number(summary.comments - summary.labeled), word("comment"), word("silent"))
    guessed = sum(count.count for count in summary.links if count.name in ("quote", "mention", "inferred"))
    yield (number(guessed), word("reply"), word("guessed"))
