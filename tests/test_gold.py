from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.errors import InputError, OutputError
from discourse.gold import (
    ADJUDICATOR,
    GoldLabel,
    disagreements,
    read_gold,
    sample,
    settle,
    write_disagreements,
    write_gold,
    write_sample,
)
from discourse.gold.sampling import _systematic
from discourse.labels import FIELDS

GOLD = (
    GoldLabel("t", "1", "the deal; really", "stance", "favor", "ann", 0.25, 'she said "yes"'),
    GoldLabel("t", "1", None, "argument", "ad_hominem", "bob"),
    GoldLabel("t2", "1", "x", "reply_stance", "neutral", None, 1.0, "two\nlines"),
)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_gold_table_comes_back_whole(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"gold.{suffix}"
    write_gold(GOLD, file)
    assert read_gold(file).labels == GOLD


TEXT = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9)
    .map(str.strip)
    .filter(lambda text: text != "" and text[:1] != "'")
)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.sampled_from(list(FIELDS)).flatmap(
            lambda field: st.builds(
                GoldLabel,
                TEXT,
                TEXT,
                st.none() | TEXT,
                st.just(field),
                st.sampled_from(FIELDS[field]),
                st.none() | TEXT,
                st.none() | st.floats(0.001, 1),
                st.none() | TEXT,
            )
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_gold_table_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, labels: list[GoldLabel]) -> None:
    folder = tmp_path_factory.mktemp("gold")
    for suffix in ("csv", "jsonl", "parquet"):
        write_gold(labels, folder / f"g.{suffix}")
        assert list(read_gold(folder / f"g.{suffix}").labels) == labels


def test_excel_files_and_wide_tables_are_read(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    header = "thread_id;comment_id;target;stance;argument;annotator;probability"
    text = f"{header}\r\nt;1;x; Favor ;;Zoé;0,5\r\nt;2;x;;fact;Zoé;0,5\r\n"
    file.write_bytes(text.encode("cp1252"))
    assert read_gold(file).labels == (
        GoldLabel("t", "1", "x", "stance", "favor", "Zoé", 0.5),
        GoldLabel("t", "2", "x", "argument", "fact", "Zoé", 0.5),
    )


def test_bad_rows_are_told_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "gold.csv"
    file.write_text(
        "thread_id,comment_id,field,label,probability\nt,1,stance,favour,\nt,2,stance,favor,\nt,3,mood,good,\n"
        "t,4,stance,favor,7\nt,,stance,favor,\nt,6,stance,,\n"
    )
    gold = read_gold(file)
    assert [label.comment_id for label in gold.labels] == ["2"]
    assert [row.where.rpartition(":")[2] for row in gold.skipped] == ["2", "4", "5", "6"]
    assert "favor, against, none" in gold.skipped[0].why


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", "no column comment_id"),
        ("[1]", "no Label Studio export"),
        ("{", "cannot be read as a gold table"),
    ],
)
def test_what_is_no_gold_table_is_one_clear_line(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "x"
    file.write_text(content)
    with pytest.raises(InputError, match=message):
        read_gold(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "absent")
    with pytest.raises(OutputError, match="cannot be written"):
        write_gold(GOLD, tmp_path / "absent" / "gold.csv")


def test_a_label_studio_export_is_read(tmp_path: Path) -> None:
    def result(name: str, **value: object) -> dict[str, object]:
        return {"from_name": name, "to_name": "text", "type": "choices", "value": value}

    tasks = [
        {
            "id": 7,
            "data": {"thread_id": "t", "comment_id": "1", "target": "x", "probability": 0.5, "text": "hm"},
            "annotations": [
                {
                    "completed_by": {"email": "ann@example.org"},
                    "result": [
                        result("stance", choices=["against"]),
                        result("secondary", choices=["irony"]),
                        result("note", text=["unsure"]),
                    ],
                },
                {"completed_by": 3, "result": [result("stance", choices=["favor"])]},
                {"completed_by": 4, "was_cancelled": True, "result": [result("stance", choices=["none"])]},
            ],
        }
    ]
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks))
    assert read_gold(file).labels == (
        GoldLabel("t", "1", "x", "stance", "against", "ann@example.org", 0.5, "unsure"),
        GoldLabel("t", "1", "x", "stance", "favor", "3", 0.5),
    )


