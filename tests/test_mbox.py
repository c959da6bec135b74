import base64
import gzip
from datetime import UTC, datetime

import pytest
from reader_tools import put, read_path, sniffed

from discourse import readers
from discourse.errors import InputError
from discourse.readers.mbox import FORMATS, split_mails
from discourse.readers.source import FileSource

MBOX = FORMATS[0]


def mail(body="Some words.\n", *, sender="ada at example.org (Ada Lovelace)", subject="[List] Engines", **headers):
    names = {"message_id": "Message-ID", "reply": "In-Reply-To", "references": "References", "date": "Date"}
    given = {"date": "Thu Nov  1 11:19:12 2001", **headers}
    fields = "".join(f"{names.get(name, name.replace('_', '-'))}: {value}\n" for name, value in given.items())
    return (
        f"From ada at example.org  Thu Nov  1 11:19:12 2001\nFrom: {sender}\nSubject: {subject}\n{fields}\n{body}\n\n"
    )


def read(tmp_path, *mails, name="list.mbox"):
    data = b"".join(item if isinstance(item, bytes) else item.encode() for item in mails)
    return read_path(MBOX, put(tmp_path, name, data))


def test_a_pipermail_month_becomes_threads(tmp_path):
    path = put(
        tmp_path,
        "2001-November.txt",
        mail(message_id="<1@x>")
        + mail("Yes.\n", message_id="<2@x>", reply="<1@x>", subject="[List] Engines", sender="b at x (Bob)")
        + mail("No.\n", message_id="<3@x>", references="<1@x>\n <2@x>", subject="Re: [List] Engines")
        + mail("Other.\n", message_id="<4@x>", subject="[List] Looms"),
    )
    found = read_path(MBOX, path)
    assert sniffed(MBOX, path) > 0.9
    assert found.parents == {"1@x": None, "2@x": "1@x", "3@x": "2@x", "4@x": None}
    assert found.threads == {"1@x": "1@x", "2@x": "1@x", "3@x": "1@x", "4@x": "4@x"}
    assert [comment.kind for comment in found.all] == ["post", "comment", "comment", "post"]
    assert found.titles == {"1@x": "Engines", "4@x": "Looms"}
    assert (found["2@x"].author, found["1@x"].author) == ("Bob", "Ada Lovelace")
    assert found["1@x"].created == datetime(2001, 11, 1, 11, 19, 12, tzinfo=UTC)
    assert found["1@x"].text == "Some words."
    assert found["2@x"].source == f"{path}:10"


@pytest.mark.parametrize(
    ("headers", "parent"),
    [
        ({"reply": "<fake-vm-id@y>", "references": "<1@x> <2@x>"}, "2@x"),
        ({"reply": "<1@x>", "references": "<gone@x> <away@x>"}, "1@x"),
        ({"reply": "<gone@x> <2@x>", "references": "<away@x>"}, "2@x"),
        ({"reply": "<gone@x>", "references": "<1@x> <away@x>"}, "gone@x"),
        ({"reply": 'Your message of "Mon, 3 Nov 1997" <1@x>'}, "1@x"),
        ({"reply": "message from Ada on Mon, 3 Nov 1997"}, None),
        ({"reply": "<1 at x>"}, "1@x"),
        ({"reply": "1@x"}, "1@x"),
        ({"references": "<gone@x>\n\t<1@x>"}, "1@x"),
        ({"reply": "<9@x>"}, "9@x"),
        ({}, None),
    ],
)
def test_the_parent_is_the_reference_that_is_in_the_file(tmp_path, headers, parent):
    found = read(tmp_path, mail(message_id="<1@x>"), mail(message_id="<2@x>"), mail(message_id="<9@x>", **headers))
    assert found["9@x"].parent_id == parent


def test_a_mail_that_names_nothing_joins_the_thread_of_its_subject(tmp_path):
    found = read(
        tmp_path,
        mail(message_id="<1@x>"),
        mail(message_id="<2@x>", subject="RE: [List] engines"),
        mail(message_id="<3@x>", subject="Engines", reply="message from Ada on Mon"),
        mail(message_id="<4@x>", subject="Re: [List] Something lost"),
        mail(message_id="<5@x>", subject="[List] Engines"),
    )
    assert found.threads == {"1@x": "1@x", "2@x": "1@x", "3@x": "1@x", "4@x": "4@x", "5@x": "5@x"}
    assert [found[name].kind for name in ("2@x", "4@x", "5@x")] == ["comment", "comment", "post"]
    assert set(found.parents.values()) == {None}


