"""A checkpoint adapted to labels of one's own: what it learns, what it keeps, and that nobody measures it on them."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from discourse.classifier import load_model
from discourse.classifier.adapting import PARTS, adapt
from discourse.classifier.corpora import Row
from discourse.classifier.inputs import Example
from discourse.cli import command
from discourse.errors import InputError
from discourse.manifest import comment_key, read_manifest, taught

FOR, AGAINST = "Je suis pour cet accord, il crée des emplois", "Je suis contre, on perd notre indépendance"


def rows(count: int) -> list[Row]:
    """Make rows whose stance one word tells, with other words that differ."""
    chance = random.Random(0)
    found = []
    for number in range(count):
        side = chance.randrange(2)
        text = f"{(FOR, AGAINST)[side]} {number}."
        found.append(Row("gold", f"t{number % 7}", "fr", Example(text, "l'accord"), stance=side))
    return found


@pytest.fixture(scope="module")
def adapted(tiny_model):
    lines: list[str] = []
    return adapt(tiny_model, rows(300), lines.append, rate=3e-3), lines


def test_it_learns_the_target_and_says_so_of_rows_left_out(adapted):
    done, lines = adapted
    (gain,) = done.gained
    assert gain.before.macro_f1 < 0.7 < 0.9 < gain.after.macro_f1
    assert gain.after.n == 300 == gain.before.n
    assert len(lines) == PARTS + 1
    said = done.model.predict([Example(f"{text} !", "l'accord") for text in (FOR, AGAINST)])
    assert [one.stance.argmax() for one in said] == [0, 1]
    assert "own" in done.model.calibration.measured


def test_the_model_it_began_from_stays_as_it_was(adapted, tiny_model, tiny_checkpoint: Path):
    example = [Example(FOR, "l'accord", AGAINST)]
    fresh = load_model(tiny_checkpoint, device="cpu").logits(example)
    for head, values in tiny_model.logits(example).items():
        np.testing.assert_allclose(values, fresh[head], atol=1e-6)


def test_labels_without_rhyme_or_reason_gain_nothing(tiny_model):
    """Cross-validation must not see what it is measured on: labels drawn by chance stay at chance."""
    chance = random.Random(3)
    noise = [Row("gold", "t", "fr", Example(f"{FOR} {n}", "l'accord"), stance=chance.randrange(2)) for n in range(200)]
    (gain,) = adapt(tiny_model, noise, lambda line: None, rate=3e-3).gained
    assert gain.after.accuracy < 0.62


def test_equal_words_stay_in_one_part(tiny_model):
    """A comment posted again and again would otherwise be learned in four parts and met in the fifth."""
    chance = random.Random(1)
    text = {n: chance.randrange(2) for n in range(40)}
    same = [Row("gold", f"t{k}", "fr", Example(f"mot {n} " * 3, "l'accord"), stance=text[n])
            for n in text for k in range(6)]  # fmt: skip
    (gain,) = adapt(tiny_model, same, lambda line: None, rate=3e-3).gained
    assert gain.after.accuracy < 0.75


def test_a_field_with_few_labels_is_left_alone(tiny_model):
    few = [Row("gold", "t", "fr", Example(f"{FOR} {n}", "l'accord"), argument=n % 3) for n in range(20)]
    done = adapt(tiny_model, rows(60) + few, lambda line: None)
    assert [one.after.head for one in done.gained] == ["stance"]
    assert set(done.unchanged) == {"reply_stance", "argument"}
    with pytest.raises(InputError, match="20 labels of argument are too few"):
        adapt(tiny_model, few, lambda line: None)


@pytest.fixture
def labeled_run(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    """Make a run of one thread of 120 comments, and a sample of 80 of them labeled."""
    comments = [{"id": f"c{n}", "parent": "c0" if n else None, "author": f"a{n}",
                 "text": f"{(FOR, AGAINST)[n % 2]} {n}"} for n in range(120)]  # fmt: skip
    with (tmp_path / "dump.csv").open("w", newline="") as out:
        table = csv.DictWriter(out, comments[0])
        table.writeheader()
        table.writerows(comments)
    go(["run", str(tmp_path / "dump.csv"), "-o", str(tmp_path / "run"), "--target", "l'accord", "--model",
        str(tiny_checkpoint)])  # fmt: skip
    go(["sample", str(tmp_path / "run"), "-n", "80", "-o", str(tmp_path / "sample.csv")])
    label(tmp_path / "sample.csv", tmp_path / "gold.csv")
    return tmp_path


def label(sample: Path, gold: Path) -> None:
    """Fill in a sample as a careful person would."""
    with sample.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    for row in found:
        if row["field"] == "stance":
            row["label"] = "favor" if "pour" in row["text"] else "against"
    with gold.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, found[0])
        table.writeheader()
        table.writerows(found)


def go(arguments: list[str], code: int = 0) -> str:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_from_a_sample_to_a_run_with_the_adapted_model(labeled_run: Path, tiny_checkpoint: Path):
    gold, run, own = (str(labeled_run / name) for name in ("gold.csv", "run", "own"))
    said = go(["train", gold, "--run", run, "-o", own, "--model", str(tiny_checkpoint)])
    assert "label with it by --model" in said
    card = (labeled_run / "own" / "README.md").read_text(encoding="utf-8")
    assert "80 comments that people labeled" in card
    assert "reply_stance" in card.split("stayed as they were:")[1]
    figures = json.loads((labeled_run / "own" / "evaluation.json").read_text())
    assert f"{figures[0]['macro_f1']:.3f}" in said
    assert load_model(own).name == "own"

    again = str(labeled_run / "again")
    output = go(
        ["run", str(labeled_run / "dump.csv"), "-o", again, "--target", "l'accord", "--model", own, "--gold", gold]
    )
    assert "80 labels were taught to the model" in output
    assert "label a new sample" in output
    assert len(read_manifest(again).model.adapted_on) == 80
    for refused in (["evaluate", gold, "--run", again], ["evaluate", gold, "--run", run, "--model", own],
                    ["summarize", again, "--gold", gold]):  # fmt: skip
        assert "label a new sample" in go(refused, code=1)
    assert "macro-F1" in go(["evaluate", gold, "--run", run])


def test_new_labels_beside_taught_ones_count(labeled_run: Path, tiny_checkpoint: Path):
    gold, run, own = (str(labeled_run / name) for name in ("gold.csv", "run", "own"))
    go(["train", gold, "--run", run, "-o", own, "--model", str(tiny_checkpoint)])
    go(["sample", run, "-n", "120", "-o", str(labeled_run / "all.csv")])
    label(labeled_run / "all.csv", labeled_run / "all_gold.csv")
    again = str(labeled_run / "again")
    go(["run", str(labeled_run / "dump.csv"), "-o", again, "--target", "l'accord", "--model", own])
    said = go(["evaluate", str(labeled_run / "all_gold.csv"), "--run", again, "--json"])
    assert "80 labels were taught to the model and are left out" in said
    assert '"n":40' in said
    go(["summarize", again, "--gold", str(labeled_run / "all_gold.csv")])
    assert read_manifest(again).gold.used == 40


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--run"),
        (["--run", "RUN"], "-o"),
        (["--run", "nowhere", "-o", "own"], "nowhere"),
        (["--run", "RUN", "-o", "RUN"], "is there already"),
    ],
)
def test_what_is_missing_is_one_clear_line(labeled_run: Path, arguments: list[str], says: str):
    run = str(labeled_run / "run")
    given = ["train", str(labeled_run / "gold.csv"), *(run if one == "RUN" else one for one in arguments)]
    done = CliRunner().invoke(command, given)
    assert done.exit_code in (1, 2)
    assert says in done.output


def test_a_key_tells_threads_apart():
    keys = {comment_key("a", "1")}
    assert taught(keys, "a", "1")
    assert not taught(keys, "b", "1")
    assert taught(keys, "", "1")
    assert not taught(keys, "", "2")
