from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.errors import InputError, OutputError
from discourse.labels import Label, LabeledThread
from discourse.privacy import PrivacyReport, Pseudonymizer
from discourse.threads import Comment, Quote, Thread, build_thread

KEY = Pseudonymizer(b"a key of at least sixteen bytes")


def thread_of(*comments: Comment, **facts: str) -> Thread:
    return build_thread(comments, id=facts.pop("id", "t"), **facts)  # type: ignore[arg-type]


def said(text: str, author: str = "Zoé Martin", *, others: tuple[str, ...] = (), targets: tuple[str, ...] = ()) -> str:
    """Return a text by `author` after pseudonyms, in a thread where `others` write too."""
    comments = [Comment("1", "t", text=text, author=author)]
    comments += [Comment(str(number), "t", text="-", author=other) for number, other in enumerate(others, 2)]
    return KEY.thread(build_thread(comments, id="t", targets=targets)).comments[0].text


def test_a_key_file_is_made_with_mode_600_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "key"
    first = Pseudonymizer.from_keyfile(file)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert first.name("alice") == Pseudonymizer.from_keyfile(file).name("alice")
    assert first.name("alice") != Pseudonymizer.from_keyfile(tmp_path / "other").name("alice")
    assert first.key.decode() not in repr(first)


def test_a_bad_key_file_is_one_clear_line(tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("abc")
    with pytest.raises(InputError, match="16 bytes"):
        Pseudonymizer.from_keyfile(short)
    with pytest.raises(InputError, match="cannot be read"):
        Pseudonymizer.from_keyfile(tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        Pseudonymizer.from_keyfile(tmp_path / "absent" / "key")


def test_a_pseudonym_is_the_same_in_every_thread_and_met_again_stays() -> None:
    one = KEY.thread(thread_of(Comment("1", "a", author="alice"), id="a")).comments[0].author
    two = KEY.thread(thread_of(Comment("9", "b", text="hi @alice", author="bob"), id="b")).comments[0]
    assert one is not None
    assert re.fullmatch(r"user_[a-z2-7]{12}", one)
    assert two.text == f"hi @{one}"
    again = KEY.thread(thread_of(Comment("1", "a", author=one, text=f"@{one} said"), id="a")).comments[0]
    assert (again.author, again.text) == (one, f"@{one} said")


@pytest.mark.parametrize(
    "text",
    [
        "merci @alice !",
        "merci @Alice.",
        "alice wrote:\n> non",
        "ALICE a écrit :\n> non",
        "On Mon, 26 Feb 2024 at 10:23 AM alice <a@b.org> wrote:\n> no",
        "Am 26.02.2024 um 10:23 schrieb alice:\n> nein",
        "[quote=alice;12]no[/quote]",
        '[quote="alice, post:3, topic:12"]no[/quote]',
        "Originally posted by alice",
        "comme alice's idée, _alice_ et (alice)",
        "voir /u/alice, u/Alice et https://forum.example/u/alice/summary.",
        "https://forum.example/members/alice.42/ https://alice.example.org/x?author=alice",
        "https://x.com/alice/status/1",
    ],
)
def test_a_name_goes_wherever_it_is_written(text: str) -> None:
    clean = said(text, others=("alice",))
    assert "alice" not in clean.casefold()
    assert KEY.name("alice") in clean


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("On Mon, Feb 26, 2024 at 10:23 AM Jane Roe <jane@example.org> wrote:\n> no", "Jane Roe"),
        ("écrivez à jean.dupont+x@mail.example.fr svp", "jean.dupont+x@mail.example.fr"),
        ("> From: jdoe at example.org\n", "jdoe at example.org"),
        ("John (jdoe at lists.example.org) wrote", "jdoe at lists.example.org"),
        ("appelez le 06 12 34 56 78", "06 12 34 56 78"),
        ("call +1 (415) 555-0123 now", "(415) 555-0123"),
        ("ruf 0171/1234567 an", "0171/1234567"),
        ("https://www.facebook.com/some.body?ref=x", "some.body"),
        ("https://github.com/somebody", "somebody"),
        ("https://mastodon.example/@somebody/1234", "somebody"),
        ("a\nb\n-- \nSome Body\nFirm Ltd", "Some Body"),
    ],
)
def test_marks_of_people_who_are_not_in_the_dump_go_too(text: str, gone: str) -> None:
    assert gone not in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "le 12/03/2024, 1 200 000 €, v1.2.3, 2024-01-02 10:23, 99,5 %, ISBN 978-2-07-036822-8",
        "The minister said: nothing at all. He wrote: no.",
        "https://github.com/org/project/issues and https://example.org/a/b?c=d",
        "look at python.org at 10 @ 5 €",
        "@everyone look",
    ],
)
def test_what_is_no_name_stays(text: str) -> None:
    assert said(text) == text


