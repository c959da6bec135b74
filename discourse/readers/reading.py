"""Read dumps into threads: find the files, choose their formats, join the records of each thread, build its tree."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from discourse.errors import InputError
from discourse.readers.accounts import FileReport, Tally, credit
from discourse.readers.base import Format, Head, Notice, PackedComment, Skip
from discourse.readers.grouping import Grouper, Row, pack, unpack_comments, unpack_row
from discourse.readers.inputs import Input, find_inputs, targets_at
from discourse.readers.joining import NO_TARGET, TITLE_AS_TARGET, Group, by_server, join, without_repeated_posts
from discourse.readers.registry import by_name, families, formats
from discourse.readers.selection import Sampler, Window
from discourse.readers.sniffing import choose_format, likelier, named_format, surest_format
from discourse.readers.source import FileSource
from discourse.threads import Comment, Thread

SHOWN = 1000
"""Skips and notices kept to be shown; all are counted."""


@dataclass(frozen=True, slots=True)
class _Order:
    """Hold what the user asked for."""

    inputs: tuple[Input, ...]
    format: Format | None
    field_map: dict[str, str]
    targets: tuple[str, ...]
    window: Window
    thread_ids: frozenset[str]
    sample: int | None


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    format: str | None = None,
    field_map: Mapping[str, str] | None = None,
    targets: Iterable[str] = (),
    since: date | datetime | None = None,
    until: date | datetime | None = None,
    thread_ids: Iterable[str] = (),
    sample: int | None = None,
) -> Reading:
    """Read files, folders and standard input ("-") into threads, in order of first appearance.

    `format` forces one of `discourse formats`; `field_map` names columns of a table (ours → theirs); `targets` apply
    where rows state none. `since`, `until` (a date is its whole day), `thread_ids` and `sample` (a number of threads)
    select a part. Raises InputError if nothing can be read; one bad file among good ones is reported.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    forced = named_format(format, formats()) if format is not None else None
    inputs = find_inputs(given, formats() if forced is None else (forced,))
    if not inputs:
        names = ", ".join(os.fspath(path) for path in given) or "no path"
        raise InputError(f"{names}: holds no file to read; give a dump or a folder of dumps")
    if all(item.trouble for item in inputs):
        raise InputError(f"{inputs[0].path}: {inputs[0].trouble}{_and_more(len(inputs) - 1)}")
    order = _Order(
        inputs=inputs,
        format=forced,
        field_map=dict(field_map or {}),
        targets=tuple(target.strip() for target in targets if target.strip()),
        window=Window.of(since, until),
        thread_ids=frozenset(thread_ids),
        sample=sample,
    )
    return Reading(order)


