"""Counters as cyclers write them at their worst, made for readings that are there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

NAMES = ("charging_capacity_ah", "discharging_capacity_ah", "charging_energy_wh", "discharging_energy_wh")


def with_counters(random: np.random.Generator, columns: Columns, scope: str) -> Columns:
    """The columns and counters beside them.

    Args:
        random: Source of all chance.
        columns: Readings in order.
        scope: "step", "cycle" or "never": when the counters start anew; "coarse": with every step, in four decimals,
            and jittering; "net": one column for both directions, the other one unknown; "both ways": each counts back
            what flows against it; "holes": with every step, not told now and then; "resumed": with every cycle, and
            somewhere in the middle of a step.
    """
    time, current, volt = (columns[name] for name in ("test_time_second", "current_ampere", "voltage_volt"))
    level = np.stack([np.maximum(current, 0.0), np.maximum(-current, 0.0)])
    level = np.concatenate((level, level * volt))
    moved = np.zeros_like(level)
    moved[:, 1:] = (level[:, 1:] + level[:, :-1]) / 2 * np.diff(time) / 3600.0
    moved *= 1.0 + random.normal(0.0, 1e-3, moved.shape)
    if scope in ("net", "both ways"):
        moved = moved - moved[[1, 0, 3, 2]]
    total = np.add.accumulate(moved, axis=1) + (0.0 if scope == "net" else 0.25)
    told = total - _started(random, columns, scope, total)
    if scope == "coarse":
        told = np.round(told + random.choice([0.0, 0.0, 0.0, -1e-4], told.shape), 4)
    if scope == "holes":
        told[:, random.random(told.shape[1]) < 0.02] = np.nan
    if scope == "net":
        told[[1, 3]] = np.nan
    return columns | dict(zip(NAMES, told, strict=True))


def _started(random: np.random.Generator, columns: Columns, scope: str, total: Floats) -> Floats:
    """What the counters would show if they had not started anew before each reading."""
    if scope in ("never", "net", "both ways"):
        return np.zeros_like(total)
    name = "cycle_count" if scope in ("cycle", "resumed") else "step_count"
    new = np.append(False, np.diff(columns[name]) != 0)
    if scope == "resumed":
        new[random.integers(1, len(new))] = True
    begun = np.where(new, np.arange(len(new)), 0)
    since = np.maximum.accumulate(begun)
    started: Any = np.where(since > 0, total[:, np.maximum(since - 1, 0)], 0.0)
    return np.asarray(started, np.float64)
