"""What a cycle and a step say beside their charge; numbers by hand."""

from math import isnan

import pytest

from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk

# 100 s of charge at 4 V, 50 s of rest, 100 s of discharge at 3 V, 50 s of rest; a step clock places every edge.
TWO_CYCLES = {
    "test_time_second": [0, 100, 100, 150, 150, 250, 250, 300, 300, 380, 380, 440],
    "step_time_second": [0, 100, 0, 50, 0, 100, 0, 50, 0, 80, 0, 60],
    "step_count": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    "cycle_count": [1] * 8 + [2] * 4,
    "current_ampere": [1, 1, 0, 0, -1, -1, 0, 0, 1, 1, -1, -1],
    "voltage_volt": [4, 4, 3.9, 3.8, 3, 3, 3.1, 3.2, 4, 4, 3, 3],
}


def rows(**columns):
    tables = followed([a_chunk(**columns)])
    return list(tables.steps.values()), list(tables.cycles.values())


def test_durations_throughput_and_voltages_of_a_cycle():
    _, (cycle, _) = rows(**TWO_CYCLES)
    assert (cycle.charging_time_second, cycle.discharging_time_second, cycle.rest_time_second) == (100, 100, 100)
    assert cycle.throughput_ah == pytest.approx(200 / 3600)
    assert cycle.voltage_hysteresis_volt == pytest.approx(1.0)
    assert cycle.voltage_efficiency_percent == pytest.approx(75.0)
    assert cycle.energy_efficiency_percent == pytest.approx(75.0)


def test_both_conventions_of_the_coulombic_efficiency():
    _, (first, second) = rows(**TWO_CYCLES)
    assert first.coulombic_efficiency_percent == pytest.approx(100.0)
    assert isnan(first.coulombic_efficiency_to_previous_charge_percent)
    assert second.coulombic_efficiency_percent == pytest.approx(75.0)  # 60 As of its own 80 As
    assert second.coulombic_efficiency_to_previous_charge_percent == pytest.approx(60.0)  # 60 As of 100 As


def test_the_charge_of_another_test_is_no_previous_charge():
    one = a_chunk(test_id="one", **TWO_CYCLES)
    two = a_chunk(test_id="two", first_offset=12, **TWO_CYCLES)
    assert isnan(followed([one, two]).cycles[3].coulombic_efficiency_to_previous_charge_percent)


@pytest.mark.parametrize(
    ("currents", "closes", "reason"),
    [
        ([1, 1, 1, -1, -1], False, ""),
        ([1, 1, 1, 1, 1], False, "unfinished"),
        ([1, 1, 1, 1, 1], True, "no discharge"),
        ([-1, -1, -1, -1, -1], True, "no charge"),
    ],
)
def test_trap_efficiency_an_efficiency_that_is_not_there_says_why(currents, closes, reason):
    _, (cycle,) = rows(test_time_second=range(5), current_ampere=currents, cycle_count=1, closes=closes)
    assert cycle.no_efficiency_reason == reason
    assert isnan(cycle.coulombic_efficiency_percent) == bool(reason)


def test_the_mean_temperature_is_over_the_time_at_which_it_is_known():
    (step,), (cycle,) = rows(test_time_second=[0, 10, 20, 50], temperature_t1_celsius=[20.0, 20.0, None, 40.0])
    # 10 s at 20 degC, 10 s not known, 30 s at 40 degC
    assert step.temperature_mean_celsius == cycle.temperature_mean_celsius == pytest.approx((200 + 1200) / 40)


def test_a_temperature_that_is_known_over_no_interval_has_no_mean():
    times = [0.1 * number for number in range(50)]
    (step,), _ = rows(test_time_second=times, temperature_t1_celsius=[25.0] + [None] * 49)
    assert step.temperature_min_celsius == 25.0
    assert isnan(step.temperature_mean_celsius)


def test_what_may_be_noise_makes_no_efficiency():
    """A discharge with a current that twitches once towards charge."""
    currents = [-1.0] * 50 + [0.001] + [-1.0] * 50
    _, (cycle,) = rows(test_time_second=range(101), current_ampere=currents, cycle_count=1, closes=True)
    assert 0 < cycle.charging_capacity_ah < 2e-5 * cycle.discharging_capacity_ah
    assert isnan(cycle.coulombic_efficiency_percent)
    assert isnan(cycle.energy_efficiency_percent)
    assert cycle.no_efficiency_reason == "no charge"


def test_without_temperatures_their_mean_is_not_known():
    (step,), (cycle,) = rows(test_time_second=[0, 10])
    assert isnan(step.temperature_mean_celsius)
    assert isnan(cycle.temperature_mean_celsius)


def test_the_mean_voltage_of_a_step_is_weighted_by_charge():
    (step,), _ = rows(test_time_second=[0, 10], current_ampere=[1.0, 3.0], voltage_volt=[3.0, 4.0])
    assert step.voltage_mean_volt == pytest.approx((3 + 12) / 4)


def test_the_onset_of_a_step_tells_a_resistance_with_its_delay_and_current_step():
    (_, onset), _ = rows(
        test_time_second=[0, 10, 15, 20],
        step_time_second=[0, 10, 5, 10],
        current_ampere=[0.0, 0.0, -2.0, -2.0],
        voltage_volt=[4.0, 4.0, 3.9, 3.8],
    )
    assert onset.onset_resistance_ohm == pytest.approx(0.05)
    assert (onset.onset_delay_second, onset.onset_current_step_ampere) == (5.0, -2.0)


def test_trap_zero_interval_a_step_whose_first_reading_has_the_time_of_the_last_one_still_has_its_resistance():
    (_, onset), _ = rows(
        test_time_second=[0, 10, 10, 20],
        step_count=[1, 1, 2, 2],
        current_ampere=[0, 0, 1, 1],
        voltage_volt=[3, 3, 3.2, 4],
    )
    assert onset.onset_resistance_ohm == pytest.approx(0.2)
    assert onset.onset_delay_second == 0.0


def test_a_small_change_of_the_current_tells_no_resistance():
    steps, _ = rows(test_time_second=range(4), step_count=[1, 1, 2, 2], current_ampere=[1.0, 1.0, 1.02, 1.02])
    assert all(isnan(step.onset_resistance_ohm) for step in steps)
