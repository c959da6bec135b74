"""One label that a person gave to one comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from discourse.labels import Field

Unit: TypeAlias = tuple[str, str, str | None, Field]
"""What is labeled: thread, comment, target and field."""

ADJUDICATOR = "adjudicated"
"""The annotator's name under which an adjudicated label stands; it outranks every vote."""

GOLD_COLUMNS = ("thread_id", "comment_id", "target", "field", "label", "annotator", "probability", "note")


@dataclass(frozen=True, slots=True)
class GoldLabel:
    """Hold one label; `probability` is that of the comment's having been sampled, None if it was not drawn by chance.

    The target is None for fields that have none; `note` is the annotator's own remark.
    """

    thread_id: str
    comment_id: str
    target: str | None
    field: Field
    label: str
    annotator: str | None = None
    probability: float | None = None
    note: str | None = None

    @property
    def unit(self) -> Unit:
        """Return what is labeled, whoever labeled it."""
        return (self.thread_id, self.comment_id, self.target, self.field)
