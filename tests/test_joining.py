"""Files that speak of one thread: what they repeat, whose numbers they use, which targets their folder states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from discourse.errors import InputError
from discourse.readers import read


def listing(comment: str, score: int, created: int = 1_700_000_000) -> str:
    """Return a page of Reddit's API: the post, and one comment on it."""
    post = {"id": "p", "title": "T", "num_comments": 2, "score": score, "created_utc": created}
    answer = {"id": comment, "link_id": "t3_p", "parent_id": "t3_p", "body": "words"}
    things = [{"kind": kind, "data": data} for kind, data in (("t3", post), ("t1", answer))]
    return json.dumps([{"kind": "Listing", "data": {"children": [thing]}} for thing in things])


def test_a_post_that_every_page_repeats_is_one_post(tmp_path: Path) -> None:
    (tmp_path / "page1.json").write_text(listing("a", score=3))
    (tmp_path / "page2.json").write_text(listing("b", score=5))
    reading = read(tmp_path)
    (thread,) = reading
    assert [comment.id for comment in thread.comments] == ["p", "a", "b"]
    assert thread.post is not None
    assert thread.post.score == 5, "the one read last"
    assert thread.repairs == ()
    counts = [(report.records, report.comments, report.posts, report.duplicates) for report in reading.files]
    assert counts == [(1, 1, 0, 0), (2, 2, 1, 0)]


def test_a_repeated_post_keeps_the_author_that_only_one_page_states(tmp_path: Path) -> None:
    (tmp_path / "page1.json").write_text(listing("a", score=3).replace('"title"', '"author": "ann", "title"'))
    (tmp_path / "page2.json").write_text(listing("b", score=5))
    (thread,) = read(tmp_path)
    assert thread.post is not None
    assert (thread.post.author, thread.post.score) == ("ann", 5)


def test_the_newest_of_repeated_posts_stays_whatever_the_order(tmp_path: Path) -> None:
    (tmp_path / "page1.json").write_text(listing("a", score=9, created=1_700_000_500))
    (tmp_path / "page2.json").write_text(listing("b", score=5))
    (thread,) = read(tmp_path)
    assert [(comment.id, comment.score) for comment in thread.comments if comment.kind == "post"] == [("p", 9)]


def test_copies_of_a_post_in_one_file_are_duplicates(tmp_path: Path) -> None:
    post = {"id": "p", "title": "T", "subreddit": "s", "num_comments": 0, "selftext": "words"}
    (tmp_path / "RS.ndjson").write_text(f"{json.dumps(post)}\n" * 2)
    reading = read(tmp_path)
    (thread,) = reading
    assert [repair.kind for repair in thread.repairs] == ["duplicate-id"]
    assert [(report.records, report.duplicates) for report in reading.files] == [(2, 1)]


def view(server: str, own_id: int, words: str) -> dict[str, Any]:
    """Return a comment on post 40 of a server, as Lemmy's API shows it."""
    return {
        "comment": {
            "id": own_id,
            "post_id": 40,
            "path": f"0.{own_id}",
            "content": words,
            "ap_id": f"https://elsewhere.test/comment/{own_id}",
        },
        "post": {"id": 40, "name": f"On {server}", "community_id": 1, "ap_id": f"https://{server}/post/40"},
        "creator": {"id": 1, "name": "ada"},
    }


def test_posts_of_one_number_on_two_servers_are_two_threads(tmp_path: Path) -> None:
    for name, server, number in (("a1", "a.test", 1), ("b1", "b.test", 1), ("a2", "a.test", 2)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"comments": [view(server, number, f"{name} words")]}))
    reading = read(tmp_path)
    found = {thread.id: (thread.title, [comment.text for comment in thread.replies]) for thread in reading}
    assert found == {"40": ("On a.test", ["a1 words", "a2 words"]), "40@b.test": ("On b.test", ["b1 words"])}
    assert all(not report.duplicates for report in reading.files)


MAIL = "From ada@x.org Mon Jan  3 10:00:00 2005\nFrom: ada@x.org\nSubject: {0}\nMessage-ID: <{0}@x>\n\nwords\n\n"


def mail_folder(folder: Path, targets: str) -> dict[str | None, tuple[str, ...]]:
    """Return the targets of the threads of two months of mail, by title."""
    for month in ("January", "February"):
        (folder / f"2005-{month}.mbox").write_text(MAIL.format(month))
    (folder / "targets.toml").write_text(targets)
    reading = read(folder)
    found = {thread.title: thread.targets for thread in reading}
    assert [report.format for report in reading.files] == ["mbox"], "the folder is one dump"
    assert not reading.skipped
    return found


def test_targets_inside_a_folder_that_is_one_dump(tmp_path: Path) -> None:
    assert mail_folder(tmp_path, '"*" = "the deal"') == {"January": ("the deal",), "February": ("the deal",)}


def test_targets_of_the_files_of_a_folder_that_is_one_dump(tmp_path: Path) -> None:
    found = mail_folder(tmp_path, '"*.mbox" = "the deal"\n"*January*" = ["one", "two"]')
    assert found == {"January": ("one", "two"), "February": ("the deal",)}


def test_targets_inside_a_folder_that_is_one_dump_have_to_be_readable(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"targets\.toml: is no valid TOML"):
        mail_folder(tmp_path, "the deal")
