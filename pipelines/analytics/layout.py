"""Readings as a matrix: a column a reading, a row a quantity.

The rows of `schemas.COLUMNS` keep their order and stand between the time on the battery's own axis and the number of
duplicates that came of the reading. A *buffer* is such a matrix in the order of time whose column 0 is the reading
before the first one, so that interval k ends at reading k; where there is none, column 0 repeats column 1 and
interval 1 is empty.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

AXIS = 0
TEST_TIME, UNIX_TIME, CURRENT, VOLTAGE, TEMPERATURE, CYCLE_COUNT, STEP_COUNT, STEP_ID, STEP_TIME, RECORD = range(1, 11)
CHARGE_AH, DISCHARGE_AH, CHARGE_WH, DISCHARGE_WH = range(11, 15)
DUPLICATES = 15
ROWS = 16

CONTENT = slice(TEST_TIME, DISCHARGE_WH + 1)
"""What the cycler said."""
MEASURED = slice(CURRENT, TEMPERATURE + 1)
"""Current [A], voltage [V], temperature [degC]."""
COUNTERS = slice(CHARGE_AH, DISCHARGE_WH + 1)
"""The cycler's own counters [Ah], [Wh]."""


def as_readings(values: Floats) -> Floats:
    """Columns of `ReadingChunk.values` in this layout; their places on the axis are still 0."""
    readings = np.zeros((ROWS, values.shape[1]))
    readings[CONTENT] = values
    return readings
