import subprocess
import sys

import pytest

from discourse.text import SUPPORTED_LANGUAGES, detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Je ne crois pas que cet accord change quoi que ce soit pour nous.", "fr"),
        ("I do not think that this deal changes anything for us.", "en"),
        ("Ich glaube nicht, dass dieser Vertrag irgendetwas ändert.", "de"),
        ("No creo que este acuerdo cambie nada para nosotros.", "es"),
        ("Non credo che questo accordo cambi qualcosa per noi.", "it"),
        ("Não acho que este acordo mude alguma coisa para nós.", "pt"),
        ("Ik denk niet dat deze overeenkomst iets voor ons verandert.", "nl"),
        ("Jeg tror ikke, at denne aftale ændrer noget for os.", "da"),
        ("Nie sądzę, żeby ta umowa cokolwiek dla nas zmieniła.", "pl"),
        ("Я не думаю, что это соглашение что-то изменит для нас.", "ru"),
        ("Δεν νομίζω ότι αυτή η συμφωνία αλλάζει κάτι για εμάς.", "el"),
        ("C'EST N'IMPORTE QUOI CETTE HISTOIRE", "fr"),
    ],
)
def test_supported_languages(text, code):
    assert code in SUPPORTED_LANGUAGES
    assert detect_language(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("これは日本語の文章です", "ja"),
        ("这是一个中文句子", "zh"),
        ("안녕하세요 여러분", "ko"),
        ("مرحبا بالعالم كيف حالك", "ar"),
        ("שלום עולם מה שלומך", "he"),
        ("สวัสดีชาวโลก", "th"),
    ],
)
def test_other_scripts_get_their_code_whatever_the_candidates(text, code):
    assert detect_language(text) == code
    assert detect_language(text, ("fr", "en")) == code


@pytest.mark.parametrize(
    "text", ["", "lol", "+1", "Merci !", "https://example.org/une/page/en/francais", "12 345 678,90", "@ada"]
)
def test_too_short_to_tell(text):
    assert detect_language(text) == "und"


def test_urls_names_and_code_are_no_words():
    noise = "https://example.org/the/quick/brown/fox @the_quick_fox #brownfox `return the_value` "
    assert detect_language(noise + "Ce n'est pas une bonne nouvelle pour les clients") == "fr"


def test_candidates_restrict():
    text = "Jeg tror ikke, at denne aftale ændrer noget for os."
    assert detect_language(text, ("fr", "no")) == "no"
    with pytest.raises(ValueError, match="xx"):
        detect_language(text, ("xx",))


def test_a_long_text_is_read_at_its_beginning():
    assert detect_language("Je ne crois pas que cela change quelque chose. " * 100_000) == "fr"


def test_the_model_is_loaded_when_called():
    code = "import sys, discourse.text; sys.exit('py3langid' in sys.modules or 'ftfy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
