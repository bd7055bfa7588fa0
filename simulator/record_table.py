"""Which readings a battery has, by number and by time, without making any of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.programme import Programme

Integers = NDArray[np.int64]


class RecordTable:
    """Numbers of readings and where they lie in the programme's steps.

    Attributes:
        totals: Readings of each battery, shape (batteries,).
        per_step: Readings of each step, one a row of the programme.
        first_record: Readings of the battery before each step, one a row of the programme.
    """

    def __init__(self, programme: Programme, sampling_ms: int) -> None:
        self._programme = programme
        self._sampling_ms = sampling_ms
        counts = -(-programme.duration_ms // sampling_ms).reshape(-1, programme.steps)
        counts[:, 0] += 1  # the reading at the begin of the test
        sums = np.add.accumulate(counts, axis=1)
        self.per_step: Integers = counts.ravel()
        self.totals: Integers = sums[:, -1].copy()
        self.first_record: Integers = (sums - counts).ravel()
        # One rising axis for all batteries each, so that one search serves them all.
        self._record_origin = np.add.accumulate(self.totals) - self.totals
        self._record_axis = self.first_record + np.repeat(self._record_origin, programme.steps)
        ends_ms = (programme.begin_ms + programme.duration_ms).reshape(-1, programme.steps)[:, -1]
        self._end_ms: Integers = ends_ms
        self._time_origin = np.add.accumulate(ends_ms) - ends_ms
        self._time_axis = programme.begin_ms + np.repeat(self._time_origin, programme.steps)

    def before(self, test_ms: Integers) -> Integers:
        """Readings of each battery with a test time below ``test_ms``, shape (batteries,)."""
        inside = np.clip(test_ms, 1, self._end_ms)
        row = np.searchsorted(self._time_axis, self._time_origin + inside, side="left") - 1
        into = inside - self._programme.begin_ms[row]
        in_step = -(-into // self._sampling_ms) - 1 + (row % self._programme.steps == 0)
        found = np.where(test_ms > self._end_ms, self.totals, self.first_record[row] + in_step)
        records: Integers = np.where(test_ms > 0, found, 0).astype(np.int64)
        return records

    def segments(self, first: Integers, behind: Integers) -> tuple[Integers, Integers, Integers]:
        """The readings from ``first`` to ``behind`` (counted from 0) of each battery, step by step.

        Returns:
            Rows of the programme, how many readings of each, and the number of each reading in its step, from 0.
        """
        some = np.flatnonzero(behind > first)
        first, behind, origin = first[some], behind[some], self._record_origin[some]
        low = np.searchsorted(self._record_axis, origin + first, side="right") - 1
        high = np.searchsorted(self._record_axis, origin + behind - 1, side="right")
        rows = ranges(low, high - low)
        skipped = np.maximum(np.repeat(first, high - low) - self.first_record[rows], 0)
        counts = np.minimum(np.repeat(behind, high - low) - self.first_record[rows], self.per_step[rows]) - skipped
        return rows, counts, ranges(skipped, counts)

    def step_ms(self, rows: Integers, counts: Integers, local: Integers) -> Integers:
        """Time in the step of readings from `segments` [ms]."""
        number = local + np.repeat(rows % self._programme.steps != 0, counts)
        found: Integers = np.minimum(number * self._sampling_ms, np.repeat(self._programme.duration_ms[rows], counts))
        return found


def ranges(begins: Integers, counts: Integers) -> Integers:
    """All numbers of the ranges that begin there and are so long, one behind the other."""
    origin: Integers = np.repeat(begins - (np.add.accumulate(counts) - counts), counts)
    within: Integers = np.arange(len(origin))
    return origin + within
