"""Marks of the HTML engines on hostile pages: the right answer, and in time linear in the page.

A mark that goes back and forth over such a page would take many minutes for the megabyte that these take at once.
"""

import pytest

from discourse.readers import drupal, phpbb, vbulletin, wordpress, xenforo, zeit
from discourse.readers.base import Sample

ENGINES = [module.FORMATS[0] for module in (drupal, phpbb, vbulletin, wordpress, xenforo, zeit)]
LONG, HUGE = 65_536, 1_000_000
"""Characters: what is read of a file to know it, and what no superlinear mark gets through."""

HOSTILE = (
    "<", "<div ", "<li ", "<body ", "<html ", "<meta ", "<link ", "<article ", "<ol ", "<ol class='", "<div class='x ",
    "powered by ", "powered by<", " ", "x", "1", "id='p1' ", "id='p1' class='", "class='depth-1 ", "class='depth-1' ",
    "id='comment-1' ", "/theme/ id='comment-1", "typeof='", "generator ", "name='generator' ", "canonical http://",
)  # fmt: skip
"""What is repeated; none alone is a mark of an engine."""

MARKED = (
    ("drupal", 0.8, "<meta name='generator' content='Drupal 7'>"),
    ("drupal", 0.96, "<a id='comment-1'>"),
    ("drupal", 1.0, "<div typeof='sioc:Post sioct:Comment'>"),
    ("phpbb", 0.75, "Powered by <a href='https://www.phpbb.com/'>phpBB</a>"),
    ("phpbb", 0.75, "powered by the software phpBB"),
    ("phpbb", 0.95, "<div id='p1' class='panel post bg2'>"),
    ("phpbb", 1.0, "<body id='phpbb' class='nojs section-viewtopic ltr'>"),
    ("vbulletin", 0.9, "<meta name='generator' content='vBulletin 4.2.0'>"),
    ("vbulletin", 0.95, "<table class='tborder' id='post1'>"),
    ("vbulletin", 1.0, "<html lang='en' id='vbulletin_html'>"),
    ("wordpress", 0.7, "<meta name='generator' content='WordPress 6.1'>"),
    ("wordpress", 0.9, "<ol class='[&>li]:my-2 comment-list'>"),
    ("wordpress", 0.95, "<link href='/wp-content/a.css'><p>a</p>\n<p id='comment-1'>"),
    ("wordpress", 0.97, "<li id='comment-1' class='comment even depth-1'>"),
    ("wordpress", 0.97, "<li class='comment even depth-1' id='li-comment-1'>"),
    ("xenforo", 0.95, "<li id='post-1' class='sectionMain message'>"),
    ("xenforo", 1.0, "<html lang='en' id='XenForo'>"),
    ("zeit", 0.75, "<link rel='canonical' href='https://www.zeit.de/x'>"),
    ("zeit", 1.0, "<article class='comment' id='cid-1'>"),
)


def sureness(form, text):
    return form.sniff(Sample("page.html", b"", "<html>" + text, complete=True))


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("form", ENGINES, ids=lambda form: form.name)
def test_a_hostile_page_is_no_engines_page(form, unit):
    assert sureness(form, unit * (LONG // len(unit))) == 0


@pytest.mark.parametrize("unit", ["<div ", "powered by ", "x"])
@pytest.mark.parametrize("form", ENGINES, ids=lambda form: form.name)
def test_a_megabyte_of_nearly_a_mark_ends(form, unit):
    assert sureness(form, "<" + unit * (HUGE // len(unit))) == 0


@pytest.mark.parametrize(
    "start", ["<x", "<a name='p", "<li id='post_", "<div id='p1' class='", "/wp-content/", "<a class='depth-1 "]
)
@pytest.mark.parametrize("form", ENGINES, ids=lambda form: form.name)
def test_an_unfinished_mark_does_not_hang(form, start):
    text = start * (LONG // len(start))
    assert sureness(form, text) == sureness(form, start)
    assert sureness(form, start + "1" * LONG) == sureness(form, start)


@pytest.mark.parametrize(("name", "sure", "mark"), MARKED)
def test_a_mark_is_found_behind_what_is_hostile(name, sure, mark):
    [form] = [form for form in ENGINES if form.name == name]
    assert sureness(form, mark) == sure
    assert sureness(form, "<div " * (LONG // 5) + "powered by " * (LONG // 11) + "\n>" + mark) == sure
