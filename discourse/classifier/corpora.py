"""Labeled corpora as rows of one shape, and the folds that keep a thread, a question or a document together.

Every corpus trains the heads it has labels for; a missing label is None and costs nothing. A fold is decided by a hash
of the group alone, so that it is the same in every run and on every machine.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from discourse.classifier.inputs import Example
from discourse.classifier.settings import Corpus, Settings
from discourse.classifier.targets import opposite
from discourse.errors import InputError
from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES

CDCP_TYPES: tuple[str, ...] = ("fact", "value", "policy", "testimony", "reference")
"""Proposition types of CDCP (Park & Cardie 2018); its `value` is wider than the codebook's, hence a head of its own."""

NO_SIDE = STANCES.index("none")

Fold = Literal["train", "dev", "test"]

SAME_SUBJECT: Mapping[str, str] = {"dealx-007": "frdeal-019"}
"""Threads that share a subject go to one fold."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one labeled example; labels are positions in the codebook's order, None where the corpus says nothing.

    `stances` are the stance labels that the corpus knows, `types` the argument types present (primary and secondary).
    """

    corpus: str
    group: str
    lang: str
    example: Example
    stance: int | None = None
    reply_stance: int | None = None
    argument: int | None = None
    types: tuple[int, ...] = ()
    cdcp: int | None = None
    match: int | None = None
    stances: tuple[int, ...] = (0, 1, 2)
    weight: float = 1.0
    depth: int = field(default=1)


def fold_of(group: str, held_out: Collection[str] = ()) -> Fold:
    """Return the fold of a group: 10 % test, 5 % dev, the rest train; groups held out are test."""
    if group in held_out:
        return "test"
    bucket = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % 20
    return "test" if bucket < 2 else "dev" if bucket == 2 else "train"


def split_rows(rows: Iterable[Row], settings: Settings) -> dict[Fold, list[Row]]:
    """Return the rows of each fold; a corpus that is only measured has none but those of the test fold."""
    measured = {corpus.name for corpus in settings.corpora if not corpus.trains}
    folds: dict[Fold, list[Row]] = {"train": [], "dev": [], "test": []}
    for row in rows:
        fold = fold_of(row.group, settings.held_out)
        if fold == "test" or row.corpus not in measured:
            folds[fold].append(row)
    return folds


def read_rows(settings: Settings) -> list[Row]:
    """Read every corpus of the settings; InputError names a file that is missing or a row that is malformed."""
    return [row for corpus in settings.corpora for row in read_corpus(corpus, Path(settings.data))]


def read_corpus(corpus: Corpus, root: Path) -> Iterator[Row]:
    """Yield the rows of one corpus."""
    pattern = root.joinpath(corpus.path).absolute()  # an absolute path stands by itself
    paths = sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    if not paths:
        raise InputError(f"{root / corpus.path}: no such file; see `data` and `path` in the training settings")
    for path in paths:
        if corpus.kind == "match":
            yield from _match_rows(corpus, path)
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if not line.strip():
                continue
            try:
                record = msgspec.json.decode(line)
                yield from _rows(corpus, record)
            except KeyError as error:
                raise InputError(f"{path}:{number}: no field {error}, which rows of kind {corpus.kind} have") from None
            except (msgspec.DecodeError, ValueError, TypeError, AttributeError) as error:
                raise InputError(f"{path}:{number}: not a row of kind {corpus.kind}: {error}") from None


def _position(labels: Sequence[str], label: object) -> int:
    """Return where a label stands in the order of its codebook; ValueError names those that there are."""
    if label not in labels:
        raise ValueError(f"label {label!r} is none of {', '.join(labels)}")
    return labels.index(str(label))


def _text(record: dict[str, Any]) -> str:
    text = record["text"]
    if not isinstance(text, str):
        raise TypeError(f"text is {text!r}, not words")
    return text


