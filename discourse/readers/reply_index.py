"""Find which thread a record belongs to where the format states replies but no thread: mail, ActivityPub, Mastodon.

A first pass adds every record's id and the ids it refers to; then the index tells, in a second pass, which reference is
the parent and what the thread is called. It keeps numbers, not texts: some 150 bytes a record.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b


class ReplyIndex:
    """Hold who refers to whom. A thread is called after its first record, or the oldest reference it names.

    `add` all records, then ask `parent` and `thread`; a record that is added twice counts as it was first seen.
    """

    def __init__(self) -> None:
        self._place: dict[int, int] = {}
        self._candidates = array("q")
        self._starts = array("q", [0])
        self._names: dict[int, str] = {}
        self._top = array("q")
        self._openings: dict[int, int] = {}
        self._members: dict[int, int] = {}
        self._roots: array[int] | None = None

    def __contains__(self, record_id: str) -> bool:
        return _key(record_id) in self._place

    def __len__(self) -> int:
        return len(self._place)

    def add(
        self,
        record_id: str,
        parents: Sequence[str] = (),
        older: Sequence[str] = (),
        group: str | None = None,
        answers: bool = False,
    ) -> None:
        """Add a record: what its parent may be, best first, and other references, oldest first.

        A group (a conversation, a subject) ties records whose references are not in the dump to the one that opened
        it; `answers` says that a record without references is an answer all the same: to the last one that opened it.
        """
        key = _key(record_id)
        if key in self._place:
            return
        self._place[key] = len(self._place)
        self._candidates.extend(_key(candidate) for candidate in dict.fromkeys((*parents, *reversed(older))))
        if group is not None:
            self._tie(key, _key(f"group:{group}"), bool(parents or older), answers)
        self._starts.append(len(self._candidates))
        top = next(iter((*older[:1], *parents, record_id)))
        self._top.append(_key(top))
        self._names.setdefault(self._top[-1], top)

    def _tie(self, key: int, group: int, refers: bool, answers: bool) -> None:
        if refers:
            self._members.setdefault(group, key)
        if refers or (answers and group in self._openings):
            self._candidates.append(self._openings.get(group, group))
        else:
            self._openings[group] = key

    def parent(self, parents: Sequence[str]) -> str | None:
        """Return the first of the candidates that is in the dump, else the first, else None."""
        return next((candidate for candidate in parents if candidate in self), next(iter(parents), None))

    def thread(self, record_id: str) -> str:
        """Return the id of the thread that a record belongs to."""
        if self._roots is None:
            self._roots = self._resolve()
        root = self._roots[self._place[_key(record_id)]]
        return self._names[root]

    def _resolve(self) -> array[int]:
        """Follow every record up to where its thread begins; each chain is walked once."""
        count = len(self._place)
        keys = array("q", self._place)
        roots = array("q", bytes(8 * count))
        known = bytearray(count)
        for start in range(count):
            trail: list[int] = []
            on_trail: set[int] = set()
            place: int | None = start
            root = 0
            while place is not None and not known[place] and place not in on_trail:
                trail.append(place)
                on_trail.add(place)
                place, root = self._above(place, keys[place])
            if place is not None:
                root = roots[place] if known[place] else self._top[min(on_trail)]
            for member in trail:
                roots[member] = root
                known[member] = 1
        return roots

    def _above(self, place: int, key: int) -> tuple[int | None, int]:
        """Return the record that this one hangs below, or None and the key of the thread's name."""
        candidates = self._candidates[self._starts[place] : self._starts[place + 1]]
        for candidate in candidates:
            named = self._openings.get(candidate, self._members.get(candidate, candidate))
            found = self._place.get(named)
            if found is not None and found != place:
                return found, 0
        return None, self._top[place] if len(candidates) else key


def _key(record_id: str) -> int:
    """Return a number for an id; two of 1,000,000 ids share one with a chance of 1 in 40 million."""
    return int.from_bytes(
        blake2b(record_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True
    )
