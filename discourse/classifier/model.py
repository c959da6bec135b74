"""A loaded checkpoint: where it is found, what it is called, and the one way of asking it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from discourse.classifier.batches import by_tokens, collate, pass_tokens
from discourse.classifier.calibration import Calibration, read_calibration, softmax
from discourse.classifier.inputs import Budget, Example, InputEncoder
from discourse.errors import ModelError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

    from discourse.classifier.matching import Matcher
    from discourse.classifier.network import CommentClassifier

DEFAULT_MODEL = "small"
RELEASES = (DEFAULT_MODEL, "permissive")
"""Checkpoints of the repository's folder `models`; an installed package holds the default alone."""
EMBEDDED_TOKENS = 128
"""Tokens of a text that its vector stands for, some 90 words: what it is about is said by then."""

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Hold what the model says of one example: calibrated probabilities in codebook order, each summing to 1.

    `secondary` are independent probabilities that a type carries a part of the comment.
    """

    stance: Scores
    reply_stance: Scores
    argument: Scores
    secondary: Scores
    truncated: bool


@dataclass(frozen=True)
class Model:
    """Hold a checkpoint ready to use; `sha256` is that of its weights, `precision` fp32 or bf16."""

    name: str
    folder: str
    network: CommentClassifier
    tokenizer: PreTrainedTokenizerBase
    calibration: Calibration
    device: str
    precision: str
    sha256: str
    budget: Budget = field(default_factory=Budget)

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages that the checkpoint was trained on (ISO 639-1); none where it does not say."""
        return frozenset(getattr(self.network.config, "languages", None) or ())

    @property
    def adapted_on(self) -> frozenset[str]:
        """Return the keys of the comments whose labels by people it was adapted to (`manifest.comment_key`)."""
        return frozenset(getattr(self.network.config, "adapted_on", None) or ())

    def predict(self, examples: Sequence[Example]) -> list[Prediction]:
        """Score examples, in order; equal ones are computed once, long comments as the mean over their windows."""
        distinct = list(dict.fromkeys(examples))
        encoded = InputEncoder(self.tokenizer, self.budget).encode(distinct)
        logits = self._logits([window for item in encoded for window in item.windows])
        found: dict[Example, Prediction] = {}
        start = 0
        for example, item in zip(distinct, encoded, strict=True):
            end = start + len(item.windows)
            weights = np.array([window.weight for window in item.windows], dtype=np.float64)
            pooled = {name: np.average(values[start:end], axis=0, weights=weights) for name, values in logits.items()}
            found[example] = self._calibrated(pooled, item.truncated)
            start = end
        return [found[example] for example in examples]

    def logits(self, examples: Sequence[Example]) -> dict[str, Scores]:
        """Return raw logits of every head, shape (n, labels), first window only; what calibration is fitted on."""
        encoded = InputEncoder(self.tokenizer, self.budget).encode(examples)
        return self._logits([item.windows[0] for item in encoded])

    @cached_property
    def matcher(self) -> Matcher | None:
        """Return what tells which passages make which point; None for a checkpoint without it.

        ModelError if it is damaged.
        """
        from discourse.classifier.matching import load_matcher

        words = self.network.bert.embeddings.word_embeddings.weight
        return load_matcher(Path(self.folder), self.network.config, words, self.tokenizer, self.device)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors of texts, shape (n, size): the encoder's mean state over its beginning."""
        import torch

        budget = replace(self.budget, comment=min(self.budget.comment, EMBEDDED_TOKENS))
        encoded = InputEncoder(self.tokenizer, budget).encode([Example(text) for text in texts])
        windows = [item.windows[0] for item in encoded]
        out = np.zeros((len(windows), self.network.config.hidden_size), dtype=np.float32)
        with torch.inference_mode(), self._precision():
            for group in by_tokens([len(window.ids) for window in windows], pass_tokens(self.device)):
                tensors = {k: v.to(self.device) for k, v in collate([windows[i] for i in group]).items()}
                states = self.network.bert(**tensors).last_hidden_state
                half = self.network.features(states, tensors["attention_mask"], tensors["token_type_ids"])
                out[group] = half[:, out.shape[1] :].float().cpu().numpy()
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(norms, 1e-9), dtype=np.float32)

    def _calibrated(self, logits: dict[str, Scores], truncated: bool) -> Prediction:
        secondary = 1.0 / (1.0 + np.exp(-self.calibration.adjusted("secondary", logits["secondary"])))
        stance, reply, argument = (
            softmax(self.calibration.adjusted(head, logits[head])) for head in ("stance", "reply_stance", "argument")
        )
        return Prediction(stance, reply, argument, secondary, truncated)

    def _logits(self, windows: Sequence[object]) -> dict[str, Scores]:
        """Run the network over windows in batches of like length; the order of the result is that of the windows."""
        import torch

        out: dict[str, Scores] = {}
        with torch.inference_mode(), self._precision():
            for group in by_tokens([len(window.ids) for window in windows], pass_tokens(self.device)):  # type: ignore[attr-defined]
                tensors = {k: v.to(self.device) for k, v in collate([windows[i] for i in group]).items()}  # type: ignore[misc]
                for name, values in self.network(**tensors).items():
                    if name not in out:
                        out[name] = np.zeros((len(windows), values.shape[1]), dtype=np.float64)
                    out[name][group] = values.float().cpu().numpy()
        return out

    def _precision(self) -> torch.autocast:
        import torch

        return torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.precision == "bf16")


