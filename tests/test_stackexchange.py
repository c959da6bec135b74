import gzip

import pytest
from reader_tools import put, read_path, sniffed

from discourse.readers.stackexchange import FORMATS
from discourse.readers.xml_rows import rows

STACK = FORMATS[0]
BOM = "\ufeff"
POSTS = "\n".join(
    [
        BOM + '<?xml version="1.0" encoding="utf-8"?>',
        "<posts>",
        '  <row Id="1" PostTypeId="1" CreationDate="2010-07-19T19:12:12.510" Score="25" OwnerUserId="8" '
        'Title="Why &quot;looms&quot;?" Body="&lt;p&gt;Looms &amp;amp; engines?&lt;/p&gt;&#xA;'
        '&lt;blockquote&gt;&lt;p&gt;They say.&lt;/p&gt;&lt;/blockquote&gt;" />',
        '  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2010-07-20T00:00:00.000" Score="-3" '
        'LastEditDate="2010-07-21T00:00:00.000" OwnerDisplayName="user99" Body="Because." />',
        '  <row Id="3" PostTypeId="5" Body="wiki" />',
        '  <row Id="4" PostTypeId="2" ParentId="77" OwnerUserId="-1" Body="Lost." />',
        '  <row Id="broken" PostTypeId="1" Body="unclosed',
        '  <row Id="5" PostTypeId="1" OwnerUserId="9" Title="Second" Body="" />'
        '<row Id="6" PostTypeId="2" ParentId="5" OwnerUserId="10" Body="On one line" />',
        '  <row Id="7"',
        "     PostTypeId=\"2\" ParentId='5'",
        '     Body="Over several &gt; lines" />',
        "</posts>",
    ]
)
COMMENTS = """<?xml version="1.0" encoding="utf-8"?>
<comments>
  <row Id="1" PostId="2" Score="1" Text="@ada **Really**? &amp;lt;b&amp;gt;" UserId="8" />
  <row Id="2" PostId="1" Text="On the question" UserDisplayName="gone" />
  <row Id="3" PostId="500" Text="On nothing here" UserId="8" />
  <row PostId="1" Text="No id" />
</comments>
"""
USERS = """<users>
  <row Id="-1" DisplayName="Community" /><row Id="8" DisplayName="Ada" />
  <row Id="9" DisplayName="John" /><row Id="10" DisplayName="John" />
</users>
"""


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "site/Posts.xml", POSTS)
    put(tmp_path, "site/Comments.xml", COMMENTS)
    put(tmp_path, "site/Users.xml", USERS)
    put(tmp_path, "site/Votes.xml", "<votes></votes>")
    return tmp_path / "site"


def test_a_folder_gives_questions_with_answers_and_comments(folder):
    assert STACK.folder(str(folder))
    found = read_path(STACK, folder)
    assert found.parents == {
        "p1": None, "p2": "p1", "p4": "p77", "p5": None, "p6": "p5", "p7": "p5", "c1": "p2", "c2": "p1", "c3": "p500",
    }  # fmt: skip
    assert found.threads["c1"] == found.threads["c2"] == "p1"
    assert (found.threads["p4"], found.threads["c3"]) == ("p77", "p500")
    assert [comment.id for comment in found.all if comment.kind == "post"] == ["p1", "p5"]
    assert found.titles == {"p1": 'Why "looms"?', "p5": "Second"}


def test_what_rows_keep(folder):
    found = read_path(STACK, folder)
    assert found["p1"].text == "Looms & engines?"
    assert [quote.text for quote in found["p1"].quotes] == ["They say."]
    assert found["p7"].text == "Over several > lines"
    assert found["c1"].text.startswith("@ada Really?")
    assert (found["p2"].edited, found["p2"].score, found["p1"].created.hour) == (True, -3, 19)
    authors = {name: comment.author for name, comment in found.by_id.items()}
    assert authors["p1"] == authors["c1"] == "Ada"
    assert (authors["p2"], authors["p4"], authors["c2"]) == ("user99", "Community", "gone")
    assert (authors["p5"], authors["p6"]) == ("John (9)", "John (10)")


def test_malformed_rows_are_counted_where_they_stand(folder):
    found = read_path(STACK, folder)
    assert [(skip.where.rsplit("/", 1)[1], skip.why) for skip in found.skips] == [
        ("Posts.xml:7", "is a malformed row"),
        ("Comments.xml:6", "is a comment without an Id or PostId"),
    ]
    assert "1 pages" in found.notices[0].text


def test_single_files_are_read_too(tmp_path):
    posts = put(tmp_path, "Posts.xml.gz", gzip.compress(POSTS.encode()))
    comments = put(tmp_path, "c.xml", COMMENTS)
    assert sniffed(STACK, posts) > 0.9
    assert sniffed(STACK, comments) > 0.9
    assert set(read_path(STACK, posts).by_id) == {"p1", "p2", "p4", "p5", "p6", "p7"}
    found = read_path(STACK, comments)
    assert found.threads == {"c1": "p2", "c2": "p1", "c3": "p500"}
    assert found["c1"].author == "user8"


@pytest.mark.parametrize(
    "declaration",
    ['<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_entities_are_refused(tmp_path, declaration):
    path = put(
        tmp_path,
        "Posts.xml",
        f'<?xml version="1.0"?>\n{declaration}\n<posts><row Id="1" PostTypeId="1" Body="&b;"/></posts>',
    )
    found = read_path(STACK, path)
    assert not found.all
    assert "entities are refused" in found.skips[0].why


def test_references_are_decoded_once_and_never_expanded(tmp_path):
    from discourse.readers.source import FileSource

    path = put(tmp_path, "x.xml", '<r><row a="&amp;lt;&#233;&#xE9;&b;&#0;&#xD800;&#9999999;" b=\'"\'/></r>')
    assert list(rows(FileSource(str(path)))) == [(1, {"a": "&lt;éé&b;\ufffd\ufffd\ufffd", "b": '"'})]


def test_large_ids_and_many_questions_cost_little(tmp_path):
    body = "".join(f'<row Id="{n}" PostTypeId="2" ParentId="1" Body="x" />\n' for n in (2, 4_000_000_000, 10**30))
    put(tmp_path, "s/Posts.xml", f"<posts>\n{body}</posts>")
    put(tmp_path, "s/Comments.xml", '<comments>\n<row Id="1" PostId="4000000000" Text="x" />\n</comments>')
    assert read_path(STACK, tmp_path / "s").threads["c1"] == "p1"


def test_other_xml_is_not_claimed(tmp_path):
    assert sniffed(STACK, put(tmp_path, "a.xml", '<votes><row Id="1" VoteTypeId="2" /></votes>')) == 0
    assert not STACK.folder(str(tmp_path))
