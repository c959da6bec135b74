"""The trap set is whole and balanced, and the released checkpoint springs no more of it than before."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from discourse.classifier.traps import read_traps, score_traps

FLOORS = json.loads((Path(__file__).parent / "quality.json").read_text(encoding="utf-8"))


def test_the_traps_are_whole_and_no_single_answer_solves_them():
    traps = read_traps()
    assert len(traps) > 100
    assert len(set(traps)) == len(traps)
    sides = Counter(trap.stance for trap in traps)
    assert max(sides.values()) < 0.55 * len(traps)
    assert all((trap.parent is None) == (trap.reply_stance is None) for trap in traps)
    assert {trap.lang for trap in traps} >= {"fr", "en", "de", "es", "it"}


def test_the_released_checkpoint_keeps_its_score(released_model):
    whole = {score.field: score.right / score.n for score in score_traps(released_model) if score.kind == "all"}
    assert whole["stance"] >= FLOORS["traps"]["stance"]
    assert whole["reply_stance"] >= FLOORS["traps"]["reply_stance"]
