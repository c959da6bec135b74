"""Train a matcher: arguments and key points of one side of a topic at a time, every pair of them a question.

The encoder stays as it came; only the low-rank adapter and the line from cosines to log odds learn. A run that was cut
short starts again: it takes minutes, not hours.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from discourse.classifier.corpora import csv_rows, fold_of
from discourse.classifier.matching import LowRank, Matcher, MatcherFacts, adapt, padded, pooled, save_matcher, token_ids
from discourse.classifier.matching_quality import MatchQuality, Side, rate
from discourse.classifier.network import from_encoder
from discourse.classifier.settings import MatcherSettings
from discourse.errors import InputError, ModelError

Report = Callable[[str], None]

HIDDEN_ID = 3
"""`<unk>` of the XLM-R vocabulary, which stands for a hidden token."""


def read_sides(settings: MatcherSettings) -> list[Side]:
    """Read the sides of every corpus; InputError names a file that is missing or malformed."""
    found: list[Side] = []
    for corpus in settings.corpora:
        paths = sorted(Path(settings.data).glob(corpus.path))
        if not paths:
            raise InputError(
                f"{Path(settings.data) / corpus.path}: no such file; see `data` and `path` in the settings"
            )
        for path in paths:
            try:
                found += _argkp(path) if corpus.kind == "match" else _points(path)
            except (KeyError, ValueError, msgspec.DecodeError) as error:
                raise InputError(f"{path}: not a corpus of kind {corpus.kind}: {error!r}") from None
    return found


def _argkp(path: Path) -> Iterator[Side]:
    """Yield the sides of ArgKP: `path` holds the arguments, its siblings key points and labels; no label, undecided."""
    tables = {
        name: csv_rows(path.with_name(path.name.replace("arguments", name)))
        for name in ("arguments", "key_points", "labels")
    }
    labels = {(row["arg_id"], row["key_point_id"]): float(row["label"]) for row in tables["labels"]}
    arguments, points = defaultdict(list), defaultdict(list)
    for row in tables["arguments"]:
        arguments[row["topic"], row["stance"]].append(row)
    for row in tables["key_points"]:
        points[row["topic"], row["stance"]].append(row)
    for name in sorted(arguments):
        said, asked = arguments[name], points[name]
        if asked:
            known = [[labels.get((a["arg_id"], p["key_point_id"]), np.nan) for p in asked] for a in said]
            texts = tuple(a["argument"] for a in said), tuple(p["key_point"] for p in asked)
            yield Side(name[0], "en", *texts, np.array(known), few=True)


def _points(path: Path) -> Iterator[Side]:
    """Yield the sides of topics written as one JSON object a line."""
    for line in path.read_bytes().splitlines():
        topic: dict[str, Any] = msgspec.json.decode(line)
        for side in ("favor", "against"):
            points = [point for point in topic["points"] if point["side"] == side]
            said = [one for one in topic["arguments"] if one["side"] == side]
            if points and said:
                labels = [[float(point["id"] in one["points"]) for point in points] for one in said]
                yield Side(
                    topic["topic_id"], topic["lang"], tuple(one["text"] for one in said),
                    tuple(point["text"] for point in points), np.array(labels),
                )  # fmt: skip


def train_matcher(settings: MatcherSettings, report: Report, *, device: str = "cpu") -> dict[str, MatchQuality]:
    """Train a matcher, write it to `out`/matcher, and return its quality on the test fold by language.

    InputError or ModelError say what is missing.
    """
    from transformers import AutoTokenizer

    folds = folds_of(read_sides(settings), settings)
    if not folds["train"]:
        raise InputError(f"{settings.data}: the corpora hold no side of the train fold")
    try:
        tokenizer = AutoTokenizer.from_pretrained(settings.encoder)
        encoder = from_encoder(settings.encoder, settings.seed).bert
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{settings.encoder}: cannot be loaded as an encoder: {error}") from None
    layers = {name: value.detach().clone() for name, value in encoder.state_dict().items() if "word_emb" not in name}
    layers["embeddings.token_type_embeddings.weight"] = layers["embeddings.token_type_embeddings.weight"][:2]
    torch.manual_seed(settings.seed)
    lows = adapt(encoder, settings.rank, settings.first_layer)
    encoder.to(device)  # type: ignore[arg-type]
    learned = _train(encoder, tokenizer, lows, folds["train"], settings, report)
    facts = _calibrated(Matcher(encoder, tokenizer, learned), folds["dev"] or folds["train"], settings)
    found = measure_matcher(Matcher(encoder, tokenizer, facts), folds["test"])
    measured = {f"{lang} {name}": round(value, 4) for lang, one in found.items() for name, value in asdict(one).items()}
    save_matcher(Path(settings.out), layers, lows, replace(facts, measured=measured))
    return found


def folds_of(sides: Sequence[Side], settings: MatcherSettings) -> dict[str, list[Side]]:
    """Return sides by fold; the motions of ArgKP are few, so that only those held out are test."""
    found: dict[str, list[Side]] = {"train": [], "dev": [], "test": []}
    for side in sides:
        fold = fold_of(side.group, settings.held_out)
        spared = fold == "test" and side.few and bool(settings.held_out) and side.group not in settings.held_out
        found["train" if spared else fold].append(side)
    return found


def measure_matcher(matcher: Matcher, sides: Sequence[Side]) -> dict[str, MatchQuality]:
    """Return the quality by language (ArgKP apart), of sides with at least two points and four arguments."""
    found: dict[str, MatchQuality] = {}
    large = [side for side in sides if len(side.points) > 1 and len(side.arguments) > 3]
    groups: dict[str, list[Side]] = {}
    for side in large:
        groups.setdefault(f"{side.lang}, ArgKP" if side.few else side.lang, []).append(side)
    for name in sorted(groups):
        some = groups[name]
        found[name] = rate(some, [matcher(side.arguments, side.points).astype(np.float64) for side in some])
    return found


def _train(
    encoder: Any,
    tokenizer: Any,
    lows: dict[str, LowRank],
    sides: Sequence[Side],
    settings: MatcherSettings,
    report: Report,
) -> MatcherFacts:
    slope, offset = nn.Parameter(torch.tensor(settings.slope)), nn.Parameter(torch.tensor(settings.offset))
    facts = MatcherFacts(settings.rank, settings.first_layer, settings.slope, settings.offset)
    thin = [value for low in lows.values() for value in (low.down, low.up)]
    optimizer = torch.optim.AdamW(
        [{"params": thin, "lr": settings.learning_rate}, {"params": [slope, offset], "lr": 0.05, "weight_decay": 0.0}],
        weight_decay=settings.weight_decay,
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    plan = [batch for epoch in range(settings.epochs) for batch in _batches(sides, settings, epoch)]
    report(f"{sum(len(side.arguments) for side in sides):,} arguments, {len(plan):,} steps")
    mean = 0.0
    for step, (side, chosen) in enumerate(plan):
        factor = min((step + 1) / max(1, settings.warmup * len(plan)), 1 - step / len(plan))
        for group, rate_ in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate_ * factor
        labels = torch.tensor(side.labels[chosen], dtype=torch.float32)
        known = ~torch.isnan(labels)
        if not bool(known.any()):
            continue
        vectors = [
            _shown(encoder, tokenizer, texts, facts, settings.word_dropout, settings.seed * 1_000_003 + step)
            for texts in ([side.arguments[i] for i in chosen], list(side.points))
        ]
        odds = (vectors[0] @ vectors[1].T).cpu() * slope + offset
        loss = nn.functional.binary_cross_entropy_with_logits(odds[known], labels[known])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(thin, 1.0)
        optimizer.step()
        mean = 0.97 * mean + 0.03 * float(loss.detach()) if mean else float(loss.detach())
        if not math.isfinite(mean):
            raise FloatingPointError(f"the loss is {mean} in step {step + 1}: lower learning_rate")
        if step % 50 == 49 or step + 1 == len(plan):
            report(f"step {step + 1}/{len(plan)} loss {mean:.3f}")
    return replace(facts, slope=float(slope.detach()), offset=float(offset.detach()))


def _batches(sides: Sequence[Side], settings: MatcherSettings, epoch: int) -> list[tuple[Side, list[int]]]:
    """Cut each side's arguments into batches of like length, and shuffle the batches."""
    chance = random.Random(f"{settings.seed}:{epoch}")
    found: list[tuple[Side, list[int]]] = []
    for side in sides:
        lengths = [len(text) + chance.random() * 25 for text in side.arguments]
        order = sorted(range(len(lengths)), key=lengths.__getitem__)
        found += [(side, order[at : at + settings.batch]) for at in range(0, len(order), settings.batch)]
    chance.shuffle(found)
    return found


