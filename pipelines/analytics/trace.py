"""The thinned recent past: the newest reading of each bucket of the battery's axis."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from functools import partial
from itertools import compress, pairwise, repeat

import numpy as np

from pipelines.analytics.layout import AXIS, CURRENT, TEMPERATURE, UNIX_TIME, VOLTAGE, Floats, Integers
from pipelines.analytics.rows import Heading
from schemas import TracePoint

_point = partial(tuple.__new__, TracePoint)
"""`TracePoint._make` without its check of the length: a long chunk makes some twenty points."""


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
    ends, buckets = _newest_of_buckets(buffer[AXIS], new, interval_s)
    shown = buffer[: TEMPERATURE + 1].take(ends, axis=1).tolist()
    columns = (
        repeat(heading.battery_id),
        buckets,
        shown[AXIS],
        shown[UNIX_TIME],
        shown[CURRENT],
        shown[VOLTAGE],
        shown[TEMPERATURE],
        _cycle_numbers(cycle_numbers, ends),
        repeat(heading.revision),
    )
    return list(map(_point, zip(*columns, strict=False)))


def _cycle_numbers(since: list[tuple[int, int]], ends: list[int]) -> Iterable[int]:
    """The cycle number at each column."""
    if since[0][1] == since[-1][1]:
        return repeat(since[0][1])
    columns, numbers = zip(*since, strict=True)
    return [numbers[bisect(columns, end) - 1] for end in ends]


def _newest_of_buckets(times_s: Floats, new: Integers, interval_s: float) -> tuple[list[int], list[int]]:
    """The newest column of each bucket that one of the ``new`` columns is in, and the numbers of these buckets."""
    first, last = int(new[0]), len(times_s) - 1  # what is before the first one is not the newest of any of them
    bucket = np.floor(times_s[first:] / interval_s)
    if bucket[0] == bucket[-1]:
        return [last], [int(bucket[0])]
    ends = (bucket[1:] != bucket[:-1]).nonzero()[0]
    found = [*(ends + first).tolist(), last]
    numbers = [*map(int, bucket[ends].tolist()), int(bucket[-1])]
    if len(new) > last - first:
        return found, numbers
    seen = [0, *new.searchsorted(found, "right").tolist()]
    touched = [after > before for before, after in pairwise(seen)]
    return list(compress(found, touched)), list(compress(numbers, touched))
