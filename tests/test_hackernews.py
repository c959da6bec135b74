from datetime import UTC, datetime

import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers import read
from discourse.readers.hackernews import FORMATS
from discourse.readers.inputs import find_inputs

API = FORMATS[0]
NOON = 1_700_000_000
"""2023-11-14 22:13:20 UTC."""


def story(own_id=100, kids=(), **fields):
    return {
        "by": "pg",
        "descendants": 3,
        "id": own_id,
        "kids": list(kids),
        "score": 57,
        "time": NOON,
        "title": "A bridge &amp; a toll",
        "type": "story",
        "url": "https://news.test/bridge",
        **fields,
    }


def comment(own_id, parent, text="words", kids=(), **fields):
    return {
        "by": "ada",
        "id": own_id,
        "kids": list(kids),
        "parent": parent,
        "text": text,
        "time": NOON,
        "type": "comment",
        **fields,
    }


def algolia(own_id, parent=None, text="words", children=(), **fields):
    return {
        "id": own_id,
        "created_at": "2023-11-14T22:13:20.000Z",
        "created_at_i": NOON,
        "type": "comment" if parent else "story",
        "author": "ada",
        "title": None if parent else "A bridge",
        "url": None,
        "text": text,
        "points": None if parent else 57,
        "parent_id": parent,
        "story_id": 100,
        "children": list(children),
        "options": [],
        **fields,
    }


class TestFirebase:
    def test_items_one_a_line_in_any_order(self, tmp_path):
        link = '<a href="https:&#x2F;&#x2F;x.org&#x2F;a">https:&#x2F;&#x2F;x.org&#x2F;a</a>'
        text = f"&gt; their words<p>own <i>words</i>: {link}"
        path = put(
            tmp_path, "items.ndjson", lines(comment(3, 2, text), story(), comment(2, 100), comment(7, 200), story(200))
        )
        assert sniffed(API, path) > 0.9
        found = read_path(API, path)
        assert found.parents == {"3": "2", "100": None, "2": None, "7": None, "200": None}
        assert found.threads == {"3": "100", "100": "100", "2": "100", "7": "200", "200": "200"}
        assert found["3"].text == "own words: https://x.org/a"
        assert [quote.text for quote in found["3"].quotes] == ["their words"]
        assert (found["3"].author, found["3"].created) == ("ada", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))
        assert (found["3"].score, found["3"].url) == (None, "https://news.ycombinator.com/item?id=3")
        assert found["3"].source == f"{path}:1"
        post = found["100"]
        assert (post.kind, post.title, post.score, post.url) == (
            "post",
            "A bridge & a toll",
            57.0,
            "https://news.test/bridge",
        )
        assert found.heads[0].announced == 3

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda top, *rest: {"post": top, "comments": list(rest)},
            lambda top, *rest: {"story": top, "items": list(rest)},
            lambda top, *rest: [*rest, top],
            lambda top, *rest: {str(one["id"]): one for one in (*rest, top)},
            lambda top, *rest: {**top, "comments": list(rest)},
            lambda top, first, second: {**top, "kids": [{**first, "kids": [second]}]},
        ],
    )
    def test_whatever_wraps_the_items(self, tmp_path, wrap):
        path = put(tmp_path, "a.json", wrap(story(), comment(2, 100, kids=[3]), comment(3, 2)))
        assert sniffed(API, path) > 0.9
        found = read_path(API, path)
        assert found.parents == {"100": None, "2": None, "3": "2"}
        assert set(found.threads.values()) == {"100"}
        assert not found.skips

    def test_nesting_tells_the_parent_where_the_field_is_missing(self, tmp_path):
        bare = {"id": 3, "type": "comment", "time": NOON, "by": "bob", "text": "x"}
        found = read_path(API, put(tmp_path, "a.json", story(kids=[comment(2, 100, kids=[bare])])))
        assert found.parents == {"100": None, "2": None, "3": "2"}

    def test_a_story_alone(self, tmp_path):
        (thread,) = read(put(tmp_path, "100.json", story(kids=[2, 3])))
        assert (len(thread), thread.title, thread.announced) == (0, "A bridge & a toll", 3)

    def test_a_missing_parent_is_placed_by_the_kids_that_name_it(self, tmp_path):
        top = story(kids=[2])
        found = read_path(
            API, put(tmp_path, "a.ndjson", lines(top, comment(2, 100, kids=[3]), comment(4, 3), story(200)))
        )
        assert (found.threads["4"], found.parents["4"]) == ("100", "3")

    def test_a_missing_parent_in_the_dump_of_one_story(self, tmp_path):
        (thread,) = read(put(tmp_path, "a.ndjson", lines(story(), comment(2, 100), comment(4, 3))))
        assert [(repair.comment_id, repair.kind) for repair in thread.repairs] == [("4", "missing-parent")]

    def test_comments_without_their_story_share_the_thread_they_answer(self, tmp_path):
        threads = list(
            read(put(tmp_path, "a.ndjson", lines(comment(3, 2), comment(2, 100), comment(4, 100), comment(9, 200))))
        )
        assert [(thread.id, [item.id for item in thread.comments]) for thread in threads] == [
            ("100", ["2", "3", "4"]),
            ("200", ["9"]),
        ]

    def test_what_is_gone_is_marked_and_holds_the_tree(self, tmp_path):
        gone = {"deleted": True, "id": 2, "kids": [3], "parent": 100, "time": NOON, "type": "comment"}
        records = lines(
            story(),
            gone,
            comment(3, 2, "spam", dead=True),
            comment(4, 3, "[flagged]"),
            comment(5, 4),
            comment(6, 5, ""),
        )
        found = read_path(API, put(tmp_path, "a.ndjson", records))
        assert [found[str(n)].status for n in range(2, 7)] == ["deleted", "removed", "removed", "ok", "empty"]
        assert [found[str(n)].text for n in range(2, 7)] == ["", "", "", "words", ""]
        assert found["2"].author is None
        assert found.parents["5"] == "4"

    def test_polls_are_stories_and_their_options_no_comments(self, tmp_path):
        poll = story(type="poll", parts=[101], kids=[2])
        option = {"by": "pg", "id": 101, "poll": 100, "score": 3, "text": "Yes", "time": NOON, "type": "pollopt"}
        found = read_path(API, put(tmp_path, "a.json", [poll, option, comment(2, 100)]))
        assert found.parents == {"100": None, "2": None}
        assert len(found.notices) == 1

    def test_a_folder_of_one_item_a_file(self, tmp_path):
        for item in (story(), comment(2, 100), comment(3, 2)):
            put(tmp_path, f"items/{item['id']}.json", item)
        (entry,) = find_inputs([tmp_path], FORMATS)
        assert entry.format is API
        (thread,) = read(tmp_path)
        assert thread.depths == (0, 1, 2)
        assert thread.comments[1].source.endswith("items/2.json:1")

    def test_a_folder_of_anything_else_is_no_such_dump(self, tmp_path):
        put(tmp_path, "items/1.json", {"id": 1, "text": "x"})
        put(tmp_path, "items/2.json", {"id": 2, "text": "y"})
        assert all(entry.format is None for entry in find_inputs([tmp_path], FORMATS))


