"""How threads, summaries and tables show themselves in a notebook: HTML without scripts, safe, in light and dark."""

from discourse.views.cards import summary_html
from discourse.views.frames import table_html
from discourse.views.tree import labeled_html, thread_html

__all__ = ["labeled_html", "summary_html", "table_html", "thread_html"]
