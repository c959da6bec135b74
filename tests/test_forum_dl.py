import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.forum_dl import FORMATS

FORUM = FORMATS[0]


def entry(kind, item, extractor="hackernews"):
    return {
        "generator": "forum-dl",
        "version": "0.3.0",
        "extractor": extractor,
        "download_time": "2023-05-01T00:00:00+00:00",
        "type": kind,
        "item": {"url": "https://x.org/1", "origin": "https://x.org", "data": {}, **item},
    }


def post(path, subpath, extractor="hackernews", **more):
    item = {
        "path": path,
        "subpath": subpath,
        "author": "ada",
        "creation_time": "2023-04-30T10:00:00",
        "content": "<p>Words</p>",
    }
    return entry("post", {**item, **more}, extractor)


def test_a_tree_hangs_as_its_paths_say(tmp_path):
    records = lines(
        entry("thread", {"path": ["1"], "title": "Looms"}),
        post(["1"], [], content="", data={"title": "Looms", "score": 9}),
        post(["1"], ["2"]),
        post(["1"], ["2", "3"], content="> They say\n\nI say"),
        post(["1"], ["2", "9", "4"], author="", content="", data={"deleted": True}),
        entry("file", {"path": ["1"], "subpath": ["2", "x.png"]}),
    )
    path = put(tmp_path, "hn.jsonl", records)
    found = read_path(FORUM, path)
    assert sniffed(FORUM, path) > 0.9
    assert found.parents == {"1": None, "2": None, "3": "2", "4": "9"}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment", "comment"]
    assert (found["1"].title, found["1"].score, found["1"].status) == ("Looms", 9, "ok")
    assert (found["3"].text, found["3"].quotes[0].text) == ("I say", "They say")
    assert (found["4"].author, found["4"].status) == (None, "deleted")
    assert found.titles == {"1": "Looms"}


def test_a_flat_forum_opens_with_its_first_post(tmp_path):
    records = lines(
        post(["11", "13", "7003"], ["500"], "phpbb"),
        post(
            ["11", "13", "7003"], ["501"], "phpbb", content="<blockquote><cite>ada wrote:</cite>Words</blockquote>Mine"
        ),
        post(["11", "13", "7004"], ["502"], "phpbb"),
    )
    found = read_path(FORUM, put(tmp_path, "phpbb.jsonl", records))
    assert [comment.kind for comment in found.all] == ["post", "comment", "post"]
    assert found.threads == {"500": "11/13/7003", "501": "11/13/7003", "502": "11/13/7004"}
    assert (found["501"].text, found["501"].quotes[0].author) == ("Mine", "ada")
    assert {head.reply_field for head in found.heads} == {False}


def test_mailing_lists_and_discourse(tmp_path):
    mail = lines(
        post(["list", "000031"], ["000031"], "pipermail"),
        post(["list", "000031"], ["000032"], "pipermail"),
        post(["list", "000031"], ["000032", "000033"], "pipermail"),
    )
    found = read_path(FORUM, put(tmp_path, "mail.jsonl", mail))
    assert found.parents == {"000031": None, "000032": None, "000033": "000032"}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment"]
    raw = [
        {"topic_id": 5, "post_number": n, "reply_to_post_number": answered, "version": n}
        for n, answered in ((1, None), (2, 1))
    ]
    topic = lines(*(post(["c", "5"], [str(70 + n)], "discourse", data=data) for n, data in enumerate(raw)))
    found = read_path(FORUM, put(tmp_path, "topic.jsonl", topic))
    assert found.parents == {"5:1": None, "5:2": "5:1"}
    assert [(comment.kind, comment.edited) for comment in found.all] == [("post", False), ("comment", True)]


def test_lines_of_old_versions(tmp_path):
    board = {"path": ["b"], "url": "https://x.org", "title": "Board", "content": "About"}
    old = {"path": ["b", "t", "1"], "url": "https://x.org/1", "content": "Words", "username": "ada", "date": 1500000000}
    path = put(tmp_path, "old.jsonl", lines(old, {**old, "path": ["b", "t", "2"]}, board))
    found = read_path(FORUM, path)
    assert sniffed(FORUM, path) > 0.5
    assert found.threads == {"1": "b/t", "2": "b/t"}
    assert found["1"].author == "ada"


def test_malformed_lines_are_skipped(tmp_path):
    records = lines(
        post([], []), entry("post", {"path": "x"}), "{broken", 3, post(["1"], [], content=None, creation_time=[])
    )
    found = read_path(FORUM, put(tmp_path, "x.jsonl", records))
    assert list(found.by_id) == ["1"]
    assert len(found.skips) == 4


@pytest.mark.parametrize("data", [{"path": "0.1", "item": {}}, {"type": "post", "item": {"id": 1}}, {"path": [1]}, []])
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(FORUM, put(tmp_path, "x.json", data)) == 0
