"""All values of one group of batteries, and the statistics of every cycle."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dashboard.metrics import METRICS
from dashboard.statistics import Floats, Integers, Moments, moments


class GroupTable:
    """Values by metric, member and cycle; statistics by metric and cycle.

    Statistics are recomputed for the cycles that were touched, from the values and not from sums, so that a
    revised value leaves no trace of the old one and the result is numpy's.

    Attributes:
        members: Batteries, in the order of the second axis of ``values``.
        values: Shape (metrics, members, cycles); NaN where a battery has not ended the cycle.
        statistics: Arrays of shape (metrics, cycles).
    """

    def __init__(self, members: Iterable[str]) -> None:
        self.members = sorted(members)
        self._row = {battery_id: row for row, battery_id in enumerate(self.members)}
        self._buffer = np.full((len(METRICS), len(self.members), 64), np.nan)
        self._length = 0
        self.statistics = _no_statistics(0)

    def __len__(self) -> int:
        """Cycles there are columns for; numbers run from 0 to this minus one."""
        return self._length

    @property
    def values(self) -> Floats:
        """A view of the values, shape (metrics, members, cycles)."""
        return self._buffer[:, :, : self._length]

    def put(self, battery_id: str, cycle_number: int, values: Floats) -> bool:
        """Set the metrics of one ended cycle; false when that is what they were."""
        self._reach(cycle_number + 1)
        cell = self._buffer[:, self._row[battery_id], cycle_number]
        if np.array_equal(cell, values, equal_nan=True):
            return False
        cell[:] = values
        return True

    def recompute(self, cycles: Iterable[int]) -> None:
        """Bring the statistics of these cycles up to date."""
        columns = np.fromiter(cycles, dtype=np.int64)
        fresh = moments(self.values[:, :, columns])
        for kept, new in zip(self.statistics, fresh, strict=True):
            kept[:, columns] = new

    def cells(self, metric: int, cycle_number: int) -> Floats:
        """Value of each member at one cycle, shape (members,); NaN where there is none."""
        if not 0 <= cycle_number < self._length:
            return np.full(len(self.members), np.nan)
        column: Floats = self.values[metric, :, cycle_number]
        return column

    def at(self, metric: int, cycle_number: int) -> tuple[int, float, float]:
        """Count, mean and SD of one metric at one cycle; (0, NaN, NaN) where there is none."""
        if not 0 <= cycle_number < self._length:
            return 0, float("nan"), float("nan")
        n, mean, sd = (values[metric, cycle_number] for values in self.statistics)
        return int(n), float(mean), float(sd)

    def last_ended(self) -> Integers:
        """Newest cycle each member has any value of, -1 for none, shape (members,)."""
        there: NDArray[np.bool_] = np.asarray(~np.isnan(self.values).all(axis=0))
        if not self._length:
            return np.full(len(self.members), -1)
        newest = self._length - 1 - np.argmax(there[:, ::-1], axis=1)
        return np.where(there.any(axis=1), newest, -1)

    def _reach(self, length: int) -> None:
        if length <= self._length:
            return
        while length > self._buffer.shape[2]:
            self._buffer = np.concatenate([self._buffer, np.full_like(self._buffer, np.nan)], axis=2)
        grown = _no_statistics(length)
        for new, old in zip(grown, self.statistics, strict=True):
            new[:, : self._length] = old
        self.statistics, self._length = grown, length


def _no_statistics(length: int) -> Moments:
    shape = (len(METRICS), length)
    return Moments(np.zeros(shape, dtype=np.int64), np.full(shape, np.nan), np.full(shape, np.nan))
