"""Label Studio's JSON export to rows of the gold table.

The tasks are those that `discourse sample` and `discourse export --to labelstudio` write: `data` names the comment,
and each control of the labeling config bears the name of a field. The shape of a result is documented at
labelstud.io/guide/export ("Label Studio JSON format of annotated tasks").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DATA = ("thread_id", "comment_id", "target", "probability", "lang")


def is_studio_export(tasks: object) -> bool:
    """Tell whether parsed JSON is an export of tasks of ours."""
    return isinstance(tasks, list) and all(
        isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks
    )


def studio_rows(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (task, row) for every choice of every annotation that was not canceled; the first choice is the label."""
    for number, task in enumerate(tasks, 1):
        known = {name: task["data"].get(name) for name in _DATA}
        for annotation in task.get("annotations") or task.get("completions") or ():
            if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
                continue
            results = [result for result in annotation.get("result") or () if isinstance(result, dict)]
            note = next(
                (_texts(result)[0] for result in results if result.get("from_name") == "note" and _texts(result)), None
            )
            for result in results:
                choices = (result.get("value") or {}).get("choices")
                field = result.get("from_name")
                if choices and field != "secondary":
                    row = {
                        **known,
                        "field": field,
                        "label": choices[0],
                        "annotator": _annotator(annotation),
                        "note": note,
                    }
                    yield f"task {task.get('id', number)}", row


def _texts(result: dict[str, Any]) -> list[str]:
    text = (result.get("value") or {}).get("text")
    return [text] if isinstance(text, str) else list(text or ())


def _annotator(annotation: dict[str, Any]) -> str | None:
    """Return who annotated: a number, a user's record, or the e-mail address of newer versions."""
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    return None if who is None else str(who)
