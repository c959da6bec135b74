"""Read a saved news page whose comments come from an embedded Discourse topic, flattened to lines.

Under "Commentaires (22)" stand an author's line and a text's line in turn, paragraphs as `<br />`. Neither ids nor
replies are shown: comments are 1, 2, 3, … in page order, and quoted words (`flat_quotes`) let `links` find parents.
An article that says it has no comments is read too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from discourse.readers.base import Event, Format, Head, Sample, Source
from discourse.readers.flat_quotes import split_quotes
from discourse.readers.saved_article import Article, read_article
from discourse.text import clean
from discourse.threads import Comment, Status

_NOUN = (
    r"commentaires?|réactions?|comments?|kommentare?|comentarios?|commenti|commento|comentários?|reacties|kommentarer|"
    r"komentarze|kommentit"
)
_HEADER = re.compile(rf"^(?:(?:{_NOUN})\s*(?:\(\s*(?P<n>\d+)\s*\)|:)?|(?P<n2>\d+)\s+(?:{_NOUN}))$", re.IGNORECASE)
_NONE_YET = re.compile(
    r"^(?:aucun(?:e réaction)?(?: commentaire)?\b.{0,60}|pas (?:encore )?de commentaires?\b.{0,60}|"
    r"soyez le premier à (?:commenter|réagir)\b.{0,40}|il n[’']y a (?:pas|aucun)\b.{0,20}commentaires?\b.{0,30}|"
    r"(?:les )?commentaires (?:sont )?fermés\b.{0,40}|no comments?\b.{0,40}|there are no comments\b.{0,40}|"
    r"be the first to comment\b.{0,40}|comments are closed\b.{0,20}|(?:noch )?keine kommentare\b.{0,40}|"
    r"(?:no hay|sin) comentarios\b.{0,40}|nessun commento\b.{0,40}|sem comentários\b.{0,40}|"
    r"(?:nog )?geen reacties\b.{0,40})$",
    re.IGNORECASE,
)
_END = re.compile(
    r"^(?:voir (?:tous|toutes|l[’']ensemble) .*(?:forum|messages?|commentaires?|réactions?)|haut de page|"
    r"sur le même sujet|(?:see|view|read) all .*(?:messages|comments|replies|posts|forum)\b.*|back to top|"
    r"alle (?:beiträge|kommentare) .*|ver todos los .*(?:mensajes|comentarios)\b.*|vedi tutti i .*|ver todos os .*|"
    r"continue (?:the )?discussion\b.*|start discussion\b.*|rejoindre la discussion\b.*|commenter sur le forum\b.*)$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ABSENT = re.compile(
    r"^\((?:post|topic|message|sujet|beitrag|mensaje|messaggio) .{0,20}(?:deleted|withdrawn|supprimé|retiré|gelöscht|"
    r"eliminado|eliminato|cancellato)\b.{0,60}\)$",
    re.IGNORECASE,
)
_NAME_LENGTH = 60
"""Longest username that Discourse allows."""
_FAR, _ODD, _SMALL = 20.0, 6.0, 1.0
_MISPLACED = 3.0
_RECOGNIZED = 0.8
"""Share of author lines that must read as names for the lines to be taken for such comments."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Hold a page in parts: the article's lines, the announced count, and (author, text as printed) of each comment."""

    article: list[str]
    announced: int | None
    comments: list[tuple[str, str]]


def sniff(sample: Sample) -> float:
    """Be sure where a comment header stands above authors and texts in turn, or above words that say there are none."""
    page = _page(sample.text.splitlines())
    if page is None:
        return 0.0
    return 0.9 if any(_BREAK.search(text) for _, text in page.comments) else 0.6


def read(source: Source) -> Iterator[Event]:
    """Yield the article as the post, then the comments in page order."""
    lines = source.text().splitlines()
    page = _page(lines) or _Page(lines, None, [])
    article = read_article(page.article)
    announced = page.announced if page.announced is not None else article.announced
    thread_id = source.thread_name
    yield Head(thread_id, title=article.title, announced=announced, notices=article.notices())
    yield _post(article, thread_id, source.path)
    segments = [_segments(text) for _, text in page.comments]
    bodies = split_quotes([author for author, _ in page.comments], segments, article.text)
    for number, ((author, _), body) in enumerate(zip(page.comments, bodies, strict=True), 1):
        status: Status = "empty" if not body.text else "deleted" if _ABSENT.match(body.text) else "ok"
        yield Comment(
            id=str(number),
            thread_id=thread_id,
            text=body.text if status == "ok" else "",
            quotes=body.quotes,
            author=author,
            status=status,
            source=source.path,
        )


