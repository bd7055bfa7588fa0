import csv
from dataclasses import fields

import numpy as np
import pytest

from schemas import COLUMNS, CycleRow, StepRow
from simulator.cell import Cells, aged
from simulator.chemistry import chemistry_of
from simulator.lab import Lab
from simulator.protocol import life_protocol
from simulator.sampling import Noise
from simulator.truth import cycle_truth, step_truth, write_step_truth, write_truth
from tests.simulator.integrator import integrate

CAPACITIES = ["charging_capacity_ah", "discharging_capacity_ah", "charging_energy_wh", "discharging_energy_wh"]


@pytest.fixture(scope="module")
def lab():
    return Lab(batteries=8, cycles=3, noise=Noise())


@pytest.fixture(scope="module")
def read(lab):
    return lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, 1.7e9)


def cell_of(lab, index, finished_cycles):
    cell = {field.name: getattr(lab.cells, field.name)[index] for field in fields(Cells) if field.name != "curve"}
    now = aged(lab.cells, finished_cycles)
    cell |= {name: getattr(now, name)[index] for name in ("capacity_ah", "ohmic_ohm", "fast_ohm", "slow_ohm")}
    return cell | {"volt": chemistry_of(lab.groups[index]).curve.volt}


def trapezoid(readings, cycle):
    """Charge and energy of a cycle [Ah], [Wh], charging then discharging; edges placed by the step clock."""
    time, _, current, volt, _, cycles, step, _, step_time, *_ = readings.values
    gap = np.diff(time)
    same = np.diff(step) == 0
    assert np.allclose((time - step_time)[1:][~same], time[:-1][~same], atol=1e-9)
    chosen = cycles[1:] == cycle
    found = []
    for weight in (np.ones_like(volt), volt):
        for sign in (1, -1):
            value = np.maximum(sign * current, 0.0) * weight
            area = np.where(same, gap * (value[1:] + value[:-1]) / 2, gap * value[1:])
            found.append(area[chosen].sum() / 3600)
    return found


def test_truth_is_what_a_dense_integration_of_the_equations_gives(lab):
    truth = step_truth(lab)
    steps = [("cc", 1.2, 4.5), ("cv", 4.5, 0.06), ("rest", 0.0, 300.0), ("cc", -1.2, 2.0), ("rest", 0.0, 300.0)]
    for index in (0, 5):
        state = None
        for cycle in range(2):
            found, state = integrate(cell_of(lab, index, cycle), steps, 0.5, state)
            seconds, charge, energy = np.transpose(found)
            rows = slice(index * 15 + cycle * 5, index * 15 + cycle * 5 + 5)
            np.testing.assert_allclose(truth["duration_second"][rows], seconds, rtol=0, atol=0.002)
            net = truth["charging_capacity_ah"][rows] - truth["discharging_capacity_ah"][rows]
            np.testing.assert_allclose(net, charge / 3600, rtol=0, atol=5e-7)
            net = truth["charging_energy_wh"][rows] - truth["discharging_energy_wh"][rows]
            np.testing.assert_allclose(net, energy / 3600, rtol=0, atol=2e-6)


def test_the_trapezoid_over_readings_of_a_second_agrees_to_1e_5(lab, read):
    truth = cycle_truth(lab)
    for index, readings in enumerate(read):
        for cycle in range(3):
            expected = [truth[name][index * 3 + cycle] for name in CAPACITIES]
            np.testing.assert_allclose(trapezoid(readings, cycle + 1), expected, rtol=1e-5)


def test_noise_does_not_move_the_trapezoid_by_more_than_1e_4():
    lab = Lab(batteries=4, cycles=2)
    truth = cycle_truth(lab)
    for index, readings in enumerate(lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, 1.7e9)):
        expected = [truth[name][index * 2 + 1] for name in CAPACITIES]
        np.testing.assert_allclose(trapezoid(readings, 2), expected, rtol=1e-4)


