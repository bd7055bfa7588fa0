"""The exact answers: what each step and cycle of a lab holds, from the model, not from its readings.

Charge and energy are closed integrals over the whole step; extremes and last voltages are the model's at instants
at which there is a reading, without noise. Columns are named as in `schemas.CycleRow` and `schemas.StepRow`; what a
model cannot know (duplicates, revisions) is left out.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas import CycleRow, StepRow
from simulator.lab import Lab
from simulator.step_truth import StepTruth, steps_of

Floats = NDArray[np.float64]
Table = dict[str, NDArray[np.generic]]
"""Columns by name, in the order of the row's fields, one value a step or cycle, battery after battery."""

SECONDS_PER_HOUR = 3600.0


def step_truth(lab: Lab, start_unix_second: float = np.nan) -> Table:
    """Every step of every battery; see `Lab.read` for the start."""
    steps, programme = steps_of(lab), lab.programme
    shape = programme.duration_ms.reshape(-1, programme.steps).shape
    numbers = np.arange(1, programme.steps + 1)
    found = {
        "step_number": np.broadcast_to(numbers, shape),
        "cycle_number": np.broadcast_to(programme.step_cycles, shape),
        "cycle_count": np.broadcast_to(programme.step_cycles, shape),
        "step_count": np.broadcast_to(numbers, shape),
        "step_id": np.broadcast_to(programme.step_ids, shape),
        "direction": np.select([steps.charging, steps.discharging], ["charge", "discharge"], "rest"),
        "start_time_second": steps.begin_second,
        "duration_second": steps.second,
        "current_mean_ampere": (steps.charge_in - steps.charge_out) / steps.second,
        "voltage_first_volt": steps.voltage_first,
        "voltage_last_volt": steps.voltage_last,
        "voltage_mean_volt": _ratio(steps.energy_in + steps.energy_out, steps.charge_in + steps.charge_out),
        "reading_count": steps.readings,
        **_capacities(steps.charge_in, steps.charge_out, steps.energy_in, steps.energy_out),
    }
    return _table(lab, found, StepRow._fields, start_unix_second)


def cycle_truth(lab: Lab, start_unix_second: float = np.nan) -> Table:
    """Every cycle of every battery; see `Lab.read` for the start."""
    steps = steps_of(lab)
    cycles = lab.programme.step_cycles
    first = np.flatnonzero(np.diff(cycles, prepend=0)).astype(np.int64)

    def total(values: NDArray[np.generic]) -> NDArray[np.generic]:
        found: NDArray[np.generic] = np.add.reduceat(values, first, axis=1)
        return found

    charge_in, charge_out, energy_in, energy_out = (
        np.add.reduceat(values, first, axis=1)
        for values in (steps.charge_in, steps.charge_out, steps.energy_in, steps.energy_out)
    )
    numbers = np.broadcast_to(np.arange(1, lab.cycles + 1), charge_in.shape)
    found = {
        "cycle_number": numbers,
        "cycle_count": numbers,
        "group": np.broadcast_to(np.array(lab.groups)[:, np.newaxis], numbers.shape),
        "start_time_second": steps.begin_second[:, first],
        "duration_second": total(steps.second),
        "charging_time_second": total(steps.second * steps.charging),
        "discharging_time_second": total(steps.second * steps.discharging),
        **_capacities(charge_in, charge_out, energy_in, energy_out),
        "coulombic_efficiency_percent": 100.0 * _ratio(charge_out, charge_in, zero_counts=False),
        "energy_efficiency_percent": 100.0 * _ratio(energy_out, energy_in, zero_counts=False),
        "mean_charging_voltage_volt": _ratio(energy_in, charge_in),
        "mean_discharging_voltage_volt": _ratio(energy_out, charge_out),
        **_voltage_loss(_ratio(energy_in, charge_in), _ratio(energy_out, charge_out)),
        "rest_time_second": total(steps.second * ~(steps.charging | steps.discharging)),
        "throughput_ah": (charge_in + charge_out) / SECONDS_PER_HOUR,
        "end_of_charge_voltage_volt": _last_voltage(steps, steps.charging, cycles, first),
        "end_of_discharge_voltage_volt": _last_voltage(steps, steps.discharging, cycles, first),
        **_extremes(steps, first),
        "steps": total(np.ones_like(steps.readings)),
        "reading_count": total(steps.readings),
    }
    return _table(lab, found, CycleRow._fields, start_unix_second)


