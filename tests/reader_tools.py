"""Read small invented dumps in the tests of the readers."""

import json
from pathlib import Path

from discourse.readers.base import Head, Notice, Skip
from discourse.readers.source import FileSource
from discourse.threads import Comment


class Found:
    """What a reader yields of one file or folder, by kind."""

    def __init__(self, events):
        events = list(events)
        self.all = [event for event in events if isinstance(event, Comment)]
        self.by_id = {comment.id: comment for comment in self.all}
        self.parents = {comment.id: comment.parent_id for comment in self.all}
        self.threads = {comment.id: comment.thread_id for comment in self.all}
        self.heads = [event for event in events if isinstance(event, Head)]
        self.titles = {}
        for head in self.heads:
            if head.title:
                self.titles.setdefault(head.thread_id, head.title)
        self.skips = [event for event in events if isinstance(event, Skip)]
        self.notices = [event for event in events if isinstance(event, Notice)]

    def __getitem__(self, comment_id):
        return self.by_id[comment_id]


def put(folder: Path, name: str, data) -> Path:
    """Write text, bytes, or a value as JSON; return the path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, bytes):
        path.write_bytes(data)
    else:
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def lines(*records) -> str:
    """Return records as one JSON value a line; a text stands as it is."""
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def read_path(form, path: Path) -> Found:
    """Read a file or folder with one format."""
    return Found(form.read(FileSource(str(path))))


def sniffed(form, path: Path) -> float:
    """Return how sure a format is of a file."""
    return form.sniff(FileSource(str(path)).sample())
