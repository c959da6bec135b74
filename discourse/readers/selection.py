"""Select a part of a dump for a first look: a time window, or a sample of threads."""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from discourse.threads import Repair, Thread, with_links


@dataclass(frozen=True, slots=True)
class Window:
    """Bound the time of comments: from `since` (included) to `until` (excluded); None is open."""

    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, since: date | datetime | None, until: date | datetime | None) -> Window:
        """Make a window of dates or times; a date means its whole day in UTC, a time without zone is UTC."""
        return cls(_moment(since, 0), _moment(until, 1))

    def __bool__(self) -> bool:
        """Tell whether the window bounds anything."""
        return self.since is not None or self.until is not None

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether a time lies in the window; an unknown time does not."""
        if moment is None:
            return False
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)

    def prune(self, thread: Thread) -> Thread | None:
        """Keep the post and the comments in the window; None if no comment is left.

        A comment whose parent falls outside keeps its name, stands at depth 1, and has a `parent-left-out` repair.
        """
        kept = [place for place, comment in enumerate(thread.comments) if self.holds(comment.created)]
        if not kept:
            return None
        if thread.post is not None and kept[0] != 0:
            kept.insert(0, 0)
        if len(kept) == len(thread.comments):
            return thread
        places = frozenset(kept)
        ids = {thread.comments[place].id for place in kept}
        orphaned = [
            Repair(thread.comments[place].id, "parent-left-out", f"{thread.links[place].parent} is outside the window")
            for place in kept
            if thread.parents[place] >= 0 and thread.parents[place] not in places
        ]
        repairs = [repair for repair in thread.repairs if repair.comment_id in ids]
        frame = replace(thread, comments=tuple(thread.comments[place] for place in kept), repairs=(*repairs, *orphaned))
        return with_links(frame, [thread.links[place] for place in kept])


def _moment(given: date | datetime | None, days: int) -> datetime | None:
    if given is None:
        return None
    if isinstance(given, datetime):
        return given if given.tzinfo is not None else given.replace(tzinfo=UTC)
    return datetime.combine(given + timedelta(days=days), time(), UTC)


class Sampler:
    """Choose `size` threads at random in one pass: those whose keys hash lowest, so that two runs choose the same."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._worst: list[tuple[int, str]] = []
        self._chosen: set[str] = set()
        self._last: tuple[str, bool] = ("", size is None)

    def admits(self, key: str) -> bool:
        """Tell whether the records of a thread are to be kept for now."""
        if self._size is None or key in self._chosen:
            return True
        if key == self._last[0]:
            return self._last[1]
        rank = -int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest())
        if len(self._worst) < self._size:
            heapq.heappush(self._worst, (rank, key))
            self._chosen.add(key)
        elif self._size and rank > self._worst[0][0]:
            self._chosen.discard(heapq.heapreplace(self._worst, (rank, key))[1])
            self._chosen.add(key)
        self._last = (key, key in self._chosen)
        return self._last[1]

    def chose(self, key: str) -> bool:
        """Tell, after the last record, whether a thread is in the sample."""
        return self._size is None or key in self._chosen
