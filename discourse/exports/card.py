"""The dataset card: what a stranger must know before using the labels, with the YAML header that the hub reads."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from discourse import __version__
from discourse.exports.options import ExportOptions
from discourse.exports.splits import LEFT_OUT, NAMES
from discourse.labels import ARGUMENTS, FIELDS, codebook
from discourse.manifest import Manifest
from discourse.table import SCHEMA, THREAD_SCHEMA

_CLASSES: dict[str, tuple[str, ...]] = {**FIELDS, "secondary": ARGUMENTS}  # type: ignore[dict-item]
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10**7, "1M<n<10M"))
"""Size categories of the hub (huggingface.co/docs/hub/datasets-cards)."""

_INPUTS = 50
"""Input files that the card lists; the manifest of the run has them all."""


@dataclass(slots=True)
class Facts:
    """Hold what the card and the Croissant description say; `count` adds a row as it is written."""

    options: ExportOptions
    manifest: Manifest | None
    name: str
    rows: Counter[str] = field(default_factory=Counter)
    labels: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    languages: Counter[str] = field(default_factory=Counter)
    targets: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)
    threads: set[str] = field(default_factory=set)

    def count(self, part: str, row: dict[str, Any]) -> None:
        """Count one row of a part."""
        self.rows[part] += 1
        self.threads.add(row["thread_id"])
        for name, counter in self.labels.items():
            if row.get(name) is not None:
                counter[row[name]] += 1
        for counter, value in ((self.languages, row["lang"]), (self.targets, row["target"]), (self.by, row["by"])):
            if value is not None:
                counter[value] += 1


def dataset_card(facts: Facts) -> str:
    """Return README.md: YAML header, then provenance, model, columns, quality, licence and codebook."""
    sections = [_header(facts), _about(facts), _provenance(facts), _labels(facts), _columns(), _licence(facts)]
    return (
        "\n\n".join([*sections, "## Codebook\n\n" + codebook().replace("\n#", "\n###").replace("# ", "### ", 1)]) + "\n"
    )


def _header(facts: Facts) -> str:
    languages = [code for code, _ in facts.languages.most_common() if code != "und"] or ["und"]
    total = facts.rows.total()
    size = next((name for limit, name in _SIZES if total < limit), "n>10M")
    lines = [
        "---",
        f"pretty_name: {_quoted(facts.name)}",
        *([f"license: {_quoted(facts.options.license)}"] if facts.options.license else []),
        "language:",
        *(f"- {_quoted(code)}" for code in languages),
        "multilinguality:",
        f"- {'multilingual' if len(languages) > 1 else 'monolingual'}",
        "annotations_creators:",
        "- machine-generated",
        "task_categories:",
        "- text-classification",
        "tags:",
        *(f"- {tag}" for tag in ("stance-detection", "argument-mining", "comment-threads", "croissant")),
        "size_categories:",
        f"- {size}",
        "configs:",
        "- config_name: comments",
        "  default: true",
        "  data_files:",
        *(f"  - split: {part}\n    path: data/{part}-*" for part in sorted(facts.rows, key=NAMES.index) or ["train"]),
        "- config_name: threads",
        "  data_files:",
        "  - split: train",
        "    path: threads/*.parquet",
        "dataset_info:",
        "- config_name: comments",
        "  features:",
        *(line for column in SCHEMA for line in _feature(column, "  ")),
        "- config_name: threads",
        "  features:",
        *(line for column in THREAD_SCHEMA for line in _feature(column, "  ")),
        "---",
    ]
    return "\n".join(lines)


def _feature(column: pa.Field, indent: str) -> list[str]:
    """Write a column's feature as the hub's YAML has it; codebook columns are class labels."""
    names, kind = _CLASSES.get(column.name), column.type
    lines = [f"{indent}- name: {column.name}"]
    if pa.types.is_list(kind):
        if pa.types.is_struct(kind.value_type):
            inner = [line for part in kind.value_type for line in _feature(part, f"{indent}  ")]
            return [*lines, f"{indent}  list:", *inner]
        if names is not None:
            return [*lines, f"{indent}  list:", *_classes(names, f"{indent}    ")]
        return [*lines, f"{indent}  list: {_dtype(kind.value_type)}"]
    if names is not None:
        return [*lines, f"{indent}  dtype:", *_classes(names, f"{indent}    ")]
    return [*lines, f"{indent}  dtype: {_dtype(kind)}"]


def _classes(names: tuple[str, ...], indent: str) -> list[str]:
    numbered = (f"{indent}    '{number}': {_quoted(name)}" for number, name in enumerate(names))
    return [f"{indent}class_label:", f"{indent}  names:", *numbered]


def _dtype(kind: pa.DataType) -> str:
    return {"float": "float32", "double": "float64"}.get(str(kind), str(kind))


def _about(facts: Facts) -> str:
    targets = "".join(f"\n- {target}" for target, _ in facts.targets.most_common(20)) or "\n- none"
    rows, threads = facts.rows.total(), len(facts.threads)
    return (
        f"# {facts.name}\n\n"
        f"{rows:,} comments of {threads:,} threads with their reply trees, each labeled with its stance on a target, "
        "its stance towards the comment it answers, and its type of argument. One row per comment (the post commented "
        "on included) and target.\n\n```python\nfrom datasets import load_dataset\n\n"
        f'comments = load_dataset("PATH OF THIS FOLDER")\n```\n\nTargets:\n{targets}'
    )


def _provenance(facts: Facts) -> str:
    lines = ["## Where it comes from", "", f"Made with discourse {__version__}."]
    manifest = facts.manifest
    if manifest is not None:
        lines += ["", "| input | format | comments | skipped |", "|---|---|---|---|"]
        for one in manifest.inputs[:_INPUTS]:
            path = one.path.replace("|", "/")
            lines.append(f"| {path} | {one.format or '–'} | {one.comments:,} | {one.skipped:,} |")
        if len(manifest.inputs) > _INPUTS:
            lines.append(f"| … and {len(manifest.inputs) - _INPUTS:,} more | | | |")
        model = manifest.model
        lines += [
            "",
            f"Labeled by the model `{model.name}` (weights sha256 `{model.sha256[:16]}…`, {model.precision}).",
        ]
    elif facts.by:
        lines += ["", "Labeled by " + ", ".join(f"`{name}`" for name, _ in facts.by.most_common(5)) + "."]
    return "\n".join(lines)


def _labels(facts: Facts) -> str:
    lines = [
        "## Labels and how far to trust them",
        "",
        "The labels are **predictions**, not judgments by people: shares counted over them carry the model's errors. "
        "Each comes with its calibrated probability (`stance_confidence`, …) and a flag that is set where it is too "
        "low to be relied on (`stance_abstained`, …). The quality measured per corpus and language is on the model's "
        "card. To know it on these threads, label a sample (`discourse sample`, `discourse evaluate`).",
        "",
        "| field | labels (rows) |",
        "|---|---|",
    ]
    for name, names in FIELDS.items():
        counted = ", ".join(f"{label} {facts.labels[name][label]:,}" for label in names)
        lines.append(f"| {name} | {counted} |")
    if len(facts.rows) > 1:
        parts = ", ".join(f"{part} {count:,}" for part, count in facts.rows.items())
        apart = " and no author in two parts" if facts.options.disjoint_authors else ""
        lines += ["", f"Split by whole threads{apart}, stratified by label, seed {facts.options.seed}: {parts} rows."]
        if facts.rows[LEFT_OUT]:
            lines += ["", f"`{LEFT_OUT}` holds rows whose author writes more in another part: use them "
                          "where it does not matter that authors recur."]  # fmt: skip
    return "\n".join(lines)


def _columns() -> str:
    lines = ["## Columns", "", "| column | type |", "|---|---|"]
    lines += [f"| `{column.name}` | {_dtype(column.type)} |" for column in SCHEMA]
    return "\n".join(
        [
            *lines,
            "",
            "`parent_id` is the comment that a row answers and `link` what that rests on: `explicit` and `indent` are "
            "stated by the source, `quote`, `mention` and `inferred` are guesses with the probability "
            "`link_confidence`. A `repairs` entry names what was malformed. Posts and comments without words have no "
            "labels.",
        ]
    )


def _licence(facts: Facts) -> str:
    stated = facts.options.license or "not stated"
    return (
        "## Licence\n\n"
        f"Licence given by the exporter: **{stated}**. The texts belong to those who wrote them and to the site they "
        "wrote on; check that you may share them, and whether names should be replaced (`--pseudonymize`)."
    )


def _quoted(text: str) -> str:
    """Write a YAML string; JSON's double-quoted form is one."""
    return json.dumps(text, ensure_ascii=False)
