"""The limits of a reading, for whole columns at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pipelines.decoding.columns import Columns, Floats
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS
from schemas.reading import INTEGER_COLUMNS, REQUIRED_COLUMNS, limits

LIMITS = limits()
_LOWEST = [LIMITS[name][0] for name in COLUMNS]
_HIGHEST = [LIMITS[name][1] for name in COLUMNS]
_REQUIRED = [COLUMNS.index(name) for name in REQUIRED_COLUMNS]
_INTEGER = [COLUMNS.index(name) for name in INTEGER_COLUMNS]
_TEST_TIME = COLUMNS.index("test_time_second")
_UNIX_TIME = COLUMNS.index("unix_time_second")


def faults_of(columns: Columns, latest_unix_second: float) -> dict[int, Refusal]:
    """Why readings are refused, by their place; the first reason of each.

    Args:
        columns: Readings.
        latest_unix_second: What is later was written by a wrong clock, UTC [s].
    """
    faults = dict(columns.refused)
    identifier_faults = [identifiers.fault() for identifiers in columns.identifiers]
    if any(identifier_faults):
        for place, code in enumerate(columns.codes.tolist()):
            fault = identifier_faults[code]
            if fault is not None:
                faults[place] = fault
    for place in np.flatnonzero(_suspicious(columns.values, latest_unix_second)).tolist():
        if place not in faults:
            faults[place] = _fault(columns.values[:, place].tolist(), latest_unix_second)
    return faults


def _suspicious(values: Floats, latest_unix_second: float) -> NDArray[np.bool_]:
    """Which readings break a limit, shape (n,). Comparisons with NaN are false: unknown values break none."""
    broken: NDArray[np.bool_] = values[_UNIX_TIME] > latest_unix_second
    for row in _REQUIRED:
        broken |= np.isnan(values[row])
    broken |= np.isnan(values[_TEST_TIME]) & np.isnan(values[_UNIX_TIME])
    lowest = np.fmin.reduce(values, axis=1).tolist()
    highest = np.fmax.reduce(values, axis=1).tolist()
    for row, low, high in zip(range(len(COLUMNS)), lowest, highest, strict=True):
        if low < _LOWEST[row] or high > _HIGHEST[row]:
            broken |= (values[row] < _LOWEST[row]) | (values[row] > _HIGHEST[row])
        if row in _INTEGER and not (low == high and low.is_integer()):
            broken |= values[row] > np.floor(values[row])
    return broken


def _fault(reading: list[float], latest_unix_second: float) -> Refusal:
    """The first limit that a suspicious reading breaks."""
    for name, value in zip(COLUMNS, reading, strict=True):
        fault = _limit_fault(name, value, latest_unix_second)
        if fault is not None:
            return fault
    return Refusal("missing_field", "test_time_second and unix_time_second are both missing")


def _limit_fault(name: str, value: float, latest_unix_second: float) -> Refusal | None:
    lowest, highest = LIMITS[name]
    if math.isnan(value):
        return Refusal("missing_field", f"{name} is missing") if name in REQUIRED_COLUMNS else None
    if math.isinf(value):
        return Refusal("out_of_range", f"{name} is not a finite number")
    if value < lowest:
        return Refusal("out_of_range", f"{name} is {value!r}, under {lowest!r}")
    if value > highest:
        return Refusal("out_of_range", f"{name} is {value!r}, over {highest!r}")
    if name == "unix_time_second" and value > latest_unix_second:
        return Refusal("out_of_range", f"{name} is {value!r}, too far ahead of its arrival")
    if name in INTEGER_COLUMNS and not value.is_integer():
        return Refusal("wrong_type", f"{name} is {value!r}, not a whole number")
    return None
