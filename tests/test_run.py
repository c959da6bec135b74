"""A run folder from end to end on the seeds with a tiny model: whole, repeatable, resumable, never half written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import discourse.forecast as forecasting
import discourse.run as module
from discourse.errors import InputError, OutputError
from discourse.manifest import read_manifest
from discourse.run import RunOptions, run
from discourse.run_folder import labeled_of, summaries_of

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TARGET = "l'accord entre Mistral AI et Microsoft"
WHOLE = ["comments.parquet", "manifest.json", "report.html", "summaries.jsonl", "threads.parquet"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    run([SEEDS], out, model=tiny_model)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_the_folder_is_whole(folder: Path):
    assert sorted(path.name for path in folder.iterdir()) == WHOLE
    frame = pd.read_parquet(folder / "comments.parquet")
    assert len(frame) == 32
    assert frame.kind.value_counts().to_dict() == {"comment": 27, "post": 5}
    assert set(frame.target) == {TARGET}
    comments = frame[frame.kind == "comment"]
    assert comments[["stance", "argument"]].notna().all().all()
    assert frame[frame.kind == "post"][["stance", "reply_stance", "argument"]].isna().all().all()
    answered = comments.set_index("comment_id").loc[lambda f: f.reply_stance.notna()]
    assert answered.parent_id.notna().all()


def test_the_manifest_counts_what_the_table_holds(folder: Path):
    manifest = read_manifest(folder)
    frame = pd.read_parquet(folder / "comments.parquet")
    assert manifest.counts.comments == (frame.kind == "comment").sum()
    assert manifest.counts.posts == (frame.kind == "post").sum()
    assert manifest.counts.threads == frame.thread_id.nunique() == len(manifest.inputs)
    assert manifest.counts.links == Counter(frame[frame.kind == "comment"].link)
    repairs = Counter(text.split(":")[0] for row in frame.repairs for text in row)
    assert manifest.counts.repairs == dict(sorted(repairs.items()))
    for file in manifest.inputs:
        assert file.comments == file.records - file.duplicates - file.skipped - file.left_out
        assert len(file.sha256) == 64
    assert manifest.targets == (TARGET,)


def test_two_runs_differ_in_times_alone(folder: Path, tmp_path: Path, tiny_model):
    run([SEEDS], tmp_path / "again", model=tiny_model)
    first, second = contents(folder), contents(tmp_path / "again")
    assert first.keys() == second.keys()
    for name in ("comments.parquet", "threads.parquet", "summaries.jsonl"):
        assert first[name] == second[name], name
    one, two = json.loads(first["manifest.json"]), json.loads(second["manifest.json"])
    for timed in ("started", "timings"):
        one.pop(timed), two.pop(timed)
    assert one == two


def test_a_complete_run_is_left_alone(folder: Path, tiny_model):
    before = contents(folder)
    with pytest.raises(OutputError, match="--overwrite"):
        run([SEEDS], folder, model=tiny_model)
    assert contents(folder) == before


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, tiny_model):
    (tmp_path / "thesis.tex").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="not empty"):
            run([SEEDS], tmp_path, model=tiny_model, overwrite=overwrite)
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_overwrite_replaces_the_earlier_run_alone(tmp_path: Path, tiny_model):
    dump = tmp_path / "dump.jsonl"
    dump.write_text('{"id": 1, "thread_id": "t", "text": "Je suis pour."}\n')
    out = tmp_path / "out"
    run([dump], out, RunOptions(targets=("l'accord",)), model=tiny_model)
    (out / "notes.txt").write_text("mine")
    run([SEEDS], out, model=tiny_model, overwrite=True)
    assert len(pd.read_parquet(out / "comments.parquet")) == 32
    assert (out / "notes.txt").read_text() == "mine"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dump.jsonl"
    lines = [
        {"id": f"{t}-{c}", "thread_id": f"t{t}", "text": f"avis {c} du fil {t}"} for t in range(12) for c in range(5)
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_an_interrupted_run_is_resumed(dump: Path, tmp_path: Path, tiny_model, monkeypatch: pytest.MonkeyPatch):
    options = RunOptions(targets=("l'accord",))
    run([dump], tmp_path / "straight", options, model=tiny_model)
    monkeypatch.setattr(module, "PART_COMMENTS", 10)
    monkeypatch.setattr("discourse.classifier.labeling.CHUNK", 10)

    class Stopping(module.Progress):
        def step(self, stage: str, done: int, total: int) -> None:
            if done > 30:
                raise KeyboardInterrupt

    class Counting(module.Progress):
        lines: list[str] = []

        def say(self, line: str) -> None:
            self.lines.append(line)

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run([dump], out, options, model=tiny_model, progress=Stopping())
    assert not (out / "manifest.json").exists()
    assert not (out / "comments.parquet").exists(), "nothing half written looks whole"
    with pytest.raises(InputError, match="incomplete"):
        read_manifest(out)
    with pytest.raises(OutputError, match="other inputs or options"):
        run([SEEDS], out, model=tiny_model)
    counting = Counting()
    run([dump], out, options, model=tiny_model, progress=counting)
    assert any("resuming after" in line for line in counting.lines)
    left, right = contents(out), contents(tmp_path / "straight")
    assert sorted(left) == sorted(right) == WHOLE
    frames = [pd.read_parquet(folder / "comments.parquet") for folder in (out, tmp_path / "straight")]
    pd.testing.assert_frame_equal(*frames, rtol=0, atol=1e-5)  # other batches, other roundings
    assert len(left["summaries.jsonl"].splitlines()) == 12


def test_labels_alone_are_two_files(dump: Path, tmp_path: Path, tiny_model):
    run([dump], tmp_path / "out", RunOptions(report=False), model=tiny_model)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "comments.parquet", "manifest.json", "threads.parquet",
    ]  # fmt: skip


def test_selections_reach_the_reader(dump: Path, tmp_path: Path, tiny_model):
    run([dump], tmp_path / "out", RunOptions(threads=("t3",), input_lang="fr"), model=tiny_model)
    frame = pd.read_parquet(tmp_path / "out" / "comments.parquet")
    assert set(frame.thread_id) == {"t3"}
    assert set(frame.lang) == {"fr"}


def test_a_run_folder_is_read_back(folder: Path):
    labeled = list(labeled_of(folder))
    assert len(labeled) == 5
    assert sum(len(item.thread) for item in labeled) == 27
    assert [summary.thread_id for summary in summaries_of(folder)] == [item.thread.id for item in labeled]


def test_an_output_that_cannot_be_written_is_one_clear_line(dump: Path, tmp_path: Path, tiny_model):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        run([dump], tmp_path / "file", model=tiny_model)
    with pytest.raises(OutputError, match="cannot be written"):
        run([dump], tmp_path / "file" / "below", model=tiny_model)


def test_pseudonyms_leave_no_name_in_any_output(tmp_path: Path, tiny_model):
    dump = tmp_path / "dump.jsonl"
    rows = [
        {"id": "1", "thread_id": "a", "author": "Zebulon_Quick", "text": "Je suis pour cet accord."},
        {"id": "2", "thread_id": "a", "parent_id": "1", "author": "Ottilie", "text": "@Zebulon_Quick non, contre."},
        {"id": "3", "thread_id": "b", "author": "Marwenna", "text": "Comme le disait Ottilie ailleurs, contre."},
    ]
    dump.write_text("\n".join(map(json.dumps, rows)))
    out = tmp_path / "out"
    run([dump], out, RunOptions(targets=("l'accord",), pseudonymize=str(tmp_path / "key")), model=tiny_model)
    frame = pd.read_parquet(out / "comments.parquet")
    said = frame.to_json() + "".join(p.read_text() for p in out.iterdir() if p.suffix in (".json", ".jsonl", ".html"))
    for name in ("Zebulon", "Ottilie", "Marwenna"):
        assert name not in said
    assert frame.author.nunique() == 3
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_the_forecast_counts_key_points_of_large_threads_by_their_sample(monkeypatch):
    survey = forecasting.Survey()
    survey.add(["word " * 20] * 1000, 100)
    assert (survey.comments, survey.compared) == (1000, 100 * 100)
    survey.add(["word " * 20] * 1000, 2000)
    assert (survey.comments, survey.compared) == (2000, 1100 * 100)
    now = [0.0]

    def predict(examples):
        now[0] += len(examples) / 4  # with its context a comment has 250 characters: 1,000 a second

    monkeypatch.setattr(forecasting.time, "monotonic", lambda: now[0])
    model = SimpleNamespace(predict=predict, device="cpu", name="tiny", precision="fp32")
    without = forecasting.forecast(survey, model, key_points=False)
    assert without == "labeling takes about 8 min on cpu (tiny, fp32)"
    assert forecasting.forecast(survey, model, key_points=True) == f"{without}; key points up to 2 min more"
