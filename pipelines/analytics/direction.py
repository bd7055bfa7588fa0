"""Charge, discharge or rest: what a reading's current means."""

from __future__ import annotations

import numpy as np

from pipelines.analytics.layout import CURRENT, DUPLICATES, Floats
from schemas import Direction

CHARGING, DISCHARGING, REPEATS = range(3)

NAMES: dict[int, Direction] = {1: "charge", -1: "discharge", 0: "rest"}
"""What the numbers of `sign` stand for."""


def running_peak(buffer: Floats, peak_a: float) -> Floats:
    """Largest magnitude of the current up to each reading of the buffer [A]; ``peak_a`` is that of column 0."""
    peaks: Floats = np.abs(buffer[CURRENT])
    peaks[0] = max(peak_a, peaks[0])
    np.maximum.accumulate(peaks, out=peaks)
    return peaks


def marks(buffer: Floats, threshold_a: Floats) -> Floats:
    """What is counted of each reading: whether it charges, whether it discharges, how often it came again.

    Up to the threshold it does neither. Shape (3, columns), 1 or 0 in the first two rows.
    """
    found = np.empty((3, buffer.shape[1]))
    np.greater(buffer[CURRENT], threshold_a, out=found[CHARGING])
    np.less(buffer[CURRENT], -threshold_a, out=found[DISCHARGING])
    found[REPEATS] = buffer[DUPLICATES]
    return found


def sign(mark: Floats) -> int:
    """1 for charge, -1 for discharge, 0 for rest; ``mark`` is a column of `marks`."""
    return int(mark[CHARGING] - mark[DISCHARGING])


def first_active(mark: Floats, known: int) -> tuple[int, int]:
    """Direction of a test's first active reading, as in `sign`, and from which column of the buffer on it is known.

    Args:
        mark: Of `marks`.
        known: That direction, when an earlier reading showed it; else 0.
    """
    if known:
        return known, 0
    columns = (mark[CHARGING, 1:] + mark[DISCHARGING, 1:]).nonzero()[0]
    return (sign(mark[:, columns[0] + 1]), int(columns[0]) + 1) if len(columns) else (0, 0)


def commonest(charging: int, discharging: int, resting: int) -> Direction:
    """The direction of most readings of a step; the first one of equals."""
    if charging >= discharging and charging >= resting:
        return "charge"
    return "discharge" if discharging >= resting else "rest"
