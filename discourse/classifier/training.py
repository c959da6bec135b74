"""The training loop: masked multi-task loss over every head, resumable, on CPU or GPU.

Word embeddings and the lowest layers are frozen; what the frozen part makes of each input is computed once and kept in
half precision, which saves a third of the work on a CPU. It does not know what the labels mean.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from discourse.classifier.batches import by_tokens, collate, pass_tokens
from discourse.classifier.corpora import Row, epoch_rows
from discourse.classifier.inputs import Budget, InputEncoder, Window
from discourse.classifier.network import CommentClassifier
from discourse.classifier.settings import Settings
from discourse.labels import STANCES

TASK_WEIGHTS = {"stance": 1.0, "reply_stance": 1.0, "argument": 1.0, "secondary": 1.0, "cdcp": 0.7, "match": 1.0}

PRIMARY_HEADS = ("stance", "reply_stance", "argument", "cdcp", "match")

Report = Callable[[str], None]
Balance: TypeAlias = dict[tuple[str, str, int], float]
Key: TypeAlias = tuple[str, str | None, str | None]


@dataclass(slots=True)
class Batch:
    """Hold one padded batch: the states after the frozen layers, masks, and the labels of each head."""

    states: Tensor
    mask: Tensor
    segments: Tensor
    rows: Sequence[Row]


class FrozenLayers:
    """Compute what the frozen part of the encoder makes of an input once, and remember it in half precision."""

    def __init__(self, network: CommentClassifier, count: int, encoder: InputEncoder, report: Report) -> None:
        self.network, self.count, self.encoder, self.report = network, count, encoder, report
        self._windows: dict[Key, Window] = {}
        self._states: dict[Key, Tensor] = {}

    def batches(self, rows: Sequence[Row], batch_tokens: int) -> list[list[int]]:
        """Return positions of rows of like length within a token budget."""
        fresh = {key(row): row for row in rows if key(row) not in self._windows}
        encoded = self.encoder.encode([row.example for row in fresh.values()])
        self._windows.update((name, item.windows[0]) for name, item in zip(fresh, encoded, strict=True))
        return list(by_tokens([len(self._windows[key(row)].ids) for row in rows], batch_tokens))

    def prepare(self, rows: Sequence[Row]) -> None:
        """Compute the states of the rows that were not seen before."""
        self.network.eval()  # type: ignore[no-untyped-call]  # what is kept must not be drawn by dropout
        names = list(dict.fromkeys(key(row) for row in rows if key(row) not in self._states))
        windows = [self._windows[name] for name in names]
        device = self.network.device
        groups = list(by_tokens([len(window.ids) for window in windows], pass_tokens(device)))
        with torch.no_grad():
            for number, group in enumerate(groups):
                if number % 200 == 0:
                    self.report(f"frozen layers: batch {number + 1}/{len(groups)}")
                tensors = {k: v.to(device) for k, v in collate([windows[i] for i in group]).items()}
                states = run_layers(self.network, tensors, 0, self.count)
                for row, position in enumerate(group):
                    self._states[names[position]] = states[row, : len(windows[position].ids)].half().cpu()

    def batch(self, rows: Sequence[Row], hidden: float = 0.0) -> Batch:
        """Return the remembered states of some rows, padded; a share `hidden` of the tokens is not seen."""
        names = [key(row) for row in rows]
        tensors = collate([self._windows[name] for name in names])
        device = self.network.device
        states = nn.utils.rnn.pad_sequence([self._states[name] for name in names], batch_first=True).to(device).float()
        if hidden > 0:
            seen = torch.rand(*states.shape[:2], 1) >= hidden
            seen[:, 0] = True  # the first state is what the heads read
            states *= seen.to(device)
        return Batch(states, tensors["attention_mask"].to(device), tensors["token_type_ids"].to(device), rows)


def key(row: Row) -> Key:
    """Return what identifies the input of a row."""
    return row.example.comment, row.example.target, row.example.parent


def run_layers(network: CommentClassifier, tensors: dict[str, Tensor], first: int, last: int) -> Tensor:
    """Run the encoder's layers from `first` to before `last` on ids (first = 0) or states (`states` in tensors)."""
    bert = network.bert
    states: Tensor
    if first == 0:
        states = bert.embeddings(input_ids=tensors["input_ids"], token_type_ids=tensors["token_type_ids"])
    else:
        states = tensors["states"]
    mask = tensors["attention_mask"][:, None, None, :].to(torch.bool)
    for layer in bert.encoder.layer[first:last]:
        out = layer(states, mask)
        states = out[0] if isinstance(out, tuple) else out
    return states


