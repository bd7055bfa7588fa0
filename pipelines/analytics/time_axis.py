"""A battery's own time axis, which goes on from test to test."""

from __future__ import annotations

import msgspec
import numpy as np

from pipelines.analytics.layout import AXIS, TEST_TIME, UNIX_TIME, Floats


class Test(msgspec.Struct, frozen=True, array_like=True):
    """One test and its place on the battery's axis.

    Attributes:
        test_id: Empty when not known.
        uses_test_time: Whether its readings are timed by test time; else by unix time.
        origin_s: Where on the axis its first reading lies [s].
        first_s: Time of that reading [s].
    """

    test_id: str
    uses_test_time: bool
    origin_s: float
    first_s: float


def first_test(test_id: str, reading: Floats) -> Test:
    """The battery's first test: its axis is the time of its readings."""
    return Test(test_id, _has_test_time(reading), 0.0, 0.0)


def next_test(test_id: str, reading: Floats, newest: Floats) -> Test:
    """A test that begins with ``reading``, after the ``newest`` of the one before.

    Between them lies as much time as the wall clock says, or none where it does not.
    """
    time_s = reading[TEST_TIME] if _has_test_time(reading) else reading[UNIX_TIME]
    gap_s = reading[UNIX_TIME] - newest[UNIX_TIME]
    origin_s = newest[AXIS] + (gap_s if gap_s > 0.0 else 0.0)
    return Test(test_id, _has_test_time(reading), float(origin_s), float(time_s))


def place(test: Test, readings: Floats) -> Floats:
    """Times of the readings on the battery's axis [s]; NaN where a reading has not the clock of its test."""
    time_s = readings[TEST_TIME if test.uses_test_time else UNIX_TIME]
    placed: Floats = test.origin_s + (time_s - test.first_s)
    if not test.uses_test_time:
        placed[~np.isnan(readings[TEST_TIME])] = np.nan
    return placed


def refuse_other_clocks(times_s: Floats) -> None:
    """Refuse what `place` could not place.

    Raises:
        ValueError: A reading has no time, or is not timed like the first one of its test.
    """
    if np.isnan(times_s).any():
        raise ValueError("a reading has no test_time_second while its test has, or the other way round, or no time")


def _has_test_time(reading: Floats) -> bool:
    return bool(reading[TEST_TIME] == reading[TEST_TIME])
