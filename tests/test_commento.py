import pytest
from reader_tools import put, read_path, sniffed

from discourse.readers.commento import FORMATS

COMMENTO = FORMATS[0]


def comment(name, parent="root", **more):
    return {
        "commentHex": name,
        "domain": "x.org",
        "url": "/blog/1",
        "commenterHex": "c1",
        "markdown": "Some **words**",
        "html": "",
        "parentHex": parent,
        "score": 2,
        "state": "approved",
        "creationDate": "2021-03-17T12:09:47.722181Z",
        "deleted": False,
        **more,
    }


PEOPLE = [{"commenterHex": "c1", "name": "Ada"}, {"commenterHex": "anonymous", "name": "Anonymous"}, None]


def test_an_export_becomes_one_thread_a_page(tmp_path):
    records = [
        comment("a"),
        comment("b", "a", deleted=True, markdown="[deleted]"),
        comment("c", "b", commenterHex="anonymous", markdown="", html="<p>Rich</p>"),
        comment("d", url="/blog/2", commenterHex="c9", score=None),
    ]
    path = put(tmp_path, "export.json", {"version": 1, "comments": records, "commenters": PEOPLE})
    found = read_path(COMMENTO, path)
    assert sniffed(COMMENTO, path) > 0.9
    assert found.parents == {"a": None, "b": "a", "c": "b", "d": None}
    assert found.threads == {"a": "x.org/blog/1", "b": "x.org/blog/1", "c": "x.org/blog/1", "d": "x.org/blog/2"}
    assert [comment.author for comment in found.all] == ["Ada", "Ada", None, "c9"]
    assert (found["a"].text, found["b"].status, found["c"].text) == ("Some words", "deleted", "Rich")
    assert found.heads[0].url == "https://x.org/blog/1"


def test_answers_of_the_api_name_commenters_in_a_mapping(tmp_path):
    answer = {"comments": [comment("a", domain=None)], "commenters": {"c1": {"name": "Ada"}}, "domain": "y.org"}
    found = read_path(COMMENTO, put(tmp_path, "list.json", answer))
    assert (found["a"].author, found["a"].thread_id) == ("Ada", "y.org/blog/1")


def test_malformed_comments_are_skipped(tmp_path):
    records = [comment("a", creationDate=3, markdown=None, commenterHex=[]), "x", {"commentHex": ""}, None]
    found = read_path(COMMENTO, put(tmp_path, "e.json", {"comments": records, "commenters": "none"}))
    assert list(found.by_id) == ["a"]
    assert len(found.skips) == 2


@pytest.mark.parametrize("data", [{"comments": [{"id": 1}]}, {"version": 1}, [], [{"parentHex": 1}]])
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(COMMENTO, put(tmp_path, "x.json", data)) == 0
