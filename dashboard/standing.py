"""Where each cell of a group stands at one cycle, compared with its siblings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.fleet import Fleet
from dashboard.group_table import GroupTable
from dashboard.statistics import percent_deviation, robust_z, verdicts
from dashboard.view_state import ViewState

WAITING = "not there yet"


@dataclass(frozen=True, slots=True)
class Standing:
    """One cell at one cycle.

    Attributes:
        battery_id: Which.
        value: Of the metric; NaN when the cell has not ended the cycle.
        deviation_percent: (x - mean) * 100 / (2 SD); NaN where that says nothing.
        robust_z: (x - median) over the scaled MAD; NaN likewise.
        word: The verdict, or `WAITING`.
    """

    battery_id: str
    value: float
    deviation_percent: float
    robust_z: float
    word: str


def standings(table: GroupTable, metric: int, cycle: int) -> list[Standing]:
    """All members in the table's order."""
    values = table.cells(metric, cycle)
    rows = zip(table.members, values, percent_deviation(values), robust_z(values), verdicts(values), strict=True)
    return [Standing(i, float(x), float(d), float(z), WAITING if np.isnan(x) else w) for i, x, d, z, w in rows]


def worst_first(found: list[Standing]) -> list[Standing]:
    """Outliers, then what to watch, then the rest, each by distance; cells without a value last."""
    order = {"Outlier": 0, "Watch": 1, "OK": 2, "n too small": 2, WAITING: 3}
    return sorted(found, key=lambda s: (order[s.word], -_size(s.robust_z), -_size(s.deviation_percent), s.battery_id))


def outliers(fleet: Fleet, state: ViewState, metric: int, now: float) -> list[str]:
    """Batteries with the verdict "Outlier" at the cycle shown of their group."""
    cycles = {group: state.shown_cycle(fleet, group, now) for group in fleet.groups()}
    found = [s for group, cycle in cycles.items() for s in standings(fleet.tables[group], metric, cycle)]
    return [s.battery_id for s in found if s.word == "Outlier"]


def _size(value: float) -> float:
    return 0.0 if np.isnan(value) else abs(value)
