"""Numbers as text: the fewest digits that read back as the same number."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa


def shortest(value: float, kind: pa.DataType) -> float | None:
    """Return a number whose text is the shortest that gives the same single (or double) precision value back.

    What is no number becomes None, since JSON has none.
    """
    if not math.isfinite(value):
        return None
    return float(str(np.float32(value))) if pa.types.is_float32(kind) else value
