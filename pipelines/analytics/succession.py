"""From one test of a battery to the next."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from pipelines.analytics.layout import AXIS, Floats, as_readings
from pipelines.analytics.state import BatteryState, Open, Settled
from pipelines.analytics.time_axis import Test, first_test, next_test

REMEMBERED_TESTS = 8
"""With the one the battery is in. Readings of an older one would begin it anew."""


def is_renamed(state: BatteryState, test_id: str) -> bool:
    """Whether readings with that name, empty when not known, are of another test than the one the battery is in."""
    return state.test is not None and test_id not in ("", state.test.test_id)


def earlier_test(state: BatteryState, test_id: str) -> Test | None:
    """The newest of the earlier tests with that name that are still known."""
    return next((test for test in reversed(state.earlier_tests) if test.test_id == test_id), None)


def begin_test(state: BatteryState, test_id: str, values: Floats) -> BatteryState:
    """A test begins; all readings of the one before must be settled.

    Args:
        state: Of the battery.
        test_id: Of the new test; empty when not known.
        values: Its first reading, shape (len(COLUMNS),).

    Raises:
        ValueError: The reading has no time.
    """
    reading = as_readings(values[:, np.newaxis])[:, 0]
    newest = state.newest()
    if state.test is None or newest is None:
        return replace(state, test=first_test(test_id, reading))
    now = state.settled.open
    return replace(
        state,
        test=next_test(test_id, reading, newest),
        earlier_tests=(*state.earlier_tests, state.test)[1 - REMEMBERED_TESTS :],
        limit_s=float(np.nextafter(newest[AXIS], -inf)),  # its first reading may have the very time of the last one
        settled=Settled(None, state.settled.peak_a, 0, Open(now.step_number, now.cycle_number)),
    )
