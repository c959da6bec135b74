"""The labeled table: nothing the columns hold is lost, whatever the thread; the same threads give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.errors import InputError, OutputError
from discourse.labels import ARGUMENTS, FIELDS, Label, LabeledThread, Verdict
from discourse.table import (
    SCHEMA,
    THREAD_SCHEMA,
    LabeledWriter,
    from_frame,
    from_table,
    read_parquet,
    rows,
    to_frame,
    to_table,
    to_thread_table,
    write_parquet,
)
from discourse.threads import Comment, Link, Quote, Repair, Thread, build_thread, with_links

TEXT = st.text(max_size=12)
NAME = st.text("abcé ", min_size=1, max_size=4)
MOMENT = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
FLOAT32 = st.floats(0, 1, width=32)


def verdict(field: str):
    labels = FIELDS[field]
    scores = st.tuples(*[FLOAT32] * len(labels))
    return st.none() | st.builds(Verdict, st.sampled_from(labels), FLOAT32, scores, st.booleans())


@st.composite
def threads(draw, name="t"):
    ids = draw(st.lists(NAME, unique=True, max_size=8))
    post = draw(st.booleans())
    comments = [
        draw(
            st.builds(
                Comment,
                id=st.just(key),
                thread_id=st.just(name),
                parent_id=st.none() | st.sampled_from([*ids, "elsewhere"]),
                kind=st.just("post" if post and place == 0 else "comment"),
                text=TEXT,
                quotes=st.lists(st.builds(Quote, st.none() | TEXT, TEXT), max_size=2).map(tuple),
                author=st.none() | NAME,
                created=st.none() | MOMENT,
                age=st.none() | TEXT,
                edited=st.none() | st.booleans(),
                edited_at=st.none() | MOMENT,
                score=st.none() | st.floats(-1e6, 1e6),
                lang=st.none() | st.sampled_from(["fr", "und"]),
                url=st.none() | TEXT,
                status=st.sampled_from(["ok", "deleted", "removed", "empty"]),
                source=st.none() | st.just("dump.jsonl:3"),
            )
        )
        for place, key in enumerate(ids)
    ]
    built = build_thread(
        comments,
        id=name,
        title=draw(st.none() | TEXT),
        source="dump.jsonl",
        url=draw(st.none() | TEXT),
        targets=draw(st.sampled_from([(), ("the deal",), ("the deal", "the law")])),
        reply_field=draw(st.booleans()),
        announced=draw(st.none() | st.integers(0, 9)),
        notices=draw(st.lists(TEXT, max_size=1)),
        evidence=draw(st.sampled_from(["explicit", "indent"])),
    )
    guesses = [
        Link(built.comments[draw(st.integers(0, place - 1))].id, "quote", 0.5)
        if place and link.parent is None and draw(st.booleans())
        else link
        for place, link in enumerate(built.links)
    ]
    return with_links(built, guesses)


@st.composite
def labeled_threads(draw, name="t"):
    thread = draw(threads(name))
    targets = thread.targets or (None,)
    labels = tuple(
        draw(
            st.builds(
                Label,
                comment_id=st.just(comment.id),
                target=st.just(target),
                stance=verdict("stance"),
                reply_stance=verdict("reply_stance"),
                argument=verdict("argument"),
                secondary=st.lists(st.sampled_from(ARGUMENTS), max_size=2).map(tuple),
                by=st.none() | st.just("model"),
                truncated=st.booleans(),
            )
        )
        for comment, target in product(thread.comments, targets)
    )
    return LabeledThread(thread, labels if draw(st.booleans()) else (), targets)


def held(labeled: LabeledThread) -> LabeledThread:
    """Return what the columns of the labeled table hold of a thread."""
    thread = labeled.thread
    place = {comment.id: position for position, comment in enumerate(thread.comments)}
    bare = replace(
        thread,
        title=None,
        url=thread.comments[0].url if thread.comments else None,
        source=thread.comments[0].source if thread.comments else None,
        announced=None,
        notices=(),
        reply_field=True,
        repairs=tuple(sorted(thread.repairs, key=lambda repair: place[repair.comment_id])),
    )
    return replace(labeled, thread=bare)


@given(labeled_threads())
@settings(max_examples=40, deadline=None)
def test_nothing_the_columns_hold_is_lost(labeled):
    table = to_table(labeled)
    assert table.schema == SCHEMA
    back = list(from_table(table))
    assert back == ([held(labeled)] if labeled.thread.comments else [])
    assert to_table(back) == table


@given(labeled_threads())
@settings(max_examples=15, deadline=None)
def test_a_frame_is_as_good_as_a_table(labeled):
    assert list(from_frame(to_frame(labeled))) == list(from_table(to_table(labeled)))


@given(st.integers(0, 4).flatmap(lambda n: st.tuples(*[labeled_threads(f"t{i}") for i in range(n)])))
@settings(max_examples=15, deadline=None)
def test_files_give_whole_threads_back(tmp_path_factory, several):
    folder = tmp_path_factory.mktemp("run")
    write_parquet(several, folder / "c.parquet", threads=folder / "t.parquet")
    back = list(read_parquet(folder / "c.parquet", threads=folder / "t.parquet"))
    assert [sort_repairs(labeled.thread) for labeled in back] == [sort_repairs(one.thread) for one in several]
    assert [labeled.labels for labeled in back] == [one.labels for one in several]
    assert [labeled.targets for labeled in back] == [one.targets for one in several]


def sort_repairs(thread: Thread) -> Thread:
    return replace(thread, repairs=tuple(sorted(thread.repairs, key=lambda repair: (repair.comment_id, repair.kind))))


def simple(name: str = "t", n: int = 3, **about) -> LabeledThread:
    comments = [
        Comment(
            id=str(i),
            thread_id=name,
            parent_id=str(i - 1) if i > 1 else None,
            kind="comment" if i else "post",
            author=f"a{i % 2}" if i != 2 else None,
            text=f"words {i}",
            created=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=i),
        )
        for i in range(n + 1)
    ]
    thread = build_thread(comments, id=name, title="Title", targets=("deal",), **about)
    verdicts = {
        "stance": Verdict("against", 0.5, (0.25, 0.5, 0.25), True),
        "argument": Verdict("fact", 1.0, (1.0, *[0.0] * 10)),
    }
    labels = [Label("0", "deal"), *(Label(str(i), "deal", **verdicts, by="m") for i in range(1, n + 1))]
    return LabeledThread(thread, tuple(labels), ("deal",))


def test_columns_are_those_of_the_contract():
    assert SCHEMA.names[:4] == ["thread_id", "comment_id", "parent_id", "kind"]
    assert SCHEMA.names[18:24] == [
        "stance",
        "stance_confidence",
        "stance_favor",
        "stance_against",
        "stance_none",
        "stance_abstained",
    ]
    assert len(SCHEMA) == 40
    assert SCHEMA.field("argument_scores").type == pa.list_(pa.float32())
    assert SCHEMA.field("created").type == pa.timestamp("us", tz="UTC")


def test_records_are_the_columns_up_to_quotes_and_repairs_url_source():
    record = msgspec.to_builtins(next(rows(simple().thread)))
    assert list(record) == [*SCHEMA.names[:17], "repairs", "url", "source"]
    assert msgspec.json.decode(msgspec.json.encode(next(rows(simple().thread))))["created"] == "2024-01-01T00:00:00Z"


def test_the_table_of_threads_counts_comments_not_the_post():
    (row,) = to_thread_table(simple()).to_pylist()
    assert list(row) == THREAD_SCHEMA.names
    assert (row["comments"], row["authors"], row["without_author"], row["max_depth"]) == (3, 1, 1, 3)
    assert (row["stance_against"], row["stance_abstained"], row["argument_fact"], row["reply_agree"]) == (3, 3, 3, 0)
    assert row["first_created"] == datetime(2024, 1, 1, 1, tzinfo=UTC)


def test_a_thread_in_many_row_groups_is_read_whole_and_writing_twice_gives_the_same_bytes(tmp_path):
    several = [simple("a", 3), simple("b", 33_000), simple("c", 9_000), simple("d", 0)]
    for name in ("one", "two"):
        write_parquet(iter(several), tmp_path / f"{name}.parquet", threads=tmp_path / f"{name}-threads.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert (tmp_path / "one-threads.parquet").read_bytes() == (tmp_path / "two-threads.parquet").read_bytes()
    assert pq.ParquetFile(tmp_path / "one.parquet").num_row_groups == 2
    back = list(read_parquet(tmp_path / "one.parquet", threads=tmp_path / "one-threads.parquet"))
    assert [len(one.thread) for one in back] == [3, 33_000, 9_000, 0]
    assert back[1].thread.depths[-1] == 33_000
    assert back[1].labels == several[1].labels


def test_a_filtered_table_still_gives_a_tree():
    frame = to_frame(simple("t", 4))
    (labeled,) = from_frame(frame[frame.comment_id != "2"].sort_values("comment_id", ascending=False))
    assert labeled.thread.post is not None
    assert {c.id: d for c, d in zip(labeled.thread.comments, labeled.thread.depths, strict=True)} == {
        "0": 0,
        "1": 1,
        "3": 1,
        "4": 2,
    }


def test_a_person_s_label_counts_as_certain():
    frame = to_frame(simple())[["thread_id", "comment_id", "link", "status", "stance", "argument", "text"]]
    (labeled,) = from_frame(frame.assign(stance="favor"))
    assert labeled.labels[0].stance == Verdict("favor", 1.0, (1.0, 0.0, 0.0))


def test_odd_values_are_kept_or_mended():
    comments = [
        Comment("a\ud800", "t", text="broken \ud83d pair, whole \ud83d\ude00 pair", author="x\udfff"),
        Comment("b", "t", created=datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), score=float("inf")),
        Comment("c", "t", created=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
    ]
    thread = build_thread(comments, id="t", repairs=[Repair("gone", "skipped", "no id")])
    (back,) = from_table(to_table(LabeledThread(thread, ())))
    assert back.thread.comments[0].text == "broken � pair, whole 😀 pair"
    assert back.thread.comments[1].created == datetime(2024, 1, 1, tzinfo=UTC)
    assert back.thread.comments[2].created == datetime(1, 1, 1, tzinfo=UTC)
    assert back.thread.comments[1].score == float("inf")
    assert [repair.kind for repair in back.thread.repairs] == ["skipped"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stance": "pro"}, "column stance holds pro"),
        ({"parent_id": ["0", "2", "1", "2"]}, "close a cycle"),
        ({"depth": "deep"}, "depth"),
    ],
)
def test_a_bad_value_is_one_clear_line(change, message):
    with pytest.raises(InputError, match=message) as caught:
        list(from_frame(to_frame(simple()).assign(**change)))
    assert "\n" not in str(caught.value)


def test_other_files_are_refused_in_one_line(tmp_path):
    (tmp_path / "words.txt").write_text("no table")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    for name, message in [
        ("none", "no such file"),
        ("words.txt", "not a Parquet"),
        ("other.parquet", "no column thread_id"),
    ]:
        with pytest.raises(InputError, match=message) as caught:
            list(read_parquet(tmp_path / name))
        assert "\n" not in str(caught.value)


def test_an_interrupted_write_leaves_nothing(tmp_path):
    def broken():
        yield simple()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_parquet(broken(), tmp_path / "c.parquet", threads=tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match="cannot be written"):
        LabeledWriter(tmp_path / "missing" / "c.parquet")


def test_foreign_column_types_are_read(tmp_path: Path):
    frame = pd.DataFrame(
        {
            "thread_id": [7, 7],
            "comment_id": [1, 2],
            "parent_id": [np.nan, "1"],
            "link": ["none", "explicit"],
            "status": "ok",
            "stance": [None, "favor"],
            "argument": None,
            "score": [3, 4],
            "created": pd.to_datetime(["2024-01-01", "2024-01-02"]),
        }
    )
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "c.parquet")
    (labeled,) = read_parquet(tmp_path / "c.parquet")
    (same,) = from_frame(frame.assign(thread_id="7", comment_id=["1", "2"]))
    assert labeled == same
    assert labeled.thread.parents == (-1, 0)
    assert labeled.thread.comments[1].created == datetime(2024, 1, 2, tzinfo=UTC)
