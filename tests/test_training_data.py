"""What training adds to the corpora: opposite targets, key point pairs, weights of rare labels, folds held out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file

from discourse.classifier import load_model
from discourse.classifier.corpora import Row, epoch_rows, fold_of, read_corpus
from discourse.classifier.inputs import Example
from discourse.classifier.measuring import measure_checkpoint
from discourse.classifier.release import train_release
from discourse.classifier.settings import Corpus, Settings
from discourse.classifier.targets import opposite
from discourse.classifier.training import balances
from discourse.cli import command
from discourse.errors import InputError, ModelError


@pytest.mark.parametrize(
    ("target", "lang", "turned"),
    [
        ("We should ban drones", "en", "We should not ban drones"),
        ("Homework should not be graded", "en", "Homework should be graded"),
        ("the merger", "en", None),  # any refusal of it: see below
        ("le nucléaire", "fr", None),
        ("il ponte", "it", None),
        ("scrapping the allowance", "en", ""),
        ("Faut-il fermer la centrale ?", "fr", ""),
        ("der Ausbau", "de", ""),
        ("", "fr", ""),
    ],
)
def test_targets_turn_into_their_opposite_or_stay_out(target: str, lang: str, turned: str | None):
    found = opposite(target, lang)
    assert found == opposite(target, lang)
    if turned is None:
        assert found is not None
        assert found != target
        assert found.endswith(target.split(" ", 1)[1])
    else:
        assert (found or "") == turned


@pytest.mark.parametrize(
    ("target", "lang", "wrong"),
    [("le nucléaire", "fr", " de le "), ("les vélos", "fr", " à les "), ("il ponte", "it", " di il "),
     ("l'accordo", "it", "l' "), ("el puerto", "es", " de el ")],
)  # fmt: skip
def test_articles_contract(target: str, lang: str, wrong: str):
    assert wrong not in f" {opposite(target, lang)} "


def _pairs(folder: Path) -> Corpus:
    (folder / "arguments_train.csv").write_text(
        "arg_id,argument,topic,stance\na1,It saves lives,ban it,1\na2,It costs jobs,ban it,-1\n"
    )
    (folder / "key_points_train.csv").write_text(
        "key_point_id,key_point,topic,stance\nk1,Lives are saved,ban it,1\nk2,Jobs are lost,ban it,-1\n"
    )
    (folder / "labels_train.csv").write_text("arg_id,key_point_id,label\na1,k1,1\na2,k2,0\n")
    return Corpus(name="pairs", path="arguments_train.csv", kind="match")


def test_key_point_pairs_say_who_makes_the_point_and_who_opposes_it(tmp_path: Path):
    rows = list(read_corpus(_pairs(tmp_path), tmp_path))
    said = {(row.example.comment, row.example.target): (row.match, row.stance) for row in rows}
    assert said == {
        ("It saves lives", "Lives are saved"): (1, 0),
        ("It costs jobs", "Jobs are lost"): (0, None),
        ("It saves lives", "Jobs are lost"): (0, 1),
        ("It costs jobs", "Lives are saved"): (0, 1),
    }


def test_pairs_without_their_labels_are_one_clear_line(tmp_path: Path):
    corpus = _pairs(tmp_path)
    (tmp_path / "labels_train.csv").unlink()
    with pytest.raises(InputError, match=r"labels_train\.csv"):
        list(read_corpus(corpus, tmp_path))


def _row(number: int, stance: int, target: str = "We should ban drones") -> Row:
    return Row("c", f"g{number}", "en", Example(f"comment {number}", target), stance=stance)


def test_opposed_rows_take_the_other_side():
    settings = Settings("e", "d", "o", (Corpus("c", "p", "stance", opposed=1.0),))
    rows = [_row(n, n % 3) for n in range(30)]
    drawn = epoch_rows(rows, settings, 0)
    sides = {row.example.comment: row.stance for row in rows}
    turned = [row for row in drawn if "not ban" in (row.example.target or "")]
    assert len(turned) == 30
    assert all(row.stance == (1, 0, 2)[sides[row.example.comment]] for row in turned)


def test_rare_labels_weigh_more_and_a_corpus_weighs_the_same():
    settings = Settings("e", "d", "o", (Corpus("c", "p", "stance", balance=0.5),))
    rows = [_row(n, 0 if n < 90 else 1) for n in range(100)]
    factors = balances(rows, settings)
    assert factors["c", "stance", 1] > 1 > factors["c", "stance", 0]
    assert sum(factors["c", "stance", row.stance or 0] for row in rows) == pytest.approx(len(rows))
    assert balances(rows, Settings("e", "d", "o", (Corpus("c", "p", "stance"),))) == {}


def test_groups_held_out_are_never_trained_on():
    name = next(f"group {n}" for n in range(50) if fold_of(f"group {n}") == "train")
    assert fold_of(name, (name,)) == "test"


def _stances(folder: Path, count: int) -> Corpus:
    rows = [
        {"id": f"s{n}", "lang": "fr" if n % 4 < 2 else "en", "target": f"motion {n}",
         "parent": "And you?" if n % 2 else None,
         "text": "This deal is good." if n % 2 else "No, they will shut it down.",
         "label": "favor" if n % 2 else "against"}
        for n in range(count)
    ]  # fmt: skip
    (folder / "stance.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return Corpus(name="stance", path="stance.jsonl", kind="stance", group="target", labels=("favor", "against"))


def test_a_checkpoint_is_trained_further_and_measured_beside_its_baselines(tmp_path: Path, tiny_encoder: Path):
    corpora = (_stances(tmp_path, 400), _pairs(tmp_path))
    settings = Settings(
        encoder=str(tiny_encoder), data=str(tmp_path), out=str(tmp_path / "one"), corpora=corpora,
        epochs=6, learning_rate=1e-3, head_learning_rate=5e-3, frozen_layers=1, batch_tokens=300, dropout=0.0,
        word_dropout=0.02,
    )  # fmt: skip
    train_release(settings, lambda line: None)
    lines: list[str] = []
    train_release(replace(settings, encoder=settings.out, out=str(tmp_path / "two"), epochs=1), lines.append)
    model = load_model(tmp_path / "two")
    assert model.languages == {"en", "fr"}
    measured = measure_checkpoint(settings, model, model.embed, lines.append)
    whole = next(one for one in measured if one.quality.corpus == "stance" and one.group == "all")
    assert whole.quality.macro_f1 > 0.9
    assert [one.name for one in whole.baselines] == [
        "majority", "majority of the target", "TF-IDF + logistic regression", "frozen encoder + linear head",
    ]  # fmt: skip
    assert whole.without_parent is not None
    assert whole.coverage[-1] == (1.0, whole.quality.accuracy)
    assert {one.group for one in measured} >= {"lang=en", "lang=fr", "depth=1", "depth=2"}
    config = tmp_path / "settings.toml"
    config.write_text(
        f'encoder = "{tiny_encoder}"\ndata = "."\nout = "out"\n[[corpora]]\nname = "stance"\npath = "stance.jsonl"\n'
        'kind = "stance"\ngroup = "target"\nlabels = ["favor", "against"]\n'
    )
    figures = tmp_path / "figures.jsonl"
    done = CliRunner().invoke(command, ["evaluate", str(config), "--model", str(tmp_path / "two"), "-o", str(figures)])
    assert done.exit_code == 0, done.output
    assert "macro-F1" in done.output
    written = figures.read_text(encoding="utf-8")
    assert "targets that name a removal" in written
    assert "frozen encoder + linear head" in written
    assert model.matcher is None


def test_a_release_can_be_the_mean_of_before_and_after(tmp_path: Path, tiny_checkpoint: Path):
    settings = Settings(
        encoder=str(tiny_checkpoint), data=str(tmp_path), out=str(tmp_path / "after"),
        corpora=(_stances(tmp_path, 60),), epochs=8, frozen_layers=1, head_learning_rate=1e-2, dropout=0.0,
    )  # fmt: skip
    train_release(settings, lambda line: None)
    train_release(replace(settings, out=str(tmp_path / "mean"), averaged=0.25), lambda line: None)
    before, after, mean = (
        load_file(folder / "model.safetensors") for folder in (tiny_checkpoint, tmp_path / "after", tmp_path / "mean")
    )
    name = "heads.stance.3.weight"
    assert not torch.allclose(before[name], after[name], atol=1e-3)
    expected = 0.75 * before[name].float() + 0.25 * after[name].float()
    assert torch.allclose(mean[name].float(), expected, atol=1e-3)
    with_another = replace(settings, out=str(tmp_path / "other"), averaged=0.5, averaged_with=str(tmp_path / "mean"))
    train_release(with_another, lambda line: None)
    other = load_file(tmp_path / "other" / "model.safetensors")
    assert torch.allclose(other[name].float(), (after[name].float() + mean[name].float()) / 2, atol=1e-3)


def test_a_mean_with_another_shape_is_refused_before_training(tmp_path: Path, tiny_checkpoint: Path):
    other = tmp_path / "narrow"
    shutil.copytree(tiny_checkpoint, other)
    config = json.loads((other / "config.json").read_text())
    config["num_hidden_layers"] -= 1
    (other / "config.json").write_text(json.dumps(config))
    settings = Settings(
        encoder=str(tiny_checkpoint), data=str(tmp_path), out=str(tmp_path / "out"),
        corpora=(_stances(tmp_path, 60),), averaged=0.5, averaged_with=str(other),
    )  # fmt: skip
    with pytest.raises(ModelError, match="another shape"):
        train_release(settings, lambda line: None)


def test_the_written_threads_follow_the_codebook_and_repeat_no_target():
    folder = Path(__file__).parent.parent / "models" / "written"
    corpus = Corpus(name="written", path="*.jsonl", kind="threads", group="thread_id")
    rows = list(read_corpus(corpus, folder))
    assert len(rows) > 9000
    assert all(row.example.target and row.stance is not None and row.argument is not None for row in rows)
    assert all((row.reply_stance is None) == (row.example.parent is None) for row in rows)
    threads = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
    alone = [thread["target"].lower() for thread in threads if "group" not in thread]
    assert len(set(alone)) == len(alone)
    sets = {thread["thread_id"]: thread["group"] for thread in threads if "group" in thread}
    assert len(set(sets.values())) < len(sets) / 2  # the same comments under other targets
    texts: dict[str, set[str]] = {}
    for thread in threads:
        for comment in thread["comments"]:
            texts.setdefault(comment["text"], set()).add(sets.get(thread["thread_id"], thread["thread_id"]))
    assert not [text for text, groups in texts.items() if len(groups) > 1 and len(text) > 60]  # no leak between folds


def test_crosses_pair_every_sentence_with_every_target(tmp_path: Path):
    topic = {"topic_id": "t1", "lang": "fr",
             "targets": ["la taxe", "Faut-il une taxe ?"], "opposites": ["la fin de la taxe"],
             "favor": ["Elle paie nos écoles."], "against": ["Elle ruine tout le monde.", "Rendez l'argent."],
             "none": ["Elle date de 1954."]}  # fmt: skip
    (tmp_path / "crosses.jsonl").write_text(json.dumps(topic), encoding="utf-8")
    rows = list(read_corpus(Corpus(name="crosses", path="crosses.jsonl", kind="crosses"), tmp_path))
    alone = {(row.example.comment, row.example.target): row.stance for row in rows if row.example.parent is None}
    assert len(alone) == 4 * 3
    assert alone["Elle paie nos écoles.", "Faut-il une taxe ?"] == 0
    assert alone["Elle paie nos écoles.", "la fin de la taxe"] == 1
    assert alone["Rendez l'argent.", "la fin de la taxe"] == 0
    assert alone["Elle date de 1954.", "la fin de la taxe"] == 2
    answers = [row for row in rows if row.example.parent is not None]
    assert len(answers) == 3
    for row in answers:
        same = alone[row.example.parent, "la taxe"] == row.stance
        assert row.reply_stance == (0 if same else 1)
        assert (row.group, row.depth) == ("t1", 2)
    direct = Corpus(name="crosses", path="crosses.jsonl", kind="crosses", opposites=0.0)
    left = [row for row in rows if row.example.target != "la fin de la taxe"]
    assert list(read_corpus(direct, tmp_path)) == left


def test_the_written_points_are_whole_and_teach_both_sides():
    folder = Path(__file__).parent.parent / "models" / "written"
    rows = list(read_corpus(Corpus(name="points", path="points/*.jsonl", kind="points"), folder))
    assert {row.lang for row in rows} >= {"fr", "en", "de", "es", "it"}
    assert 0.4 < sum(row.stance == 0 for row in rows) / len(rows) < 0.6
    assert all(row.example.target and row.example.comment for row in rows)


@pytest.mark.parametrize("kind", ["crosses", "opinions"])
def test_the_written_crosses_are_whole_and_teach_both_sides(kind):
    folder = Path(__file__).parent.parent / "models" / "written"
    texts = [line for path in sorted((folder / kind).glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    topics = [json.loads(text) for text in texts]
    assert len({topic["topic_id"] for topic in topics}) == len(topics) > 400
    for topic in topics:
        assert min(len(topic["targets"]), len(topic["opposites"])) > 0, topic["topic_id"]
        assert not set(topic["targets"]) & set(topic["opposites"]), topic["topic_id"]
        assert not set(topic["favor"]) & set(topic["against"]), topic["topic_id"]
    rows = list(read_corpus(Corpus(name=kind, path=f"{kind}/*.jsonl", kind="crosses"), folder))
    assert {row.lang for row in rows} >= {"fr", "en", "de", "es", "it", "pt", "da", "ca"}
    assert 0.45 < sum(row.stance == 0 for row in rows) / sum(row.stance in (0, 1) for row in rows) < 0.55


def test_the_written_answers_agree_and_disagree_on_both_sides():
    folder = Path(__file__).parent.parent / "models" / "written"
    rows = list(read_corpus(Corpus(name="answers", path="answers/*.jsonl", kind="threads", group="thread_id"), folder))
    replies = [row for row in rows if row.example.parent is not None]
    assert len(replies) > 1000
    counts = {(row.stance, row.reply_stance) for row in replies}
    assert counts == {(side, reply) for side in range(3) for reply in range(3)}
    assert all(row.argument is None for row in rows)
