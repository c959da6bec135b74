import pytest
from reader_tools import put, read_path, sniffed

from discourse.readers.iac import FORMATS

IAC = FORMATS[0]
WORDS = "They said it.\n\n I doubt it. And more was said. So no."
POSTS = [
    [10, None, "ada", "Is it so?", {"post_info": {"post_title": "Looms"}}, None, None, 1047615660.0],
    [11, "pro", "bob", WORDS, {}, 10, None, 1047617160.0],
    [12, None, None, "Originally posted by ada \n Is it so?\n It is.", {}, 11, None, None],
]
ABOUT = {"title": "4Forums.com Political Debates and Polls -  Looms", "url": "http://x.org/41", "id_number": 41}
SPANS = [
    [11, [0, 13, {"author": "ada", "quote_id": 10}], [28, 47, {}], [5, 20, {}], [400, 900, {}]],
    [12, [0, 36, {}]],
    "x", [], [13, "y", [None, 3]],
]  # fmt: skip


def test_a_discussion_with_its_quotes(tmp_path):
    path = put(tmp_path, "iac/discussions/41.json", [POSTS, {}, ABOUT])
    put(tmp_path, "iac/ranges/quotes/41.json", SPANS)
    assert sniffed(IAC, path) > 0.9
    assert IAC.folder(str(tmp_path / "iac"))
    for found in (read_path(IAC, path), read_path(IAC, tmp_path / "iac")):
        assert found.parents == {"10": None, "11": "10", "12": "11"}
        assert set(found.threads.values()) == {"41"}
        assert [comment.kind for comment in found.all] == ["post", "comment", "comment"]
        assert found.titles == {"41": "Looms"}
        assert [(quote.author, quote.text) for quote in found["12"].quotes] == [("ada", "Is it so?")]
        assert found["12"].text == "It is."
        assert ("ada", "They said it.") in [(quote.author, quote.text) for quote in found["11"].quotes]
        assert found["11"].text.endswith("So no.")
        assert "They said" not in found["11"].text
        assert (found["10"].title, found["12"].author, found["10"].created.year) == ("Looms", None, 2003)


def test_without_spans_the_text_is_whole(tmp_path):
    path = put(tmp_path, "41.json", [POSTS, {}, {}])
    found = read_path(IAC, path)
    assert found["11"].text.startswith("They said it.")
    assert set(found.threads.values()) == {"41"}
    put(tmp_path, "d/discussions/41.json", [POSTS])
    put(tmp_path, "d/quotes/41.json", "{broken")
    assert len(read_path(IAC, tmp_path / "d").all) == 3


def test_malformed_posts_are_skipped(tmp_path):
    found = read_path(
        IAC, put(tmp_path, "1.json", [[POSTS[0], "x", [None, 1, 2, "t"], [5, None, "a", 7], [6, 0, [], "ok"], None]])
    )
    assert list(found.by_id) == ["10", "6"]
    assert len(found.skips) == 3


@pytest.mark.parametrize("data", [[[1, [0, 3, {}]]], [{"posts": []}], [], {}, [[["a"]]], [[[1, 2, 3, 4, 5, 6, 7, 8]]]])
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(IAC, put(tmp_path, "x.json", data)) == 0
