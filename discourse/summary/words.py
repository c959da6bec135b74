"""What a summary says in words: exemplars, key points, estimates from people's labels, the narrative.

It does not know how anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from discourse.labels import Field

Reason: TypeAlias = Literal["sure", "typical", "approved", "answered", "only", "clear", "different"]
"""Why an exemplar: the model is sure, it is close to the others of its group, readers gave it the best score, it drew
the most replies, it is the only one of its group; else it is the surest and most readable of its group (`clear`), or
was chosen next to those because it says something else (`different`)."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """Show a comment that represents the comments with one label of one field; the best of a label come first.

    `text` is the comment's beginning, verbatim, with an ellipsis where it is cut; `confidence` is that of the label.
    """

    field: Field
    label: str
    comment_id: str
    author: str | None
    text: str
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """State a point that comments make, in the words of one of them.

    `text` is a sentence of comment `comment_id`, verbatim. `comment_ids` are the comments that make it among those
    `examined` of its side, and its own; `authors` counts the known ones among their authors, `author_share` is of the
    known authors of the examined comments. `share` is of all comments of the side, near-duplicates once; where not all
    were examined it is an estimate and `low`…`high` its 95 % confidence interval, else these are None.
    """

    side: Literal["favor", "against"]
    text: str
    comment_id: str
    author: str | None
    comments: int
    authors: int
    share: float
    comment_ids: tuple[str, ...]
    examined: int = 0
    author_share: float | None = None
    low: float | None = None
    high: float | None = None


Outcome: TypeAlias = Literal["found", "few-comments", "no-sentence", "nothing-shared"]
"""Why a side has points or none: too few comments, none with a sentence that stands alone, or no two that agree."""


@dataclass(frozen=True, slots=True)
class PointSide:
    """Say what was done to find the points of a side.

    Of its `comments`, near-duplicates once, `examined` were compared with its best sentences; `carrying` of them make
    at least one of its points, `share` is their share of the side, an estimate where not all were examined. As many
    `sentences` could stand as a point; as many `passages` of the examined comments were compared with the best.
    """

    side: Literal["favor", "against"]
    comments: int
    outcome: Outcome
    examined: int = 0
    carrying: int = 0
    share: float | None = None
    sentences: int = 0
    passages: int = 0


Method: TypeAlias = Literal["dsl", "ppi++"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Say how many further comments, drawn at random, people must label for an interval of ± `half_width`."""

    half_width: float
    labels: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimate the share of a label with people's labels of a sample: `low`…`high` is a 95 % confidence interval.

    `predicted` is the plain share of predicted labels; `gold` comments of the sample were used, by `gold_authors`
    authors (each comment of unknown author counts as one); `plans` say what more labels would buy.
    """

    field: Field
    label: str
    method: Method
    share: float
    low: float
    high: float
    predicted: float
    gold: int
    gold_authors: int
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """Tell the thread in words; each sentence was checked against the numbers. `by` names an outside writer, if any."""

    lang: Literal["en", "fr"]
    sentences: tuple[str, ...]
    by: str | None = None
