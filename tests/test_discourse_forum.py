import gzip
from datetime import UTC, datetime

import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers import read
from discourse.readers.discourse_forum import FORMATS

FORUM = FORMATS[0]


def post(number, reply_to=None, words="words", *, topic=12, **fields):
    return {
        "id": 1000 + number,
        "topic_id": topic,
        "post_number": number,
        "reply_to_post_number": reply_to,
        "username": "ada",
        "name": "Ada Lovelace",
        "created_at": f"2026-05-01T10:{number % 60:02}:00.000Z",
        "updated_at": f"2026-05-01T10:{number % 60:02}:00.000Z",
        "version": 1,
        "post_type": 1,
        "cooked": f"<p>{words}</p>",
        "user_deleted": False,
        "hidden": False,
        "score": 23.4,
        "actions_summary": [],
        **fields,
    }


def topic(*posts, **fields):
    return {
        "post_stream": {"posts": list(posts), "stream": [one["id"] for one in posts]},
        "id": 12,
        "title": "A bridge &amp; a toll",
        "posts_count": len(posts),
        **fields,
    }


def test_a_topic(tmp_path):
    page = topic(post(1, words="Opening"), post(2), post(3, 2), post(4, 1), post(5, 9))
    path = put(tmp_path, "12.json", page)
    assert sniffed(FORUM, path) > 0.9
    found = read_path(FORUM, path)
    assert found.parents == {"12:1": None, "12:2": None, "12:3": "12:2", "12:4": "12:1", "12:5": "12:9"}
    assert (found["12:1"].kind, found["12:1"].text) == ("post", "Opening")
    assert {found[key].kind for key in found.by_id if key != "12:1"} == {"comment"}
    assert (found["12:2"].author, found["12:2"].created) == ("ada", datetime(2026, 5, 1, 10, 2, tzinfo=UTC))
    assert (found["12:2"].edited, found["12:2"].edited_at, found["12:2"].score) == (False, None, 0.0)
    assert found.heads[0].title == "A bridge & a toll"
    assert found.heads[0].announced == 4


def test_the_stream_counts_what_is_on_other_pages(tmp_path):
    page = topic(post(1), post(2))
    page["post_stream"]["stream"] = [1001, 1002, 1003, 1004]
    (thread,) = read(put(tmp_path, "12.json", page))
    assert "3 comments are announced, 1 were found" in thread.notices


def test_quotes_are_not_own_words(tmp_path):
    quoted = (
        '<aside class="quote no-group" data-username="bob" data-post="2" data-topic="12"><div class="title">'
        '<div class="quote-controls"></div> bob:</div><blockquote><p>Tolls are fair.</p></blockquote></aside>'
        "<p>Not so.</p>"
    )
    raw = '[quote="bob, post:2, topic:12"]\nTolls are fair.\n[/quote]\n\nNot so.'
    page = topic(
        post(1), post(2), post(3, cooked=quoted, raw=raw), post(4, cooked=None, raw=raw), post(5, cooked="", raw=raw)
    )
    found = read_path(FORUM, put(tmp_path, "12.json", page))
    for key in ("12:3", "12:4", "12:5"):
        assert found[key].text == "Not so."
        assert [(quote.author, quote.text) for quote in found[key].quotes] == [("bob", "Tolls are fair.")]
        assert found.parents[key] is None


def test_what_is_gone_is_marked_and_holds_the_tree(tmp_path):
    page = topic(
        post(1, cooked="<p>(topic deleted by author)</p>", user_deleted=True),
        post(2, cooked="<p>(post deleted by author)</p>"),
        post(3, 2, cooked="<p>still here</p>", user_deleted=True),
        post(4, 3, hidden=True, cooked="<p>flagged words</p>"),
        post(5, 4, deleted_at="2026-05-02T10:00:00Z"),
        post(6, post_type=3, action_code="closed.enabled", cooked="<p>closed</p>"),
        post(7, 6, post_type=2, words="a moderator's words"),
        post(8, 7, cooked="(post withdrawn by author, will be automatically deleted in 24 hours unless flagged)"),
    )
    found = read_path(FORUM, put(tmp_path, "12.json", page))
    statuses = [found[f"12:{n}"].status for n in range(1, 9)]
    assert statuses == ["deleted", "deleted", "deleted", "removed", "removed", "empty", "ok", "deleted"]
    assert [found[f"12:{n}"].text for n in range(1, 9)] == ["", "", "", "", "", "", "a moderator's words", ""]
    assert found.parents["12:5"] == "12:4"


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        ({"actions_summary": [{"id": 2, "count": 5}, {"id": 3, "count": 9}]}, 5.0),
        ({"actions_summary": [], "reaction_users_count": 2}, 2.0),
        ({"like_count": 7}, 7.0),
        ({"actions_summary": [{"id": 4, "can_act": True}]}, 0.0),
        ({"actions_summary": None}, None),
    ],
)
def test_likes_are_the_score(tmp_path, fields, score):
    found = read_path(FORUM, put(tmp_path, "12.json", topic(post(1), post(2, **fields))))
    assert found["12:2"].score == score


def test_edits_and_languages(tmp_path):
    page = topic(
        post(1),
        post(2, version=3, updated_at="2026-05-03T10:00:00.000Z", locale="pt_BR"),
        post(3, version=None, updated_at="2026-05-03T10:00:00.000Z"),
    )
    found = read_path(FORUM, put(tmp_path, "12.json", page))
    assert (found["12:2"].edited, found["12:2"].edited_at, found["12:2"].lang) == (
        True,
        datetime(2026, 5, 3, 10, tzinfo=UTC),
        "pt",
    )
    assert found["12:3"].edited is True


