"""Replies that a dump does not record: found by quote, by mention, or inferred; each with a probability."""

from discourse.links.linking import MODES, Mode, link

__all__ = ["MODES", "Mode", "link"]
