"""The thinned recent past: the newest reading of each bucket of the battery's axis."""

from __future__ import annotations

from bisect import bisect

import numpy as np

from pipelines.analytics.layout import AXIS, CURRENT, TEMPERATURE, UNIX_TIME, VOLTAGE, Floats, Integers
from pipelines.analytics.rows import Heading
from schemas import TracePoint


def trace_points(
    heading: Heading,
    buffer: Floats,
    new: Integers,
    cycle_numbers: list[tuple[int, int]],
    interval_s: float,
) -> list[TracePoint]:
    """One point a bucket that a new reading fell into.

    Args:
        heading: Of the points.
        buffer: Readings in order (`layout`).
        new: Columns of those that came with this chunk, rising.
        cycle_numbers: The column from which on a cycle number holds, rising; the first one is 1.
        interval_s: Width of a bucket [s].
    """
    if not len(new):
        return []
    first = int(new[0])  # what lies before is in no bucket that was touched, or not the newest of it
    bucket = np.floor(buffer[AXIS, first:] / interval_s)
    ends = [*(bucket[1:] != bucket[:-1]).nonzero()[0].tolist(), len(bucket) - 1]
    seen = [0, *new.searchsorted([first + end for end in ends], "right").tolist()]
    touched = [end for end, before, after in zip(ends, seen, seen[1:], strict=False) if after > before]
    columns, numbers = zip(*cycle_numbers, strict=True)
    return [
        TracePoint(
            heading.battery_id,
            int(number),
            shown[AXIS],
            shown[UNIX_TIME],
            shown[CURRENT],
            shown[VOLTAGE],
            shown[TEMPERATURE],
            numbers[bisect(columns, first + end) - 1],
            heading.revision,
        )
        for end, number, shown in zip(
            touched, bucket[touched].tolist(), buffer[:, first:][:, touched].T.tolist(), strict=True
        )
    ]
