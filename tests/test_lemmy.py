from datetime import UTC, datetime

import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers import read
from discourse.readers.lemmy import FORMATS

LEMMY = FORMATS[0]


def comment(own_id, path, content="words", **fields):
    return {
        "id": own_id,
        "creator_id": 7,
        "post_id": 40,
        "content": content,
        "removed": False,
        "deleted": False,
        "published": "2026-05-01T10:00:00.000000Z",
        "ap_id": f"https://lemmy.test/comment/{own_id}",
        "path": path,
        "language_id": 0,
        **fields,
    }


POST = {
    "id": 40,
    "name": "A bridge &amp; a toll",
    "body": "What do you think?",
    "url": "https://news.test/bridge",
    "creator_id": 8,
    "community_id": 3,
    "removed": False,
    "deleted": False,
    "published": "2026-05-01T09:00:00Z",
    "ap_id": "https://lemmy.test/post/40",
    "language_id": 37,
}
ADA = {"id": 7, "name": "ada", "display_name": "Ada L", "actor_id": "https://lemmy.test/u/ada"}
BOB = {"id": 8, "name": "bob"}


def view(own_id, path, content="words", *, creator=ADA, score=1, post=POST, **fields):
    found = {"comment": comment(own_id, path, content, **fields), "creator": creator}
    found["counts"] = {"comment_id": own_id, "score": score, "upvotes": score, "downvotes": 0, "child_count": 0}
    if post is not None:
        found["post"] = post
    return found


def test_a_page_of_comments(tmp_path):
    page = {
        "comments": [
            view(3, "0.1.2.3", "> quoted\n\nown *words*", score=5),
            view(1, "0.1", "first", language_id=47),
            view(2, "0.1.2", "second", creator=BOB, updated="2026-05-02T08:00:00Z"),
        ]
    }
    path = put(tmp_path, "page.json", page)
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert found.parents == {"p40": None, "3": "2", "1": None, "2": "1"}
    assert set(found.threads.values()) == {"40"}
    assert found["3"].text == "own words"
    assert [quote.text for quote in found["3"].quotes] == ["quoted"]
    assert (found["3"].author, found["3"].score, found["3"].url) == ("ada", 5.0, "https://lemmy.test/comment/3")
    assert found["3"].created == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert (found["1"].lang, found["3"].lang, found["1"].edited) == ("fr", None, False)
    assert (found["2"].edited, found["2"].edited_at) == (True, datetime(2026, 5, 2, 8, tzinfo=UTC))
    post = found["p40"]
    assert (post.kind, post.title, post.text, post.lang) == ("post", "A bridge & a toll", "What do you think?", "en")
    assert found.titles == {"40": "A bridge & a toll"}


def test_the_post_is_told_once_a_file_with_its_author_where_known(tmp_path):
    found = read_path(LEMMY, put(tmp_path, "a.json", {"comments": [view(1, "0.1"), view(2, "0.2", creator=BOB)]}))
    assert [item.id for item in found.all].count("p40") == 1
    assert found["p40"].author is None
    found = read_path(LEMMY, put(tmp_path, "b.json", {"comments": [view(2, "0.2", creator=BOB)]}))
    assert found["p40"].author == "bob"


def test_posts_of_one_number_of_two_servers_in_one_file_are_two_threads(tmp_path):
    other = {**POST, "name": "Another", "ap_id": "https://other.test/post/40"}
    page = {
        "comments": [view(1, "0.1"), view(1, "0.1", "elsewhere", post=other), view(2, "0.1.2", "again", post=other)]
    }
    here, there = read(put(tmp_path, "a.json", lines(page)))
    assert (here.id, there.id) == ("40", "40@other.test")
    assert (here.title, there.title) == ("A bridge & a toll", "Another")
    assert [comment.text for comment in there.replies] == ["elsewhere", "again"]
    odd = {**POST, "ap_id": "http://[odd/post/40"}
    put(tmp_path, "c.json", lines({"comments": [view(1, "0.1"), view(1, "0.1", post=odd)]}))
    assert [thread.id for thread in read(tmp_path / "c.json")] == ["40", "40@[odd"]
    unnamed = {name: value for name, value in POST.items() if name != "ap_id"}
    page = {"comments": [view(1, "0.1", post=unnamed), view(2, "0.1.2"), view(3, "0.3", post=None)]}
    (thread,) = read(put(tmp_path, "b.json", lines(page)))
    assert len(thread) == 3


