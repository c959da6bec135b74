"""Pseudonyms: one person, one invented name everywhere, which tells nothing to those without the key file."""

from discourse.privacy.keys import load_key
from discourse.privacy.pseudonymizer import Pseudonymized, Pseudonymizer
from discourse.privacy.report import WORDS_LEFT, Ambiguity, PrivacyReport

__all__ = ["WORDS_LEFT", "Ambiguity", "PrivacyReport", "Pseudonymized", "Pseudonymizer", "load_key"]
