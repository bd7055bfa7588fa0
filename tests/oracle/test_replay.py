"""The oracle itself against numbers worked out by hand (in the comments)."""

import math

import pytest

from tests.oracle.generators import a_chunk
from tests.oracle.replay import replay, replay_messages

UNIX = 1_700_000_000.0


def replayed(*, closes=False, **columns):
    return replay([a_chunk(closes=closes, **columns)])


def test_one_ampere_for_one_hour_is_one_ampere_hour():
    result = replayed(test_time_second=[60.0 * k for k in range(61)], current_ampere=1.0, voltage_volt=3.5)
    for row in (result.steps[1], result.cycles[1]):
        assert row.charging_capacity_ah == pytest.approx(1.0)
        assert row.charging_energy_wh == pytest.approx(3.5)
        assert row.discharging_capacity_ah == row.discharging_energy_wh == 0.0
        assert (row.duration_second, row.max_gap_second, row.reading_count) == (3600.0, 60.0, 61)
    assert result.steps[1].current_mean_ampere == pytest.approx(1.0)
    assert result.cycles[1].charging_time_second == 3600.0
    assert (result.accepted, len(result.steps), len(result.cycles)) == (61, 1, 1)


def test_a_ramp_is_integrated_by_the_trapezoidal_rule_on_current_and_on_power():
    row = replayed(test_time_second=[0, 10], step_id=1, current_ampere=[0.0, 2.0], voltage_volt=[3.0, 4.0]).steps[1]
    # (0 + 2) / 2 A x 10 s = 10 A s;  (0 x 3 + 2 x 4) / 2 W x 10 s = 40 W s
    assert row.charging_capacity_ah * 3600 == pytest.approx(10.0)
    assert row.charging_energy_wh * 3600 == pytest.approx(40.0)


def test_a_current_through_zero_inside_a_step_counts_on_both_sides():
    row = replayed(test_time_second=[0, 10], step_id=1, current_ampere=[1.0, -3.0], voltage_volt=2.0).steps[1]
    # charge: (1 + 0) / 2 x 10 = 5 A s; discharge: (0 + 3) / 2 x 10 = 15 A s; net -10 A s in 10 s
    assert row.charging_capacity_ah * 3600 == pytest.approx(5.0)
    assert row.discharging_capacity_ah * 3600 == pytest.approx(15.0)
    assert row.current_mean_ampere == pytest.approx(-1.0)


EDGE = {"test_time_second": [0, 10, 16], "current_ampere": [1.0, 1.0, -2.0], "voltage_volt": [4.0, 4.0, 3.0]}


@pytest.mark.parametrize(
    ("step_time", "edge", "charged_as", "discharged_as"),
    [
        # began 2 s before its first reading: 1 A for 10 s and 4 s more, then -2 A for 2 s
        (2.0, 14.0, 14.0, 4.0),
        # no step clock there: 1 A up to the first reading of the new step
        (None, 16.0, 16.0, 0.0),
        # the clock says a time before the old step's last reading: held back to it; -2 A for all of the 6 s
        (9.0, 10.0, 10.0, 12.0),
    ],
)
def test_the_step_clock_places_the_edge_between_two_steps(step_time, edge, charged_as, discharged_as):
    result = replayed(**EDGE, step_count=[1, 1, 2], step_time_second=[0, 10, step_time])
    old, new = result.steps[1], result.steps[2]
    assert (old.start_time_second, old.duration_second) == (0.0, edge)
    assert (new.start_time_second, new.duration_second) == (edge, 16.0 - edge)
    assert old.charging_capacity_ah * 3600 == pytest.approx(charged_as)
    assert old.charging_energy_wh * 3600 == pytest.approx(4 * charged_as)
    assert new.discharging_capacity_ah * 3600 == pytest.approx(discharged_as)
    assert new.discharging_energy_wh * 3600 == pytest.approx(3 * discharged_as)
    assert old.discharging_capacity_ah == new.charging_capacity_ah == 0.0
    assert (old.max_gap_second, new.max_gap_second) == (10.0, 6.0)  # the whole interval, on the later one
    cycle = result.cycles[1]
    assert (cycle.charging_time_second, cycle.discharging_time_second) == (edge, 16.0 - edge)
    assert (cycle.steps, cycle.end_of_charge_voltage_volt, cycle.end_of_discharge_voltage_volt) == (2, 4.0, 3.0)


