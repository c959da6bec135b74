import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.mastodon import FORMATS

MASTODON = FORMATS[0]


def status(number, parent=None, content="<p>Words.</p>", **more):
    return {
        "id": str(number),
        "in_reply_to_id": None if parent is None else str(parent),
        "content": content,
        "account": {"acct": "ada@example.social", "username": "ada"},
        "created_at": "2023-05-28T15:20:18.907Z",
        "edited_at": None,
        "favourites_count": 2,
        "language": "fr",
        **more,
    }


FOCAL = 110446983926957470


def test_a_context_holds_together_around_the_status_that_was_asked_for(tmp_path):
    context = {
        "ancestors": [status(1), status(2, 1)],
        "descendants": [status(4, FOCAL), status(5, 4), status(6, FOCAL)],
    }
    path = put(tmp_path, "context.json", context)
    found = read_path(MASTODON, path)
    assert sniffed(MASTODON, path) > 0.9
    assert found.parents == {"1": None, "2": "1", "4": str(FOCAL), "5": "4", "6": str(FOCAL)}
    assert set(found.threads.values()) == {"1"}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment", "comment", "comment"]
    assert str(FOCAL) in found.heads[-1].notices[0]


def test_without_ancestors_the_thread_has_the_id_that_was_asked_for(tmp_path):
    found = read_path(MASTODON, put(tmp_path, "c.json", {"ancestors": [], "descendants": [status(4, FOCAL)]}))
    assert found.threads == {"4": str(FOCAL)}
    partial = {"ancestors": [status(2, 1)], "descendants": []}
    assert read_path(MASTODON, put(tmp_path, f"{FOCAL}.context.json", partial)).threads == {"2": "1"}
    nothing = read_path(MASTODON, put(tmp_path, "empty.json", {"ancestors": [], "descendants": []}))
    assert not nothing.all


def test_the_asked_status_may_lie_beside_its_context(tmp_path):
    wrapped = {"status": status(FOCAL, 1), "context": {"ancestors": [status(1)], "descendants": [status(4, FOCAL)]}}
    found = read_path(MASTODON, put(tmp_path, "c.json", wrapped))
    assert set(found.threads.values()) == {"1"}
    assert list(found.parents) == ["1", str(FOCAL), "4"]
    assert not [head for head in found.heads if head.notices]
    apart = lines({"ancestors": [], "descendants": [status(4, FOCAL)]}, status(FOCAL))
    found = read_path(MASTODON, put(tmp_path, "c.ndjson", apart))
    assert set(found.threads.values()) == {str(FOCAL)}
    assert not found.heads


def test_what_a_status_keeps(tmp_path):
    content = (
        '<p><span class="h-card"><a href="https://x/@bob" class="u-url mention">@<span>bob</span></a></span> '
        '<a class="mention" href="https://x/@eve">@eve</a> I say <a href="https://x/tags/loom" class="mention hashtag" '
        'rel="tag">#<span>loom</span></a> to '
        '<span class="h-card"><a class="u-url mention">@<span>dan</span></a></span></p>'
    )
    edited = status(2, 1, content, edited_at="2023-05-29T00:00:00Z", spoiler_text="politics")
    boost = status(9, reblog=status(3, content="<p>Boosted.</p>"), content="")
    found = read_path(MASTODON, put(tmp_path, "timeline.json", [status(1), edited, boost]))
    assert found["2"].text == "I say #loom to @dan"
    assert (found["2"].edited, found["2"].title, found["2"].lang, found["2"].score) == (True, "politics", "fr", 2)
    assert found["1"].author == "ada@example.social"
    assert found["3"].text == "Boosted."
    assert found["1"].edited is False


def test_malformed_statuses_are_skipped(tmp_path):
    context = {"ancestors": ["x", {"id": None}], "descendants": [status(4, FOCAL, account="ada", content=3), None]}
    found = read_path(MASTODON, put(tmp_path, "c.json", context))
    assert list(found.by_id) == ["4"]
    assert len(found.skips) == 2
    assert found["4"].author is None


def test_pleroma_names_the_conversation(tmp_path):
    talk = {"pleroma": {"conversation_id": 77}}
    found = read_path(MASTODON, put(tmp_path, "t.json", [status(1, **talk), status(5, 99, **talk), status(6, 98)]))
    assert found.threads == {"1": "1", "5": "1", "6": "98"}


@pytest.mark.parametrize(
    "data", [{"ancestors": [{"id": 1}], "descendants": []}, [{"id": 1, "content": "x"}], {"account": {}}]
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(MASTODON, put(tmp_path, "x.json", data)) == 0
