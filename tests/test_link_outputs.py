"""A guessed reply is marked as a guess wherever it is shown, and counted by what it rests on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import networkx as nx
import pytest
from exported import labeled
from selectolax.lexbor import LexborHTMLParser

from discourse.drawing import draw
from discourse.exports import export, read_export
from discourse.labels import LabeledThread
from discourse.manifest import Counts
from discourse.reports import write_report
from discourse.reports.rows import EVIDENCES
from discourse.summary import summarize
from discourse.table import to_table
from discourse.threads import NO_LINK, Comment, Link, build_thread, with_links
from discourse.views import labeled_html, thread_html

STATED = {"2": Link("1", "explicit", 1.0), "3": Link("2", "indent", 1.0)}
GUESSED = {"4": Link("2", "quote", 0.93), "5": Link("4", "mention", 0.81), "6": Link("5", "inferred", 0.64)}
LINKS = {"post": NO_LINK, "1": NO_LINK, **STATED, **GUESSED, "7": NO_LINK}
EVIDENCE = {key: link.evidence for key, link in LINKS.items()}


@pytest.fixture(scope="module")
def thread() -> LabeledThread:
    said = [Comment("post", "t", kind="post", text="The bridge is closed.", title="The bridge")]
    said += [Comment(str(at), "t", text=f"Remark {at}.", author=f"author {at % 3}") for at in range(1, 8)]
    built = build_thread(said, id="t", title="The bridge", targets=["the bridge"])
    return labeled(with_links(built, [LINKS[comment.id] for comment in built.comments]))


def test_on_the_terminal(thread: LabeledThread):
    lines = list(draw(thread.thread))
    marks = {re.search(r"Remark (\d)", line)[1]: line for line in lines if "Remark" in line}
    assert {key for key, line in marks.items() if "→" in line} == set(GUESSED)
    assert "→ 2 by its quote, 93%" in marks["4"]
    assert "→ 4 by a name, 81%" in marks["5"]
    assert "→ 5 inferred, 64%" in marks["6"]


def test_in_a_notebook(thread: LabeledThread):
    for html in (thread_html(thread.thread), labeled_html(thread)):
        page = LexborHTMLParser(html)
        marked = [node.css_first(".said").text() for node in page.css("details.guess")]
        assert marked == ["Remark 4.", "Remark 5.", "Remark 6."]
        assert [html.count(f"reply guessed by {evidence}") for evidence in ("quote", "mention", "inferred")] == [1] * 3


def test_in_the_table(thread: LabeledThread):
    rows = to_table(thread).to_pylist()
    assert {row["comment_id"]: row["link"] for row in rows} == EVIDENCE
    sure = {row["comment_id"]: row["link_confidence"] for row in rows}
    assert {key: round(sure[key], 2) for key in GUESSED} == {key: link.confidence for key, link in GUESSED.items()}
    assert sure["1"] is None


def test_on_the_page(thread: LabeledThread, tmp_path: Path):
    page = LexborHTMLParser(write_report([thread], tmp_path / "report.html").read_text(encoding="utf-8"))
    records = [json.loads(node.text()) for node in page.css("script[type='application/json']")]
    (rows,) = [one for record in records for one in _threads(record)]
    assert dict(zip(rows["ids"], (EVIDENCES[number] for number in rows["links"]), strict=True)) == EVIDENCE
    assert {rows["ids"][int(at)]: share for at, share in rows["link_sure"].items()} == {"4": 93, "5": 81, "6": 64}
    assert page.css_first("#filter-guessed") is not None
    words = page.text()
    assert "3 of 7 comments hang on a reply link that we guessed." in words


def _threads(record: object) -> list[dict]:
    """Find the rows of threads in what the page holds."""
    if isinstance(record, dict):
        return [record] if "link_sure" in record else [row for one in record.values() for row in _threads(one)]
    return [row for one in record for row in _threads(one)] if isinstance(record, list) else []


def test_in_the_summary(thread: LabeledThread):
    (summary,) = summarize(thread)
    counts = {count.name: count.count for count in summary.links}
    assert counts == {"none": 2, "explicit": 1, "indent": 1, "quote": 1, "mention": 1, "inferred": 1}
    (warned,) = [one for one in summary.warnings if one.kind == "guessed-links"]
    assert (warned.count, warned.total) == (3, 7)


def test_in_the_manifest(thread: LabeledThread):
    counts = Counts()
    counts.add(thread)
    assert counts.links == {"none": 2, "explicit": 1, "indent": 1, "quote": 1, "mention": 1, "inferred": 1}


@pytest.mark.parametrize("name", ["huggingface", "parquet", "csv", "jsonl", "convokit"])
def test_in_exports_that_come_back(name: str, thread: LabeledThread, tmp_path: Path):
    export([thread], name, tmp_path / name)
    (back,) = read_export(tmp_path / name)
    assert {comment.id: link.evidence for comment, link in _linked(back)} == EVIDENCE
    assert {
        comment.id: round(link.confidence, 2) for comment, link in _linked(back) if not link.stated and link.parent
    } == {key: link.confidence for key, link in GUESSED.items()}


def _linked(one: LabeledThread):
    return zip(one.thread.comments, one.thread.links, strict=True)


def test_in_the_graph_of_replies(thread: LabeledThread, tmp_path: Path):
    export([thread], "graphml", tmp_path / "graphs")
    graph = nx.read_graphml(tmp_path / "graphs" / "replies.graphml")
    found = {
        source.rpartition("/")[2]: (edge["link"], round(edge["weight"], 2))
        for source, _, edge in graph.edges(data=True)
    }
    assert found == {key: (link.evidence, link.confidence) for key, link in (STATED | GUESSED).items()}


def test_in_the_graph_of_authors(thread: LabeledThread, tmp_path: Path):
    export([thread], "graphml", tmp_path / "graphs")
    graph = nx.read_graphml(tmp_path / "graphs" / "authors.graphml")
    counts = [(int(edge["weight"]), edge["guessed"]) for _, _, edge in graph.edges(data=True)]
    assert sum(replies for replies, _ in counts) == len(STATED) + len(GUESSED)
    assert sum(guessed for _, guessed in counts) == len(GUESSED)


def test_in_tasks_for_label_studio(thread: LabeledThread, tmp_path: Path):
    done = export([thread], "labelstudio", tmp_path / "studio")
    (file,) = (path for path in Path(done.path).rglob("*.json") if path.name != "config.json")
    shown = {task["data"]["comment_id"]: task["data"]["context"] for task in json.loads(file.read_text())}
    last = {name: context[-1]["author"].endswith("(guessed link)") for name, context in shown.items()}
    assert {name for name, marked in last.items() if marked} == set(GUESSED)
