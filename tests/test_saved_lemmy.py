import pytest
from saved_pages import read_page, read_seed, rows


def comment(column, name, text, *, score="5", age="4 months ago", lang="English", bullet="•", extra=(), glued=True):
    """Write one comment as a text browser does: a bullet, furniture, score and age, then the text."""
    inner = " " * (column + 2)
    head = [" " * column + f"{bullet} {name}", f"{inner}link", *(f"{inner}{line}" for line in extra)]
    head += [f"{inner}{lang}"] if lang else []
    head += [f"{inner}{score}{age}"] if glued else [f"{inner}{score}", f"{inner}{age}"]
    body = [f"{inner}{line}" if line else "" for line in text.split("\n")]
    return "\n".join([*head, "", *body, "", ""])


def page(*comments, post="A text that somebody posted.\n\nIts second paragraph.\n\n"):
    return post + "".join(comments)


def test_the_seed_is_read_as_a_careful_reader_would():
    form, thread = read_seed("000")
    assert form == "saved_lemmy"
    post = thread.post
    assert (post.id, post.author, post.title, post.text[:22]) == ("post", "Snoopy", None, "Extrait\n\nEn signant un")
    assert post.text.endswith("à l’économie de l’Union européenne.")
    assert [
        (c.id, c.author, c.parent_id, c.score, c.age, c.edited, c.lang, c.status, c.quotes) for c in thread.replies
    ] == [
        ("1", "Syl ⏚", None, 5.0, "4 months ago", True, "fr", "ok", ()),
        ("2", "Snoopy", "1", 5.0, "4 months ago", False, "fr", "ok", ()),
        ("3", "Ysysel", "1", 5.0, "4 months ago", False, "fr", "ok", ()),
    ]
    assert [link.evidence for link in thread.links] == ["none", "none", "indent", "indent"]
    assert thread.depths == (0, 1, 2, 2)
    first, second, third = (c.text for c in thread.replies)
    assert first.startswith("Et donc pourquoi l’Europe pleurniche ? Parce")
    assert first.endswith("Allo l’Europe, il y a quelqu’un ?!")
    assert first.count("\n\n") == 2
    assert second.startswith("Ouais et j’ai toujours pas digéré")
    assert second.endswith("souveraineté numérique.")
    assert third.startswith("Même après lecture")
    assert third.endswith("beaucoup de changements.")
    assert thread.repairs == ()
    assert thread.reply_field


def test_the_column_of_the_bullet_is_the_nesting(tmp_path):
    text = page(
        comment(2, "a", "one"),
        comment(4, "b", "two"),
        comment(6, "c", "three"),
        comment(6, "d", "four"),
        comment(4, "e", "five"),
        comment(2, "f", "six"),
    )
    form, thread = read_page(tmp_path, text)
    assert form == "saved_lemmy"
    assert rows(thread) == [
        ("1", "a", None),
        ("2", "b", "1"),
        ("3", "c", "2"),
        ("4", "d", "2"),
        ("5", "e", "1"),
        ("6", "f", None),
    ]


def test_a_branch_of_two_hundred_levels(tmp_path):
    text = page(*(comment(2 * level, f"user{level}", f"text {level}") for level in range(1, 201)))
    _, thread = read_page(tmp_path, text)
    assert thread.depths[1:] == tuple(range(1, 201))
    assert all(link.evidence == "indent" for link in thread.links[2:])


@pytest.mark.parametrize("bullet", ["•", "◦", "▪", "*", "-", "+", "○", "·"])
def test_any_bullet(tmp_path, bullet):
    text = page(comment(2, "a", "one", bullet=bullet), comment(4, "b", "two", bullet=bullet))
    _, thread = read_page(tmp_path, text)
    assert rows(thread) == [("1", "a", None), ("2", "b", "1")]


def test_tabs_windows_line_ends_and_no_break_spaces(tmp_path):
    text = "Post.\n\n\t• a\n\t\tlink\n\t\t54 months ago\n\n\t\tone\n\n\t\t• b\n\t\t\t21 month ago\n\n\t\t\ttwo"
    text = text.replace("\n", "\r\n")
    _, thread = read_page(tmp_path, text)
    assert [(c.author, c.parent_id, c.score, c.age, c.text) for c in thread.replies] == [
        ("a", None, 5.0, "4 months ago", "one"),
        ("b", "1", 2.0, "1 month ago", "two"),
    ]
    spaced = page(comment(2, "a", "one"), comment(4, "b", "two")).replace("    ", "\xa0\xa0\xa0\xa0")
    assert rows(read_page(tmp_path, spaced, "spaced.txt")[1]) == [("1", "a", None), ("2", "b", "1")]


