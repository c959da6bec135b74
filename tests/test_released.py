"""The folders of models/: each loads, says who may use it, and holds what it says; together they stay small."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from discourse.classifier import load_model
from discourse.classifier.inputs import Example
from discourse.classifier.settings import read_settings

MODELS = Path(__file__).resolve().parent.parent / "models"
RELEASED = sorted(path.parent.name for path in MODELS.glob("*/config.json"))


@pytest.mark.parametrize("name", RELEASED)
def test_a_release_answers_to_its_name_and_labels(name):
    model = load_model(name, device="cpu")
    assert model.name == name
    assert {"fr", "en", "de"} <= model.languages
    assert model.matcher is not None
    (found,) = model.predict([Example("Je suis contre cet accord.", "l'accord", "Je suis pour.")])
    assert found.stance.sum() == pytest.approx(1)
    assert found.argument.sum() == pytest.approx(1)


@pytest.mark.parametrize("name", RELEASED)
def test_its_card_says_who_may_use_it(name):
    card = (MODELS / name / "README.md").read_text(encoding="utf-8")
    settings = read_settings(MODELS / f"{name}.toml")
    corpora = {corpus.name for corpus in settings.corpora}
    permissive = all(corpus.use == "permissive" for corpus in settings.corpora if corpus.trains)
    assert ("research use only" in card) is not permissive
    assert all(f"| {corpus} |" in card for corpus in corpora)
    measured = msgspec.json.decode((MODELS / name / "evaluation.json").read_bytes())
    assert {one["corpus"] for one in measured} <= corpora


def test_the_word_embeddings_are_the_same_everywhere():
    assert len({(MODELS / name / "embeddings.safetensors").read_bytes() for name in RELEASED}) == 1


def test_the_folders_stay_small():
    files = [path for name in (*RELEASED, "written") for path in (MODELS / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 180_000_000
    assert max(path.stat().st_size for path in files) < 95_000_000
