import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.fourchan import FORMATS

CHAN = FORMATS[0]


def link(number, href=None):
    return f'<a href="{href or f"#p{number}"}" class="quotelink">&gt;&gt;{number}</a>'


def post(number, com="", resto=100, **more):
    return {"no": number, "resto": resto, "time": 1500000000 + number, "name": "Anonymous", "com": com, **more}


OPENING = post(100, "Is the loom a good machine for weaving?", resto=0, sub="Looms &amp; engines", replies=4)


def test_the_first_reference_in_the_thread_is_the_parent(tmp_path):
    thread = {
        "posts": [
            OPENING,
            post(101, f"{link(100)}<br>Yes &amp; no, wo<wbr>rds.", trip="!abc", name="Ada"),
            post(102, f"{link(90, '/g/thread/80#p90')}<br>{link(101)} {link(100)}<br>Both.", id="Xy12"),
            post(103, '<span class="deadlink">&gt;&gt;99</span><br>Nobody.'),
            post(104, f"{link(77)}Gone."),
            post(105, ext=".png"),
        ]
    }
    path = put(tmp_path, "g.json", thread)
    found = read_path(CHAN, path)
    assert sniffed(CHAN, path) > 0.9
    assert found.parents == {"100": None, "101": "100", "102": "101", "103": None, "104": "77", "105": None}
    assert set(found.threads.values()) == {"100"}
    assert found["100"].kind == "post"
    assert [found[name].text for name in ("101", "102", "103")] == ["Yes & no, words.", "Both.", "Nobody."]
    assert [found[name].author for name in ("100", "101", "102")] == [None, "Ada!abc", "Anonymous Xy12"]
    assert found["105"].status == "empty"
    assert (found.heads[0].title, found.heads[0].announced) == ("Looms & engines", 4)
    assert found["101"].created.year == 2017


def test_greentext_is_a_quote_where_an_earlier_post_says_so(tmp_path):
    green = '<span class="quote">&gt;{}</span>'
    thread = {
        "posts": [
            OPENING,
            post(101, f"{link(100)}<br>{green.format('a good machine for weaving?')}<br>It is."),
            post(102, f"{green.format('be me')}<br>{green.format('have no machine at all')}<br>Sad."),
        ]
    }
    found = read_path(CHAN, put(tmp_path, "g.json", thread))
    assert (found["101"].text, [quote.text for quote in found["101"].quotes]) == (
        "It is.",
        ["a good machine for weaving?"],
    )
    assert found["102"].text == ">be me\n>have no machine at all\nSad."
    assert not found["102"].quotes


def test_catalogs_and_boards_hold_several_threads(tmp_path):
    catalog = [
        {"page": 1, "threads": [{**OPENING, "last_replies": [post(101, link(100))]}, post(200, resto=0)]},
        {"page": 2, "threads": [post(300, link(200, "/g/thread/200#p200"), resto=0)]},
    ]
    found = read_path(CHAN, put(tmp_path, "catalog.json", catalog))
    assert found.threads == {"100": "100", "101": "100", "200": "200", "300": "300"}
    assert found.parents["101"] == "100"
    board = {"threads": [{"posts": [OPENING, post(101, link(100))]}, {"posts": [post(200, resto=0)]}]}
    path = put(tmp_path, "1.json", board)
    assert sniffed(CHAN, path) > 0.9
    assert read_path(CHAN, path).threads == {"100": "100", "101": "100", "200": "200"}


def test_archives_hold_a_thread_or_a_post_a_line(tmp_path):
    path = put(tmp_path, "pol.ndjson", lines({"posts": [OPENING, post(101, link(100))]}, "{broken", {"posts": []}))
    found = read_path(CHAN, path)
    assert found.parents == {"100": None, "101": "100"}
    assert found.skips[0].where == f"{path}:2"
    path = put(tmp_path, "posts.ndjson", lines(OPENING, post(101, link(100)), post(102, link(90, "/g/thread/80#p90"))))
    assert sniffed(CHAN, path) > 0.9
    assert read_path(CHAN, path).parents == {"100": None, "101": "100", "102": None}


def test_foolfuuka_and_vichan_are_read(tmp_path):
    fool = {
        "100": {
            "op": {"num": "100", "thread_num": "100", "op": "1", "comment": "Looms?", "timestamp": 1, "title": "T"},
            "posts": {
                "101": {"num": "101", "thread_num": "100", "op": "0", "comment": ">>100\nYes.", "timestamp": 2},
                "102": {
                    "num": "102",
                    "thread_num": "100",
                    "op": "0",
                    "comment_processed": '<a href="https://x.org/g/thread/100/#101" class="backlink">&gt;&gt;101</a>'
                    "<br />\nNo.",
                },
            },
        }
    }
    path = put(tmp_path, "fool.json", fool)
    found = read_path(CHAN, path)
    assert sniffed(CHAN, path) > 0.9
    assert found.parents == {"100": None, "101": "100", "102": "101"}
    assert [found[name].text for name in ("101", "102")] == ["Yes.", "No."]
    line = '<p class="body-line ltr ">{}</p>'
    vichan = {
        "posts": [
            post(100, line.format("Looms."), resto=0),
            post(101, line.format(link(100, "/g/res/100.html#100")) + line.format("One.") + line.format("Two.")),
        ]
    }
    found = read_path(CHAN, put(tmp_path, "8.json", vichan))
    assert (found["101"].parent_id, found["101"].text) == ("100", "One.\nTwo.")


def test_wrong_types_cost_one_record(tmp_path):
    thread = {"posts": [OPENING, "no post", {"no": [], "com": 1, "resto": 100}, post(101, ["list"], time="x"), None]}
    found = read_path(CHAN, put(tmp_path, "g.json", thread))
    assert set(found.by_id) == {"100", "101"}
    assert len(found.skips) == 2
    assert found["101"].text == ""


@pytest.mark.parametrize(
    "data", [{"no": 1}, {"posts": [{"id": 1}]}, [{"no": 1, "text": "a"}], {"comments": []}, "no", []]
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(CHAN, put(tmp_path, "x.json", data)) == 0
