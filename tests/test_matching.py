"""The matcher of key points: trained on a tiny encoder, written, loaded, asked; its two metrics."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.feature_extraction.text import TfidfVectorizer

from discourse.classifier import Model, load_model
from discourse.classifier.matching import REMEMBERED, Matcher
from discourse.classifier.matching_quality import Side, precisions, rate
from discourse.classifier.matching_training import folds_of, read_sides, train_matcher
from discourse.classifier.settings import Corpus, MatcherSettings
from discourse.cli import command
from discourse.errors import InputError, ModelError

POINTS = {"jobs": "il crée des emplois", "freedom": "on perd notre indépendance"}
SAID = {
    "jobs": ["cet accord crée des emplois", "des emplois pour everyone", "il crée, il crée"],
    "freedom": ["notre indépendance", "on perd tout", "we lose notre indépendance"],
}


def _topics(folder: Path, count: int) -> Corpus:
    """Write topics whose arguments make one of two points, told by their words."""
    lines = []
    for number in range(count):
        arguments = [
            {"side": "favor", "text": f"{text} {number}", "points": [point]}
            for point, texts in SAID.items()
            for text in texts
        ]
        points = [{"id": name, "side": "favor", "text": text} for name, text in POINTS.items()]
        lines.append(
            json.dumps({"topic_id": f"t{number}", "lang": "fr", "topic": "?", "points": points, "arguments": arguments})
        )
    (folder / "points.jsonl").write_text("\n".join(lines))
    return Corpus(name="points", path="points.jsonl", kind="points")


@pytest.fixture(scope="module")
def trained(
    tiny_encoder: Path, tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[MatcherSettings, Path]:
    folder = tmp_path_factory.mktemp("matcher")
    settings = MatcherSettings(
        task="match", encoder=str(tiny_encoder), data=str(folder), out=str(folder / "checkpoint"),
        corpora=(_topics(folder, 40),), epochs=5, rank=4, first_layer=0, learning_rate=1e-2, slope=10.0, offset=-5.0,
    )  # fmt: skip
    shutil.copytree(tiny_checkpoint, settings.out)
    found = train_matcher(settings, lambda line: None)
    assert found["fr"].old_strict > 0.95
    return settings, Path(settings.out)


@pytest.fixture(scope="module")
def model(trained: tuple[MatcherSettings, Path]) -> Model:
    return load_model(trained[1])


def test_it_tells_which_passage_makes_which_point(model: Model):
    assert model.matcher is not None
    found = model.matcher(["cet accord crée des emplois 61", "on perd tout 62"], list(POINTS.values()))
    assert found.shape == (2, 2)
    assert found[0, 0] > 0.5 > found[0, 1]
    assert found[1, 1] > 0.5 > found[1, 0]
    assert ((found >= 0) & (found <= 1)).all()


def test_its_answers_do_not_depend_on_what_else_is_asked(model: Model):
    texts = ["", "😀", "cet accord " * 900, "\ud800 broken", "عربي", *(f"des emplois {n}" for n in range(40))]
    matcher = model.matcher
    assert matcher is not None
    whole = matcher.vectors(texts)
    alone = Matcher(matcher.encoder, matcher.tokenizer, matcher.facts)
    for text, vector in zip(texts, whole, strict=True):
        assert np.allclose(alone.vectors([text])[0], vector, atol=1e-5)
    assert np.isfinite(whole).all()
    assert matcher([], texts).shape == (0, len(texts))
    assert matcher(texts, []).shape == (len(texts), 0)


def test_it_forgets_the_oldest_texts(model: Model, monkeypatch: pytest.MonkeyPatch):
    assert model.matcher is not None
    monkeypatch.setattr("discourse.classifier.matching.REMEMBERED", 5)
    matcher = Matcher(model.matcher.encoder, model.matcher.tokenizer, model.matcher.facts)
    first = matcher.vectors([f"emplois {n}" for n in range(12)])
    assert len(matcher._known) == 12  # what is asked at once is kept until the next question
    matcher.vectors(["perd"])
    assert list(matcher._known)[-1] == "perd"
    assert len(matcher._known) == 5
    assert np.allclose(matcher.vectors(["emplois 0"])[0], first[0], atol=1e-6)
    assert REMEMBERED > 1000


def test_a_checkpoint_without_a_matcher_has_none_and_a_damaged_one_says_so(
    tiny_model: Model, trained: tuple[MatcherSettings, Path], tmp_path: Path
):
    assert tiny_model.matcher is None
    broken = tmp_path / "broken"
    shutil.copytree(trained[1], broken)
    (broken / "matcher" / "adapter.safetensors").write_bytes(b"\0" * 40)
    with pytest.raises(ModelError, match="matcher"):
        _ = load_model(broken).matcher
    (broken / "matcher" / "matcher.json").write_text("{")
    with pytest.raises(ModelError, match="matcher"):
        _ = load_model(broken).matcher


def test_a_corpus_that_is_missing_or_malformed_is_named(tmp_path: Path, tiny_encoder: Path):
    corpus = Corpus(name="points", path="none.jsonl", kind="points")
    settings = MatcherSettings("match", str(tiny_encoder), str(tmp_path), str(tmp_path / "out"), (corpus,))
    with pytest.raises(InputError, match=r"none\.jsonl"):
        read_sides(settings)
    (tmp_path / "bad.jsonl").write_text('{"topic_id": 1}')
    with pytest.raises(InputError, match=r"bad\.jsonl"):
        read_sides(replace(settings, corpora=(replace(corpus, path="bad.jsonl"),)))
    with pytest.raises(ModelError, match="encoder"):
        train_matcher(
            replace(settings, corpora=(_topics(tmp_path, 20),), encoder=str(tmp_path / "nothing")), lambda line: None
        )


def test_the_command_trains_a_matcher(tmp_path: Path, tiny_encoder: Path):
    _topics(tmp_path, 25)
    config = tmp_path / "matcher.toml"
    config.write_text(
        f'task = "match"\nencoder = "{tiny_encoder}"\ndata = "."\nout = "out"\nepochs = 1\nfirst_layer = 0\n'
        '[[corpora]]\nname = "points"\npath = "points.jsonl"\nkind = "points"\n'
    )
    done = CliRunner().invoke(command, ["train", str(config)])
    assert done.exit_code == 0, done.output
    assert "current strict" in done.output
    assert {path.name for path in (tmp_path / "out" / "matcher").iterdir()} == {
        "layers.safetensors", "adapter.safetensors", "matcher.json",
    }  # fmt: skip
    config.write_text('task = "match"\nrank = "wide"')
    refused = CliRunner().invoke(command, ["train", str(config)])
    assert refused.exit_code == 1
    assert "matcher.toml" in refused.output


def test_the_two_metrics_and_the_undecided():
    labels = np.array([[1.0, 0.0], [0.0, np.nan], [0.0, 0.0], [1.0, 0.0]])
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.1], [0.2, 0.1]])
    old_strict, old_relaxed, current_strict, current_relaxed = precisions(labels, scores)
    assert old_strict == pytest.approx(1.0)  # the match comes first
    assert old_relaxed == pytest.approx(1.0)
    assert current_strict == pytest.approx(0.5)  # one of the two kept pairs is a match
    assert current_relaxed == pytest.approx(1.0)
    side = Side("g", "fr", ("a", "b", "c", "d"), ("p", "q"), labels)
    found = rate([side, side], [scores, scores])
    assert found.current_strict == pytest.approx(0.5)
    assert found.precision == pytest.approx(1.0)
    assert found.recall == pytest.approx(0.5)


def test_the_released_matcher_orders_points_better_than_shared_words(released_model: Model):
    data = Path(__file__).parent.parent / "models" / "written"
    corpus = Corpus(name="points", path="points/*.jsonl", kind="points")
    settings = MatcherSettings("match", "", str(data), "", (corpus,))
    sides = [s for s in folds_of(read_sides(settings), settings)["test"] if len(s.points) > 1 and len(s.arguments) > 3]
    assert sum(len(side.arguments) for side in sides) > 100
    assert released_model.matcher is not None

    def spelling(side: Side) -> np.ndarray:
        space = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit([*side.arguments, *side.points])
        return (space.transform(side.arguments) @ space.transform(side.points).T).toarray()

    learned = rate(sides, [released_model.matcher(side.arguments, side.points).astype(float) for side in sides])
    words = rate(sides, [spelling(side) for side in sides])
    assert learned.old_strict > 0.6
    assert learned.old_strict > words.old_strict + 0.2
    assert learned.current_strict > words.current_strict + 0.2
