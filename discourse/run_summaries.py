"""What a run folder says of its labels, made and made again: summaries.jsonl, prevalence.json, the report.

A sample of people's labels (a gold table) corrects the shares; an outside writer may rephrase the narratives. Both can
come with the run or later: the labels of the model stay as they are.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from discourse.errors import InputError, OutputError
from discourse.manifest import Manifest, UsedGold, read_manifest, taught, write_manifest
from discourse.run_folder import PREVALENCE, labeled_of, prevalence_of, summaries_of

if TYPE_CHECKING:
    from discourse.classifier import Model
    from discourse.gold import GoldLabel
    from discourse.summary import Prevalence, ThreadSummary
    from discourse.summary.keypoints import Match
    from discourse.summary.narrative import Writer

NamedWriter: TypeAlias = "tuple[Writer, str]"
"""What rephrases sentences, and its name."""

SHOWN = 10
"""Unusable rows of a gold table that are told one by one."""


@dataclass(frozen=True, slots=True)
class PeopleLabels:
    """Hold the labels that people gave to a sample, one a unit; `told` says what could not be used, a line each."""

    path: str
    sha256: str
    labels: tuple[GoldLabel, ...]
    told: tuple[str, ...]

    def untaught(self, adapted_on: Collection[str]) -> PeopleLabels:
        """Leave out the labels that the model was adapted to: it is right on them more often than on others.

        InputError where no label is left.
        """
        kept = tuple(one for one in self.labels if not taught(adapted_on, one.thread_id, one.comment_id))
        if len(kept) == len(self.labels):
            return self
        left_out = f"{self.path}: {len(self.labels) - len(kept):,} labels were taught to the model of this run"
        if not kept:
            raise InputError(f"{left_out}, so they cannot say how good it is; label a new sample of the run")
        return replace(self, labels=kept, told=(*self.told, f"{left_out} and are left out"))


def read_people(path: str | Path) -> PeopleLabels:
    """Read a gold table that is to correct shares; InputError where none of its labels can."""
    from discourse.gold import read_gold, settle

    read = read_gold(path)
    if not read.labels:
        raise InputError(f"{path}: no label is filled in yet; write labels into the column label")
    settled = settle(read.labels)
    if not any(label.probability is not None for label in settled.labels):
        raise InputError(
            f"{path}: no label has the probability of having been drawn; label what discourse sample draws, and keep "
            "its column probability"
        )
    told = [f"{skip.where}: {skip.why}" for skip in read.skipped[:SHOWN]]
    if len(read.skipped) > SHOWN:
        told.append(f"{path}: {len(read.skipped) - SHOWN:,} more rows are no labels")
    if settled.ties:
        told.append(f"{path}: {len(settled.ties):,} comments whose annotators disagree are left out; adjudicate them")
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return PeopleLabels(str(path), digest, settled.labels, tuple(told))


def environment_writer(environment: Mapping[str, str] = os.environ) -> NamedWriter:
    """Return the writer that the environment names; InputError if it names none."""
    from discourse.summary.narrative.writer import named_writer

    found = named_writer(environment)
    if found is None:
        raise InputError(
            "--writer: the environment names no endpoint; set DISCOURSE_WRITER_URL (http…/v1) and "
            "DISCOURSE_WRITER_MODEL, and DISCOURSE_WRITER_KEY where it asks for a key"
        )
    return found


def matcher_of(model: Model) -> Match | None:
    """Return what tells which passages make which points; None for a checkpoint without a matcher."""
    match: Match | None = getattr(model, "matcher", None)
    return match


def write_summaries(
    folder: Path,
    *,
    match: Match | None = None,
    with_post: bool = False,
    prevalence: Prevalence | None = None,
    writer: NamedWriter | None = None,
) -> list[str]:
    """Sum up the labels of a run folder into summaries.jsonl; return what is to be told of the writer."""
    from discourse.summary import summarize

    found = (
        summary for labeled in labeled_of(folder) for summary in summarize(labeled, match=match, with_post=with_post)
    )
    return _write(folder, found, prevalence, writer)


def summarize_again(
    folder: str | Path, people: PeopleLabels | None = None, writer: NamedWriter | None = None
) -> list[str]:
    """Correct the summaries of a run folder, have them retold, and write its report again; return what is to be told.

    Exemplars and key points stay. Raises InputError where no label of the sample is of this folder.
    """
    path, manifest = Path(folder), read_manifest(folder)
    people = people.untaught(frozenset(manifest.model.adapted_on)) if people is not None else None
    prevalence = correct(path, people) if people is not None else prevalence_of(path)
    told = _write(path, summaries_of(path), prevalence, writer)
    if people is not None and prevalence is not None:
        manifest = replace(manifest, gold=used_gold(people, prevalence))
        told = [*people.told, *words_on(prevalence), *told]
    report = path / "report.html"
    if report.is_file():
        lang: Literal["fr", "en"] = "fr" if manifest.options.get("report_lang") == "fr" else "en"
        report_run(path, report, lang=lang, manifest=manifest)
        told.append(f"{path}: summaries.jsonl and report.html were written again")
    write_manifest(manifest, path)
    return told


def report_run(
    folder: str | Path, path: str | Path, *, lang: Literal["fr", "en"] = "en", manifest: Manifest | None = None
) -> None:
    """Write the report of a run folder."""
    from discourse.reports import write_report

    facts = msgspec.to_builtins(manifest) if manifest is not None else None
    prevalence = prevalence_of(folder)
    overall = prevalence.overall if prevalence is not None else ()
    write_report(
        labeled_of(folder), path, summaries=summaries_of(folder), lang=lang, manifest=facts, prevalence=overall
    )


def correct(folder: Path, people: PeopleLabels) -> Prevalence:
    """Correct the shares of a run folder with a sample of people's labels; InputError if none of them is of it."""
    from discourse.summary import correct_shares

    prevalence = correct_shares(labeled_of(folder), people.labels, "dsl", "ppi++")
    if not prevalence.used:
        raise InputError(
            f"{people.path}: none of its {len(people.labels):,} labels is of a comment of {folder} (other ids, or "
            "another target); label a sample drawn from this run"
        )
    return prevalence


