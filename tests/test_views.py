from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import import_module

import pytest
from exported import corpus, labeled

from discourse.summary import summarize
from discourse.table import to_frame, to_table
from discourse.threads import Comment, Link, Quote, build_thread, with_links
from discourse.views import labeled_html, summary_html, table_html, thread_html
from discourse.views.tree import NESTED, SHOWN

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Tree(HTMLParser):
    """Check that elements nest, and note the depth of each summary and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.depths: list[int] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "summary":
            self.depths.append(self.open.count("details"))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_thread_is_a_tree_of_details_in_the_order_of_the_walk() -> None:
    comments = [
        Comment("p", "t", kind="post", text="the post"),
        Comment("1", "t", text="one", author="ann"),
        Comment("2", "t", "1", text="two", quotes=(Quote("ann", "one"),)),
        Comment("3", "t", "2", text="three"),
        Comment("4", "t", "1", text="four"),
        Comment("5", "t", text="five"),
    ]
    html = thread_html(build_thread(comments, id="t", title="A title", url="https://example.org/"))
    assert Tree(html).depths == [1, 1, 2, 3, 2, 1]
    assert re.findall(r'class="said">([^<]+)', html) == ["the post", "one", "two", "three", "four", "five"]
    assert "<blockquote><b>ann:</b> one</blockquote>" in html
    assert 'href="https://example.org/" rel="noopener noreferrer"' in html


def test_stances_are_said_in_words_and_colors_and_doubt_is_marked() -> None:
    one = corpus(1, 5)[0]
    html = labeled_html(one)
    assert "Stance towards: <b>the deal</b>" in html
    assert html.count('<details class="is-against') == 2
    assert 'title="stance: none, 80%">none<' in html
    assert "too unsure to be relied on" in html
    links = [replace(link) for link in one.thread.links]
    links[5] = Link("2", "inferred", 0.61)
    guessed = labeled_html(replace(one, thread=with_links(one.thread, links)))
    assert "reply guessed by inferred 61%" in guessed
    assert re.search(r'<details class="is-\w+ guess"', guessed)


def test_hostile_words_are_only_words() -> None:
    comments = [
        Comment("1", "t", text=ATTACK, author=ATTACK, quotes=(Quote(ATTACK, ATTACK),), age=ATTACK),
    ]
    thread = build_thread(comments, id=ATTACK, title=ATTACK, url="javascript:alert(1)", targets=[ATTACK])
    one = labeled(thread)
    views = [thread_html(thread), labeled_html(one), table_html(to_table(one)), table_html(to_frame(one))]
    views += [summary_html(summary) for summary in summarize(one)]
    for html in views:
        tree = Tree(html)
        assert not tree.names & {"script", "img", "iframe", "link", "object"}
        assert not any(name.startswith("on") for name in tree.attributes)
        assert tree.links == []
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("shape", ["chain", "flat"])
def test_five_thousand_comments_stay_usable(shape: str) -> None:
    comments = [
        Comment(
            str(at), "t", str(at - 1) if shape == "chain" and at else None, text="some words " * 20, author=f"a{at}"
        )
        for at in range(SHOWN + 10)
    ]
    one = labeled(build_thread(comments, id="t", targets=["x"]))
    html = labeled_html(one)
    assert len(html) < 6_000_000
    assert max(Tree(html).depths) <= NESTED
    assert "10 more comments are not drawn" in html
    assert (f"↳ a{NESTED + 8}: " in html) == (shape == "chain")


def test_a_summary_shows_the_answer_and_a_table_its_rows() -> None:
    one = corpus(1, 12)[0]
    [summary] = summarize(one)
    html = summary_html(summary)
    Tree(html)
    assert f"favor {summary.stance['favor'].share:.0%} ({summary.stance['favor'].count})" in html
    assert "by author" in html
    for table in (to_table(one), to_frame(one)):
        shown = table_html(table, rows=5)
        Tree(shown)
        assert "13 rows" in shown
        assert shown.count("<tr>") == 6
        assert "8 more rows" in shown


def test_threads_with_nothing_in_them_have_a_view() -> None:
    empty = labeled(build_thread([], id="t"))
    for html in (thread_html(empty.thread), labeled_html(empty), table_html(to_table(empty))):
        Tree(html)
    for summary in summarize(empty):
        Tree(summary_html(summary))


def test_objects_show_themselves_in_a_notebook() -> None:
    one = corpus(1)[0]
    assert one._repr_html_() == labeled_html(one)
    assert one.thread._repr_html_() == thread_html(one.thread)
    assert [summary._repr_html_() for summary in summarize(one)] == list(map(summary_html, summarize(one)))


def test_objects_show_one_line_where_there_is_no_html() -> None:
    one = corpus(1)[0]
    for shown in (one, one.thread, *summarize(one)):
        line = import_module("IPython.lib.pretty").pretty(shown)
        assert line.startswith(f"<{type(shown).__name__} {one.thread.id}")
        assert line.endswith(">")
        assert "\n" not in line
