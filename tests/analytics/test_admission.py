"""Order, late readings, duplicates, and what was applied before; numbers by hand."""

import pytest

from pipelines.analytics import BatteryState, Rows, Settings, track
from schemas import LateReading
from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk


def test_a_reading_out_of_order_is_put_in_its_place():
    tables = followed([a_chunk(test_time_second=[0, 20, 10], current_ampere=[0.0, 2.0, 2.0], step_id=1)])
    # 0 -> 2 A in 10 s, then 2 A for 10 s: 10 + 20 As
    assert tables.cycles[1].charging_capacity_ah == pytest.approx(30 / 3600)
    assert tables.late == []


def test_a_reading_that_comes_behind_the_horizon_is_late_and_in_no_sum():
    early = a_chunk(test_time_second=[0, 60], arrival_unix_second=7.0)
    late = a_chunk(
        test_time_second=[30], unix_time_second=[900.0], voltage_volt=[9.0], first_offset=2, arrival_unix_second=8.0
    )
    tables = followed([early, late])
    assert tables.late == [LateReading("p0", 2, 0, "b1", "", 30.0, 900.0, 1.0, 9.0, -1, 8.0)]
    assert tables.battery.late_count == 1
    assert tables.battery.last_arrival_unix_second == 7.0
    assert tables.cycles[1].voltage_max_volt == 3.5
    assert tables.cycles[1].charging_capacity_ah == pytest.approx(60 / 3600)


def test_a_reading_just_inside_the_horizon_counts():
    tables = followed([a_chunk(test_time_second=[0, 60, 30.5])])
    assert (tables.battery.late_count, tables.battery.reading_count) == (0, 3)


def test_the_number_of_pending_readings_is_bounded():
    settings = Settings(horizon_second=1e9, horizon_readings=3)
    state, _ = track(BatteryState.empty(), a_chunk(test_time_second=[0, 1, 2, 3, 4]), settings)
    assert state.pending.shape[1] == 3
    assert state.limit_s == 1.0  # the fourth newest


def test_without_a_horizon_everything_is_settled_at_once():
    tables = followed([a_chunk(test_time_second=[0, 1, 2, 1.5])], Settings(horizon_second=0.0))
    assert tables.state.pending.shape[1] == 0
    assert tables.battery.late_count == 1
    assert tables.steps[1].status == "running"


def test_the_same_content_is_counted_on_its_twin_and_nowhere_else():
    first = a_chunk(test_time_second=[0, 10, 20])
    again = a_chunk(test_time_second=[10, 20], first_offset=3)
    tables = followed([first, again])
    assert tables.battery.reading_count == 3
    assert tables.battery.duplicate_count == tables.steps[1].duplicate_count == tables.cycles[1].duplicate_count == 2
    assert tables.cycles[1].charging_capacity_ah == pytest.approx(20 / 3600)


def test_one_time_alone_is_no_duplicate():
    tables = followed([a_chunk(test_time_second=[0, 10, 10], voltage_volt=[3.0, 3.1, 3.2])])
    assert (tables.battery.reading_count, tables.battery.duplicate_count) == (3, 0)


def test_a_negative_zero_repeats_a_zero():
    tables = followed([a_chunk(test_time_second=[0, 10, 10], current_ampere=[1.0, 0.0, -0.0])])
    assert tables.battery.duplicate_count == 1


def test_of_one_record_index_the_first_reading_stays():
    columns = {"test_time_second": [0, 10, 20, 15], "record_index": [1, 2, 3, 2], "voltage_volt": [3, 3, 3, 4.0]}
    tables = followed([a_chunk(**columns)])
    assert tables.battery.duplicate_count == 1
    assert tables.cycles[1].voltage_max_volt == 3.0


def test_a_record_index_of_a_settled_reading_is_a_new_reading():
    tables = followed([a_chunk(test_time_second=[0, 100, 200], record_index=[1, 2, 1])])
    assert (tables.battery.reading_count, tables.battery.duplicate_count) == (3, 0)


def test_a_record_index_is_looked_for_among_readings_that_have_none():
    columns = {"test_time_second": [0, 1, 2, 3], "record_index": [5, None, 5, None], "voltage_volt": [3, 3, 3.1, 3]}
    assert followed([a_chunk(**columns)]).battery.duplicate_count == 1


def test_messages_that_were_applied_are_skipped_in_silence():
    chunk = a_chunk(test_time_second=[0, 10, 20])
    state, _ = track(BatteryState.empty(), chunk)
    again, rows = track(state, chunk)
    assert again is state
    assert rows == Rows()
    longer = a_chunk(test_time_second=[0, 10, 20, 30])
    tables = followed([chunk, longer])
    assert (tables.battery.reading_count, tables.battery.duplicate_count) == (4, 0)
    assert tables.state.applied == {"p0": 3}


def test_partitions_are_counted_apart():
    tables = followed([a_chunk(test_time_second=[0, 10]), a_chunk(test_time_second=[20], partition="p1")])
    assert tables.state.applied == {"p0": 1, "p1": 0}
    assert tables.battery.reading_count == 3


def test_late_readings_keep_their_position_behind_skipped_ones():
    first = a_chunk(test_time_second=[0, 100])
    second = a_chunk(test_time_second=[0, 100, 200, 50])
    assert [(row.offset, row.time_second) for row in followed([first, second]).late] == [(3, 50.0)]


@pytest.mark.parametrize(
    "times",
    [
        {"test_time_second": [None], "unix_time_second": [None]},
        {"test_time_second": [0, None], "unix_time_second": [1e9, 1e9 + 1]},
        {"test_time_second": [None, 0], "unix_time_second": [1e9, 1e9 + 1]},
    ],
)
def test_a_reading_without_the_time_its_test_began_with_is_refused(times):
    with pytest.raises(ValueError, match="time_second"):
        track(BatteryState.empty(), a_chunk(**times))


def test_the_revision_grows_by_the_readings_that_were_seen():
    state, rows = track(BatteryState.empty().with_revision(1000), a_chunk(test_time_second=[0, 1, 2, 2]))
    assert state.revision == 1004
    assert {row.revision for row in (rows.battery, *rows.steps, *rows.cycles, *rows.trace)} == {1004}
    state, rows = track(state, a_chunk(test_time_second=[], first_offset=4, closes=True))
    assert state.revision == rows.battery.revision == 1005


def test_nothing_comes_of_an_empty_chunk_or_of_closing_a_battery_without_readings():
    empty = BatteryState.empty()
    assert track(empty, a_chunk(test_time_second=[])) == (empty, Rows())
    assert track(empty, a_chunk(test_time_second=[], closes=True)) == (empty, Rows())