def test_a_comment_on_two_pages_keeps_what_only_one_of_them_states(tmp_path):
    bare = {**view(1, "0.1", "first", creator=None), "counts": None}
    put(tmp_path, "page1.json", lines({"comments": [view(1, "0.1", "first", score=5)]}))
    put(tmp_path, "page2.json", lines({"comments": [bare]}))
    (thread,) = read(tmp_path)
    assert [(comment.author, comment.score, comment.text) for comment in thread.replies] == [("ada", 5.0, "first")]
    assert [repair.kind for repair in thread.repairs] == ["duplicate-id"]


def test_a_comment_may_have_the_number_of_its_post(tmp_path):
    found = read_path(LEMMY, put(tmp_path, "a.json", {"comments": [view(40, "0.40"), view(41, "0.40.41")]}))
    assert found.parents == {"p40": None, "40": None, "41": "40"}


def test_version_4(tmp_path):
    item = comment(1, "0.1", score=4, published_at="2026-05-01T11:00:00Z", updated_at=None)
    del item["published"]
    post = {**POST, "comments": 9, "score": 2}
    page = {"items": [{"comment": item, "creator": ADA, "post": post}], "next_page": "Pc9", "prev_page": None}
    path = put(tmp_path, "page.json", page)
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert (found["1"].score, found["1"].edited) == (4.0, False)
    assert found["1"].created == datetime(2026, 5, 1, 11, tzinfo=UTC)
    assert found["p40"].score == 2.0
    assert [head.announced for head in found.heads] == [9]


def test_piefed_writes_body_and_nests_replies(tmp_path):
    def piefed(own_id, path, replies=()):
        item = {"id": own_id, "user_id": 5, "post_id": 40, "body": "one\r\ntwo", "path": path, "language_id": 2}
        item |= {
            "ap_id": "https://pie.test/c",
            "published": "2026-05-01T10:00:00Z",
            "edited_at": None,
            "deleted": False,
        }
        return {"comment": item, "creator": {"id": 5, "user_name": "cleo", "title": "Cleo"}, "replies": list(replies)}

    path = put(tmp_path, "page.json", {"comments": [piefed(1, "0.1", [piefed(2, "0.1.2", [piefed(3, "0.1.2.3")])])]})
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert found.parents == {"1": None, "2": "1", "3": "2"}
    assert (found["3"].text, found["3"].author, found["3"].lang) == ("one\ntwo", "cleo", None)


def test_a_saved_answer_on_one_post_and_its_comments(tmp_path):
    whole = {"post": POST, "creator": BOB, "counts": {"score": 12, "comments": 3}}
    answer = {
        "post_view": whole,
        "community_view": {"community": {"id": 3}},
        "moderators": [],
        "cross_posts": [{"post": {**POST, "id": 41}}],
        "comments": [view(1, "0.1")],
    }
    path = put(tmp_path, "post.json", answer)
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert found.parents == {"p40": None, "1": None}
    assert (found["p40"].author, found["p40"].score) == ("bob", 12.0)
    assert found.heads[0].announced == 3


@pytest.mark.parametrize(
    "wrap",
    [
        lambda views: [{"comments": views[:1]}, {"comments": views[1:]}],
        lambda views: views,
        lambda views: {"comments": views, "posts": [{"post": POST, "creator": BOB}], "users": []},
        lambda views: {"op": "GetComments", "data": {"comments": views}},
        lambda views: {"replies": [{"comment_reply": {"id": 9}, **one} for one in views]},
        lambda views: {"person_view": {"person": ADA}, "comments": views, "posts": []},
    ],
)
def test_whatever_wraps_the_views(tmp_path, wrap):
    path = put(tmp_path, "a.json", wrap([view(1, "0.1"), view(2, "0.1.2")]))
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert found.parents == {"p40": None, "1": None, "2": "1"}
    assert not found.skips


