"""The cycler's counters: resets, losses, what breaks them; numbers by hand, 1 A unless said."""

from math import isnan

import pytest

from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk

HOUR = 3600.0


def cycle_of(**columns):
    return followed([a_chunk(**columns)]).cycles[1]


def hours(count):
    return [HOUR * k for k in range(count)]


def test_trap_first_row_what_was_counted_before_the_first_reading_does_not_count():
    cycle = cycle_of(test_time_second=hours(3), charging_capacity_ah=[7.0, 8.25, 9.0], discharging_capacity_ah=4.0)
    assert cycle.charging_capacity_counter_ah == cycle.charging_capacity_ah == 2.0
    assert cycle.discharging_capacity_counter_ah == 0.0
    assert cycle.charging_capacity_integral_ah == pytest.approx(2.0)
    assert (cycle.capacity_source, cycle.energy_source) == ("counter", "integral")


@pytest.mark.parametrize("new_step", [False, True], ids=["within a step: a resumed test", "with a step"])
def test_trap_counter_reset_what_is_shown_after_a_reset_was_counted_since(new_step):
    cycle = cycle_of(
        test_time_second=hours(5),
        step_id=[1, 1, 1, 2, 2] if new_step else 1,
        charging_capacity_ah=[0.0, 1.0, 2.0, 0.75, 1.75],
        discharging_capacity_ah=0.0,
    )
    assert cycle.charging_capacity_ah == 3.75
    assert cycle.charging_capacity_deviation_percent == pytest.approx(100 * (4 - 3.75) / 3.75)


def test_trap_several_charges_in_a_cycle_are_summed_and_not_the_highest_one_taken():
    cycle = cycle_of(
        test_time_second=hours(6),
        step_id=[1, 1, 2, 2, 3, 3],
        current_ampere=[1, 1, -1, -1, 1, 1],
        charging_capacity_ah=[0, 1, 0, 0, 1, 2.0],
        discharging_capacity_ah=[0, 0, 1, 2, 0, 0.0],
        cycle_count=1,
    )
    assert (cycle.charging_capacity_ah, cycle.discharging_capacity_ah) == (3.0, 2.0)


def test_what_a_counter_loses_in_a_regeneration_pulse_went_the_other_way():
    columns = {
        "test_time_second": hours(5),
        "step_id": 1,
        "current_ampere": [-1, -1, 1, -1, -1],
        "discharging_capacity_ah": [0, 1.0, 0.9, 1.5, 2.5],
    }
    alone = cycle_of(**columns, charging_capacity_ah=0.0)
    assert alone.discharging_capacity_counter_ah == pytest.approx(1.0 + 0.6 + 1.0)
    assert alone.charging_capacity_counter_ah == pytest.approx(0.1)
    both = cycle_of(**columns, charging_capacity_ah=[0, 0, 0.4, 0.4, 0.4])
    assert both.charging_capacity_counter_ah == pytest.approx(0.4)


def test_one_column_may_count_both_directions():
    cycle = cycle_of(
        test_time_second=hours(6),
        current_ampere=[1, 1, 1, -1, -1, -1],
        charging_capacity_ah=[0, 1, 2, 1.5, 0.5, -0.5],
        charging_energy_wh=[0, 4, 8, 6, 2, -2],
        cycle_count=1,
    )
    assert (cycle.charging_capacity_counter_ah, cycle.discharging_capacity_counter_ah) == (2.0, 2.5)
    assert (cycle.charging_energy_counter_wh, cycle.discharging_energy_counter_wh) == (8.0, 10.0)


def test_the_jitter_of_a_last_digit_is_no_reset():
    cycle = cycle_of(
        test_time_second=hours(5), charging_capacity_ah=[0, 1.0, 2.0, 1.9999, 4.0], discharging_capacity_ah=0
    )
    assert cycle.charging_capacity_counter_ah == pytest.approx(4.0)


@pytest.mark.parametrize(
    "counter", [[0.0] * 4, [0, 0.1, 0.2, 0.3], [0, 1, None, 3]], ids=["stands still", "far off", "not always told"]
)
def test_a_counter_that_is_not_sane_does_not_count(counter):
    cycle = cycle_of(test_time_second=hours(4), charging_capacity_ah=counter, discharging_capacity_ah=counter[:1] * 4)
    assert cycle.capacity_source == "integral"
    assert cycle.charging_capacity_ah == pytest.approx(3.0)


def test_noise_of_a_tiny_current_against_the_direction_breaks_no_counter():
    cycle = cycle_of(
        test_time_second=hours(4),
        step_id=1,
        current_ampere=[1, 1, 1, -1e-3],
        charging_capacity_ah=[0, 1, 2, 2.5],
        discharging_capacity_ah=0,
    )
    assert cycle.discharging_capacity_integral_ah > 0.0
    assert cycle.capacity_source == "counter"


def test_without_counters_the_integral_counts_and_nothing_is_said_of_a_deviation():
    cycle = cycle_of(test_time_second=hours(2))
    assert (cycle.capacity_source, cycle.energy_source) == ("integral", "integral")
    assert isnan(cycle.charging_capacity_counter_ah)
    assert isnan(cycle.charging_capacity_deviation_percent)


def test_a_mean_voltage_is_of_one_source():
    columns = {"test_time_second": hours(3), "charging_capacity_ah": [0, 0.8, 1.6], "discharging_capacity_ah": 0}
    cycle = cycle_of(**columns)
    assert (cycle.capacity_source, cycle.energy_source) == ("counter", "integral")
    assert cycle.mean_charging_voltage_volt == pytest.approx(3.5)  # 7 Wh over 2 Ah, not over 1.6
    (step,) = followed([a_chunk(**columns)]).steps.values()
    assert step.voltage_mean_volt == pytest.approx(3.5)


def test_trap_gap_a_gap_is_integrated_told_and_filled_by_the_counter():
    cycle = cycle_of(
        test_time_second=[0, 600, 1200, 4800], charging_capacity_ah=[0, 0.2, 0.4, 0.9], discharging_capacity_ah=0
    )
    # 1200 As in intervals of 600 s, which are no gaps, and 3600 As in one that is.
    assert cycle.bridged_share_percent == pytest.approx(75.0)
    assert (cycle.max_gap_second, cycle.charging_capacity_ah) == (3600.0, 0.9)


def test_a_gap_at_an_edge_is_bridged_on_both_sides():
    steps = followed(
        [
            a_chunk(
                test_time_second=[0, 100, 1100, 1200],
                step_time_second=[0, 100, 400, 500],
                step_id=[1, 1, 2, 2],
                current_ampere=[1, 1, -1, -1],
            )
        ]
    ).steps
    # the old step: 100 As and 600 As held over the gap; the new one: 400 As of the gap and 100 As
    assert [row.bridged_share_percent for row in steps.values()] == pytest.approx([100 * 6 / 7, 80.0])
