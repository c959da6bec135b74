"""Find out which column of somebody's table is which: as the user says, by our names, or by guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discourse.errors import InputError

FIELDS: dict[str, str] = {
    "id": (
        "comment_id commentid cid _id objectid message_id msg_id utterance_id tweet_id status_id reply_id post_id"
        " uid id_commentaire kommentar_id id_comentario id_commento"
    ),
    "thread_id": (
        "thread conversation_id conv_id discussion_id topic_id story_id submission_id article_id video_id link_id"
        " debate_id question_id root_id root thread_url article_url url_article post_url discussion conversation"
        " topic post_id id_article id_discussion"
    ),
    "parent_id": (
        "parent parent_comment_id parent_comment reply_to reply_to_id in_reply_to in_reply_to_id"
        " in_reply_to_status_id replied_to replyto replyto_id parent_post_id parent_post_number response_to"
        " responds_to id_parent parent_key reponse_a antwort_auf"
    ),
    "kind": "",
    "text": (
        "body comment content message comment_text comment_body comment_content commentbody text_content raw_text"
        " full_text post_text tweet utterance texte commentaire contenu kommentar kommentartext comentario"
        " contenido texto commento testo selftext reply msg body_text text_original textoriginal cleaned_text"
        " description"
    ),
    "author": (
        "user username user_name author_name authorname screen_name speaker nickname nick pseudo pseudonym handle"
        " by poster commenter display_name user_display_name auteur utilisateur autor benutzer usuario autore"
        " utente from_name sender author_id user_id userid name"
    ),
    "created": (
        "created_at created_utc createdat date timestamp time datetime published published_at publishedat"
        " post_date date_created creation_date created_time created_on posted_at posted comment_date submitted"
        " date_posted date_publication datum fecha data_ora publish_time unix_timestamp"
    ),
    "score": (
        "points likes like_count likecount upvotes ups votes vote_count karma net_votes favorites favourites"
        " favorite_count favourites_count recommendations reactions"
    ),
    "title": (
        "article_title thread_title submission_title post_title topic_title story_title subject headline titre"
        " titel titulo titolo"
    ),
    "url": "permalink link uri comment_url",
    "target": "stance_target cible ziel objetivo",
    "lang": "language",
    "edited": "",
    "edited_at": "",
    "age": "",
    "status": "",
    "quotes": "",
    "level": "indent depth indentation nesting_level niveau nesting",
}
"""Our fields and the names that others give them, the likeliest first, in snake case (a guess is shown to the user)."""

_OURS = ("id", "thread_id", "parent_id", "kind", "text", "author", "created", "score", "title", "url", "target")
PEEK = 200
"""Rows looked at before the columns are chosen."""
_DISTINCT = 0.9
"""Least share of different values in a column that is guessed to be the id of rows."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Tie our fields to columns: each is the path to a value, one step per nesting ("user.name" is two)."""

    paths: tuple[tuple[str, tuple[str, ...]], ...]
    guessed: tuple[str, ...]
    unused: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Tell whether a field has a column."""
        return any(name == field for name, _ in self.paths)

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of our fields in one row; fields that the row lacks are absent."""
        found: dict[str, Any] = {}
        for field, path in self.paths:
            value: Any = row
            for step in path:
                value = value.get(step) if isinstance(value, Mapping) else None
            if value is not None:
                found[field] = value
        return found

    def advice(self) -> str | None:
        """Tell the user what was guessed, None if nothing was."""
        if not self.guessed:
            return None
        unused = f"; not read: {', '.join(self.unused[:12])}" if self.unused else ""
        return f"columns read by guess: {', '.join(self.guessed)}{unused}; correct it with --field ours=theirs"


def choose_columns(rows: Sequence[Mapping[str, Any]], field_map: Mapping[str, str], where: str) -> Columns:
    """Choose the columns of a table from its first rows; InputError if the texts cannot be found."""
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    chosen: dict[str, tuple[str, ...]] = {}
    guessed: list[str] = []
    for ours, theirs in field_map.items():
        chosen[ours] = _named(ours, theirs, rows, names, where)
    taken = {path[0] for path in chosen.values()}
    for field in FIELDS:
        if field not in chosen and field in names and field not in taken:
            chosen[field] = (field,)
            taken.add(field)
    by_plain = {_plain(name): name for name in reversed(names)}
    for field, aliases in FIELDS.items():
        if field in chosen:
            continue
        for alias in (field, *aliases.split()):
            name = by_plain.get(alias)
            if name is not None and name not in taken and _fits(field, name, rows):
                chosen[field] = (name,)
                taken.add(name)
                guessed.append(f"{field}={name}")
                break
    if "text" not in chosen:
        held = ", ".join(names[:12]) or "none"
        raise InputError(f"{where}: no column looks like the comments' text ({held}); name it with --field text=COLUMN")
    order = {field: place for place, field in enumerate(FIELDS)}
    paths = tuple(sorted(chosen.items(), key=lambda item: order[item[0]]))
    return Columns(paths, tuple(guessed), tuple(name for name in names if name not in taken))


def looks_like_comments(names: Sequence[str]) -> bool:
    """Tell whether one of the column names is a name for the comments' text."""
    known = {"text", *FIELDS["text"].split()}
    return any(_plain(name) in known for name in names)


def _named(
    ours: str, theirs: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str], where: str
) -> tuple[str, ...]:
    """Check one `--field ours=theirs`; `theirs` may be a path with dots."""
    if ours not in FIELDS:
        raise InputError(f"--field {ours}={theirs}: there is no field {ours}; the fields are {', '.join(_OURS)}")
    if theirs in names:
        return (theirs,)
    path = tuple(theirs.split("."))
    if len(path) > 1 and path[0] in names:
        return path
    if rows:
        held = ", ".join(names[:12])
        raise InputError(f"{where}: there is no column {theirs} (--field {ours}={theirs}); the columns are {held}")
    return (theirs,)


def _plain(name: str) -> str:
    """Return a column name in snake case ("parentCommentId" → "parent_comment_id")."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", snake.lower()).strip("_") if not name.startswith("_") else name.lower()


def _fits(field: str, name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the values allow a guess: ids differ from row to row, texts are texts, levels are small numbers."""
    values = [row[name] for row in rows if row.get(name) not in (None, "")]
    if not values:
        return False
    if field == "id":
        return len({str(value) for value in values}) >= _DISTINCT * len(values)
    if field == "text":
        return any(isinstance(value, str) and not value.isdigit() for value in values)
    if field == "level":
        return all(str(value).strip().lstrip("-").isdigit() and abs(int(value)) < 100_000 for value in values)
    if field in {"author", "parent_id"}:
        return not all(isinstance(value, list) for value in values)
    return True
