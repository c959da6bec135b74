import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.fourcat import FORMATS

CAT = FORMATS[0]

BOARD = """thread_id,id,timestamp,board,body,subject,author,image_file,image_md5,country_code,timestamp_deleted
100,100,2020-01-01 00:00:00,pol,"Is the loom a good machine, or not?",Looms,Anonymous,,,,
100,101,1577836801,pol,">>100
>Is the loom a good machine
It ""is"" one",,Ada,,,,
100,102,2020-01-01 00:00:02,pol,">>90
>>101
>>100
Both",,Anonymous,,,,
100,103,2020-01-01 00:00:03,pol,>be me,,Anonymous,,,,0
200,204,,pol,>>100 elsewhere,,Anonymous,,,,
"""


def test_a_board_takes_the_first_reference_of_the_same_thread(tmp_path):
    path = put(tmp_path, "4chan.csv", BOARD)
    found = read_path(CAT, path)
    assert sniffed(CAT, path) > 0.9
    assert found.parents == {"100": None, "101": "100", "102": "101", "103": None, "204": None}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment", "comment", "comment"]
    assert (found["101"].text, found["101"].quotes[0].text) == ('It "is" one', "Is the loom a good machine")
    assert (found["102"].text, found["103"].text, found["204"].text) == ("Both", ">be me", "elsewhere")
    assert (found["100"].author, found["101"].author, found.titles) == (None, "Ada", {"100": "Looms"})
    assert (found["100"].created.year, found["101"].created.second, found["204"].created) == (2020, 1, None)
    assert {head.reply_field for head in found.heads} == {False}
    assert found["102"].source == f"{path}:6"


def test_reddit_names_its_parents(tmp_path):
    rows = (
        "thread_id,id,timestamp,body,subject,author,subreddit,parent,score\n"
        "aa,aa,1500000000,,Looms?,ada,looms,,5\n"
        "aa,bb,1500000001,> They say\\n,,bob,looms,t3_aa,2\n"
        "aa,cc,1500000002,[deleted],,[deleted],looms,t1_bb,\n"
    )
    found = read_path(CAT, put(tmp_path, "reddit.csv", rows))
    assert found.parents == {"aa": None, "bb": None, "cc": "bb"}
    assert (found["aa"].kind, found["aa"].status, found["aa"].score) == ("post", "ok", 5)
    assert (found["cc"].status, found["cc"].author) == ("deleted", None)
    assert {head.reply_field for head in found.heads} == {True}


def test_comment_lists_of_youtube_data_tools_are_one_thread(tmp_path):
    rows = (
        "id,replyCount,likeCount,publishedAt,authorName,text,channel,isReply,isReplyTo,isReplyToName\n"
        "A,1,3,2022-11-11 05:30:01,Ada,Words,x,0,,\nA.1,,0,2022-11-12 05:30:01,Bob,More,y,1,A,Ada\n"
    )
    path = put(tmp_path, "video_comments.csv", rows)
    found = read_path(CAT, path)
    assert sniffed(CAT, path) > 0.8
    assert found.parents == {"A": None, "A.1": "A"}
    assert set(found.threads.values()) == {"video_comments"}
    assert (found["A"].author, found["A"].score, found["A"].kind) == ("Ada", 3, "comment")


def test_rows_without_threads_are_comments(tmp_path):
    rows = "id;thread_id;timestamp;body;author\n1;1;2020-01-01;One;a\n2;2;2020-01-01;Two;b\n"
    found = read_path(CAT, put(tmp_path, "posts.csv", rows))
    assert [comment.kind for comment in found.all] == ["comment", "comment"]


def test_tiktok_comments_as_rows_and_raw(tmp_path):
    rows = (
        "id,thread_id,author,body,timestamp,likes,post_id,post_body,is_comment_on_comment,language_guess\n"
        "c1,v1,ada,Words,2020-01-01 00:00:00,4,v1,A video,no,en\nc2,c1,bob,More,2020-01-01,0,v1,A video,yes,un\n"
    )
    raw = {
        "cid": "c1",
        "aweme_id": "v1",
        "reply_id": "0",
        "text": "Words",
        "create_time": 1577836800,
        "digg_count": 4,
        "user": {"unique_id": "ada"},
        "comment_language": "en",
        "share_info": {"title": "A video"},
        "__import_meta": {},
    }
    wrapped = {
        "nav_index": 1,
        "source_platform": "tiktok",
        "data": {**raw, "cid": "c2", "reply_id": "c1", "user": None},
    }
    for name, data in (("tiktok.csv", rows), ("tiktok.ndjson", lines(raw, wrapped))):
        path = put(tmp_path, name, data)
        assert sniffed(CAT, path) > 0.9
        found = read_path(CAT, path)
        assert found.parents == {"c1": None, "c2": "c1"}
        assert set(found.threads.values()) == {"v1"}
        assert (found["c1"].author, found["c1"].score, found["c1"].lang) == ("ada", 4, "en")
        assert found.titles == {"v1": "A video"}


def test_tweets_and_rows_as_json(tmp_path):
    tweet = {
        "id": "2",
        "conversation_id": "1",
        "text": "Words",
        "created_at": "2022-01-01T00:00:00.000Z",
        "lang": "en",
        "author_user": {"username": "ada"},
        "referenced_tweets": [{"type": "quoted", "id": "7"}, {"type": "replied_to", "id": "1"}],
        "public_metrics": {"like_count": 3},
        "__import_meta": {},
    }
    found = read_path(CAT, put(tmp_path, "tweets.ndjson", lines(tweet | {"id": "1", "referenced_tweets": None}, tweet)))
    assert found.parents == {"1": None, "2": "1"}
    assert [comment.kind for comment in found.all] == ["post", "comment"]
    rows = [
        {"id": 5, "thread_id": 4, "timestamp": "2020-01-01", "body": "Hi", "reply_to": "4"},
        {"id": 6, "thread_id": 4, "timestamp": "2020-01-01", "body": "Ho", "reply_to": "bob"},
        {"id": 4, "thread_id": 4, "timestamp": "2020-01-01", "body": "Ha"},
        {"id": 7, "thread_id": 4, "timestamp": "2020-01-01", "body": "He", "parent_id": 7},
    ]
    path = put(tmp_path, "rows.json", rows)
    assert sniffed(CAT, path) > 0.9
    assert read_path(CAT, path).parents == {"5": None, "6": None, "4": None, "7": None}
    rows[2]["reply_to"] = ""
    assert read_path(CAT, put(tmp_path, "rows.json", rows)).parents == {"5": "4", "6": None, "4": None, "7": None}


def test_malformed_rows_are_skipped(tmp_path):
    rows = "id,thread_id,timestamp,body,author\n1,9,2020-01-01,Fine,a\n2,9\n,9,2020-01-01,No id,a\n3,9,x,Late,a\n"
    found = read_path(CAT, put(tmp_path, "rows.csv", rows))
    assert list(found.by_id) == ["1", "3"]
    assert [skip.where.rsplit(":", 1)[1] for skip in found.skips] == ["3", "4"]


@pytest.mark.parametrize(
    "data", ["id,text,author\n1,a,b\n", "thread_id,body\n1,x\n", '{"id": 1, "text": "x"}', "words, words"]
)
def test_other_tables_are_not_claimed(tmp_path, data):
    assert sniffed(CAT, put(tmp_path, "x.csv", data)) == 0