def test_answers_to_a_missing_mail_are_one_thread_with_a_title(tmp_path):
    found = read(
        tmp_path,
        mail(message_id="<1@x>", references="<start@x> <a@x>", subject="Re: Aw: [List] Lost start"),
        mail(message_id="<2@x>", references="<start@x> <b@x>", subject="Re: Lost start"),
    )
    assert set(found.threads.values()) == {"start@x"}
    assert found.titles == {"start@x": "[List] Lost start"}
    assert not [comment for comment in found.all if comment.kind == "post"]


def test_a_file_that_is_there_twice_gives_the_same_records_twice(tmp_path):
    once = mail(message_id="<1@x>") + mail("Nameless.\n")
    found = read(tmp_path, once, once)
    assert [comment.id for comment in found.all] == ["1@x", "2", "1@x", "2"]
    assert found.all[1].thread_id == found.all[3].thread_id == "list:2"


def test_months_in_a_folder_are_one_dump(tmp_path):
    put(tmp_path, "archive/2001-November.txt", mail(message_id="<1@x>"))
    put(
        tmp_path,
        "archive/2001-December.txt.gz",
        gzip.compress(mail("Late.\n", message_id="<2@x>", reply="<1@x>", subject="Re: Engines").encode()),
    )
    assert MBOX.folder(str(tmp_path / "archive"))
    found = read_path(MBOX, tmp_path / "archive")
    assert found.threads == {"2@x": "1@x", "1@x": "1@x"}
    put(tmp_path, "mixed/2001-November.txt", mail())
    put(tmp_path, "mixed/other.json", "{}")
    assert not MBOX.folder(str(tmp_path / "mixed"))
    assert not MBOX.folder(str(tmp_path / "absent"))


def test_from_lines_inside_a_body_do_not_end_a_mail(tmp_path):
    body = "Hello\n\nFrom the start it was clear.\nNote: really.\n>From here on too.\n\nFrom now: on.\n"
    found = read(tmp_path, mail(body, message_id="<1@x>"), mail(message_id="<2@x>"))
    assert len(found.all) == 2
    assert "From the start it was clear." in found["1@x"].text
    assert "\nFrom here on too." in found["1@x"].text
    assert not found["1@x"].quotes


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ("a@x.org (=?ISO-8859-1?Q?J=F6rg_M=FCller?=)", "Jörg Müller"),
        ("=?utf-8?B?QWRhIMOJdmU=?= <a@x.org>", "Ada Éve"),
        ('"Lovelace, Ada" <a@x.org>', "Lovelace, Ada"),
        ("g@u|n @end|ng |rom gm@||@com (Ada (Countess) L.)", "Ada (Countess) L."),
        ("Ada L. via R-devel <r-devel@x.org>", "Ada L."),
        ("ada at example.org", "ada@example.org"),
        ("<ada@example.org>", "ada@example.org"),
        ("ada at example.org ()", "ada@example.org"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("", None),
    ],
)
def test_names_are_read_from_any_sender(tmp_path, sender, author):
    assert read(tmp_path, mail(sender=sender, message_id="<1@x>"))["1@x"].author == author


def test_old_bytes_and_times_are_read(tmp_path):
    latin = mail("Fran\xe7ais\n", message_id="<1@x>", subject="Caf\xe9", date="Fri, 02 Nov 2001 00:30:00 +0100")
    found = read(tmp_path, latin.encode("latin-1"), mail(message_id="<2@x>", date="not a date"))
    assert found["1@x"].text == "Français"
    assert found["1@x"].title == "Café"
    assert found["1@x"].created == datetime(2001, 11, 1, 23, 30, tzinfo=UTC)
    assert found["2@x"].created == datetime(2001, 11, 1, 11, 19, 12, tzinfo=UTC)


def test_quotes_signature_and_footer_are_apart(tmp_path):
    body = """On Tue, 30 Oct 2001, Bob Barker wrote:
> > What is it?
> It is a loom.
> --
> Bob

I doubt it.

--\x20
Ada Lovelace
Analytical Society
_______________________________________________
List mailing list
List at lists.example.org
http://lists.example.org/mailman/listinfo/list
"""
    found = read(tmp_path, mail(body, message_id="<1@x>", reply="<0@x>"))["1@x"]
    assert found.text == "I doubt it."
    assert ("Bob Barker", "It is a loom.") in [(quote.author, quote.text) for quote in found.quotes]
    assert "What is it?" in [quote.text for quote in found.quotes]


def test_a_signature_above_the_quoted_mail_leaves_the_quote(tmp_path):
    body = "On top.\n\n-- \nAda\n\nBob Barker wrote:\n> Below.\n"
    found = read(tmp_path, mail(body, message_id="<1@x>"))["1@x"]
    assert found.text == "On top."
    assert [(quote.author, quote.text) for quote in found.quotes] == [("Bob Barker", "Below.")]


