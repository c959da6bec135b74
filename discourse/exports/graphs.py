"""Who replies to whom, as GEXF 1.2 and GraphML: a graph of comments and a graph of authors.

Both files are written as a stream, so memory holds one thread and the pairs of authors.
Formats: gexf.net/1.2draft, graphml.graphdrawing.org.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal, TypeAlias
from xml.sax.saxutils import quoteattr

from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Labels
from discourse.labels import FIELDS, REPLY_STANCES, STANCES, Label

Value: TypeAlias = str | int | float | None
Kind: TypeAlias = Literal["string", "integer", "double"]

_EXCERPT = 200
"""Characters of a comment's text in its node; the whole text is in the other formats."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Node:
    """Hold a node: its id, what is shown, and its attributes in the order of the graph's."""

    id: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Hold an edge from who replies to who is answered."""

    source: str
    target: str
    weight: float
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Hold a directed graph whose nodes and edges are made when asked for."""

    node_attributes: tuple[tuple[str, Kind], ...]
    edge_attributes: tuple[tuple[str, Kind], ...]
    nodes: Callable[[], Iterable[Node]]
    edges: Callable[[], Iterable[Edge]]


def write_gexf(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write replies.gexf and authors.gexf."""
    return _write(labels, out, "gexf", _gexf)


def write_graphml(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write replies.graphml and authors.graphml."""
    return _write(labels, out, "graphml", _graphml)


def _write(labels: Labels, out: Path, suffix: str, lines: Callable[[Graph], Iterator[str]]) -> tuple[str, ...]:
    people = _people(labels)
    for name, graph in (("replies", _reply_graph(labels, labels.targets())), ("authors", _author_graph(people))):
        with (out / f"{name}.{suffix}").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines(graph))
    if not people.unknown:
        return ()
    return (f"{people.unknown:,} comments of unknown author are in no node of the graph of authors",)


def _reply_graph(labels: Labels, targets: tuple[str | None, ...]) -> Graph:
    """Make the graph of comments; its attributes are those of the table, stance once a target."""
    stances = [("stance", target) for target in targets[:1]] + [(f"stance: {target}", target) for target in targets[1:]]
    attributes: tuple[tuple[str, Kind], ...] = (
        ("thread_id", "string"),
        ("comment_id", "string"),
        ("kind", "string"),
        ("author", "string"),
        ("created", "string"),
        ("depth", "integer"),
        ("score", "double"),
        ("lang", "string"),
        ("status", "string"),
        ("text", "string"),
        ("reply_stance", "string"),
        ("argument", "string"),
        *((name, "string") for name, _ in stances),
    )

    def nodes() -> Iterator[Node]:
        for labeled in labels.labeled():
            thread = labeled.thread
            by_target = {target: labeled.by_comment(target) for target in labeled.targets}
            for comment, depth in zip(thread.comments, thread.depths, strict=True):
                given = [found[comment.id] for found in by_target.values() if comment.id in found]
                reply, argument = _first(given, "reply_stance"), _first(given, "argument")
                views = [_verdict(by_target.get(target, {}).get(comment.id), "stance") for _, target in stances]
                created = None if comment.created is None else comment.created.isoformat()
                excerpt = comment.text[:_EXCERPT]
                yield Node(
                    _node(thread.id, comment.id),
                    comment.author or comment.id,
                    (thread.id, comment.id, comment.kind, comment.author, created, depth, comment.score, comment.lang,
                     comment.status, excerpt, reply, argument, *views),
                )  # fmt: skip

    def edges() -> Iterator[Edge]:
        rows = labels.rows(("thread_id", "comment_id", "parent_id", "link", "link_confidence"))
        for thread_id, group in groupby(rows, key=lambda row: str(row["thread_id"])):
            links = {row["comment_id"]: row for row in group}
            for own, row in links.items():
                if row.get("parent_id") in links:
                    sure = row.get("link_confidence")
                    weight = 1.0 if sure is None else sure
                    yield Edge(_node(thread_id, own), _node(thread_id, row["parent_id"]), weight, (row["link"],))

    return Graph(attributes, (("link", "string"),), nodes, edges)


@dataclass(slots=True)
class _People:
    """Count what each author said and to whom, over all threads; labels are those towards the first target."""

    comments: Counter[str] = field(default_factory=Counter)
    stances: Counter[tuple[str, str]] = field(default_factory=Counter)
    replies: Counter[tuple[str, str]] = field(default_factory=Counter)
    manners: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    guessed: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: int = 0