def write_truth(path: Path, lab: Lab, start_unix_second: float = np.nan) -> None:
    """The cycles as comma separated values, with the columns of ``export cycles`` that are known; unknown is empty."""
    _write(path, cycle_truth(lab, start_unix_second))


def write_step_truth(path: Path, lab: Lab, start_unix_second: float = np.nan) -> None:
    """The steps, likewise."""
    _write(path, step_truth(lab, start_unix_second))


def _write(path: Path, table: Table) -> None:
    columns = [["" if value != value else value for value in column.tolist()] for column in table.values()]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*columns, strict=True))


def _table(lab: Lab, found: dict[str, NDArray[np.generic]], order: tuple[str, ...], start_unix_second: float) -> Table:
    shape = found["start_time_second"].shape
    found["battery_id"] = np.broadcast_to(np.array(lab.battery_ids)[:, np.newaxis], shape)
    found["test_id"] = np.full(shape, lab.test_id or "")
    found["status"] = np.full(shape, "final")
    begins = start_unix_second + lab.begin_ms[:, np.newaxis] / 1000.0
    found["start_unix_second"] = begins + found["start_time_second"].astype(np.float64)
    return {name: found[name].ravel() for name in order if name in found}


def _capacities(charge_in: Floats, charge_out: Floats, energy_in: Floats, energy_out: Floats) -> dict[str, Floats]:
    hours = [moved / SECONDS_PER_HOUR for moved in (charge_in, charge_out, energy_in, energy_out)]
    official = ("charging_capacity_ah", "discharging_capacity_ah", "charging_energy_wh", "discharging_energy_wh")
    integrals = (name.rpartition("_") for name in official)
    return dict(zip(official, hours, strict=True)) | {
        f"{name}_integral_{unit}": moved for (name, _, unit), moved in zip(integrals, hours, strict=True)
    }


def _voltage_loss(charging_v: Floats, discharging_v: Floats) -> dict[str, Floats]:
    return {
        "voltage_hysteresis_volt": charging_v - discharging_v,
        "voltage_efficiency_percent": 100.0 * discharging_v / charging_v,
    }


def _ratio(upper: Floats, lower: Floats, *, zero_counts: bool = True) -> Floats:
    """``upper / lower``; NaN where the lower is zero, and where the upper is unless that counts."""
    known = (lower != 0.0) & (zero_counts | (upper != 0.0))
    found: Floats = np.divide(upper, lower, out=np.full(upper.shape, np.nan), where=known)
    return found


def _last_voltage(
    steps: StepTruth, chosen: NDArray[np.bool_], cycles: NDArray[np.int64], first: NDArray[np.int64]
) -> Floats:
    """Voltage at the end of the last chosen step of each cycle; NaN when it has none."""
    index = np.where(chosen, np.arange(len(cycles)), -1)
    last = np.maximum.reduceat(index, first, axis=1)
    own = last >= first
    found: Floats = np.where(own, np.take_along_axis(steps.voltage_last, np.maximum(last, 0), axis=1), np.nan)
    return found


def _extremes(steps: StepTruth, first: NDArray[np.int64]) -> dict[str, Floats]:
    found = {}
    names = {"voltage": "volt", "current": "ampere", "temperature": "celsius"}
    for quantity, unit in names.items():
        low, high = getattr(steps, f"{quantity}_min"), getattr(steps, f"{quantity}_max")
        found[f"{quantity}_min_{unit}"] = np.minimum.reduceat(low, first, axis=1)
        found[f"{quantity}_max_{unit}"] = np.maximum.reduceat(high, first, axis=1)
    return found
