"""Readings as columns, on their way from a simulated cycler to messages."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from schemas import COLUMNS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DECIMALS = {
    "test_time_second": 3,
    "unix_time_second": 3,
    "step_time_second": 3,
    "current_ampere": 5,
    "voltage_volt": 5,
    "temperature_t1_celsius": 2,
    "charging_capacity_ah": 9,
    "discharging_capacity_ah": 9,
    "charging_energy_wh": 9,
    "discharging_energy_wh": 9,
}
"""A cycler's resolution: the values of a reading are rounded to it before anything is made of them."""

RECORD = COLUMNS.index("record_index")
TEST_TIME = COLUMNS.index("test_time_second")
UNIX_TIME = COLUMNS.index("unix_time_second")


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of one battery.

    Attributes:
        battery_id: Whose.
        group: Cathode group.
        test_id: `None` when the cycler does not say.
        values: One row a name in `schemas.COLUMNS`, shape (len(COLUMNS), n), rounded to `DECIMALS`;
            NaN in the columns that the cycler does not write.
    """

    battery_id: str
    group: str
    test_id: str | None
    values: Floats

    def __len__(self) -> int:
        return int(self.values.shape[1])

    def column(self, name: str) -> Floats:
        """The values of one column, shape (n,)."""
        found: Floats = self.values[COLUMNS.index(name)]
        return found

    def written(self) -> dict[str, Floats]:
        """The columns that the cycler writes, by name, at least one reading long."""
        return {name: values for name, values in zip(COLUMNS, self.values, strict=True) if values[0] == values[0]}

    def take(self, chosen: Integers | slice) -> Readings:
        """Some of the readings, in the order that is asked for."""
        return replace(self, values=self.values[:, chosen])


def rounded(values: Floats, decimals: int) -> Floats:
    """Each value as the nearest float of its nearest decimal, so that its text is short and means the same."""
    scale = 10.0**decimals
    found: Floats = np.rint(values * scale) / scale
    return found
