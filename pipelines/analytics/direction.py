"""Charge, discharge or rest: what a reading's current means."""

from __future__ import annotations

import numpy as np

from pipelines.analytics.layout import CURRENT, Booleans, Floats, Integers
from schemas import Direction

NAMES: dict[int, Direction] = {1: "charge", -1: "discharge", 0: "rest"}
"""What the numbers of `signs` stand for."""


def running_peak(buffer: Floats, peak_a: float) -> Floats:
    """Largest magnitude of the current up to each reading of the buffer [A]; ``peak_a`` is that of column 0."""
    peaks: Floats = np.abs(buffer[CURRENT])
    peaks[0] = max(peak_a, peaks[0])
    np.maximum.accumulate(peaks, out=peaks)
    return peaks


def active_readings(buffer: Floats, threshold_a: Floats) -> Booleans:
    """Whether each reading charges (row 0) and discharges (row 1); neither is rest. Shape (2, columns)."""
    found = np.empty((2, buffer.shape[1]), np.bool_)
    np.greater(buffer[CURRENT], threshold_a, out=found[0])
    np.less(buffer[CURRENT], -threshold_a, out=found[1])
    return found


def signs(active: Booleans) -> Integers:
    """1 for charge, -1 for discharge, 0 for rest; ``active`` is of `active_readings`."""
    found: Integers = active[0].astype(np.int64) - active[1]
    return found


def first_active(active: Booleans, known: int) -> tuple[int, int]:
    """Direction of a test's first active reading, as in `signs`, and from which column of the buffer on it is known.

    Args:
        active: Of `active_readings`.
        known: That direction, when an earlier reading showed it; else 0.
    """
    if known:
        return known, 0
    columns: Booleans = np.logical_or(active[0], active[1])
    columns[0] = False
    column = int(columns.argmax())
    return (int(signs(active)[column]), column) if columns[column] else (0, 0)


def commonest(charging: int, discharging: int, resting: int) -> Direction:
    """The direction of most readings of a step; the first one of equals."""
    if charging >= discharging and charging >= resting:
        return "charge"
    return "discharge" if discharging >= resting else "rest"
