"""The tree builder: every record is accounted for, whatever its order and whatever is wrong with its parent."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import build, kinds, parents_of, tree

from discourse.threads import NO_LINK, Comment, Link, Quote, Thread, build_thread, with_links

DEEP = 100_000
START = datetime(2024, 1, 1, tzinfo=UTC)
NAMES = [f"n{number}" for number in range(12)]


def timed(comments: list[Comment], step: int = 1) -> list[Comment]:
    """Date the comments one minute apart, in order."""
    return [replace(comment, created=START + timedelta(minutes=place * step)) for place, comment in enumerate(comments)]


@st.composite
def records(draw: st.DrawFn) -> list[Comment]:
    """Draw records of one thread: repeated ids, parents that are missing, late, the comment itself, or in a cycle."""
    size = draw(st.integers(0, 14))
    return [
        Comment(
            id=draw(st.sampled_from(NAMES)),
            thread_id="t",
            parent_id=draw(st.none() | st.sampled_from([*NAMES, "gone"])),
            kind=draw(st.sampled_from(["comment", "comment", "comment", "post"])),
            text=draw(st.sampled_from(["", "a", "b"])),
            created=draw(st.none() | st.integers(0, 50).map(lambda minute: START + timedelta(minutes=minute))),
        )
        for _ in range(size)
    ]


@given(records())
def test_every_record_is_a_comment_or_a_counted_duplicate(given_records: list[Comment]) -> None:
    thread = build(given_records)
    dropped = len(kinds(thread).get("duplicate-id", []))
    assert len(thread.comments) == len(given_records) - dropped
    assert sorted(comment.id for comment in thread.comments) == sorted({record.id for record in given_records})


@given(records())
def test_parents_precede_replies_and_depths_follow(given_records: list[Comment]) -> None:
    thread = build(given_records)
    for place, (comment, parent, depth) in enumerate(zip(thread.comments, thread.parents, thread.depths, strict=True)):
        assert parent < place
        above = thread.depths[parent] if parent >= 0 else 0
        assert depth == (0 if comment.kind == "post" else above + 1)
    assert [comment.kind for comment in thread.comments[1:]].count("post") == 0


@given(records())
def test_a_stated_parent_is_kept_unless_a_repair_says_why_not(given_records: list[Comment]) -> None:
    thread = build(given_records)
    survivors = {record.id: record for record in given_records}
    cut = {repair.comment_id for repair in thread.repairs if repair.kind in {"self-reply", "cycle", "post-with-parent"}}
    missing = set(kinds(thread).get("missing-parent", []))
    duplicates = set(kinds(thread).get("duplicate-id", []))
    tree_parents = parents_of(thread)
    for comment, link in zip(thread.comments, thread.links, strict=True):
        if comment.id in cut:
            assert comment.parent_id is None
        elif comment.id not in duplicates:
            assert comment.parent_id == survivors[comment.id].parent_id
        assert link == (NO_LINK if comment.parent_id is None else Link(comment.parent_id, "explicit", 1.0))
        assert tree_parents[comment.id] == (None if comment.id in missing else comment.parent_id)


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_the_tree(given_records: list[Comment], chance: object) -> None:
    unique = list({record.id: replace(record, kind="comment") for record in given_records}.values())
    dated = [replace(record, created=START + timedelta(minutes=NAMES.index(record.id))) for record in unique]
    shuffled = list(dated)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert parents_of(build(shuffled)) == parents_of(build(dated))
    assert sorted(build(shuffled).repairs, key=repr) == sorted(build(dated).repairs, key=repr)


@given(records())
def test_walking_and_paths_agree_with_a_recursive_reference(given_records: list[Comment]) -> None:
    thread = build(given_records)
    children = thread.children()

    def below(place: int, trail: tuple[int, ...]) -> list[tuple[int, ...]]:
        trail = (*trail, place)
        return [trail] if not children[place] else [path for child in children[place] for path in below(child, trail)]

    expected = [path for root in thread.roots() for path in below(root, ())]
    assert list(thread.paths()) == expected
    assert list(thread.walk()) == list(dict.fromkeys(place for path in expected for place in path))
    assert [thread.path(path[-1]) for path in expected] == expected


@given(st.integers(1, 9), st.integers(0, 8), st.integers(0, 3))
def test_a_cycle_of_any_length_is_cut_once_at_its_earliest_comment(length: int, first: int, tail: int) -> None:
    ring = [Comment(str(place), "t", parent_id=str((place - 1) % length)) for place in range(length)]
    tails = [Comment(f"tail{place}", "t", parent_id=str(place % length)) for place in range(tail)]
    earliest = first % length
    dated = [
        replace(comment, created=START if comment.id == str(earliest) else START + timedelta(hours=1))
        for comment in (*tails, *ring)
    ]
    thread = build(dated)
    kind = "cycle" if length > 1 else "self-reply"
    assert kinds(thread) == {kind: [str(earliest)]}
    assert len(thread.comments) == length + tail
    assert parents_of(thread)[str(earliest)] is None


def test_a_cycle_without_times_is_cut_at_its_first_record() -> None:
    thread = build("c > a, a > b, b > c")
    assert kinds(thread) == {"cycle": ["c"]}
    assert thread.repairs[0].detail == "b is named as parent, in a cycle of 3"
    assert parents_of(thread) == {"c": None, "a": "c", "b": "a"}


def test_two_cycles_are_cut_twice() -> None:
    assert sorted(kinds(build("b > a, a > b, d > c, c > d, x > y"))["cycle"]) == ["b", "d"]


def test_a_late_parent_moves_just_before_its_first_reply() -> None:
    thread = build([Comment("x", "t"), Comment("c", "t", parent_id="b"), Comment("y", "t"), *tree("a > b")])
    assert [comment.id for comment in thread.comments] == ["x", "a", "b", "c", "y"]
    assert thread.depths == (1, 1, 2, 3, 1)


def test_a_missing_parent_keeps_its_name_at_depth_one() -> None:
    thread = build("?lost > a > b")
    assert thread.comments[0].parent_id == "lost"
    assert thread.links[0] == Link("lost", "explicit", 1.0)
    assert thread.depths == (1, 2)
    assert kinds(thread) == {"missing-parent": ["a"]}


def test_the_newest_of_two_records_wins_by_edit_then_creation_then_order() -> None:
    old = Comment("a", "t", text="old", created=START + timedelta(days=1), source="one.jsonl:1")
    edited = replace(old, text="edited", created=START, edited_at=START + timedelta(days=2), source="one.jsonl:2")
    for pair in ((old, edited), (edited, old)):
        thread = build(pair)
        assert thread.comments[0].text == "edited"
        assert thread.repairs[0].detail == "other content; the newest is kept (one.jsonl:1)"
    undated = [Comment("a", "t", text="first"), Comment("a", "t", text="last")]
    assert build(undated).comments[0].text == "last"
    assert build([old, old]).repairs[0].detail == "same content (one.jsonl:1)"


def test_a_copy_does_not_lose_what_the_other_has() -> None:
    whole = Comment("a", "t", text="words", author="ann", created=START, score=3.0, url="https://a.example/1")
    bare = Comment("a", "t", created=START, status="empty")
    assert build([whole, bare]).comments == build([bare, whole]).comments == (whole,)
    assert build([whole, bare]).repairs[0].detail == "other content; the newest is kept"
    edited = Comment("a", "t", text="other", created=START, edited_at=START + timedelta(days=1))
    (kept,) = build([whole, edited]).comments
    assert (kept.text, kept.author, kept.score) == ("other", "ann", 3.0)
    emptied = replace(edited, text="", status="empty")
    assert build([whole, emptied]).comments[0].status == "empty", "words that an edit took away"
    gone = Comment("a", "t", created=START, status="deleted")
    assert build([whole, gone]).comments == (gone,), "who deletes a comment takes the name away"


def test_records_of_one_comment_with_several_targets_are_one_comment() -> None:
    thread = build([Comment("a", "t", targets=("x",)), Comment("a", "t", targets=("y", "x"))])
    assert thread.comments[0].targets == ("x", "y")
    assert thread.targets == ("x", "y")


def test_a_post_comes_first_and_a_second_one_is_a_comment() -> None:
    late_post = [*tree("a > b"), Comment("p", "t", kind="post", parent_id="b"), Comment("q", "t", kind="post")]
    thread = build(late_post)
    assert [comment.id for comment in thread.comments] == ["p", "a", "b", "q"]
    assert thread.post is not None
    assert thread.post.parent_id is None
    assert [comment.id for comment in thread.replies] == ["a", "b", "q"]
    assert len(thread) == 3
    assert kinds(thread) == {"second-post": ["q"], "post-with-parent": ["p"]}


def test_comments_that_name_the_post_stand_at_depth_one() -> None:
    thread = build([Comment("p", "t", kind="post"), Comment("a", "t", parent_id="p"), Comment("b", "t")])
    assert thread.depths == (0, 1, 1)
    assert thread.parents == (-1, 0, -1)


def test_a_thread_without_anything_is_still_a_thread() -> None:
    thread = build([])
    assert thread
    assert len(thread) == 0
    assert list(thread.paths()) == []


def chain(order: int = 1) -> list[Comment]:
    return [Comment(str(place), "t", parent_id=str(place - 1) if place else None) for place in range(DEEP)][::order]


@pytest.mark.parametrize("order", [1, -1], ids=["parents first", "replies first"])
def test_a_chain_of_100_000_comments(order: int) -> None:
    thread = build(chain(order))
    assert thread.depths[-1] == DEEP
    assert sum(1 for _ in thread.walk()) == DEEP
    assert thread.path(DEEP - 1) == tuple(range(DEEP))
    assert [len(path) for path in thread.paths()] == [DEEP]
    assert not thread.repairs


def test_a_flat_thread_of_100_000_replies() -> None:
    thread = build([Comment("top", "t"), *(Comment(str(place), "t", parent_id="top") for place in range(DEEP))])
    assert set(thread.depths[1:]) == {2}
    assert sum(1 for _ in thread.paths()) == DEEP
    assert len(thread.children()[0]) == DEEP


def test_a_cycle_of_100_000_comments_is_cut_once() -> None:
    ring = [Comment(str(place), "t", parent_id=str((place - 1) % DEEP)) for place in range(DEEP)]
    assert kinds(build(ring)) == {"cycle": ["0"]}


def test_many_small_cycles_take_linear_time() -> None:
    pairs = [Comment(str(place), "t", parent_id=str(place ^ 1)) for place in range(DEEP)]
    assert len(kinds(build(pairs))["cycle"]) == DEEP // 2


@given(records(), st.lists(st.none() | st.sampled_from([*NAMES, "gone"]), min_size=14, max_size=14))
def test_other_links_rebuild_the_tree_or_are_refused(given_records: list[Comment], wanted: list[str | None]) -> None:
    thread = build(given_records)
    links = [
        NO_LINK if parent is None else Link(parent, "quote", 0.5)
        for _, parent in zip(thread.comments, wanted, strict=False)
    ]
    named = {comment.id: link.parent for comment, link in zip(thread.comments, links, strict=True)}
    if any(_reaches_itself(name, named) for name in named):
        with pytest.raises(ValueError, match="close a cycle"):
            with_links(thread, links)
        return
    linked = with_links(thread, links)
    assert {comment.id: link.parent for comment, link in zip(linked.comments, linked.links, strict=True)} == named
    assert all(parent < place for place, parent in enumerate(linked.parents))
    assert linked.repairs == thread.repairs


def _reaches_itself(name: str, named: dict[str, str | None]) -> bool:
    step = named.get(name)
    for _ in named:
        if step == name:
            return True
        step = named.get(step) if step is not None else None
    return False


def test_links_that_lead_into_a_cycle_are_refused_in_linear_time() -> None:
    thread = build(chain())
    links = [Link(str(max(1, place - 1)), "quote", 0.5) for place in range(DEEP)]
    with pytest.raises(ValueError, match="close a cycle"):
        with_links(thread, links)


def test_links_must_be_one_a_comment() -> None:
    with pytest.raises(ValueError, match="1 links for 2 comments"):
        with_links(build("a > b"), [NO_LINK])


def test_linking_keeps_the_post_and_what_is_known_of_the_thread() -> None:
    thread = build_thread([Comment("p", "t", kind="post"), *tree("a, b")], id="t", title="T", announced=5)
    linked = with_links(thread, [NO_LINK, NO_LINK, Link("a", "mention", 0.8)])
    assert isinstance(linked, Thread)
    assert linked.depths == (0, 1, 2)
    assert (linked.title, linked.announced) == ("T", 5)
    assert not linked.links[2].stated
    assert all(earlier <= later for earlier, later in pairwise(linked.depths))


def test_a_fact_is_copied_and_pickled_by_its_values():
    full = Comment("a", "t", "b", text="words", quotes=(Quote("ann", "her words"),))
    for again in (copy.copy(full), copy.deepcopy(full), pickle.loads(pickle.dumps(full))):
        assert again == full
        assert type(again) is Comment


def test_a_fact_is_made_as_any_frozen_dataclass_is():
    full = Comment("a", "t", "b", text="words", score=1.5)
    assert full == Comment(text="words", id="a", score=1.5, parent_id="b", thread_id="t") == copy.deepcopy(full)
    assert repr(Link("a", "quote", 0.5)) == "Link(parent='a', evidence='quote', confidence=0.5)"
    assert replace(full, parent_id=None) == Comment("a", "t", text="words", score=1.5)
    assert list(inspect.signature(Comment).parameters) == [field.name for field in fields(Comment)]
    with pytest.raises(TypeError, match="thread_id"):
        Comment("a")
    with pytest.raises(FrozenInstanceError):
        full.text = "other"