def test_label_studio_as_people_leave_it(tmp_path: Path) -> None:
    """Tasks partly labeled, skipped, labeled by several, starred as ground truth, only drafted or only predicted."""

    def done(who: int, *labels: tuple[str, str], **more: object) -> dict[str, object]:
        result = [{"from_name": name, "type": "choices", "value": {"choices": [label]}} for name, label in labels]
        return {"completed_by": who, "result": result, **more}

    def task(number: int, *annotations: dict[str, object], **more: object) -> dict[str, object]:
        data = {"thread_id": "t", "comment_id": str(number), "target": "", "lang": "fr", "probability": 0.5}
        return {"id": number, "data": data, "annotations": list(annotations), **more}

    stance, argument = ("stance", "favor"), ("argument", "fact")
    tasks = [
        task(1, done(1, stance), done(2, ("stance", "against"), argument)),
        task(2, done(1, was_cancelled=True), done(2, stance, was_cancelled=True)),
        task(3, done(1), drafts=[done(2, stance)], predictions=[done(3, stance)]),
        task(4, done(1, stance), done(2, ("stance", "none"), ground_truth=True)),
        task(5),
        task(6, done(1, ("mood", "good"), argument, ("secondary", "irony"))),
        {"id": 7, "data": {"text": "from another project"}, "annotations": [done(1, stance)]},
    ]
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks))
    gold = read_gold(file)
    assert [(one.comment_id, one.field, one.label, one.annotator) for one in gold.labels] == [
        ("1", "stance", "favor", "1"),
        ("1", "stance", "against", "2"),
        ("1", "argument", "fact", "2"),
        ("4", "stance", "favor", "1"),
        ("4", "stance", "none", "2"),
        ("4", "stance", "none", ADJUDICATOR),
        ("6", "argument", "fact", "1"),
    ]
    assert [row.where.rpartition(":")[2] for row in gold.skipped] == ["task 6", "task 7"]
    assert gold.languages["t", "1"] == "fr"
    settled = {(one.comment_id, one.field): one.label for one in settle(gold.labels).labels}
    assert settled == {("1", "argument"): "fact", ("4", "stance"): "none", ("6", "argument"): "fact"}


def test_label_studio_s_short_export_is_read(tmp_path: Path) -> None:
    file = tmp_path / "min.json"
    short = {"thread_id": "t", "comment_id": "1", "target": "x", "stance": "favor", "annotator": 3, "id": 7}
    file.write_text(json.dumps([short, {**short, "comment_id": "2", "stance": None, "argument": "Ad hominem"}]))
    assert read_gold(file).labels == (
        GoldLabel("t", "1", "x", "stance", "favor", "3"),
        GoldLabel("t", "2", "x", "argument", "ad_hominem", "3"),
    )


def votes(*labels: str, comment: str = "1") -> list[GoldLabel]:
    return [GoldLabel("t", comment, "x", "stance", label, f"p{number}", 0.5) for number, label in enumerate(labels)]


def test_the_majority_settles_and_the_adjudicator_outranks_it(tmp_path: Path) -> None:
    ruling = GoldLabel("t", "3", "x", "stance", "none", ADJUDICATOR)
    labels = [
        *votes("favor", "favor", "none"),
        *votes("favor", "none", comment="2"),
        *votes("favor", "favor", comment="3"),
        ruling,
        *votes("none", comment="4"),
    ]
    settled = settle(labels)
    assert [(one.comment_id, one.label, one.annotator, one.probability) for one in settled.labels] == [
        ("1", "favor", "majority", 0.5),
        ("3", "none", ADJUDICATOR, 0.5),
        ("4", "none", "p0", 0.5),
    ]
    assert [tie.unit[1] for tie in settled.ties] == ["2"]
    found = disagreements(labels)
    assert [one.unit[1] for one in found] == ["1", "2"]
    file = tmp_path / "talk.csv"
    write_disagreements(found, file)
    lines = list(csv.DictReader(file.open()))
    assert lines[1]["note"] == "p0: favor; p1: none"
    file.write_text(file.read_text().replace(f",,{ADJUDICATOR}", f",none,{ADJUDICATOR}"))
    assert settle([*labels, *read_gold(file).labels]).ties == ()


def test_the_last_label_of_an_annotator_counts() -> None:
    assert settle([*votes("favor"), *votes("none")]).labels[0].label == "none"


def table_of(stances: str, confidences: list[float] | None = None) -> pa.Table:
    names = {"f": "favor", "a": "against", "n": "none", ".": None}
    n = len(stances)
    return pa.table(
        {
            "thread_id": ["t"] * n,
            "comment_id": [str(number) for number in range(n)],
            "parent_id": pa.array([None, *(str(number) for number in range(n - 1))], pa.string()),
            "kind": ["post", *["comment"] * (n - 1)],
            "status": ["ok"] * n,
            "text": [f"=text {number}" for number in range(n)],
            "author": ["ann"] * n,
            "target": ["x"] * n,
            "stance": pa.array([names[letter] for letter in stances], pa.string()),
            "stance_confidence": confidences or [0.5] * n,
            "argument": pa.array([None if letter == "." else "fact" for letter in stances], pa.string()),
            "argument_confidence": confidences or [0.5] * n,
        }
    )


