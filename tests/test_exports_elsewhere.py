"""Other packages open what we export: datasets, networkx, ConvoKit, mlcroissant, Label Studio's own SDK."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from exported import any_thread, corpus

from discourse.exports import ExportOptions, export, read_export
from discourse.gold import labeling_config, read_gold
from discourse.labels import ARGUMENTS, STANCES, LabeledThread
from discourse.threads import Comment, build_thread


def odd_corpus(seed: int = 5) -> list[LabeledThread]:
    rng = Random(seed)
    return [any_thread(rng, number) for number in range(12)]


def deep_thread(depth: int = 3000) -> LabeledThread:
    comments = [Comment(str(at), "deep", str(at - 1) if at else None, text="x") for at in range(depth)]
    return LabeledThread(build_thread(comments, id="deep"), ())


def test_datasets_loads_the_folder_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import ClassLabel, load_dataset

    options = ExportOptions(split=(0.8, 0.1, 0.1), license="cc-by-4.0", name="Ünï: a test")
    export([*corpus(20), *odd_corpus()], "huggingface", tmp_path / "out", options)
    loaded = load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["train", "validation", "test"]
    features = loaded["train"].features
    assert features["stance"] == ClassLabel(names=list(STANCES))
    assert features["secondary"].feature == ClassLabel(names=list(ARGUMENTS))
    expected = Counter(
        label.stance and label.stance.label for one in [*corpus(20), *odd_corpus()] for label in one.labels
    )
    found = Counter(
        None if number is None else STANCES[number] for part in loaded.values() for number in part["stance"]
    )
    assert found == expected
    threads = load_dataset(str(tmp_path / "out"), "threads", cache_dir=str(tmp_path / "cache"))["train"]
    assert len(set(threads["thread_id"])) == 32


def test_networkx_opens_the_graphs(tmp_path: Path) -> None:
    for labels in (corpus(3, 5), odd_corpus(), [deep_thread()]):
        comments = sum(len(one.thread.comments) for one in labels)
        links = sum(parent >= 0 for one in labels for parent in one.thread.parents)
        for name, open_graph in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
            export(labels, name, tmp_path / name, ExportOptions(overwrite=True))
            graph = open_graph(tmp_path / name / f"replies.{name}")
            assert (graph.number_of_nodes(), graph.number_of_edges()) == (comments, links)
            authors = open_graph(tmp_path / name / f"authors.{name}")
            known = {comment.author for one in labels for comment in one.thread.comments} - {None}
            assert authors.number_of_nodes() == len(known)
    graph = nx.read_gexf(_exported(tmp_path / "g", "gexf") / "replies.gexf")
    assert graph.nodes["t0/2"]["stance"] == "none"
    assert graph.nodes["t0/2"]["score"] == 2.0
    assert graph.edges["t0/2", "t0/1"]["link"] == "explicit"
    authors = nx.read_graphml(_exported(tmp_path / "m", "graphml") / "authors.graphml")
    assert authors.edges["author 0.2", "author 0.1"]["weight"] == 1


def _exported(folder: Path, name: str) -> Path:
    return export(corpus(), name, folder).path


def test_a_label_studio_task_has_the_thread_as_context(tmp_path: Path) -> None:
    folder = _exported(tmp_path / "ls", "labelstudio")
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert len(tasks) == 12
    task = tasks[2]
    assert [line["text"] for line in task["data"]["context"]] == ["the article", "words 1 of 0", "words 2 of 0"]
    assert task["data"]["text"] == "words 3 of 0"
    choices = {one["from_name"]: one["value"]["choices"] for one in task["predictions"][0]["result"]}
    assert choices == {"stance": ["favor"], "reply_stance": ["agree"], "argument": ["consequence"]}


def test_what_people_label_in_label_studio_comes_back_as_gold(tmp_path: Path) -> None:
    folder = _exported(tmp_path / "ls", "labelstudio")
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    done = [
        {**task, "id": number, "annotations": [{"completed_by": 1, "result": task["predictions"][0]["result"]}]}
        for number, task in enumerate(tasks)
    ]
    (tmp_path / "export.json").write_text(json.dumps(done), encoding="utf-8")
    gold = {(one.thread_id, one.comment_id, one.field): one.label for one in read_gold(tmp_path / "export.json").labels}
    expected = {
        (one.thread.id, label.comment_id, field): verdict.label
        for one in corpus()
        for label in one.labels
        for field in ("stance", "reply_stance", "argument")
        if (verdict := getattr(label, field)) is not None
    }
    assert gold == expected


@pytest.mark.external
def test_convokit_loads_every_tree_and_ours_comes_back_from_its_dump(tmp_path: Path) -> None:
    from convokit import Corpus

    labels = [*odd_corpus(), *corpus(), deep_thread()]
    done = export(labels, "convokit", tmp_path / "corpus")
    assert done.notices
    loaded = Corpus(filename=str(done.path))
    assert len(loaded.conversations) == len(labels)
    for conversation in loaded.iter_conversations():
        roots = [one for one in conversation.iter_utterances() if one.reply_to is None]
        assert [one.id for one in roots] == [conversation.id]
        assert conversation.check_integrity(verbose=False)
    texts = {one.text for one in loaded.iter_utterances()}
    assert {comment.text for one in labels for comment in one.thread.comments} <= texts
    plain = Corpus(filename=str(export(corpus(), "convokit", tmp_path / "plain").path))
    post = next(one for one in plain.iter_utterances() if one.text == "words 2 of 0")
    assert (post.meta["stance"], post.speaker.id, post.timestamp) == ("none", "author 0.2", 1704240000)
    plain.dump("again", base_path=str(tmp_path))
    assert list(read_export(tmp_path / "again")) == list(read_export(tmp_path / "plain"))


@pytest.mark.external
def test_mlcroissant_accepts_the_description_and_reads_the_records(tmp_path: Path) -> None:
    import mlcroissant as mlc

    done = export(
        [*corpus(20), *odd_corpus()],
        "huggingface",
        tmp_path / "out",
        ExportOptions(split=(0.8, 0.1, 0.1), license="CC-BY-4.0"),
    )
    described = mlc.Dataset(jsonld=str(done.path / "croissant.json"))
    assert not described.metadata.ctx.issues.errors
    records = list(described.records(record_set="data/train"))
    assert records
    assert {record["data/train/stance"] for record in records if record["data/train/stance"]} <= {
        name.encode() for name in STANCES
    }


@pytest.mark.external
def test_label_studio_accepts_config_and_tasks(tmp_path: Path) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(labeling_config())
    interface.validate()
    for labels in (corpus(), odd_corpus()):
        export(labels, "labelstudio", tmp_path / "out", ExportOptions(overwrite=True))
        for task in json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8")):
            assert interface.validate_task({"data": task["data"]})
            for prediction in task["predictions"]:
                assert interface.validate_prediction(prediction, return_errors=True) == []
