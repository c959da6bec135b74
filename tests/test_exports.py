from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import pytest
from exported import any_thread, corpora, corpus
from hypothesis import HealthCheck, given, settings

from discourse.errors import InputError, OutputError
from discourse.exports import FORMATS, ExportOptions, export, read_export
from discourse.exports.options import parse_split
from discourse.labels import Label, LabeledThread
from discourse.table import read_parquet, write_parquet
from discourse.threads import Comment, build_thread

READABLE = [name for name, one in FORMATS.items() if one.read is not None]


def through_parquet(corpus: list[LabeledThread], folder: Path) -> list[LabeledThread]:
    """Return what the labeled table keeps of a corpus: what an export must give back."""
    write_parquet(corpus, folder / "c.parquet", threads=folder / "t.parquet")
    return list(read_parquet(folder / "c.parquet", threads=folder / "t.parquet"))


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(corpora())
def test_every_readable_format_gives_the_labeled_threads_back(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[LabeledThread]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    expected = through_parquet(corpus, folder)
    for name in READABLE:
        export(corpus, name, folder / name)
        assert list(read_export(folder / name)) == expected, name


@pytest.mark.parametrize("seed", [4779, 18, 78, 267])
def test_a_thread_without_comments_keeps_its_place_beside_ids_like_its_own(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    drawn = [any_thread(rng, number) for number in range(rng.randint(1, 3))]
    expected = through_parquet(drawn, tmp_path)
    export(drawn, "convokit", tmp_path / "corpus")
    assert list(read_export(tmp_path / "corpus")) == expected


def test_added_roots_never_bear_the_name_of_an_utterance(tmp_path: Path) -> None:
    empty = [LabeledThread(build_thread([], id=name), (), (None,)) for name in ("1", "1#root", "t%2F1", "t/1", "x")]
    said = [Comment("1", "t", text="a"), Comment("1#root", "t", text="b"), Comment("t/1", "t", text="c")]
    full = LabeledThread(build_thread(said, id="t"), tuple(Label(one.id, None) for one in said), (None,))
    twice = LabeledThread(build_thread([Comment("1", "u", text="d")], id="u"), (Label("1", None),), (None,))
    for number, drawn in enumerate(([*empty, full], [*empty, full, twice])):
        done = export(drawn, "convokit", tmp_path / str(number))
        lines = (done.path / "utterances.jsonl").read_text(encoding="ascii").splitlines()
        ids = [json.loads(line)["id"] for line in lines]
        assert len(ids) == len(set(ids))
        assert [one.thread.id for one in read_export(done.path)] == [one.thread.id for one in drawn]


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_run_folder_is_exported_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    run = tmp_path / "run"
    run.mkdir()
    write_parquet(corpus(), run / "comments.parquet", threads=run / "threads.parquet")
    done = export(run, name, tmp_path / "out")
    assert (done.threads, done.rows, done.format) == (3, 15, name)
    assert set(done.files) == {
        path.relative_to(done.path).as_posix() for path in done.path.rglob("*") if path.is_file()
    }
    with pytest.raises(OutputError, match="--overwrite"):
        export(run, name, tmp_path / "out")
    export(run, name, tmp_path / "out", ExportOptions(overwrite=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "run"]
    with pytest.raises(OutputError, match="is what is exported"):
        export(run, name, run, ExportOptions(overwrite=True))


def test_two_exports_give_the_same_bytes(tmp_path: Path) -> None:
    for name in FORMATS:
        first, second = (export(corpus(), name, tmp_path / name / part, ExportOptions(name="x")) for part in "ab")
        assert first.files == second.files
        for file in first.files:
            assert (first.path / file).read_bytes() == (second.path / file).read_bytes(), file


def test_what_cannot_be_exported_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="huggingface, convokit"):
        export(corpus(), "excel", tmp_path / "out")
    with pytest.raises(InputError, match=r"no comments\.parquet"):
        export(tmp_path, "csv", tmp_path / "out")
    with pytest.raises(InputError, match="no export that can be read back"):
        read_export(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        export(corpus(), "csv", tmp_path / "file")
    with pytest.raises(OutputError, match="cannot be written"):
        export(corpus(), "csv", tmp_path / "file" / "out")
    assert not (tmp_path / "out").exists()


def test_csv_is_safe_and_readable_in_a_spreadsheet(tmp_path: Path) -> None:
    [first, *_] = corpus(1, 1)
    export(first, "csv", tmp_path / "bom")
    export(first, "csv", tmp_path / "plain", ExportOptions(bom=False))
    marked, plain = (tmp_path / name / "comments.csv" for name in ("bom", "plain"))
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    rows = list(csv.DictReader(plain.open(encoding="utf-8", newline="")))
    assert rows[1]["stance_confidence"] == "0.8"
    assert rows[1]["created"] == "2024-01-02T00:00:00+00:00"
    assert json.loads(rows[1]["argument_scores"])[1] == 0.8


@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
@given(corpora())
def test_no_csv_cell_begins_a_formula(tmp_path_factory: pytest.TempPathFactory, corpus: list[LabeledThread]) -> None:
    folder = tmp_path_factory.mktemp("cells")
    export(corpus, "csv", folder / "out")
    for name in ("comments.csv", "threads.csv"):
        for row in csv.reader((folder / "out" / name).open(encoding="utf-8-sig", newline="")):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
                assert not cell.startswith("-") or float(cell) < 0


def test_a_damaged_export_is_one_clear_line(tmp_path: Path) -> None:
    done = export(corpus(1), "jsonl", tmp_path / "out")
    (done.path / "comments.jsonl").write_text('{"created": 3}\n')
    with pytest.raises(InputError, match=r"comments\.jsonl:1"):
        list(read_export(done.path))


@pytest.mark.parametrize(("text", "parts"), [("80/10/10", (0.8, 0.1, 0.1)), ("3:1", (0.75, 0.25))])
def test_splits_are_read(text: str, parts: tuple[float, ...]) -> None:
    assert parse_split(text) == pytest.approx(parts)


@pytest.mark.parametrize("text", ["", "80", "a/b", "1/2/3/4", "-1/2", "0/0"])
def test_what_is_no_split_is_one_clear_line(text: str) -> None:
    with pytest.raises(InputError, match="80/10/10"):
        parse_split(text)
