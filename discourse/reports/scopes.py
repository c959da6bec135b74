"""What the page shows of one thread towards one target: the summary, its figures, and the addresses of its numbers.

It chooses and arranges; it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from markupsafe import Markup

from discourse.labels import LabeledThread
from discourse.reports.addresses import address, selection
from discourse.reports.figures import (
    ArgumentRow,
    Corrected,
    Segment,
    Timeline,
    Way,
    argument_rows,
    author_bar,
    comment_bar,
    corrected,
    timeline,
    ways,
)
from discourse.reports.network import Arrow, Node, network
from discourse.reports.rows import title_of, web_address
from discourse.reports.strings import STRINGS, Lang
from discourse.reports.wording import Value, span
from discourse.summary import (
    Condition,
    Exemplar,
    Interval,
    KeyPoint,
    Plan,
    Selector,
    ThreadSummary,
    Warn,
    first_method,
    plans_of,
)

Said: TypeAlias = tuple[str, Mapping[str, Value]]
"""A string's key and its values."""

EXAMPLES = 2
"""Exemplars shown for each side on the first screen: one may be odd, three push the rest out of sight."""

POINTS = 5
"""Key points shown for each side."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Hold what the templates say of one thread towards one target.

    `place` is the thread's in the page, `target` the target's in the page's list; `choices` are the thread's targets.
    Where the scope is all threads as one, `place` and `thread_id` are None, and `names` gives the thread and the id of
    each of its comments; `shared_names` counts the names that occur in several threads.
    """

    place: int | None
    target: int
    choices: tuple[tuple[int, str | None], ...]
    thread_id: str | None
    title: str | None
    url: str | None
    summary: ThreadSummary
    hidden: bool
    lang: Lang
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shared_names: int = 0

    def pick(self, where: Selector, **more: str) -> str:
        """Return the address that selects comments of this thread."""
        target = self.target if len(self.choices) > 1 else None
        thread_id = self.thread_id
        for condition in where:
            if condition.column == "under" and str(condition.value) in self.names:
                thread_id, comment_id = self.names[str(condition.value)]
                where = tuple(replace(c, value=comment_id) if c is condition else c for c in where)
        return selection(where, thread_id=thread_id, target=target, **more)

    def pick_secondary(self, argument: str) -> str:
        """Return the address of the comments that have an argument type as a secondary one."""
        return self.pick((Condition("secondary", argument),))

    def pick_answering(self, author: str) -> str:
        """Return the address of the replies that others wrote to an author."""
        return self.pick((Condition("parent_author", author),)) + f"&{_not_by(author)}"

    def pick_camp(self, stance: str) -> str:
        """Return the address of the comments of the people of a camp."""
        return self.pick((), camp=stance)

    def pick_unknown(self) -> str:
        """Return the address of the comments whose author is not known."""
        return self.pick((Condition("author", None),))

    def pick_undated(self) -> str:
        """Return the address of the comments whose time is not known."""
        return self.pick((Condition("created", None),))

    def pick_ids(self, ids: tuple[str, ...]) -> str:
        """Return the address of comments named one by one."""
        return self.pick((), comment_id=",".join(one.replace("%", "%25").replace(",", "%2C") for one in ids))

    def comment(self, comment_id: str) -> str:
        """Return the address of one comment in its thread."""
        return address(*self.names.get(comment_id, (self.thread_id, comment_id)))

    def toward(self, target: int) -> str:
        """Return the address of this thread towards another of its targets."""
        return selection((), thread_id=self.thread_id, target=target)

    @property
    def key(self) -> str:
        """Return a name for the scope that no other on the page has, safe in an attribute."""
        return f"{'all' if self.place is None else self.place}-{self.target}"

    def language(self, lang: str | None) -> Markup | str:
        """Return a language's name in words, or its code."""
        key = f"lang.{lang or 'und'}"
        return span(self.lang, key) if key in STRINGS else str(lang)

    @property
    def first(self) -> str:
        """Return the time of the first comment, in ISO 8601; empty where no time is known."""
        return self.summary.first_created.isoformat() if self.summary.first_created else ""

    @property
    def last(self) -> str:
        """Return the time of the last comment, in ISO 8601; empty where no time is known."""
        return self.summary.last_created.isoformat() if self.summary.last_created else ""

    @property
    def comment_bar(self) -> tuple[Segment, ...]:
        """Return the bar of comments."""
        return comment_bar(self.summary.stance, self.summary.prevalence)

    @property
    def author_bar(self) -> tuple[Segment, ...]:
        """Return the bar of people; empty where it would repeat a bar of one person."""
        return author_bar(self.summary.stance) if self.summary.stance.authors > 1 else ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """Return the stances counted in other ways."""
        return ways(self.summary.stance)

    @property
    def estimates(self) -> tuple[Corrected, ...]:
        """Return the shares corrected with people's labels."""
        return corrected(self.summary.prevalence)

    @property
    def people_labels(self) -> int:
        """Return how many comments people labeled for the corrected shares of the stance; 0 without."""
        return next((one.gold for one in self.estimates), 0)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Return what more of people's labels would buy, the two cheapest steps."""
        return plans_of(self.summary.prevalence, "stance")[:2]

    @property
    def arguments(self) -> tuple[ArgumentRow, ...]:
        """Return the argument types that occur."""
        return argument_rows(self.summary)

    @property
    def network(self) -> tuple[tuple[Node, ...], tuple[Arrow, ...]]:
        """Return the discs and arrows of the camps."""
        return network(self.summary)

    @property
    def timeline(self) -> Timeline | None:
        """Return the columns of the timeline."""
        return timeline(self.summary)

    @property
    def warnings(self) -> tuple[Warn, ...]:
        """Return what to beware of; a thread without comments needs no warning that there are few."""
        return self.summary.warnings if self.summary.comments else ()

    @property
    def sides(self) -> tuple[tuple[str, tuple[KeyPoint, ...], tuple[Exemplar, ...]], ...]:
        """Return for and against: key points where there are any, and exemplars. Empty if nobody takes a side."""
        found = []
        for side in ("favor", "against"):
            points = tuple(point for point in self.summary.key_points if point.side == side)[:POINTS]
            examples = self._examples("stance", side)[: EXAMPLES if not points else 1]
            found.append((side, points, examples))
        return tuple(found) if any(points or examples for _, points, examples in found) else ()

    @property
    def argument_examples(self) -> tuple[Exemplar, ...]:
        """Return one example of each argument type that gives a reason, in the order of the table."""
        names = [row.argument for row in self.arguments if row.argument != "none"]
        return tuple(example for name in names for example in self._examples("argument", name)[:1])

    def _examples(self, field: str, label: str) -> tuple[Exemplar, ...]:
        return tuple(e for e in self.summary.exemplars if e.field == field and e.label == label)

    def reason(self, example: Exemplar, reason: str) -> str:
        """Return the key of a reason; the only sure one of several is not the only one. A kind is not a side."""
        of_field = self.summary.argument if example.field == "argument" else self.summary.stance
        if example.field == "argument" and reason in ("typical", "clear"):
            return f"{reason}-kind"
        return "only-sure" if reason == "only" and of_field[example.label].count > 1 else reason

    @property
    def scored(self) -> bool:
        """Tell whether the dump has scores."""
        return any(person.score is not None for person in self.summary.authors)

    @property
    def most_by_author(self) -> int:
        """Return the most comments with a stance that one listed person wrote."""
        return max((sum(person.stance) for person in self.summary.authors), default=0)

    @property
    def most_at_depth(self) -> int:
        """Return the most comments with a stance at one depth."""
        return max((sum(group.tally.stance) for group in self.summary.depths), default=0)

    @property
    def most_in_language(self) -> int:
        """Return the most comments with a stance in one language."""
        return max((sum(group.tally.stance) for group in self.summary.languages), default=0)

    @property
    def lead(self) -> tuple[Said, ...]:
        """Say the answer in a sentence or two."""
        return lead(self.summary)


