"""Write the report: one page, or above the limits an index and a page per thread; nothing half-written stays."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from discourse.errors import OutputError
from discourse.labels import LabeledThread
from discourse.reports.camps import camps_of
from discourse.reports.index import IndexLine, index_lines, render_index
from discourse.reports.method import Manifest, method_of
from discourse.reports.overview import overview_of
from discourse.reports.page import render_threads
from discourse.reports.scopes import Scope, scopes_of
from discourse.reports.strings import LANGS, Lang
from discourse.summary import Estimate, ThreadSummary, summarize

MOST_THREADS = 50
MOST_COMMENTS = 20_000
"""Above these the report is an index and a page per thread."""


def write_report(
    labeled: Iterable[LabeledThread],
    path: str | os.PathLike[str],
    *,
    summaries: Iterable[ThreadSummary] | None = None,
    lang: Lang = "en",
    manifest: Manifest | None = None,
    prevalence: Sequence[Estimate] = (),
) -> Path:
    """Write labeled threads as a page that opens offline, and return its path.

    Above 50 threads or 20,000 comments `path` is an index, and the threads' pages lie in a folder of its name. Threads
    are held only until the limit is passed. `summaries` are those of the threads (made here where they are missing);
    `manifest` is the run's, shown in the method box; `prevalence` holds the shares of all threads together that
    people's labels corrected (a summary holds those of its thread). Raises OutputError where no page can be written.
    """
    if lang not in LANGS:
        raise ValueError(f"no page in {lang!r}; languages: {', '.join(LANGS)}")
    page = Path(path)
    known = _Known(summaries or ())
    held: list[LabeledThread] = []
    threads = iter(labeled)
    comments = 0
    for one in threads:
        held.append(one)
        comments += len(one.thread)
        if len(held) > MOST_THREADS or comments > MOST_COMMENTS:
            _write_index(_chain(held, threads), page, known, lang, manifest, prevalence)
            return page
    _write(page, _page(held, [known.of(one) for one in held], lang, manifest, overall=prevalence))
    return page


def _page(
    threads: list[LabeledThread],
    summaries: list[tuple[ThreadSummary, ...]],
    lang: Lang,
    manifest: Manifest | None,
    home: str | None = None,
    *,
    overall: Sequence[Estimate] = (),
) -> str:
    """Render one page for a list of threads."""
    targets = list(dict.fromkeys(summary.target for found in summaries for summary in found))
    place_of = {target: place for place, target in enumerate(targets)}
    several = len(threads) != 1
    scopes: list[Scope] = []
    for place, (one, found) in enumerate(zip(threads, summaries, strict=True)):
        scopes += scopes_of(one, found, place, place_of, hidden=several, lang=lang)
    camps = [camps_of(one, found) for one, found in zip(threads, summaries, strict=True)]
    method = method_of(threads, (found[0] for found in summaries), manifest)
    overview = overview_of(threads, scopes, lang, overall) if several else None
    return render_threads(threads, scopes, camps, targets, overview, method, lang, home)


def _write_index(
    threads: Iterator[LabeledThread],
    page: Path,
    known: _Known,
    lang: Lang,
    manifest: Manifest | None,
    overall: Sequence[Estimate],
) -> None:
    """Write a page per thread as they come, then the index."""
    folder = page.with_suffix("") if page.suffix else page.with_name(f"{page.name}-threads")
    names = _Names()
    lines: list[IndexLine] = []
    written = 0
    for one in threads:
        found = known.of(one)
        name = names.of(one.thread.id)
        home = f"../{quote(page.name)}"
        _write(folder / name, _page([one], [found], lang, manifest, home))
        lines += index_lines(one, found, f"{quote(folder.name)}/{name}")
        written += 1
    _write(page, render_index(lines, written, lang, manifest, overall))


class _Known:
    """Hold the summaries that were given; make those that were not."""

    def __init__(self, summaries: Iterable[ThreadSummary]) -> None:
        self._given: defaultdict[tuple[str, str | None], deque[ThreadSummary]] = defaultdict(deque)
        for summary in summaries:
            self._given[summary.thread_id, summary.target].append(summary)

    def of(self, labeled: LabeledThread) -> tuple[ThreadSummary, ...]:
        """Return the summaries of a thread, one a target."""
        targets = labeled.targets or (None,)
        queues = [self._given.get((labeled.thread.id, target)) for target in targets]
        if all(queues):
            return tuple(queue.popleft() for queue in queues if queue)
        return summarize(labeled)


class _Names:
    """Name the files of threads: their ids where these are safe on every system, else a readable part and a digest."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, thread_id: str) -> str:
        """Return a file name that no earlier thread has."""
        plain = re.sub(r"[^a-z0-9_-]+", "-", thread_id.lower()).strip("-")[:60]
        safe = plain == thread_id and plain and not _RESERVED.fullmatch(plain)
        digest = hashlib.sha256(thread_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        stem = plain if safe else f"{plain}-{digest}".strip("-")
        name, number = stem, 1
        while name in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name)
        return f"{name}.html"


_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""File names that Windows keeps for devices."""


def _chain(held: list[LabeledThread], rest: Iterator[LabeledThread]) -> Iterator[LabeledThread]:
    """Yield the threads that were held, letting go of each, then the rest."""
    queue = deque(held)
    held.clear()
    while queue:
        yield queue.popleft()
    yield from rest


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text.encode("utf-8", "replace"))
        os.replace(draft, path)
    except OSError as error:
        why = error.strerror or error
        raise OutputError(f"{path}: cannot be written ({why}); free some space or name another place") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
