"""The narrative: every sentence of ours passes the checker, and no planted error does."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest
from generated import labeled_thread
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.summary import Estimate, KeyPoint, summarize
from discourse.summary.narrative import Checker, check, narrate
from discourse.summary.narrative.sentences import Teller
from discourse.summary.narrative.writer import named_writer

LANGUAGES = ["en", "fr"]
WORDS = {
    "en": {
        "favor": "in favor",
        "against": "against",
        "none": "take no side",
        "agree": "agree with",
        "disagree": "disagree",
        "neutral": "neutral",
        "comments": "comments",
        "authors": "authors",
        "replies": "replies",
    },
    "fr": {
        "favor": "favorables",
        "against": "opposés",
        "none": "ne prennent pas parti",
        "agree": "approuvent",
        "disagree": "désapprouvent",
        "neutral": "neutres",
        "comments": "commentaires",
        "authors": "auteurs",
        "replies": "réponses",
    },
}
NEGATIONS = {"en": ["not", "never", "hardly", "no", "n't"], "fr": ["ne", "pas", "jamais", "guère", "aucun", "n'"]}
QUOTATION = re.compile(r"“[^”]*”|«[^»]*»")


TARGETS = ["x", "l'accord « A »", 'a "b" c', None, "30 % of 12"]


@cache
def told(seed: int, lang: str, key_points: bool = False):
    """Return a summary and its sentences; the key points are sentences of comments."""
    (summary,) = summarize(labeled_thread(150, seed, targets=("l'accord « A–B »",), authors=12, lean=(0.4, 0.7, 0.5)))
    if key_points:
        held = {e.label: e for e in summary.exemplars if e.field == "stance"}
        points = tuple(
            KeyPoint(side, held[side].text, held[side].comment_id, held[side].author, n, n - 3, 0.1, ())
            for side, n in (("favor", 17), ("against", 23))
        )
        summary = replace(summary, key_points=points)
    return summary, tuple(Teller(summary, lang).sentences())


def refused(sentence: str, seed: int, lang: str, key_points: bool = False) -> bool:
    return check(sentence, told(seed, lang, key_points)[0], lang) is not None


@given(
    st.integers(0, 60), st.integers(0, 10_000), st.sampled_from(["x", "l'accord « A »", 'a "b" c', None, "30 % of 12"])
)
@settings(max_examples=40, deadline=None)
def test_no_true_sentence_of_ours_is_refused(n, seed, target):
    (summary,) = summarize(labeled_thread(n, seed, targets=(target,), authors=1 + seed % 7))
    for lang in LANGUAGES:
        checker = Checker(summary, lang)
        ours = list(Teller(summary, lang).sentences())
        assert [refusal for refusal in map(checker.check, ours) if refusal] == []
        assert narrate(summary, lang).sentences == tuple(ours)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_odd_names_and_texts_are_told_and_checked(lang):
    labeled = labeled_thread(80, 4, authors=3)
    names = {"author 0": "12 comments", "author 1": "against", "author 2": "Zoé “la” <b>"}
    texts = ["He said “no.” And 34% agree.", "« Non ! » dit-il… 12 % d'accord, ou pas.", "Broken “ mark, 7 against."]
    comments = tuple(
        replace(one, author=names.get(one.author, one.author), text=texts[place % 3] if one.text else "")
        for place, one in enumerate(labeled.thread.comments)
    )
    (summary,) = summarize(replace(labeled, thread=replace(labeled.thread, comments=comments)))
    ours = list(Teller(summary, lang).sentences())
    assert [refusal for refusal in (check(one, summary, lang) for one in ours) if refusal] == []
    assert sum("writes" in one or "écrit\u00a0:" in one for one in ours) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("key_points", [False, True])
class TestPlantedErrors:
    def test_changed_numbers(self, lang, seed, key_points):
        planted = 0
        for sentence in told(seed, lang, key_points)[1]:
            for match in re.finditer(r"\d+", QUOTATION.sub(lambda held: "_" * len(held.group()), sentence)):
                for other in (int(match.group()) + 1, int(match.group()) - 1, int(match.group()) * 10 + 3):
                    false = f"{sentence[: match.start()]}{max(other, 0)}{sentence[match.end() :]}"
                    if false != sentence:
                        assert refused(false, seed, lang, key_points), false
                        planted += 1
        assert planted > 60

    def test_swapped_numbers(self, lang, seed, key_points):
        planted = 0
        for sentence in told(seed, lang, key_points)[1]:
            found = list(re.finditer(r"\d+", QUOTATION.sub(lambda held: "_" * len(held.group()), sentence)))
            for place, one in enumerate(found):
                for two in found[place + 1 :]:
                    if one.group() != two.group():
                        parts = (sentence[: one.start()], two.group(), sentence[one.end() : two.start()], one.group())
                        assert refused("".join(parts) + sentence[two.end() :], seed, lang, key_points), parts
                        planted += 1
        assert planted > 25

    def test_flipped_signs_and_units(self, lang, seed, key_points):
        summary, sentences = told(seed, lang, key_points)
        counts = {share.label: share.count for part in (summary.stance, summary.reply_stance) for share in part.labels}
        assert len(set(counts.values())) == len(counts), "equal counts would make a flip true"
        families = [["favor", "against", "none"], ["agree", "disagree", "neutral"], ["comments", "authors", "replies"]]
        planted = 0
        for sentence in sentences:
            bare = QUOTATION.sub(lambda held: "_" * len(held.group()), sentence)
            for family in families if re.search(r"\d", bare) else families[:2]:  # both units lead: that flip is true
                for old in family:
                    for match in re.finditer(rf"\b{WORDS[lang][old]}\b", bare):
                        for new in set(family) - {old}:
                            false = f"{sentence[: match.start()]}{WORDS[lang][new]}{sentence[match.end() :]}"
                            assert refused(false, seed, lang, key_points), false
                            planted += 1
        assert planted > 40

    def test_negations(self, lang, seed, key_points):
        for sentence in told(seed, lang, key_points)[1]:
            for match in re.finditer(r"(?<=\w) (?=\w)", sentence):
                for word in NEGATIONS[lang]:
                    false = f"{sentence[: match.start()]} {word} {sentence[match.end() :]}"
                    assert refused(false, seed, lang, key_points), false

    def test_altered_quotations(self, lang, seed, key_points):
        planted = 0
        for sentence in told(seed, lang, key_points)[1]:
            for match in QUOTATION.finditer(sentence):
                words = match.group()[1:-1].split()
                if len(words) < 6:
                    continue
                for place in range(len(words)):
                    for changed in (words[:place] + words[place + 1 :], [*words[:place], "lune", *words[place:]]):
                        false = sentence.replace(match.group()[1:-1], f" {' '.join(changed)} ")
                        assert refused(false, seed, lang, key_points), false
                        planted += 1
        assert planted > 20

    def test_invented_and_exchanged_authors(self, lang, seed, key_points):
        summary, sentences = told(seed, lang, key_points)
        planted = 0
        for sentence in sentences:
            for match in re.finditer(r"[“«]\s?author \d+\s?[”»]", sentence):
                for name in ("author 99", "Zola", *(person.author for person in summary.authors)):
                    false = sentence.replace(match.group(), f"“{name}”")
                    if name not in match.group():
                        assert refused(false, seed, lang, key_points), false
                        assert refused(sentence.replace(match.group(), "Zola"), seed, lang, key_points)
                        planted += 1
        assert planted > 10 or key_points

    def test_a_quotation_on_the_other_side(self, lang, seed, key_points):
        _, sentences = told(seed, lang, key_points)
        both = [QUOTATION.findall(one)[-1] for one in sentences[-6:] if len(QUOTATION.findall(one)[-1:]) and ":" in one]
        assert len(both) == 2
        for sentence in sentences:
            for one, two in (both, both[::-1]):
                if one in sentence:
                    assert refused(sentence.replace(one, two), seed, lang, key_points)


def test_words_that_are_not_understood_are_refused():
    summary, sentences = told(0, "en")
    for bad in (
        "The mob is furious.",
        "Everybody agrees.",
        "Comments are clearly against.",
        "A third are against.",
        "“open",
    ):
        assert check(bad, summary, "en") is not None
    assert check(sentences[0].replace("“", "”"), summary, "en") is None


def test_other_words_for_the_same_facts_pass():
    summary, _ = told(0, "en")
    favor, against = summary.stance["favor"], summary.stance["against"]
    assert (
        check(f"There are {favor.count} supportive comments, and {against.count} are opposed.", summary, "en") is None
    )
    assert check(f"{against.count} comments oppose it while {favor.count} support it.", summary, "en") is None
    assert check(f"{against.count} comments support it while {favor.count} oppose it.", summary, "en") is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_corrected_shares_are_told_instead_of_calibrated_ones(lang):
    summary, plain = told(1, lang)
    bounds = {"favor": (0.1, 0.2), "against": (0.5, 0.61)}
    estimates = tuple(Estimate("stance", side, "dsl", 0.3, *held, 0.3, 120, 40, ()) for side, held in bounds.items())
    corrected = narrate(replace(summary, prevalence=estimates), lang).sentences
    assert sum("120" in one for one in corrected) == 2
    assert len([one for one in plain if one not in corrected]) >= 2  # the other interval, and who leads by predictions
    (false,) = (one for one in corrected if "61" in one)
    for old, new in (("61", "62"), ("120", "121"), (WORDS[lang]["against"], WORDS[lang]["favor"])):
        assert check(false.replace(old, new), replace(summary, prevalence=estimates), lang) is not None


def test_a_writer_s_true_sentences_are_kept_and_its_false_ones_replaced():
    summary, ours = told(0, "en")

    def writer(sentences, lang):
        return [sentences[0].replace(" wrote ", " have written "), *(f"{one} Really." for one in sentences[1:])]

    held = narrate(summary, "en", writer, by="a model")
    assert held.sentences == (ours[0].replace(" wrote ", " have written "), *ours[1:])
    assert held.by == "a model"
    assert narrate(summary, "en", lambda sentences, lang: sentences[:-1], by="a model").by is None


def test_the_endpoint_is_asked_only_if_the_environment_names_it():
    asked = []

    def send(request):
        asked.append(request)
        lines = json.loads(request.data)["messages"][1]["content"]
        return json.dumps({"choices": [{"message": {"content": lines.replace("wrote", "have written")}}]}).encode()

    assert named_writer({}) is None
    assert named_writer({"DISCOURSE_WRITER_URL": "file:///etc", "DISCOURSE_WRITER_MODEL": "m"}) is None
    names = {
        "DISCOURSE_WRITER_URL": "https://example.org/v1/",
        "DISCOURSE_WRITER_MODEL": "m",
        "DISCOURSE_WRITER_KEY": "k",
    }
    writer, by = named_writer(names, send)
    summary, ours = told(0, "en")
    held = narrate(summary, "en", writer, by=by)
    assert (held.by, held.sentences[0]) == ("m", ours[0].replace("wrote", "have written"))
    assert asked[0].full_url == "https://example.org/v1/chat/completions"
    assert asked[0].get_header("Authorization") == "Bearer k"


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": "1. x"}}]}'])
def test_a_failing_endpoint_leaves_our_sentences(answer):
    def send(request):
        if not answer:
            raise TimeoutError
        return answer

    writer, _ = named_writer({"DISCOURSE_WRITER_URL": "http://localhost:1", "DISCOURSE_WRITER_MODEL": "m"}, send)
    summary, ours = told(0, "fr")
    assert narrate(summary, "fr", writer).sentences == ours
