"""What a run of neighbouring readings shows besides its integrals: extremes, counts, ends."""

from __future__ import annotations

import numpy as np

from pipelines.analytics.layout import (
    AXIS,
    CYCLE_COUNT,
    DUPLICATES,
    MEASURED,
    STEP_ID,
    UNIX_TIME,
    VOLTAGE,
    Booleans,
    Floats,
    Integers,
)
from pipelines.analytics.segment import Segment, Sums


def measure(buffer: Floats, active: Booleans, starts: Integers, starts_s: Floats, sums: list[Sums]) -> list[Segment]:
    """Each piece of the buffer as a segment.

    Args:
        buffer: Readings.
        active: Of `direction.active`.
        starts: First column of each piece; the first piece starts at column 1, the last one ends with the buffer.
        starts_s: When each piece starts, on the battery's axis [s].
        sums: What each piece carries.
    """
    at, stops = starts - 1, np.append(starts[1:], buffer.shape[1])
    interval_s = buffer[AXIS, 1:] - buffer[AXIS, :-1]
    start_unix_s = buffer[UNIX_TIME, starts] - (buffer[AXIS, starts] - starts_s)
    columns = (
        sums,
        (stops - starts).tolist(),
        np.add.reduceat(buffer[DUPLICATES, 1:], at).astype(np.int64).tolist(),
        *np.add.reduceat(active[:, 1:], at, axis=1, dtype=np.int64).tolist(),
        *np.fmin.reduceat(buffer[MEASURED, 1:], at, axis=1).tolist(),
        *np.fmax.reduceat(buffer[MEASURED, 1:], at, axis=1).tolist(),
        np.maximum.reduceat(interval_s, at).tolist(),
        starts_s.tolist(),
        start_unix_s.tolist(),
        buffer[AXIS, stops - 1].tolist(),
        buffer[VOLTAGE, starts].tolist(),
        buffer[VOLTAGE, stops - 1].tolist(),
        *_end_voltages(buffer, active, at).tolist(),
        *_newest_counts(buffer, at, stops).tolist(),
    )
    return list(map(Segment._make, zip(*columns, strict=True)))


def _end_voltages(buffer: Floats, active: Booleans, at: Integers) -> Floats:
    """Voltage of each piece's last charging and last discharging reading, NaN without one; shape (2, pieces)."""
    last = _last_columns(active[:, 1:], at)
    return np.where(last > 0, buffer[VOLTAGE, last], np.nan)


def _newest_counts(buffer: Floats, at: Integers, stops: Integers) -> Floats:
    """Cycle count, step count and programme step told last in each piece, NaN without one; shape (3, pieces)."""
    told = buffer[CYCLE_COUNT : STEP_ID + 1]
    counts = told[:, stops - 1]
    if np.isnan(counts).any():
        last = _last_columns(~np.isnan(told[:, 1:]), at)
        counts = np.where(last > 0, np.take_along_axis(told, last, axis=1), np.nan)
    return counts


def _last_columns(marked: Booleans, at: Integers) -> Integers:
    """Column of each piece's last marked reading, 0 without one; a row for each row of marks."""
    found: Integers = np.maximum.reduceat(marked * np.arange(1, marked.shape[1] + 1), at, axis=1)
    return found
