"""The model card of a release: data and licences, figures with intervals, known failures, intended use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from discourse.classifier.corpora import Fold
from discourse.classifier.quality import Quality
from discourse.classifier.settings import Settings
from discourse.classifier.traps import TrapScore

TEXT = """---
license: {license}
language: [fr, en, de, es, it, pt, nl, da, ca]
pipeline_tag: text-classification
base_model: intfloat/multilingual-e5-small
tags: [stance-detection, argument-mining]
---

# {name}: stance, reply stance and argument type of comments

A cross-encoder on (target, comment, parent) with three heads: stance towards a target (favor, against, none), stance
towards the comment answered (agree, disagree, neutral), and argument type (11 labels, up to two secondary). The labels
are those of the project's codebook (`discourse codebook`). Encoder: multilingual-e5-small (12 layers, 384 wide, MIT),
vocabulary cut to the Latin, Greek and Cyrillic scripts; word embeddings frozen in 4-bit blocks, the lowest
{frozen_layers} layers frozen.

**Use: {use}.** {use_reason}

## Data

{data}

Folds keep threads, questions and documents together (10 % test, 5 % dev, by a hash). Test rows were never trained on
and never used to choose anything.

## Quality on the test fold

Macro-F1 with a 95 % bootstrap interval over rows; *side*: where people say favor or against, how often the likelier
of the two is right (guessing: 0.5); calibration error after scaling, in brackets what a perfectly calibrated model
would show on so few rows.

{figures}

`threads` were written and labeled by language models following the codebook: clear cases, clearer than in the wild.
`rfrance` are real comments labeled by a language model. No figure here is agreement with people except those of the
corpora that people labeled. {seen}

## Traps

Short invented cases that mislead a classifier which reads words instead of positions
(`discourse evaluate` asks them too).

{traps}

## Key points

The folder `matcher`, where a release has one, tells which comments make which point: a low-rank adapter on the encoder
as it came, trained on ArgKP-2021 (CDLA-Sharing 1.0) and on topics written for it (CC0). `matcher.json` holds its
figures, by language, on topics it never saw.

## Known failures

- Which side a comment takes on a target that training never saw is the weakest point (`side` of `threads` and
  `rfrance` above): look at the comments before telling who is ahead.
- Irony is often read literally; a quoted opposite view can pass for the author's own.
- Targets that name a removal ("the abolition of …") and comments that argue against an opponent's opposition.
- `none` against a position is the hardest border of the stance; the codebook says to prefer `none` when in doubt.
- Scripts other than Latin, Greek and Cyrillic are not in the vocabulary: such comments are labeled from their signs
  and numbers alone, and should be set aside by their `lang`.

## Intended use and misuse

For research and reporting on threads as a whole, with the intervals given and a look at the comments. Not for deciding
about a person: a single label is often wrong, and a stance is not an identity.
"""

SEEN = {
    True: """E-FRA, R-ITA and CIC have one target each, which training saw: their figures say nothing
about unseen targets.""",
    False: """Corpora without rows in `train` were only measured: neither their targets
nor the way their labels were given are known to the model.""",
}

USES = {
    "research": (
        "other",
        "research use only",
        "Some corpora below are non-commercial or have no stated licence; their texts are not redistributed.",
    ),
    "permissive": ("mit", "any", "It was trained on permissively licensed corpora alone."),
}


def write_card(
    out: Path,
    settings: Settings,
    counts: dict[Fold, Counter[str]],
    measured: Sequence[Quality],
    traps: Sequence[TrapScore],
) -> None:
    """Write README.md of a release from its settings, the rows of each fold and the figures measured."""
    folds: tuple[Fold, ...] = ("train", "dev", "test")
    use = "research" if any(one.use == "research" for one in settings.corpora if one.trains) else "permissive"
    terms, allowed, reason = USES[use]
    data = ["| corpus | licence | train | dev | test |", "|---|---|---|---|---|"]
    for corpus in settings.corpora:
        shown = folds if corpus.trains else folds[2:]
        numbers = " | ".join(["–"] * (3 - len(shown)) + [f"{counts[fold][corpus.name]:,}" for fold in shown])
        data.append(f"| {corpus.name} | {corpus.licence} | {numbers} |")
    figures = ["| corpus | language | head | n | macro-F1 | interval | accuracy | side | calibration error |"]
    figures.append("|---|---|---|---|---|---|---|---|---|")
    figures += [
        f"| {one.corpus} | {one.lang} | {one.head} | {one.n:,} | {one.macro_f1:.3f} | "
        f"{one.low:.3f}–{one.high:.3f} | {one.accuracy:.3f} | "
        f"{'–' if one.sides is None else f'{one.sides:.3f}'} | {one.error_told} |"
        for one in measured
    ]
    sprung = ["| kind | label | cases | right |", "|---|---|---|---|"]
    sprung += [f"| {one.kind} | {one.field} | {one.n} | {one.right / one.n:.2f} |" for one in traps]
    text = TEXT.format(
        license=terms,
        name=out.name,
        frozen_layers=settings.frozen_layers,
        use=allowed,
        use_reason=reason,
        seen=SEEN[all(corpus.trains for corpus in settings.corpora)],
        data="\n".join(data),
        figures="\n".join(figures),
        traps="\n".join(sprung),
    )
    (out / "README.md").write_text(text, encoding="utf-8")
