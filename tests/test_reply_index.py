from hypothesis import given
from hypothesis import strategies as st

from discourse.readers.reply_index import ReplyIndex


def test_a_thread_is_called_after_its_first_record():
    index = ReplyIndex()
    index.add("reply", ["root"])
    index.add("deeper", ["reply"])
    index.add("root")
    assert {index.thread(name) for name in ("root", "reply", "deeper")} == {"root"}


def test_the_first_candidate_in_the_dump_is_the_parent_else_the_first():
    index = ReplyIndex()
    index.add("known")
    assert index.parent(["fake", "known"]) == "known"
    assert index.parent(["fake", "other"]) == "fake"
    assert index.parent([]) is None


def test_an_older_reference_holds_a_record_in_its_thread():
    index = ReplyIndex()
    index.add("root")
    index.add("orphan", ["missing"], ["root", "missing"])
    assert index.thread("orphan") == "root"


def test_records_below_one_missing_record_are_one_thread():
    index = ReplyIndex()
    index.add("a", ["m1"], ["start", "m1"])
    index.add("b", ["m2"], ["start", "m2"])
    index.add("c", ["elsewhere"])
    assert index.thread("a") == index.thread("b") == "start"
    assert index.thread("c") == "elsewhere"


def test_an_answer_without_references_joins_the_last_opening_of_its_group():
    index = ReplyIndex()
    index.add("old", group="subject")
    index.add("re old", group="subject", answers=True)
    index.add("new", group="subject")
    index.add("re new", group="subject", answers=True)
    index.add("lost", ["missing"], group="subject")
    assert index.thread("re old") == "old"
    assert index.thread("re new") == index.thread("lost") == "new"
    assert index.thread("old") == "old"


def test_a_group_ties_records_whatever_their_order():
    index = ReplyIndex()
    index.add("late", ["missing"], group="talk")
    index.add("later", ["gone"], group="talk")
    index.add("lone", ["gone too"], group="chat")
    index.add("more", ["gone also"], group="chat")
    index.add("start", group="talk")
    assert index.thread("late") == index.thread("later") == "start"
    assert index.thread("lone") == index.thread("more")


def test_a_cycle_and_a_self_reference_end():
    index = ReplyIndex()
    index.add("a", ["b"])
    index.add("b", ["a"])
    index.add("self", ["self"])
    assert index.thread("a") == index.thread("b")
    assert index.thread("self") == "self"


def test_a_long_chain_is_walked_without_recursion():
    index = ReplyIndex()
    for number in range(100_000, 0, -1):
        index.add(str(number), [str(number - 1)])
    index.add("0")
    assert index.thread("100000") == "0"


ids = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(ids, st.lists(ids, max_size=3), st.lists(ids, max_size=3), st.none() | ids, st.booleans())))
def test_any_references_give_every_record_a_thread_and_parents_share_it(records):
    index = ReplyIndex()
    first = {}
    for name, parents, older, group, answers in records:
        index.add(name, parents, older, group, answers)
        first.setdefault(name, parents)
    for name, parents in first.items():
        parent = index.parent(parents)
        if parent is not None and parent in index and parent != name:
            assert index.thread(name) == index.thread(parent)
