"""Everything at once: dump → run folder, resumable, with a manifest written last.

The labels are written in parts of a few thousand comments as they come; a run that was cut short picks up after its
last part. Nothing that looks whole is left half written.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from discourse import __version__
from discourse.errors import InputError
from discourse.forecast import Survey, forecast, survey_of
from discourse.labels import LabeledThread
from discourse.manifest import (
    Counts,
    Manifest,
    Said,
    UsedGold,
    UsedModel,
    as_inputs,
    tested_of,
    versions,
    write_manifest,
)
from discourse.run_folder import RESUMED, check_folder, prepare_folder
from discourse.run_summaries import (
    PeopleLabels,
    correct,
    environment_writer,
    matcher_of,
    read_people,
    report_run,
    used_gold,
    words_on,
    write_summaries,
)
from discourse.threads import Thread

if TYPE_CHECKING:
    from discourse.classifier import Model
    from discourse.privacy import Pseudonymizer
    from discourse.readers import Reading
    from discourse.summary import Prevalence

PART_COMMENTS = 4096
"""Comments of a part: what a run that is cut short loses at most, some minutes of work on two cores."""

MOST_NOTICES = 1000
"""Notices on threads that the manifest holds; threads.parquet has them all."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Say how to read, link, label and report; `report=False` stops after the labels.

    `gold` is a table of people's labels that corrects the shares; `writer` has the narratives rephrased.
    """

    targets: tuple[str, ...] = ()
    format: str | None = None
    fields: dict[str, str] | None = None
    links: Literal["stated", "auto", "all"] = "auto"
    since: date | None = None
    until: date | None = None
    threads: tuple[str, ...] = ()
    sample: int | None = None
    report_lang: Literal["fr", "en"] = "en"
    input_lang: str | None = None
    with_post: bool = False
    pseudonymize: str | None = None
    report: bool = True
    gold: str | None = None
    writer: bool = False


class Progress:
    """Receive what a run does; the default says nothing. `say` gets one line, `step` a stage and how far it is."""

    def say(self, line: str) -> None:
        """Take one line for the user."""

    def step(self, stage: str, done: int, total: int) -> None:
        """Take how many of a stage's items are done."""


