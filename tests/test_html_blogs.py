"""Comments of WordPress, Drupal and Zeit Online pages: themes and versions, with their traps."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from reader_tools import Found, put, read_path

from discourse.readers import drupal, read, wordpress, zeit
from discourse.threads import Quote

PAGES = Path(__file__).parent / "data" / "html"
WORDPRESS, DRUPAL, ZEIT = wordpress.FORMATS[0], drupal.FORMATS[0], zeit.FORMATS[0]


def page(form, name) -> Found:
    return read_path(form, PAGES / name)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_wordpress_lists_nest():
    found = page(WORDPRESS, "wordpress_html5.html")
    assert found.parents == {"post-310": None, "21": None, "25": "21", "22": "25", "23": None, "24": None}
    assert found["21"].text == "Pour, sans hésiter.\n\nLe bus est plein."
    assert found["21"].author == "Luc"
    assert found["21"].created == utc(2019, 5, 2, 7, 10)
    assert found["21"].url == "https://journal.example/2019/05/tramway/#comment-21"
    assert found["25"].quotes == (Quote(None, "Le bus est plein."),)
    assert found["22"].text == "À toute heure."
    assert (found["23"].author, found["23"].status) == ("Des rails partout", "empty")


def test_wordpress_states_its_article_and_its_count(tmp_path):
    found = page(WORDPRESS, "wordpress_html5.html")
    post = found["post-310"]
    assert (post.kind, post.title, post.author) == ("post", "Pour ou contre le tramway", "Colette Dubois")
    assert post.text == "Le conseil veut un tramway."
    assert post.created == utc(2019, 5, 2, 4)
    put(tmp_path, "page.html", (PAGES / "wordpress_html5.html").read_bytes())
    [thread] = read(tmp_path)
    assert (thread.announced, len(thread)) == (7, 5)
    assert "7 comments are announced, 5 were found" in thread.notices


def test_wordpress_ids_stand_twice():
    found = page(WORDPRESS, "wordpress_twentyten.html")
    assert found.parents == {"40": None, "41": "40"}
    assert found["40"].text == "Mine floods & I like it."
    assert found["40"].author == "Old Bill"
    assert found["40"].created == utc(2010, 8, 3, 16, 12)
    assert found.heads[0].announced == 1
    assert found.heads[0].thread_id == "shed.example/8"


def test_wordpress_of_2006_is_flat_and_unclosed():
    found = page(WORDPRESS, "wordpress_kubrick.html")
    assert found.parents == {"post-3": None, "5": None, "6": None}
    assert found["5"].text == "Endlich!\n\nWurde Zeit."
    assert (found["5"].author, found["5"].created) == ("Frieda", utc(2006, 1, 12, 18, 40))
    assert found.heads[0].reply_field is False
    assert found.heads[0].title == "Schnee"


def test_wpdiscuz_has_its_own_ids_and_votes():
    found = page(WORDPRESS, "wordpress_wpdiscuz.html")
    assert {key: parent for key, parent in found.parents.items() if key.isdigit()} == {
        "71": None,
        "73": "71",
        "72": None,
    }
    assert found["71"].score == -4
    assert found["71"].created == utc(2020, 6, 2, 10, 14)
    assert found["73"].text == "Or four."
    assert found.heads[0].announced == 3


def test_a_flattened_list_keeps_its_levels(tmp_path):
    item = "<li class='comment depth-{}' id='comment-{}'><cite class='fn'>A</cite><p class='comment-content'>x</p></li>"
    levels = [(1, 1), (2, 2), (3, 3), (2, 4), (1, 5), (4, 6)]
    markup = "<html><ol class='commentlist'>" + "".join(item.format(*level) for level in levels) + "</ol></html>"
    found = read_path(WORDPRESS, put(tmp_path, "x.html", markup))
    assert found.parents == {"1": None, "2": "1", "3": "2", "4": "1", "5": None, "6": None}


def test_comments_without_numbers_are_counted(tmp_path):
    markup = (
        "<html><ol class='commentlist'><li class='comment depth-1'><b class='fn'>A</b><p class='comment-text'>one</p>"
        "<ul><li class='comment depth-2'><b class='fn'>B</b><p class='comment-text'>two</p></li></ul></li></ol></html>"
    )
    found = read_path(WORDPRESS, put(tmp_path, "x.html", markup))
    assert found.parents == {"1": None, "2": "1"}
    assert [comment.text for comment in found.all] == ["one", "two"]


@pytest.mark.parametrize("depth", [1_500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_comments_nested_by_the_thousand_are_read(tmp_path, depth):
    item = "<li id='comment-{0}' class='comment'><b class='fn'>a</b><div class='comment-content'>t{0}</div><ol>"
    markup = "<html><ol class='commentlist'>" + "".join(map(item.format, range(depth)))
    found = read_path(WORDPRESS, put(tmp_path, "x.html", markup))
    assert [comment.text for comment in found.all] == [f"t{number}" for number in range(depth)]
    assert found[str(depth - 1)].parent_id == str(depth - 2)


def test_drupal_6_indents_beside_the_comment():
    found = page(DRUPAL, "drupal6.html")
    assert found.parents == {"node-841": None, "11": None, "13": "11", "14": "13", "15": "11", "12": None}
    assert found["11"].author == "Reed"
    assert found["11"].title == "Beans"
    assert found["11"].text == "I do."
    assert found["11"].created == utc(2008, 5, 12, 10, 30)  # a Monday: the month comes first
    assert (found["13"].author, found["15"].author) == ("Fern", "Moss")
    assert found["15"].quotes == (Quote("Reed", "I do."),)
    assert found["node-841"].author == "Fern"


def test_drupal_8_names_a_parent_on_an_earlier_page():
    found = page(DRUPAL, "drupal8_page2.html")
    assert found.parents == {"206": "201", "207": None, "208": "207"}
    assert found["206"].author == "Page"
    assert found["206"].title == "Why not"
    assert found["206"].text == "Why not, if nobody reads?"
    assert found["206"].created == utc(2020, 11, 2, 9, 12)
    assert found["207"].age == "2 days ago"
    assert found.heads[0].announced == 6
    assert found.heads[0].thread_id == "town.example/55"


def test_drupal_7_states_replies_in_rdf(tmp_path):
    comment = (
        "<a id='comment-{0}'></a><div class='comment' about='/comment/{0}#comment-{0}' typeof='sioct:Comment'>"
        "<span class='submitted'><span property='dc:date dc:created' content='2011-05-0{0}T10:00:00+02:00'>"
        "<span class='username'>N{0}</span></span></span><span rel='sioc:reply_of' resource='{1}'></span>"
        "<div class='content'><div class='field field-name-comment-body'><p>t{0}</p></div></div></div>"
    )
    markup = "<html><script>jQuery.extend(Drupal.settings, {})</script>" + comment.format(3, "/node/1")
    markup += comment.format(4, "/comment/3#comment-3")
    found = read_path(DRUPAL, put(tmp_path, "x.html", markup))
    assert found.parents == {"3": None, "4": "3"}
    assert (found["4"].text, found["4"].author, found["4"].created) == ("t4", "N4", utc(2011, 5, 4, 8))


@pytest.mark.parametrize("note", ["nicht überprüft", "not verified", "non vérifié"])
def test_drupal_says_of_guests_that_they_are_not_verified(tmp_path, note):
    markup = (
        "<html><link href='/sites/all/themes/x.css'><a id='comment-1'></a><div class='comment'><div class='submitted'>"
        f"Gespeichert von Uwe ({note}) am Mo, 12.05.2008 - 10:30.</div><div class='content'>Ja.</div></div>"
    )
    assert read_path(DRUPAL, put(tmp_path, "x.html", markup))["1"].author == "Uwe"


def test_zeit_names_what_is_answered():
    found = page(ZEIT, "zeit.html")
    assert found.parents == {
        "article": None,
        "1001": None,
        "1005": "1001",
        "1009": "1005",
        "1002": None,
        "1007": "1002",
    }
    assert found["1001"].score == 17
    assert found["1001"].created == utc(2020, 1, 5, 10, 42)  # the site keeps Berlin's time
    assert found["1005"].age == "vor 3 Stunden"
    assert found["1002"].status == "removed"
    assert (found["1007"].status, found["1007"].text) == ("ok", "Was stand da?")
    assert found["article"].text == "Soll man langsamer fahren?"
    assert found.heads[0].announced == 12


def test_a_page_that_bears_a_comments_number_itself_is_none(tmp_path):
    markup = (
        "<html id='comment-1'><body id='comment-2' class='comment'><ol class='commentlist'>no list</ol></body></html>"
    )
    found = read_path(WORDPRESS, put(tmp_path, "x.html", markup))
    assert not found.all


THEMES = {
    "divi": "<li class='comment depth-1' id='li-comment-5'><article id='comment-5' class='comment-body'>"
    "<div class='comment_postinfo'><span class='fn'>Ann</span> <span class='comment_date'>on March 3, 2018 at 4:05 pm"
    "</span></div><div class='comment_area'><div class='comment-content'><p>One</p><span class='reply-container'>"
    "<a class='comment-reply-link'>Reply</a></span></div></div></article>",
    "avada": "<li class='comment depth-1' id='comment-5'><div class='the-comment'><div class='comment-author meta'>"
    "<strong>Ann</strong>March 3, 2018 at 4:05 pm<a class='comment-reply-link'> - Reply</a></div>"
    "<div class='comment-text'><p>One</p></div></div>",
    "newspaper": "<li class='comment' id='comment-5'><article><footer><cite>Ann</cite><a class='comment-link'>"
    "<time pubdate='1520000000'>March 3, 2018 at 4:05 pm</time></a></footer>"
    "<div class='comment-content'><p>One</p></div>"
    "<div class='comment-meta' id='comment-5'><a class='comment-reply-link'>Reply</a></div></article>",
    "blocks": "<li id='comment-5' class='comment depth-1'><div class='wp-block-comment-author-name'><a>Ann</a></div>"
    "<div class='wp-block-comment-date'><time datetime='2018-03-03T16:05:00+00:00'>March 3</time></div>"
    "<div class='wp-block-comment-content'><p>One</p></div>",
    "genesis": "<li class='comment depth-1' id='comment-5'><article itemprop='comment'><header class='comment-header'>"
    "<p class='comment-author' itemprop='author'><span itemprop='name'>Ann</span> <span class='says'>says</span></p>"
    "<p class='comment-meta'><time datetime='2018-03-03T16:05:00+00:00'>March 3</time></p></header>"
    "<div class='comment-content' itemprop='text'><p>One</p></div></article>",
    "woocommerce": "<li class='review depth-1' id='li-comment-5'><div id='comment-5' class='comment_container'>"
    "<div class='comment-text'><div class='star-rating'>Rated 5</div><p class='meta'><strong "
    "class='woocommerce-review__author'>Ann</strong> <time datetime='2018-03-03T16:05:00+00:00'>March 3</time></p>"
    "<div class='description'><p>One</p></div></div></div>",
    "anchored": "<li class='comment'><a id='comment-5'></a><span class='comment-author'>Ann says:</span>"
    "<span class='date'>March 3, 2018 at 4:05 pm</span><p>One</p>",
    "classic": "<li id='comment-5'><p>One</p><p><cite>Comment by <a>Ann</a> &#8212; March 3, 2018 @ 4:05 pm</cite></p>",
}


@pytest.mark.parametrize("theme", THEMES)
def test_wordpress_themes_differ_in_their_classes(tmp_path, theme):
    reply = THEMES[theme].replace("comment-5", "comment-6").replace("Ann", "Bo").replace("One", "Two")
    markup = f"<html><ol class='commentlist'>{THEMES[theme]}<ol>{reply}</li></ol></li></ol></html>"
    found = read_path(WORDPRESS, put(tmp_path, "x.html", markup))
    assert [(c.id, c.parent_id, c.author, c.text, c.created) for c in found.all] == [
        ("5", None, "Ann", "One", utc(2018, 3, 3, 16, 5)),
        ("6", "5", "Bo", "Two", utc(2018, 3, 3, 16, 5)),
    ]