def test_an_edge_between_two_cycles_is_shared_between_them():
    result = replayed(**EDGE, step_count=[1, 1, 2], step_time_second=[0, 10, 2], cycle_count=[7, 7, 8])
    old, new = result.cycles[1], result.cycles[2]
    # 14 A s at 4 V in the old one; 4 A s at 3 V in the new one, which starts at the edge
    assert (old.cycle_count, new.cycle_count) == (7, 8)
    assert (old.duration_second, new.start_time_second, new.duration_second) == (14.0, 14.0, 2.0)
    assert old.charging_capacity_ah * 3600 == pytest.approx(14.0)
    assert new.discharging_energy_wh * 3600 == pytest.approx(12.0)


def test_the_first_step_of_a_test_gets_no_credit_before_its_first_reading():
    row = replayed(test_time_second=[100, 101], step_time_second=[50, 51], step_count=1).steps[1]
    assert (row.start_time_second, row.duration_second) == (100.0, 1.0)
    assert row.charging_capacity_ah * 3600 == pytest.approx(1.0)


def test_a_gap_is_integrated_and_reported():
    row = replayed(test_time_second=[0, 1, 1001, 1002]).cycles[1]
    assert (row.max_gap_second, row.charging_capacity_ah * 3600) == (1000.0, pytest.approx(1002.0))


@pytest.mark.parametrize("column", ["step_count", "step_id"])
def test_a_new_number_begins_a_step_and_an_unknown_one_does_not(column):
    result = replayed(test_time_second=[0, 1, 2, 3], step_time_second=[0, 1, 2, 3], **{column: [1, 2, None, 5]})
    assert [row.reading_count for row in result.steps.values()] == [1, 3]
    assert [getattr(row, column) for row in result.steps.values()] == [1, 5]


def test_a_falling_step_clock_begins_a_step_of_the_same_number():
    result = replayed(test_time_second=[0, 1, 2], step_count=1, step_id=1, step_time_second=[5, 6, 0])
    assert [row.reading_count for row in result.steps.values()] == [2, 1]


def test_without_numbers_and_clock_the_direction_makes_the_steps():
    # The highest current so far is 2 A from the second reading on: up to 2 mA is rest.
    currents = [1e-9, 2.0, 2e-3, -2e-3, 2.1e-3, -2.1e-3]
    result = replayed(test_time_second=range(6), current_ampere=currents)
    # 1e-9 A is above a thousandth of the highest so far, itself: charge, one step with 2.0 A
    assert [row.reading_count for row in result.steps.values()] == [2, 2, 1, 1]
    assert [row.direction for row in result.steps.values()] == ["charge", "rest", "charge", "discharge"]


def test_the_direction_of_a_step_is_that_of_most_readings_and_charge_before_discharge_before_rest_when_equal():
    def direction(*currents):
        return replayed(test_time_second=range(len(currents)), step_id=1, current_ampere=currents).steps[1].direction

    assert direction(1.0, -1.0, -1.0) == "discharge"
    assert direction(0.0, -1.0, 1.0) == "charge"
    assert direction(-1.0, 0.0) == "discharge"
    assert direction(0.0, 0.0) == "rest"


CYCLING = [1.0] * 11 + [-1.0] * 11 + [1.0] * 11


def test_cycles_are_found_where_the_first_direction_comes_back():
    result = replayed(test_time_second=range(33), current_ampere=CYCLING)
    first, second = result.cycles[1], result.cycles[2]
    # Steps: readings 0-10, 11-21, 22-32; without a step clock the edges lie at the first readings, 11 s and 22 s.
    # Charge 10 + 1 (held) = 11 A s; discharge 10 + 1 = 11 A s; then 10 A s.
    assert (first.charging_capacity_ah * 3600, first.discharging_capacity_ah * 3600) == pytest.approx((11.0, 11.0))
    assert first.coulombic_efficiency_percent == pytest.approx(100.0)
    assert (first.duration_second, first.steps, first.cycle_count) == (22.0, 2, -1)
    assert second.charging_capacity_ah * 3600 == pytest.approx(10.0)
    assert math.isnan(second.coulombic_efficiency_percent)
    assert math.isnan(second.end_of_discharge_voltage_volt)
    assert len(result.cycles) == 2


