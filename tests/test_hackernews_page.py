from datetime import UTC, datetime

import pytest
from reader_tools import put, read_path, sniffed

from discourse.readers import read
from discourse.readers.hackernews import FORMATS

PAGE = FORMATS[1]

STORY_PAGE = """<html op="item"><head><title>T | Hacker News</title></head><body><table id="hnmain"><tr><td>
<table class="fatitem">
<tr class='athing submission' id='100'><td class='title'><span class='titleline'>
<a href='https://news.test/bridge'>A bridge &amp; a toll</a></span></td></tr>
<tr><td colspan='2'></td><td class='subtext'><span class='subline'>
<span class='score' id='score_100'>57 points</span> by <a href='user?id=pg' class='hnuser'>pg</a>
<span class='age' title='2023-11-14T22:13:20 1700000000'><a href='item?id=100'>1 day ago</a></span> |
<a href='item?id=100'>3&nbsp;comments</a></span></td></tr>
<tr><td colspan='2'></td><td>WORDS</td></tr>
<tr><td colspan='2'></td><td><form method='post'><textarea></textarea></form></td></tr>
</table><table class='comment-tree'>ROWS</table></td></tr></table></body></html>"""

COMMENT_PAGE = """<html><body><table class='fatitem'><tr class='athing' id='2'><td class='ind'></td><td class='default'>
<span class='comhead'><a class='hnuser'>ada</a> <span class='age'><a href='item?id=2'>1 hour ago</a></span>
<span class='navs'> | <a href='item?id=100'>parent</a></span>
<span class='onstory'> | on: <a href='item?id=100'>A bridge</a></span></span>
<div class='commtext c00'>top words</div></td></tr></table><table class='comment-tree'>"""

ROW = """<tr class='athing comtr' id='ID'><td><table border='0'><tr><td class='ind' INDENT></td><td class="default">
<div><span class="comhead">USER <span class="age"TITLE><a href="item?id=ID">AGE</a></span> <span id="unv_ID"></span>
LINKS</span></div><br><div class="comment">BODY<div class='reply'><p><font size="1"><u><a href="reply?id=ID">reply</a>
</u></font></div></div></td></tr></table></td></tr>"""


def filled(template, **values):
    for name, value in values.items():
        template = template.replace(name, str(value))
    return template


def row(own_id, indent, text="words", *, user="ada", age="2 hours ago", title="", links="", body=None):
    named = f'<a href="user?id={user}" class="hnuser">{user}</a>' if user else ""
    shown = body if body is not None else f'<div class="commtext c00">{text}</div>'
    return filled(ROW, ID=own_id, INDENT=indent, USER=named, AGE=age, TITLE=title, LINKS=links, BODY=shown)


def page(*rows, words="<div class='toptext'>What do you <i>think</i>?</div>"):
    return filled(STORY_PAGE, WORDS=words, ROWS="".join(rows))


def depth(levels):
    return f"indent='{levels}'"


def pixels(levels):
    return f'><img src="s.gif" height="1" width="{40 * levels}"'


