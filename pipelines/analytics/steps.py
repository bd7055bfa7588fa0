"""Where a step or a cycle begins, as far as two neighbouring readings tell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.analytics.direction import DISCHARGING
from pipelines.analytics.layout import CYCLE_COUNT, STEP_COUNT, STEP_TIME, Floats
from pipelines.analytics.order import rises


class Beginning(NamedTuple):
    """A reading with which a step begins, or a cycle by the cycler's own count, or both."""

    column: int
    is_step: bool
    is_cycle: bool


def beginnings(buffer: Floats, mark: Floats) -> list[Beginning]:
    """Where steps and cycles begin in a buffer.

    A step begins where the cycler's step count or programme step changes or its step clock falls back; where
    the reading tells nothing of these, where the direction changes. What is not known cannot change.

    Args:
        buffer: Readings; with column 0 nothing begins.
        mark: Of `direction.Currents`.
    """
    told = buffer[CYCLE_COUNT : STEP_TIME + 1]
    if told[:3, 1:].tobytes() == told[:3, :-1].tobytes() and rises(told[3]):  # the ordinary case, NaN or not
        return []
    rise = told[:, 1:] - told[:, :-1]
    differs = np.abs(rise[:3]) > 0.0  # false for NaN
    new_step = differs[1] | differs[2] | (rise[3] < 0.0)
    if np.isnan(rise[3]).any():  # else each reading has a step clock
        direction = mark[: DISCHARGING + 1]
        turned = (direction[:, 1:] != direction[:, :-1]).any(axis=0)
        untold = np.isnan(buffer[STEP_COUNT : STEP_TIME + 1, 1:]).all(axis=0)
        new_step |= untold & turned
    places = (new_step | differs[0]).nonzero()[0]
    return list(map(Beginning, (places + 1).tolist(), new_step[places].tolist(), differs[0, places].tolist()))