def test_a_short_pulse_back_begins_no_cycle():
    # 100 A s of charge, then one reading of -0.5 A held for 1 s: 0.5 %, less than 1 %
    result = replayed(test_time_second=range(103), current_ampere=[1.0] * 100 + [-0.5] + [1.0] * 2)
    assert (len(result.steps), len(result.cycles)) == (3, 1)


def test_a_cycle_that_begins_inside_a_step_gets_the_whole_interval():
    result = replayed(test_time_second=[0, 10, 16, 20], step_count=1, cycle_count=[1, 1, 2, 2], unix_time_second=UNIX)
    old, new = result.cycles[1], result.cycles[2]
    assert (old.charging_capacity_ah * 3600, new.charging_capacity_ah * 3600) == pytest.approx((10.0, 10.0))
    assert (old.duration_second, new.start_time_second, new.duration_second) == (10.0, 10.0, 10.0)
    assert new.start_unix_second == UNIX - 6.0  # its first reading is 6 s after its start
    assert (old.steps, new.steps, len(result.steps)) == (1, 1, 1)
    assert (result.steps[1].cycle_number, result.steps[1].cycle_count) == (2, 2)


def test_extremes_and_ends_are_those_of_readings():
    row = replayed(
        test_time_second=[0, 1, 2, 3],
        step_id=1,
        current_ampere=[0.5, 1.0, -2.0, 0.0],
        voltage_volt=[3.0, 3.2, 2.9, 3.1],
        temperature_t1_celsius=[None, 20.0, 30.0, None],
    ).cycles[1]
    assert (row.voltage_min_volt, row.voltage_max_volt) == (2.9, 3.2)
    assert (row.current_min_ampere, row.current_max_ampere) == (-2.0, 1.0)
    assert (row.temperature_min_celsius, row.temperature_max_celsius) == (20.0, 30.0)
    assert (row.end_of_charge_voltage_volt, row.end_of_discharge_voltage_volt) == (3.2, 2.9)
    # charge: 0.75 + 0.5 = 1.25 A s and (1.5 + 3.2) / 2 + 1.6 = 3.95 W s; discharge 1 + 1 = 2 A s, 2.9 x 2 W s
    assert row.mean_charging_voltage_volt == pytest.approx(3.95 / 1.25)
    assert row.coulombic_efficiency_percent == pytest.approx(160.0)
    assert row.energy_efficiency_percent == pytest.approx(100 * 5.8 / 3.95)


def test_a_row_of_one_reading_has_no_duration_no_mean_current_and_no_known_start():
    row = replayed(test_time_second=[5]).steps[1]
    assert (row.duration_second, row.max_gap_second) == (0.0, 0.0)
    assert math.isnan(row.current_mean_ampere)
    assert math.isnan(row.start_unix_second)
    assert math.isnan(row.temperature_min_celsius)


def test_a_repeated_record_index_is_counted_on_its_twin_and_changes_nothing():
    result = replayed(
        test_time_second=[0, 1, 2, 1], step_count=[1, 2, 3, 2], record_index=[1, 2, 3, 2], voltage_volt=[3, 3, 3, 9]
    )
    assert (result.accepted, result.duplicates, result.battery.duplicate_count) == (3, 1, 1)
    assert [row.duplicate_count for row in result.steps.values()] == [0, 1, 0]
    assert (result.cycles[1].duplicate_count, result.cycles[1].voltage_max_volt) == (1, 3.0)


def test_the_same_content_is_a_duplicate_and_the_same_time_alone_is_not():
    result = replayed(test_time_second=[0, 1, 1, 1], voltage_volt=[3.0, 3.1, 3.2, 3.1])
    assert (result.accepted, result.duplicates) == (3, 1)


def test_what_comes_at_or_before_the_limit_is_late_and_what_comes_after_it_is_put_in_order():
    result = replayed(
        test_time_second=[0, 40, 10, 10.5], current_ampere=[1, 1, 9, 2], unix_time_second=UNIX, cycle_count=3
    )
    # limit = 40 - 30 = 10 s: the reading at 10 s is late, the one at 10.5 s is not
    late = result.late[0]
    assert (late.time_second, late.offset, late.current_ampere, late.cycle_count) == (10.0, 2, 9.0, 3)
    assert (result.accepted, result.battery.late_count, result.battery.time_second) == (3, 1, 40.0)
    # 1.5 A x 10.5 s + 1.5 A x 29.5 s
    assert result.cycles[1].charging_capacity_ah * 3600 == pytest.approx(60.0)


