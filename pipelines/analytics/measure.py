"""What a run of neighbouring readings shows besides its integrals: extremes, counts, ends."""

from __future__ import annotations

from math import nan

import numpy as np

from pipelines.analytics.direction import CHARGING, DISCHARGING, REPEATS
from pipelines.analytics.layout import AXIS, CYCLE_COUNT, MEASURED, STEP_COUNT, STEP_ID, UNIX_TIME, VOLTAGE, Floats
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.spans import Span


def measure(buffer: Floats, mark: Floats, interval_s: Floats, spans: list[Span], sums: list[Sums]) -> list[Segment]:
    """Each span of a buffer as a segment; one that goes on with the segment before has no start of its own.

    Args:
        buffer: Readings.
        mark: Of `direction.Currents`.
        interval_s: Before each reading [s].
        spans: All of the buffer.
        sums: What each of them carries.
    """
    starts = np.array([span.start for span in spans])
    shown = zip(
        spans,
        sums,
        np.add.reduceat(mark, starts, axis=1).T.tolist(),
        np.fmin.reduceat(buffer[MEASURED], starts, axis=1).T.tolist(),
        np.fmax.reduceat(buffer[MEASURED], starts, axis=1).T.tolist(),
        np.maximum.reduceat(interval_s, starts).tolist(),
        strict=True,
    )
    return [_segment(buffer, mark, *span) for span in shown]


def _segment(
    buffer: Floats,
    mark: Floats,
    span: Span,
    sums: Sums,
    counted: list[float],
    lowest: list[float],
    highest: list[float],
    gap_max_s: float,
) -> Segment:
    """The readings of a span; ``lowest`` and ``highest`` of current, voltage, temperature."""
    columns = slice(span.start, span.stop)
    readings, marked = buffer[:, columns], mark[:, columns]
    first, last = readings[:, 0].tolist(), readings[:, -1].tolist()
    start_s = first[AXIS] if span.change is None else span.change.start_s
    return Segment(
        sums,
        span.stop - span.start,
        int(counted[REPEATS]),
        int(counted[CHARGING]),
        int(counted[DISCHARGING]),
        lowest[0],
        lowest[1],
        lowest[2],
        highest[0],
        highest[1],
        highest[2],
        gap_max_s,
        start_s,
        first[UNIX_TIME] - (first[AXIS] - start_s),
        last[AXIS],
        first[VOLTAGE],
        last[VOLTAGE],
        _last_of(readings[VOLTAGE], marked[CHARGING]) if counted[CHARGING] else nan,
        _last_of(readings[VOLTAGE], marked[DISCHARGING]) if counted[DISCHARGING] else nan,
        _newest(readings, last, CYCLE_COUNT),
        _newest(readings, last, STEP_COUNT),
        _newest(readings, last, STEP_ID),
    )


def _last_of(values: Floats, marked: Floats) -> float:
    """The last marked value; there must be one."""
    return float(values[-1] if marked[-1] else values[marked.nonzero()[0][-1]])


def _newest(readings: Floats, last: list[float], row: int) -> float:
    """The last value of a row that is known, NaN when none is; ``last`` is the last one of the readings."""
    if last[row] == last[row]:
        return last[row]
    told = readings[row]
    known = told[told == told]
    return float(known[-1]) if len(known) else nan
