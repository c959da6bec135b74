"""The small readings that saved pages share: ages, dates, languages, repeated words."""

from datetime import UTC, datetime

import pytest

from discourse.echoes import Sources, coverage, repeats, shingles, words
from discourse.readers.ages import parse_score, read_age
from discourse.readers.languages import language_code, lemmy_languages
from discourse.readers.printed_dates import read_byline, read_date_line


@pytest.mark.parametrize(
    ("line", "score", "age"),
    [
        ("54 months ago", 5.0, "4 months ago"),
        ("1210 months ago", 12.0, "10 months ago"),
        ("-11 month ago", -1.0, "1 month ago"),
        ("013 hours ago", 0.0, "13 hours ago"),
        ("edit-214 days ago", None, "14 days ago"),
        ("1.2Kil y a 2 mois", 1200.0, "il y a 2 mois"),
        ("5about 4 months ago", 5.0, "about 4 months ago"),
        ("11 maand geleden", 1.0, "1 maand geleden"),
        ("511 maanden geleden", 5.0, "11 maanden geleden"),
        ("54 个月前", 5.0, "4 个月前"),
        ("4 months ago", None, "4 months ago"),
        ("just now", None, "just now"),
    ],
)
def test_glued_scores_that_can_be_read_in_one_way(line, score, age):
    (reading,) = read_age(line)
    assert (reading.score, reading.age) == (score, age)


def test_a_glued_score_that_can_be_read_in_two_ways():
    assert {(reading.score, reading.age) for reading in read_age("123 days ago")} == {
        (1.0, "23 days ago"),
        (12.0, "3 days ago"),
    }


@pytest.mark.parametrize("line", ["", "I left 4 months ago", "4 months", "ago", "x" * 100 + " 4 months ago", "5"])
def test_lines_that_are_no_age(line):
    assert read_age(line) == ()


def test_scores_as_printed():
    assert [parse_score(text) for text in ("5", "-3", "−3", "1.2K", "3,4k", "1M", "05", "x")] == [
        5.0, -3.0, -3.0, 1200.0, 3400.0, 1_000_000.0, None, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "moment", "author"),
    [
        ("28 février 2024 à 08h18", (2024, 2, 28, 8, 18), None),
        ("Publié le 28-02-2024 par François Manens", (2024, 2, 28), "François Manens"),
        ("Par Jean de La Rue, le 3 mars 2024", (2024, 3, 3), "Jean de La Rue"),
        ("Published on February 28, 2024 at 8:18 PM by Jane Q. Doe", (2024, 2, 28, 20, 18), "Jane Q. Doe"),
        ("28. Februar 2024, 08:18 Uhr", (2024, 2, 28, 8, 18), None),
        ("2 de mayo de 2024", (2024, 5, 2), None),
        ("mercoledì 1 maggio 2024 alle 9:05", (2024, 5, 1, 9, 5), None),
        ("2024-02-28 08:18", (2024, 2, 28, 8, 18), None),
        ("1er août 2023", (2023, 8, 1), None),
    ],
)
def test_date_lines(line, moment, author):
    found = read_date_line(line)
    assert (found.moment, found.author) == (datetime(*moment, tzinfo=UTC), author)


@pytest.mark.parametrize("line", ["Lundi 26 février 2024, la firme a signé", "31/31/2024", "2024", "en mai", ""])
def test_lines_that_are_no_date(line):
    assert read_date_line(line) is None


def test_a_date_of_change_is_told():
    assert read_date_line("Mis à jour le 01/03/2024 à 10:22").update


def test_bylines():
    assert read_byline("Par Jeanne van der Meer") == "Jeanne van der Meer"
    assert read_byline("Par ailleurs, rien n'a changé.") is None


def test_languages_as_lemmy_prints_them():
    assert [language_code(name) for name in ("Français", "english", "Norsk bokmål", "Undetermined", "Klingonisch")] == [
        "fr", "en", "nb", "und", None
    ]  # fmt: skip
    assert len(lemmy_languages()) == 184
    assert lemmy_languages()[37] == ("en", "English")


def test_words_do_not_depend_on_case_points_and_forms():
    assert words("L’État, c’est MOI…  ﬁn") == ("l", "état", "c", "est", "moi", "fin")


def test_repeated_words():
    text = words("one two three four five six")
    assert repeats(words("Three, FOUR five"), text)
    assert not repeats(words("three five"), text)
    assert not repeats((), text)
    assert coverage(words("two three four nine"), shingles(text)) == 0.5


def test_sources_share_three_grams():
    sources = Sources()
    sources.add(0, words("a b c d e"))
    sources.add(3, words("b c d x y"))
    assert sources.shares(words("b c d e")) == {0: 1.0, 3: 0.5}
    assert sources.shares(words("b c d e"), among=[3]) == {3: 0.5}
    assert sources.shares(words("b c")) == {}
    assert Sources(only=shingles(words("p q r"))).shares(words("b c d e")) == {}
