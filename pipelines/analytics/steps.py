"""Where a step or a cycle begins, as far as two neighbouring readings tell."""

from __future__ import annotations

import msgspec
import numpy as np

from pipelines.analytics.direction import DISCHARGING
from pipelines.analytics.layout import CYCLE_COUNT, STEP_TIME, Booleans, Floats
from pipelines.analytics.order import rises


class Beginning(msgspec.Struct, frozen=True):
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
    told, direction = buffer[CYCLE_COUNT : STEP_TIME + 1], mark[: DISCHARGING + 1]
    if _is_still(told[:3]) and (rises(told[3]) or (_is_still(direction) and not _falls(told[3]).any())):
        return []
    differs = np.abs(told[:3, 1:] - told[:3, :-1]) > 0.0  # false for NaN
    new_step = differs[1] | differs[2] | _falls(told[3])
    if np.isnan(told[3]).any():
        turned = (direction[:, 1:] != direction[:, :-1]).any(axis=0)
        new_step |= np.isnan(told[1:, 1:]).all(axis=0) & turned
    places = (new_step | differs[0]).nonzero()[0]
    return list(map(Beginning, (places + 1).tolist(), new_step[places].tolist(), differs[0, places].tolist()))


def _is_still(rows: Floats) -> bool:
    """Whether all columns are the same, NaN or not: the ordinary case, seen fast."""
    return rows[:, 1:].tobytes() == rows[:, :-1].tobytes()


def _falls(values: Floats) -> Booleans:
    """Whether each value but the first one is below the one before."""
    found: Booleans = values[1:] < values[:-1]
    return found