def _post(article: Article, thread_id: str, path: str) -> Comment:
    return Comment(
        id="post",
        thread_id=thread_id,
        kind="post",
        text=article.text,
        author=article.author,
        created=article.created,
        title=article.title,
        status="ok" if article.text or article.title else "empty",
        source=path,
    )


def _segments(text: str) -> list[str]:
    """Split a text at its line breaks, and decode it."""
    return [piece for part in _BREAK.split(text) for line in part.split("\n") if (piece := clean(line).strip())]


def _page(lines: Sequence[str]) -> _Page | None:
    """Split a page at its comment header: the last one under which comments, or words that there are none, stand."""
    stripped = [line.replace("\xa0", " ").strip() for line in lines]
    for at in range(len(stripped) - 1, -1, -1):
        header = _HEADER.match(stripped[at])
        if header is None:
            continue
        count = header["n"] or header["n2"]
        area = _area(stripped[at + 1 :])
        if _says_none(area):
            return _Page(list(lines[:at]), 0 if count is None else int(count), [])
        comments = _comments(area) if count is not None or _with_breaks(area) else None
        if comments is not None:
            return _Page(list(lines[:at]), int(count) if count is not None else None, comments)
    none = next((at for at, line in enumerate(stripped) if _NONE_YET.match(line) and len(line) < 80), None)
    return _Page(list(lines[:none]), 0, []) if none is not None else None


def _area(lines: Sequence[str]) -> list[str]:
    """Return the lines of the comments: those before the link to the forum or the next part of the page."""
    end = next((at for at, line in enumerate(lines) if _END.match(line)), len(lines))
    return [line for line in lines[:end] if line]


def _says_none(area: Sequence[str]) -> bool:
    return not area or _NONE_YET.match(area[0]) is not None


def _with_breaks(area: Sequence[str]) -> bool:
    return any(_BREAK.search(line) for line in area)


def _comments(area: Sequence[str]) -> list[tuple[str, str]] | None:
    """Pair authors and texts, None where the lines are no such comments.

    The lines alternate; where one is missing or too many (an empty comment, a real line break), the labeling of the
    lines that costs least is taken: a name where a text is due, a sentence where a name is due and a broken turn cost.
    """
    named = _label(area)
    comments: list[tuple[str, list[str]]] = []
    for line, is_name in zip(area, named, strict=True):
        if is_name:
            comments.append((line, []))
        elif comments:
            comments[-1][1].append(line)
    names = [name for name, _ in comments]
    if not names or sum(_name_cost(name) < _ODD for name in names) < _RECOGNIZED * len(names):
        return None
    return [(name.removeprefix("@"), "\n".join(text)) for name, text in comments]


def _label(area: Sequence[str]) -> list[bool]:
    """Tell for each line whether it is an author's name, by the cheapest sequence (Viterbi over two states)."""
    often = {line for line, count in Counter(area).items() if count > 1}
    costs = (0.0, _FAR)  # of ending in a name, in a text; a first line that is a text is far from right
    back: list[tuple[bool, bool]] = []
    for at, line in enumerate(area):
        as_name, as_text = _name_cost(line), _text_cost(line, line in often)
        if at == 0:
            costs = (as_name, _FAR + as_text)
            back.append((False, False))
            continue
        to_name = (costs[0] + _MISPLACED, costs[1])
        to_text = (costs[0], costs[1] + _MISPLACED)
        back.append((to_name[0] < to_name[1], to_text[0] <= to_text[1]))
        costs = (min(to_name) + as_name, min(to_text) + as_text)
    is_name = costs[0] + _MISPLACED < costs[1] if back else False
    labels: list[bool] = []
    for from_name_to_name, from_name_to_text in reversed(back):
        labels.append(is_name)
        is_name = from_name_to_name if is_name else from_name_to_text
    return labels[::-1]


def _name_cost(line: str) -> float:
    """Return how little a line reads as an author's name; names are one word on Discourse, rarely more elsewhere."""
    if _BREAK.search(line) or "&" in line or len(line) > _NAME_LENGTH or "://" in line:
        return _FAR
    count = len(line.split())
    if count > 4 or line[-1] in '.!?…:;,»”")' or line[0] in '«“"(':
        return _ODD * max(1, count / 4)
    return 0.5 * (count - 1)


def _text_cost(line: str, repeated: bool) -> float:
    """Return how little a line reads as a text: a single word may be a name, all the more where it comes again."""
    lone = _name_cost(line) == 0.0
    return _SMALL * (lone + (lone and repeated))


FORMATS = (
    Format(
        name="saved_news",
        title="News page with flattened Discourse comments (Clubic), or one that says it has none",
        keeps="article (title, date, author, source), authors, order, quotes",
        loses="ids, dates, scores, replies (links are found by quote, mention or inference)",
        sniff=sniff,
        read=read,
        reply_field=False,
    ),
)
