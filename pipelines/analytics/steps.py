"""Where a step or a cycle begins, as far as two neighbouring readings tell."""

from __future__ import annotations

import numpy as np

from pipelines.analytics.direction import DISCHARGING
from pipelines.analytics.layout import CYCLE_COUNT, STEP_COUNT, STEP_TIME, Booleans, Floats


def changes(buffer: Floats, mark: Floats) -> tuple[Booleans, Booleans]:
    """Whether a step, and whether a cycle by the cycler's own count, begins with each reading but column 0.

    A step begins where the cycler's step count or programme step changes or its step clock falls back; where
    the reading tells nothing of these, where the direction changes. What is not known cannot change.

    Args:
        buffer: Readings.
        mark: Of `direction.marks`.

    Returns:
        Of steps and of cycles, each of shape (columns - 1,).
    """
    told = buffer[CYCLE_COUNT : STEP_TIME + 1]
    rise = told[:, 1:] - told[:, :-1]
    differs = np.abs(rise[:3]) > 0.0  # false for NaN
    new_step: Booleans = differs[1] | differs[2] | (rise[3] < 0.0)
    if np.count_nonzero(rise[3] == rise[3]) < len(new_step):  # else each reading has a step clock
        direction = mark[: DISCHARGING + 1]
        turned = (direction[:, 1:] != direction[:, :-1]).any(axis=0)
        untold = np.isnan(buffer[STEP_COUNT : STEP_TIME + 1, 1:]).all(axis=0)
        new_step |= untold & turned
    return new_step, differs[0]
