"""Voltage, current and temperature at any instants of any steps, straight from the closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Cells
from simulator.circuit import relaxed
from simulator.constant_voltage import cubic, locate
from simulator.open_circuit import OpenCircuit
from simulator.programme import CONSTANT_CURRENT, Programme

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Instants(NamedTuple):
    """What is true of a cell at some instants, shape (n,): [V], [A], [degC]."""

    voltage: Floats
    current: Floats
    temperature: Floats


Curves = tuple[tuple[int, OpenCircuit], ...]
"""Open-circuit voltage by batteries that lie together: the battery behind the last one, and their curve."""


def at_instants(
    cells: Cells, curves: Curves, programme: Programme, rows: Integers, counts: Integers, step_ms: Integers
) -> Instants:
    """Measure without any error.

    Args:
        cells: The batteries.
        curves: Their open-circuit voltages.
        programme: What they go through.
        rows: Rows of the programme, by battery, shape (segments,).
        counts: How many instants each row has, shape (segments,).
        step_ms: Time in the step of each instant, one row after the other, shape (sum of counts,) [ms].
    """

    def each(column: Floats) -> Floats:
        return np.repeat(column[rows], counts)

    batteries = rows // programme.steps
    second = step_ms / 1000.0
    fast, slow, warm = (
        np.repeat(constant[batteries], counts)
        for constant in (cells.fast_second, cells.slow_second, cells.thermal_second)
    )
    soc = each(programme.soc) + each(programme.soc_per_second) * second
    voltage = by_curve(curves, batteries, counts, soc, lambda curve, own: curve.volt(own)) + each(programme.ohmic_volt)
    voltage += relaxed(each(programme.fast_volt), each(programme.fast_end_volt), second / fast)
    voltage += relaxed(each(programme.slow_volt), each(programme.slow_end_volt), second / slow)
    warming = relaxed(each(programme.warming), each(programme.warming_end), second / warm)
    current = each(programme.current)
    held = np.flatnonzero(np.repeat(programme.held_at[rows] != CONSTANT_CURRENT, counts))
    if len(held):
        at = np.repeat(rows, counts)[held]
        voltage[held] = programme.held_volt[at]
        current[held], warming[held] = _held(programme, programme.held_at[at], second[held])
    return Instants(voltage, current, warming + np.repeat(cells.ambient_celsius[batteries], counts))


def by_curve(
    curves: Curves, batteries: Integers, counts: Integers, soc: Floats, read: Callable[[OpenCircuit, Floats], Floats]
) -> Floats:
    """What each battery's open-circuit voltage says at its states of charge; arguments as of `at_instants`."""
    ends = np.concatenate(([0], np.add.accumulate(counts)))
    found = np.empty_like(soc)
    begin = 0
    for behind, curve in curves:
        end = int(ends[np.searchsorted(batteries, behind)])
        found[begin:end] = read(curve, soc[begin:end])
        begin = end
    return found


def _held(programme: Programme, held_at: Integers, second: Floats) -> tuple[Floats, Floats]:
    place, into, length = locate(second)
    node = held_at + place
    current, slope, warming = programme.node_current, programme.node_slope, programme.node_warming
    ampere = cubic(current[node], current[node + 1], slope[node], slope[node + 1], into, length)
    return ampere, warming[node] + (warming[node + 1] - warming[node]) * (into / length)
