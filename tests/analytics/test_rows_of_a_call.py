"""Which rows a call returns, and how sure they are; numbers by hand."""

from pipelines.analytics import BatteryState, Settings, track
from schemas import BatteryRow, TracePoint
from tests.analytics.tables import followed
from tests.oracle.generators import ARRIVAL_UNIX_SECOND, a_chunk


def statuses(rows):
    return [(row.step_number, row.status) for row in rows.steps], [
        (row.cycle_number, row.status) for row in rows.cycles
    ]


def test_a_row_is_running_then_provisional_then_final_and_then_not_sent_any_more():
    columns = {"step_id": [1, 2], "cycle_count": [1, 2]}
    state, rows = track(BatteryState.empty(), a_chunk(test_time_second=[0, 10], **columns))
    assert statuses(rows) == ([(1, "provisional"), (2, "running")],) * 2
    state, rows = track(state, a_chunk(test_time_second=[45], step_id=2, cycle_count=2, first_offset=2))
    assert statuses(rows) == ([(1, "final"), (2, "running")],) * 2
    state, rows = track(state, a_chunk(test_time_second=[46], step_id=2, cycle_count=2, first_offset=3))
    assert statuses(rows) == ([(2, "running")],) * 2


def test_at_the_end_of_a_source_all_rows_are_final():
    state, _ = track(BatteryState.empty(), a_chunk(test_time_second=[0, 10], step_id=[1, 2]))
    state, rows = track(state, a_chunk(test_time_second=[], closes=True, first_offset=2))
    assert statuses(rows) == ([(1, "final"), (2, "final")], [(1, "final")])
    assert state.pending.shape[1] == 0
    state, rows = track(state, a_chunk(test_time_second=[], closes=True, first_offset=2))
    assert statuses(rows) == ([(2, "final")], [(1, "final")])


def test_late_readings_alone_send_the_battery_but_no_step():
    state, _ = track(BatteryState.empty(), a_chunk(test_time_second=[0, 10], closes=True))
    _, rows = track(state, a_chunk(test_time_second=[5], first_offset=2))
    assert rows.steps == rows.cycles == rows.trace == ()
    assert rows.battery.late_count == len(rows.late) == 1


def test_the_battery_row_shows_the_newest_reading():
    first = a_chunk(
        test_id="t",
        group="W",
        test_time_second=[0, 10, 5],
        unix_time_second=[1000, 1010, 1005],
        current_ampere=[1.0, -2.0, 1.0],
        voltage_volt=[3.0, 3.2, 3.1],
        temperature_t1_celsius=[20, 22, 21],
        cycle_count=6,
        arrival_unix_second=ARRIVAL_UNIX_SECOND,
    )
    older = a_chunk(
        test_time_second=[7],
        unix_time_second=[1007],
        cycle_count=6,
        first_offset=3,
        arrival_unix_second=ARRIVAL_UNIX_SECOND + 5,
    )
    assert followed([first, older]).battery == BatteryRow(
        battery_id="b1",
        group="W",
        test_id="t",
        time_second=10.0,
        unix_time_second=1010.0,
        current_ampere=-2.0,
        voltage_volt=3.2,
        temperature_t1_celsius=22.0,
        cycle_number=1,
        cycle_count=6,
        step_number=2,
        direction="discharge",
        reading_count=4,
        duplicate_count=0,
        late_count=0,
        first_arrival_unix_second=ARRIVAL_UNIX_SECOND,
        last_arrival_unix_second=ARRIVAL_UNIX_SECOND,
        revision=4,
    )


def test_the_trace_keeps_the_newest_reading_of_each_bucket_that_was_touched():
    settings = Settings(trace_interval_second=10.0)
    columns = {"unix_time_second": 1000.0, "temperature_t1_celsius": 20.0}
    chunk = a_chunk(
        test_time_second=[1, 9, 12, 19, 25], voltage_volt=[1, 2, 3, 4, 5.0], cycle_count=[0, 0, 0, 1, 1], **columns
    )
    state, rows = track(BatteryState.empty(), chunk, settings)
    assert rows.trace == (
        TracePoint("b1", 0, 9.0, 1000.0, 1.0, 2.0, 20.0, 1, 5),
        TracePoint("b1", 1, 19.0, 1000.0, 1.0, 4.0, 20.0, 2, 5),
        TracePoint("b1", 2, 25.0, 1000.0, 1.0, 5.0, 20.0, 2, 5),
    )
    _, rows = track(state, a_chunk(test_time_second=[15], cycle_count=0, first_offset=5, **columns), settings)
    assert rows.trace == (TracePoint("b1", 1, 19.0, 1000.0, 1.0, 4.0, 20.0, 2, 6),)
