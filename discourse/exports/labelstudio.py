"""Tasks for Label Studio: the thread as context, our labels as pre-annotations; its JSON export is a gold table.

Formats: labelstud.io/guide/tasks (tasks and predictions), labelstud.io/tags (the labeling config). `tasks.json` is
imported with the project's "Import", `config.xml` pasted in its labeling interface; what Label Studio exports as JSON
is read by `discourse.gold.read_gold`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Labels
from discourse.gold import labeling_config
from discourse.labels import Label, LabeledThread, Verdict, codebook

_CONTEXT = 6
"""Comments above the one to label that are shown: the post, and the last five of the path to it."""

_CONTEXT_CHARACTERS = 1500
"""Characters shown of each of them."""


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write tasks.json, config.xml and codebook.md."""
    (out / "config.xml").write_text(labeling_config(), encoding="utf-8")
    (out / "codebook.md").write_text(codebook(), encoding="utf-8")
    write_tasks(labels.labeled(), out / "tasks.json")
    return ()


def write_tasks(
    labeled: Iterable[LabeledThread],
    path: Path,
    probabilities: Mapping[tuple[str, str, str | None], float] | None = None,
) -> None:
    """Write the tasks of labeled threads; with `probabilities` (by thread, comment and target) of those drawn only."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        mark = "["
        for thread in labeled:
            for task in _tasks(thread, probabilities):
                out.write(f"{mark}\n{json.dumps(task, ensure_ascii=False)}")
                mark = ","
        out.write("\n]\n" if mark == "," else "[]\n")


def _tasks(
    labeled: LabeledThread, probabilities: Mapping[tuple[str, str, str | None], float] | None
) -> Iterator[dict[str, Any]]:
    thread = labeled.thread
    places = {comment.id: position for position, comment in enumerate(thread.comments)}
    for label in labeled.labels:
        position = places.get(label.comment_id)
        key = (thread.id, label.comment_id, label.target)
        if position is None or (probabilities is not None and key not in probabilities):
            continue
        comment = thread.comments[position]
        if comment.kind == "post" or comment.status != "ok":
            continue
        data = {
            "thread_id": thread.id,
            "comment_id": comment.id,
            "target": label.target or "",
            "title": thread.title or (thread.post.title if thread.post else None) or thread.id,
            "context": _context(labeled, position),
            "author": comment.author or "?",
            "text": comment.text,
            "quotes": "\n".join(f"{quote.author or '?'}: {quote.text}" for quote in comment.quotes),
            "lang": comment.lang or "und",
            "probability": None if probabilities is None else probabilities[key],
        }
        result = list(_results(label))
        prediction = {"model_version": label.by or "discourse", "score": _score(label), "result": result}
        yield {"data": data, "predictions": [prediction] if result else []}


def _context(labeled: LabeledThread, position: int) -> list[dict[str, str]]:
    """Show the post and the end of the path down to the comment; an empty thread shows one empty line.

    Whoever is answered by a link that was guessed is marked as such.
    """
    thread = labeled.thread
    chain = thread.path(position)
    path = list(chain[:-1])
    guessed = {at for at, child in zip(path, chain[1:], strict=True) if not thread.links[child].stated}
    if thread.post is not None and (not path or path[0] != 0):
        path.insert(0, 0)
    shown = path if len(path) <= _CONTEXT else [path[0], *path[1 - _CONTEXT :]]
    lines = [
        {
            "author": (thread.comments[at].author or "?") + (" (guessed link)" if at in guessed else ""),
            "text": thread.comments[at].text[:_CONTEXT_CHARACTERS],
        }
        for at in shown
    ]
    return lines or [{"author": "", "text": "—"}]


def _results(label: Label) -> Iterator[dict[str, Any]]:
    fields = (("stance", label.stance), ("reply_stance", label.reply_stance), ("argument", label.argument))
    for name, verdict in fields:
        if verdict is not None:
            yield _result(name, [verdict.label], verdict)
    if label.secondary:
        yield _result("secondary", list(label.secondary), None)


def _result(name: str, choices: list[str], verdict: Verdict | None) -> dict[str, Any]:
    result = {"id": name, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": choices}}
    return result if verdict is None else {**result, "score": round(verdict.confidence, 4)}


def _score(label: Label) -> float:
    """Return how sure the least sure field is: Label Studio can sort by it."""
    verdicts = (label.stance, label.reply_stance, label.argument)
    return round(min((verdict.confidence for verdict in verdicts if verdict is not None), default=0.0), 4)