def _rows(corpus: Corpus, record: dict[str, Any]) -> Iterator[Row]:
    if corpus.kind == "threads":
        yield from _thread_rows(corpus, record)
        return
    if corpus.kind == "points":
        yield from _point_rows(corpus, record)
        return
    if corpus.kind == "crosses":
        yield from _cross_rows(corpus, record)
        return
    example = Example(_text(record), record.get(corpus.target), record.get("parent"))
    row = Row(corpus.name, _group(corpus, record), record.get("lang", "und"), example, weight=corpus.weight)
    row = replace(row, depth=2 if record.get("parent") else 1)
    if corpus.kind == "stance":
        known = tuple(_position(STANCES, name) for name in (corpus.labels or STANCES))
        yield replace(row, stance=_position(STANCES, record["label"]), stances=known)
    elif corpus.kind == "reply_stance":
        yield replace(row, reply_stance=_position(REPLY_STANCES, record["reply_stance"]))
    elif corpus.kind == "cdcp":
        yield replace(row, cdcp=_position(CDCP_TYPES, record["label"]))
    else:
        sure = record.get("sure", 1)
        yield _codebook_labels(replace(row, weight=corpus.weight * (1.0 if sure else corpus.unsure)), record)


def _thread_rows(corpus: Corpus, record: dict[str, Any]) -> Iterator[Row]:
    comments = {comment["id"]: comment for comment in record["comments"]}
    depths: dict[Any, int] = {}
    group = record.get("group") or SAME_SUBJECT.get(record["thread_id"], record["thread_id"])
    for comment in record["comments"]:
        parent = comments.get(comment["parent"])
        depths[comment["id"]] = depths.get(comment["parent"], 0) + 1
        example = Example(_text(comment), record["target"], _text(parent) if parent else None)
        row = Row(corpus.name, group, record["lang"], example, weight=corpus.weight, depth=depths[comment["id"]])
        yield _codebook_labels(row, comment)


def _match_rows(corpus: Corpus, path: Path) -> Iterator[Row]:
    """Yield (argument, key point) pairs of ArgKP: `path` holds the arguments, its siblings key points and labels.

    A matched key point is one the argument is in favor of; one of the other side is one it is against.
    """
    arguments, points, labels = (
        csv_rows(path.with_name(path.name.replace("arguments", name))) for name in ("arguments", "key_points", "labels")
    )
    try:
        by_argument = {one["arg_id"]: one for one in arguments}
        by_point = {one["key_point_id"]: one for one in points}
        for label in labels:
            argument, point = by_argument[label["arg_id"]], by_point[label["key_point_id"]]
            match = int(label["label"])
            row = Row(corpus.name, argument["topic"], "en", Example(argument["argument"], point["key_point"]))
            row = replace(row, match=match, stances=(0, 1), weight=corpus.weight)
            yield replace(row, stance=0) if match else row
        for argument in arguments:
            other = [p for p in points if p["topic"] == argument["topic"] and p["stance"] != argument["stance"]]
            if other:
                point = random.Random(argument["arg_id"]).choice(other)
                example = Example(argument["argument"], point["key_point"])
                row = Row(corpus.name, argument["topic"], "en", example, stance=1, match=0, stances=(0, 1))
                yield replace(row, weight=corpus.weight)
    except (KeyError, ValueError) as error:
        raise InputError(f"{path}: not arguments with key points and labels beside them: {error!r}") from None


def _point_rows(corpus: Corpus, record: dict[str, Any]) -> Iterator[Row]:
    """Yield the stances of arguments towards their topic, a key point that they make, and one of the other side."""
    sides = {point["id"]: _position(STANCES, point["side"]) for point in record["points"]}
    words = {point["id"]: point["text"] for point in record["points"]}
    for argument in record["arguments"]:
        side = _position(STANCES, argument["side"])
        chance = random.Random(argument["text"])
        others = [name for name, its in sides.items() if its != side]
        asked = [(record["topic"], side)]
        asked += [(words[name], 0) for name in argument["points"][:1]]
        asked += [(words[chance.choice(others)], 1)] if others else []
        for target, stance in asked:
            example = Example(argument["text"], target)
            yield Row(corpus.name, record["topic_id"], record["lang"], example, stance, weight=corpus.weight)