def test_pages_that_overlap_and_descend_join(tmp_path):
    put(tmp_path, "a/12.json", topic(post(1), post(2), post(3, 2)))
    put(tmp_path, "a/posts.json", {"post_stream": {"posts": [post(5, 4), post(4, 3), post(3, 2)]}, "id": 12})
    (thread,) = read(tmp_path)
    assert [item.id for item in thread.comments] == ["12:1", "12:2", "12:3", "12:4", "12:5"]
    assert thread.depths == (0, 1, 2, 3, 4)
    assert [repair.kind for repair in thread.repairs] == ["duplicate-id"]
    assert thread.title == "A bridge & a toll"


def test_an_archive_with_renamed_copies_keeps_the_last_update(tmp_path):
    old = post(2, words="old words", updated_at="2026-05-01T10:30:00.000Z")
    new = post(2, words="new words", updated_at="2026-06-01T10:00:00.000Z", version=2, username="ada2")
    put(tmp_path, "2026-05-May/0000001002-ada2-a-bridge.json", new)
    put(tmp_path, "2026-05-May/0000001002-ada-a-bridge.json", old)
    put(tmp_path, "2026-05-May/0000001001-ada-a-bridge.json", post(1, topic_title="A bridge"))
    (thread,) = read(tmp_path)
    assert [(item.id, item.text, item.author) for item in thread.replies] == [("12:2", "new words", "ada2")]
    assert [repair.kind for repair in thread.repairs] == ["duplicate-id"]
    reports = read(tmp_path)
    assert len(list(reports)) == 1
    assert sum(report.duplicates for report in reports.files) == 1


def test_a_change_in_the_first_minutes_is_newer_too(tmp_path):
    put(tmp_path, "1.json", post(2, words="new", updated_at="2026-05-01T10:04:00.000Z"))
    put(tmp_path, "2.json", post(2, words="old"))
    (thread,) = read(tmp_path)
    assert thread.comments[0].text == "new"


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_posts_one_a_line_of_several_topics(tmp_path, pack):
    records = lines(
        post(2, topic=12, topic_title="A"), post(1, topic=13, topic_title="B"), post(3, 2, topic=12, topic_title="A")
    )
    path = put(tmp_path, "posts.ndjson", pack(records.encode()))
    assert sniffed(FORUM, path) > 0.9
    threads = {thread.id: thread for thread in read(path)}
    assert {key: thread.title for key, thread in threads.items()} == {"12": "A", "13": "B"}
    assert [item.parent_id for item in threads["12"].comments] == [None, "12:2"]
    assert threads["12"].comments[0].source == f"{path}:1"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: {"latest_posts": [one]},
        lambda one: [one],
        lambda one: one,
        lambda one: {"post": one},
        lambda one: {"topic": {"id": 12, "title": "A"}, "posts": [one]},
        lambda one: [{"post_stream": {"posts": [one]}, "id": 12}],
    ],
)
def test_whatever_wraps_the_posts(tmp_path, wrap):
    path = put(tmp_path, "a.json", wrap(post(2, raw="words")))
    assert sniffed(FORUM, path) > 0.9
    assert read_path(FORUM, path).parents == {"12:2": None}


def test_a_post_that_names_no_topic_is_of_the_one_it_stands_in(tmp_path):
    bare = {key: value for key, value in post(2).items() if key != "topic_id"}
    assert read_path(FORUM, put(tmp_path, "a.json", topic(bare))).threads == {"12:2": "12"}
    assert read_path(FORUM, put(tmp_path, "saved.json", bare)).threads == {"saved:2": "saved"}


def test_malformed_records_are_skipped_and_the_good_ones_stay(tmp_path):
    page = topic(post(1))
    page["post_stream"]["posts"] += [
        *("words", {"cooked": "<p>x</p>", "username": "bob"}, None, 5, {"nothing": 1}),
        post(
            3,
            "2",
            cooked=["x"],
            actions_summary="many",
            version="two",
            created_at=[],
            user_deleted="no",
            topic_id=12.0,
            post_number="3",
        ),
        post(4, 3, username=None, name="Cleo", hidden=None),
    ]
    page["post_stream"]["stream"] = "none"
    found = read_path(FORUM, put(tmp_path, "12.json", page))
    assert found.parents == {"12:1": None, "12:3": "12:2", "12:4": "12:3"}
    assert (found["12:3"].status, found["12:3"].created, found["12:4"].author) == ("empty", None, "Cleo")
    assert len(found.skips) == 4
    assert "post_number" in found.skips[1].why


def test_a_damaged_line_costs_itself(tmp_path):
    path = put(tmp_path, "posts.ndjson", lines(post(1), '{"id": 5, "topic', post(2)))
    found = read_path(FORUM, path)
    assert list(found.by_id) == ["12:1", "12:2"]
    assert [skip.where for skip in found.skips] == [f"{path}:2"]


def test_what_is_not_discourse_is_not_taken(tmp_path):
    for name, value in (
        ("a", {"posts": [{"no": 1, "com": "x"}]}),
        ("b", {"topics": [{"id": 3}]}),
        ("c", [{"id": 1, "raw": "x"}]),
    ):
        assert sniffed(FORUM, put(tmp_path, f"{name}.json", value)) == 0.0
