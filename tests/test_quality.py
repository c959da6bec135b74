"""Quality floors of the released checkpoint on threads that were never trained on; see quality.json.

`tests/data/held_out_threads.jsonl` is a tenth of the threads written for this project (CC0), by thread.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from discourse.classifier.corpora import fold_of, read_corpus
from discourse.classifier.quality import macro_f1
from discourse.classifier.settings import Corpus
from discourse.labels import FIELDS

DATA = Path(__file__).parent / "data"
FLOORS = json.loads((Path(__file__).parent / "quality.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows():
    corpus = Corpus(name="held_out", path="held_out_threads.jsonl", kind="threads", group="thread_id")
    return list(read_corpus(corpus, DATA))


@pytest.fixture(scope="module")
def predictions(rows, released_model):
    return released_model.predict([row.example for row in rows])


def test_the_floors_are_those_of_this_data():
    digest = hashlib.sha256((DATA / "held_out_threads.jsonl").read_bytes()).hexdigest()
    assert digest == FLOORS["sha256"]


def test_no_held_out_thread_was_trained_on(rows):
    assert {fold_of(row.group) for row in rows} == {"test"}


@pytest.mark.parametrize("field", FIELDS)
def test_macro_f1_stays_above_its_floor(field: str, rows, predictions):
    known = [(row, said) for row, said in zip(rows, predictions, strict=True) if getattr(row, field) is not None]
    gold = np.array([getattr(row, field) for row, _ in known])
    said = np.array([getattr(prediction, field).argmax() for _, prediction in known])
    assert macro_f1(gold, said, len(FIELDS[field])) >= FLOORS["macro_f1"][field]


@pytest.mark.parametrize("field", FIELDS)
def test_confidence_means_what_it_says(field: str, rows, predictions):
    from discourse.classifier.calibration import calibration_error

    known = [(row, said) for row, said in zip(rows, predictions, strict=True) if getattr(row, field) is not None]
    scores = np.array([getattr(prediction, field) for _, prediction in known])
    right = scores.argmax(1) == np.array([getattr(row, field) for row, _ in known])
    assert calibration_error(scores.max(1), right) <= FLOORS["calibration_error"][field]
