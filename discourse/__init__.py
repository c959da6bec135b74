"""Rebuild comment threads from dumps, label each comment's stance and argument, and sum them up per thread.

The public names are imported on first use: `import discourse` loads neither torch nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.7.0"

_PUBLIC = {
    "Comment": "discourse.threads",
    "Link": "discourse.threads",
    "Quote": "discourse.threads",
    "Repair": "discourse.threads",
    "Thread": "discourse.threads",
    "build_thread": "discourse.threads",
    "Label": "discourse.labels",
    "LabeledThread": "discourse.labels",
    "Verdict": "discourse.labels",
    "codebook": "discourse.labels",
    "DiscourseError": "discourse.errors",
    "read": "discourse.readers",
    "link": "discourse.links",
    "load_model": "discourse.classifier",
    "classify": "discourse.classifier",
    "to_frame": "discourse.table",
    "from_frame": "discourse.table",
    "summarize": "discourse.summary",
    "ThreadSummary": "discourse.summary",
    "write_report": "discourse.reports",
    "export": "discourse.exports",
    "sample": "discourse.gold",
    "measure_agreement": "discourse.gold",
    "Pseudonymizer": "discourse.privacy",
}

__all__ = sorted(["__version__", *_PUBLIC])


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'discourse' has no attribute {name!r}")
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