def test_views_and_bare_records_one_a_line(tmp_path):
    path = put(
        tmp_path,
        "a.ndjson",
        lines(view(1, "0.1"), comment(2, "0.1.2"), {**POST, "id": 41}, {"comment_view": view(3, "0.3")}),
    )
    assert sniffed(LEMMY, path) > 0.9
    found = read_path(LEMMY, path)
    assert found.parents == {"p40": None, "1": None, "2": "1", "p41": None, "3": None}
    assert found["2"].source == f"{path}:2"


def test_what_is_gone_is_marked_and_holds_the_tree(tmp_path):
    page = {
        "comments": [
            view(1, "0.1", "still here", deleted=True),
            view(2, "0.1.2", "insult", removed=True),
            view(3, "0.1.2.3", "*Permanently Deleted*"),
            view(4, "0.1.2.3.4", ""),
            view(5, "0.1.2.3.4.5", "answer"),
        ]
    }
    found = read_path(LEMMY, put(tmp_path, "a.json", page))
    assert [found[str(n)].status for n in range(1, 6)] == ["deleted", "removed", "deleted", "empty", "ok"]
    assert all(found[str(n)].text == "" for n in range(1, 5))
    assert found.parents["5"] == "4"


def test_pages_join_and_a_missing_ancestor_is_named(tmp_path):
    put(tmp_path, "page1.json", {"comments": [view(3, "0.1.2.3"), view(1, "0.1"), view(9, "0.8.9")]})
    put(tmp_path, "page2.json", {"comments": [view(2, "0.1.2"), view(1, "0.1")]})
    (thread,) = read(tmp_path)
    parents = {item.id: item.parent_id for item in thread.comments}
    assert parents == {"p40": None, "1": None, "2": "1", "3": "2", "9": "8"}
    assert thread.title == "A bridge & a toll"
    kinds = sorted((repair.comment_id, repair.kind) for repair in thread.repairs)
    assert kinds == [("1", "duplicate-id"), ("9", "missing-parent")]


def test_instances_before_paths_state_the_parent(tmp_path):
    old = {key: value for key, value in comment(2, "").items() if key != "path"}
    page = {
        "comments": [
            {"comment": {**old, "parent_id": 1}, "creator": ADA},
            {"comment": {**old, "id": 1, "parent_id": None}},
        ]
    }
    found = read_path(LEMMY, put(tmp_path, "a.json", page))
    assert found.parents == {"2": "1", "1": None}


def test_malformed_records_are_skipped_and_the_good_ones_stay(tmp_path):
    page = {
        "comments": [
            view(1, "0.1"),
            {"comment": {"content": "no id"}},
            "words",
            7,
            None,
            {"nothing": "known"},
            view(2, 12.5, content=["no", "text"], published="yesterday", ap_id=3, deleted="maybe", language_id="fr"),
            {"comment": comment(3, "0.1.3"), "creator": "ada", "counts": [1], "post": "p"},
        ]
    }
    found = read_path(LEMMY, put(tmp_path, "a.json", page))
    assert {"p40", "1", "2", "3"} == set(found.by_id)
    assert len(found.skips) == 4
    assert (found["2"].created, found["2"].text, found["2"].status) == (None, "", "empty")
    assert (found["3"].author, found["3"].score, found.parents["3"]) == (None, None, "1")


def test_what_is_not_lemmy_is_not_taken(tmp_path):
    for name, value in (
        ("a", {"comments": [{"id": 1, "text": "x"}]}),
        ("b", [1, 2]),
        ("c", {"posts": [{"no": 1, "com": "x"}]}),
    ):
        assert sniffed(LEMMY, put(tmp_path, f"{name}.json", value)) == 0.0
