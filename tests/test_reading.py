"""Reading folders: files are found, sniffed, joined and counted; bad input costs nothing good and is one line."""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packed import PACKERS

from discourse.errors import InputError
from discourse.readers import FileReport, Reading, grouping, read
from discourse.readers.base import PackedComment
from discourse.readers.grouping import Grouper, pack, unpack_row
from discourse.readers.selection import Sampler
from discourse.threads import Comment, Quote, Thread


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def row(name: str, parent: str | None = None, thread: str = "t", **more: Any) -> dict[str, Any]:
    return {"id": name, "thread_id": thread, "parent_id": parent, "text": f"text of {name}", **more}


def done(reading: Reading) -> tuple[list[Thread], Reading]:
    return list(reading), reading


def balanced(report: FileReport) -> bool:
    return report.comments == report.records - report.duplicates - report.skipped - report.left_out


def test_pages_of_a_thread_join_and_every_record_is_booked(tmp_path: Path) -> None:
    jsonl(tmp_path / "page2.jsonl", row("b", "a"), row("a"), {"other": 1})
    jsonl(tmp_path / "page10.jsonl", row("c", "b"), row("b", "a", text="later"))
    jsonl(tmp_path / "page1.jsonl", row("a"), row("x", thread="u"))
    threads, reading = done(read(tmp_path))
    assert [(thread.id, [comment.id for comment in thread.comments]) for thread in threads] == [
        ("t", ["a", "b", "c"]),
        ("u", ["x"]),
    ]
    assert threads[0].depths == (1, 2, 3)
    names = [Path(report.path).name for report in reading.files]
    assert names == ["page1.jsonl", "page2.jsonl", "page10.jsonl"]
    assert all(map(balanced, reading.files))
    assert [(report.records, report.comments, report.duplicates, report.skipped) for report in reading.files] == [
        (2, 1, 1, 0),
        (3, 1, 1, 1),
        (2, 2, 0, 0),
    ]
    assert reading.repairs == {"duplicate-id": 2}
    assert reading.skips[0].where.endswith("page2.jsonl:3")
    assert all(report.sha256 and report.size for report in reading.files)


def test_a_reading_can_be_read_again(tmp_path: Path) -> None:
    reading = read(jsonl(tmp_path / "a.jsonl", row("a"), row("b", "a")))
    assert list(reading) == list(reading)
    assert [report.records for report in reading.files] == [2]
    assert reading.bytes_read == reading.bytes_total > 0


def test_hidden_files_and_targets_are_no_input_and_a_file_is_read_once(tmp_path: Path) -> None:
    jsonl(tmp_path / ".hidden.jsonl", row("h"))
    jsonl(tmp_path / ".git" / "a.jsonl", row("g"))
    (tmp_path / "targets.toml").write_text('"*" = "the deal"\n')
    path = jsonl(tmp_path / "deep" / "er" / "a.jsonl", row("a"))
    threads, reading = done(read([tmp_path, path, str(path)]))
    assert [thread.id for thread in threads] == ["t"]
    assert len(reading.files) == 1


def test_targets_come_from_the_row_then_the_user_then_the_folder_then_the_title(tmp_path: Path) -> None:
    (tmp_path / "targets.toml").write_text('"*" = "folder"\n"special*" = ["one", "two"]\n')
    jsonl(tmp_path / "plain.jsonl", row("a", thread="plain", title="A title"))
    jsonl(tmp_path / "special.jsonl", row("b", thread="special"))
    jsonl(tmp_path / "stated.jsonl", row("c", thread="stated", target="own"))
    jsonl(tmp_path / "inner" / "x.jsonl", row("d", thread="inner"))
    (tmp_path / "inner" / "targets.toml").write_text('"*.jsonl" = "inner"\n')

    def targets(**more: Any) -> dict[str, tuple[str, ...]]:
        return {thread.id: thread.targets for thread in read(tmp_path, **more)}

    expected = {"inner": ("inner",), "plain": ("folder",), "special": ("one", "two"), "stated": ("own",)}
    assert targets() == expected
    assert targets(targets=["user"]) == {**dict.fromkeys(expected, ("user",)), "stated": ("own",)}
    (tmp_path / "targets.toml").unlink()
    reading = read(tmp_path / "plain.jsonl")
    (thread,) = reading
    assert thread.targets == ("A title",)
    assert "1 of 1 threads: no target is given: the title is taken for it" in reading.notices[-1].text


