import pytest

from discourse.readers.mail_body import from_words


def split(words):
    body = from_words(words)
    return body.text, [(quote.author, quote.text) for quote in body.quotes]


@pytest.mark.parametrize(
    "words",
    [
        "Ada Lovelace wrote:\n> Theirs.\n\nMine.",
        "On 3 Mar 2020 at 10:12 am, Ada Lovelace via List\n<list at example.org> wrote:\n\n> Theirs.\n\nMine.",
        ">>>>> Ada Lovelace\n>>>>>     on Mon, 2 Mar 2026 14:37:22 +0100 writes:\n\n    > Theirs.\n\nMine.",
        '>>>>> "AL" == Ada Lovelace <ada at x.org> writes:\n\n    AL> Theirs.\n\nMine.',
        "On Tue, 6 Nov 2001 15:01:18 -1000 Ada Lovelace wrote:\n\nAda> Theirs.\n\nMine.",
        "> On 28 Feb 2026, at 12.57, Ada Lovelace <ada at x.org> wrote:\n> \n> Theirs.\n\nMine.",
        "Mine.\n\n-----Original Message-----\nFrom: Ada Lovelace [mailto:ada at x.org]\nSent: Monday\n\nTheirs.",
        "Mine.\n\n-----Original Message-----\nFrom: list-admin at x.org\n[mailto:list-admin at x.org] "
        "On Behalf Of Ada\nLovelace\nSent: Monday\n\nTheirs.",
        "Mine.\n\nFrom: Ada Lovelace <ada@x.org>\nSent: lundi\nTo: Bob <b@x.org>\nSubject: RE: x\n\nTheirs.",
        "Mine.\n\n__________________________\nDe : Ada Lovelace <ada@x.org>\nEnvoyé : lundi\nObjet : x\n\nTheirs.",
        "Mine.\n\n________\nOn Monday, 3 March 2026, Ada Lovelace <ada at x.org> wrote:\n\nTheirs.",
        "Le 09/03/2026 ? 12:53, Ada Lovelace a ?crit?:\n> Theirs.\nMine.",
        "Ada Lovelace wrote:\n? ? > Theirs.\n\nMine.",
        "From: Ada Lovelace <ada at x.org>\n> Theirs.\n\nMine.",
    ],
)
def test_every_way_of_quoting_comes_out_the_same(words):
    assert split(words) == ("Mine.", [("Ada Lovelace", "Theirs.")])


def test_two_citations_in_a_row_are_about_two_depths():
    words = ">>>>> Ada\n>>>>>     on Mon writes:\n\n>>>>> Bob\n>>>>>     on Sun writes:\n\n"
    words += "    >> Bob's.\n    > Ada's.\n\nMine."
    text, quotes = split(words)
    assert text == "Mine."
    assert set(quotes) == {("Ada", "Ada's."), ("Bob", "Bob's.")}


def test_an_original_message_line_above_marked_words_goes():
    words = "-----Original Message-----\n>\n> Theirs.\n>\nMine.\n\n> More.\nMine too."
    assert split(words) == ("Mine.\n\nMine too.", [(None, "Theirs."), (None, "More.")])


def test_prompts_are_own_words():
    words = "Look:\n\n>>> a = array([1])\n>>> a\narray([1])\n\nOdd."
    assert split(words) == (words, [])
    assert split("Bob wrote:\n> I get:\n> >>> print(1)\n> 1\nSo do I.") == (
        "So do I.",
        [("Bob", "I get:\n>>> print(1)\n1")],
    )
    assert split("IDL> print, a\n 2\nIDL> print, b\n")[1] == []


def test_deep_quotes_without_code_are_quotes():
    text, quotes = split("Mine.\n\n>>> first said\n>> second said\n> third said\n")
    assert text == "Mine."
    assert {quote for _, quote in quotes} == {"first said", "second said", "third said"}


def test_a_rule_and_a_colon_alone_are_words():
    words = "Title\n----------------------------------------\nHe wrote:\nnothing.\n\n____\nEnd."
    assert split(words) == (words, [])


def test_you_is_nobodys_name():
    assert split("On Saturday 17 November 2001 00:11 am, you wrote:\n> Theirs.\nMine.") == (
        "Mine.",
        [(None, "Theirs.")],
    )


def test_a_signed_mail_loses_its_armor():
    words = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nMine.\n- -- \nAda\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
        "-----END PGP SIGNATURE-----\n"
    )
    assert split(words) == ("Mine.", [])


def test_a_long_text_after_two_dashes_is_no_signature():
    words = "Mine.\n--\n" + "\n".join(f"line {number}" for number in range(40))
    assert split(words)[0].endswith("line 39")
    assert split("Mine.\n--\nAda\n")[0] == "Mine."


def test_thousands_of_lines_are_split_in_linear_time():
    words = "\n".join([">>> x = 1", "Ada> so", "From: a", "> on", "-- ", "____", "wrote:"] * 3000)
    assert from_words(words) is not None