def _cross_rows(corpus: Corpus, record: dict[str, Any]) -> Iterator[Row]:
    """Yield every sentence towards every target of its topic and a share of the opposites, and once as an answer."""
    chance, turning = random.Random(record["topic_id"]), random.Random(record["topic_id"])
    targets = [(target, False) for target in record["targets"]] + [(target, True) for target in record["opposites"]]
    sides = [(text, _position(STANCES, side)) for side in STANCES for text in record[side]]
    answered = [(text, side) for text, side in sides if side != NO_SIDE]
    for text, side in sides:
        for target, turned in targets:
            if turned and turning.random() >= corpus.opposites:
                continue
            stance = 1 - side if turned and side != NO_SIDE else side
            row = Row(corpus.name, record["topic_id"], record["lang"], Example(text, target), stance)
            yield replace(row, weight=corpus.weight)
        others = [one for one in answered if one[0] != text]
        if side != NO_SIDE and others:
            parent, its = chance.choice(others)
            example = Example(text, targets[0][0], parent)
            row = Row(corpus.name, record["topic_id"], record["lang"], example, side, int(its != side), depth=2)
            yield replace(row, weight=corpus.weight)


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header; InputError if it is not there."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; a corpus of kind match needs it") from None


def _codebook_labels(row: Row, record: dict[str, Any]) -> Row:
    """Read the three labels of the codebook; a reply stance without a parent comment teaches nothing."""
    argument = record.get("argument")
    primary = _position(ARGUMENTS, argument) if argument else None
    others = (_position(ARGUMENTS, name) for name in record.get("secondary") or ())
    types = () if primary is None else (primary, *others)
    stance, reply = record.get("stance"), record.get("reply_stance")
    return replace(
        row,
        stance=_position(STANCES, stance) if stance and row.example.target else None,
        reply_stance=_position(REPLY_STANCES, reply) if reply and row.example.parent else None,
        argument=primary,
        types=types,
    )


def _group(corpus: Corpus, record: dict[str, Any]) -> str:
    if corpus.group == "document":
        return str(record["id"]).rsplit(":", 1)[0]
    return str(record.get(corpus.group) or record["id"])


def epoch_rows(rows: Iterable[Row], settings: Settings, epoch: int) -> list[Row]:
    """Draw the rows of one epoch: capped corpora are drawn anew each time, distractors get another row's target.

    A distractor is a comment of a corpus shown with the target of another row of it: its stance is `none`. An opposed
    row is shown with its target turned into the opposite, and takes the other side.
    """
    chance = random.Random(f"{settings.seed}:{epoch}")
    by_corpus: dict[str, list[Row]] = {}
    for row in rows:
        by_corpus.setdefault(row.corpus, []).append(row)
    drawn: list[Row] = []
    for corpus in settings.corpora:
        found = by_corpus.get(corpus.name, [])
        if corpus.cap is not None and len(found) > corpus.cap:
            found = chance.sample(found, corpus.cap)
        drawn.extend(found)
        for row in chance.sample(found, int(len(found) * corpus.distractors)):
            other = chance.choice(found).example.target
            if other != row.example.target and row.stance is not None:
                example = replace(row.example, target=other)
                drawn.append(
                    replace(row, example=example, stance=2, stances=(0, 1, 2), weight=row.weight * 0.5, argument=None,
                            types=(), reply_stance=None)
                )  # fmt: skip
        for row in chance.sample(found, int(len(found) * corpus.opposed)):
            turned = opposite(row.example.target or "", row.lang)
            if turned is not None and row.stance is not None:
                example = replace(row.example, target=turned)
                flipped = (1, 0, 2)[row.stance]
                drawn.append(replace(row, example=example, stance=flipped, argument=None, types=(), reply_stance=None))
    chance.shuffle(drawn)
    return drawn
