"""Write the report: a page that shows who stands where in a thread, opens offline and asks nothing of the network.

write_report(labeled, path, *, summaries=None, lang="en", manifest=None) -> Path
"""

from discourse.reports.writing import write_report

__all__ = ["write_report"]
