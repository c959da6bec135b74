"""People's labels: the gold table, what to label next, how far annotators agree, and what they settle on."""

from discourse.gold.agreement import Agreement, Estimate, PairAgreement, measure_agreement
from discourse.gold.files import Gold, SkippedRow, read_gold, read_golds, write_gold
from discourse.gold.rows import ADJUDICATOR, GOLD_COLUMNS, GoldLabel
from discourse.gold.sampling import Draw, Strategy, sample
from discourse.gold.settling import Disagreement, Settled, disagreements, settle, write_disagreements
from discourse.gold.sheets import write_sample
from discourse.gold.tasks import labeling_config

__all__ = [
    "ADJUDICATOR",
    "GOLD_COLUMNS",
    "Agreement",
    "Disagreement",
    "Draw",
    "Estimate",
    "Gold",
    "GoldLabel",
    "PairAgreement",
    "Settled",
    "SkippedRow",
    "Strategy",
    "disagreements",
    "labeling_config",
    "measure_agreement",
    "read_gold",
    "read_golds",
    "sample",
    "settle",
    "write_disagreements",
    "write_gold",
    "write_sample",
]
