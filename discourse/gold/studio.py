"""Label Studio's JSON export to rows of the gold table.

The tasks are those that `discourse sample` and `discourse export --to labelstudio` write: `data` names the comment,
and each control of the labeling config bears the name of a field. The shape of a result is documented at
labelstud.io/guide/export ("Label Studio JSON format of annotated tasks").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discourse.gold.rows import ADJUDICATOR

_DATA = ("thread_id", "comment_id", "target", "probability", "lang")


def is_studio_export(tasks: object) -> bool:
    """Tell whether parsed JSON is an export of tasks of ours."""
    return isinstance(tasks, list) and all(
        isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks
    )


def studio_rows(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (task, row) for every choice of every annotation that was not canceled; the first choice is the label.

    Predictions and drafts are nobody's labels. What is starred there as ground truth is also the adjudicated label.
    """
    for number, task in enumerate(tasks, 1):
        known = {name: task["data"].get(name) for name in _DATA}
        for annotation in task.get("annotations") or task.get("completions") or ():
            if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
                continue
            results = [result for result in annotation.get("result") or () if isinstance(result, dict)]
            note = next(
                (_texts(result)[0] for result in results if result.get("from_name") == "note" and _texts(result)), None
            )
            people = [_annotator(annotation), *([ADJUDICATOR] if annotation.get("ground_truth") is True else [])]
            for result in results:
                value = result.get("value")
                choices = value.get("choices") if isinstance(value, dict) else None
                field = result.get("from_name")
                if choices and field != "secondary":
                    label = choices if isinstance(choices, str) else choices[0]
                    rows = ({**known, "field": field, "label": label, "annotator": one, "note": note} for one in people)
                    yield from ((f"task {task.get('id', number)}", row) for row in rows)


def _texts(result: dict[str, Any]) -> list[str]:
    value = result.get("value")
    text = value.get("text") if isinstance(value, dict) else None
    return [text] if isinstance(text, str) else list(text or ())


def _annotator(annotation: dict[str, Any]) -> str | None:
    """Return who annotated: a number, a user's record, or the e-mail address of newer versions."""
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    return None if who is None else str(who)
