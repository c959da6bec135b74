"""Sum up labeled threads: every number is a count or an estimate over rows of the labeled table.

    summarize(labeled, embed=None, match=None) -> tuple[ThreadSummary, ...]     one per target, in their order
    select(labeled, target, selector) -> tuple[str, ...]            the comments that a number counts
    narrate(summary, lang="en", writer=None) -> Narrative            half a page, every sentence checked
    correct_shares(labeled, gold, *methods) -> Prevalence            shares corrected by a sample of people's labels
    corrected(summary, estimates), retold(summary, writer)           the same summary, with these
    compare(summaries) -> Corpus                                    all threads side by side
    terminal_view(summaries, lang="en") -> rich renderable           what `discourse summarize RUN` prints

A number that a view shows as a link carries `where`, a selector: a tuple of conditions (`column`, `test`, `value`) on
columns of the labeled table, all of which hold; see `selectors`. Tuples of counts are in codebook order (`labels`).
All facts are frozen dataclasses (`facts`), written one a line by `msgspec.json.encode` and read back by
`msgspec.json.decode(line, type=ThreadSummary)`.
"""

from discourse.summary.corpus import Corpus, ThreadLine, Totals, compare
from discourse.summary.facts import (
    Branch,
    Cell,
    Count,
    DepthGroup,
    Distribution,
    Interval,
    LabelShare,
    LanguageGroup,
    Period,
    Tally,
    ThreadSummary,
    Warn,
)
from discourse.summary.narrative import check, narrate
from discourse.summary.people import Camp, Change, Duplicate, Pair, Participation, Person, ReplyCell, TurningPoint
from discourse.summary.prevalence import LEAST_GOLD, Prevalence, correct_shares, first_method, plans_of
from discourse.summary.selectors import Condition, Selector, select, where
from discourse.summary.summarizing import corrected, retold, summarize
from discourse.summary.terminal import terminal_view
from discourse.summary.words import Estimate, Exemplar, KeyPoint, Narrative, Plan, PointSide

__all__ = [
    "LEAST_GOLD",
    "Branch",
    "Camp",
    "Cell",
    "Change",
    "Condition",
    "Corpus",
    "Count",
    "DepthGroup",
    "Distribution",
    "Duplicate",
    "Estimate",
    "Exemplar",
    "Interval",
    "KeyPoint",
    "LabelShare",
    "LanguageGroup",
    "Narrative",
    "Pair",
    "Participation",
    "Period",
    "Person",
    "Plan",
    "PointSide",
    "Prevalence",
    "ReplyCell",
    "Selector",
    "Tally",
    "ThreadLine",
    "ThreadSummary",
    "Totals",
    "TurningPoint",
    "Warn",
    "check",
    "compare",
    "correct_shares",
    "corrected",
    "first_method",
    "narrate",
    "plans_of",
    "retold",
    "select",
    "summarize",
    "terminal_view",
    "where",
]
