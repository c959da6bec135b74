"""Read a Lemmy page that was saved as text: bulleted comments whose nesting is the bullet's column.

A comment is a bullet, a name (with a glued badge or a leading `@`), furniture (`link`, `fedilink`, a language, an
icon's title), score and age (perhaps glued), then its text. Quotes are not marked: a paragraph that repeats an earlier
comment of the same branch is one. The page shows no ids; comments are 1, 2, 3, … in page order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from discourse.echoes import repeats, words
from discourse.readers.ages import EDIT_ICON, Reading, choose_readings, parse_score, read_age
from discourse.readers.base import Event, Format, Head, Sample, Source
from discourse.readers.languages import UNDETERMINED, language_code
from discourse.readers.lemmy_header import Header, read_header
from discourse.readers.lemmy_names import BADGE, plain_names
from discourse.text import clean
from discourse.threads import Comment, Quote, Status

_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[•◦▪▫‣⁃●○■□·*+–\-]|o(?= ))(?:\s+(?P<rest>\S.*)|\s*)$")
_ICON = re.compile(
    r"^(?:link|fedilink|shield|minus-square|plus-square|cake|arrow-up1|arrow-down1|reply1?|more-vertical|star|bookmark|"
    r"message-square|external-link|edit|globe|flag|mail|slash|file-text|check|[•·|])$"
)
_MORE = re.compile(
    r"^[↳➔\s]*(\d+) (?:more repl(?:y|ies)|réponses? (?:de plus|supplémentaires?)|autres? réponses?|"
    r"weitere Antwort(?:en)?|respuestas? más|altr[ae] rispost[ae]|mais respostas?|"
    r"meer (?:antwoord|reacties)\w*)[\s➔]*$",
    re.IGNORECASE,
)
_GONE = (
    r"deleted|removed|supprimée?|retirée?|gelöscht|entfernt|eliminad[oa]|borrad[oa]|eliminat[oa]|rimoss[oa]|cancellat[oa]|"
    r"apagad[oa]|removid[oa]|excluíd[oa]|verwijderd|slettet|raderad|borttagen|poistettu|usunięt[eyoa]"
)
_BY = r"by|par|vom?|von|por|pelo|dal?|door|przez|av|af"
_ABSENT = re.compile(
    rf"^[*\[(_]*(?:permanently )?(?:(?P<a>{_GONE})(?: (?:{_BY}) (?P<who>.{{1,30}}?))?"
    rf"|(?:{_BY}) (?P<who2>.{{1,30}}?) (?P<b>{_GONE}))[*\])_.]*$",
    re.IGNORECASE,
)
_MODERATOR = re.compile(r"\b(?:mod|admin)", re.IGNORECASE)
_TAB = 8
_HEADER_LINES = 12
"""Most lines of a comment's header; Lemmy prints up to eight."""
_QUOTE_WORDS = 5
"""Fewest words of a paragraph that is taken for a quote because an earlier comment of the branch holds it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Hold one comment as printed; `column` and `first` are the bullet's place, `body` is where the text begins."""

    column: int
    first: int
    body: int
    name: str
    lang: str | None
    score: float | None
    edited: bool
    options: tuple[Reading, ...]


def sniff(sample: Sample) -> float:
    """Be sure where a line that begins with a bullet is followed by a comment's header."""
    lines = _lines(sample.text)
    entries = list(_entries(lines))
    if not entries:
        return 0.0
    icons = sum(line.strip() in {"link", "fedilink"} for line in lines)
    return 0.95 if icons else 0.7


def read(source: Source) -> Iterator[Event]:
    """Yield the post and the comments of a page, and what the page says of itself."""
    lines = _lines(source.text())
    entries = list(_entries(lines))
    header = read_header(lines[: entries[0].first] if entries else lines)
    parents = _parents([entry.column for entry in entries])
    readings = choose_readings(
        [entry.options for entry in entries], parents, [entry.score is not None for entry in entries]
    )
    names, starter = plain_names([entry.name for entry in entries], header.author, "\n".join(lines))
    thread_id = source.thread_name
    notices, bodies = _bodies(lines, entries)
    yield Head(thread_id, title=header.title, announced=header.announced, notices=notices)
    post = _post(header, thread_id, starter, source.path)
    yield post
    own: list[tuple[str, ...]] = []
    for position, (entry, reading, body) in enumerate(zip(entries, readings, bodies, strict=True)):
        branch = [words(post.text)] + [own[at] for at in _branch(parents, position)]
        text, quotes = _split_quotes(body, branch)
        status = _status(body)
        own.append(words(text))
        yield Comment(
            id=str(position + 1),
            thread_id=thread_id,
            parent_id=str(parents[position] + 1) if parents[position] >= 0 else None,
            text=text if status == "ok" else "",
            quotes=quotes,
            author=names[position],
            age=reading.age,
            edited=entry.edited or reading.edited,
            score=reading.score if entry.score is None else entry.score,
            lang=entry.lang,
            status=status,
            source=source.path,
        )


def _lines(text: str) -> list[str]:
    """Return the lines with tabs as spaces; no-break spaces are spaces, since columns are counted."""
    return [line.replace("\xa0", " ").expandtabs(_TAB).rstrip() for line in text.lstrip("\ufeff").splitlines()]


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    """Find the comments: a bulleted list inside a text has no header, and is not one."""
    for at, line in enumerate(lines):
        bullet = _BULLET.match(line)
        if bullet is None:
            continue
        entry = _entry(lines, at, len(bullet["indent"]), bullet["rest"])
        if entry is not None:
            yield entry