def test_an_author_called_the_does_not_erase_the_article_and_is_reported() -> None:
    thread = thread_of(
        Comment(
            "1", "t", text="The point of the deal, says The Times. @The is right. The wrote:\n> x\nThe:", author="The"
        ),
        Comment("the-2", "t", "1", text="agreed.\n\nThe", author="The", url="https://f.example/u/the/2"),
    )
    clean, report = KEY.thread_and_report(thread)
    name = KEY.name("The")
    assert (
        clean.comments[0].text == f"The point of the deal, says The Times. @{name} is right. The wrote:\n> x\n{name}:"
    )
    assert clean.comments[1].text == f"agreed.\n\n{name}"
    assert clean.comments[1].url == f"https://f.example/u/{name}/2"
    assert "the" not in clean.comments[1].id
    assert report.common_words == ("The",)
    assert "The" in report.sentences()[1]


def test_a_nickname_that_is_an_ordinary_word_goes_where_its_capital_shows_a_person() -> None:
    clean = said("Une orange. Merci Orange, le jus d'orange.", others=("Orange",))
    assert clean == f"Une orange. Merci {KEY.name('Orange')}, le jus d'orange."


def test_words_of_the_target_stay() -> None:
    assert said("Mistral a signé", others=("Mistral",), targets=("l'accord avec Mistral",)) == "Mistral a signé"
    assert said("Mistral a signé", others=("Mistral",)).startswith("user_")


def test_first_names_go_and_a_shared_one_is_reported() -> None:
    assert said("Dupont, non ; Jean, oui", others=("Jean Dupont",)) == "{0}, non ; {0}, oui".format(
        KEY.name("Jean Dupont")
    )
    thread = thread_of(
        Comment("1", "t", text="merci Jean", author="Jean Dupont"), Comment("2", "t", text="-", author="Jean Durand")
    )
    clean, report = KEY.thread_and_report(thread)
    assert "Jean" not in clean.comments[0].text
    assert len(report.ambiguous) == 1
    assert "Jean" not in str(report.ambiguous)


def test_names_of_any_script_and_form() -> None:
    names = ("Syl ⏚", "g-jack", "田中", "Émile Zola", "xX_D_Xx")
    clean = said("Syl et g-jack, 田中さん, Émile Zola, emile zola, xX_D_Xx", others=names)
    assert clean.count("user_") == 6
    assert "さん" in clean
    for gone in ("Syl", "jack", "田中", "mile", "xX_D"):
        assert gone not in clean


def test_ids_urls_paths_links_and_repairs_agree() -> None:
    thread = build_thread(
        [
            Comment("alice-1", "by-alice", author="alice", source="dumps/alice/a.json:1"),
            Comment("2", "by-alice", "alice-1", author="bob", url="https://f.example/t/%61lice-x/2"),
            Comment("3", "by-alice", "alice-9", author="bob"),
        ],
        id="by-alice",
        title="chez alice",
        source="dumps/alice/a.json",
        url="https://alice.example.org/",
        notices=["alice.json is odd"],
    )
    clean = KEY.thread(thread)
    assert "alice" not in repr(clean)
    assert clean.comments[1].parent_id == clean.comments[0].id == clean.links[1].parent
    assert clean.comments[0].thread_id == clean.id
    assert clean.repairs[0].detail == f"{clean.comments[2].parent_id} is not in the dump"
    assert (clean.parents, clean.depths) == (thread.parents, thread.depths)


