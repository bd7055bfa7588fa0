"""What a cycler counts: charge and energy since the begin of the step, in closed form at any instant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Cells
from simulator.constant_voltage import charge_until
from simulator.instants import Curves, by_curve
from simulator.programme import CONSTANT_CURRENT, Programme

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SECONDS_PER_HOUR = 3600.0


def counters(
    cells: Cells, curves: Curves, programme: Programme, rows: Integers, counts: Integers, step_ms: Integers
) -> dict[str, Floats]:
    """The counters of readings, which start anew with every step; arguments as of `instants.at_instants`.

    Returns:
        Charge [Ah] and energy [Wh] of both directions, magnitudes, by the name of their column, shape (n,).
    """
    charge_as, energy_ws = _net(cells, curves, programme, rows, counts, step_ms / 1000.0)
    return {
        "charging_capacity_ah": np.maximum(charge_as, 0.0) / SECONDS_PER_HOUR,
        "discharging_capacity_ah": np.maximum(-charge_as, 0.0) / SECONDS_PER_HOUR,
        "charging_energy_wh": np.maximum(energy_ws, 0.0) / SECONDS_PER_HOUR,
        "discharging_energy_wh": np.maximum(-energy_ws, 0.0) / SECONDS_PER_HOUR,
    }


def _net(
    cells: Cells, curves: Curves, programme: Programme, rows: Integers, counts: Integers, second: Floats
) -> tuple[Floats, Floats]:
    """Charge [A s] and energy [W s] since the begin of the step, positive into the cell."""

    def each(column: Floats) -> Floats:
        return np.repeat(column[rows], counts)

    current = each(programme.current)
    charge_as = current * second
    energy_ws = current * _volt_second(cells, curves, programme, rows, counts, second)
    ends = np.add.accumulate(counts)
    for row, begin, end in zip(rows.tolist(), (ends - counts).tolist(), ends.tolist(), strict=True):
        at = int(programme.held_at[row])
        if at != CONSTANT_CURRENT:
            here = slice(begin, end)
            charge_as[here] = charge_until(programme.node_current[at:], programme.node_slope[at:], second[here])
            energy_ws[here] = programme.held_volt[row] * charge_as[here]
    return charge_as, energy_ws


def _volt_second(
    cells: Cells, curves: Curves, programme: Programme, rows: Integers, counts: Integers, second: Floats
) -> Floats:
    """Integral of the voltage under constant current; of no meaning in other steps and in rests."""

    def each(column: Floats) -> Floats:
        return np.repeat(column[rows], counts)

    batteries = rows // programme.steps
    begin, rate = each(programme.soc), each(programme.soc_per_second)
    risen = by_curve(curves, batteries, counts, begin + rate * second, lambda curve, soc: curve.integral(soc))
    risen -= by_curve(curves, batteries, counts, begin, lambda curve, soc: curve.integral(soc))
    found = np.divide(risen, rate, out=np.zeros_like(risen), where=rate != 0.0)
    found += each(programme.ohmic_volt) * second
    for start, end, constant in (
        (programme.fast_volt, programme.fast_end_volt, cells.fast_second),
        (programme.slow_volt, programme.slow_end_volt, cells.slow_second),
    ):
        tau = np.repeat(constant[batteries], counts)
        found += each(end) * second - (each(start) - each(end)) * tau * np.expm1(-second / tau)
    return found
