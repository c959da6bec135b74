"""A checkpoint of one's own: people's labels of a run's comments teach the model that labeled it.

What the folder written tells: the labels it was taught (as hashes, so that nothing is measured or corrected on them
later), what that gained on labels left out in turn, and the checkpoint it began from.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from discourse.classifier.adapting import PARTS, Adaptation, adapt
from discourse.classifier.corpora import Row
from discourse.classifier.inputs import Example
from discourse.classifier.release import save_release
from discourse.classifier.settings import Settings
from discourse.errors import InputError
from discourse.evaluate import Case
from discourse.manifest import comment_key

if TYPE_CHECKING:
    from discourse.classifier import Model

CARD = """# {name}: {base}, adapted to labels of one's own

Begun from `{base}` (SHA-256 of its weights {sha}) and trained on {comments:,} comments that people labeled. Its licence
is that of what it began from, and of those comments. The figures are on labels left out in turn ({parts} parts), before
adapting and after: they hold for comments of the same kind and the same targets, and say nothing about others.

| field | labels | macro-F1 before | after | calibration error before | after |
|---|---|---|---|---|---|
{figures}

Fields without labels enough keep their heads; so many of their likeliest labels stayed as they were: {unchanged}.
"""


def rows_of(cases: Sequence[Case]) -> list[Row]:
    """Return one row a comment and target with the labels that people gave it."""
    found: dict[tuple[str, Example], Row] = {}
    for case in cases:
        unit = case.thread_id, case.example
        row = found.get(unit) or Row("gold", case.thread_id, case.lang, case.example, depth=case.depth)
        found[unit] = replace(row, **{case.field: case.gold})  # type: ignore[arg-type]
    return list(found.values())


def check_place(out: str | Path, base: str) -> None:
    """Raise InputError where a checkpoint cannot be written: a file, or a folder with something in it."""
    place = Path(out)
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        raise InputError(f"{out}: is there already; name a new folder for the checkpoint that {base} is to become")


def adapt_to(cases: Sequence[Case], base: Model, out: str | Path, report: Callable[[str], None]) -> Adaptation:
    """Adapt a model to the gold labels of `cases` and write the checkpoint to the folder `out`; takes minutes.

    Raises InputError where no field has labels enough or `out` is not a new folder.
    """
    check_place(out, base.name)
    done = adapt(base, rows_of(cases), report)
    place, network = Path(out), done.model.network
    seen = {comment_key(case.thread_id, case.comment_id) for case in cases}
    network.config.adapted_on = sorted(seen | set(getattr(base.network.config, "adapted_on", None) or ()))
    languages = base.languages | {case.lang for case in cases if case.lang != "und"}
    network.cpu()
    save_release(network, base.tokenizer, Settings(base.folder, "", str(place)), place, sorted(languages))
    after = [one.after for one in done.gained]
    for name, value in (("calibration.json", done.model.calibration), ("evaluation.json", after)):
        (place / name).write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    matcher = Path(base.folder) / "matcher"
    if matcher.is_dir():
        shutil.copytree(matcher, place / "matcher")
    figures = [
        f"| {one.after.head} | {one.after.n:,} | {one.before.macro_f1:.3f} | {one.after.macro_f1:.3f} "
        f"({one.after.low:.3f}–{one.after.high:.3f}) | {one.before.error_told} | {one.after.error_told} |"
        for one in done.gained
    ]
    unchanged = ", ".join(f"{field} {share:.0%}" for field, share in done.unchanged.items()) or "every field has labels"
    card = CARD.format(
        name=place.name, base=base.name, sha=base.sha256[:16] or "not known", comments=len(seen), parts=PARTS,
        figures="\n".join(figures), unchanged=unchanged,
    )  # fmt: skip
    (place / "README.md").write_text(card, encoding="utf-8")
    return done


__all__ = ["adapt_to", "check_place", "rows_of"]