def forward(network: CommentClassifier, batch: Batch, frozen: int) -> dict[str, Tensor]:
    """Score a batch from the states after the frozen layers; returns logits by head, shape (batch, labels)."""
    tensors = {"states": batch.states, "attention_mask": batch.mask, "token_type_ids": batch.segments}
    layers = len(network.bert.encoder.layer)
    states = run_layers(network, tensors, frozen, layers) if frozen < layers else batch.states
    return network.score(network.features(states, batch.mask, batch.segments))


def balances(rows: Sequence[Row], settings: Settings) -> Balance:
    """Return the factor of each label's loss by (corpus, head, label); those of a corpus average 1 over its rows."""
    factors: Balance = {}
    for corpus in settings.corpora:
        for head in PRIMARY_HEADS:
            counts = Counter(getattr(row, head) for row in rows if row.corpus == corpus.name)
            counts.pop(None, None)
            if corpus.balance and counts:
                mean = sum(counts.values()) / len(counts)
                raw = {label: min(3.0, (mean / n) ** corpus.balance) for label, n in counts.items()}
                level = sum(raw[label] * n for label, n in counts.items()) / sum(counts.values())
                factors.update({(corpus.name, head, label): value / level for label, value in raw.items()})
    return factors


def loss_of(logits: dict[str, Tensor], rows: Sequence[Row], factors: Balance) -> Tensor:
    """Return the weighted sum of the losses of the heads that each row has labels for, per row on average."""
    device = logits["stance"].device
    weight = torch.tensor([row.weight for row in rows], device=device)
    total = torch.zeros((), device=device)
    for head in PRIMARY_HEADS:
        values = [getattr(row, head) for row in rows]
        known = torch.tensor([value is not None for value in values], device=device)
        if not bool(known.any()):
            continue
        scores = logits[head]
        if head == "stance":
            closed = torch.tensor([[i not in row.stances for i in range(len(STANCES))] for row in rows], device=device)
            scores = scores.masked_fill(closed, -1e4)
        gold = torch.tensor([value if value is not None else 0 for value in values], device=device)
        each = nn.functional.cross_entropy(scores, gold, reduction="none")
        rare = torch.tensor([factors.get((r.corpus, head, v), 1.0) for r, v in zip(rows, values, strict=True)])
        total = total + TASK_WEIGHTS[head] * (each * weight * known * rare.to(device)).sum() / len(rows)
    typed = torch.tensor([bool(row.types) for row in rows], device=device)
    if bool(typed.any()):
        present = torch.zeros_like(logits["secondary"])
        for position, row in enumerate(rows):
            present[position, list(row.types)] = 1.0
        each = nn.functional.binary_cross_entropy_with_logits(logits["secondary"], present, reduction="none").sum(1)
        total = total + 0.3 * TASK_WEIGHTS["secondary"] * (each * weight * typed).sum() / len(rows)
    return total


def optimizer_of(network: CommentClassifier, settings: Settings) -> torch.optim.AdamW:
    """Group the parameters: heads learn fast, each lower layer a little slower than the one above it."""
    layers = len(network.bert.encoder.layer)
    groups: list[dict[str, Any]] = [{"params": list(network.heads.parameters()), "lr": settings.head_learning_rate}]
    for index in range(settings.frozen_layers, layers):
        rate = settings.learning_rate * settings.layer_decay ** (layers - 1 - index)
        groups.append({"params": list(network.bert.encoder.layer[index].parameters()), "lr": rate})
    return torch.optim.AdamW(groups, weight_decay=settings.weight_decay)


