"""How a step begins: what the voltage does when the current changes."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

from pipelines.analytics.layout import AXIS, CURRENT, VOLTAGE, Floats

LEAST_SHARE = 0.02
"""A current that changes by less than this share of the largest one so far tells no resistance."""


class Onset(NamedTuple):
    """The onset of a step; NaN when it tells nothing.

    Attributes:
        resistance_ohm: Change of the voltage over that of the current.
        delay_s: From the start of the step to its first reading, which is taken for it [s].
        current_step_a: What the current changed by, positive towards charge [A].
    """

    resistance_ohm: float = nan
    delay_s: float = nan
    current_step_a: float = nan


def onset(buffer: Floats, column: int, start_s: float, peak_a: float) -> Onset:
    """The onset of the step that begins with a reading.

    Args:
        buffer: Readings.
        column: Of the first one of the step; the one before is the last one of the step before.
        start_s: When the step started [s].
        peak_a: Largest magnitude of the current so far [A].
    """
    current_a, voltage_v = buffer[CURRENT, column - 1 : column + 1].tolist(), buffer[VOLTAGE, column - 1 : column + 1]
    step_a = current_a[1] - current_a[0]
    if abs(step_a) <= LEAST_SHARE * peak_a:
        return Onset()
    return Onset(float(voltage_v[1] - voltage_v[0]) / step_a, float(buffer[AXIS, column]) - start_s, step_a)
