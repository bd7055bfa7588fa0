"""What a run of neighbouring readings shows besides its integrals: extremes, counts, ends."""

from __future__ import annotations

from math import nan

import numpy as np

from pipelines.analytics.counters import Counted
from pipelines.analytics.direction import CHARGING, DISCHARGING, REPEATS
from pipelines.analytics.layout import (
    AXIS,
    CYCLE_COUNT,
    MEASURED,
    STEP_COUNT,
    STEP_ID,
    UNIX_TIME,
    VOLTAGE,
    Floats,
    Integers,
)
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.spans import Span


def measure(
    buffer: Floats,
    mark: Floats,
    interval_s: Floats,
    spans: list[Span],
    sums: list[Sums],
    counters: Counted | None,
) -> list[Segment]:
    """Each span of a buffer as a segment; one that goes on with the segment before has no start of its own.

    Args:
        buffer: Readings.
        mark: Of `direction.Currents`.
        interval_s: Before each reading [s].
        spans: All of the buffer.
        sums: What each of them carries.
        counters: Of the buffer.
    """
    starts = np.array([span.start for span in spans])
    shown = zip(
        spans,
        sums,
        np.add.reduceat(mark, starts, axis=1).T.tolist(),
        np.fmin.reduceat(buffer[MEASURED], starts, axis=1).T.tolist(),
        np.fmax.reduceat(buffer[MEASURED], starts, axis=1).T.tolist(),
        np.maximum.reduceat(interval_s, starts).tolist(),
        _counted(counters, starts, spans),
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
    known: tuple[int, int],
) -> Segment:
    """The readings of a span; ``lowest`` and ``highest`` of current, voltage, temperature; ``known`` by counters."""
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
        *known,
    )


def _counted(counters: Counted | None, starts: Integers, spans: list[Span]) -> list[tuple[int, int]]:
    """At how many readings of each span the counters tell charge, and energy."""
    if counters is None:
        return [(0, 0)] * len(spans)
    if counters.known is None:
        return [(span.stop - span.start,) * 2 for span in spans]
    charges, energies = np.add.reduceat(counters.known, starts, axis=1).astype(int).tolist()
    return list(zip(charges, energies, strict=True))


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