@pytest.mark.parametrize(
    ("score", "age", "points", "printed"),
    [
        ("5", "il y a 4 mois", 5.0, "il y a 4 mois"),
        ("-14", "vor 2 Monaten", -14.0, "vor 2 Monaten"),
        ("0", "hace 3 días", 0.0, "hace 3 días"),
        ("12", "3 mesi fa", 12.0, "3 mesi fa"),
        ("1.2K", "11 months ago", 1200.0, "11 months ago"),
        ("-3", "2 years ago", -3.0, "2 years ago"),
        ("5", " • 4 months ago", 5.0, "4 months ago"),
        ("7", "a month ago", 7.0, "a month ago"),
    ],
)
def test_scores_and_ages_of_other_interfaces(tmp_path, score, age, points, printed):
    _, thread = read_page(tmp_path, page(comment(2, "a", "one", score=score, age=age)))
    assert (thread.replies[0].score, thread.replies[0].age) == (points, printed)


def test_an_edit_icon_is_no_score(tmp_path):
    text = page(comment(2, "a", "one", score="3\n    edit-2\n    ", age="13 days ago"), comment(2, "b", "two"))
    _, thread = read_page(tmp_path, text)
    assert [(c.score, c.age, c.edited) for c in thread.replies] == [
        (3.0, "13 days ago", True),
        (5.0, "4 months ago", False),
    ]


def test_the_page_settles_where_a_score_ends(tmp_path):
    sure = [comment(2, name, "text", score="0", age="13 days ago") for name in "abc"]
    _, thread = read_page(tmp_path, page(*sure, comment(2, "d", "text", score="2", age="13 days ago")))
    assert (thread.replies[3].score, thread.replies[3].age) == (2.0, "13 days ago")
    younger = [comment(2, "a", "t", score="-1", age="2 days ago"), comment(4, "b", "t", score="11", age="2 days ago")]
    _, thread = read_page(tmp_path, page(*younger), "younger.txt")
    assert [(c.score, c.age) for c in thread.replies] == [(-1.0, "2 days ago"), (11.0, "2 days ago")]
    alone = page(comment(2, "a", "text", score="1", age="23 days ago"))
    _, thread = read_page(tmp_path, alone, "alone.txt")
    assert (thread.replies[0].score, thread.replies[0].age) == (1.0, "23 days ago")


def test_a_page_that_hides_scores(tmp_path):
    text = page(
        *(comment(2, name, "text", score="", age="13 hours ago") for name in "ab"),
        comment(2, "c", "t", score="", age="4 days ago"),
    )
    _, thread = read_page(tmp_path, text)
    assert [(c.score, c.age) for c in thread.replies] == [(None, "13 hours ago")] * 2 + [(None, "4 days ago")]


def test_names_and_badges(tmp_path):
    names = [
        "Jean-Luc 2OP",
        "@bob",
        "Zoé@lemmy.world",
        "admin1mod",
        "Robotbot account",
        "eve@feddit.deM",
        "Jean-Luc 2OPM",
        "BOP",
    ]
    _, thread = read_page(tmp_path, page(*(comment(2, name, "text") for name in names)))
    assert [c.author for c in thread.replies] == [
        "Jean-Luc 2",
        "bob",
        "Zoé@lemmy.world",
        "admin1mod",
        "Robot",
        "eve@feddit.de",
        "Jean-Luc 2",
        "BOP",
    ]
    assert thread.post.author == "Jean-Luc 2"


def test_a_letter_badge_goes_where_the_name_stands_elsewhere(tmp_path):
    text = page(comment(2, "CarlaM", "text"), comment(4, "dan", "Carla is right"), comment(2, "TimB", "text"))
    _, thread = read_page(tmp_path, text)
    assert [c.author for c in thread.replies] == ["Carla", "dan", "TimB"]


def test_furniture_is_no_text(tmp_path):
    text = page(
        comment(2, "a", "Hello.\n\n2 more replies ➔", extra=("fedilink",)),
        comment(2, "b", "Bye.\nreply1\nmore-vertical", lang="Undetermined"),
    )
    _, thread = read_page(tmp_path, text)
    assert [(c.text, c.lang) for c in thread.replies] == [("Hello.", "en"), ("Bye.", None)]
    assert "the page says that it does not hold 2 more replies" in thread.notices


