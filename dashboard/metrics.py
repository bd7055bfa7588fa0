"""What can be compared between batteries: one number a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from dashboard.statistics import Floats
from schemas import CycleRow


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a cycle.

    Attributes:
        key: Short name, used in the URL.
        label: For people, without the unit.
        short: The same for a table's header.
        unit: As printed behind a value.
        field: Which field of `CycleRow` it is.
    """

    key: str
    label: str
    short: str
    unit: str
    field: str

    @property
    def axis_title(self) -> str:
        """Quantity over unit, as physics journals print it."""
        return f"{self.label} / {self.unit}"


METRICS = (
    Metric("discharge-energy", "Discharge energy", "Energy", "Wh", "discharging_energy_wh"),
    Metric("discharge-capacity", "Discharge capacity", "Capacity", "Ah", "discharging_capacity_ah"),
    Metric("charge-capacity", "Charge capacity", "Capacity", "Ah", "charging_capacity_ah"),
    Metric("coulombic-efficiency", "Coulombic efficiency", "CE", "%", "coulombic_efficiency_percent"),
    Metric("energy-efficiency", "Energy efficiency", "EE", "%", "energy_efficiency_percent"),
    Metric("discharge-voltage", "Mean discharge voltage", "Voltage", "V", "mean_discharging_voltage_volt"),
    Metric("charge-voltage", "Mean charge voltage", "Voltage", "V", "mean_charging_voltage_volt"),
)

METRIC_KEYS = tuple(metric.key for metric in METRICS)
DISCHARGE_CAPACITY = METRIC_KEYS.index("discharge-capacity")


def metric_index(key: str) -> int:
    """Row of the metric in every array of values.

    Raises:
        ValueError: There is no metric of that name.
    """
    return METRIC_KEYS.index(key)


_fields_of = attrgetter(*(metric.field for metric in METRICS))


def cycle_values(row: CycleRow) -> Floats:
    """The metrics of one cycle, shape (len(METRICS),); NaN where not known.

    Zero is "not known" as well: a cycle without a discharge has no discharge energy to compare.
    """
    values = np.array(_fields_of(row), dtype=np.float64)
    values[values == 0.0] = np.nan
    return values


def decimals_for(largest: float) -> int:
    """How many decimals show a number of this size with four digits; between 1 and 7."""
    if not np.isfinite(largest) or largest == 0:
        return 3
    return int(np.clip(3 - np.floor(np.log10(abs(largest))), 1, 7))
