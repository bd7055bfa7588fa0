"""A battery that goes through several tests; numbers by hand."""

import pytest

from pipelines.analytics import BatteryState, track
from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk


def first_test(**more):
    return a_chunk(test_id="one", test_time_second=[0, 10], unix_time_second=[1000, 1010], **more)


def test_a_new_test_goes_on_after_the_pause_and_nothing_is_integrated_between():
    second = a_chunk(test_id="two", test_time_second=[5, 15], unix_time_second=[1110, 1120], first_offset=2)
    tables = followed([first_test(), second])
    assert [row.start_time_second for row in tables.cycles.values()] == [0.0, 110.0]
    assert [row.test_id for row in tables.steps.values()] == ["one", "two"]
    assert [row.status for row in tables.steps.values()] == ["final", "running"]
    for row in tables.cycles.values():
        assert row.charging_capacity_ah == pytest.approx(10 / 3600)
        assert (row.duration_second, row.max_gap_second, row.steps) == (10.0, 10.0, 1)
    assert tables.battery.time_second == 120.0


def test_without_a_wall_clock_the_new_test_goes_on_at_once():
    chunks = [a_chunk(test_id=name, test_time_second=[0, 10], partition=name) for name in ("one", "two")]
    tables = followed(chunks)
    assert [row.start_time_second for row in tables.cycles.values()] == [0.0, 10.0]
    assert tables.battery.late_count == 0


def test_a_test_clock_that_falls_back_while_the_wall_clock_goes_on_is_a_new_test():
    tables = followed([a_chunk(test_time_second=[0, 10, 0, 10], unix_time_second=[1000, 1010, 1040, 1050])])
    assert [row.start_time_second for row in tables.cycles.values()] == [0.0, 40.0]
    assert tables.battery.late_count == 0


def test_the_new_test_is_seen_behind_the_end_of_a_closed_source_too():
    first = a_chunk(test_time_second=[0, 10], unix_time_second=[1000, 1010], closes=True)
    second = a_chunk(test_time_second=[0, 10], unix_time_second=[1040, 1050], first_offset=2)
    assert [row.start_time_second for row in followed([first, second]).cycles.values()] == [0.0, 40.0]


def test_a_test_clock_that_falls_back_with_the_wall_clock_is_disorder():
    tables = followed([a_chunk(test_time_second=[0, 10, 5], unix_time_second=[1000, 1010, 1005])])
    assert len(tables.cycles) == 1
    assert tables.battery.reading_count == 3


def test_a_reading_of_an_earlier_test_is_late_at_its_own_place():
    second = a_chunk(test_id="two", test_time_second=[0, 10], unix_time_second=[1100, 1110], first_offset=2)
    straggler = a_chunk(test_id="one", test_time_second=[20], unix_time_second=[1020], first_offset=4)
    tables = followed([first_test(), second, straggler])
    assert [(row.test_id, row.time_second) for row in tables.late] == [("one", 20.0)]
    assert tables.battery.late_count == 1
    assert tables.battery.test_id == "two"


def test_eight_tests_are_remembered():
    chunks = [a_chunk(test_id=f"t{k}", test_time_second=[0, 10], first_offset=2 * k) for k in range(9)]
    remembered = a_chunk(test_id="t1", test_time_second=[20], first_offset=18)
    forgotten = a_chunk(test_id="t0", test_time_second=[20], first_offset=18)
    assert followed([*chunks, remembered]).battery.late_count == 1
    assert followed([*chunks, forgotten]).battery.late_count == 0


def test_a_chunk_without_a_name_belongs_to_the_test_that_is_on():
    tables = followed([first_test(), a_chunk(test_time_second=[20], unix_time_second=[1020], first_offset=2)])
    assert tables.battery.test_id == "one"
    assert tables.battery.late_count == 0
    assert len(tables.cycles) == 1


def test_a_test_by_unix_time_may_follow_one_by_test_time():
    second = a_chunk(test_id="two", unix_time_second=[1100, 1110], first_offset=2)
    tables = followed([first_test(), second])
    assert [row.start_time_second for row in tables.cycles.values()] == [0.0, 100.0]


def test_the_peak_current_of_the_first_test_still_tells_rest_in_the_second():
    one = a_chunk(test_id="one", test_time_second=[0, 10], current_ampere=[10.0, 10.0])
    two = a_chunk(test_id="two", test_time_second=[0, 10], current_ampere=[0.01, 0.01], first_offset=2)
    assert followed([one, two]).steps[2].direction == "rest"


def test_a_bad_reading_leaves_the_state_as_it_was():
    state, _ = track(BatteryState.empty(), first_test())
    revision = state.revision
    with pytest.raises(ValueError, match="test_time_second"):
        track(state, a_chunk(unix_time_second=[1020], first_offset=2))
    assert state.revision == revision
