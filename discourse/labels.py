"""The codebook as types: what a comment can be labeled, what the model said, and the colors every view shares.

The order of each list is the order of the model's outputs, of the score columns and of every legend.
It does not know how labels are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module, resources
from typing import Any, Literal, TypeAlias, get_args

from discourse.threads import Thread

Stance: TypeAlias = Literal["favor", "against", "none"]
ReplyStance: TypeAlias = Literal["agree", "disagree", "neutral"]
Argument: TypeAlias = Literal[
    "fact",
    "testimony",
    "value",
    "consequence",
    "cause",
    "analogy",
    "policy",
    "ad_hominem",
    "irony",
    "question",
    "none",
]
Field: TypeAlias = Literal["stance", "reply_stance", "argument"]

STANCES: tuple[Stance, ...] = get_args(Stance)
REPLY_STANCES: tuple[ReplyStance, ...] = get_args(ReplyStance)
ARGUMENTS: tuple[Argument, ...] = get_args(Argument)
FIELDS: dict[Field, tuple[str, ...]] = {"stance": STANCES, "reply_stance": REPLY_STANCES, "argument": ARGUMENTS}
"""The labels of each field, in codebook order."""

COLORS: dict[str, str] = {
    "favor": "#0072B2",
    "against": "#D55E00",
    "none": "#8C8C8C",
    "agree": "#56B4E9",
    "disagree": "#E69F00",
    "neutral": "#B0B0B0",
}
"""Color-blind safe colors (Okabe & Ito 2008) of the stances; every view also names the stance in words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold one decision: the most probable label, its calibrated probability, all of them, and whether to trust it.

    `scores` are probabilities in codebook order, summing to 1; `abstained` is set where the confidence is under the
    head's threshold (calibration.json).
    """

    label: str
    confidence: float
    scores: tuple[float, ...]
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Hold what is said of one comment towards one target.

    `stance` is None without a target, `reply_stance` without a parent comment; all are None for posts and for
    comments without words. `by` names the model or the annotator; `truncated` tells whether the input was cut.
    """

    comment_id: str
    target: str | None
    stance: Verdict | None = None
    reply_stance: Verdict | None = None
    argument: Verdict | None = None
    secondary: tuple[str, ...] = ()
    by: str | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class LabeledThread:
    """Hold a thread and its labels, one per comment (posts included) and target, in the order of the table's rows."""

    thread: Thread
    labels: tuple[Label, ...]
    targets: tuple[str | None, ...] = field(default=(None,))

    def by_comment(self, target: str | None) -> dict[str, Label]:
        """Return the labels towards one target, by comment id."""
        return {label.comment_id: label for label in self.labels if label.target == target}

    def _repr_html_(self) -> str:
        """Show the tree colored by stance in a notebook."""
        return str(import_module("discourse.views").labeled_html(self))

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show one line where a notebook shows no HTML."""
        printer.text(f"<LabeledThread {self.thread.id}: {len(self.thread)} comments, {len(self.labels)} labels>")


def codebook() -> str:
    """Return the text of the codebook (Markdown), which is normative for annotators, model and exports."""
    return resources.files("discourse").joinpath("codebook.md").read_text(encoding="utf-8")
