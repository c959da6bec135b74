import pytest
from reader_tools import lines, put, read_path, sniffed

from discourse.readers.activitypub import FORMATS

PUB = FORMATS[0]
AT = "https://a.example"


def note(name, parent=None, /, **more):
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{AT}/{name}",
        "type": "Note",
        "attributedTo": f"{AT}/users/ada",
        "inReplyTo": parent and f"{AT}/{parent}",
        "content": f"<p>{name}</p>",
        "published": "2021-11-05T11:46:50Z",
        **more,
    }


def test_an_object_keeps_its_urls_author_and_language(tmp_path):
    lemmy = note(
        "comment/1",
        "post/9",
        updated="2021-11-06T00:00:00Z",
        language={"identifier": "fr"},
        context=f"{AT}/comment/1/context",
        likes={"type": "Collection", "totalItems": 3},
    )
    path = put(tmp_path, "note.json", lemmy)
    found = read_path(PUB, path)[f"{AT}/comment/1"]
    assert sniffed(PUB, path) > 0.9
    assert (found.parent_id, found.thread_id) == (f"{AT}/post/9", f"{AT}/post/9")
    assert (found.author, found.lang, found.score, found.edited) == ("ada@a.example", "fr", 3, True)


@pytest.mark.parametrize("value", [[f"{AT}/b"], {"id": f"{AT}/b"}, [{"id": f"{AT}/b"}], f"{AT}/b"])
def test_a_parent_may_be_written_in_any_way(tmp_path, value):
    found = read_path(PUB, put(tmp_path, "n.json", note("a") | {"inReplyTo": value}))
    assert found.all[0].parent_id == f"{AT}/b"


@pytest.mark.parametrize(
    ("value", "author"),
    [
        ("https://a.example/@ada", "ada@a.example"),
        ("https://a.example/u/ada", "ada@a.example"),
        ([{"type": "Person", "id": "https://a.example/accounts/ada"}, "x"], "ada@a.example"),
        ({"preferredUsername": "ada"}, "ada"),
        ("https://a.example/me", "https://a.example/me"),
        (None, None),
        ([], None),
    ],
)
def test_an_author_may_be_written_in_any_way(tmp_path, value, author):
    assert read_path(PUB, put(tmp_path, "n.json", note("a") | {"attributedTo": value})).all[0].author == author


def test_collections_activities_and_embedded_replies_are_opened(tmp_path):
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "OrderedCollection",
        "first": {
            "type": "OrderedCollectionPage",
            "orderedItems": [
                {"type": "Create", "actor": f"{AT}/users/ada", "object": note("a")},
                {"type": "Announce", "object": f"{AT}/elsewhere"},
                note("b", "a", replies={"type": "Collection", "first": {"items": [note("c", "b"), f"{AT}/d"]}}),
            ],
        },
    }
    path = put(tmp_path, "outbox.json", outbox)
    found = read_path(PUB, path)
    assert sniffed(PUB, path) > 0.9
    assert list(found.parents.values()) == [None, f"{AT}/a", f"{AT}/b"]
    assert set(found.threads.values()) == {f"{AT}/a"}
    assert found[f"{AT}/a"].kind == "post"


def test_a_context_of_any_depth_is_looked_at(tmp_path):
    context = "https://www.w3.org/ns/activitystreams"
    for depth, sure in ((3, 0.97), (900, 0.0)):
        nested = "[" * depth + f'"{context}"' + "]" * depth
        text = f'{{"@context": {nested}, "id": "{AT}/1", "type": "Note"}}'
        assert sniffed(PUB, put(tmp_path, f"{depth}.json", text)) == sure


def test_what_was_deleted_keeps_its_place(tmp_path):
    records = lines(
        note("a"),
        note("b", "a"),
        note("c", "b"),
        {"type": "Delete", "object": f"{AT}/b", "published": "2022-01-01T00:00:00Z"},
        {"type": "Tombstone", "id": f"{AT}/c", "deleted": "2022-01-02T00:00:00Z", "@context": []},
        {"type": "Tombstone", "id": f"{AT}/z"},
    )
    found = read_path(PUB, put(tmp_path, "log.ndjson", records))
    gone = [comment for comment in found.all if comment.status == "deleted"]
    assert [(comment.id, comment.parent_id) for comment in gone] == [
        (f"{AT}/b", f"{AT}/a"), (f"{AT}/c", f"{AT}/b"), (f"{AT}/z", None),
    ]  # fmt: skip
    assert gone[0].author == "ada@a.example"
    assert gone[0].edited_at.year == 2022


def test_a_folder_of_objects_is_one_dump(tmp_path):
    put(tmp_path, "objects/1.json", note("b", "a"))
    put(tmp_path, "objects/2.json", note("a"))
    put(tmp_path, "objects/3.json", note("c", "gone", conversation="tag:x"))
    put(tmp_path, "objects/4.json", note("d", "lost", conversation="tag:x"))
    assert PUB.folder(str(tmp_path / "objects"))
    found = read_path(PUB, tmp_path / "objects")
    assert found.threads[f"{AT}/a"] == found.threads[f"{AT}/b"] == f"{AT}/a"
    assert found.threads[f"{AT}/c"] == found.threads[f"{AT}/d"]
    put(tmp_path, "other/1.json", {"id": 1})
    put(tmp_path, "other/2.json", note("a"))
    assert not PUB.folder(str(tmp_path / "other"))
    assert not PUB.folder(str(tmp_path / "absent"))


def test_texts_in_other_forms_are_read(tmp_path):
    records = [
        note(
            "page",
            type="Page",
            name="A title",
            content=None,
            source={"content": "**bold**", "mediaType": "text/markdown"},
        ),
        note("map", "page", content=None, contentMap={"de": "<p>Ja</p>"}),
        note("plain", "page", content="a < b", mediaType="text/plain"),
        note("mention", "page", content='<a class="u-url mention" href="x">@bob</a> Hello'),
    ]
    found = read_path(PUB, put(tmp_path, "list.json", records))
    assert [comment.text for comment in found.all] == ["bold", "Ja", "a < b", "Hello"]
    assert found[f"{AT}/map"].lang == "de"
    assert found.titles == {f"{AT}/page": "A title"}


def test_malformed_objects_are_skipped(tmp_path):
    found = read_path(
        PUB, put(tmp_path, "l.json", [note("a"), note("b", id=None), "x", 3, note("c", published=[], tag=3)])
    )
    assert [comment.text for comment in found.all] == ["a", "c"]
    assert len(found.skips) == 1


@pytest.mark.parametrize(
    "data", [{"type": "Note", "text": "x"}, {"type": "thread"}, [{"id": 1, "type": "Page"}], [], "x"]
)
def test_other_json_is_not_claimed(tmp_path, data):
    assert sniffed(PUB, put(tmp_path, "x.json", data)) == 0
