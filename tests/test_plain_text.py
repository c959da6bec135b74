from datetime import UTC, datetime

import pytest
from saved_pages import read_page, read_seed

from discourse.readers.base import Sample
from discourse.readers.plain_text import sniff

NOTICE = "no comment structure was recognized: read as a post without comments"


def test_a_seed_article_cut_by_a_link():
    form, thread = read_seed("001")
    assert (form, len(thread)) == ("plain_text", 0)
    post = thread.post
    assert post.title.startswith("L'alliance entre Mistral et Microsoft met fin")
    assert (post.author, post.created) == ("François Manens", datetime(2024, 2, 28, tzinfo=UTC))
    assert post.text.endswith("le virage de dernière minute de Mistral fait")
    assert "Lire aussi" not in post.text
    assert NOTICE in thread.notices
    assert any("paywall" in notice for notice in thread.notices)


def test_a_seed_article_without_a_comment_area():
    form, thread = read_seed("004")
    assert (form, len(thread), thread.title, thread.announced) == ("plain_text", 0, None, None)
    assert thread.post.text.startswith("Contrôle de l'UE\n\nMicrosoft est devenue")
    assert thread.post.text.endswith("le monde surveille de près ses pas.")
    assert thread.notices[0] == NOTICE
    assert thread.depths == (0,)


@pytest.mark.parametrize(
    "words",
    [
        "La suite est réservée aux abonnés.",
        "Subscribe to continue reading this article",
        "Jetzt weiterlesen mit einem Abo",
        "Contenido solo para suscriptores",
        "Contenuto riservato agli abbonati",
    ],
)
def test_a_paywall_is_marked_in_any_language(tmp_path, words):
    _, thread = read_page(tmp_path, f"A title that stands apart\n\nThe first paragraph of it.\n\n{words}\n")
    assert [notice for notice in thread.notices if "cut by a paywall" in notice]
    assert thread.post.text == "The first paragraph of it."


def test_any_other_text_is_kept_whole(tmp_path):
    poem = "Rain, rain,\ngo away,\n\nRain, rain,\ngo away,\n\ncome again\n12\nanother day."
    form, thread = read_page(tmp_path, poem)
    assert (form, thread.post.text, thread.title) == ("plain_text", poem, None)


def test_a_text_of_one_word_and_old_encodings(tmp_path):
    assert read_page(tmp_path, "word")[1].post.text == "word"
    assert read_page(tmp_path, "Été à Nîmes, déjà ?".encode("cp1252"), "old.txt")[1].post.text == "Été à Nîmes, déjà ?"


@pytest.mark.parametrize(
    "text", ["", "  \n", "<html><p>x</p>", '{"a": 1}', "[1, 2]", "\x00\x01\x02\x03 text", '<?xml version="1.0"?>']
)
def test_markup_json_and_bytes_are_not_plain_text(text):
    assert sniff(Sample("file", text.encode(), text, True)) == 0.0
