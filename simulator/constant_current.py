"""How long a constant current step lasts: the first millisecond at which its limit is met."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Cells
from simulator.circuit import Drive, State, terminal_volt, to_ms
from simulator.protocol import ConstantCurrent

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BISECTIONS = 48
_FARTHEST_SOC = 1.4
"""Further than any cell can be driven between the voltages of a lab."""


def duration_ms(cells: Cells, begin: State, driven: Drive, step: ConstantCurrent) -> Integers:
    """Duration of the step in each cell, at least 1, shape (n,) [ms].

    The cycler looks at its limits every millisecond, so the end is the crossing rounded up.
    """
    second = np.full(begin.soc.shape, np.inf)
    if step.until_volt is not None and step.current_ampere != 0.0:
        second = _crossing(cells, begin, driven, step.current_ampere > 0.0, step.until_volt)
    if step.until_second is not None:
        second = np.minimum(second, step.until_second)
    return to_ms(second)


def _crossing(cells: Cells, begin: State, driven: Drive, rising: bool, limit_volt: float) -> Floats:
    """When the voltage meets the limit, by bisection, shape (n,) [s]; zero when it is beyond at once."""
    low = np.zeros_like(begin.soc)
    high = np.abs(_FARTHEST_SOC / driven.soc_per_second)
    sign = 1.0 if rising else -1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        before = sign * (terminal_volt(cells, begin, driven, middle) - limit_volt) < 0.0
        low = np.where(before, middle, low)
        high = np.where(before, high, middle)
    return high