def default_folder() -> Path:
    """Return the folder of the released checkpoint: carried by the wheel, or in the clone's `models/`."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "checkpoint", package.parent / "models" / DEFAULT_MODEL):
        if (folder / "config.json").is_file():
            return folder
    raise ModelError(
        f"the released checkpoint is not in {package / 'checkpoint'}; "
        "reinstall discourse-threads or name a folder with --model"
    )


def _released(name: str) -> str | Path:
    """Return the folder that the name of a release stands for; any other name, and a folder that is there, as it is."""
    if name not in RELEASES or Path(name).exists():
        return name
    folder = Path(__file__).resolve().parent.parent.parent / "models" / name
    if (folder / "config.json").is_file():
        return folder
    if name == DEFAULT_MODEL:
        return default_folder()
    raise ModelError(
        f"{name}: is not part of the installed package, which holds the checkpoint {DEFAULT_MODEL} alone; "
        f"clone the repository and name its folder models/{name} with --model"
    )


def load_model(path: str | Path | None = None, *, device: str | None = None, precision: str | None = None) -> Model:
    """Load a checkpoint: the released one, a folder, the name of a release, or a hub id of the same shape.

    Without a device, a GPU is used where there is one; without a precision, bf16 where the hardware multiplies it
    natively, else fp32. ModelError says what is missing or does not fit.
    """
    from transformers import AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    from discourse.classifier.network import CommentClassifier

    folder = str(_released(str(path)) if path is not None else default_folder())
    if Path(folder).is_dir() and not (Path(folder) / "config.json").is_file():
        raise ModelError(f"{folder}: no config.json; name the folder of a checkpoint with --model")
    if Path(folder).is_dir() and not (Path(folder) / "tokenizer.json").is_file():
        raise ModelError(f"{folder}: no tokenizer.json; copy it from the checkpoint, or name another with --model")
    if not Path(folder).exists() and (folder.startswith((".", "/", "~")) or folder.count("/") != 1):
        raise ModelError(f"{folder}: no such folder; name a checkpoint by its folder, release or hub id with --model")
    chosen = _device(device)
    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes a second: a bar of another package would only puzzle
    try:
        network = CommentClassifier.from_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{folder}: cannot be loaded as a checkpoint: {first}; name another with --model") from None
    network.eval().to(chosen)  # type: ignore[no-untyped-call]
    if precision is None:
        precision = "bf16" if _has_fast_bf16(chosen) else "fp32"
    elif precision not in ("fp32", "bf16"):
        raise ModelError(f"{precision}: no such precision; choose fp32 or bf16")
    local = Path(folder) if Path(folder).is_dir() else None
    digest = _digest(local) if local else str(getattr(network.config, "_commit_hash", "") or "")
    calibration = read_calibration(local) if local else Calibration()
    name = str(getattr(network.config, "release", None) or Path(folder).name)
    return Model(name, folder, network, tokenizer, calibration, chosen, precision, digest)


def _device(name: str | None) -> str:
    import torch

    if name is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        chosen = torch.device(name)
    except RuntimeError:
        raise ModelError(f"{name}: no such device; choose cpu, cuda or mps with --device") from None
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present.get(chosen.type, False):
        raise ModelError(f"{name}: this machine has no such device; choose cpu with --device")
    return name


def _has_fast_bf16(device: str) -> bool:
    """Tell whether bfloat16 products are native (recent GPU, AMX, AVX-512 bf16); elsewhere they cost 30 times more."""
    import torch

    if device.startswith("cuda"):
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device != "cpu":
        return False
    probes = [getattr(torch.cpu, name, None) for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported")]
    return any(bool(probe()) for probe in probes if probe is not None)


def _digest(folder: Path) -> str:
    """Return the SHA-256 of the weight files of a folder, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):  # the matcher beside the classifier too
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