def _shown(encoder: Any, tokenizer: Any, texts: Sequence[str], facts: MatcherFacts, hidden: float, seed: int) -> Tensor:
    """Encode texts with a share of their tokens hidden."""
    ids, mask = padded(token_ids(tokenizer, texts, facts.prefix, facts.tokens))
    generator = torch.Generator().manual_seed(seed)
    covered = (torch.rand(ids.shape, generator=generator) < hidden) & (ids > HIDDEN_ID)
    device = next(encoder.parameters()).device
    return pooled(encoder, ids.masked_fill(covered, HIDDEN_ID).to(device), mask.to(device))


def _calibrated(matcher: Matcher, sides: Sequence[Side], settings: MatcherSettings) -> MatcherFacts:
    """Fit the line from cosines to log odds anew on sides that were not trained on (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    cosines = np.concatenate([(matcher.vectors(s.arguments) @ matcher.vectors(s.points).T).ravel() for s in sides])
    labels = np.concatenate([side.labels.ravel() for side in sides])
    known = ~np.isnan(labels)
    names = tuple(corpus.name for corpus in settings.corpora)
    if len(np.unique(labels[known])) < 2:
        return replace(matcher.facts, corpora=names)
    line = LogisticRegression(C=1e6).fit(cosines[known].reshape(-1, 1), labels[known])
    return replace(
        matcher.facts,
        slope=round(float(line.coef_[0, 0]), 4),
        offset=round(float(line.intercept_[0]), 4),
        corpora=names,
    )
