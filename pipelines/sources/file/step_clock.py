"""The time of a test from the times of its steps, where an export has no other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.sources.cyclers.directions import filled
from pipelines.sources.cyclers.numbers import Floats


@dataclass(frozen=True, slots=True)
class StepClock:
    """How far the steps before have come.

    Attributes:
        begin: Time of the test at which the newest step began [s].
        last: Its newest time [s].
        step: The last number that was said of one; NaN before the first.
    """

    begin: float = 0.0
    last: float = 0.0
    step: float = np.nan


def time_of_test(step_time: Floats, steps: Floats | None, before: StepClock) -> tuple[Floats, StepClock]:
    """Time since the first step began [s]: a step begins where the one before had its last reading.

    Args:
        step_time: Shape (n,) [s]; NaN where not known.
        steps: Their numbers, NaN where not known: that makes no step; `None` when there are none. A step also begins
            where the time falls back.
        before: What came before the first row.

    Returns:
        Shape (n,), NaN where the time of the step is; and what the next rows begin with.
    """
    known = np.flatnonzero(~np.isnan(step_time))
    times = np.full(len(step_time), np.nan)
    if not len(known):
        return times, before
    inside = step_time[known]
    said = steps[known] if steps is not None else np.full(len(known), np.nan)
    numbers = filled(said, np.isnan(said), before.step)
    previous = np.concatenate([[before.last], inside[:-1]])
    former = np.concatenate([[before.step], numbers[:-1]])
    changed = (former != numbers) & ~np.isnan(former)
    begins = before.begin + np.cumsum(np.where((inside < previous) | changed, previous, 0.0))
    times[known] = begins + inside
    return times, StepClock(float(begins[-1]), float(inside[-1]), float(numbers[-1]))