def train(network: CommentClassifier, tokenizer: Any, rows: Sequence[Row], settings: Settings, report: Report) -> None:
    """Train in place on rows of the train fold, resuming from `out/checkpoint.pt` where there is one."""
    out = Path(settings.out)
    out.mkdir(parents=True, exist_ok=True)
    for index, layer in enumerate(network.bert.encoder.layer):
        layer.requires_grad_(index >= settings.frozen_layers)
    for module in network.bert.modules():
        if isinstance(module, nn.Dropout):
            module.p = settings.dropout
    factors = balances(rows, settings)
    budget = Budget(comment=settings.comment_tokens, parent=settings.parent_tokens, overlap=16, windows=1)
    network.eval()  # type: ignore[no-untyped-call]
    frozen = FrozenLayers(network, settings.frozen_layers, InputEncoder(tokenizer, budget), report)
    optimizer = optimizer_of(network, settings)
    plan = [epoch_rows(rows, settings, epoch) for epoch in range(settings.epochs)]
    report(f"{len(rows):,} rows, {sum(map(len, plan)):,} seen in {settings.epochs} epochs")
    state = _resume(out / "checkpoint.pt", network, optimizer, report)
    for epoch in range(state["epoch"], math.ceil(settings.stop_after or settings.epochs)):
        batches = frozen.batches(plan[epoch], settings.batch_tokens)
        generator = torch.Generator().manual_seed(settings.seed + epoch)
        batches = [batches[i] for i in torch.randperm(len(batches), generator=generator).tolist()]
        last = min(len(batches), round(((settings.stop_after or settings.epochs) - epoch) * len(batches)))
        frozen.prepare([plan[epoch][i] for group in batches[:last] for i in group])
        _epoch(network, frozen, optimizer, plan[epoch], batches, settings, factors, epoch, state, report)
        state["step"] = 0
    network.eval()  # type: ignore[no-untyped-call]


def _epoch(
    network: CommentClassifier,
    frozen: FrozenLayers,
    optimizer: torch.optim.Optimizer,
    rows: Sequence[Row],
    batches: Sequence[list[int]],
    settings: Settings,
    factors: Balance,
    epoch: int,
    state: dict[str, int],
    report: Report,
) -> None:
    """Run one epoch from the step in `state`, saving every few minutes."""
    total = settings.epochs * len(batches)
    stop = round((settings.stop_after or settings.epochs) * len(batches))
    last = min(len(batches), stop - epoch * len(batches))
    rates = [group.setdefault("base", group["lr"]) for group in optimizer.param_groups]
    saved = started = time.monotonic()
    mean, tokens = 0.0, 0
    network.train()
    for step in range(state["step"], last):
        torch.manual_seed(settings.seed * 1_000_003 + epoch * 10_007 + step)
        progress = (epoch * len(batches) + step + 1) / total
        factor = min(progress / settings.warmup, (1 - progress) / (1 - settings.warmup) + 1e-3)
        if settings.stop_after is not None and settings.cooldown > 0:
            factor *= min(1.0, (stop - epoch * len(batches) - step) / (settings.cooldown * len(batches)))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        batch = frozen.batch([rows[i] for i in batches[step]], settings.word_dropout)
        loss = loss_of(forward(network, batch, settings.frozen_layers), batch.rows, factors)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        value = float(loss.detach())
        mean = 0.98 * mean + 0.02 * value if mean else value
        tokens += int(batch.mask.sum())
        if step % 50 == 49 or step + 1 == last:
            speed = tokens / (time.monotonic() - started)
            left = (stop - epoch * len(batches) - step - 1) * (tokens / (step + 1 - state["step"])) / speed / 60
            where = f"epoch {epoch + 1} step {step + 1}/{last}"
            report(f"{where} loss {mean:.3f} {speed:.0f} tokens/s {left:.0f} min left")
        if not math.isfinite(mean):
            raise FloatingPointError(f"the loss is {mean} in epoch {epoch + 1}, step {step + 1}: lower learning_rate")
        done = step + 1 == last
        if math.isfinite(settings.save_minutes) and (done or time.monotonic() - saved > 60 * settings.save_minutes):
            _save(Path(settings.out) / "checkpoint.pt", network, optimizer, epoch + done, 0 if done else step + 1)
            saved = time.monotonic()


def _save(path: Path, network: CommentClassifier, optimizer: torch.optim.Optimizer, epoch: int, step: int) -> None:
    trained = {name: value for name, value in network.state_dict().items() if "word_embeddings" not in name}
    partial = path.with_suffix(".partial")
    torch.save({"network": trained, "optimizer": optimizer.state_dict(), "epoch": epoch, "step": step}, partial)
    partial.replace(path)


def _resume(path: Path, network: CommentClassifier, optimizer: torch.optim.Optimizer, report: Report) -> dict[str, int]:
    if not path.is_file():
        return {"epoch": 0, "step": 0}
    kept = torch.load(path, map_location=network.device, weights_only=True)
    network.load_state_dict(kept["network"], strict=False)
    optimizer.load_state_dict(kept["optimizer"])
    report(f"resuming {path} at epoch {kept['epoch'] + 1}, step {kept['step'] + 1}")
    return {"epoch": int(kept["epoch"]), "step": int(kept["step"])}


def log_line(path: Path, record: dict[str, Any]) -> None:
    """Append one JSON line to a log."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
