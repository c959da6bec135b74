import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.youtube import FORMATS

YOUTUBE = FORMATS[0]


def comment(comment_id, text="Words", video="V1", **more):
    snippet = {
        "videoId": video,
        "textDisplay": text,
        "textOriginal": text,
        "authorDisplayName": "@ada",
        "likeCount": 3,
        "publishedAt": "2022-12-17T04:19:11Z",
        "updatedAt": "2022-12-17T04:19:11Z",
        **more,
    }
    return {"kind": "youtube#comment", "id": comment_id, "snippet": snippet}


def thread(comment_id, *replies, total=None, **more):
    return {
        "kind": "youtube#commentThread",
        "id": comment_id,
        "snippet": {
            "videoId": "V1",
            "topLevelComment": comment(comment_id, **more),
            "totalReplyCount": total or len(replies),
        },
        **({"replies": {"comments": list(replies)}} if replies else {}),
    }


def reply(comment_id, parent, **more):
    return comment(comment_id, parentId=parent, **more)


def test_threads_and_their_replies(tmp_path):
    page = {
        "kind": "youtube#commentThreadListResponse",
        "items": [
            thread("A", reply("A.1", "A"), reply("A.2", "A", updatedAt="2023-01-01T00:00:00Z"), total=5),
            thread("B"),
        ],
    }
    path = put(tmp_path, "comments.json", page)
    found = read_path(YOUTUBE, path)
    assert sniffed(YOUTUBE, path) > 0.9
    assert found.parents == {"A": None, "A.1": "A", "A.2": "A", "B": None}
    assert set(found.threads.values()) == {"V1"}
    assert (found["A.1"].edited, found["A.2"].edited) == (False, True)
    assert (found["A"].author, found["A"].score) == ("@ada", 3)
    assert "5 replies are announced, 3 of them" in found.notices[0].text


def test_pages_and_lists_of_replies_join_line_by_line(tmp_path):
    records = lines(
        {"items": [{"kind": "youtube#comment", "id": "A.9", "snippet": {"parentId": "A", "textDisplay": "late"}}]},
        thread("A", total=1),
        {"kind": "youtube#commentListResponse", "items": [reply("X.1", "X", video=None)]},
    )
    path = put(tmp_path, "c.ndjson", records)
    found = read_path(YOUTUBE, path)
    assert sniffed(YOUTUBE, path) > 0.8
    assert found.threads == {"A.9": "V1", "A": "V1", "X.1": "X"}
    assert not found.notices


def test_the_video_is_the_post(tmp_path):
    video = {
        "kind": "youtube#video",
        "id": "V1",
        "snippet": {
            "title": "Looms",
            "description": "About",
            "channelTitle": "Ada",
            "publishedAt": "2022-01-01T00:00:00Z",
        },
        "statistics": {"commentCount": "7", "likeCount": "9"},
    }
    found = read_path(YOUTUBE, put(tmp_path, "v.json", {"video": {"items": [video]}, "comments": [thread("A")]}))
    assert (found["V1"].kind, found["V1"].title, found["V1"].score) == ("post", "Looms", 9)
    assert (found.heads[0].announced, found.heads[0].title) == (7, "Looms")


def test_shown_text_is_html_or_plain(tmp_path):
    shown = 'I&#39;m at <a href="https://www.youtube.com/watch?v=V1&amp;t=62s">1:02</a><br>see <a href="https://x.org/a">x.org/a</a>'
    records = [
        thread("A", textOriginal=None, textDisplay=shown),
        thread("B", textOriginal=None, textDisplay="a < b & c"),
    ]
    found = read_path(YOUTUBE, put(tmp_path, "c.json", records))
    assert found["A"].text == "I'm at 1:02\nsee x.org/a"
    assert found["B"].text == "a < b & c"


def test_a_reply_that_names_no_parent_has_it_in_its_id(tmp_path):
    found = read_path(YOUTUBE, put(tmp_path, "c.json", [thread("A"), comment("A.7", video=None)]))
    assert (found["A.7"].parent_id, found["A.7"].thread_id) == ("A", "V1")


def test_malformed_records_are_skipped(tmp_path):
    broken = {"kind": "youtube#commentThread", "snippet": {"topLevelComment": {"snippet": {}}}}
    data = {"items": [thread("A", likeCount="many", publishedAt=5), broken, {"snippet": {"title": None}}, None, 3]}
    found = read_path(YOUTUBE, put(tmp_path, "c.json", data))
    assert list(found.by_id) == ["A"]
    assert len(found.skips) == 2


@pytest.mark.parametrize(
    "data", [{"items": [{"id": 1}]}, [{"snippet": {"text": "x"}}], {"kind": "Listing"}, {"items": []}]
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(YOUTUBE, put(tmp_path, "x.json", data)) == 0
