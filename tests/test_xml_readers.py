"""Disqus and WordPress exports: what they hold, what is broken in them, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from reader_tools import put, read_path, sniffed

from discourse.readers import disqus, read, wxr
from discourse.readers.xml_records import parse_record, records
from discourse.threads import Quote

EXPORTS = Path(__file__).parent / "data" / "xml"
DISQUS, WXR = disqus.FORMATS[0], wxr.FORMATS[0]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_disqus_posts_keep_their_facts():
    found = read_path(DISQUS, EXPORTS / "disqus.xml")
    assert found.parents == {"9002": "9001", "9001": None, "9003": "8000", "id:wp_id=77": None, "9006": None}
    assert found["9002"].author == "Bastien"
    assert found["9002"].text == "Je ne crois pas."
    assert found["9002"].quotes == (Quote(None, "Très bien"),)
    assert found["9002"].created == utc(2015, 1, 2, 9)
    assert (found["9001"].status, found["9001"].text) == ("deleted", "Très bien, et rien d'autre.")
    assert (found["9003"].status, found["9003"].author, found["9003"].created) == ("removed", "spam", None)


def test_disqus_threads_without_posts_are_left_out_and_bad_posts_told():
    found = read_path(DISQUS, EXPORTS / "disqus.xml")
    assert [(head.thread_id, head.title, head.url) for head in found.heads] == [
        ("500", "Un & deux", "https://journal.example/un")
    ]
    path = EXPORTS / "disqus.xml"
    assert [skip.where for skip in found.skips] == [f"{path}:23", f"{path}:24"]


def test_disqus_trees_are_built(tmp_path):
    put(tmp_path, "export", (EXPORTS / "disqus.xml").read_bytes())
    [thread] = read(tmp_path)
    assert [repair.kind for repair in thread.repairs] == ["missing-parent"]
    depths = {comment.id: depth for comment, depth in zip(thread.comments, thread.depths, strict=True)}
    assert depths == {"9001": 1, "9002": 2, "9003": 1, "id:wp_id=77": 1, "9006": 1}


def test_wordpress_comments_keep_their_facts():
    found = read_path(WXR, EXPORTS / "wxr.xml")
    assert found.parents == {"post-40": None, "12": "11", "11": None, "13": None, "14": None}
    assert found.heads[0].thread_id == "shed.example/40"
    assert found["12"].text == "First line\nsecond line"
    assert found["12"].quotes == (Quote(None, "keys"),)
    assert found["12"].created == utc(2015, 2, 1, 10)
    assert found["12"].author == "Bill & Co"
    assert found["12"].url == "https://shed.example/who/#comment-12"
    assert found["11"].text == "Mine é is AT&T"
    assert found["11"].created == utc(2015, 2, 1, 9)
    assert {number: found[number].status for number in ("11", "12", "13", "14")} == {
        "11": "removed",
        "12": "ok",
        "13": "ok",
        "14": "removed",
    }


def test_wordpress_items_are_posts_and_items_without_comments_are_left_out():
    found = read_path(WXR, EXPORTS / "wxr.xml")
    post = found["post-40"]
    assert (post.kind, post.title, post.author) == ("post", "Who owns the shed?", "ivy")
    assert post.created == utc(2015, 1, 27, 14, 56, 57)
    assert post.text.startswith("A question of keys")
    assert len(found.heads) == 1
    assert len(found.skips) == 1


@pytest.mark.parametrize("namespace", ["http://wordpress.org/export/1.0/", "https://wordpress.org/export/1.2/"])
def test_namespaces_differ(tmp_path, namespace):
    text = (EXPORTS / "wxr.xml").read_text(encoding="utf-8")
    path = put(tmp_path, "x.xml", text.replace("http://wordpress.org/export/1.2/", namespace))
    assert sniffed(WXR, path) == 1
    assert len(read_path(WXR, path).all) == 5


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a PUBLIC "x" "http://192.0.2.1/x.dtd"> %a;',
    ],
)
@pytest.mark.parametrize("form", [DISQUS, WXR])
def test_entities_are_refused(tmp_path, form, declaration):
    text = f"<?xml version='1.0'?><!DOCTYPE x [{declaration}]><disqus><post dsq:id='1'><message>&b;&a;</message>"
    found = read_path(form, put(tmp_path, "x.xml", text + "<thread dsq:id='2'/></post></disqus>"))
    assert not found.all
    assert ["entities" in skip.why for skip in found.skips] == [True]


def test_a_document_type_without_entities_is_not_fetched(tmp_path):
    text = "<!DOCTYPE disqus SYSTEM 'http://192.0.2.1/x.dtd'><disqus><post dsq:id='1'><message>a &b; c</message>"
    found = read_path(DISQUS, put(tmp_path, "x.xml", text + "<thread dsq:id='2'/></post></disqus>"))
    assert found["1"].text == "a &b; c"


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("`<?xml version='1.0'?><disqus><post dsq:id=1><message>a</message><thread dsq:id=2/></post>", "a"),
        ("<disqus><post dsq:id='1'><message>a\x0bb & c</message><thread dsq:id='2' /></post>", "ab & c"),
        ("<disqus><post dsq:id='1'><message><![CDATA[<p>a\x01</p>]]></message><thread dsq:id='2'/></post>", "a"),
        ("<disqus><post dsq:id='1'><message>&#0;a&nbsp;&hellip;</message><thread dsq:id='2'/></post>", "a …"),
        ("<disqus><!-- <post> --><post dsq:id='1'><message>a</message><thread dsq:id='2'></thread></post>", "a"),
        ("<disqus><post dsq:id='1'><message>a<post dsq:id='1'><message>b</message><thread dsq:id='2'/></post>", "b"),
    ],
    ids=["unquoted", "control", "control-in-cdata", "references", "comment", "unclosed"],
)
def test_what_is_plainly_meant_is_repaired(tmp_path, broken, text):
    assert read_path(DISQUS, put(tmp_path, "x.xml", broken))["1"].text == text


def test_a_cut_file_keeps_what_came_before(tmp_path):
    text = (EXPORTS / "wxr.xml").read_text(encoding="utf-8")
    found = read_path(WXR, put(tmp_path, "x.xml", text[: text.index("<wp:comment_id>13")]))
    assert list(found.parents) == ["post-40", "12", "11"]
    assert len(found.skips) == 1


def test_an_export_without_comments_gets_a_notice(tmp_path):
    found = read_path(WXR, put(tmp_path, "x.xml", "<rss><wp:wxr_version>1.2</wp:wxr_version></rss>"))
    assert [notice.text for notice in found.notices] == ["the export holds no comments"]


def test_other_encodings_are_read(tmp_path):
    text = "<?xml version='1.0' encoding='{}'?><disqus><post dsq:id='1'><message>é</message><thread dsq:id='2'/></post>"
    for encoding in ("utf-16", "iso-8859-1"):
        path = put(tmp_path, f"{encoding}.xml", text.format(encoding).encode(encoding))
        assert read_path(DISQUS, path)["1"].text == "é"


def test_records_nested_a_hundred_thousand_deep_end(tmp_path):
    text = "<disqus><post dsq:id='1'><message>" + "<a>" * 100_000 + "x" + "</a>" * 100_000 + "</message>"
    path = put(tmp_path, "x.xml", text + "<thread dsq:id='2'/></post><post dsq:id='3'><thread dsq:id='2'/></post>")
    assert list(read_path(DISQUS, path).parents) == ["1", "3"]


def test_records_are_found_across_chunks(tmp_path):
    filler = "x" * 700
    text = "<r>" + "".join(f"<item n='{n}'>{filler}<![CDATA[</item>]]></item>\n" for n in range(6000)) + "</r>"
    with put(tmp_path, "x.xml", text).open("rb") as stream:
        found = list(records(stream, ("item",)))
    assert [record.line for record in found] == list(range(1, 6001))
    assert all(record.closed for record in found)
    assert [parse_record(record).get("n") for record in found[::1000]] == ["0", "1000", "2000", "3000", "4000", "5000"]
