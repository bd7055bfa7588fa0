"""The cycler's counters that the lab writes, against the exact charge and energy of its steps."""

import numpy as np
import pytest

from simulator.lab import Lab
from simulator.truth import step_truth

COUNTERS = ("charging_capacity_ah", "discharging_capacity_ah", "charging_energy_wh", "discharging_energy_wh")


@pytest.fixture(scope="module")
def lab():
    return Lab(batteries=3, groups=("W", "X"), cycles=2, counters=True)


@pytest.mark.parametrize("name", COUNTERS)
def test_the_last_counter_of_each_step_is_its_exact_charge_or_energy(lab, name):
    truth, steps = step_truth(lab), lab.programme.steps
    for number, battery_id in enumerate(lab.battery_ids):
        readings = lab.read_one(battery_id, 0, int(lab.records.totals[number]), 1.7e9)
        last = np.append(np.diff(readings.column("step_count")) > 0, True)
        own = slice(number * steps, (number + 1) * steps)
        np.testing.assert_allclose(readings.column(name)[last], truth[name][own], rtol=1e-6, atol=1e-8)


def test_counters_start_anew_with_every_step_and_never_fall_within_one(lab):
    readings = lab.read_one("W00", 0, int(lab.records.totals[0]), 1.7e9)
    same_step = np.diff(readings.column("step_count")) == 0
    for name in COUNTERS:
        change = np.diff(readings.column(name))
        assert (change[same_step] >= 0.0).all()
        assert change.min() < 0.0


def test_a_lab_has_the_same_counters_from_wherever_it_is_read(lab):
    whole = lab.read_one("X00", 0, 3000, 1.7e9)
    part = lab.read_one("X00", 2500, 3000, 1.7e9)
    np.testing.assert_array_equal(part.values, whole.values[:, 2500:])
