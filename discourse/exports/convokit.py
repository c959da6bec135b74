"""A corpus that ConvoKit loads, and back without loss.

ConvoKit wants one root in each conversation, whose id is the conversation's, ids that are unique in the corpus, and a
speaker for everything. What the dump says otherwise is repaired for it: what was changed is told, and the original
values are in the metadata (`meta.discourse`), from which the labeled threads are read back.
Format: convokit.cornell.edu/documentation/data_format.html (utterances.jsonl, speakers.json, conversations.json,
corpus.json, index.json); all files are ASCII, since ConvoKit opens them in the platform's encoding.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from discourse import __version__
from discourse.errors import InputError
from discourse.exports.json_lines import plain, typed
from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Conversation, Labels, gathered
from discourse.labels import LabeledThread, codebook
from discourse.table import SCHEMA, THREAD_SCHEMA

_OF_TARGET = frozenset(SCHEMA.names[SCHEMA.names.index("target") : SCHEMA.names.index("repairs")])
"""Columns that differ between the rows of one comment, which has one row a target."""

_EASY = ("target", "stance", "stance_confidence", "reply_stance", "reply_stance_confidence", "argument",
         "argument_confidence")  # fmt: skip
"""Columns of the first target that also stand in the metadata under their own names, for use in ConvoKit."""

_MARK = "#root"
"""What an added root has after the thread's id where that is the id of an utterance too."""

