"""Fewer points that look the same."""

from __future__ import annotations

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler

from dashboard.statistics import Floats


def thin(columns: dict[str, Floats], leading: str, most: int) -> dict[str, Floats]:
    """At most ``most`` rows, chosen so that the leading column keeps its shape; all rows when there are fewer."""
    values = columns[leading]
    if len(values) <= most:
        return columns
    kept = MinMaxLTTBDownsampler().downsample(np.ascontiguousarray(values), n_out=most)
    return {name: column[kept] for name, column in columns.items()}
