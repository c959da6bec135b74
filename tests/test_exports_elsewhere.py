"""Other packages open what we export: datasets, networkx, ConvoKit, mlcroissant, Label Studio's own SDK."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from exported import any_thread, corpus, labeled

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


HOSTILE = (
    "a\x01",
    "a\x02",
    "a%01",
    "<b>&'\"",
    "]]>",
    "\ufffe",
    "x\r\ny",
    "&#0;",
    "\u2028",
    "t/1",
    "%2F",
    "😀",
    " ",
    "=1",
)
"""Names and texts that XML cannot hold, or that end it early."""


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_hostile_names_and_texts_stay_apart_in_the_graphs(tmp_path: Path, name: str) -> None:
    labels = []
    for at, thread_id in enumerate(("t", "t/1", "t%2F1", "t\x01", "<b>&'")):
        said = [
            Comment(own, thread_id, HOSTILE[place - 1] if place else None, text=own * 3, author=own, title=own)
            for place, own in enumerate(HOSTILE)
        ]
        thread = build_thread(said, id=thread_id, title=HOSTILE[at + 3], targets=[HOSTILE[at]])
        labels.append(labeled(thread))
    open_graph = nx.read_gexf if name == "gexf" else nx.read_graphml
    done = export(labels, name, tmp_path / name)
    graph = open_graph(done.path / f"replies.{name}")
    assert graph.number_of_nodes() == len(labels) * len(HOSTILE)
    assert graph.number_of_edges() == len(labels) * (len(HOSTILE) - 1)
    assert graph.nodes["t/😀"]["author"] == "😀"
    assert {data["text"] for _, data in graph.nodes(data=True)} >= {"]]>" * 3, "<b>&'\"" * 3, "x\r\ny" * 3}
    authors = open_graph(done.path / f"authors.{name}")
    assert authors.number_of_nodes() == len(HOSTILE)
    assert authors.edges["a%02", "a%01"]["weight"] == len(labels)


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
    loaded.dump("odd", base_path=str(tmp_path))
    assert list(read_export(tmp_path / "odd")) == list(read_export(tmp_path / "corpus"))


@pytest.mark.external
def test_a_corpus_that_convokit_made_goes_through_a_run(tmp_path: Path, tiny_model) -> None:
    from convokit import Corpus, Speaker, Utterance

    from discourse.run import RunOptions, run
    from discourse.run_folder import labeled_of

    speakers = {name: Speaker(id=name) for name in ("ann", "bob", "[deleted]")}
    said = (("r", None, "ann", "Shall we close the bridge?"), ("1", "r", "bob", "> close the bridge\n\nNever."),
            ("2", "1", "[deleted]", "[deleted]"), ("3", "1", "ann", "And **why**?"))  # fmt: skip
    meta = {"score": 3, "subreddit": "town", "permalink": "/r/town/comments/r/x/", "stickied": False, "gildings": None}
    spoken = [
        Utterance(id=own, conversation_id="r", reply_to=parent, speaker=speakers[who], text=text, timestamp=1538382600,
                  meta=dict(meta))
        for own, parent, who, text in said
    ]  # fmt: skip
    made = Corpus(utterances=spoken)
    made.get_conversation("r").meta.update({"title": "The bridge", "num_comments": 3})
    made.dump("town", base_path=str(tmp_path))
    manifest = run([tmp_path / "town"], tmp_path / "out", RunOptions(targets=("closing the bridge",)), model=tiny_model)
    assert (manifest.counts.comments, manifest.counts.posts, manifest.counts.labeled) == (3, 1, 2)
    [one] = labeled_of(tmp_path / "out")
    assert one.thread.title == "The bridge"
    assert [(comment.id, comment.parent_id, comment.author) for comment in one.thread.comments] == [
        ("r", None, "ann"), ("1", "r", "bob"), ("2", "1", None), ("3", "1", "ann"),
    ]  # fmt: skip
    assert one.thread.comments[1].quotes[0].text == "close the bridge"


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
