"""What to label next: comments drawn by chance, each with the probability it had of being drawn.

The probability is what lets a small sample correct the shares of all comments (inverse probability weights), however
the sample was drawn. Uniform and stratified draws are simple random sampling without replacement, in all or in each
stratum; the draw by uncertainty is systematic sampling with probability proportional to size over a random order
(Madow 1949; Särndal, Swensson and Wretman 1992, section 3.6), which has a fixed size and exact probabilities.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from discourse.errors import InputError
from discourse.labels import FIELDS, Field

Strategy: TypeAlias = Literal["uniform", "stratified", "uncertainty"]

FLOOR = 0.1
"""Share of the mean doubt that the surest comment still counts for: no weight is above 11 times their mean."""

_CONFIDENCES = tuple(f"{field}_confidence" for field in FIELDS)
_COLUMNS = ("thread_id", "comment_id", "parent_id", "target", "kind", "status", *FIELDS, *_CONFIDENCES)


@dataclass(frozen=True, slots=True)
class Draw:
    """Hold one comment to label: where it is, what to read, which fields are open, and its chance of being drawn."""

    thread_id: str
    comment_id: str
    target: str | None
    probability: float
    stratum: str
    fields: tuple[Field, ...]
    text: str
    author: str | None = None
    parent: str | None = None
    parent_author: str | None = None
    lang: str | None = None


def sample(
    source: pa.Table | str | os.PathLike[str],
    n: int,
    strategy: Strategy = "uniform",
    *,
    seed: int = 0,
    fields: Sequence[Field] = tuple(FIELDS),
) -> tuple[Draw, ...]:
    """Draw `n` comments of a labeled table (or the Parquet file of one) to be labeled by people, in random order.

    `stratified` draws as many of each predicted stance (of each argument type where there is no stance) as there are,
    up to equal shares; `uncertainty` draws in proportion to 1 - the least confidence among `fields`. All comments are
    drawn if there are fewer than `n`. InputError where nothing can be drawn.
    """
    if n < 1:
        raise InputError(f"a sample of {n} comments: ask for at least one")
    dataset = ds.dataset(source) if isinstance(source, pa.Table) else _dataset(Path(source))
    light = dataset.to_table(columns=[name for name in _COLUMNS if name in dataset.schema.names])
    eligible = _eligible(light, fields)
    if not len(eligible):
        raise InputError("no labeled comment to draw from; label some threads with discourse run first")
    frame = light.take(eligible)
    rng = np.random.default_rng(seed)
    strata = _strata(frame, n if strategy == "stratified" else 1)
    if strategy == "stratified":
        chosen, probabilities = _stratified(strata, n, rng)
    else:
        sizes = _sizes(frame, fields) if strategy == "uncertainty" else np.ones(len(frame))
        chosen, probabilities = _systematic(sizes, n, rng)
    order = rng.permutation(len(chosen))
    chosen, probabilities = chosen[order], probabilities[order]
    rows = dataset.take(eligible[chosen]).to_pylist()
    parents = _parents(dataset, rows)
    return tuple(
        _draw(row, float(probability), str(strata[at]), fields, parents)
        for row, probability, at in zip(rows, probabilities, chosen, strict=True)
    )


def _dataset(path: Path) -> ds.Dataset:
    file = path / "comments.parquet" if path.is_dir() else path
    try:
        dataset = ds.dataset(file, format="parquet")
        missing = [name for name in ("thread_id", "comment_id", "text") if name not in dataset.schema.names]
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{file}: cannot be read as a labeled table; name a run folder") from error
    if missing:
        raise InputError(f"{file}: not a labeled table (no column {missing[0]}); name a run folder")
    return dataset


def _eligible(light: pa.Table, fields: Sequence[Field]) -> npt.NDArray[np.int64]:
    """Return the rows that can be labeled: comments with words that the model gave a label in one of the fields."""
    keep = np.ones(len(light), bool)
    for name, value in (("kind", "comment"), ("status", "ok")):
        if name in light.column_names:
            keep &= pc.fill_null(pc.equal(light[name], value), name == "status").to_numpy()
    known = [pc.is_valid(light[field]).to_numpy() for field in fields if field in light.column_names]
    if known:
        keep &= np.any(known, axis=0)
    return np.flatnonzero(keep)


def _strata(frame: pa.Table, most: int) -> npt.NDArray[np.object_]:
    """Name the stratum of each row: predicted stance, else argument type; the rarest are joined beyond `most`."""
    empty = pa.nulls(len(frame), pa.string())
    stance = frame["stance"] if "stance" in frame.column_names else empty
    argument = frame["argument"] if "argument" in frame.column_names else empty
    names = pc.fill_null(pc.coalesce(stance.cast(pa.string()), argument.cast(pa.string())), "all")
    strata: npt.NDArray[np.object_] = names.to_numpy(zero_copy_only=False).astype(object)
    found, counts = np.unique(strata.astype(str), return_counts=True)
    if most > 1 and len(found) > most:
        rare = found[np.argsort(counts, kind="stable")[: len(found) - most + 1]]
        strata[np.isin(strata.astype(str), rare)] = "+".join(rare)
    return strata


def _stratified(
    strata: npt.NDArray[np.object_], n: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    chosen, probabilities = [], []
    members = [np.flatnonzero(strata == name) for name in sorted(set(strata))]
    for rows, share in zip(members, _shares([len(rows) for rows in members], n), strict=True):
        chosen.append(rng.choice(rows, share, replace=False))
        probabilities.append(np.full(share, share / len(rows)))
    return np.concatenate(chosen), np.concatenate(probabilities)


def _shares(sizes: Sequence[int], n: int) -> list[int]:
    """Spread `n` over the strata in equal parts, what a small one cannot take going to the others."""
    shares = [0] * len(sizes)
    left = min(n, sum(sizes))
    while left:
        open_ = [at for at, size in enumerate(sizes) if shares[at] < size]
        part = max(left // len(open_), 1)
        for at in open_:
            taken = min(part, sizes[at] - shares[at], left)
            shares[at] += taken
            left -= taken
    return shares


def _sizes(frame: pa.Table, fields: Sequence[Field]) -> npt.NDArray[np.float64]:
    """Return how unsure the model is of each row, over a floor that keeps every row within reach."""
    known = [f"{field}_confidence" for field in fields if f"{field}_confidence" in frame.column_names]
    if not known:
        return np.ones(len(frame))
    columns = [pc.fill_null(frame[name], 1.0).to_numpy().astype(float) for name in known]
    doubt = 1 - np.min(columns, axis=0)
    floor = FLOOR * doubt.mean() if doubt.any() else 1.0
    result: npt.NDArray[np.float64] = np.clip(doubt, 0, 1) + floor
    return result


def _systematic(
    sizes: npt.NDArray[np.float64], n: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Draw exactly n with probability proportional to size; a row whose probability would pass 1 is taken surely."""
    n = min(n, len(sizes))
    probabilities: npt.NDArray[np.float64] = np.zeros(len(sizes))
    sure = np.zeros(len(sizes), bool)
    while True:
        rest = n - int(sure.sum())
        weights = np.where(sure, 0.0, sizes)
        probabilities = np.where(sure, 1.0, rest * weights / max(weights.sum(), 1e-300))
        over = (probabilities >= 1) & ~sure
        if not over.any():
            break
        sure |= over
    order = rng.permutation(len(sizes))
    ends = np.cumsum(probabilities[order])
    ends *= n / ends[-1]  # rounding must not lose the last one
    picks = np.searchsorted(ends, rng.random() + np.arange(n), side="right")
    chosen = order[np.minimum(picks, len(sizes) - 1)]
    return chosen, probabilities[chosen]