_WORDS = {
    "root": "{:,} conversations had no single root: an empty root utterance was added",
    "reply": "{:,} utterances with no parent in the thread reply to its root",
    "speaker": "{:,} utterances without an author have the speaker {}",
    "id": "{:,} utterances have the thread's id before their own, which is not unique in the corpus",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """Hold what must be known of all names beforehand.

    `unique` tells whether comment ids are unique in the corpus, `unknown` is a speaker's name that nobody bears, and
    `taken` are the comments' ids that an added root could be called.
    """

    unique: bool
    unknown: str
    taken: frozenset[str]


@dataclass(slots=True)
class _Corpus:
    """Hold what is gathered over the conversations while they are written."""

    names: _Names
    utterances: TextIO
    speakers: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    roots: set[str] = field(default_factory=set)


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write the five files; return what ConvoKit's rules made us change."""
    names = _survey(labels)
    with (
        (out / "utterances.jsonl").open("w", encoding="ascii", newline="\n") as utterances,
        (out / "conversations.json").open("w", encoding="ascii", newline="\n") as conversations,
    ):
        corpus = _Corpus(names, utterances)
        mark = "{"
        for conversation in labels.conversations():
            root = _write_conversation(conversation, corpus)
            meta = _conversation_meta(conversation)
            conversations.write(f"{mark}\n{json.dumps(root)}: {json.dumps({'meta': meta, 'vectors': []})}")
            mark = ","
        conversations.write("\n}\n" if mark == "," else "{}\n")
    speakers = {name: {"meta": {"utterances": count}, "vectors": []} for name, count in corpus.speakers.items()}
    about = {"name": options.name or out.name, "made_with": f"discourse {__version__}", "codebook": codebook()}
    for name, value in (("speakers", speakers), ("corpus", about), ("index", _index(about))):
        (out / f"{name}.json").write_text(json.dumps(value) + "\n", encoding="ascii")
    return tuple(_WORDS[kind].format(count, names.unknown) for kind, count in corpus.changes.items() if count)


def holds(folder: Path) -> bool:
    """Tell whether the folder is a corpus that we wrote."""
    file = folder / "utterances.jsonl"
    if not file.is_file() or not (folder / "conversations.json").is_file():
        return False
    with file.open(encoding="ascii", errors="replace") as lines:
        return '"discourse"' in next(lines, "")


def read(folder: Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads of a corpus that `write` wrote; additions for ConvoKit's sake are left out."""
    threads = json.loads((folder / "conversations.json").read_text(encoding="ascii"))
    facts = (typed(row) for one in threads.values() for row in one["meta"]["discourse"])
    with gathered(_rows(folder / "utterances.jsonl"), facts) as labels:
        yield from labels.labeled()


def _survey(labels: Labels) -> _Names:
    """Look through the ids and authors of the whole corpus."""
    table = pq.read_table(labels.comments, columns=["thread_id", "comment_id", "author"])
    keys = table.group_by(["thread_id", "comment_id"]).aggregate([])
    threads = {row["thread_id"] for row in labels.thread_rows()}.union(pc.unique(keys["thread_id"]).to_pylist())
    ids = pc.unique(keys["comment_id"])
    named = pc.or_(pc.is_in(ids, pa.array(threads, pa.string())), pc.match_substring(ids, _MARK))
    authors = set(pc.unique(table["author"]).to_pylist())
    unknown = "[unknown]"
    while unknown in authors:
        unknown = f"[{unknown}]"
    return _Names(len(keys) == len(ids), unknown, frozenset(ids.filter(named).to_pylist()))


def _write_conversation(conversation: Conversation, corpus: _Corpus) -> str:
    """Write the utterances of a thread; return the id of its root, which is the conversation's."""
    comments = [list(group) for _, group in groupby(conversation.rows, key=lambda row: row["comment_id"])]
    ids = {rows[0]["comment_id"]: _utterance_id(rows[0], corpus.names.unique) for rows in comments}
    tops = [rows[0] for rows in comments if rows[0]["kind"] == "post" or rows[0]["parent_id"] not in ids]
    post = next((row for row in tops if row["kind"] == "post"), None)
    if post is not None or len(tops) == 1:
        root = ids[(post or tops[0])["comment_id"]]
    else:
        root = _added_root(conversation.thread_id, corpus)
    for rows in comments:
        first = rows[0]
        own = ids[first["comment_id"]]
        parent = ids.get(first["parent_id"]) if first["kind"] != "post" else None
        corpus.changes["reply"] += parent is None and own != root
        corpus.changes["id"] += not corpus.names.unique
        corpus.changes["speaker"] += not first["author"]
        speaker = first["author"] or corpus.names.unknown
        reply_to = None if own == root else parent or root
        _put(corpus, own, root, reply_to, speaker, first["created"] and int(first["created"].timestamp()),
             first["text"] or "", _utterance_meta(rows))  # fmt: skip
    return root


def _added_root(thread_id: str, corpus: _Corpus) -> str:
    """Write an empty root named after the thread; no utterance of the corpus has its name."""
    root = thread_id if corpus.names.unique else _escaped(thread_id)
    while corpus.names.unique and (root in corpus.names.taken or root in corpus.roots):
        root += _MARK
    corpus.roots.add(root)
    corpus.changes["root"] += 1
    _put(corpus, root, root, None, corpus.names.unknown, None, "", {"discourse": None})
    return root


def _put(
    corpus: _Corpus, own: str, root: str, reply_to: str | None, speaker: str, timestamp: int | None, text: str,
    meta: dict[str, Any],
) -> None:  # fmt: skip
    corpus.speakers[speaker] += 1
    record: dict[str, Any] = {
        "id": own,
        "conversation_id": root,
        "text": text,
        "speaker": speaker,
        "meta": meta,
        "reply-to": reply_to,
        "timestamp": timestamp,
        "vectors": [],
    }
    corpus.utterances.write(json.dumps(record, allow_nan=False) + "\n")


def _utterance_id(row: dict[str, Any], unique: bool) -> str:
    """Name an utterance: the comment's id, with the thread's before it where ids repeat."""
    if unique:
        return str(row["comment_id"])
    return f"{_escaped(row['thread_id'])}/{row['comment_id']}"


def _escaped(thread_id: str) -> str:
    """Return a thread's id without a slash, which stands between it and a comment's."""
    return thread_id.replace("%", "%25").replace("/", "%2F")


def _utterance_meta(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep every column but the text: those of the comment once, those of each target in a list."""
    own = [plain(row, SCHEMA) for row in rows]
    facts = {name: value for name, value in own[0].items() if name not in _OF_TARGET and name != "text"}
    labels = [{name: value for name, value in row.items() if name in _OF_TARGET} for row in own]
    easy = {name: own[0].get(name) for name in _EASY}
    return {**easy, "discourse": {**facts, "labels": labels}}


def _conversation_meta(conversation: Conversation) -> dict[str, Any]:
    facts = [plain(row, THREAD_SCHEMA) for row in conversation.facts]
    first = facts[0] if facts else {}
    return {"title": first.get("title"), "thread_id": conversation.thread_id, "discourse": facts}


def _index(about: dict[str, Any]) -> dict[str, Any]:
    text, number, mapping, rows = ([f"<class '{name}'>"] for name in ("str", "float", "dict", "list"))
    easy = {name: number if name.endswith("confidence") else text for name in _EASY}
    return {
        "utterances-index": {**easy, "discourse": mapping},
        "speakers-index": {"utterances": ["<class 'int'>"]},
        "conversations-index": {"title": text, "thread_id": text, "discourse": rows},
        "overall-index": dict.fromkeys(about, text),
        "vectors": [],
        "version": 1,
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="ascii") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                facts = record["meta"]["discourse"]
                if facts is not None:
                    facts["text"] = record["text"]
                    labels = facts.pop("labels")
                    yield from (typed({**facts, **label}) for label in labels)
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}:{number}: no utterance of an export ({error}); export the run again"
                ) from error
