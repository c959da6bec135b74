"""Reply trees: what a comment is, how a thread is rebuilt from records in any order, and how it is walked.

One builder serves every reader. It is iterative and linear in the number of comments, whatever the depth, and
it never fails on a malformed tree: what it had to change is a `Repair`, so that every guess can be counted.
It does not know where records come from, nor what any comment means.
"""

from discourse.threads.comment import NO_LINK, STATED, Comment, Evidence, Kind, Link, Quote, Repair, Status
from discourse.threads.mending import filled, newer
from discourse.threads.tree import Thread, build_thread, with_links

__all__ = [
    "NO_LINK",
    "STATED",
    "Comment",
    "Evidence",
    "Kind",
    "Link",
    "Quote",
    "Repair",
    "Status",
    "Thread",
    "build_thread",
    "filled",
    "newer",
    "with_links",
]