def lead(summary: ThreadSummary) -> tuple[Said, ...]:
    """Say who is ahead by comments, whether people say the same, and whether the gap may be the model's doubt.

    Shares that people's labels corrected come first, and the model's counts after them.
    """
    stance = summary.stance
    if summary.target is None:
        return (("lead.no-target", {}),)
    if not stance.labeled:
        return (("lead.no-stance", {}),)
    favor, against, none = (stance[name] for name in ("favor", "against", "none"))
    counts: dict[str, Value] = {"favor": favor.count, "against": against.count, "none": none.count}
    if not favor.count and not against.count:
        return (("lead.nobody", {"n": stance.labeled}),)
    people = first_method(summary.prevalence, "stance")
    if people:
        one, two = people["favor"], people["against"]
        close = _overlap(Interval(one.low, one.high), Interval(two.low, two.high))
        shares: Said = ("lead.corrected", {"favor": one.share, "against": two.share})
        return (shares, *([("lead.corrected-close", {})] if close else []), ("lead.predicted", counts))
    ahead = (favor.count > against.count) - (favor.count < against.count)
    said: list[Said] = [(("lead.even", "lead.favor", "lead.against")[ahead], counts)]
    if stance.authors > 1 and favor.by_author is not None and against.by_author is not None:
        heads = (favor.by_author > against.by_author) - (favor.by_author < against.by_author)
        key = "same" if heads == ahead else "even" if heads == 0 else "other" if ahead else "apart"
        said.append((f"lead.people.{key}", {"favor": favor.by_author, "against": against.by_author}))
    if ahead and _overlap(favor.interval, against.interval):
        said.append(("lead.close", {}))
    return tuple(said)


def _overlap(one: Interval | None, two: Interval | None) -> bool:
    return one is not None and two is not None and one.high >= two.low and two.high >= one.low


def scopes_of(
    labeled: LabeledThread,
    summaries: tuple[ThreadSummary, ...],
    place: int,
    targets: Mapping[str | None, int],
    *,
    hidden: bool,
    lang: Lang,
) -> tuple[Scope, ...]:
    """Return one scope a target; `targets` gives each target's place in the page. Only the first may be shown."""
    choices = tuple((targets[summary.target], summary.target) for summary in summaries)
    return tuple(
        Scope(
            place=place,
            target=targets[summary.target],
            choices=choices,
            thread_id=labeled.thread.id,
            title=title_of(labeled.thread),
            url=web_address(labeled.thread.url),
            summary=summary,
            hidden=hidden or bool(number),
            lang=lang,
        )
        for number, summary in enumerate(summaries)
    )


def _not_by(author: str) -> str:
    return selection((Condition("author", author),)).removeprefix("#?").replace("author=", "author.not=", 1)
