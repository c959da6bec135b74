"""The labeling config of Label Studio, and the tasks of a sample: one control a field, by the field's name.

Formats: labelstud.io/tags (the config), labelstud.io/guide/tasks (the tasks).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from discourse.gold.sampling import Draw
from discourse.labels import ARGUMENTS, FIELDS

_HINTS = {
    "favor": "supports, welcomes, excuses or defends the target",
    "against": "opposes, regrets, distrusts or mocks the target",
    "agree": "endorses, completes or illustrates the parent's point",
    "disagree": "rejects, corrects, attacks or ridicules it",
    "neutral": "asks, informs, digresses",
    "fact": "checkable information",
    "testimony": "what the author lived through",
    "value": "a principle, norm or worth",
    "consequence": "effects that would follow",
    "cause": "why things are so",
    "analogy": "comparison with another case",
    "policy": "what should be done",
    "ad_hominem": "the person instead of the claim",
    "irony": "sarcasm or mockery as the vehicle",
    "question": "a question that seeks an answer",
}
"""Short reminders of the codebook, shown on the choices; the codebook itself lies beside the tasks."""


def labeling_config() -> str:
    """Return the labeling config: one control a field of the codebook, by the field's name."""
    stance, reply, argument = (_choices(name, labels, required=name == "argument") for name, labels in FIELDS.items())
    others = _choices("secondary", tuple(label for label in ARGUMENTS if label != "none"), several=True)
    return f"""<View>
  <Header value="$title" size="4"/>
  <Paragraphs name="context" value="$context" layout="dialogue" nameKey="author" textKey="text"/>
  <Header value="Label this comment by $author" size="5"/>
  <Text name="text" value="$text"/>
  <Header value="Stance towards: $target" size="5"/>
{stance}
  <Header value="Stance towards the parent comment" size="5"/>
{reply}
  <Header value="Argument type: what carries the comment" size="5"/>
{argument}
  <Header value="Up to two secondary types" size="5"/>
{others}
  <TextArea name="note" toName="text" placeholder="note" rows="1" maxSubmissions="1"/>
</View>
"""


def _choices(name: str, labels: tuple[str, ...], *, required: bool = False, several: bool = False) -> str:
    kind = "multiple" if several else "single"
    lines = [f'  <Choices name="{name}" toName="text" choice="{kind}" showInline="true"'
             f' required="{str(required).lower()}">']  # fmt: skip
    for label in labels:
        hint = f" hint={quoteattr(_HINTS[label])}" if label in _HINTS else ""
        lines.append(f'    <Choice value="{label}"{hint}/>')
    return "\n".join([*lines, "  </Choices>"])


def write_tasks(draws: Iterable[Draw], path: Path) -> None:
    """Write drawn comments as tasks without any label, and the config beside them (`NAME.config.xml`)."""
    tasks = [{"data": _data(draw)} for draw in draws]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".config.xml").write_text(labeling_config(), encoding="utf-8")


def _data(draw: Draw) -> dict[str, Any]:
    parent = {"author": draw.parent_author or "?", "text": draw.parent} if draw.parent else {"author": "", "text": "—"}
    return {
        "thread_id": draw.thread_id,
        "comment_id": draw.comment_id,
        "target": draw.target or "",
        "title": draw.thread_id,
        "context": [parent],
        "author": draw.author or "?",
        "text": draw.text,
        "lang": draw.lang or "und",
        "probability": draw.probability,
    }
