import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.remark42 import FORMATS

REMARK = FORMATS[0]


def comment(comment_id, parent="", text="<p>Words</p>", **more):
    return {
        "id": comment_id,
        "pid": parent,
        "text": text,
        "user": {"name": "Ada", "id": "github_1", "picture": "", "admin": False},
        "locator": {"site": "s", "url": "https://x.org/a"},
        "score": 2,
        "votes": None,
        "time": "2017-12-25T19:46:01Z",
        **more,
    }


def test_a_tree_is_read_to_its_last_leaf(tmp_path):
    tree = {
        "comments": [
            {
                "comment": comment("1"),
                "replies": [{"comment": comment("11", "1"), "replies": [{"comment": comment("111", "11")}]}],
            },
            {"comment": comment("2")},
        ],
        "info": {"url": "https://x.org/a", "count": 4},
    }
    path = put(tmp_path, "tree.json", tree)
    found = read_path(REMARK, path)
    assert sniffed(REMARK, path) > 0.9
    assert found.parents == {"1": None, "11": "1", "111": "11", "2": None}
    assert set(found.threads.values()) == {"https://x.org/a"}
    assert found.heads[0].announced == 4


def test_flat_answers_and_backups(tmp_path):
    for name, data in (
        ("flat.json", {"comments": [comment("1"), comment("2", "1")], "info": {}}),
        ("list.json", [comment("1"), comment("2", "1")]),
        (
            "backup",
            lines({"version": 1, "users": [], "posts": [{"url": "https://x.org/a"}]}, comment("1"), comment("2", "1")),
        ),
    ):
        path = put(tmp_path, name, data)
        assert sniffed(REMARK, path) > 0.9
        found = read_path(REMARK, path)
        assert found.parents == {"1": None, "2": "1"}
        assert not found.skips


def test_what_a_comment_keeps(tmp_path):
    records = [
        comment("1", text="<p>A <b>bold</b></p><blockquote><p>claim</p></blockquote>", title="Looms"),
        comment("2", text="", orig="**raw**", edit={"time": "2018-01-01T00:00:00Z", "summary": ""}),
        comment("3", text="old words", delete=True),
        comment("4", user=None, locator=None, score="x", time=[]),
    ]
    found = read_path(REMARK, put(tmp_path, "c.json", records))
    assert (found["1"].text, found["1"].quotes[0].text, found["1"].author) == ("A bold", "claim", "Ada")
    assert (found["2"].text, found["2"].edited, found["2"].score) == ("raw", True, 2)
    assert (found["3"].status, found["3"].text, found["3"].author) == ("deleted", "", None)
    assert (found["4"].thread_id, found["4"].author) == ("c", None)
    assert found.titles == {"https://x.org/a": "Looms"}


def test_malformed_comments_are_skipped(tmp_path):
    found = read_path(
        REMARK,
        put(tmp_path, "b.ndjson", lines({"version": 1, "users": [], "posts": []}, "{x", {"id": 3}, {"pid": "1"})),
    )
    assert not found.all or list(found.by_id) == ["3"]
    assert len(found.skips) == 2


@pytest.mark.parametrize("data", [{"comments": [{"id": 1}]}, [{"id": 1, "pid": 2}], {"version": 1}, []])
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(REMARK, put(tmp_path, "x.json", data)) == 0
