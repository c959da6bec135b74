"""Run folders of threads made up, written as a run writes them but without a model."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import numpy as np

from discourse.gold import sample, write_sample
from discourse.labels import LabeledThread
from discourse.manifest import Counts, Manifest, UsedModel, read_manifest, write_manifest
from discourse.run_summaries import report_run
from discourse.summary import summarize
from discourse.table import LabeledWriter


def written(folder: Path, threads: list[LabeledThread], *, lang: str = "fr") -> Path:
    """Write labeled threads, their summaries, report and manifest into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with LabeledWriter(folder / "comments.parquet", folder / "threads.parquet") as writer:
        for one in threads:
            writer.write(one)
    lines = [msgspec.json.encode(summary) for one in threads for summary in summarize(one)]
    (folder / "summaries.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    manifest = Manifest(
        discourse="0", versions={}, inputs=(), options={"report_lang": lang}, targets=(),
        model=UsedModel("made", "0", "fp32", "cpu"), counts=Counts(), skipped=0, skips=(), notices=(),
        started="2024-01-01T00:00:00+00:00", timings={},
    )  # fmt: skip
    write_manifest(manifest, folder)
    report_run(folder, folder / "report.html", lang=lang, manifest=read_manifest(folder))
    return folder


def labeled_sample(folder: Path, path: Path, n: int, *, field: str = "stance", seed: int = 0) -> Path:
    """Draw comments of a run folder into a gold table, and label them as a person who sees more against than we do."""
    write_sample(sample(folder, n, "stratified", seed=seed), path)
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    random = np.random.default_rng(seed)
    choices = {"stance": ("against", "favor", "none"), "reply_stance": ("disagree",), "argument": ("fact", "value")}
    for row in rows:
        if row["field"] == field:
            row["label"] = choices[field][min(int(random.exponential(0.7)), len(choices[field]) - 1)]
            row["annotator"] = "ann"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
