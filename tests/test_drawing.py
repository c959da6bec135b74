"""The tree on a terminal: one line a comment, guesses marked, any depth."""

from __future__ import annotations

from discourse.drawing import draw
from discourse.threads import Comment, Link, build_thread, with_links


def thread(*pairs: tuple[str, str | None], **more):
    comments = [
        Comment(name, "t", parent_id=parent, author=name.upper(), text=f"words of {name}") for name, parent in pairs
    ]
    return build_thread(comments, id="t", **more)


def test_branches_are_drawn():
    drawn = list(draw(thread(("a", None), ("b", "a"), ("c", "b"), ("d", "a"), ("e", None), title="Title")))
    assert drawn == [
        "Title  (5 comments)",
        "├─ A: words of a",
        "│  ├─ B: words of b",
        "│  │  └─ C: words of c",
        "│  └─ D: words of d",
        "└─ E: words of e",
    ]


def test_replies_to_the_post_stand_beside_those_that_name_none():
    comments = [Comment("p", "t", kind="post", text="Article"), Comment("a", "t", parent_id="p"), Comment("b", "t")]
    drawn = list(draw(build_thread(comments, id="t")))
    assert drawn[0] == "t  (2 comments)"
    assert [line[:2] for line in drawn[1:]] == ["├─", "└─"]


def test_a_guessed_link_is_marked():
    guessed = with_links(thread(("a", None), ("b", None)), [Link(None, "none", None), Link("a", "quote", 0.97)])
    assert "→ a by its quote, 97%" in list(draw(guessed))[2]


def test_a_deleted_comment_keeps_its_place():
    comments = [Comment("a", "t", status="deleted"), Comment("b", "t", parent_id="a", text="why?", author="B")]
    assert list(draw(build_thread(comments, id="t")))[1:] == ["└─ ?: (deleted)", "   └─ B: why?"]


def test_lines_are_cut_and_newlines_do_not_break_them():
    long = build_thread([Comment("a", "t", text="one\ntwo " + "x" * 500)], id="t")
    (line,) = list(draw(long, width=60))[1:]
    assert len(line) == 60
    assert "one two" in line


def test_a_chain_and_a_flat_thread_of_100_000_are_drawn():
    size = 100_000
    chain = thread(*((str(n), str(n - 1) if n else None) for n in range(size)))
    flat = thread(*((str(n), None) for n in range(size)))
    assert sum(1 for _ in draw(chain)) == size + 1
    assert sum(1 for _ in draw(flat)) == size + 1
