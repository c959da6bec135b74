import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.yt_dlp import FORMATS

DLP = FORMATS[0]


def comment(comment_id, parent="root", **more):
    return {
        "id": comment_id,
        "parent": parent,
        "text": "Words",
        "author": "@ada",
        "author_is_uploader": False,
        "like_count": 2,
        "timestamp": 1640995200,
        "_time_text": "2 years ago (edited)",
        **more,
    }


INFO = {
    "id": "V1",
    "title": "Looms",
    "description": "About looms",
    "uploader": "Ada",
    "upload_date": "20220101",
    "webpage_url": "https://www.youtube.com/watch?v=V1",
    "extractor": "youtube",
    "comment_count": 9,
}


def test_an_info_file_is_a_post_with_comments(tmp_path):
    info = {**INFO, "comments": [comment("A"), comment("A.1", "A", _time_text="1 day ago", like_count=None), None, "x"]}
    path = put(tmp_path, "V1.info.json", info)
    found = read_path(DLP, path)
    assert sniffed(DLP, path) > 0.9
    assert found.parents == {"V1": None, "A": None, "A.1": "A"}
    assert (found["V1"].kind, found["V1"].text, found["V1"].created.year) == ("post", "About looms", 2022)
    assert (found["A"].age, found["A"].edited, found["A"].score) == ("2 years ago", True, 2)
    assert (found["A.1"].age, found["A.1"].edited, found["A.1"].score) == ("1 day ago", False, None)
    assert (found.heads[0].title, found.heads[0].announced) == ("Looms", 9)
    assert len(found.skips) == 1


def test_videos_without_comments_and_playlists(tmp_path):
    path = put(tmp_path, "list.json", {"id": "P", "_type": "playlist", "entries": [INFO, {**INFO, "id": "V2"}, None]})
    found = read_path(DLP, path)
    assert [(post.id, post.kind) for post in found.all] == [("V1", "post"), ("V2", "post")]
    path = put(tmp_path, "two.ndjson", lines(INFO, {**INFO, "id": "V2", "comments": [comment("A", html="x")]}))
    assert sniffed(DLP, path) > 0.8
    assert read_path(DLP, path).threads == {"V1": "V1", "V2": "V2", "A": "V2"}


def test_bare_comments_are_one_thread(tmp_path):
    path = put(tmp_path, "V9.comments.json", [comment("A"), comment("A.1", "A", text=None, html="<b>Rich</b>")])
    found = read_path(DLP, path)
    assert sniffed(DLP, path) > 0.9
    assert set(found.threads.values()) == {"V9"}
    assert found["A.1"].text == "Rich"


def test_lines_of_the_comment_downloader(tmp_path):
    record = {
        "cid": "A",
        "text": "Words",
        "time": "2 weeks ago",
        "author": "@ada",
        "votes": "1.2K",
        "time_parsed": 1640995200.5,
    }
    path = put(tmp_path, "V1.jsonl", lines(record, {**record, "cid": "A.1", "votes": "", "reply": True}))
    found = read_path(DLP, path)
    assert sniffed(DLP, path) > 0.9
    assert found.parents == {"A": None, "A.1": "A"}
    assert (found["A"].score, found["A.1"].score, found["A"].age) == (1200, None, "2 weeks ago")


@pytest.mark.parametrize(
    "data", [{"id": 1, "title": "x"}, [{"id": 1, "text": "x", "parent": 2, "author": "a"}], [], {"comments": []}]
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(DLP, put(tmp_path, "x.json", data)) == 0
