"""Charge, discharge or rest: what a reading's current means."""

from __future__ import annotations

import msgspec
import numpy as np

from pipelines.analytics.layout import CURRENT, DUPLICATES, Floats
from schemas import Direction

CHARGING, DISCHARGING, REPEATS = range(3)

NAMES: dict[int, Direction] = {1: "charge", -1: "discharge", 0: "rest"}
"""What the numbers of `sign` stand for."""


class Currents(msgspec.Struct, frozen=True):
    """What the currents of a buffer mean.

    Attributes:
        peaks_a: Largest magnitude up to each reading [A], shape (columns,); one number when it is the same for all.
        ways: The directions there are, however small the current: `CHARGING`, `DISCHARGING`, both or neither.
        mark: What is counted of each reading, shape (3, columns): whether it charges and whether it discharges, 1 or
            0 (up to the threshold it does neither), and how often it came again.
    """

    peaks_a: Floats | float
    ways: slice
    mark: Floats

    def peak_a(self, column: int) -> float:
        """Largest magnitude of the current up to that column [A]."""
        return self.peaks_a if isinstance(self.peaks_a, float) else float(self.peaks_a[column])


def currents(buffer: Floats, peak_a: float, rest_threshold: float) -> Currents:
    """Tell charge, discharge and rest apart.

    Args:
        buffer: Readings.
        peak_a: Largest magnitude of the current up to column 0 [A].
        rest_threshold: A current up to this share of the largest one so far is rest.
    """
    current_a = buffer[CURRENT]
    lowest_a, highest_a = float(current_a[current_a.argmin()]), float(current_a[current_a.argmax()])
    peaks_a: Floats | float = peak_a
    if max(highest_a, -lowest_a) > peak_a:
        peaks_a = np.maximum.accumulate(np.maximum(np.abs(current_a), peak_a))
    threshold_a = rest_threshold * peaks_a
    mark = np.empty((3, buffer.shape[1]))
    mark[CHARGING] = current_a > threshold_a
    if lowest_a < 0.0:
        mark[DISCHARGING] = current_a < -threshold_a
    else:
        mark[DISCHARGING] = 0.0
    mark[REPEATS] = buffer[DUPLICATES]
    return Currents(peaks_a, slice(int(highest_a <= 0.0), 1 + int(lowest_a < 0.0)), mark)


def sign(mark: Floats) -> int:
    """1 for charge, -1 for discharge, 0 for rest; ``mark`` is a column of `Currents.mark`."""
    return int(mark[CHARGING] - mark[DISCHARGING])


def first_active(mark: Floats, known: int) -> tuple[int, int]:
    """Direction of a test's first active reading, as in `sign`, and from which column of the buffer on it is known.

    Args:
        mark: Of `Currents`.
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
