"""Tables of any make: their columns are found, their rows become comments, and bad rows cost only themselves."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import kinds, parents_of

from discourse.errors import InputError
from discourse.labels import LabeledThread
from discourse.readers import read
from discourse.readers.columns import choose_columns
from discourse.readers.delimited import guess_dialect, records
from discourse.readers.source import FileSource
from discourse.table import write_parquet
from discourse.threads import Comment, Quote, Thread, build_thread


def one(path: Path, text: str | bytes, name: str = "table", **more: Any) -> Thread:
    """Read the only thread of a file with this text."""
    file = path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    (thread,) = read(file, **more)
    return thread


ROWS = [
    {"id": 1, "parent_id": None, "author": "ann", "text": "Hello", "created": "2024-03-01T10:00:00Z", "score": 3},
    {"id": 2, "parent_id": 1, "author": "bob", "text": "I agree, mostly", "created": "2024-03-01T11:00Z", "score": -1},
    {"id": 3, "parent_id": 2, "author": None, "text": "line one\nline two", "created": None, "score": None},
]  # fmt: skip


def as_csv(delimiter: str, **options: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), delimiter=delimiter, **options)
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue()


def check_rows(thread: Thread) -> None:
    first, second, third = thread.comments
    assert parents_of(thread) == {"1": None, "2": "1", "3": "2"}
    assert (first.text, second.text, third.text) == ("Hello", "I agree, mostly", "line one\nline two")
    assert (first.author, third.author) == ("ann", None)
    assert first.created == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert (first.score, second.score, third.score) == (3, -1, None)
    assert thread.reply_field


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, codec: str) -> None:
    check_rows(one(tmp_path, as_csv(delimiter).encode(codec)))


def test_csv_with_every_field_quoted_or_quotes_escaped_by_backslashes(tmp_path: Path) -> None:
    check_rows(one(tmp_path, as_csv(",", quoting=csv.QUOTE_ALL)))
    text = 'id,text\n1,"she said \\"no\\", twice"\n2,"plain"\n3,"x"\n'
    assert one(tmp_path, text).comments[0].text == 'she said "no", twice'


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_lines_arrays_and_pandas_columns(tmp_path: Path, pack: Any) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in ROWS)
    columns = {name: {str(place): row[name] for place, row in enumerate(ROWS)} for name in ROWS[0]}
    split = {"columns": list(ROWS[0]), "index": [0, 1, 2], "data": [list(row.values()) for row in ROWS]}
    for document in (ROWS, {"data": ROWS}, columns, split):
        check_rows(one(tmp_path, pack(json.dumps(document).encode())))
    for text in (lines, json.dumps(ROWS, indent=2)):
        check_rows(one(tmp_path, pack(text.encode())))


def test_parquet_arrow_and_saved_datasets(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(ROWS)
    pq.write_table(table, tmp_path / "rows.parquet")
    for name, writer in (("file.arrow", pa.ipc.new_file), ("stream.arrow", pa.ipc.new_stream)):
        with writer(tmp_path / name, table.schema) as out:
            out.write_table(table)
    for name in ("rows.parquet", "file.arrow", "stream.arrow"):
        (thread,) = read(tmp_path / name)
        check_rows(thread)
    saved = tmp_path / "saved"
    saved.mkdir()
    (tmp_path / "stream.arrow").rename(saved / "data-00000-of-00001.arrow")
    (saved / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}))
    (saved / "dataset_info.json").write_text("{}")
    (thread,) = read(saved)
    check_rows(thread)
    assert thread.id == "saved"
    splits = tmp_path / "splits"
    splits.mkdir()
    saved.rename(splits / "train")
    (splits / "dataset_dict.json").write_text('{"splits": ["train"]}')
    check_rows(next(iter(read(splits))))


def test_a_cut_parquet_file_is_one_line(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=r"a\.parquet: is a damaged Parquet file"):
        list(read(tmp_path / "a.parquet"))


def test_guessed_columns_are_shown_and_the_user_decides(tmp_path: Path) -> None:
    rows = [{"cid": "a", "Reply To": None, "body": "one", "userName": "ann", "points": "4", "color": "red"}]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [*rows, {**rows[0], "cid": "b", "Reply To": "a"}]))
    reading = read(path)
    (thread,) = reading
    assert parents_of(thread) == {"a": None, "b": "a"}
    assert (thread.comments[0].author, thread.comments[0].score) == ("ann", 4)
    notice = reading.notices[0].text
    assert "id=cid, parent_id=Reply To, text=body, author=userName, score=points" in notice
    assert "not read: color" in notice
    (thread,) = read(path, field_map={"author": "color", "text": "userName"})
    assert (thread.comments[0].author, thread.comments[0].text) == ("red", "ann")


def test_a_field_map_reaches_into_nested_records_and_its_mistakes_are_told(tmp_path: Path) -> None:
    text = json.dumps({"id": 1, "payload": {"said": "hello", "by": {"name": "ann"}}}) + "\n"
    fields = {"text": "payload.said", "author": "payload.by"}
    thread = one(tmp_path, text, field_map=fields)
    assert (thread.comments[0].text, thread.comments[0].author) == ("hello", "ann")
    with pytest.raises(InputError, match=r"there is no column corps \(--field text=corps\); the columns are"):
        one(tmp_path, text, field_map={"text": "corps"})
    with pytest.raises(InputError, match=r"there is no field texte; the fields are id, thread_id"):
        one(tmp_path, text, field_map={"texte": "payload"})
    with pytest.raises(InputError, match=r"no column looks like .* text \(id, payload\); name it with --field"):
        one(tmp_path, text)


def test_ids_are_guessed_only_where_they_differ() -> None:
    rows = [{"post_id": 7, "text": "a"}, {"post_id": 7, "text": "b"}]
    assert dict(choose_columns(rows, {}, "x").paths) == {"thread_id": ("post_id",), "text": ("text",)}
    rows = [{"post_id": 7, "text": "a"}, {"post_id": 8, "text": "b"}]
    assert dict(choose_columns(rows, {}, "x").paths)["id"] == ("post_id",)


def test_rows_without_ids_are_numbered_in_their_thread(tmp_path: Path) -> None:
    text = "thread_id,text\nx,one\ny,two\nx,three\n"
    (tmp_path / "a.csv").write_text(text)
    threads = {thread.id: [comment.id for comment in thread.comments] for thread in read(tmp_path / "a.csv")}
    assert threads == {"x": ["1", "2"], "y": ["1"]}
    text = "id,text\n2,one\n,two\n,three\n"
    assert [comment.id for comment in one(tmp_path, text).comments] == ["2", "1", "3"]


def test_bad_rows_are_skipped_with_their_line(tmp_path: Path) -> None:
    lines = ['{"id":1,"text":"good"}', "{bad", "[1, 2]", '"words"', '{"id":2,"text":"also good"}', '{"id":3,"tex']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    reading = read(tmp_path)
    (thread,) = reading
    assert [comment.id for comment in thread.comments] == ["1", "2"]
    assert [skip.where.rsplit(":", 1)[1] for skip in reading.skips] == ["2", "3", "4", "6"]
    (tmp_path / "b.csv").write_text('id,author,text\n1,ann,one\n2,bob,"two,\n3,eve,too,many,fields\n4,joe,four\n')
    reading = read(tmp_path / "b.csv")
    (thread,) = reading
    assert [comment.id for comment in thread.comments] == ["1", "4"]
    assert [skip.where.rsplit(":", 1)[1] for skip in reading.skips] == ["2", "3"] or reading.skipped == 2
    assert reading.files[0].records == 4


def test_a_stray_quote_costs_at_most_its_own_row(tmp_path: Path) -> None:
    rows = [f"{number},some words" for number in range(300)]
    rows[100] = '100,"an open quote'
    rows[200] = '200,a 5" disk'
    thread = one(tmp_path, "\n".join(["id,text", *rows]))
    assert len(thread) == 300
    assert thread.comments[100].text == '"an open quote'
    assert thread.comments[200].text == 'a 5" disk'


def test_huge_fields_and_lines_inside_fields_are_read(tmp_path: Path) -> None:
    body = "a line of text\n" * 15_000
    thread = one(tmp_path, f'id,text\n1,"{body}"\n2,short\n')
    assert thread.comments[0].text.count("\n") == 14_999
    assert thread.comments[1].text == "short"


@given(
    st.lists(st.tuples(st.text("ab,;\"'\n\t é", max_size=12), st.text('xy"\n,', max_size=8)), min_size=6, max_size=12)
)
def test_what_csv_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["number", "text", "more"])
    writer.writerows([number, *pair] for number, pair in enumerate(pairs))
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(out.getvalue().encode())
    source = FileSource(str(path))
    sample = source.sample()
    dialect = guess_dialect(sample.text, sample.head, sample.complete)
    assert dialect is not None
    got = [record.fields for record in records(source, dialect)]
    assert got[1:] == [[str(number), *pair] for number, pair in enumerate(pairs)]


def test_prose_with_commas_is_no_table(tmp_path: Path) -> None:
    prose = (
        "Dear all, thank you.\nWe met, we spoke.\nIt was late, we left.\nThe end, at last.\nYes, really.\nWell, no.\n"
    )
    assert guess_dialect(prose, prose.encode(), complete=True) is None
    assert guess_dialect("a,b\n1,2\n3,4\n5,6\n7,8\n", b"", complete=True) is not None


def test_pandas_floats_type_prefixes_and_words_for_nothing(tmp_path: Path) -> None:
    text = "id,parent_id,text\n1,,a\n2,1.0,b\n3,NaN,c\n4,None,d\n5,-1,e\n6,0,f\n7,root,g\n"
    assert parents_of(one(tmp_path, text)) == {"1": None, "2": "1", **dict.fromkeys("34567")}
    assert not one(tmp_path, text).repairs
    zero_based = "id,parent_id,text\n0,,a\n1,0,b\n2,1,c\n"
    assert parents_of(one(tmp_path, zero_based)) == {"0": None, "1": "0", "2": "1"}
    rooted = "id,parent_id,text\nroot,,a\nx,root,b\ny,x,c\n"
    assert parents_of(one(tmp_path, rooted)) == {"root": None, "x": "root", "y": "x"}
    reddit = "id,parent_id,link_id,body,date\nc1,t3_p,t3_p,one,1\nc2,t1_c1,t3_p,two,2\nc3,t1_gone,t3_p,three,3\n"
    thread = one(tmp_path, reddit, format="csv")
    assert thread.id == "p"
    assert parents_of(thread) == {"c1": None, "c2": "c1", "c3": None}
    assert kinds(thread) == {"missing-parent": ["c3"]}


def test_a_level_column_is_read_as_a_tree(tmp_path: Path) -> None:
    rows = [("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0), ("f", 3)]
    thread = one(tmp_path, json.dumps([{"user": name, "indent": level, "text": name} for name, level in rows]))
    assert parents_of(thread) == {"1": None, "2": "1", "3": "2", "4": "1", "5": None, "6": "5"}
    assert {link.evidence for link in thread.links} == {"indent", "none"}


def test_nested_replies_and_threads_with_comments_are_flattened(tmp_path: Path) -> None:
    document = {
        "title": "An article",
        "url": "https://example.org/a",
        "comments": [
            {"id": "c1", "text": "one", "replies": [{"text": "two", "replies": [{"text": "three"}]}]},
            {"id": "c2", "text": "four", "replies": []},
        ],
    }
    thread = one(tmp_path, json.dumps(document))
    assert (thread.id, thread.title, len(thread)) == ("https://example.org/a", "An article", 4)
    assert [comment.text for comment in thread.replies] == ["one", "two", "three", "four"]
    assert thread.depths == (0, 1, 2, 3, 1)
    (tmp_path / "many").write_text("".join(json.dumps({**document, "url": None}) + "\n" for _ in range(2)))
    assert [thread.id for thread in read(tmp_path / "many")] == ["many", "many-2"]


def test_a_deeply_nested_record_is_skipped_and_a_deep_tree_is_read(tmp_path: Path) -> None:
    deep = '{"id":0,"text":"top","replies":[' * 200 + '{"text":"x"}' + "]}" * 200
    (tmp_path / "a.jsonl").write_text('{"id":"good","text":"good"}\n' + "[" * 10_000 + "]" * 10_000 + "\n")
    reading = read(tmp_path / "a.jsonl")
    assert [comment.id for thread in reading for comment in thread.comments] == ["good"]
    assert reading.skipped == 1
    assert one(tmp_path, deep.replace('"id":0,', "")).depths[-1] == 201


def test_own_targets_several_a_comment(tmp_path: Path) -> None:
    text = "id,text,target\n1,a,tax\n1,a,vote\n2,b,tax\n"
    reading_path = tmp_path / "a.csv"
    thread = one(tmp_path, text, "a.csv", targets=["other"])
    assert [comment.targets for comment in thread.comments] == [("tax", "vote"), ("tax",)]
    assert thread.targets == ("tax", "vote")
    assert not thread.repairs
    assert reading_path.exists()
    listed = '{"id":1,"text":"a","target":["tax","vote"]}\n{"id":2,"text":"b"}\n'
    assert one(tmp_path, listed, targets=["other"]).targets == ("other", "tax", "vote")


def test_dates_with_the_day_first_are_told_from_others_in_the_column(tmp_path: Path) -> None:
    def days(*written: str) -> list[str | None]:
        lines = "".join(f"{place},x,{when}\n" for place, when in enumerate(written))
        thread = one(tmp_path, f"id,text,date\n{lines}")
        return [comment.created.date().isoformat() if comment.created else comment.age for comment in thread.comments]

    assert days("3/4/2024", "13/4/2024") == ["2024-04-03", "2024-04-13"]
    assert days("3/4/2024 10:30", "3/14/2024 09:00") == ["2024-03-04", "2024-03-14"]
    assert days("3.4.2024", "4.4.2024") == ["2024-04-03", "2024-04-04"]
    assert days("1709287200", "1709287200000") == ["2024-03-01", "2024-03-01"]
    assert days("3 days ago", "2024-03-01 10:00:00 UTC") == ["3 days ago", "2024-03-01"]


def test_marks_of_deleted_and_html_and_quotes(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "[deleted]"},
        {"id": 2, "text": "[removed]"},
        {"id": 3, "text": "<p>Some <b>bold</b> words</p><blockquote>theirs</blockquote>"},
        {"id": 4, "text": "> theirs\n\nmine"},
        {"id": 5, "text": None},
        {"id": 6, "text": "1 < 2 and 3 > 2"},
    ]
    thread = one(tmp_path, "".join(json.dumps(row) + "\n" for row in rows))
    assert [comment.status for comment in thread.comments] == ["deleted", "removed", "ok", "ok", "empty", "ok"]
    assert [comment.text for comment in thread.comments][2:] == ["Some bold words", "mine", "", "1 < 2 and 3 > 2"]
    assert [quote.text for comment in thread.comments for quote in comment.quotes] == ["theirs", "theirs"]


def test_an_array_longer_than_the_window_is_read_element_by_element(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discourse.readers.json_array.CHUNK", 50)
    rows = [{"id": number, "text": "é" * (number % 90)} for number in range(60)]
    text = json.dumps(rows, ensure_ascii=False)
    assert len(one(tmp_path, text)) == 60
    damaged = text.replace('"id": 30,', '"id": 30 oops', 1)
    reading = read((tmp_path / "damaged", (tmp_path / "damaged").write_text(damaged))[0])
    assert [len(thread) for thread in reading] == [59]
    assert reading.skipped == 1
    cut = read((tmp_path / "cut", (tmp_path / "cut").write_text(text[: len(text) // 2]))[0])
    assert 20 < sum(len(thread) for thread in cut) < 50


def labeled() -> LabeledThread:
    comments = [
        Comment("p", "t", kind="post", text="post", title="Title", url="https://example.org", source="page.html"),
        Comment("a", "t", text="one", quotes=(Quote("p", "words"),), author="ann", score=2.0, source="page.html"),
        Comment("b", "t", parent_id="a", text="two", edited=True, lang="en", source="page.html"),
        Comment("c", "t", parent_id="gone", text="", status="deleted", source="page.html"),
    ]
    thread = build_thread(comments, id="t", title="Title", url="https://example.org", evidence="indent", announced=4)
    return LabeledThread(thread, (), (None,))


def test_tables_that_discourse_wrote_are_read_whole(tmp_path: Path) -> None:
    written = labeled()
    write_parquet([written], tmp_path / "comments.parquet", threads=tmp_path / "threads.parquet")
    (thread,) = read(tmp_path)
    assert thread.comments == written.thread.comments
    assert thread.links == written.thread.links
    assert thread.repairs == written.thread.repairs
    assert (thread.title, thread.announced, thread.reply_field) == ("Title", 4, True)
    (alone,) = read(tmp_path / "comments.parquet")
    assert alone.comments[1:] == written.thread.comments[1:]
