"""Exact charge, energy and end points of each step, in closed form.

In a constant current step V(t) is a sum of terms that all have an antiderivative (`circuit`), so

    energy = I ( (Phi(soc_end) - Phi(soc_begin)) / (d soc / dt) + I R_0 T + sum_k integral of rc_k )

with Phi the antiderivative of the open-circuit voltage. At a held voltage the energy is the voltage times the charge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.instants import Instants, at_instants
from simulator.lab import Lab
from simulator.open_circuit import in_rows
from simulator.programme import CONSTANT_CURRENT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_HELD_INSTANTS = 64
"""How finely the warming is looked at while a voltage is held: it may have its highest value in between."""


@dataclass(frozen=True, slots=True)
class StepTruth:
    """All steps of all batteries, shape (batteries, steps) each.

    Charges [A s] and energies [W s] are magnitudes. First and extreme values are at instants with a reading: exact
    where the quantity only rises or only falls in a step, as it does in cycles without pulses.
    """

    begin_second: Floats
    second: Floats
    charging: Booleans
    discharging: Booleans
    charge_in: Floats
    charge_out: Floats
    energy_in: Floats
    energy_out: Floats
    voltage_first: Floats
    voltage_last: Floats
    voltage_min: Floats
    voltage_max: Floats
    current_min: Floats
    current_max: Floats
    temperature_min: Floats
    temperature_max: Floats
    readings: Integers


def steps_of(lab: Lab) -> StepTruth:
    """The truth about every step of a lab."""
    programme = lab.programme
    charge = programme.charge_as
    energy = np.where(programme.held_at == CONSTANT_CURRENT, _energy(lab), programme.held_volt * charge)
    first, last = _ends(lab)
    low, high = (pick(first, last) for pick in (np.minimum, np.maximum))
    warmest = np.maximum(high[2], _warmest_held(lab))
    columns = {
        "begin_second": programme.begin_ms / 1000.0,
        "second": programme.duration_ms / 1000.0,
        "charging": programme.current > 0.0,
        "discharging": programme.current < 0.0,
        "charge_in": np.maximum(charge, 0.0),
        "charge_out": np.maximum(-charge, 0.0),
        "energy_in": np.maximum(energy, 0.0),
        "energy_out": np.maximum(-energy, 0.0),
        "voltage_first": first[0],
        "voltage_last": last[0],
        "voltage_min": low[0],
        "voltage_max": high[0],
        "current_min": low[1],
        "current_max": high[1],
        "temperature_min": low[2],
        "temperature_max": warmest,
        "readings": lab.records.per_step,
    }
    return StepTruth(**{name: column.reshape(-1, programme.steps) for name, column in columns.items()})


def _energy(lab: Lab) -> Floats:
    """Energy into each step as if its current were constant, charging positive, one a row [W s]."""
    programme, cells = lab.programme, lab.cells
    shape = (-1, programme.steps)
    second = programme.duration_ms.reshape(shape) / 1000.0
    rate = programme.soc_per_second.reshape(shape)
    begin = programme.soc.reshape(shape)
    curve = in_rows(cells.curve)
    risen = curve.integral(begin + rate * second) - curve.integral(begin)
    # A rest moves no energy: what is left at zero there is multiplied by its current.
    volt_second = np.divide(risen, rate, out=np.zeros_like(risen), where=rate != 0.0)
    volt_second += programme.ohmic_volt.reshape(shape) * second
    for start, end, constant in (
        (programme.fast_volt, programme.fast_end_volt, cells.fast_second),
        (programme.slow_volt, programme.slow_end_volt, cells.slow_second),
    ):
        tau, goal = constant[:, np.newaxis], end.reshape(shape)
        volt_second += goal * second - (start.reshape(shape) - goal) * tau * np.expm1(-second / tau)
    found: Floats = programme.current * volt_second.ravel()
    return found


def _ends(lab: Lab) -> tuple[Instants, Instants]:
    """What is true at the first and at the last reading of each row."""
    programme = lab.programme
    rows = np.arange(len(programme.soc))
    one = np.ones_like(rows)
    first_ms = lab.records.step_ms(rows, one, np.zeros_like(rows))
    first, last = (
        at_instants(lab.cells, lab.curves, programme, rows, one, ms) for ms in (first_ms, programme.duration_ms)
    )
    return first, last


def _warmest_held(lab: Lab) -> Floats:
    """Highest temperature in each row with a held voltage; minus infinity in the others [degC]."""
    programme = lab.programme
    rows = np.flatnonzero(programme.held_at != CONSTANT_CURRENT)
    counts = np.full(len(rows), _HELD_INSTANTS)
    step_ms = programme.duration_ms[rows, np.newaxis] * np.arange(1, _HELD_INSTANTS + 1) // _HELD_INSTANTS
    found = at_instants(lab.cells, lab.curves, programme, rows, counts, np.maximum(step_ms, 1).ravel())
    warmest = np.full(len(programme.soc), -np.inf)
    warmest[rows] = found.temperature.reshape(-1, _HELD_INSTANTS).max(axis=1)
    return warmest
