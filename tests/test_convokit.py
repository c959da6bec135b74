import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.convokit import FORMATS

CONVOKIT = FORMATS[0]


def new(utterance_id, parent=None, text="Words", **more):
    return {
        "id": utterance_id,
        "conversation_id": "r",
        "text": text,
        "speaker": "ada",
        "meta": {},
        "reply-to": parent,
        "timestamp": 1500000000,
        "vectors": [],
        **more,
    }


def test_a_corpus_with_its_conversations(tmp_path):
    meta = {"score": 7, "permalink": "/r/looms/comments/r/x/a/", "subreddit": "looms"}
    put(
        tmp_path,
        "corpus/utterances.jsonl",
        lines(
            new("r"),
            new("a", "r", "> They say\n\nI *say* &gt; 1", meta=meta, timestamp="1500000001"),
            new("b", "a", "[removed]", speaker="[deleted]", timestamp=None),
            new("c", "gone", "[deleted]"),
            "{broken",
            {"id": None},
        ),
    )
    put(tmp_path, "corpus/conversations.json", {"r": {"meta": {"title": "Looms", "num_comments": 12}, "vectors": []}})
    put(tmp_path, "corpus/speakers.json", {"ada": {}})
    assert CONVOKIT.folder(str(tmp_path / "corpus"))
    found = read_path(CONVOKIT, tmp_path / "corpus")
    assert found.parents == {"r": None, "a": "r", "b": "a", "c": "gone"}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment", "comment"]
    assert (found["a"].text, [quote.text for quote in found["a"].quotes]) == ("I say > 1", ["They say"])
    assert (found["a"].score, found["a"].url) == (7, "https://www.reddit.com/r/looms/comments/r/x/a/")
    assert (found["b"].status, found["b"].author, found["c"].status) == ("removed", None, "deleted")
    assert (found.heads[0].title, found.heads[0].announced) == ("Looms", 12)
    assert [skip.where.rsplit(":", 1)[1] for skip in found.skips] == ["5", "6"]


def test_old_field_names(tmp_path):
    records = [
        {"id": "r", "root": "r", "text": "Hi", "user": "ada", "reply_to": None, "timestamp": "1.5e9", "meta": None},
        {"id": 2, "root": "r", "text": "Ho", "user": {"id": "bob"}, "reply_to": "r", "timestamp": None},
    ]
    for name, data in (("utterances.json", records), ("u.jsonl", lines(*records))):
        path = put(tmp_path, f"old/{name}", data)
        assert sniffed(CONVOKIT, path) > 0.9
        found = read_path(CONVOKIT, path)
        assert found.parents == {"r": None, "2": "r"}
        assert [comment.author for comment in found.all] == ["ada", "bob"]
    put(tmp_path, "old/conversations.json", {"r": {"title": "Old"}})
    assert read_path(CONVOKIT, tmp_path / "old").titles == {"r": "Old"}


@pytest.mark.parametrize("conversations", ["{broken", "[]", '{"r": 3}', '{"r": {"meta": [1]}}'])
def test_conversations_that_cannot_be_read_cost_titles_only(tmp_path, conversations):
    put(tmp_path, "c/utterances.jsonl", lines(new("r")))
    put(tmp_path, "c/conversations.json", conversations)
    found = read_path(CONVOKIT, tmp_path / "c")
    assert list(found.by_id) == ["r"]
    assert "titles" in found.notices[0].text


@pytest.mark.parametrize(
    "data", ['{"id": 1, "text": "x", "user": "y"}\n', '{"id": 1, "reply_to": 2, "user": 3, "root": 4}\n']
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(CONVOKIT, put(tmp_path, "x.jsonl", data)) == 0
    assert not CONVOKIT.folder(str(tmp_path))
