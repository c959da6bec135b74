"""Turn markup into an author's own words and the words they quote, and tell a text's language."""

from discourse.text.bbcode import from_bbcode
from discourse.text.body import Body
from discourse.text.cleaning import clean
from discourse.text.hypertext import from_html
from discourse.text.language import SUPPORTED_LANGUAGES, detect_language
from discourse.text.mail import from_plain
from discourse.text.markdown import from_markdown

__all__ = [
    "SUPPORTED_LANGUAGES",
    "Body",
    "clean",
    "detect_language",
    "from_bbcode",
    "from_html",
    "from_markdown",
    "from_plain",
]
