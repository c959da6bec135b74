"""Reddit: dumps of every age, the API's nested answers, and what hides behind their "more" links."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packed import PACKERS
from trees import kinds, parents_of

from discourse.readers import read
from discourse.threads import Thread


def comment(own_id: str, parent: str | int | None = "t3_p1", **more: Any) -> dict[str, Any]:
    return {
        "id": own_id,
        "link_id": "t3_p1",
        "parent_id": parent,
        "body": f"body of {own_id}",
        "author": "ann",
        "created_utc": 1_500_000_000,
        "score": 2,
        "subreddit": "s",
        **more,
    }


def submission(**more: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "title": "A title &amp; more",
        "selftext": "the post",
        "author": "op",
        "created_utc": 1_400_000_000,
        "num_comments": 9,
        "permalink": "/r/s/comments/p1/a_title/",
        "subreddit": "s",
        **more,
    }


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def one(path: Path, *records: dict[str, Any]) -> Thread:
    (path / "RC").write_bytes(lines(*records))
    (thread,) = read(path / "RC")
    return thread


def test_every_field_of_a_comment(tmp_path: Path) -> None:
    body = "&gt; theirs &amp; more\n\nmine &lt;3 **bold** [words](https://example.org/x)"
    record = comment("c1", body=body, edited=1_500_000_500, permalink="/r/s/comments/p1/_/c1/")
    (found,) = one(tmp_path, record).comments
    assert (found.id, found.thread_id, found.parent_id, found.author, found.score) == ("c1", "p1", None, "ann", 2.0)
    assert found.text == "mine <3 bold words (https://example.org/x)"
    assert [quote.text for quote in found.quotes] == ["theirs & more"]
    assert found.created == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert (found.edited, found.edited_at) == (True, datetime(2017, 7, 14, 2, 48, 20, tzinfo=UTC))
    assert found.url == "https://www.reddit.com/r/s/comments/p1/_/c1/"
    assert str(found.source).endswith("RC:1")


def test_oddities_of_old_and_new_months(tmp_path: Path) -> None:
    thread = one(
        tmp_path,
        comment("a", created_utc="1500000000", edited=False, score=None, ups=7),
        comment("b", "t1_a", edited=True, score="4", author=None),
        comment("c", "t1_b", created_utc=1_500_000_000.0, link_id="t3_p1", name="t1_c", score=None),
        comment("d", int("c", 36), _meta={"removal_type": "deleted"}, author="[deleted]"),
        comment("e", int("p1", 36), id="t1_e"),
        comment("f", None),
    )
    assert parents_of(thread) == {"a": None, "b": "a", "c": "b", "d": "c", "e": None, "f": None}
    by_id = {found.id: found for found in thread.comments}
    assert {found.created for found in thread.comments} == {datetime(2017, 7, 14, 2, 40, tzinfo=UTC)}
    assert [by_id[name].score for name in "abc"] == [7, 4, None]
    assert [(by_id[name].edited, by_id[name].edited_at) for name in "abc"] == [
        (False, None),
        (True, None),
        (None, None),
    ]
    assert [by_id[name].author for name in "abd"] == ["ann", None, None]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[deleted]", "deleted"),
        ("[removed]", "removed"),
        ("[ Removed by Reddit ]", "removed"),
        ("[ Removed by reddit in response to a copyright notice. ]", "removed"),
        ("", "empty"),
        ("[deleted] was all it said", "ok"),
        ("&gt; only a quote", "ok"),
    ],
)
def test_bodies_that_are_gone_are_marked_and_keep_their_place(tmp_path: Path, body: str, status: str) -> None:
    thread = one(tmp_path, comment("a", body=body), comment("b", "t1_a"))
    assert thread.comments[0].status == status
    assert parents_of(thread) == {"a": None, "b": "a"}
    if status in {"deleted", "removed"}:
        assert thread.comments[0].text == ""


def test_comments_and_submissions_in_several_files_are_one_thread(tmp_path: Path) -> None:
    (tmp_path / "RC.zst").write_bytes(PACKERS["zst --long"](lines(comment("b", "t1_a"), comment("a"))))
    (tmp_path / "RS.xz").write_bytes(PACKERS["xz"](lines(submission(), submission(id="p2", selftext="[removed]"))))
    first, second = read(tmp_path)
    assert (first.id, first.title, first.url) == (
        "p1",
        "A title & more",
        "https://www.reddit.com/r/s/comments/p1/a_title/",
    )
    assert [(found.id, found.kind) for found in first.comments] == [("p1", "post"), ("a", "comment"), ("b", "comment")]
    assert first.post is not None
    assert (first.post.text, first.post.author) == ("the post", "op")
    assert first.announced is None
    assert second.post is not None
    assert (len(second), second.post.status) == (0, "removed")


def test_a_parent_that_the_month_does_not_hold_keeps_its_name(tmp_path: Path) -> None:
    thread = one(tmp_path, comment("a", "t1_older"), comment("b", "t1_a"))
    assert thread.comments[0].parent_id == "older"
    assert thread.depths == (1, 2)
    assert kinds(thread) == {"missing-parent": ["a"]}


def test_malformed_records_are_skipped_with_their_line(tmp_path: Path) -> None:
    good = lines(comment("a"), comment("b", "t1_a"))
    bad = [
        b'{"id":"x"',
        b'{"body":"no id","link_id":"t3_p1"}',
        b'{"id":"y","body":"no link"}',
        b"{}",
        b"\xff\xfe",
        b"7",
    ]
    (tmp_path / "RC").write_bytes(
        good + b"\n".join(bad) + b"\n\n" + lines(comment("c", score={}, author=[1], edited="x"))
    )
    reading = read(tmp_path)
    (thread,) = reading
    assert [found.id for found in thread.comments] == ["a", "b", "c"]
    assert sorted(int(skip.where.rsplit(":", 1)[1]) for skip in reading.skips) == [3, 4, 5, 6, 7, 8]
    assert reading.files[0].records == 9


def thing(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "data": data}


def listing(*things: dict[str, Any]) -> dict[str, Any]:
    return thing("Listing", {"children": list(things), "after": None})


def nested(name: str, *replies: dict[str, Any], parent: str = "t3_p1") -> dict[str, Any]:
    return thing("t1", comment(name, parent, replies=listing(*replies) if replies else ""))


MORE = thing("more", {"id": "_", "count": 0, "children": [], "parent_id": "t1_b"})


def test_a_listing_and_the_answers_behind_its_more_links(tmp_path: Path) -> None:
    page = [
        listing(thing("t3", submission(num_comments=5))),
        listing(
            nested("a", nested("b", MORE, parent="t1_a")), nested("z"), thing("more", {"id": "d", "children": ["d"]})
        ),
    ]
    answer = {
        "json": {"errors": [], "data": {"things": [thing("t1", comment("c", "t1_b")), thing("t1", comment("d"))]}}
    }
    (tmp_path / "page.json").write_text(json.dumps(page))
    (tmp_path / "z-more.ndjson").write_text(json.dumps(answer) + "\n" + json.dumps(answer) + "\n")
    reading = read(tmp_path)
    (thread,) = reading
    assert parents_of(thread) == {"p1": None, "a": None, "b": "a", "z": None, "c": "b", "d": None}
    assert [report.format for report in reading.files] == ["reddit-api", "reddit-api"]
    assert thread.announced == 5
    assert not any("announced" in notice for notice in thread.notices)
    assert reading.repairs == {"duplicate-id": 2}


def test_a_nested_comment_without_parent_id_answers_the_one_around_it(tmp_path: Path) -> None:
    inner = nested("b")
    del inner["data"]["parent_id"]
    (tmp_path / "page.json").write_text(json.dumps(listing(nested("a", inner))))
    (thread,) = read(tmp_path)
    assert parents_of(thread) == {"a": None, "b": "a"}


def test_a_profile_page_gives_a_thread_for_each_submission(tmp_path: Path) -> None:
    things = [thing("t1", comment(f"c{n}", f"t3_p{n}", link_id=f"t3_p{n}", link_title=f"Title {n}")) for n in (1, 2)]
    (tmp_path / "user.json").write_text(json.dumps(listing(*things)))
    assert [(thread.id, thread.title) for thread in read(tmp_path)] == [("p1", "Title 1"), ("p2", "Title 2")]
