"""Where a step or a cycle begins, as far as two neighbouring readings tell."""

from __future__ import annotations

import numpy as np

from pipelines.analytics.layout import CYCLE_COUNT, STEP_COUNT, STEP_ID, STEP_TIME, Booleans, Floats


def changes(buffer: Floats, active: Booleans) -> tuple[Booleans, Booleans]:
    """Whether a step, and whether a cycle by the cycler's own count, begins with each reading but column 0.

    A step begins where the cycler's step count or programme step changes or its step clock falls back; where
    the reading tells nothing of these, where the direction changes. What is not known cannot change.

    Returns:
        Of steps and of cycles, each of shape (columns - 1,).
    """
    told = buffer[CYCLE_COUNT : STEP_TIME + 1]
    rise = told[:, 1:] - told[:, :-1]
    differs = np.abs(rise[:3]) > 0.0  # false for NaN
    new_step = differs[1] | differs[2] | (rise[3] < 0.0)
    untold = _untold(buffer)
    if untold is not None:
        new_step |= untold & (active[:, 1:] != active[:, :-1]).any(axis=0)
    return new_step, differs[0]


def _untold(buffer: Floats) -> Booleans | None:
    """Which readings tell nothing of their step; `None` when all tell."""
    unknown = np.isnan(buffer[STEP_COUNT : STEP_TIME + 1, 1:])
    untold: Booleans = unknown[0] & unknown[STEP_ID - STEP_COUNT] & unknown[STEP_TIME - STEP_COUNT]
    return untold if untold.any() else None