def _entry(lines: Sequence[str], first: int, column: int, rest: str | None) -> _Entry | None:
    """Read a comment's header: name, furniture, score and age; None where the lines are no header."""
    at = first + 1
    name = rest
    lang: str | None = None
    score: float | None = None
    edited = False
    while at < len(lines) and at <= first + _HEADER_LINES:
        line = lines[at].strip()
        if not line:
            return None
        options = read_age(line)
        if name is None or _ICON.match(name):
            name = line
        elif options:
            return _Entry(column, first, at + 1, name, lang, score, edited, options)
        elif EDIT_ICON.match(line):
            edited = True
        elif (code := language_code(line)) is not None:
            lang = code if code != UNDETERMINED else None
        elif (points := parse_score(line)) is not None:
            score = points
        elif BADGE.match(line):
            name = f"{name} {line}"
        elif not _ICON.match(line):
            return None
        at += 1
    return None


def _parents(columns: Sequence[int]) -> list[int]:
    """Return each comment's parent, -1 for none: the nearest earlier one whose bullet stands further left."""
    parents: list[int] = []
    branch: list[int] = []
    for position, column in enumerate(columns):
        while branch and columns[branch[-1]] >= column:
            branch.pop()
        parents.append(branch[-1] if branch else -1)
        branch.append(position)
    return parents


def _branch(parents: Sequence[int], position: int) -> Iterator[int]:
    """Yield the two nearest comments above: what people quote without a mark."""
    for _ in range(2):
        position = parents[position]
        if position < 0:
            return
        yield position


def _bodies(lines: Sequence[str], entries: Sequence[_Entry]) -> tuple[tuple[str, ...], list[str]]:
    """Return notices, and the text of each comment without indentation and buttons."""
    bodies: list[str] = []
    folded = 0
    ends = [*(entry.first for entry in entries[1:]), len(lines)]
    flush = any(_flush_left(lines[entry.body : end]) for entry, end in zip(entries[:-1], ends, strict=False))
    for position, (entry, end) in enumerate(zip(entries, ends, strict=True)):
        block = list(lines[entry.body : end])
        if position == len(entries) - 1 and not flush:
            block = _without_footer(block)
        kept = []
        for line in block:
            more = _MORE.match(line.strip())
            if more is not None:
                folded += int(more[1])
            else:
                kept.append(line)
        bodies.append(_dedent(kept, entry.column))
    notice = f"the page says that it does not hold {folded} more {'reply' if folded == 1 else 'replies'}"
    return ((notice,) if folded else ()), bodies


def _flush_left(block: Sequence[str]) -> bool:
    """Tell whether a comment's text is not indented at all."""
    text = [line for line in block if line]
    return bool(text) and all(not line.startswith(" ") for line in text)


def _without_footer(block: list[str]) -> list[str]:
    """Cut what follows the last comment: lines at the page's margin after a blank line or at once."""
    for at, line in enumerate(block):
        if line and not line.startswith(" ") and (at == 0 or not block[at - 1]):
            return block[:at]
    return block


def _dedent(block: Sequence[str], column: int) -> str:
    """Take the comment's own indentation away, and the icons of its buttons from the end."""
    block = list(block)
    while block and (not block[-1] or _ICON.match(block[-1].strip())):
        block.pop()
    depths = [len(line) - len(line.lstrip()) for line in block if line]
    margin = min((depth for depth in depths if depth > column), default=min(depths, default=0))
    return clean("\n".join(line[min(margin, len(line) - len(line.lstrip())) :] for line in block)).strip()


def _split_quotes(body: str, branch: Sequence[tuple[str, ...]]) -> tuple[str, tuple[Quote, ...]]:
    """Move the paragraphs that repeat a text of the branch to quotes, unless nothing of one's own would be left."""
    own: list[str] = []
    quotes: list[Quote] = []
    for paragraph in body.split("\n\n"):
        sequence = words(paragraph)
        if len(sequence) >= _QUOTE_WORDS and any(repeats(sequence, earlier) for earlier in branch):
            quotes.append(Quote(None, paragraph.strip()))
        elif paragraph.startswith("> "):
            quotes.append(Quote(None, "\n".join(line.removeprefix(">").strip() for line in paragraph.split("\n"))))
        else:
            own.append(paragraph)
    return ("\n\n".join(own).strip(), tuple(quotes)) if own else (body, ())


def _status(body: str) -> Status:
    if not body:
        return "empty"
    absent = _ABSENT.match(body)
    if absent is None:
        return "ok"
    who = absent["who"] or absent["who2"] or ""
    word = (absent["a"] or absent["b"]).lower()
    gone_by_mod: Literal["removed", "deleted"] = "removed" if _MODERATOR.search(who) else "deleted"
    return gone_by_mod if who else "removed" if word.startswith(("remov", "retir", "entf", "rimoss")) else "deleted"


def _post(header: Header, thread_id: str, starter: str | None, path: str) -> Comment:
    post = Comment(
        id="post",
        thread_id=thread_id,
        kind="post",
        text=header.text,
        author=header.author or starter,
        age=header.age,
        edited=header.edited,
        score=header.score,
        lang=header.lang,
        title=header.title,
        source=path,
    )
    return post if post.text or post.title else replace(post, status="empty")


FORMATS = (
    Format(
        name="saved_lemmy",
        title="Lemmy page saved as text",
        keeps="authors, reply tree (the bullets' columns), scores, printed ages, edits, languages, deletions",
        loses="ids, dates; quotes are marked only where they repeat an earlier comment of the branch",
        sniff=sniff,
        read=read,
        evidence="indent",
    ),
)