def test_no_more_than_64_readings_are_pending():
    times = [k / 8 for k in range(65)]
    # With the 65th reading, at 8 s, the 65th newest is the first one: limit 0 s.
    result = replayed(test_time_second=[*times, 0.0, 0.0625], record_index=range(67))
    assert [late.time_second for late in result.late] == [0.0]
    assert result.accepted == 66


def test_readings_of_one_time_are_ordered_by_cycle_then_step_then_falling_step_clock():
    result = replayed(
        test_time_second=0.0,
        cycle_count=[2, 1, 1, 1],
        step_count=[3, 2, 1, 1],
        step_time_second=[0, 0, 4, 9],
        voltage_volt=[3.0, 3.1, 3.2, 3.3],
    )
    # 3.3 (step time 9), 3.2 (falls to 4: another step), 3.1 (step 2), 3.0 (cycle 2)
    assert [row.voltage_first_volt for row in result.steps.values()] == [3.3, 3.2, 3.1, 3.0]
    assert [row.cycle_number for row in result.steps.values()] == [1, 1, 1, 2]


def two_tests(second_unix=UNIX + 100):
    return [
        a_chunk(test_id="x", test_time_second=[0, 10], unix_time_second=[UNIX, UNIX + 10], record_index=[1, 2]),
        a_chunk(
            test_id="y",
            first_offset=2,
            test_time_second=[5, 8],
            unix_time_second=[second_unix, second_unix + 3],
            record_index=[1, 2],
        ),
    ]


def test_a_new_test_goes_on_after_the_gap_on_the_clock_with_nothing_integrated_between():
    result = replay(two_tests())
    # newest 10 s, gap 90 s: the second test is at 100 s and 103 s
    assert [row.start_time_second for row in result.cycles.values()] == [0.0, 100.0]
    assert [row.start_unix_second for row in result.steps.values()] == [UNIX, UNIX + 100]
    assert [row.duration_second for row in result.steps.values()] == [10.0, 3.0]
    assert [row.max_gap_second for row in result.cycles.values()] == [10.0, 3.0]
    assert [row.charging_capacity_ah * 3600 for row in result.cycles.values()] == pytest.approx([10.0, 3.0])
    assert [row.test_id for row in result.steps.values()] == ["x", "y"]
    assert [row.status for row in result.cycles.values()] == ["final", "running"]  # though the new one is pending


def test_a_new_test_at_the_time_of_the_old_ones_last_reading_is_not_late():
    result = replay(two_tests(second_unix=UNIX))  # before the old one's end: no gap
    assert (result.battery.time_second, result.accepted, result.late) == (13.0, 4, [])


def test_a_reading_of_an_earlier_test_is_late_at_its_own_place():
    behind = a_chunk(test_id="x", first_offset=4, test_time_second=[10.5], unix_time_second=[UNIX + 200])
    result = replay([*two_tests(), behind])
    assert [(late.test_id, late.time_second) for late in result.late] == [("x", 10.5)]
    assert result.battery.test_id == "y"


def test_eight_tests_are_remembered_and_a_ninth_one_back_is_taken_for_a_new_one():
    def sent(*names):
        return replay([a_chunk(test_id=n, first_offset=k, test_time_second=k) for k, n in enumerate(names)])

    assert len(sent(*"abcdefgh", "a").late) == 1
    forgotten = sent(*"abcdefghi", "a")
    assert (forgotten.late, len(forgotten.cycles), forgotten.battery.test_id) == ([], 10, "a")
    # No clock, so no gap: all of them lie at the time of the first one.
    assert forgotten.battery.time_second == 0.0


def test_a_chunk_without_a_test_name_belongs_to_the_test_that_is_on():
    nameless = a_chunk(first_offset=1, test_time_second=[1])
    result = replay([a_chunk(test_id="x", test_time_second=[0]), nameless])
    assert (len(result.cycles), result.steps[1].reading_count, result.battery.test_id) == (1, 2, "x")


