"""Training on a tiny encoder: it learns, resumes where it stopped, and its release loads; corpora and folds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from discourse.classifier import load_model
from discourse.classifier.calibration import (
    Calibration,
    calibration_error,
    error_by_chance,
    fit_scaling,
    fit_temperature,
    softmax,
)
from discourse.classifier.corpora import Row, epoch_rows, fold_of, read_corpus, read_rows
from discourse.classifier.inputs import Example
from discourse.classifier.quality import bootstrap, f1_by_label, macro_f1
from discourse.classifier.release import train_release
from discourse.classifier.settings import Corpus, Settings, read_settings
from discourse.errors import InputError, ModelError

THREADS = Corpus(
    name="threads", path="threads.jsonl", kind="threads", group="thread_id", distractors=0.2, use="permissive"
)
STANCE = Corpus(name="stance", path="stance.jsonl", kind="stance", group="target", labels=("favor", "against"), cap=20)


def thread(number: int) -> dict:
    says = [("Je suis pour cet accord, il crée des emplois.", "favor", "consequence"),
            ("Je suis contre, on perd notre indépendance.", "against", "value")]  # fmt: skip
    comments = [
        {"id": i, "parent": i - 1 or None, "text": says[i % 2][0], "stance": says[i % 2][1],
         "reply_stance": "disagree" if i > 1 else "neutral", "argument": says[i % 2][2], "secondary": ["fact"]}
        for i in range(1, 7)
    ]  # fmt: skip
    return {"thread_id": f"t{number}", "lang": "fr", "target": "l'accord", "comments": comments}


@pytest.fixture
def settings(tmp_path: Path, tiny_encoder: Path) -> Settings:
    (tmp_path / "threads.jsonl").write_text("\n".join(json.dumps(thread(n)) for n in range(60)))
    stance = [{"id": f"s{n}", "lang": "en", "target": f"motion {n}", "parent": None,
               "text": "This deal is good." if n % 2 else "No, they will shut it down.",
               "label": "favor" if n % 2 else "against"} for n in range(60)]  # fmt: skip
    (tmp_path / "stance.jsonl").write_text("\n".join(map(json.dumps, stance)))
    return Settings(
        encoder=str(tiny_encoder), data=str(tmp_path), out=str(tmp_path / "out" / "tiny"), corpora=(THREADS, STANCE),
        epochs=8, learning_rate=5e-4, head_learning_rate=3e-3, frozen_layers=1, batch_tokens=700,
    )  # fmt: skip


def test_it_learns_what_the_rows_say_and_the_release_is_whole(settings: Settings):
    lines: list[str] = []
    measured = train_release(settings, lines.append)
    stance = next(one for one in measured if one.corpus == "threads" and one.head == "stance")
    assert stance.macro_f1 > 0.9
    assert stance.low <= stance.macro_f1 <= stance.high
    out = Path(settings.out)
    assert {"config.json", "tokenizer.json", "model.safetensors", "calibration.json", "README.md"} <= {
        path.name for path in out.iterdir()
    }
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "research use only" in card
    model = load_model(out)
    assert model.name == "tiny"
    said = model.predict([Example("Je suis contre, on perd notre indépendance.", "l'accord")])[0]
    assert said.stance.argmax() == 1


@pytest.mark.parametrize(("kept", "says"), [((True, False), " of 1 corpora"), ((False, False), "no rows")])
def test_only_corpora_that_calibrate_decide_how_sure_to_be(settings: Settings, kept: tuple[bool, ...], says: str):
    corpora = tuple(replace(one, calibrates=flag) for one, flag in zip(settings.corpora, kept, strict=True))
    lines: list[str] = []
    assert train_release(replace(settings, corpora=corpora, epochs=1), lines.append)
    assert any(line.startswith("calibrated on ") and says in line for line in lines)
    assert load_model(settings.out).calibration.measured in "\n".join(lines)


def test_a_run_cut_short_ends_as_a_straight_one(settings: Settings, tmp_path: Path):
    straight = train_release(settings, lambda line: None)
    cut = replace(settings, out=str(tmp_path / "cut" / "tiny"), save_minutes=0.0)

    def stop(line: str) -> None:
        if line.startswith("epoch 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_release(cut, stop)
    assert (Path(cut.out) / "checkpoint.pt").is_file()
    lines: list[str] = []
    again = train_release(cut, lines.append)
    assert any(line.startswith("resuming") for line in lines)
    assert [one.confusion for one in again] == [one.confusion for one in straight]


def test_stopping_early_cools_down_and_keeps_the_steps_before(settings: Settings):
    whole: list[str] = []
    train_release(settings, whole.append)
    early: list[str] = []
    train_release(replace(settings, out=settings.out + "-early", stop_after=2.5, cooldown=0.4), early.append)

    def steps(lines: list[str]) -> list[str]:
        return [line.split(" loss ")[0] + line.split(" loss ")[1][:6] for line in lines if " loss " in line]

    before = [line for line in steps(early) if line.startswith(("epoch 1", "epoch 2"))]
    assert before == [line for line in steps(whole) if line.startswith(("epoch 1", "epoch 2"))]
    assert len(steps(early)) < len(steps(whole))
    assert load_model(settings.out + "-early").name == "tiny-early"


def test_only_permissive_corpora_make_a_permissive_card(settings: Settings):
    out = train_release(replace(settings, corpora=(THREADS,), epochs=1), lambda line: None)
    assert out
    assert "research use only" not in (Path(settings.out) / "README.md").read_text(encoding="utf-8")


def test_a_corpus_only_measured_teaches_nothing_and_binds_nobody(settings: Settings):
    settings = replace(settings, epochs=1, held_out=tuple(f"motion {n}" for n in range(30)))
    before = train_release(replace(settings, corpora=(THREADS,)), lambda line: None)
    weights = load_model(settings.out).sha256
    other = replace(settings, corpora=(THREADS, replace(STANCE, trains=False)), out=settings.out + "-more")
    after = train_release(other, lambda line: None)
    assert load_model(other.out).sha256 == weights
    assert load_model(other.out).calibration == load_model(settings.out).calibration
    assert {one.corpus for one in after} == {one.corpus for one in before} | {"stance"}
    card = (Path(other.out) / "README.md").read_text(encoding="utf-8")
    assert "| stance |  | – | – |" in card
    assert "research use only" not in card
    assert "only measured" in card


def test_folds_keep_groups_whole_and_are_stable(settings: Settings):
    rows = read_rows(settings)
    folds: dict[str, set[str]] = {}
    for row in rows:
        folds.setdefault(row.group, set()).add(fold_of(row.group))
    assert all(len(found) == 1 for found in folds.values())
    assert fold_of("t1") == fold_of("t1")
    assert {fold_of(f"group {n}") for n in range(300)} == {"train", "dev", "test"}


def test_a_reply_stance_without_a_parent_teaches_nothing(settings: Settings):
    rows = list(read_corpus(THREADS, Path(settings.data)))
    assert all((row.reply_stance is None) == (row.example.parent is None) for row in rows)
    assert all(row.types[0] == row.argument for row in rows)


def test_an_epoch_caps_and_adds_distractors(settings: Settings):
    rows = read_rows(settings)
    drawn = epoch_rows(rows, settings, 0)
    assert sum(row.corpus == "stance" for row in drawn) == 20
    assert [r.example for r in drawn] == [r.example for r in epoch_rows(rows, settings, 0)]
    assert [r.example for r in drawn] != [r.example for r in epoch_rows(rows, settings, 1)]


def test_a_two_class_corpus_never_pushes_none_down(tiny_model):
    import torch

    from discourse.classifier.training import loss_of

    row = Row("c", "g", "en", Example("x", "t"), stance=0, stances=(0, 1))
    for third in (-5.0, 5.0):
        logits = {
            "stance": torch.tensor([[1.0, 0.0, third]]),
            "reply_stance": torch.zeros(1, 3),
            "argument": torch.zeros(1, 11),
            "secondary": torch.zeros(1, 11),
            "cdcp": torch.zeros(1, 5),
        }
        assert abs(float(loss_of(logits, [row], {})) - 0.3133) < 1e-3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "encoder"),
        ("encoder = 3\ndata = '.'\nout = 'x'", "encoder"),
        ("[[", "TOML"),
        ("encoder = 'e'\ndata = '.'\nout = 'x'\nlearning_rates = 3", "learning_rates: .* did you mean learning_rate?"),
        ("encoder = 'e'\ndata = '.'\nout = 'x'\nfoo = 3", "foo: no such setting; there are encoder, data"),
        ("encoder = 'e'\ndata = '.'\nout = 'x'\nepochs = 0", "epochs"),
        ("encoder = 'e'\ndata = '.'\nout = 'x'\nword_dropout = 2", "word_dropout"),
        ("[[corpora]]\nname = 'a'\nkap = 3", "kap: no such setting of corpus a; did you mean cap?"),
        ("corpora = 3", "corpora"),
        ("encoder = 'e'\ndata = '.'\nout = 'x'", "no corpora"),
        (
            "encoder = 'e'\ndata = '.'\nout = 'x'" + "\n[[corpora]]\nname = 'a'\npath = 'b'\nkind = 'cdcp'" * 2,
            "named a",
        ),
    ],
)
def test_bad_settings_are_one_clear_line(tmp_path: Path, text: str, says: str):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_settings(path)
    with pytest.raises(InputError, match="no such file"):
        read_settings(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "1", "text": "x", "target": "t"}', "no field 'label'"),
        ('{"id": "1", "text": "x", "target": "t", "label": "for"}', "label 'for' is none of favor, against, none"),
        ('{"id": "1", "text": 3, "target": "t", "label": "favor"}', "text is 3, not words"),
        ("[1]", "not a row"),
        ("{", "not a row"),
    ],
)
def test_a_row_that_teaches_nothing_is_named(tmp_path: Path, line: str, says: str):
    good = '{"id": "0", "text": "x", "target": "t", "label": "favor"}'
    (tmp_path / "own.jsonl").write_text(f"{good}\n\n{line}\n")
    with pytest.raises(InputError, match=rf"own\.jsonl:3: .*{says}"):
        list(read_corpus(replace(STANCE, path="own.jsonl"), tmp_path))


def test_missing_data_and_encoder_are_one_clear_line(settings: Settings, tmp_path: Path):
    missing = replace(settings, corpora=(replace(STANCE, path="none.jsonl"),))
    with pytest.raises(InputError, match=r"none\.jsonl"):
        train_release(missing, lambda line: None)
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(InputError, match=r"bad\.jsonl:1"):
        train_release(replace(settings, corpora=(replace(STANCE, path="bad.jsonl"),)), lambda line: None)
    with pytest.raises(ModelError, match="encoder"):
        train_release(replace(settings, encoder=str(tmp_path / "nothing")), lambda line: None)


def test_the_released_settings_are_valid():
    read_settings(Path(__file__).resolve().parent.parent / "models" / "small.toml")


def test_a_bias_takes_back_shares_that_training_shifted():
    chance = np.random.default_rng(0)
    logits = chance.normal(0, 1.5, (4000, 3))
    shares = softmax(logits)
    gold = (shares.cumsum(1) < chance.random((4000, 1))).sum(1)
    shifted = 2 * (logits + np.array([0.8, 0.0, -0.8]))
    heat, bias = fit_scaling(shifted, gold)
    assert heat == pytest.approx(2, rel=0.1)
    assert bias == pytest.approx((-0.8, 0.0, 0.8), abs=0.15)
    kept = Calibration({"stance": heat}, bias={"stance": bias})
    before, after = softmax(shifted / heat), softmax(kept.adjusted("stance", shifted))
    errors = [calibration_error(one.max(1), one.argmax(1) == gold) for one in (before, after)]
    assert errors[1] < 0.03 < errors[0]
    assert np.array_equal(kept.adjusted("argument", logits), logits)


def test_temperature_cools_overconfident_logits():
    chance = np.random.default_rng(0)
    logits = chance.normal(size=(4000, 3))
    gold = np.array([chance.choice(3, p=row) for row in softmax(logits)])
    assert abs(fit_temperature(logits * 3, gold) - 3) < 0.3
    hot, cool = softmax(logits * 3), softmax(logits * 3, 3.0)
    right = hot.argmax(1) == gold
    assert calibration_error(cool.max(1), right) < 0.03 < calibration_error(hot.max(1), right)


def test_chance_alone_makes_a_calibration_error():
    chance = np.random.default_rng(5)
    few, many = chance.uniform(0.4, 1.0, 400), chance.uniform(0.4, 1.0, 40_000)
    honest = [calibration_error(few, chance.random(400) < few) for _ in range(300)]
    assert error_by_chance(few) == pytest.approx(np.mean(honest), rel=0.1)
    assert error_by_chance(few) > 5 * error_by_chance(many)
    assert error_by_chance(few, seed=1) != error_by_chance(few) == error_by_chance(few)


def test_scores_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(1)
    gold, said = chance.integers(0, 4, 300), chance.integers(0, 4, 300)
    np.testing.assert_allclose(f1_by_label(gold, said, 4), metrics.f1_score(gold, said, average=None))
    assert abs(macro_f1(gold, said, 4) - metrics.f1_score(gold, said, average="macro")) < 1e-12
    low, high = bootstrap(gold, said, 4)
    assert low < macro_f1(gold, said, 4) < high