def test_counts_times_and_extremes_are_those_of_the_readings(lab, read):
    truth = cycle_truth(lab, 1.7e9)
    for index, readings in enumerate(read):
        for cycle in range(3):
            row = {name: column[index * 3 + cycle] for name, column in truth.items()}
            values = readings.values[:, readings.column("cycle_count") == cycle + 1]
            of = dict(zip(COLUMNS, values, strict=True))
            current = of["current_ampere"]
            assert row["reading_count"] == values.shape[1]
            assert row["steps"] == len(np.unique(of["step_count"])) == 5
            assert row["start_time_second"] + row["duration_second"] == pytest.approx(of["test_time_second"][-1])
            begun = of["unix_time_second"][0] - (of["test_time_second"][0] - row["start_time_second"])
            assert row["start_unix_second"] == pytest.approx(begun, abs=1e-3)
            for name, unit, tolerance in (("voltage", "volt", 6e-6), ("current", "ampere", 6e-6)):
                column = of[f"{name}_{unit}"]
                assert row[f"{name}_min_{unit}"] == pytest.approx(column.min(), abs=tolerance)
                assert row[f"{name}_max_{unit}"] == pytest.approx(column.max(), abs=tolerance)
            warmth = of["temperature_t1_celsius"]
            assert row["temperature_max_celsius"] == pytest.approx(warmth.max(), abs=0.0051)
            assert row["temperature_min_celsius"] == pytest.approx(warmth.min(), abs=0.0051)
            last_charge, last_discharge = (of["voltage_volt"][sign * current > 0][-1] for sign in (1, -1))
            assert row["end_of_charge_voltage_volt"] == pytest.approx(last_charge, abs=6e-6)
            assert row["end_of_discharge_voltage_volt"] == pytest.approx(last_discharge, abs=6e-6)


def test_efficiencies_are_those_of_a_good_cell(lab):
    truth = cycle_truth(lab)
    assert (truth["coulombic_efficiency_percent"] > 99.5).all()
    assert (truth["coulombic_efficiency_percent"] < 100.1).all()
    assert (truth["energy_efficiency_percent"] > 90.0).all()
    assert (truth["energy_efficiency_percent"] < 97.0).all()
    ratio = truth["mean_discharging_voltage_volt"] / truth["mean_charging_voltage_volt"]
    np.testing.assert_allclose(
        ratio * truth["coulombic_efficiency_percent"], truth["energy_efficiency_percent"], rtol=1e-12
    )


def test_steps_add_up_to_cycles(lab):
    steps, cycles = step_truth(lab), cycle_truth(lab)
    for name in (*CAPACITIES, "duration_second", "reading_count"):
        np.testing.assert_allclose(steps[name].reshape(-1, 5).sum(axis=1), cycles[name], rtol=1e-13)


def test_truth_of_formation_and_check_ups_agrees_with_their_readings():
    protocol = life_protocol(1200.0, 2.0, 4.5, formation_cycles=1, check_up_every=3)
    lab = Lab(batteries=4, cycles=3, protocol=protocol, noise=Noise())
    truth = cycle_truth(lab)
    for index, readings in enumerate(lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, 1.7e9)):
        for cycle in range(3):
            expected = [truth[name][index * 3 + cycle] for name in CAPACITIES]
            np.testing.assert_allclose(trapezoid(readings, cycle + 1), expected, rtol=2e-5)


def test_a_cycle_that_only_rests_has_no_efficiency_and_no_end_of_charge():
    from simulator.protocol import Protocol, rest

    truth = cycle_truth(Lab(batteries=1, cycles=1, protocol=Protocol((rest(10.0),))))
    assert np.isnan(truth["coulombic_efficiency_percent"][0])
    assert np.isnan(truth["mean_charging_voltage_volt"][0])
    assert np.isnan(truth["end_of_charge_voltage_volt"][0])


def test_columns_are_those_of_the_rows_in_their_order(lab, tmp_path):
    assert list(cycle_truth(lab)) == [name for name in CycleRow._fields if name in cycle_truth(lab)]
    unknown = set(CycleRow._fields) - set(cycle_truth(lab))
    assert {name for name in unknown if not name.endswith(("_counter_ah", "_counter_wh", "_deviation_percent"))} == {
        *("max_gap_second", "duplicate_count", "revision"),
        *("capacity_source", "energy_source", "bridged_share_percent", "no_efficiency_reason"),
        *("coulombic_efficiency_to_previous_charge_percent", "temperature_mean_celsius"),
    }
    assert list(step_truth(lab)) == [name for name in StepRow._fields if name in step_truth(lab)]
    write_truth(tmp_path / "cycles.csv", lab)
    write_step_truth(tmp_path / "steps.csv", lab)
    with (tmp_path / "cycles.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    assert rows[1]["battery_id"] == "W00"
    assert rows[1]["cycle_number"] == "2"
    assert rows[1]["start_unix_second"] == ""
    assert float(rows[1]["discharging_energy_wh"]) == cycle_truth(lab)["discharging_energy_wh"][1]
    with (tmp_path / "steps.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 8 * 3 * 5