class TestAlgolia:
    def test_a_story_with_its_tree(self, tmp_path):
        tree = algolia(100, children=[algolia(2, 100, children=[algolia(3, 2)]), algolia(4, 100)])
        path = put(tmp_path, "a.json", tree)
        assert sniffed(API, path) > 0.9
        found = read_path(API, path)
        assert found.parents == {"100": None, "2": None, "3": "2", "4": None}
        assert (found["100"].score, found["3"].score) == (57.0, None)
        assert found["3"].created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)

    def test_a_branch_of_a_story(self, tmp_path):
        found = read_path(API, put(tmp_path, "a.json", algolia(2, 100, children=[algolia(3, 2)])))
        assert found.parents == {"2": None, "3": "2"}
        assert set(found.threads.values()) == {"100"}

    def test_a_deleted_comment_has_neither_author_nor_text(self, tmp_path):
        tree = algolia(100, children=[algolia(2, 100, None, author=None, children=[algolia(3, 2)])])
        found = read_path(API, put(tmp_path, "a.json", tree))
        assert (found["2"].status, found.parents["3"]) == ("deleted", "2")

    def test_search_results(self, tmp_path):
        def hit(own_id, parent, text):
            tags = ["comment", "author_ada", "story_100"]
            known = {"objectID": str(own_id), "parent_id": parent, "story_id": 100, "comment_text": text, "_tags": tags}
            return {
                **known,
                "author": "ada",
                "created_at_i": NOON,
                "story_title": "A bridge",
                "story_url": None,
                "children": [9],
            }

        top = {"objectID": "100", "title": "A bridge", "url": "https://news.test", "author": "pg", "points": 5}
        top |= {"created_at_i": NOON, "num_comments": 2, "story_id": 100, "_tags": ["story"], "children": [2]}
        path = put(tmp_path, "hits.json", {"hits": [hit(3, 2, "x"), hit(2, 100, "y"), top], "nbHits": 3, "page": 0})
        assert sniffed(API, path) > 0.9
        found = read_path(API, path)
        assert found.parents == {"3": "2", "2": None, "100": None}
        assert (found["3"].text, found["100"].kind, found["100"].url) == ("x", "post", "https://news.test")
        assert found.titles == {"100": "A bridge"}

    @pytest.mark.parametrize("depth", [1_000, 5_000])
    def test_any_depth(self, tmp_path, depth):
        opening = "".join(
            f'{{"id":{n},"type":"comment","author":"a","parent_id":{n - 1},"children":['
            for n in range(101, 101 + depth)
        )
        top = '{"id":100,"type":"story","author":"pg","title":"T","created_at_i":1700000000,"children":['
        tree = f"{top}{opening}{']}' * depth}]}}"
        path = put(tmp_path, "deep.json", tree)
        assert sniffed(API, path) > 0.9
        (thread,) = read(path)
        assert max(thread.depths) == depth


def test_malformed_records_are_skipped_and_the_good_ones_stay(tmp_path):
    odd = {**comment(3, "2", ["no", "text"], time="soon", by=7, dead="perhaps"), "kids": ["a", [4]], "children": "none"}
    records = lines(
        story(),
        "null",
        '"words"',
        {"type": "comment", "by": "x", "id": None},
        odd,
        '{"id": 4, "par',
        {"a": 1},
        comment(2, 100),
    )
    path = put(tmp_path, "a.ndjson", records)
    found = read_path(API, path)
    assert found.parents == {"100": None, "3": "2", "2": None}
    assert (found["3"].status, found["3"].created) == ("empty", None)
    assert [skip.where for skip in found.skips] == [f"{path}:{line}" for line in (2, 3, 4, 6, 7)]


def test_what_is_not_hacker_news_is_not_taken(tmp_path):
    for name, value in (
        ("a", {"id": 1, "text": "x", "author": "y"}),
        ("b", [{"id": 1, "parent": 2, "type": "post"}]),
        ("c", [1]),
    ):
        assert sniffed(API, put(tmp_path, f"{name}.json", value)) == 0.0


@pytest.mark.parametrize("odd", [["comment"], {"a": 1}, 7, None])
def test_a_type_that_is_no_text_is_no_mark(tmp_path, odd):
    assert sniffed(API, put(tmp_path, "a.json", {**comment(2, 100), "type": odd})) == 0.0
