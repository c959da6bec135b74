"""Where each author of a thread stands, from its summary; counted again where the summary lists not all authors."""

from __future__ import annotations

from discourse.labels import STANCES, LabeledThread, Stance
from discourse.reports.rows import Camps
from discourse.summary import ThreadSummary
from discourse.summary.authors import camps_of as camp_codes
from discourse.summary.repeats import distinct
from discourse.summary.sheet import make_sheet


def camps_of(labeled: LabeledThread, summaries: tuple[ThreadSummary, ...]) -> Camps:
    """Return the camp of each known author, by target; authors without a stance are left out."""
    return {summary.target: _camps(labeled, summary) for summary in summaries}


def _camps(labeled: LabeledThread, summary: ThreadSummary) -> dict[str, Stance]:
    if summary.all_authors <= len(summary.authors):
        return {person.author: person.camp for person in summary.authors if person.camp is not None}
    sheet = make_sheet(labeled, summary.target, with_post=summary.with_post)
    codes = camp_codes(sheet, distinct(sheet, summary.duplicates)).tolist()
    return {author: STANCES[code] for author, code in zip(sheet.names, codes, strict=True) if code >= 0}
