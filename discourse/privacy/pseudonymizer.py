"""Whole threads under pseudonyms: one thread, a labeled thread, or a stream whose threads name each other's people."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import msgspec

from discourse.labels import LabeledThread
from discourse.privacy.keys import canonical, is_pseudonym, load_key
from discourse.privacy.names import WORD, Names, common_words
from discourse.privacy.report import PrivacyReport, told_words
from discourse.privacy.scrub import Scrubber
from discourse.threads import Comment, Link, Quote, Repair, Thread

_SHORTEST_PART = 3
"""Letters of a first or last name that is looked for alone; shorter parts are mostly particles ("de", "van")."""


@dataclass(frozen=True, slots=True)
class Pseudonymizer:
    """Give people keyed pseudonyms: the same key gives a name the same pseudonym in every thread and run.

    `names` are the people known beforehand (`learn`); a thread's own authors are always known. `keep` are words, such
    as those of the stance target, that are never taken for a name in running text.
    """

    key: bytes = field(repr=False)
    names: Names = field(default_factory=Names)
    keep: frozenset[str] = frozenset()

    @classmethod
    def from_keyfile(cls, path: str | os.PathLike[str], *, keep: Iterable[str] = ()) -> Pseudonymizer:
        """Make one from a key file (made with mode 600 if absent); the words of the texts in `keep` stay."""
        words = (word.casefold() for text in keep for word in WORD.findall(text))
        return cls(load_key(path), keep=frozenset(words))

    def learn(self, threads: Iterable[Thread]) -> Pseudonymizer:
        """Return a pseudonymizer that also knows the people of these threads, wherever they are named."""
        names = Names(dict(self.names.by_words), dict(self.names.longest), dict(self.names.joined),
                      dict(self.names.unspaced))  # fmt: skip
        quoted: dict[str, None] = {}
        for thread in threads:
            names.add(_authors(thread))
            quoted |= dict.fromkeys(_quoted(thread))
        names.add(name for name in quoted if not names.resolve(name))
        return replace(self, names=names)

    def thread(self, thread: Thread) -> Thread:
        """Return the thread under pseudonyms; comments, links and order stay."""
        return self.thread_and_report(thread)[0]

    def thread_and_report(self, thread: Thread) -> tuple[Thread, PrivacyReport]:
        """Return the thread under pseudonyms, and what was replaced in it; a notice tells the names left in text."""
        scrubber = self._scrubber(thread)
        clean = _scrub_thread(thread, scrubber)
        return _with_notice(clean, scrubber), scrubber.report()

    def labeled(self, labeled: LabeledThread) -> LabeledThread:
        """Return the labeled thread under pseudonyms."""
        return self.labeled_and_report(labeled)[0]

    def labeled_and_report(self, labeled: LabeledThread) -> tuple[LabeledThread, PrivacyReport]:
        """Return the labeled thread under pseudonyms, and what was replaced in it."""
        scrubber = self._scrubber(labeled.thread)
        thread = _scrub_thread(labeled.thread, scrubber)
        renamed: dict[str | None, str] = dict(zip(labeled.thread.targets, thread.targets, strict=True))
        labels = tuple(
            replace(
                label,
                comment_id=scrubber.identifier(label.comment_id),
                target=renamed.get(label.target, label.target),
            )
            for label in labeled.labels
        )
        targets = tuple(renamed.get(target, target) for target in labeled.targets)
        clean = replace(labeled, thread=_with_notice(thread, scrubber), labels=labels, targets=targets)
        return clean, scrubber.report()

    def threads(self, threads: Iterable[Thread]) -> Pseudonymized:
        """Return the threads under pseudonyms, all people of all of them being known in each."""
        return Pseudonymized(threads, self)

    def name(self, name: str) -> str:
        """Return the pseudonym of an author."""
        return self._scrubber(None).person(name)

    def text(self, text: str) -> str:
        """Return any text (a log line, a notice) without the names that are known."""
        return self._scrubber(None).text(text)

    def path(self, path: str) -> str:
        """Return a file's path without the names that are known."""
        return self._scrubber(None).path(path)

    def identifier(self, value: str) -> str:
        """Return a comment's or thread's id as the threads under pseudonyms have it."""
        return self._scrubber(None).identifier(value)

    def _scrubber(self, thread: Thread | None) -> Scrubber:
        local, parts, keep = Names(), {}, self.keep
        if thread is not None:
            people = tuple(_authors(thread))
            local.add(name for name in people if name not in self.names)
            local.add(name for name in _quoted(thread) if not (self.names.resolve(name) or local.resolve(name)))
            titles = _titles(thread)
            stated = (target for target in thread.targets if target not in titles)
            own = (word.casefold() for target in stated for word in WORD.findall(target))
            keep = self.keep.union(own)
            parts = _parts(people, keep)
        return Scrubber(self.key, self.names, local, parts, keep)