def test_scrubbed_parts_and_list_marks_are_no_words(tmp_path):
    body = (
        "Mine.\n\n\t[[alternative HTML version deleted]]\n-------------- next part --------------\n"
        "An HTML attachment was scrubbed...\nURL: http://lists.example.org/x/attachment.html\n\nAlso mine.\n"
    )
    assert read(tmp_path, mail(body, message_id="<1@x>"))["1@x"].text.split() == ["Mine.", "Also", "mine."]


def mime(kind, data, encoding="8bit", **more):
    return mail(
        data, message_id="<1@x>", MIME_Version="1.0", Content_Type=kind, Content_Transfer_Encoding=encoding, **more
    )


def test_encoded_bodies_are_decoded(tmp_path):
    quoted = mime("text/plain; charset=utf-8", "Na=C3=AFve =\nsoft break =3D 1\n", "quoted-printable")
    packed = mime(
        "text/plain; charset=iso-8859-15", base64.b64encode("Prix 5 €".encode("iso-8859-15")).decode(), "base64"
    )
    broken = mime("text/plain; charset=no-such", "Words =C3=A9\n", "quoted-printable")
    assert read(tmp_path, quoted)["1@x"].text == "Naïve soft break = 1"
    assert read(tmp_path, packed)["1@x"].text == "Prix 5 €"
    assert read(tmp_path, broken)["1@x"].text == "Words é"


def test_of_several_parts_the_plain_words_are_read(tmp_path):
    parts = (
        "--B\nContent-Type: text/plain; charset=utf-8\n\nPlain words.\n"
        "--B\nContent-Type: text/html\n\n<p>Rich words.</p>\n"
        "--B\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nAttached.\n--B--\n"
    )
    assert read(tmp_path, mime('multipart/mixed; boundary="B"', parts))["1@x"].text == "Plain words."


def test_a_mail_of_html_only_keeps_its_quotes_apart(tmp_path):
    page = (
        "<div>My <b>words</b>.</div><div class=gmail_quote><div class=gmail_attr>On Mon, Bob wrote:</div>"
        "<blockquote>Theirs.</blockquote></div>"
    )
    found = read(tmp_path, mime("text/html; charset=utf-8", page))["1@x"]
    assert found.text == "My words."
    assert "Theirs." in [quote.text for quote in found.quotes]


def test_malformed_structures_cost_no_mail(tmp_path):
    nested = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(500))
    found = read(
        tmp_path,
        mime("multipart/mixed; boundary=b0", nested),
        mail("Fine.\n", message_id="<2@x>"),
        "From x Thu Nov  1 11:19:12 2001\nSubject:\n\n\n",
        mail("Last.\n", message_id="<3@x>"),
    )
    assert found["2@x"].text == "Fine."
    assert found["3@x"].text == "Last."
    assert found["1@x"].status in ("ok", "empty")


def test_a_single_mail_is_read(tmp_path):
    path = put(
        tmp_path, "one.eml", "Date: Thu, 1 Nov 2001 11:19:12 +0000\nFrom: Ada <a@x>\nMessage-ID: <1@x>\n\nHello.\n"
    )
    assert sniffed(MBOX, path) > 0.5
    assert read_path(MBOX, path)["1@x"].text == "Hello."


@pytest.mark.parametrize(
    "data", ["From me to you\n\nwords", "Dear all: hello", "", "Subject: x\n\ny", "From: a\nDate: b\n\nc"]
)
def test_other_texts_are_no_mailboxes(tmp_path, data):
    assert sniffed(MBOX, put(tmp_path, "other.txt", data)) == 0


def test_a_file_that_holds_no_mail_says_so(tmp_path):
    page = put(tmp_path, "a.html", "<!doctype html><html><body><p>Note: words\nFrom here on, more</p></body></html>")
    with pytest.raises(InputError, match="holds no comments that mbox can read"):
        list(readers.read(page, format="mbox"))
    before = put(tmp_path, "b.mbox", "Words before the first mail\n\nFrom ann@a.example\nFrom: ann\nSubject: s\n\nhi\n")
    reading = readers.read(before, format="mbox")
    assert [comment.text for thread in reading for comment in thread.comments] == ["hi"]
    assert [skip.why for skip in reading.skips] == ["is no mail"]


def test_carriage_returns_and_numbers_for_dates_separate_mails(tmp_path):
    usenet = "From -8529130183021373823\nX-Google-Language: ENGLISH\nFrom: a@x (A)\nMessage-ID: <1@x>\n\nOne.\n\n"
    path = put(tmp_path, "news", (usenet + mail("Two.\n", message_id="<2@x>")).replace("\n", "\r\n").encode())
    assert sniffed(MBOX, path) > 0.9
    assert len(list(split_mails(FileSource(str(path))))) == 2
    assert [comment.text for comment in read_path(MBOX, path).all] == ["One.", "Two."]