def _parents(dataset: ds.Dataset, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Fetch the comments that the drawn ones answer."""
    wanted = {(row["thread_id"], row["parent_id"]) for row in rows if row.get("parent_id") is not None}
    if not wanted:
        return {}
    near = ds.field("comment_id").isin([comment_id for _, comment_id in wanted])
    columns = [name for name in ("thread_id", "comment_id", "text", "author", "kind") if name in dataset.schema.names]
    found = dataset.to_table(columns=columns, filter=near).to_pylist()
    by_id = {(row["thread_id"], row["comment_id"]): row for row in found}
    return {key: row for key, row in by_id.items() if key in wanted}


def _draw(
    row: dict[str, Any],
    probability: float,
    stratum: str,
    fields: Sequence[Field],
    parents: dict[tuple[str, str], dict[str, Any]],
) -> Draw:
    parent = parents.get((row["thread_id"], row.get("parent_id") or ""), {})
    open_: dict[Field, bool] = {
        "stance": row.get("target") is not None,
        "reply_stance": bool(parent) and parent.get("kind") != "post",
        "argument": True,
    }
    return Draw(
        thread_id=row["thread_id"],
        comment_id=row["comment_id"],
        target=row.get("target"),
        probability=probability,
        stratum=stratum,
        fields=tuple(field for field in fields if open_[field]),
        text=row.get("text") or "",
        author=row.get("author"),
        parent=parent.get("text"),
        parent_author=parent.get("author"),
        lang=row.get("lang"),
    )