def test_a_stream_knows_everybody_before_the_first_thread_comes_out() -> None:
    first = thread_of(Comment("1", "a", text="carol disait non", author="bob"), id="a")
    second = thread_of(Comment("1", "b", text="-", author="carol"), id="b")
    stream = KEY.threads(iter([first, second]))
    clean = list(stream)
    assert clean[0].comments[0].text == f"{clean[1].comments[0].author} disait non"
    assert stream.report.authors == 2
    assert stream.pseudonymizer.text("read carol's file") == f"read {KEY.name('carol')}'s file"
    assert stream.pseudonymizer.path("in/carol.json") == f"in/{KEY.name('carol')}.json"


def test_a_labeled_thread_keeps_its_labels() -> None:
    thread = thread_of(Comment("alice-1", "t", author="alice"))
    clean = KEY.labeled(LabeledThread(thread, (Label("alice-1", None),)))
    assert clean.labels[0].comment_id == clean.thread.comments[0].id != "alice-1"


def test_reports_add_up() -> None:
    total = PrivacyReport(authors=1, common_words=("The",)) + PrivacyReport(authors=2, common_words=("A", "The"))
    assert (total.authors, total.common_words) == (3, ("A", "The"))


def test_the_input_is_not_changed() -> None:
    thread = thread_of(Comment("1", "t", text="@bob", author="alice", quotes=(Quote("alice", "x"),)))
    before = repr(thread)
    KEY.learn([thread]).thread(thread)
    assert repr(thread) == before
    assert len(KEY.names) == 0


NAMES = st.lists(
    st.text(st.sampled_from("abcdeXYZéß019-_. 田中ж"), min_size=3, max_size=12).filter(
        lambda name: bool(name.strip(" ._-"))
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda name: " ".join(name.split()),
)


@settings(deadline=None, max_examples=60)
@given(NAMES, st.text(st.sampled_from("abc XYZ\n@:>.,-éß田中ж/_01"), max_size=60), st.data())
def test_no_name_is_left_in_any_field(names: list[str], noise: str, data: st.DataObject) -> None:
    comments = []
    for number, name in enumerate(names):
        other = data.draw(st.sampled_from(names))
        comments.append(
            Comment(
                f"{number}",
                "t",
                str(number - 1) if number else None,
                text=f"{noise} ({other}) {noise}",
                author=name,
                quotes=(Quote(other, f"«{other}»"),),
            )
        )
    thread = build_thread(comments, id="t")
    clean, report = KEY.thread_and_report(thread)
    assert len({comment.author for comment in clean.comments}) == len({comment.author for comment in thread.comments})
    assert clean.depths == thread.depths
    kept = {word.casefold() for word in report.common_words}
    for name in names:
        plain = " ".join(name.split())
        if plain.casefold() in kept or not re.search(r"[^\W\d_]{2}|\d{6}", plain):
            continue
        inside = re.compile(rf"\({re.escape(plain)}\)|«{re.escape(plain)}»")
        assert not any(inside.search(comment.text) for comment in clean.comments), plain
        assert all(quote.author != plain for comment in clean.comments for quote in comment.quotes)


@pytest.mark.parametrize("piece", ["a", "@", "a@", "1 ", "(", "-", "@a.", "u/", "http://", "\n", "> a", "wrote:", "é "])
def test_a_long_hostile_text_takes_time_in_proportion(piece: str) -> None:
    said(piece * (100_000 // len(piece)), others=("alice", "a b", "田中"))