STANCES = "." + "f" * 60 + "a" * 30 + "n" * 9 + "."


def test_a_sample_has_its_size_is_drawn_once_and_repeats() -> None:
    for strategy in ("uniform", "stratified", "uncertainty"):
        draws = sample(table_of(STANCES), 20, strategy, seed=3)  # type: ignore[arg-type]
        assert len({draw.comment_id for draw in draws}) == 20
        assert "0" not in {draw.comment_id for draw in draws}
        assert draws == sample(table_of(STANCES), 20, strategy, seed=3)  # type: ignore[arg-type]
        assert draws != sample(table_of(STANCES), 20, strategy, seed=4)  # type: ignore[arg-type]
    assert len(sample(table_of(STANCES), 1000)) == 99
    assert {draw.probability for draw in sample(table_of(STANCES), 1000, "stratified")} == {1.0}


def test_strata_get_equal_shares_as_far_as_they_reach() -> None:
    draws = sample(table_of(STANCES), 42, "stratified")
    assert Counter(draw.stratum for draw in draws) == {"favor": 17, "against": 16, "none": 9} or Counter(
        draw.stratum for draw in draws
    ) == {"favor": 16, "against": 17, "none": 9}
    assert {draw.probability for draw in draws if draw.stratum == "none"} == {1.0}
    assert len(sample(table_of(STANCES), 2, "stratified")) == 2


def test_the_stated_probability_is_how_often_a_comment_is_drawn() -> None:
    sizes, runs = np.array([0.1, 0.2, 0.3, 0.4, 0.5] * 8 + [9.0]), 2000
    drawn = np.zeros(len(sizes))
    stated = np.zeros(len(sizes))
    for seed in range(runs):
        chosen, probabilities = _systematic(sizes, 10, np.random.default_rng(seed))
        assert len(set(chosen)) == 10
        drawn[chosen] += 1
        stated[chosen] = probabilities
    assert stated.sum() == pytest.approx(10)
    assert stated[-1] == 1
    assert stated[4] == pytest.approx(5 * stated[0])
    errors = np.sqrt(stated * (1 - stated) / runs)
    assert (abs(drawn / runs - stated) <= 5 * errors).all()


def test_doubtful_comments_are_drawn_more_often() -> None:
    confidences = [0.5, *[0.99] * 90, *[0.4] * 10]
    draws = sample(table_of("." + "f" * 100, confidences), 10, "uncertainty")
    unsure = [draw.probability for draw in draws if int(draw.comment_id) > 90]
    sure = [draw.probability for draw in draws if int(draw.comment_id) <= 90]
    assert min(unsure) > 3 * max(sure, default=0)


def test_what_is_to_be_labeled_shows_its_context_and_comes_back(tmp_path: Path) -> None:
    draws = sample(table_of(STANCES), 5)
    one = next(draw for draw in draws if draw.comment_id != "1")
    assert one.parent == f"=text {int(one.comment_id) - 1}"
    assert one.fields == ("stance", "reply_stance", "argument")
    assert sample(table_of(".f"), 1)[0].fields == ("stance", "argument")  # a reply to the post answers no comment
    file = tmp_path / "todo.csv"
    write_sample(draws, file)
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
    assert len(rows) == sum(len(draw.fields) for draw in draws)
    assert rows[0]["text"].startswith("'=text")
    assert read_gold(file).labels == ()
    file.write_text(file.read_text(encoding="utf-8-sig").replace(",stance,,", ",stance,none,"))
    assert {(label.comment_id, label.probability) for label in read_gold(file).labels} == {
        (draw.comment_id, draw.probability) for draw in draws
    }


def test_a_sample_is_written_as_label_studio_tasks(tmp_path: Path) -> None:
    draws = sample(table_of(STANCES), 5)
    file = tmp_path / "todo.json"
    write_sample(draws, file)
    assert "<Choices" in (tmp_path / "todo.config.xml").read_text()
    tasks = json.loads(file.read_text())
    for task in tasks:
        choice = {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": ["none"]}}
        task["annotations"] = [{"completed_by": 1, "result": [choice]}]
    file.write_text(json.dumps(tasks))
    assert {(one.comment_id, one.probability) for one in read_gold(file).labels} == {
        (draw.comment_id, draw.probability) for draw in draws
    }


def test_nothing_to_draw_from_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no labeled comment"):
        sample(table_of("..."), 5)
    with pytest.raises(InputError, match="at least one"):
        sample(table_of(STANCES), 0)
    with pytest.raises(InputError, match="name a run folder"):
        sample(tmp_path, 5)