class TestPage:
    @pytest.mark.parametrize("indent", [depth, pixels])
    def test_the_indent_tells_the_parent(self, tmp_path, indent):
        rows = [
            row(2, indent(0)),
            row(3, indent(1)),
            row(4, indent(2)),
            row(5, indent(1)),
            row(6, indent(0)),
            row(7, indent(4)),
        ]
        path = put(tmp_path, "item.html", page(*rows))
        assert sniffed(PAGE, path) > 0.9
        (thread,) = read(path)
        parents = {item.id: item.parent_id for item in thread.comments}
        assert parents == {"100": None, "2": None, "3": "2", "4": "3", "5": "2", "6": None, "7": "6"}
        assert {link.evidence for link in thread.links} == {"none", "indent"}
        assert (thread.title, thread.url, thread.announced) == ("A bridge & a toll", "https://news.test/bridge", 3)
        assert thread.post.text == "What do you think?"
        assert (thread.post.author, thread.post.score) == ("pg", 57.0)
        assert thread.post.created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)

    def test_links_to_parents_state_them(self, tmp_path):
        parent = "<span class='navs'> | <a href=\"#2\" class=\"clicky\">parent</a> | <a href='#9'>next</a></span>"
        (thread,) = read(
            put(tmp_path, "item.html", page(row(2, depth(0)), row(3, depth(1)), row(4, depth(2), links=parent)))
        )
        assert thread.comments[3].parent_id == "2"
        assert thread.links[3].evidence == "explicit"

    def test_words_times_and_ages(self, tmp_path):
        link = '<a href="https://x.org/abc" rel="nofollow">https://x.org/a...</a>'
        text = f"&gt; theirs<p>own {link}<pre><code>  &gt; code\n</code></pre>"
        rows = [row(2, depth(0), text, title=' title="2023-11-14T23:00:00"'), row(3, depth(0), age="3 hours ago")]
        found = read_path(PAGE, put(tmp_path, "item.html", page(*rows)))
        assert found["2"].text == "own https://x.org/abc\n\n  > code"
        assert [quote.text for quote in found["2"].quotes] == ["theirs"]
        assert (found["2"].created, found["2"].age) == (datetime(2023, 11, 14, 23, tzinfo=UTC), None)
        assert (found["3"].created, found["3"].age) == (None, "3 hours ago")

    def test_what_is_gone_is_marked_and_holds_the_tree(self, tmp_path):
        rows = [
            row(2, depth(0), user="", body="[deleted]"),
            row(3, depth(1), body="[flagged]"),
            row(4, depth(2), "spam", links=" [flagged]  [dead] "),
            row(5, depth(3)),
        ]
        found = read_path(PAGE, put(tmp_path, "item.html", page(*rows)))
        assert [found[str(n)].status for n in (2, 3, 4, 5)] == ["deleted", "removed", "removed", "ok"]
        assert (found["2"].author, found["4"].text, found.parents["5"]) == (None, "", "4")

    def test_the_words_of_older_pages(self, tmp_path):
        reply = '<div class="reply"><p><u><a href="reply?id=2">reply</a></u></div>'
        old = f'<span class="c00">words<p>more<span></span>{reply}</span>'
        found = read_path(PAGE, put(tmp_path, "item.html", page(row(2, pixels(0), body=old), words="Opening<p>words")))
        assert (found["2"].text, found["100"].text) == ("words\n\nmore", "Opening\n\nwords")

    def test_pages_of_a_story_and_the_api_join(self, tmp_path):
        put(tmp_path, "p1.html", page(row(2, depth(0)), row(3, depth(1))))
        put(tmp_path, "p2.html", page(row(3, depth(0)), row(4, depth(0))))
        put(tmp_path, "p3.json", {"id": 5, "type": "comment", "by": "bob", "time": 1, "parent": 100, "story_id": 100})
        (thread,) = read(tmp_path)
        assert sorted(item.id for item in thread.replies) == ["2", "3", "4", "5"]

    def test_the_page_of_one_comment(self, tmp_path):
        found = read_path(PAGE, put(tmp_path, "item.html", COMMENT_PAGE + row(3, depth(0)) + "</table></body></html>"))
        assert found.parents == {"2": None, "3": "2"}
        assert set(found.threads.values()) == {"100"}
        assert found["2"].text == "top words"

    def test_a_list_of_new_comments_of_several_stories(self, tmp_path):
        def on(story_id):
            return (
                f"<span class='onstory'> | on: <a href='item?id={story_id}' title='Story {story_id}'>Story…</a></span>"
            )

        rows = row(2, "", links=on(100)) + row(3, depth(1)) + row(9, "", links=on(200))
        found = read_path(
            PAGE, put(tmp_path, "new.html", f"<html><body><table id='hnmain'>{rows}</table></body></html>")
        )
        assert found.threads == {"2": "100", "3": "100", "9": "200"}
        assert found.titles == {"100": "Story 100", "200": "Story 200"}


def test_what_is_not_hacker_news_is_not_taken(tmp_path):
    assert sniffed(PAGE, put(tmp_path, "d.html", "<html><body><table class='comments'></table></body></html>")) == 0.0
