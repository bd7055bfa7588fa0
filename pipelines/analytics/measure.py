"""What a run of neighbouring readings shows besides its integrals: extremes, counts, ends."""

from __future__ import annotations

from math import nan

import numpy as np

from pipelines.analytics.direction import CHARGING, DISCHARGING, REPEATS
from pipelines.analytics.layout import AXIS, CYCLE_COUNT, MEASURED, STEP_COUNT, STEP_ID, UNIX_TIME, VOLTAGE, Floats
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.turn import Change


def measure(
    buffer: Floats,
    mark: Floats,
    interval_s: Floats,
    starts: list[int],
    changes: list[Change | None],
    sums: list[Sums],
) -> list[Segment]:
    """Each piece of a buffer as a segment.

    Args:
        buffer: Readings.
        mark: Of `direction.Currents`.
        interval_s: Before each reading but column 0 [s].
        starts: First column of each piece; the first piece starts at column 1, the last one ends with the buffer.
        changes: What each piece begins with; one that goes on with a segment has no start of its own.
        sums: What each piece carries.
    """
    at = np.array(starts) - 1
    stops = [start - 1 for start in starts[1:]] + [len(interval_s)]
    shown = zip(
        [slice(start, stop + 1) for start, stop in zip(starts, stops, strict=True)],
        changes,
        sums,
        [buffer[:, start].tolist() for start in starts],
        [buffer[:, stop].tolist() for stop in stops],
        np.add.reduceat(mark[:, 1:], at, axis=1).T.tolist(),
        np.fmin.reduceat(buffer[MEASURED, 1:], at, axis=1).T.tolist(),
        np.fmax.reduceat(buffer[MEASURED, 1:], at, axis=1).T.tolist(),
        np.maximum.reduceat(interval_s, at).tolist(),
        strict=True,
    )
    return [_segment(buffer, mark, *piece) for piece in shown]


def _segment(
    buffer: Floats,
    mark: Floats,
    piece: slice,
    change: Change | None,
    sums: Sums,
    first: list[float],
    last: list[float],
    counted: list[float],
    lowest: list[float],
    highest: list[float],
    gap_max_s: float,
) -> Segment:
    """The readings in the columns of ``piece``, of which ``first`` and ``last`` are the ends."""
    start_s = first[AXIS] if change is None else change.start_s
    return Segment(
        sums,
        piece.stop - piece.start,
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
        _last_of(buffer[VOLTAGE, piece], mark[CHARGING, piece]) if counted[CHARGING] else nan,
        _last_of(buffer[VOLTAGE, piece], mark[DISCHARGING, piece]) if counted[DISCHARGING] else nan,
        _newest(last[CYCLE_COUNT], buffer[CYCLE_COUNT, piece]),
        _newest(last[STEP_COUNT], buffer[STEP_COUNT, piece]),
        _newest(last[STEP_ID], buffer[STEP_ID, piece]),
    )


def _last_of(values: Floats, marked: Floats) -> float:
    """The last marked value; there must be one."""
    return float(values[-1] if marked[-1] else values[marked.nonzero()[0][-1]])


def _newest(last: float, told: Floats) -> float:
    """The last value that is known, NaN when none is; ``last`` is the last one of them."""
    if last == last:
        return last
    known = told[told == told]
    return float(known[-1]) if len(known) else nan
