"""Topics of phpBB, vBulletin and XenForo: stock templates of each version, with their traps."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from reader_tools import Found, put, read_path, sniffed

from discourse.readers import phpbb, read, vbulletin, xenforo
from discourse.readers.registry import formats
from discourse.readers.sniffing import choose_format
from discourse.readers.source import FileSource
from discourse.threads import Quote

PAGES = Path(__file__).parent / "data" / "html"
PHPBB, VBULLETIN, XENFORO = phpbb.FORMATS[0], vbulletin.FORMATS[0], xenforo.FORMATS[0]


def page(form, name) -> Found:
    return read_path(form, PAGES / name)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("phpbb31_page1", "phpbb"),
        ("phpbb33", "phpbb"),
        ("phpbb_subsilver2", "phpbb"),
        ("vbulletin3", "vbulletin"),
        ("vbulletin4", "vbulletin"),
        ("xenforo1", "xenforo"),
        ("xenforo2", "xenforo"),
        ("wordpress_html5", "wordpress"),
        ("wordpress_twentyten", "wordpress"),
        ("wordpress_kubrick", "wordpress"),
        ("wordpress_wpdiscuz", "wordpress"),
        ("drupal6", "drupal"),
        ("drupal8_page2", "drupal"),
        ("zeit", "zeit"),
    ],
)
def test_pages_are_known_by_their_content(name, form):
    assert choose_format(FileSource(str(PAGES / f"{name}.html")), formats()).name == form


def test_a_page_of_something_else_is_not_known(tmp_path):
    path = put(tmp_path, "page.html", "<!doctype html><html><body><p>Nothing but an article.</p></body></html>")
    assert [sniffed(form, path) for form in (PHPBB, VBULLETIN, XENFORO)] == [0, 0, 0]


def test_pages_of_a_topic_join_and_copies_are_duplicates(tmp_path):
    for name, copy in [("page1", "viewtopic.php@f=3&t=42.html"), ("page2", "viewtopic.php@f=3&t=42&start=3.html")]:
        put(tmp_path, copy, (PAGES / f"phpbb31_{name}.html").read_bytes())
    put(tmp_path, "viewtopic.php@t=42.html", (PAGES / "phpbb31_page1.html").read_bytes())
    reading = read(tmp_path)
    [thread] = reading
    assert thread.id == "forum.village.example/42"
    assert thread.title == "Le pont de bois"
    assert sorted(comment.id for comment in thread.comments) == ["101", "104", "105", "110", "111"]
    assert thread.post.id == "101"
    assert thread.announced == len(thread) == 4
    assert not thread.reply_field
    assert [repair.kind for repair in thread.repairs] == ["duplicate-id"] * 2, "the post of each page is one post"
    assert sum(report.comments for report in reading.files) == 5


def test_phpbb_31_keeps_words_quotes_times_and_edits():
    found = page(PHPBB, "phpbb31_page1.html")
    assert found.parents == {"101": None, "104": None, "105": None}
    assert found["101"].kind == "post"
    assert found["101"].text == "Faut-il refaire le pont de bois ?\n\nJe pense que oui."
    assert found["101"].created == utc(2017, 9, 2, 13, 40)  # 15:40 in UTC+02:00
    assert found["101"].url == "https://forum.village.example/viewtopic.php?f=3&t=42#p101"
    assert found["104"].author == "Prosper 1er"
    assert found["104"].text == "Non, c’est trop cher & le gué suffit.\n\n12000 euros"
    assert found["104"].quotes == (Quote("Odette", "Faut-il refaire le pont de bois ?"),)
    assert found["104"].edited is True
    assert found["104"].edited_at == utc(2017, 9, 6, 7, 0)
    assert found["104"].title == "Re: Le pont de bois"
    assert found["105"].created is None
    assert found["105"].age == "Aujourd’hui, 10:12"
    assert found["105"].quotes == (Quote(None, "le gué suffit"),)


def test_the_first_message_of_a_later_page_is_no_post():
    found = page(PHPBB, "phpbb31_page2.html")
    assert [comment.kind for comment in found.all] == ["comment", "comment"]
    assert found["111"].quotes == (Quote("Prosper 1er", "Non"), Quote("Odette", "Faut-il ?"))


def test_phpbb_33_names_the_quoted_post():
    found = page(PHPBB, "phpbb33.html")
    assert found.parents == {"20": None, "21": "20", "22": "21", "23": None}
    assert found["22"].text == "With whose money?"
    assert found["22"].quotes == (
        Quote("mara", "unlinked words"),
        Quote("old salt", "Yes, and soon."),
        Quote("mara", "Should the town"),
    )
    assert found["21"].created == utc(2020, 1, 2, 10)
    assert found["23"].status == "removed"
    assert found.heads[0].thread_id == "talk.harbor.example/7"


def test_phpbb_subsilver2_has_tables_and_anchors():
    found = page(PHPBB, "phpbb_subsilver2.html")
    assert found.heads[0].announced == 1
    assert found["31"].kind == "post"
    assert (found["31"].author, found["32"].author) == ("Tilda", "Bram")
    assert found["32"].text == "The lower one."
    assert found["32"].quotes == (Quote("Tilda", "The upper or the lower mill?"),)
    assert found["32"].created == utc(2010, 3, 6, 9)


def test_phpbb_print_view_is_numbered_by_the_join(tmp_path):
    post = "<div class='post'><h3>S</h3><div class='date'>Posted: <strong>Fri Mar 05, 2010 4:07 pm</strong></div>" \
        "<div class='author'>by <strong>{}</strong></div><div class='content'>{}</div></div>"  # fmt: skip
    markup = (
        "<html><title>Print - viewtopic</title><body id='phpbb'>" + post.format("Ann", "one") + post.format("Bo", "two")
    )
    put(tmp_path, "print.html", markup + "<a href='./viewtopic.php?t=5'>x</a></body></html>")
    [thread] = read(tmp_path)
    assert [(c.id, c.author, c.text, c.created) for c in thread.comments] == [
        ("1", "Ann", "one", utc(2010, 3, 5, 16, 7)),
        ("2", "Bo", "two", utc(2010, 3, 5, 16, 7)),
    ]


def test_vbulletin_4_reads_latin_pages_and_quoted_posts():
    found = page(VBULLETIN, "vbulletin4.html")
    assert found.parents == {"501": "480", "502": None, "503": None}
    assert found["501"].author == "Jörg"
    assert found["501"].text == "Mit Segelgarn, größer geht’s nicht."
    assert found["501"].quotes == (Quote("Möwe", "Womit näht ihr?"),)
    assert found["501"].created == utc(2011, 3, 3, 13, 17)  # the page's clock is WEZ +1
    assert found["501"].edited_at == utc(2011, 3, 3, 14, 0)
    assert found["501"].url == "http://www.bootsforum.example/showthread.php?t=77&p=501&viewfull=1#post501"
    assert found["502"].age == "Heute, 08:05"
    assert found["502"].quotes == (Quote("Fremder", "Aus einem anderen Thema"), Quote(None, "ohne Namen"))
    assert (found["503"].status, found["503"].text) == ("removed", "")
    assert found.heads[0].announced == 1012
    assert found.heads[0].thread_id == "bootsforum.example/77"
    assert all(comment.kind == "comment" for comment in found.all)


def test_vbulletin_3_has_tables():
    found = page(VBULLETIN, "vbulletin3.html")
    assert found.parents == {"901": None, "902": "901"}
    assert found["901"].kind == "post"
    assert found["901"].title == "Garden hedge"
    assert found["901"].created == utc(2008, 1, 16, 3, 23)  # 01-15-2008, 10:23 PM in GMT -5
    assert found["902"].author == "Unregistered"
    assert found["902"].text == "Yes, far too high.\n\n200 cm"
    assert found["902"].quotes == (Quote("Hazel", "Is a hedge of two metres too high?"),)
    assert found["902"].edited is True
    assert found.heads[0].announced == 2


def test_xenforo_2_states_numbers_votes_and_sources():
    found = page(XENFORO, "xenforo2.html")
    assert found.heads[0].title == "Night trains"
    assert found.heads[0].thread_id == "rail.example/618"
    assert found["7001"].kind == "post"  # pinned on every page of a question
    assert [found[number].kind for number in ("7025", "7026", "7027")] == ["comment"] * 3
    assert found.parents == {"7001": None, "7025": "7001", "7026": None, "7027": None}
    assert found["7025"].quotes == (Quote("conductor", "Should night trains come back?"),)
    assert found["7025"].text == "Absolutely. I would take one every week."
    assert found["7025"].score == 3
    assert found["7025"].created == utc(2021, 5, 2, 19, 15, 30)
    assert found["7025"].edited_at == utc(2021, 5, 2, 20)
    assert found["7026"].quotes == (Quote("Sleeper", "I would take one every week."),)
    assert (found["7027"].status, found["7027"].text) == ("deleted", "")


def test_xenforo_1_has_list_items():
    found = page(XENFORO, "xenforo1.html")
    assert found.parents == {"61": None, "62": "61"}
    assert found["61"].kind == "post"
    assert found["61"].score == 2
    assert found["61"].created == utc(2012, 1, 5, 15, 4)
    assert found["62"].created == utc(2012, 1, 5, 17, 5)
    assert found["62"].quotes == (Quote("Rye", "Gas or wood?"),)


def test_reactions_beyond_three_names_are_counted(tmp_path):
    people = "<bdi>A</bdi>, <bdi>B</bdi>, <bdi>C</bdi> and 1,200 others"
    markup = (
        "<html id='XF'><article class='message' data-author='me' data-content='post-1'>"
        "<div class='message-body'>x</div>"
        f"<a class='reactionsBar-link'>{people}</a></article></html>"
    )
    assert read_path(XENFORO, put(tmp_path, "x.html", markup))["1"].score == 1203


def test_broken_markup_keeps_what_is_there(tmp_path):
    whole = (PAGES / "phpbb31_page1.html").read_text(encoding="utf-8")
    cut = read_path(PHPBB, put(tmp_path, "cut.html", whole[: whole.index("Pas en hiver")]))
    assert list(cut.parents) == ["101", "104", "105"]
    assert cut["101"].text.startswith("Faut-il")
    unclosed = read_path(PHPBB, put(tmp_path, "open.html", whole.replace("</p>", "").replace("</dl>", "")))
    assert unclosed["104"].quotes == (Quote("Odette", "Faut-il refaire le pont de bois ?"),)


def test_a_page_without_messages_gets_a_notice(tmp_path):
    found = read_path(PHPBB, put(tmp_path, "x.html", "<body id='phpbb' class='section-viewtopic'>nothing</body>"))
    assert not found.all
    assert [notice.text for notice in found.notices] == ["no comments were recognized on this page"]


def test_quotes_nested_by_the_thousand_end(tmp_path):
    nested = "<blockquote><div><cite>x wrote:</cite>" * 1000 + "deep" + "</div></blockquote>" * 1000
    markup = f"<body id='phpbb'><div id='p1' class='post'><div class='content'>{nested}own</div></div></body>"
    found = read_path(PHPBB, put(tmp_path, "x.html", markup))
    assert found["1"].text == "own"
    assert Quote("x", "deep") in found["1"].quotes
