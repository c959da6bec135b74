"""The settings of a training run, read from TOML: what `discourse train` repeats."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from discourse.errors import InputError

Kind = Literal["stance", "reply_stance", "threads", "codebook", "cdcp", "match", "points", "crosses"]
Count = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Amount = Annotated[float, msgspec.Meta(ge=0)]
Rate = Annotated[float, msgspec.Meta(gt=0)]

AnySettings = TypeVar("AnySettings", "Settings", "MatcherSettings")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Describe one training corpus: its file (or a glob), the shape of its rows, and how much of it is seen.

    `labels` restricts the stance labels the corpus knows (two-class corpora), `cap` the rows seen in one epoch,
    `group` the row field that a fold keeps whole, `target` the row field with the target, `weight` the loss of its
    rows, `unsure` that of rows marked unsure, `distractors` the share of rows shown again with another row's target,
    `opposed` the share shown again with the target turned into its opposite. `balance` raises the loss of rare labels:
    a label's rows weigh (mean count / its count) ** balance, at most 3. `opposites` is the share of the sentences of
    kind crosses that are also shown with the opposite targets: with all of them no single word tells a side, and a
    model that cannot yet tell any learns nothing. `calibrates` is false for a corpus whose shares of labels were made,
    not met: its dev fold says nothing on how sure to be of real comments. `trains` is false for a corpus that is only
    measured: nothing of it is trained on or calibrated on, and its licence does not decide who may use the weights.
    """

    name: str
    path: str
    kind: Kind
    cap: Count | None = None
    labels: tuple[str, ...] = ()
    group: str = "id"
    target: str = "target"
    weight: Amount = 1.0
    unsure: Amount = 0.5
    distractors: Share = 0.0
    opposed: Share = 0.0
    balance: Amount = 0.0
    opposites: Share = 1.0
    calibrates: bool = True
    trains: bool = True
    licence: str = ""
    use: Literal["permissive", "research"] = "research"


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold a whole training run; paths are relative to the settings file.

    `encoder` is an encoder or a checkpoint of this project, which is then trained further. Groups in `held_out` are
    never trained on and belong to the test fold. `word_dropout` is the share of tokens hidden from the trained layers,
    `dropout` that of the encoder's own states (costly on a CPU). The learning rate falls to nothing over `epochs`;
    `stop_after` ends earlier, and then it falls faster over the last `cooldown` epochs. What is released is the mean of
    the weights after training and before it, `averaged` the part of the former (Wortsman et al. 2022, "Robust
    fine-tuning"): 1 for a bare encoder, whose heads know nothing yet. `averaged_with` names another checkpoint of the
    same shape for the rest of that mean, one that this training began from some stages ago.
    """

    encoder: str
    data: str
    out: str
    corpora: tuple[Corpus, ...] = field(default=())
    seed: int = 0
    epochs: Count = 3
    stop_after: Rate | None = None
    cooldown: Share = 0.0
    learning_rate: Rate = 1e-4
    head_learning_rate: Rate = 5e-4
    layer_decay: Rate = 0.95
    weight_decay: Amount = 0.01
    warmup: Share = 0.06
    batch_tokens: Count = 2400
    frozen_layers: Annotated[int, msgspec.Meta(ge=0)] = 4
    comment_tokens: Count = 160
    parent_tokens: Count = 64
    save_minutes: Amount = 10.0
    word_dropout: Share = 0.0
    dropout: Share = 0.1
    averaged: Share = 1.0
    averaged_with: str = ""
    held_out: tuple[str, ...] = ()

    def resolve(self, base: Path) -> Settings:
        """Return the settings with paths taken relative to `base`; a hub id stays as it is."""
        encoder, data, out = _resolved(self, base)
        other = self.averaged_with and _path(self.averaged_with, base)
        return replace(self, encoder=encoder, data=data, out=out, averaged_with=other)


@dataclass(frozen=True, slots=True)
class MatcherSettings:
    """Hold a training run of the matcher of key points (`task = "match"`); corpora of kind match or points.

    `encoder` is the bare encoder, `out` the checkpoint folder that gets a `matcher`. The adapter has `rank` and begins
    at `first_layer`; `batch` arguments of one side are read at once; `slope` and `offset` are where the line from
    cosines to log odds starts.
    """

    task: Literal["match"]
    encoder: str
    data: str
    out: str
    corpora: tuple[Corpus, ...] = field(default=())
    seed: int = 0
    epochs: Count = 2
    learning_rate: Rate = 1e-3
    weight_decay: Amount = 0.01
    warmup: Share = 0.06
    rank: Count = 16
    first_layer: Annotated[int, msgspec.Meta(ge=0)] = 4
    batch: Count = 32
    word_dropout: Share = 0.05
    slope: float = 30.0
    offset: float = -26.5
    held_out: tuple[str, ...] = ()

    def resolve(self, base: Path) -> MatcherSettings:
        """Return the settings with paths taken relative to `base`; a hub id stays as it is."""
        encoder, data, out = _resolved(self, base)
        return replace(self, encoder=encoder, data=data, out=out)


def _resolved(settings: Settings | MatcherSettings, base: Path) -> tuple[str, str, str]:
    out = settings.out if Path(settings.out).is_absolute() else str(base / settings.out)
    return _path(settings.encoder, base), _path(settings.data, base), out


def _path(value: str, base: Path) -> str:
    return str(base / value) if not Path(value).is_absolute() and (base / value).exists() else value


def read_any_settings(path: str | Path) -> Settings | MatcherSettings:
    """Read a settings file of either task; InputError as `read_settings`."""
    if _toml(path).get("task") == "match":
        return _read(path, MatcherSettings)
    return _read(path, Settings)


def read_settings(path: str | Path) -> Settings:
    """Read a settings file; InputError names the key that is missing, unknown or of a wrong type."""
    return _read(path, Settings)


def _toml(path: str | Path) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; name a training settings file (TOML)") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML: {error}") from None


def _read(path: str | Path, kind: type[AnySettings]) -> AnySettings:
    found = _toml(path)
    _reject_unknown(path, found, kind, "")
    corpora = found.get("corpora", [])
    for number, corpus in enumerate(corpora if isinstance(corpora, list) else []):
        if isinstance(corpus, dict):
            _reject_unknown(path, corpus, Corpus, f" of corpus {corpus.get('name', number + 1)}")
    try:
        settings = msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}") from None
    if not settings.corpora:
        raise InputError(f"{path}: no corpora; describe one under [[corpora]] with its name, path and kind")
    names = [corpus.name for corpus in settings.corpora]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path}: two corpora are named {twice[0]}; folds and figures are told by name, rename one")
    return settings.resolve(Path(path).parent)


def _reject_unknown(path: str | Path, found: dict[str, Any], kind: type, where: str) -> None:
    """Raise InputError for a key that no setting has: a misspelt one would train with the default in silence."""
    known = [one.name for one in fields(kind)]
    for key in [key for key in found if key not in known]:
        near = get_close_matches(key, known, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise InputError(f"{path}: {key}: no such setting{where}; {hint}")
