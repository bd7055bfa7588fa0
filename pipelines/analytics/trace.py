"""The thinned recent past: the newest reading of each bucket of the battery's axis."""

from __future__ import annotations

from itertools import repeat

import numpy as np

from pipelines.analytics.layout import AXIS, CURRENT, TEMPERATURE, UNIX_TIME, VOLTAGE, Booleans, Floats
from pipelines.analytics.rows import Heading
from schemas import TracePoint


def trace_points(
    heading: Heading,
    buffer: Floats,
    is_new: Booleans,
    cycle_numbers: list[tuple[int, int]],
    interval_s: float,
) -> list[TracePoint]:
    """One point a bucket that a new reading fell into.

    Args:
        heading: Of the points.
        buffer: Readings in order (`layout`).
        is_new: Which of them came with this chunk, shape (columns - 1,).
        cycle_numbers: Column from which on a cycle number holds; the first one is 1.
        interval_s: Width of a bucket [s].
    """
    if not is_new.any():
        return []
    bucket = np.floor(buffer[AXIS, 1:] / interval_s)
    starts = np.flatnonzero(bucket[1:] != bucket[:-1]) + 1
    starts = np.concatenate(([0], starts))
    touched = np.logical_or.reduceat(is_new, starts)
    last = np.append(starts[1:], len(bucket))[touched]
    columns, numbers = np.array(cycle_numbers).T
    cycle = numbers[np.searchsorted(columns, last, side="right") - 1]
    shown = buffer[[AXIS, UNIX_TIME, CURRENT, VOLTAGE, TEMPERATURE]][:, last].tolist()
    buckets = bucket[last - 1].astype(np.int64).tolist()
    return list(map(TracePoint, repeat(heading.battery_id), buckets, *shown, cycle.tolist(), repeat(heading.revision)))