class Pseudonymized:
    """Yield threads under pseudonyms; `report` and `pseudonymizer` are there after the iteration has begun.

    Everybody has to be known before the first thread can come out, so the threads wait in a temporary file that no
    other user can open and that is gone when it is closed. Memory holds the names, not the threads.
    """

    def __init__(self, threads: Iterable[Thread], pseudonymizer: Pseudonymizer) -> None:
        self.pseudonymizer = pseudonymizer
        self.report = PrivacyReport()
        self._threads = threads

    def __iter__(self) -> Iterator[Thread]:
        with tempfile.TemporaryFile() as waiting:
            encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Thread)

            def spooled() -> Iterator[Thread]:
                for thread in self._threads:
                    packed = encoder.encode(thread)
                    waiting.write(len(packed).to_bytes(8, "big"))
                    waiting.write(packed)
                    yield thread

            self.pseudonymizer = self.pseudonymizer.learn(spooled())
            waiting.seek(0)
            while size := waiting.read(8):
                thread = decoder.decode(waiting.read(int.from_bytes(size, "big")))
                clean, report = self.pseudonymizer.thread_and_report(thread)
                self.report += report
                yield clean


def _titles(thread: Thread) -> frozenset[str | None]:
    """Return the titles of a thread, one of which is its target where nobody stated another: people are named there."""
    return frozenset((thread.title, thread.post.title if thread.post is not None else None))


def _authors(thread: Thread) -> Iterator[str]:
    for comment in thread.comments:
        if comment.author and not is_pseudonym(comment.author):
            yield from _aliases(comment.author)


def _quoted(thread: Thread) -> Iterator[str]:
    for comment in thread.comments:
        for quote in comment.quotes:
            if quote.author and not is_pseudonym(quote.author):
                yield quote.author


def _aliases(name: str) -> Iterator[str]:
    """Yield a name, and the local part of one that is an address or a handle (`jane@example.org`)."""
    yield name
    local, at, _ = canonical(name).partition("@")
    if at and len(local) > _SHORTEST_PART and " " not in local:
        yield local


def _parts(people: Iterable[str], keep: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Map first and last names, capitalized and no common words, to the people of the thread who bear them."""
    function, ordinary = common_words()
    parts: dict[str, dict[str, None]] = {}
    for name in people:
        words = canonical(name).replace(",", " ").split()
        if not 2 <= len(words) <= 4:
            continue
        for word in words:
            plain = word.casefold()
            if (
                len(word) >= _SHORTEST_PART
                and word[0].isupper()
                and WORD.fullmatch(word)
                and not (plain in function or plain in ordinary or plain in keep)
            ):
                parts.setdefault(word, {})[canonical(name)] = None
    return {word: tuple(names) for word, names in parts.items()}


def _scrub_thread(thread: Thread, scrubber: Scrubber) -> Thread:
    comments = tuple(_scrub_comment(comment, scrubber) for comment in thread.comments)
    ids = {old.id: new.id for old, new in zip(thread.comments, comments, strict=True) if old.id != new.id}
    ids |= {
        old.parent_id: new.parent_id
        for old, new in zip(thread.comments, comments, strict=True)
        if old.parent_id is not None and new.parent_id is not None and old.parent_id != new.parent_id
    }
    titles = _titles(thread)
    return replace(
        thread,
        id=scrubber.identifier(thread.id),
        targets=tuple(scrubber.text(target) if target in titles else target for target in thread.targets),
        comments=comments,
        links=tuple(_scrub_link(link, scrubber) for link in thread.links),
        repairs=tuple(_scrub_repair(repair, ids, scrubber) for repair in thread.repairs),
        title=_optional(thread.title, scrubber.text),
        source=_count(scrubber, "sources", thread.source, _optional(thread.source, scrubber.path)),
        url=_count(scrubber, "urls", thread.url, _optional(thread.url, scrubber.url)),
        notices=tuple(map(scrubber.text, thread.notices)),
    )


def _with_notice(thread: Thread, scrubber: Scrubber) -> Thread:
    if not scrubber.kept:
        return thread
    return replace(thread, notices=(*thread.notices, told_words(sorted(scrubber.kept))))


def _scrub_comment(comment: Comment, scrubber: Scrubber) -> Comment:
    if comment.author:
        scrubber.counts["authors"] += 1
    return replace(
        comment,
        id=_count(scrubber, "ids", comment.id, scrubber.identifier(comment.id)) or "",
        thread_id=scrubber.identifier(comment.thread_id),
        parent_id=_optional(comment.parent_id, scrubber.identifier),
        text=scrubber.text(comment.text, comment.author),
        quotes=tuple(
            Quote(_optional(quote.author, scrubber.written), scrubber.text(quote.text)) for quote in comment.quotes
        ),
        author=_optional(comment.author, scrubber.person),
        title=_optional(comment.title, scrubber.text),
        url=_count(scrubber, "urls", comment.url, _optional(comment.url, scrubber.url)),
        source=_count(scrubber, "sources", comment.source, _optional(comment.source, scrubber.path)),
    )


def _scrub_link(link: Link, scrubber: Scrubber) -> Link:
    return link if link.parent is None else replace(link, parent=scrubber.identifier(link.parent))


def _scrub_repair(repair: Repair, ids: dict[str, str], scrubber: Scrubber) -> Repair:
    """Rewrite a repair; its detail holds ids and paths among words of ours."""
    words = []
    for word in repair.detail.split(" "):
        bare = word.strip("(),;")
        clean = ids.get(bare) or scrubber.identifier(bare) if bare in ids or "@" in bare else scrubber.path(bare)
        words.append(word.replace(bare, clean) if bare else word)
    return Repair(scrubber.identifier(repair.comment_id), repair.kind, " ".join(words))


def _optional(value: str | None, scrub: Callable[[str], str]) -> str | None:
    return None if value is None else scrub(value)


def _count(scrubber: Scrubber, what: str, before: str | None, after: str | None) -> str | None:
    scrubber.counts[what] += before != after
    return after
