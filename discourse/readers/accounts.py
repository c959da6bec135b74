"""Keep the books of a reading: what became of every record of every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discourse.readers.inputs import Input
from discourse.threads import Comment, Thread


@dataclass(frozen=True, slots=True)
class FileReport:
    """Count what came of one file: comments = records - duplicates - skipped - left_out.

    `comments` counts posts too, `posts` says how many of them are posts; `left_out` counts the records that a
    selection (time window, thread ids, sample) leaves out; `error` says why nothing more was read; `size` is in bytes.
    """

    path: str
    format: str | None
    sha256: str | None
    size: int
    records: int
    comments: int
    posts: int
    duplicates: int
    skipped: int
    left_out: int
    error: str | None


@dataclass(slots=True)
class Tally:
    """Count while reading; `report` freezes the counts."""

    item: Input
    format: str | None = None
    sha256: str | None = None
    size: int = 0
    records: int = 0
    comments: int = 0
    posts: int = 0
    duplicates: int = 0
    skipped: int = 0
    left_out: int = 0
    error: str | None = None

    def report(self) -> FileReport:
        """Return the counts so far."""
        return FileReport(
            path=self.item.path,
            format=self.format,
            sha256=self.sha256,
            size=self.size,
            records=self.records,
            comments=self.comments,
            posts=self.posts,
            duplicates=self.duplicates,
            skipped=self.skipped,
            left_out=self.left_out,
            error=self.error,
        )


def credit(
    tallies: Sequence[Tally], files: Sequence[int], records: Sequence[Comment], built: Thread, kept: Thread | None
) -> None:
    """Book one thread: `files` and `records` are aligned, `built` holds the survivors, `kept` those selected."""
    kept_count = len(kept.comments) if kept is not None else 0
    if len(set(files)) == 1:
        tally = tallies[files[0]]
        tally.comments += kept_count
        tally.duplicates += len(records) - len(built.comments)
        tally.left_out += len(built.comments) - kept_count
        tally.posts += kept is not None and kept.post is not None
        return
    copies: dict[str, list[tuple[int, str | None]]] = {}
    for file, record in zip(files, records, strict=True):
        copies.setdefault(record.id, []).append((file, record.source))
    kept_ids = {comment.id for comment in kept.comments} if kept is not None else set()
    for comment in built.comments:
        candidates = copies[comment.id]
        winner = next((file for file, source in reversed(candidates) if source == comment.source), candidates[-1][0])
        for file, _ in candidates:
            tallies[file].duplicates += 1
        tallies[winner].duplicates -= 1
        if comment.id in kept_ids:
            tallies[winner].comments += 1
            tallies[winner].posts += comment.kind == "post"
        else:
            tallies[winner].left_out += 1
