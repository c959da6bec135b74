from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
from exported import corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.exports import ExportOptions, export, read_export
from discourse.exports.splits import LEFT_OUT, Member, split_threads
from discourse.threads import Comment

MEMBERS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("fan"), st.integers(1, 9), max_size=3),
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3), max_size=3),
    ),
    min_size=1,
    max_size=30,
).map(lambda found: [Member(str(at), Counter(labels), Counter(authors)) for at, (labels, authors) in enumerate(found)])


@settings(max_examples=60, deadline=None)
@given(MEMBERS, st.booleans(), st.integers(0, 3))
def test_every_thread_has_one_part_and_no_author_two(members: list[Member], disjoint: bool, seed: int) -> None:
    split = split_threads(members, (0.8, 0.1, 0.1), seed=seed, disjoint_authors=disjoint)
    assert split == split_threads(members, (0.8, 0.1, 0.1), seed=seed, disjoint_authors=disjoint)
    assert split.parts.keys() == {member.thread_id for member in members}
    stays: dict[str, set[str]] = {}
    for member in members:
        for author in member.authors:
            stays.setdefault(author, set()).add(split.part(member.thread_id, author))
    if disjoint:
        assert all(len(parts - {LEFT_OUT}) == 1 for parts in stays.values())


def test_parts_have_the_sizes_and_labels_that_were_asked() -> None:
    members = [
        Member(str(at), Counter(favor=1 + at % 5, against=2 * (at % 3), none=at % 2), Counter({f"a{at}": 1}))
        for at in range(200)
    ]
    split = split_threads(members, (0.8, 0.1, 0.1), seed=1)
    sizes: dict[str, Counter[str]] = {}
    for member in members:
        sizes.setdefault(split.parts[member.thread_id], Counter()).update(member.labels)
    total = sum(sizes.values(), Counter())
    for name, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        for label, count in total.items():
            assert abs(sizes[name][label] / count - share) < 0.02, (name, label)
    assert split.parts != split_threads(members, (0.8, 0.1, 0.1), seed=2).parts


def test_authors_who_write_everywhere_are_cut_apart_and_no_row_is_lost(tmp_path: Path) -> None:
    threads = corpus(20, 6)
    shared = [
        replace(one, thread=replace(one.thread, comments=tuple(_by(comment, at) for comment in one.thread.comments)))
        for at, one in enumerate(threads)
    ]
    done = export(
        shared, "huggingface", tmp_path / "out", ExportOptions(split=(0.5, 0.25, 0.25), disjoint_authors=True)
    )
    tables = {
        file.partition("/")[2].partition("-")[0]: pq.read_table(done.path / file, columns=["author"])
        for file in done.files
        if file.startswith("data/")
    }
    assert set(tables) == {"train", "validation", "test", LEFT_OUT}
    assert sum(map(len, tables.values())) == done.rows == 140
    authors = [set(tables[name]["author"].to_pylist()) - {None} for name in ("train", "validation", "test")]
    assert all(authors)
    assert not authors[0] & authors[1] | authors[0] & authors[2] | authors[1] & authors[2]
    [told] = [notice for notice in done.notices if LEFT_OUT in notice]
    assert told.startswith(f"{len(tables[LEFT_OUT]):,} of 140 rows")
    assert "without --disjoint-authors" in told
    assert f"`{LEFT_OUT}`" in (done.path / "README.md").read_text(encoding="utf-8")
    back = {one.thread.id: one for one in read_export(done.path)}
    assert list(back) == [one.thread.id for one in shared]
    for one in shared:
        found = back[one.thread.id]
        assert {comment.id for comment in found.thread.comments} == {comment.id for comment in one.thread.comments}
        assert set(found.labels) == set(one.labels)


def test_a_part_that_stays_empty_is_told(tmp_path: Path) -> None:
    done = export(corpus(2, 3), "huggingface", tmp_path / "out", ExportOptions(split=(0.8, 0.1, 0.1)))
    assert any("nothing is in" in notice for notice in done.notices)


def _by(comment: Comment, number: int) -> Comment:
    """Give a comment one of 23 authors, who all write in many threads."""
    return comment if comment.author is None else replace(comment, author=f"p{(number * 7 + int(comment.id)) % 23}")
