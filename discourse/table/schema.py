"""The columns of the labeled table and of the table of threads: names, order and types.

Probabilities are float32, as the model gives them; times are UTC with microseconds. It does not know how rows are made.
"""

from __future__ import annotations

import pyarrow as pa

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES

_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_PROBABILITY = pa.float32()
QUOTE_TYPE = pa.struct([("author", _TEXT), ("text", _TEXT)])

SCHEMA: pa.Schema = pa.schema(
    [
        ("thread_id", _TEXT),
        ("comment_id", _TEXT),
        ("parent_id", _TEXT),
        ("kind", _TEXT),
        ("depth", pa.int32()),
        ("link", _TEXT),
        ("link_confidence", _PROBABILITY),
        ("author", _TEXT),
        ("created", _TIME),
        ("age", _TEXT),
        ("edited", pa.bool_()),
        ("edited_at", _TIME),
        ("score", pa.float64()),
        ("lang", _TEXT),
        ("status", _TEXT),
        ("text", _TEXT),
        ("quotes", pa.list_(QUOTE_TYPE)),
        ("target", _TEXT),
        ("stance", _TEXT),
        ("stance_confidence", _PROBABILITY),
        *((f"stance_{label}", _PROBABILITY) for label in STANCES),
        ("stance_abstained", pa.bool_()),
        ("reply_stance", _TEXT),
        ("reply_stance_confidence", _PROBABILITY),
        *((f"reply_{label}", _PROBABILITY) for label in REPLY_STANCES),
        ("reply_abstained", pa.bool_()),
        ("argument", _TEXT),
        ("argument_confidence", _PROBABILITY),
        ("argument_scores", pa.list_(_PROBABILITY)),
        ("argument_abstained", pa.bool_()),
        ("secondary", pa.list_(_TEXT)),
        ("by", _TEXT),
        ("truncated", pa.bool_()),
        ("repairs", pa.list_(_TEXT)),
        ("url", _TEXT),
        ("source", _TEXT),
    ]
)
"""One row per comment (posts included) and target; the key is (thread_id, comment_id, target).

`parent_id` is the parent the row's link names, stated or guessed: `link` says which. A repair reads `kind: detail`.
"""

THREAD_SCHEMA: pa.Schema = pa.schema(
    [
        ("thread_id", _TEXT),
        ("target", _TEXT),
        ("title", _TEXT),
        ("url", _TEXT),
        ("source", _TEXT),
        ("reply_field", pa.bool_()),
        ("announced", pa.int32()),
        ("notices", pa.list_(_TEXT)),
        ("post_id", _TEXT),
        ("comments", pa.int32()),
        ("authors", pa.int32()),
        ("without_author", pa.int32()),
        ("max_depth", pa.int32()),
        ("first_created", _TIME),
        ("last_created", _TIME),
        ("repairs", pa.int32()),
        ("guessed_links", pa.int32()),
        *((f"stance_{label}", pa.int32()) for label in STANCES),
        ("stance_abstained", pa.int32()),
        *((f"reply_{label}", pa.int32()) for label in REPLY_STANCES),
        ("reply_abstained", pa.int32()),
        *((f"argument_{label}", pa.int32()) for label in ARGUMENTS),
        ("argument_abstained", pa.int32()),
    ]
)
"""One row per thread and target, threads without comments included: what is known of the thread, and plain counts.

Counts are of comments, never of the post; a label counts whether it was abstained or not.
"""

REQUIRED: tuple[str, ...] = ("thread_id", "comment_id", "link", "status", "stance", "argument")
"""The columns without which a table is not a labeled table; all others may be missing and are then empty."""