def test_comments_that_a_page_announces_are_compared_with_those_found(tmp_path: Path) -> None:
    post = {"id": "p", "title": "T", "num_comments": 7}
    comment = {"id": "c", "link_id": "t3_p", "body": "b"}
    listing = [
        {"kind": "Listing", "data": {"children": [{"kind": kind, "data": data}]}}
        for kind, data in (("t3", post), ("t1", comment))
    ]
    (tmp_path / "page.json").write_text(json.dumps(listing))
    (thread,) = read(tmp_path)
    assert thread.announced == 7
    assert "7 comments are announced, 1 were found" in thread.notices


@pytest.mark.parametrize("name", PACKERS)
def test_packed_dumps_are_read_by_content_not_by_name(tmp_path: Path, name: str) -> None:
    data = "".join(json.dumps(row(str(number))) + "\n" for number in range(50)).encode()
    (tmp_path / "no-ending").write_bytes(PACKERS[name](data))
    (thread,) = read(tmp_path / "no-ending")
    assert len(thread) == 50


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(row("a")) + "\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    threads, reading = done(read("-"))
    assert threads[0].comments[0].source == "-:1"
    assert reading.files[0].path == "-"
    assert list(reading) == threads


BAD = {
    "missing": (None, "does not exist; check the path"),
    "empty": (b"", "is empty; nothing to read"),
    "blank": (b" \n\n", "is empty; nothing to read"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "is a binary file that no reader knows"),
    "zip": (b"PK\x03\x04" + bytes(100), "is a zip archive: unpack it first"),
    "tar": (b"name" + bytes(253) + b"ustar" + bytes(250), "is a tar archive: unpack it first"),
    "cut": (b"\x1f\x8b\x08\x00", "is a damaged gzip stream, read up to byte 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_alone_is_one_line_that_says_what_to_do(tmp_path: Path, name: str) -> None:
    data, message = BAD[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        list(read(tmp_path / name))
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_bad_file_among_good_ones_is_reported_and_the_rest_is_done(tmp_path: Path) -> None:
    for name, (data, _) in BAD.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
    jsonl(tmp_path / "good.jsonl", row("a"))
    threads, reading = done(read([tmp_path, tmp_path / "missing"]))
    assert [thread.id for thread in threads] == ["t"]
    errors = {Path(report.path).name: report.error for report in reading.files}
    assert errors.pop("good.jsonl") is None
    assert {name: BAD[name][1] in str(error) for name, error in errors.items()} == dict.fromkeys(BAD, True)


def test_an_empty_folder_and_no_path_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file to read; give a dump"):
        read(tmp_path)
    with pytest.raises(InputError, match="no path: holds no file"):
        read([])


def test_a_wrong_format_is_told_with_what_it_looks_like(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", row("a"))
    with pytest.raises(InputError, match=r"there is no such format; did you mean .*jsonl.*See discourse formats"):
        read(path, format="json-lines")
    with pytest.raises(InputError, match=r"is a damaged Arrow file"):
        list(read(path, format="arrow"))
    (tmp_path / "b.txt").write_text('{"kind": "Listing", "data": {"children": []}}')
    with pytest.raises(InputError, match=r"b\.txt: .*; try without --format"):
        list(read(tmp_path / "b.txt", format="reddit-api"))


def test_a_forced_format_that_does_not_know_the_file_is_doubted(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", row("a"), row("b", "a"))
    _, reading = done(read(path, format="mastodon"))
    assert "is read as mastodon, as asked, but looks like jsonl" in [notice.text for notice in reading.notices]
    _, reading = done(read(path, format="json"))
    assert not any("looks like" in notice.text for notice in reading.notices), "a format of the same family"


def test_a_targets_file_that_is_no_toml_stops_the_reading(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", row("a"))
    (tmp_path / "targets.toml").write_text("the deal")
    with pytest.raises(
        InputError, match=r'targets\.toml: is no valid TOML .*write lines like "\*\.html" = "the target"'
    ):
        read(tmp_path)
    (tmp_path / "targets.toml").write_text('"*" = 3')
    with pytest.raises(InputError, match="has no text for a target"):
        read(tmp_path)


def test_an_unreadable_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jsonl(tmp_path / "a.jsonl", row("a"))
    (tmp_path / "closed").mkdir()
    listed = os.listdir

    def refuse(place: Path) -> list[str]:
        if Path(place).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(place)

    monkeypatch.setattr(os, "listdir", refuse)
    threads, reading = done(read(tmp_path))
    assert len(threads) == 1
    assert "cannot be opened (Permission denied); check its rights" in str(reading.files[1].error)


def dated(name: str, day: int, parent: str | None = None) -> dict[str, Any]:
    return row(name, parent, created=f"2024-03-{day:02}T12:00:00Z")


def test_a_time_window_prunes_the_built_tree(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", dated("a", 1), dated("b", 2, "a"), dated("c", 3, "b"), row("no date", "a"))
    threads, reading = done(read(path, since=date(2024, 3, 2), until=date(2024, 3, 2)))
    assert [comment.id for comment in threads[0].comments] == ["b"]
    assert threads[0].comments[0].parent_id == "a"
    assert threads[0].depths == (1,)
    assert reading.repairs == {"parent-left-out": 1}
    assert (reading.files[0].comments, reading.files[0].left_out) == (1, 3)
    late = read(path, since=datetime(2024, 3, 2, 12, tzinfo=UTC))
    assert [comment.id for comment in next(iter(late)).comments] == ["b", "c"]
    with pytest.raises(InputError, match="nothing is left of 4 records; widen the selection"):
        list(read(path, since=date(2025, 1, 1)))


def test_threads_are_chosen_by_id(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *(row(str(number), thread=f"t{number % 3}") for number in range(9)))
    threads, reading = done(read(path, thread_ids=["t2"]))
    assert [thread.id for thread in threads] == ["t2"]
    assert balanced(reading.files[0])
    assert reading.files[0].left_out == 6


@given(st.integers(1, 30), st.integers(1, 12), st.integers(0, 5))
@settings(max_examples=30)
def test_a_sample_is_even_repeatable_and_books_what_it_leaves_out(threads: int, size: int, seed: int) -> None:
    keys = [f"{seed}-{number * 7 % threads}" for number in range(threads * 3)]
    sampler, again = Sampler(size), Sampler(size)
    for key in keys:
        sampler.admits(key)
    for key in reversed(keys):
        again.admits(key)
    chosen = {key for key in keys if sampler.chose(key)}
    assert len(chosen) == min(size, len(set(keys)))
    assert chosen == {key for key in keys if again.chose(key)}


def test_a_sample_reads_whole_threads(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl", *(row(f"{thread}.{n}", thread=f"t{thread}") for n in range(4) for thread in range(20))
    )
    threads, reading = done(read(path, sample=5))
    assert [len(thread) for thread in threads] == [4] * 5
    assert (reading.files[0].comments, reading.files[0].left_out) == (20, 60)


def test_threads_of_one_name_in_different_forums_are_told_apart(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", row("a", thread="p"))
    jsonl(tmp_path / "b.jsonl", {"id": "c", "link_id": "t3_p", "parent_id": "t3_p", "body": "b", "subreddit": "s"})
    assert sorted(thread.id for thread in read(tmp_path)) == ["reddit:p", "table:p"]


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.binary(max_size=5)), max_size=40), st.sampled_from([0, 300, 10**9])
)
@settings(max_examples=15)
def test_grouping_is_the_same_in_memory_and_on_disk(rows: list[tuple[str, bytes]], limit: int) -> None:
    expected: dict[str, list[tuple[int, bytes]]] = {}
    with Grouper(limit) as grouper:
        for place, (key, record) in enumerate(rows):
            grouper.add(f"f\n{key}", (place, record))
            expected.setdefault(f"f\n{key}", []).append((place, record))
        assert grouper.shared_names() == frozenset()
        assert list(grouper.groups()) == list(expected.items())


def test_a_reading_through_the_disk_gives_the_same_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row(f"{n}", str(n - 7) if n > 7 else None, thread=f"t{n % 7}", created=1_700_000_000 + n) for n in range(300)
    ]
    path = jsonl(tmp_path / "a.jsonl", *rows)
    in_memory = list(read(path))
    monkeypatch.setattr(grouping.Grouper.__init__, "__defaults__", (1000,))
    monkeypatch.setattr(grouping, "BATCH", 16)
    assert list(read(path)) == in_memory


def test_the_wire_form_of_a_comment_has_the_fields_of_a_comment() -> None:
    assert PackedComment.__struct_fields__ == Comment.__match_args__
    full = {"id": "a", "thread_id": "t", "text": "é", "quotes": (Quote(None, "q"),), "score": 2.0, "edited": True}
    when = datetime(2024, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
    for made in (Comment(**full, created=when), PackedComment(**full, created=when)):
        assert unpack_row((0, pack(made))) == Comment(**full, created=when)
    assert unpack_row((0, pack(PackedComment("a", "t")))) == Comment("a", "t")


def test_text_that_no_encoding_holds_is_mended() -> None:
    mended = unpack_row((0, pack(Comment("a", "t", text="bad \ud800 half", targets=("\udfff",)))))
    assert mended == Comment("a", "t", text="bad \ufffd half", targets=("\ufffd",))
