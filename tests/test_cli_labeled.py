"""The verbs that use labels, as people type them: what comes out, and one clear line for what they get wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from exported import corpus

from discourse.cli import command
from discourse.exports import FORMATS
from discourse.table import write_parquet


def say(*words: object):
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def failure(result, status: int = 1) -> str:
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result.stderr.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "run"
    folder.mkdir()
    write_parquet(corpus(3, 6), folder / "comments.parquet", threads=folder / "threads.parquet")
    return folder


@pytest.fixture
def sheet(run: Path, tmp_path: Path) -> Path:
    file = tmp_path / "todo.csv"
    assert say("sample", run, "-n", 8, "-o", file).exit_code == 0
    return file


def filled(sheet: Path, name: str, choose) -> Path:
    """Return a copy of a sheet with labels; `choose` takes the number of the row and the choices."""
    rows = list(csv.DictReader(sheet.open(encoding="utf-8-sig")))
    file = sheet.with_name(f"{name}.csv")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({**row, "label": choose(number, row["choices"].split(" | "))})
    return file


def test_two_people_who_each_filled_a_sheet_are_compared_by_field_and_language(sheet: Path, tmp_path: Path):
    ann = filled(sheet, "ann", lambda number, choices: choices[number % 2])
    bob = filled(sheet, "bob", lambda number, choices: choices[0 if number % 5 else 1])
    talk, settled = tmp_path / "talk.csv", tmp_path / "settled.csv"
    result = say("agree", ann, bob, "--disagreements", talk, "--settled", settled)
    assert result.exit_code == 0, result.output
    for word in ("stance", "reply_stance", "argument", "all", "fr", "ann – bob", "Cohen's κ", "Krippendorff's α",
                 "Fleiss' κ", "To be discussed", "how often the row's label met"):  # fmt: skip
        assert word in result.stdout, word
    rows = list(csv.DictReader(talk.open(encoding="utf-8")))
    assert rows
    assert all(row["annotator"] == "adjudicated" and "ann: " in row["note"] for row in rows)
    assert f"{len(rows):,} disagreements" in result.stderr
    kept = list(csv.DictReader(settled.open(encoding="utf-8")))
    todo = list(csv.DictReader(sheet.open(encoding="utf-8-sig")))
    assert len(kept) == len(todo) - len(rows)
    assert {row["annotator"] for row in kept} == {"majority"}


def test_adjudicated_labels_settle_what_was_discussed(sheet: Path, tmp_path: Path):
    ann = filled(sheet, "ann", lambda _, choices: choices[0])
    bob = filled(sheet, "bob", lambda _, choices: choices[1])
    talk, settled = tmp_path / "talk.csv", tmp_path / "settled.csv"
    say("agree", ann, bob, "--disagreements", talk)
    lines = talk.read_text(encoding="utf-8")
    talk.write_text(lines.replace(",stance,,adjudicated", ",stance,none,adjudicated"), encoding="utf-8")
    result = say("agree", ann, bob, talk, "--settled", settled)
    assert "ties are left out" in result.stderr
    kept = list(csv.DictReader(settled.open(encoding="utf-8")))
    assert {(row["field"], row["label"], row["annotator"]) for row in kept} == {("stance", "none", "adjudicated")}


def test_agreement_as_json_has_every_figure(sheet: Path):
    people = [
        filled(sheet, name, lambda number, choices, at=at: choices[number % at]) for at, name in ((1, "a"), (2, "b"))
    ]
    measured = [json.loads(line) for line in say("agree", *people, "--json").stdout.splitlines()]
    assert [(one["field"], one["language"]) for one in measured][:2] == [("stance", None), ("stance", "fr")]
    assert measured[0]["alpha"]["low"] <= measured[0]["alpha"]["value"] <= measured[0]["alpha"]["high"]
    assert sum(map(sum, measured[0]["confusion"])) == measured[0]["ratings"]


def test_languages_come_from_the_run_where_the_sheet_has_none(run: Path, tmp_path: Path):
    rows = "".join(
        f"t0,{at},the deal,stance,{label},{who}\n" for at in (1, 2) for who, label in (("a", "favor"), ("b", "none"))
    )
    gold = tmp_path / "gold.csv"
    gold.write_text(f"thread_id,comment_id,target,field,label,annotator\n{rows}")
    assert "│ fr " not in say("agree", gold).stdout
    assert "│ fr " in say("agree", gold, "--run", run).stdout


def test_other_peoples_columns_are_renamed(run: Path, tmp_path: Path):
    gold = tmp_path / "theirs.csv"
    gold.write_text("id;conv;code;who\n" + "".join(f"{at};t0;Favor;{who}\n" for at in (1, 2, 3) for who in "ab"))
    line = failure(say("agree", gold))
    assert "no column comment_id; it has id, conv, code, who" in line
    assert "--field" in line
    renamed = (
        "--field",
        "comment_id=id",
        "--field",
        "thread_id=conv",
        "--field",
        "stance=code",
        "--field",
        "annotator=who",
    )
    assert "1.00" in say("agree", gold, *renamed).stdout
    assert "no column nom" in failure(say("agree", gold, "--field", "comment_id=nom"))
    result = say("evaluate", gold, "--run", run, *renamed[:6])
    assert result.exit_code == 0, result.output
    assert "stance" in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no column comment_id"),
        ("thread_id,comment_id,target,field,label\n", "no label"),
        ("thread_id,comment_id,field,label\nt0,1,stance,\n", "no label"),
        ("thread_id,comment_id,field,label\nt0,1,stance,favour\n", "do you mean favor?"),
        ("thread_id,comment_id,field,label\nt0,1,stanse,favor\n", "do you mean stance?"),
        ("thread_id,comment_id,text\nt0,1,hello\n", "no column field"),
        ("\x00\x01\x02", "binary"),
        ("{}", "no column comment_id"),
        ('[{"data": 1}]', "no column comment_id"),
        ("[1]", "Label Studio"),
        ("thread_id,comment_id,field,label\nt9,77,stance,favor\n", "comment 77 in thread t9"),
        ("comment_id,field,label\n1,stance,favor\n", "several threads"),
    ],
)
def test_a_gold_file_at_fault_is_one_clear_line(run: Path, tmp_path: Path, content: str, said: str):
    gold = tmp_path / "gold.csv"
    gold.write_text(content)
    line = failure(say("evaluate", gold, "--run", run))
    assert said in line
    assert "gold.csv" in line


def test_a_gold_file_without_threads_is_of_the_only_comment_of_that_id(tmp_path: Path):
    folder = tmp_path / "one"
    folder.mkdir()
    write_parquet(corpus(1, 4), folder / "comments.parquet", threads=folder / "threads.parquet")
    gold = tmp_path / "gold.csv"
    gold.write_text("comment_id,field,label\n1,stance,against\n2,stance,none\n")
    result = say("evaluate", gold, "--run", folder, "--json")
    assert json.loads(result.stdout.splitlines()[0])["quality"]["accuracy"] == 1


def test_paths_at_fault_are_one_clear_line(run: Path, tmp_path: Path):
    nowhere = tmp_path / "nowhere"
    for verb in (
        ("export", nowhere, "--to", "csv", "-o", tmp_path / "out"),
        ("sample", nowhere, "-n", 3, "-o", tmp_path / "s.csv"),
        ("agree", nowhere),
        ("evaluate", nowhere, "--run", run),
    ):
        assert "nowhere" in failure(say(*verb)), verb
    gold = tmp_path / "gold.csv"
    gold.write_text("thread_id,comment_id,field,label\nt0,1,stance,favor\n")
    assert "nowhere" in failure(say("evaluate", gold, "--run", nowhere))
    assert "cannot be written" in failure(say("sample", run, "-n", 3, "-o", nowhere / "s.csv"))
    assert "cannot be written" in failure(say("agree", gold, "--settled", nowhere / "s.csv"))
    assert "cannot be written" in failure(say("agree", gold, "--disagreements", nowhere / "s.csv"))
    for suffix in ("xlsx", "parquet"):
        assert "csv" in failure(say("sample", run, "-n", 3, "-o", tmp_path / f"s.{suffix}"))


def test_exports_at_fault_are_one_clear_line(run: Path, tmp_path: Path):
    line = failure(say("export", run, "--to", "excel", "-o", tmp_path / "out"))
    assert all(name in line for name in FORMATS)
    assert "80/10/10" in failure(say("export", run, "--to", "huggingface", "-o", tmp_path / "out", "--split", "most"))
    for option in (("--split", "80/20"), ("--disjoint-authors",), ("--license", "MIT"), ("--no-bom",)):
        given = say("export", run, "--to", "gexf", "-o", tmp_path / "out", *option)
        assert option[0] in failure(given), option
    assert "--split" in failure(say("export", run, "--to", "huggingface", "-o", tmp_path / "out", "--disjoint-authors"))
    assert not (tmp_path / "out").exists()


def test_an_empty_run_is_exported_and_nothing_can_be_drawn_from_it(tmp_path: Path):
    folder = tmp_path / "empty"
    folder.mkdir()
    write_parquet([], folder / "comments.parquet", threads=folder / "threads.parquet")
    for name in FORMATS:
        result = say("export", folder, "--to", name, "-o", tmp_path / name)
        assert result.exit_code == 0, (name, result.output)
        assert "0 rows of 0 threads" in result.stderr
    assert "no labeled comment" in failure(say("sample", folder, "-n", 3, "-o", tmp_path / "s.csv"))