def test_a_test_time_that_falls_while_the_clock_goes_on_is_a_new_test():
    result = replayed(test_time_second=[0, 10, 5], unix_time_second=[UNIX, UNIX + 10, UNIX + 11])
    assert [row.start_time_second for row in result.steps.values()] == [0.0, 11.0]
    assert (result.accepted, len(result.cycles)) == (3, 2)


def test_a_test_time_that_falls_with_the_clock_is_only_out_of_order():
    result = replayed(test_time_second=[0, 10, 5], unix_time_second=[UNIX, UNIX + 10, UNIX + 5])
    assert (result.accepted, len(result.steps), result.battery.time_second) == (3, 1, 10.0)


def test_a_row_is_final_once_the_reading_that_ended_it_is_settled():
    result = replayed(test_time_second=[0, 10, 20, 41], step_count=[1, 2, 3, 4], cycle_count=[1, 1, 2, 2])
    # limit = 41 - 30 = 11 s: the reading at 10 s is settled, the one at 20 s is not
    assert [row.status for row in result.steps.values()] == ["final", "provisional", "provisional", "running"]
    assert [row.status for row in result.cycles.values()] == ["provisional", "running"]


def test_a_chunk_that_closes_makes_all_rows_final_even_when_it_is_empty():
    opened = a_chunk(test_time_second=[0, 10], step_count=[1, 2])
    closing = a_chunk(test_time_second=[], first_offset=2, closes=True)
    result = replay([opened, closing])
    assert [row.status for row in (*result.steps.values(), *result.cycles.values())] == ["final"] * 3


def test_offsets_that_were_applied_are_skipped_in_silence():
    chunk = a_chunk(test_time_second=[0, 10])
    again = a_chunk(test_time_second=[0, 10, 20])
    elsewhere = a_chunk(test_time_second=[21], partition="p1")
    result = replay([chunk, again, elsewhere])
    assert (result.accepted, result.duplicates, result.late, result.battery.time_second) == (4, 0, [], 21.0)


@pytest.mark.parametrize("times", [([0, None], UNIX), ([None, 0], UNIX), ([None, None], None)])
def test_a_reading_with_another_time_base_or_none_is_refused(times):
    with pytest.raises(ValueError, match="time"):
        replayed(test_time_second=times[0], unix_time_second=times[1])


def test_without_a_test_time_the_clock_is_the_axis():
    result = replayed(unix_time_second=[UNIX, UNIX + 3600])
    assert (result.cycles[1].start_time_second, result.cycles[1].charging_capacity_ah) == (UNIX, pytest.approx(1.0))


def test_the_trace_keeps_the_newest_reading_of_each_bucket():
    result = replayed(test_time_second=[0, 29, 28, 30, 95], voltage_volt=[1, 2, 3, 4, 5])
    assert {bucket: point.voltage_volt for bucket, point in result.trace.items()} == {0: 2.0, 1: 4.0, 3: 5.0}
    assert result.trace[3].time_second == 95.0


def test_the_battery_row_is_its_newest_reading():
    first = a_chunk(test_time_second=[0, 20], current_ampere=[1, -2], arrival_unix_second=1.0, group="W")
    older = a_chunk(first_offset=2, test_time_second=[10], arrival_unix_second=2.0)
    row = replay([first, older]).battery
    assert (row.time_second, row.current_ampere, row.direction, row.group) == (20.0, -2.0, "discharge", "W")
    assert (row.step_number, row.cycle_number, row.reading_count) == (2, 1, 3)
    assert (row.first_arrival_unix_second, row.last_arrival_unix_second) == (1.0, 1.0)


def test_messages_are_sorted_by_battery_and_keep_their_positions():
    messages = [
        {"battery_id": battery, "test_time_second": time, "current_ampere": 1.0, "voltage_volt": 3.0, "step_id": None}
        for time in (0.0, 60.0, 10.0)
        for battery in ("b1", "b2")
    ]
    result = replay_messages(messages, closes=True)
    assert sorted(result) == ["b1", "b2"]
    assert result["b2"].late[0].offset == 5
    assert result["b1"].cycles[1].charging_capacity_ah * 3600 == pytest.approx(60.0)
    assert result["b1"].cycles[1].status == "final"


def test_nothing_accepted_gives_no_rows():
    result = replay([])
    assert (result.battery, result.cycles, result.steps, result.trace) == (None, {}, {}, {})