def _people(labels: Labels) -> _People:
    people = _People()
    for labeled in labels.labeled():
        thread = labeled.thread
        given = labeled.by_comment(labeled.targets[0]) if labeled.targets else {}
        for position, comment in enumerate(thread.comments):
            if not comment.author:
                people.unknown += comment.kind == "comment"
                continue
            people.comments[comment.author] += comment.kind == "comment"
            label = given.get(comment.id)
            stance, manner = _verdict(label, "stance"), _verdict(label, "reply_stance")
            if stance is not None:
                people.stances[comment.author, stance] += 1
            parent = thread.parents[position]
            answered = thread.comments[parent].author if parent >= 0 else None
            if answered:
                people.replies[comment.author, answered] += 1
                people.guessed[comment.author, answered] += not thread.links[position].stated
                if manner is not None:
                    people.manners[comment.author, answered, manner] += 1
    return people


def _author_graph(people: _People) -> Graph:
    def nodes() -> Iterator[Node]:
        for author, count in people.comments.items():
            yield Node(_escaped(author), author, (count, *(people.stances[author, stance] for stance in STANCES)))

    def edges() -> Iterator[Edge]:
        for (author, answered), count in people.replies.items():
            manners = (people.manners[author, answered, manner] for manner in REPLY_STANCES)
            guessed = people.guessed[author, answered]
            yield Edge(_escaped(author), _escaped(answered), float(count), (*manners, guessed))

    node_attributes: list[tuple[str, Kind]] = [("comments", "integer"), *((stance, "integer") for stance in STANCES)]
    edge_attributes: list[tuple[str, Kind]] = [(manner, "integer") for manner in (*REPLY_STANCES, "guessed")]
    return Graph(tuple(node_attributes), tuple(edge_attributes), nodes, edges)


def _node(thread_id: str, comment_id: str) -> str:
    """Name a comment's node; ids are unique within a thread only."""
    return f"{_escaped(thread_id).replace('/', '%2F')}/{_escaped(comment_id)}"


def _escaped(name: str) -> str:
    """Return a name in which characters that XML has not are percent codes, so that names stay distinct."""
    return _NO_XML.sub(lambda found: f"%{ord(found.group()):02X}", name.replace("%", "%25"))


def _verdict(label: Label | None, name: str) -> str | None:
    verdict = None if label is None or name not in FIELDS else getattr(label, name)
    return None if verdict is None else str(verdict.label)


def _first(given: list[Label], name: str) -> str | None:
    return next((found for found in (_verdict(label, name) for label in given) if found is not None), None)


def _gexf(graph: Graph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="directed" mode="static">'
    for kind, attributes in (("node", graph.node_attributes), ("edge", graph.edge_attributes)):
        yield f'<attributes class="{kind}" mode="static">'
        for number, (name, type_) in enumerate(attributes):
            yield f'<attribute id="{number}" title={_quoted(name)} type="{type_}"/>'
        yield "</attributes>"
    yield "<nodes>"
    for node in graph.nodes():
        yield f"<node id={_quoted(node.id)} label={_quoted(node.label)}>{_gexf_values(node.values)}</node>"
    yield "</nodes><edges>"
    for number, edge in enumerate(graph.edges()):
        ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
        yield f'<edge id="{number}" {ends} weight="{edge.weight}">{_gexf_values(edge.values)}</edge>'
    yield "</edges></graph></gexf>"


def _gexf_values(values: tuple[Value, ...]) -> str:
    known = ((number, value) for number, value in enumerate(values) if value is not None)
    inner = "".join(f'<attvalue for="{number}" value={_quoted(value)}/>' for number, value in known)
    return f"<attvalues>{inner}</attvalues>" if inner else ""


def _graphml(graph: Graph) -> Iterator[str]:
    types = {"string": "string", "integer": "long", "double": "double"}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield '<key id="label" for="node" attr.name="label" attr.type="string"/>'
    yield '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>'
    for kind, attributes in (("node", graph.node_attributes), ("edge", graph.edge_attributes)):
        for number, (name, type_) in enumerate(attributes):
            yield f'<key id="{kind}{number}" for="{kind}" attr.name={_quoted(name)} attr.type="{types[type_]}"/>'
    yield '<graph edgedefault="directed">'
    for node in graph.nodes():
        values = _graphml_values("node", node.values)
        yield f'<node id={_quoted(node.id)}><data key="label">{_text(node.label)}</data>{values}</node>'
    for edge in graph.edges():
        ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
        values = _graphml_values("edge", edge.values)
        yield f'<edge {ends}><data key="weight">{edge.weight}</data>{values}</edge>'
    yield "</graph></graphml>"


def _graphml_values(kind: str, values: tuple[Value, ...]) -> str:
    known = ((number, value) for number, value in enumerate(values) if value is not None)
    return "".join(f'<data key="{kind}{number}">{_text(value)}</data>' for number, value in known)


def _quoted(value: Value) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", str(value)), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(value: Value) -> str:
    return (
        _NO_XML.sub("\ufffd", str(value))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#13;")
    )
