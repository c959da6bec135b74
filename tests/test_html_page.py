"""What a page states of itself, and pages that would choke a parser."""

import pytest
from reader_tools import put

from discourse.readers.html_page import counted, parse_page
from discourse.readers.source import FileSource


def page(tmp_path, markup):
    return parse_page(FileSource(str(put(tmp_path, "page.html", markup))))


def test_the_address_is_the_canonical_one_made_absolute(tmp_path):
    found = page(
        tmp_path,
        "<head><link rel=canonical href='/topic-5.html?s=0123456789abcdef0123456789abcdef'>"
        "<meta property='og:url' content='https://www.site.example/other'></head>",
    )
    assert found.url == "https://www.site.example/topic-5.html"
    assert found.host == "site.example"
    assert found.thread_id("5") == "site.example/5"
    assert found.absolute("?p=3&sid=0123456789abcdef0123456789abcdef#p3") == (
        "https://www.site.example/topic-5.html?p=3#p3"
    )


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<!-- Mirrored from old.example/t=1.html by HTTrack Website Copier/3.x --><p>", "http://old.example/t=1.html"),
        ("<!-- saved from url=(0024)https://new.example/post/ --><p>", "https://new.example/post/"),
        (
            "<link rel='canonical' href='https://web.archive.org/web/20160330101229/http://past.example/a/'>",
            "http://past.example/a/",
        ),
        ("<base href='https://base.example/'><p>", None),
        ("<p>nothing", None),
    ],
)
def test_the_saving_tool_may_state_the_address(tmp_path, markup, url):
    assert page(tmp_path, markup).url == url


def test_a_heading_counts_if_the_title_repeats_it(tmp_path):
    found = page(tmp_path, "<title>The ferry - News</title><h1>News</h1><h2>The ferry</h2>")
    assert found.heading == "The ferry"
    assert page(tmp_path, "<title>A - B | News</title>").heading == "A - B"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("51 Kommentare", 51),
        ("1.024 Kommentare", 1024),
        ("1 234 réponses", 1234),
        ("One thought on “Top 10 cars”", 1),
        ("Un commentaire sur Les 7 nains", 1),
        ("Kommentare (7)", 7),
        ("Leave a reply to “3 pigs”", None),
        ("Kommentare", None),
    ],
)
def test_announced_numbers(text, number):
    assert counted(text) == number


def test_linked_data_announce_comments(tmp_path):
    counters = '[{"interactionType":"https://schema.org/LikeAction","userInteractionCount":9},' \
        '{"interactionType":"https://schema.org/CommentAction","userInteractionCount":8}]'  # fmt: skip
    data = f'<script type="application/ld+json">[{{"interactionStatistic":{counters}}}]</script>'
    assert page(tmp_path, "<script type='application/ld+json'>{oops</script>" + data).announced == 8
    assert page(tmp_path, "<span itemprop='commentCount' content='91'>").announced == 91


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 24_000 + "words",
        "".join(f"<p><font color={i}>x" for i in range(20_000)) + "words",
        "<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">words",
        "<" * 500_000 + " words",
    ],
    ids=["nested", "formatting", "attributes", "angles"],
)
def test_pages_that_choke_a_parser_are_tamed_and_keep_their_words(tmp_path, markup):
    assert "words" in page(tmp_path, markup).tree.body.text()


def test_the_encoding_is_the_declared_one(tmp_path):
    markup = "<meta charset='windows-1251'><title>Привет всем</title>".encode("cp1251")
    assert page(tmp_path, markup).title == "Привет всем"


def test_addresses_that_are_none_do_no_harm(tmp_path):
    found = page(tmp_path, "<link rel='canonical' href='http://[broken/?p=1'><base href='//[x'>")
    assert (found.host, found.thread_id("1")) == ("", "1")
    assert found.absolute("http://[y/") == "http://[y/"


def test_the_sites_name_is_no_part_of_the_title_however_long_that_is(tmp_path):
    assert page(tmp_path, "<title>The ferry - News</title>").title == "The ferry"
    assert page(tmp_path, "<title>A - B - C | News of the day</title>").title == "A - B - C"
    dashes = "a - " * 50_000 + "a"
    assert page(tmp_path, f"<title>{dashes} |</title>").title == f"{dashes} |"