class Reading:
    """Iterate over the threads of some dumps, as often as wanted; the counts are those of the last iteration.

    `threads` counts the threads so far, `repairs` their repairs by kind. Raises InputError at the end if there is none.
    """

    def __init__(self, order: _Order) -> None:
        self._order = order
        self._stdin: FileSource | None = None
        self._reset()

    def _reset(self) -> None:
        self.threads = 0
        self.repairs: Counter[str] = Counter()
        self._tallies: list[Tally] = []
        self._skips: list[Skip] = []
        self._notices: list[Notice] = []
        self._current: FileSource | None = None
        self._bytes_done = 0

    @property
    def files(self) -> tuple[FileReport, ...]:
        """Report on each input, in order; the hashes are those of the files as they were read."""
        return tuple(tally.report() for tally in self._tallies)

    @property
    def skips(self) -> tuple[Skip, ...]:
        """Return the first records that were skipped, at most SHOWN; `skipped` counts all."""
        return tuple(self._skips)

    @property
    def skipped(self) -> int:
        """Count the records that were skipped."""
        return sum(tally.skipped for tally in self._tallies)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what the user should know about the files, at most SHOWN."""
        return tuple(self._notices)

    @property
    def bytes_total(self) -> int:
        """Return the size of all files on disk, for a progress bar; standard input counts once it is read."""
        return sum(_size(item.path) for item in self._order.inputs if item.path != "-")

    @property
    def bytes_read(self) -> int:
        """Return how many bytes of the files have been read so far."""
        return self._bytes_done + (self._current.position if self._current is not None else 0)

    def __iter__(self) -> Iterator[Thread]:
        """Read everything, then yield thread by thread."""
        self._reset()
        sampler = Sampler(self._order.sample)
        with Grouper() as grouper:
            for item in self._order.inputs:
                self._tallies.append(Tally(item))
                self._read_input(item, grouper, sampler)
            yield from self._threads(grouper, sampler)
        if not self.threads:
            raise InputError(self._why_nothing())

    def _read_input(self, item: Input, grouper: Grouper, sampler: Sampler) -> None:
        """Read one input into the grouper; whatever goes wrong ends this input only."""
        tally = self._tallies[-1]
        if item.trouble is not None:
            tally.error = item.trouble
            return
        try:
            source = self._current = self._open(item)
            form = self._order.format or item.format or choose_format(source, formats())
            tally.format = form.name
            if self._order.format is not None:
                self._doubt(source, form)
            tally.error = self._take(source, form, grouper, sampler)
            tally.sha256, tally.size = source.sha256(), source.size
        except InputError as error:
            tally.error = str(error).removeprefix(f"{item.path}: ")
        except OSError as error:
            tally.error = f"cannot be read ({error.strerror or error}); check the path and its rights"
        if self._current is not None:
            for fault in self._current.faults:
                self._tell(fault)
            self._bytes_done += _size(item.path)
            self._current = None

    def _doubt(self, source: FileSource, form: Format) -> None:
        """Tell what a file looks like that the format the user named does not know: it may find nonsense there."""
        likely = likelier(source.sample(), form, formats()) if source.file.is_file() else None
        if likely is not None and families()[likely.name] != families()[form.name]:
            self._tell(Notice(source.path, f"is read as {form.name}, as asked, but looks like {likely.name}"))

    def _open(self, item: Input) -> FileSource:
        if item.path != "-":
            return FileSource(item.path, field_map=self._order.field_map, thread_name=item.thread_name)
        self._stdin = self._stdin or FileSource("-", field_map=self._order.field_map, thread_name=item.thread_name)
        return self._stdin

    def _take(self, source: FileSource, form: Format, grouper: Grouper, sampler: Sampler) -> str | None:
        """Put the records of one file into the grouper; return why nothing (more) was found, if so."""
        tally, number = self._tallies[-1], len(self._tallies) - 1
        prefix = f"{families()[form.name]}\n"
        wanted = self._order.thread_ids
        everything = not wanted and self._order.sample is None
        try:
            for event in form.read(source):
                is_head = False
                if not isinstance(event, PackedComment):  # nearly all of a long dump is
                    if isinstance(event, Skip | Notice):
                        self._book(tally, event)
                        continue
                    is_head = isinstance(event, Head)
                    if isinstance(event, Comment) and event.source is None:
                        event = replace(event, source=source.path)
                elif event.source is None:
                    event.source = source.path
                tally.records += not is_head
                key = prefix + event.thread_id
                if everything or ((not wanted or event.thread_id in wanted) and sampler.admits(key)):
                    grouper.add(key, (2 * number + is_head, pack(event)))
                else:
                    tally.left_out += not is_head
        except (InputError, OSError):
            raise
        except Exception as error:  # a reader's own mistake must not cost the other files
            return f"the {form.name} reader failed on it ({type(error).__name__}: {error}); please report this"
        if tally.records:
            return None
        if self._order.format is None:
            return "holds no comments"
        likely = surest_format(source.sample(), formats()) if source.file.is_file() else None
        hint = f"; it looks like {likely.name}" if likely is not None and likely is not form else ""
        return f"holds no comments that {form.name} can read{hint}; try without --format"

    def _book(self, tally: Tally, event: Skip | Notice) -> None:
        if isinstance(event, Skip):
            self._skip(tally, event)
        else:
            self._tell(event)

    def _skip(self, tally: Tally, skip: Skip) -> None:
        tally.records += 1
        tally.skipped += 1
        if len(self._skips) < SHOWN:
            self._skips.append(skip)

    def _tell(self, notice: Notice) -> None:
        if len(self._notices) < SHOWN and notice not in self._notices[-20:]:
            self._notices.append(notice)

    def _threads(self, grouper: Grouper, sampler: Sampler) -> Iterator[Thread]:
        """Build each thread and book its records."""
        shared = grouper.shared_names()
        told: Counter[str] = Counter()
        for key, rows in grouper.groups():
            family, thread_id = key.split("\n", 1)
            group = self._unpacked(rows)
            if not sampler.chose(key):
                for file in group.files:
                    self._tallies[file].left_out += 1
                continue
            named = f"{family}:{thread_id}" if thread_id in shared else thread_id
            for part_id, part in self._parts(named, group):
                built = self._join(part_id, part)
                kept = self._order.window.prune(built) if self._order.window else built
                credit(self._tallies, part.files, part.records, built, kept)
                if kept is not None:
                    self.threads += 1
                    self.repairs.update(repair.kind for repair in kept.repairs)
                    told.update(kept.notices)
                    yield kept
        for text, advice in _ADVICE.items():
            if told[text]:
                where = self._order.inputs[0].path
                self._tell(Notice(where, f"{told[text]} of {self.threads} threads: {text}; {advice}"))

    def _parts(self, thread_id: str, group: Group) -> Iterator[tuple[str, Group]]:
        """Part a group by server where the format needs it, and leave out what its pages repeat."""
        if not group.records:
            return
        own_numbers = by_name()[self._tallies[group.files[0]].format or ""].own_numbers
        for part_id, part in (by_server(thread_id, group) if own_numbers else {thread_id: group}).items():
            kept, repeated = without_repeated_posts(part)
            for file in repeated:
                self._tallies[file].records -= 1
            if kept.records:
                yield part_id, kept

    def _join(self, thread_id: str, group: Group) -> Thread:
        """Join the records of one thread under the format and path of the first."""
        files = dict.fromkeys(group.files)
        items = [self._tallies[file].item for file in files]
        of_folder = dict.fromkeys(target for item in items for target in item.targets)
        if any(item.of_members for item in items):
            places = dict.fromkeys(
                (file, record.source) for file, record in zip(group.files, group.records, strict=True)
            )
            stated = (targets_at(self._tallies[file].item, source) for file, source in places)
            of_folder = dict.fromkeys(target for targets in stated for target in targets)
        return join(
            thread_id,
            group.records,
            group.heads,
            form=by_name()[self._tallies[group.files[0]].format or ""],
            source=items[0].path,
            targets=self._order.targets or tuple(of_folder),
        )

    def _unpacked(self, rows: Sequence[Row]) -> Group:
        """Unpack the rows of one thread. A malformed record is skipped."""
        if comments := unpack_comments(rows):
            return Group([tag >> 1 for tag, _ in rows], comments, [], [])
        group = Group([], [], [], [])
        for row in rows:
            file = row[0] >> 1
            try:
                record = unpack_row(row)
            except msgspec.ValidationError as error:
                tally = self._tallies[file]
                self._skip(tally, Skip(tally.item.path, f"a malformed record ({error})"))
                tally.records -= not row[0] & 1  # it was counted when it was read
                continue
            if isinstance(record, Head):
                group.head_files.append(file)
                group.heads.append(record)
            else:
                group.files.append(file)
                group.records.append(record)
        return group

    def _why_nothing(self) -> str:
        """Say in one line why no thread came out."""
        left_out = sum(tally.left_out for tally in self._tallies)
        if left_out:
            return f"{self._order.inputs[0].path}: nothing is left of {left_out} records; widen the selection"
        if self._skips:
            return f"{self._skips[0].where}: {self._skips[0].why}; none of {self.skipped} records could be read"
        troubled = [tally for tally in self._tallies if tally.error] or self._tallies
        return f"{troubled[0].item.path}: {troubled[0].error or 'holds no comments'}{_and_more(len(troubled) - 1)}"


_ADVICE = {
    TITLE_AS_TARGET: "name one with --target",
    NO_TARGET: "name a target with --target",
}


def _and_more(count: int) -> str:
    return f" (and {count} more that cannot be read)" if count > 0 else ""


def _size(path: str) -> int:
    try:
        return FileSource(path).size if path != "-" else 0
    except OSError:
        return 0
