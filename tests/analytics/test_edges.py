"""Steps, cycles and where their edges are; numbers by hand."""

from math import isnan, nan

import pytest

from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk


def rows(**columns):
    tables = followed([a_chunk(**columns)])
    return list(tables.steps.values()), list(tables.cycles.values())


def test_one_ampere_at_four_volt_for_an_hour():
    (step,), (cycle,) = rows(test_time_second=[0, 1800, 3600], voltage_volt=4.0)
    assert step.charging_capacity_ah == cycle.charging_capacity_ah == pytest.approx(1.0)
    assert step.charging_energy_wh == cycle.charging_energy_wh == pytest.approx(4.0)
    assert step.current_mean_ampere == pytest.approx(1.0)
    assert (step.duration_second, step.max_gap_second, step.reading_count) == (3600.0, 1800.0, 3)
    assert (cycle.charging_time_second, cycle.discharging_time_second) == (3600.0, 0.0)
    assert isnan(cycle.coulombic_efficiency_percent)
    assert cycle.mean_charging_voltage_volt == pytest.approx(4.0)
    assert isnan(cycle.mean_discharging_voltage_volt)


def test_a_current_through_zero_inside_a_step_counts_on_both_sides():
    (step,), _ = rows(test_time_second=[0, 10], current_ampere=[2.0, -1.0], voltage_volt=[4.0, 3.0], step_id=1)
    assert step.charging_capacity_ah == pytest.approx(10 / 3600)
    assert step.discharging_capacity_ah == pytest.approx(5 / 3600)
    assert step.charging_energy_wh == pytest.approx(40 / 3600)
    assert step.discharging_energy_wh == pytest.approx(15 / 3600)


@pytest.mark.parametrize(
    ("step_time", "edge_s"),
    [(4.0, 16.0), (0.0, 20.0), (15.0, 10.0), (None, 20.0)],
    ids=["within", "at the later reading", "before the earlier reading: clipped", "no clock"],
)
def test_the_step_clock_places_the_edge(step_time, edge_s):
    (first, second), (cycle,) = rows(
        test_time_second=[0, 10, 20, 30],
        step_time_second=[0, 30, step_time, 31],
        step_id=[1, 1, 2, 2],
        current_ampere=[1.0, 1.0, -2.0, -2.0],
        voltage_volt=[4.0, 4.0, 3.0, 3.0],
    )
    held, gained = edge_s - 10, 20 - edge_s
    assert first.charging_capacity_ah == pytest.approx((10 + held) / 3600)
    assert second.discharging_capacity_ah == pytest.approx((2 * gained + 20) / 3600)
    assert first.discharging_capacity_ah == second.charging_capacity_ah == 0.0
    assert (first.duration_second, second.start_time_second, second.duration_second) == (edge_s, edge_s, 30 - edge_s)
    assert (first.max_gap_second, second.max_gap_second) == (10.0, 10.0)
    assert cycle.charging_time_second == pytest.approx(10 + held)
    assert cycle.discharging_time_second == pytest.approx(gained + 10)
    assert cycle.coulombic_efficiency_percent == pytest.approx(100 * (2 * gained + 20) / (10 + held))


def test_the_first_step_of_a_test_gets_nothing_before_its_first_reading():
    (step,), _ = rows(test_time_second=[100, 110], step_time_second=[50, 60])
    assert step.start_time_second == 100.0
    assert step.charging_capacity_ah == pytest.approx(10 / 3600)


def test_a_row_starts_in_unix_time_where_its_edge_is():
    (_, second), _ = rows(
        test_time_second=[0, 10, 20], step_time_second=[0, 10, 4], unix_time_second=[1000, 1010, 1020]
    )
    assert (second.start_time_second, second.start_unix_second) == (16.0, 1016.0)


@pytest.mark.parametrize("column", ["step_count", "step_id"])
def test_a_change_begins_a_step_and_the_unknown_does_not(column):
    (first, second), _ = rows(test_time_second=range(6), **{column: [1, 1, None, 1, 2, None]})
    assert (first.reading_count, second.reading_count) == (4, 2)
    assert (getattr(first, column), getattr(second, column)) == (1, 2)


def test_a_step_clock_that_falls_back_begins_a_step_of_the_same_programme_step():
    steps, _ = rows(test_time_second=range(4), step_id=3, step_time_second=[0, 1, 0, 1])
    assert [row.step_id for row in steps] == [3, 3]