def test_lists_and_bullets_inside_a_comment_are_text(tmp_path):
    body = "Reasons:\n\n• the first\n• the second, 4 months ago\n  • a deeper one\n1. uno\n\nThat is all."
    _, thread = read_page(tmp_path, page(comment(2, "a", body), comment(4, "b", "- one dash\n- another")))
    assert rows(thread) == [("1", "a", None), ("2", "b", "1")]
    assert thread.replies[0].text == body
    assert thread.replies[1].text == "- one dash\n- another"


def test_deleted_removed_and_collapsed_comments_keep_their_place(tmp_path):
    text = page(
        comment(2, "a", "deleted by creator"),
        comment(4, "b", "*removed by mod*"),
        comment(4, "c", "Supprimé par le modérateur"),
        comment(4, "d", "supprimé par le créateur"),
        comment(6, "e", ""),
        comment(4, "f", "Deleted my account last year, by the way: no regrets at all."),
    )
    _, thread = read_page(tmp_path, text)
    assert [(c.status, c.parent_id) for c in thread.replies] == [
        ("deleted", None),
        ("removed", "1"),
        ("removed", "1"),
        ("deleted", "1"),
        ("empty", "4"),
        ("ok", "1"),
    ]
    assert thread.replies[0].text == ""
    assert thread.replies[5].text.startswith("Deleted my account")


def test_a_paragraph_of_the_parent_is_a_quote(tmp_path):
    parent = "The licence is not open at all, read it again.\n\nThe rest is marketing and nothing else."
    reply = "The licence is not open at all, read it again.\n\nI did: it is Apache 2.0."
    _, thread = read_page(tmp_path, page(comment(2, "a", parent), comment(4, "b", reply)))
    answer = thread.replies[1]
    assert answer.text == "I did: it is Apache 2.0."
    assert [(quote.author, quote.text) for quote in answer.quotes] == [
        (None, "The licence is not open at all, read it again.")
    ]


def test_a_repeated_text_alone_stays_the_authors_words(tmp_path):
    words = "Nobody asked for any of this, honestly."
    _, thread = read_page(tmp_path, page(comment(2, "a", words), comment(4, "b", words)))
    assert thread.replies[1].text == words
    assert thread.replies[1].quotes == ()


def test_the_post_among_menus_and_counters(tmp_path):
    top = (
        "example.social\n  • Communities\n  • Create Post\n  • search\n  • Login\narrow-up1\n12\n"
        "SnoopyM to Technologie@example.socialFrançais · 4 months ago\n\nUn titre qui dit tout\n\nnews.example.org\n\n"
        "message-square\n34\nfedilink\n\nLe premier paragraphe.\n\nLe second.\n\nHot Top Controversial New Old\nChat\n"
    )
    foot = "Technologie\n\nCreate a post\n\nBE: 0.19.3\n\nModlog\n"
    _, thread = read_page(tmp_path, top + comment(2, "a", "one") + comment(2, "SnoopyOP", "two") + foot)
    post = thread.post
    assert (post.author, post.title, post.score, post.age, post.lang) == (
        "Snoopy",
        "Un titre qui dit tout",
        12.0,
        "4 months ago",
        "fr",
    )
    assert post.text == "Le premier paragraphe.\n\nLe second."
    assert (thread.announced, thread.title) == (34, "Un titre qui dit tout")
    assert [(c.author, c.text) for c in thread.replies] == [("a", "one"), ("Snoopy", "two")]


def test_a_title_above_the_text(tmp_path):
    text = page(comment(2, "a", "one"), post="Why the deal matters for Europe\n\nA text about it.\n\n")
    _, thread = read_page(tmp_path, text)
    assert (thread.title, thread.post.text) == ("Why the deal matters for Europe", "A text about it.")


def test_code_at_the_margin_belongs_to_its_comment(tmp_path):
    text = page(comment(2, "a", "Code:\n\nx = 1").rstrip() + "\ny = 2\n\n", comment(2, "b", "two"))
    _, thread = read_page(tmp_path, text)
    assert thread.replies[0].text.endswith("y = 2")
    assert len(thread) == 2


def test_a_cut_page_is_read_to_its_end(tmp_path):
    whole = page(comment(2, "a", "one"), comment(4, "b", "two, and more of it"))
    for length in range(len(whole)):
        form, thread = read_page(tmp_path, "Post\n" + whole[:length])
        assert form in {"saved_lemmy", "plain_text"}
        assert len(thread) <= 2