def run(
    paths: Sequence[str | Path],
    out: str | Path,
    options: RunOptions | None = None,
    *,
    model: Model | None = None,
    load: Callable[[], Model] | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Read dumps, link, classify, summarize and report into the folder `out`; returns the manifest written there.

    A complete run folder is left alone without `overwrite`; an incomplete one of the same inputs, options and model is
    resumed. Raises InputError, ModelError or OutputError.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    options, progress, folder = options or RunOptions(), progress or Progress(), Path(out)
    check_folder(folder, overwrite)
    people = read_people(options.gold) if options.gold is not None else None
    writer = environment_writer() if options.writer else None
    reading = reading_of(paths, options)
    timings: dict[str, float] = {}
    expected = survey_of(reading)
    progress.say(f"{expected.comments:,} comments in {reading.threads:,} threads from {len(reading.files):,} files")
    timings["read"] = time.monotonic() - clock
    if model is None:
        from discourse.classifier import load_model

        model = (load or load_model)()
    match = matcher_of(model) if options.report else None  # a damaged one is told before hours of labeling
    progress.say(forecast(expected, model, key_points=match is not None))
    state = _state(reading, options, model)
    prepare_folder(folder, state, overwrite)
    clock = time.monotonic()
    hide = pseudonymizer_of(reading, options)
    written = _label(reading, options, hide, model, folder, expected, progress)
    timings["classify"] = time.monotonic() - clock
    gold: UsedGold | None = None
    if options.report:
        clock = time.monotonic()
        prevalence = _correct(folder, people, model, progress) if people is not None else None
        gold = used_gold(people, prevalence) if people is not None and prevalence is not None else None
        for line in write_summaries(
            folder,
            match=match,
            with_post=options.with_post,
            prevalence=prevalence,
            writer=writer,
        ):
            progress.say(line)
        timings["summarize"] = time.monotonic() - clock
    hidden: Callable[[str], str] = hide.text if hide is not None else str
    hidden_path: Callable[[str], str] = hide.path if hide is not None else str
    manifest = Manifest(
        discourse=__version__,
        versions=versions(),
        inputs=tuple(
            replace(file, path=hidden_path(file.path), error=None if file.error is None else hidden(file.error))
            for file in as_inputs(reading.files)
        ),
        options=_plain(replace(options, threads=tuple(map(hide.identifier, options.threads))) if hide else options),
        targets=tuple(written.targets),
        model=UsedModel(
            model.name, model.sha256, model.precision, model.device, tested_of(model.folder), _adapted_on(model)
        ),
        counts=written.counts,
        skipped=reading.skipped,
        skips=tuple(Said(hidden_path(skip.where), hidden(skip.why)) for skip in reading.skips),
        notices=(
            *(Said(hidden_path(notice.where), hidden(notice.text)) for notice in reading.notices),
            *written.notices,
        ),
        started=started.isoformat(timespec="seconds"),
        timings=timings,
        gold=replace(gold, path=hidden_path(gold.path)) if gold is not None else None,
    )
    if options.report:
        clock = time.monotonic()
        report_run(folder, folder / "report.html", lang=options.report_lang, manifest=manifest)
        timings["report"] = time.monotonic() - clock
    timings.update({stage: round(seconds, 2) for stage, seconds in timings.items()})
    write_manifest(manifest, folder)
    shutil.rmtree(folder / "parts", ignore_errors=True)
    (folder / RESUMED).unlink(missing_ok=True)
    return manifest


def reading_of(paths: Sequence[str | Path], options: RunOptions) -> Reading:
    """Open the inputs as the options say."""
    from discourse.readers import read

    return read(
        [str(path) for path in paths],
        format=options.format,
        field_map=options.fields,
        targets=options.targets,
        since=options.since,
        until=options.until,
        thread_ids=options.threads,
        sample=options.sample,
    )


def pseudonymizer_of(reading: Iterable[Thread], options: RunOptions) -> Pseudonymizer | None:
    """Return what replaces the names of everybody in a reading, which is read once for it; None if not asked for."""
    if options.pseudonymize is None:
        return None
    from discourse.privacy import Pseudonymizer

    return Pseudonymizer.from_keyfile(options.pseudonymize, keep=options.targets).learn(reading)


def threads_of(reading: Iterable[Thread], options: RunOptions, hide: Pseudonymizer | None = None) -> Iterator[Thread]:
    """Link, pseudonymize and mark the language of the threads of a reading, as the options say."""
    from discourse.links import link

    threads: Iterable[Thread] = link(reading, options.links)
    if hide is not None:
        threads = (hide.thread(thread) for thread in threads)
    for thread in threads:
        if options.input_lang is None:
            yield thread
        else:
            spoken = tuple(replace(comment, lang=options.input_lang) for comment in thread.comments)
            yield replace(thread, comments=spoken)


def _state(reading: Reading, options: RunOptions, model: Model) -> bytes:
    """Return what must be equal for a run to be resumed."""
    inputs = [(report.path, report.sha256, report.size) for report in reading.files]
    labeling = replace(options, gold=None, writer=False)  # these come after the labels
    parts = {"inputs": inputs, "options": _plain(labeling), "model": [model.name, model.sha256, model.precision]}
    return msgspec.json.encode({"discourse": __version__, **parts})


def _plain(options: RunOptions) -> dict[str, object]:
    """Return the options as plain values; where the key of the pseudonyms lies is nobody's business.

    The gold table has an entry of its own in the manifest.
    """
    values = {name: value for name, value in asdict(options).items() if name not in ("pseudonymize", "gold")}
    values["pseudonymized"] = options.pseudonymize is not None
    return dict(msgspec.to_builtins(values))


@dataclass(slots=True)
class _Written:
    """Hold what is known of the threads that were written: counts, targets, and the first notices on them."""

    counts: Counts = field(default_factory=Counts)
    targets: dict[str, None] = field(default_factory=dict)
    notices: list[Said] = field(default_factory=list)

    def add(self, labeled: LabeledThread) -> None:
        """Count one thread."""
        self.counts.add(labeled)
        self.targets.update(dict.fromkeys(target for target in labeled.targets if target))
        room = MOST_NOTICES - len(self.notices)
        self.notices.extend(Said(labeled.thread.id, text) for text in labeled.thread.notices[:room])


def _label(
    reading: Reading,
    options: RunOptions,
    hide: Pseudonymizer | None,
    model: Model,
    folder: Path,
    expected: Survey,
    progress: Progress,
) -> _Written:
    """Label what no part holds yet, then join the parts into comments.parquet and threads.parquet."""
    from discourse.classifier import classify
    from discourse.table import LabeledWriter, read_parquet

    parts = sorted((folder / "parts").glob("*.comments.parquet"))
    done = [label for part in parts for label in _thread_ids(part)]
    if done:
        progress.say(f"resuming after {len(done):,} threads of an earlier run")
    finished = len(done)
    pending = (thread for number, thread in enumerate(threads_of(reading, options, hide)) if number >= finished)
    timed = _timed(classify(pending, model, targets=()), expected, progress)
    number = len(parts)
    for group in _groups(timed):
        part = folder / "parts" / f"{number:06}.comments.parquet"
        with LabeledWriter(part, part.with_name(f"{number:06}.threads.parquet")) as writer:
            for labeled in group:
                writer.write(labeled)
        number += 1
    written = _Written()
    with LabeledWriter(folder / "comments.parquet", folder / "threads.parquet") as writer:
        for part in sorted((folder / "parts").glob("*.comments.parquet")):
            beside = part.with_name(part.name.replace(".comments.", ".threads."))
            for labeled in read_parquet(part, threads=beside):
                written.add(labeled)
                writer.write(labeled)
    return written


def _thread_ids(part: Path) -> list[str]:
    import pyarrow.parquet as pq

    table = pq.read_table(part.with_name(part.name.replace(".comments.", ".threads.")), columns=["thread_id"])
    return list(dict.fromkeys(table.column("thread_id").to_pylist()))


def _groups(labeled: Iterable[LabeledThread]) -> Iterator[list[LabeledThread]]:
    """Group threads into parts of PART_COMMENTS comments or a little more."""
    group: list[LabeledThread] = []
    size = 0
    for item in labeled:
        group.append(item)
        size += len(item.labels)
        if size >= PART_COMMENTS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _timed(labeled: Iterable[LabeledThread], expected: Survey, progress: Progress) -> Iterator[LabeledThread]:
    done = 0
    progress.step("classify", 0, expected.comments)
    for item in labeled:
        yield item
        done += len(item.thread)
        progress.step("classify", done, expected.comments)


def _adapted_on(model: Model) -> tuple[str, ...]:
    return tuple(sorted(getattr(model, "adapted_on", ())))


def _correct(folder: Path, people: PeopleLabels, model: Model, progress: Progress) -> Prevalence | None:
    """Correct the shares with people's labels; a sample of something else is told and costs nothing but itself."""
    try:
        people = people.untaught(_adapted_on(model))
        prevalence = correct(folder, people)
    except InputError as error:
        progress.say(str(error))
        return None
    for line in (*people.told, *words_on(prevalence)):
        progress.say(line)
    return prevalence