def test_without_any_step_column_the_direction_makes_the_steps():
    steps, _ = rows(test_time_second=range(7), current_ampere=[0.0, 2.0, 2.0, 0.002, -0.002, -0.003, -2.0])
    assert [(row.direction, row.reading_count) for row in steps] == [
        ("rest", 1),
        ("charge", 2),
        ("rest", 2),  # up to a thousandth of the largest current so far
        ("discharge", 2),
    ]


def test_the_direction_of_a_step_is_that_of_most_readings_and_the_first_one_of_equals():
    columns = {"test_time_second": range(4), "step_id": 1}
    directions = [
        rows(current_ampere=current, **columns)[0][0].direction
        for current in ([1, -1, -1, 0], [1, 1, -1, -1], [1, 0, -1, 0], [0, 0, -1, -1], [0, 1, 1, 0])
    ]
    assert directions == ["discharge", "charge", "rest", "discharge", "charge"]


def test_cycles_are_found_where_the_first_direction_comes_back():
    _, cycles = rows(test_time_second=range(0, 90, 10), current_ampere=[0, 1, 1, -1, -1, 0, 1, 1, -1])
    assert [(row.start_time_second, row.steps, row.cycle_count) for row in cycles] == [(0.0, 4, -1), (60.0, 2, -1)]


def test_the_first_direction_may_be_discharge():
    _, cycles = rows(test_time_second=range(0, 60, 10), current_ampere=[-1, -1, 1, 1, -1, -1])
    assert [row.start_time_second for row in cycles] == [0.0, 40.0]


def test_a_pulse_of_less_than_a_hundredth_begins_no_cycle():
    _, cycles = rows(test_time_second=[0, 1000, 1001, 1002, 1003], current_ampere=[1, 1, -1, 1, 1])
    assert len(cycles) == 1


def test_a_cycle_count_that_is_told_decides_alone():
    _, cycles = rows(
        test_time_second=range(0, 70, 10), current_ampere=[1, 1, -1, -1, 1, 1, 1], cycle_count=[4, 4, 4, 4, 4, 5, None]
    )
    assert [(row.cycle_number, row.cycle_count, row.reading_count) for row in cycles] == [(1, 4, 5), (2, 5, 2)]


def test_a_cycle_may_begin_inside_a_step_and_gets_the_whole_interval():
    (step,), (first, second) = rows(
        test_time_second=[0, 10, 20, 30], cycle_count=[0, 0, 1, 1], step_id=1, current_ampere=[1.0, 1.0, 3.0, 3.0]
    )
    assert step.charging_capacity_ah == pytest.approx((10 + 20 + 30) / 3600)
    assert (step.cycle_number, step.cycle_count, step.reading_count) == (2, 1, 4)
    assert first.charging_capacity_ah == pytest.approx(10 / 3600)
    assert second.charging_capacity_ah == pytest.approx(50 / 3600)
    assert (first.duration_second, second.start_time_second, second.duration_second) == (10.0, 10.0, 20.0)
    assert (first.steps, second.steps) == (1, 1)


def test_extremes_and_ends_are_those_of_readings():
    (_, second), (cycle,) = rows(
        test_time_second=range(5),
        step_id=[1, 1, 2, 2, 2],
        current_ampere=[2, 1, 0, -1, 0],
        voltage_volt=[3.0, 4.2, 4.1, 3.4, 3.5],
        temperature_t1_celsius=[None, 20, 25, None, 15],
    )
    assert (cycle.voltage_min_volt, cycle.voltage_max_volt) == (3.0, 4.2)
    assert (cycle.current_min_ampere, cycle.current_max_ampere) == (-1.0, 2.0)
    assert (cycle.temperature_min_celsius, cycle.temperature_max_celsius) == (15.0, 25.0)
    assert (cycle.end_of_charge_voltage_volt, cycle.end_of_discharge_voltage_volt) == (4.2, 3.4)
    assert (second.voltage_first_volt, second.voltage_last_volt) == (4.1, 3.5)


def test_what_is_not_known_is_nan():
    (step,), (cycle,) = rows(test_time_second=[0.0], current_ampere=[0.0])
    unknown = [
        step.current_mean_ampere,
        step.start_unix_second,
        step.temperature_min_celsius,
        cycle.end_of_charge_voltage_volt,
        cycle.end_of_discharge_voltage_volt,
        cycle.energy_efficiency_percent,
    ]
    assert repr(unknown) == repr([nan] * 6)
    assert (step.step_count, step.step_id, step.cycle_count) == (-1, -1, -1)
