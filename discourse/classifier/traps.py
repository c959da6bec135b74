"""The trap set: short cases that mislead a classifier which reads words instead of positions.

112 invented comments (CC0) in `traps.jsonl`, never trained on: negation, irony, agreement with an opponent, a quoted
opposite view, targets that name a removal, one comment with two opposite targets, instructions in the text, no side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from discourse.classifier.inputs import Example
from discourse.labels import REPLY_STANCES, STANCES, ReplyStance, Stance

if TYPE_CHECKING:
    from discourse.classifier.model import Model


class Trap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold one case: what is read, and the labels that a careful reader gives; `kind` says what misleads."""

    kind: str
    lang: str
    target: str
    text: str
    stance: Stance
    parent: str | None = None
    reply_stance: ReplyStance | None = None

    @property
    def example(self) -> Example:
        """Return what the model is asked."""
        return Example(self.text, self.target, self.parent)


@dataclass(frozen=True, slots=True)
class TrapScore:
    """Count how many labels of one kind of case are right; `kind` is `all` for all of them."""

    kind: str
    field: str
    n: int
    right: int


def read_traps() -> tuple[Trap, ...]:
    """Return the cases of the package, in order."""
    lines = files("discourse.classifier").joinpath("traps.jsonl").read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=Trap) for line in lines)


def score_traps(model: Model, traps: Sequence[Trap] | None = None) -> tuple[TrapScore, ...]:
    """Ask the model every case; returns the scores of all, then by kind."""
    cases = read_traps() if traps is None else tuple(traps)
    said = model.predict([case.example for case in cases])
    right: dict[tuple[str, str], list[bool]] = {}
    for case, one in zip(cases, said, strict=True):
        stance = STANCES[int(one.stance.argmax())] == case.stance
        for kind in ("all", case.kind):
            right.setdefault((kind, "stance"), []).append(stance)
        if case.reply_stance is not None:
            reply = REPLY_STANCES[int(one.reply_stance.argmax())] == case.reply_stance
            right.setdefault(("all", "reply_stance"), []).append(reply)
    return tuple(TrapScore(kind, field, len(values), sum(values)) for (kind, field), values in right.items())