def used_gold(people: PeopleLabels, prevalence: Prevalence) -> UsedGold:
    """Return what the manifest holds of a sample of people's labels."""
    return UsedGold(people.path, people.sha256, len(people.labels), prevalence.used, prevalence.unused)


def words_on(prevalence: Prevalence) -> Iterator[str]:
    """Say what a sample of people's labels did, and what it was too small for."""
    from discourse.summary import LEAST_GOLD

    yield f"{prevalence.used:,} labels by people correct the shares"
    if prevalence.unused:
        yield f"{prevalence.unused:,} labels are not used: no probability, or no comment of this run"
    for one in prevalence.fields:
        if 0 < one.labels < LEAST_GOLD:
            yield f"{one.field}: {one.labels} labels; {LEAST_GOLD - one.labels} more are needed to correct its shares"
    without = sum(not any(one.field == "stance" for one in thread.estimates) for thread in prevalence.threads)
    if without and any(one.field == "stance" for one in prevalence.overall) and len(prevalence.threads) > 1:
        those = f"{without:,} of {len(prevalence.threads):,} threads"
        yield f"{those} have under {LEAST_GOLD} labels of the stance: corrected only all together"


def _write(
    folder: Path, summaries: Iterable[ThreadSummary], prevalence: Prevalence | None, writer: NamedWriter | None
) -> list[str]:
    """Write summaries.jsonl and prevalence.json, corrected and retold, so that each is there whole or not at all."""
    from discourse.summary import corrected, retold

    estimates = prevalence.by_thread() if prevalence is not None else {}
    narratives = rephrased = 0
    partial = folder / "summaries.jsonl.partial"
    try:
        with partial.open("wb") as stream:
            for summary in summaries:
                own = estimates.get((summary.thread_id, summary.target), summary.prevalence)
                summary = corrected(summary, own) if own != summary.prevalence else summary
                if writer is not None:
                    summary = retold(summary, writer[0], by=writer[1])
                    narratives += len(summary.narrative)
                    rephrased += sum(told.by is not None for told in summary.narrative)
                stream.write(msgspec.json.encode(summary) + b"\n")
        if prevalence is not None:
            draft = folder / f".{PREVALENCE}.partial"
            draft.write_bytes(msgspec.json.encode(prevalence) + b"\n")
            draft.replace(folder / PREVALENCE)
        partial.replace(folder / "summaries.jsonl")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); free some space or its rights") from None
    finally:
        partial.unlink(missing_ok=True)
    if writer is None:
        return []
    kept = f"; the other {narratives - rephrased:,} are ours: no answer, or not true" if rephrased < narratives else ""
    return [f"{writer[1]} rephrased {rephrased:,} of {narratives:,} narratives{kept}"]
