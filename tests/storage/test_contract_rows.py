"""What every store promises about reading (`pipelines.storage.base`): values, order, choice, age."""

from dataclasses import replace
from math import inf, isnan, nan

import pytest

from pipelines.storage import Bundle, Store, StoreReader, Totals
from schemas import UNKNOWN_COUNT, Direction, Status
from schemas.tables import BATTERY, CYCLE, DEAD_LETTER, LATE, STEP, Table
from tests.storage.rows import (
    FIELD_OF,
    a_battery,
    a_cycle,
    a_dead_letter,
    a_late_reading,
    a_point,
    a_row_of_b1,
    a_snapshot,
    a_step,
    bundle_of,
    exactly,
    kept,
    with_unknown_numbers,
)

each_kept = pytest.mark.parametrize("table", list(FIELD_OF), ids=lambda table: table.name)
HOSTILE = [
    "o'neil",
    'a"b',
    "x'; DROP TABLE battery; --",
    "<script>alert(1)</script>",
    "%_?:1",
    "Zelle-µ-电池",
    "a\0b",
    "",
]


class TestValues:
    @each_kept
    def test_a_row_comes_back_as_it_was(self, store: Store, table: Table) -> None:
        row = a_row_of_b1(table, 7)
        store.write(bundle_of(table, row))
        assert exactly(kept(store, table)) == exactly([row])
        assert type(kept(store, table)[0]) is table.row

    @pytest.mark.parametrize("table", [BATTERY, CYCLE, STEP, LATE, DEAD_LETTER], ids=lambda table: table.name)
    def test_unknown_numbers_come_back_as_nan(self, store: Store, table: Table) -> None:
        row = with_unknown_numbers(a_row_of_b1(table, 7))
        store.write(bundle_of(table, row))
        assert exactly(kept(store, table)) == exactly([row])

    def test_a_number_that_was_known_can_become_unknown_and_back(self, store: Store) -> None:
        for revision, value in enumerate((25.0, nan, 26.0)):
            store.write(Bundle(cycles=[a_cycle(temperature_max_celsius=value, revision=revision)]))
            assert exactly(store.cycles()[0].temperature_max_celsius) == exactly(value)

    def test_unknown_counts_and_texts_come_back(self, store: Store) -> None:
        row = a_cycle(cycle_count=UNKNOWN_COUNT, test_id="", group="")
        store.write(Bundle(cycles=[row]))
        assert store.cycles() == [row]

    @pytest.mark.parametrize("value", [0.1 + 0.2, -1e-300, 5e-324, 1.7976931348623157e308, inf, -inf])
    def test_a_float_comes_back_to_the_bit(self, store: Store, value: float) -> None:
        store.write(Bundle(cycles=[a_cycle(max_gap_second=value)]))
        assert exactly(store.cycles()[0].max_gap_second) == exactly(value)

    @pytest.mark.parametrize("revision", [0, 2**53 + 1, 2**63 - 1])
    def test_an_integer_comes_back_whole(self, store: Store, revision: int) -> None:
        store.write(Bundle(snapshots=[a_snapshot(revision=revision)]))
        assert store.snapshots(["b1"])["b1"].revision == revision

    @pytest.mark.parametrize("state", [b"", b"\x00\xff'\"", bytes(range(256)) * 400])
    def test_a_state_comes_back_byte_by_byte(self, store: Store, state: bytes) -> None:
        store.write(Bundle(snapshots=[a_snapshot(state=state)]))
        assert store.snapshots(["b1"])["b1"].state == state

    @pytest.mark.parametrize("name", HOSTILE)
    def test_whatever_an_identifier_says_it_is_only_a_name(self, store: Store, name: str) -> None:
        everything = Bundle(
            batteries=[a_battery(name, group=name), a_battery("b1")],
            cycles=[a_cycle(name, group=name)],
            steps=[a_step(name)],
            trace=[a_point(name)],
            late=[a_late_reading(name, test_id=name)],
            dead_letters=[a_dead_letter(partition=name, payload=name.encode(), detail=name)],
            snapshots=[a_snapshot(name)],
        )
        store.write(everything)
        assert sorted(row.battery_id for row in store.batteries()) == sorted([name, "b1"])
        assert store.cycles({name: 0}) == list(everything.cycles)
        assert store.steps({name: 0}) == list(everything.steps)
        assert store.trace(name) == list(everything.trace)
        assert store.late(name) == list(everything.late)
        assert store.dead_letters() == list(everything.dead_letters)
        assert store.snapshots([name]) == {name: everything.snapshots[0]}
        assert store.commit(store.take_epoch(1.0), {name: 3})
        assert store.committed()[name].offset == 3

    def test_every_status_and_direction_is_kept(self, store: Store) -> None:
        statuses = list(Status.__args__)
        directions = list(Direction.__args__)
        store.write(Bundle(steps=[a_step(step_number=n, status=status) for n, status in enumerate(statuses)]))
        store.write(Bundle(batteries=[a_battery(f"b{n}", direction=each) for n, each in enumerate(directions)]))
        assert [row.status for row in store.steps()] == statuses
        assert [row.direction for row in store.batteries()] == directions


class TestReads:
    def test_an_empty_store_has_nothing(self, reader: StoreReader) -> None:
        assert [*reader.batteries(), *reader.cycles(), *reader.steps(), *reader.trace("b1")] == []
        assert [*reader.late(), *reader.dead_letters()] == []
        assert reader.dead_letter_counts() == {}
        totals = reader.totals()
        assert replace(totals, newest_arrival_unix_second=0.0) == Totals(0, 0, 0, 0, 0, 0, 0.0)
        assert isnan(totals.newest_arrival_unix_second)

    def test_batteries_come_by_identifier(self, store: Store) -> None:
        store.write(Bundle(batteries=[a_battery(name) for name in ("b2", "B10", "é", "b10")]))
        assert [row.battery_id for row in store.batteries()] == ["B10", "b10", "b2", "é"]

    def test_cycles_and_steps_come_by_battery_and_number(self, store: Store) -> None:
        keys = [("b2", 10), ("b1", 9), ("b2", 2), ("b1", 10)]
        store.write(Bundle(cycles=[a_cycle(*key) for key in keys], steps=[a_step(*key) for key in keys]))
        in_order = [("b1", 9), ("b1", 10), ("b2", 2), ("b2", 10)]
        assert [row[:2] for row in store.cycles()] == in_order
        assert [row[:2] for row in store.steps()] == in_order

    def test_only_the_cycles_and_steps_asked_for_come(self, store: Store) -> None:
        keys = [(battery_id, number) for battery_id in ("b1", "b2", "b3") for number in (1, 2, 3)]
        store.write(Bundle(cycles=[a_cycle(*key) for key in keys], steps=[a_step(*key) for key in keys]))
        since = {"b3": 3, "b1": 2, "b9": 1}
        wanted = [("b1", 2), ("b1", 3), ("b3", 3)]
        assert [row[:2] for row in store.cycles(since)] == wanted
        assert [row[:2] for row in store.steps(since)] == wanted

    def test_cycles_and_steps_that_the_battery_has_gone_back_behind_do_not_come(self, store: Store) -> None:
        rows = {"cycles": [a_cycle("b1", n) for n in (1, 2, 3)], "steps": [a_step("b1", n) for n in (1, 2, 3)]}
        store.write(Bundle(batteries=[a_battery("b1", cycle_number=3, step_number=3, revision=1)], **rows))
        # A reading that came out of order has undone cycle 3 and step 3.
        store.write(Bundle(batteries=[a_battery("b1", cycle_number=2, step_number=2, revision=2)]))
        assert [row.cycle_number for row in store.cycles()] == [1, 2]
        assert [row.step_number for row in store.steps({"b1": 2})] == [2]

    def test_asking_for_no_battery_gives_nothing(self, store: Store) -> None:
        store.write(Bundle(cycles=[a_cycle()], steps=[a_step()]))
        assert store.cycles({}) == []
        assert store.steps({}) == []

    def test_a_trace_comes_by_time_from_after_a_time(self, store: Store) -> None:
        points = [a_point("b1", bucket, time_second=10.0 * bucket) for bucket in (3, 1, 2)]
        store.write(Bundle(trace=[*points, a_point("b2", 1, time_second=99.0)]))
        assert [point.bucket for point in store.trace("b1")] == [1, 2, 3]
        assert [point.bucket for point in store.trace("b1", after_second=10.0)] == [2, 3]
        assert store.trace("b1", after_second=30.0) == []

    def test_late_readings_come_by_battery_and_time(self, store: Store) -> None:
        times = [("b2", 5.0), ("b1", 7.0), ("b1", 6.0)]
        store.write(Bundle(late=[a_late_reading(b, n, time_second=time) for n, (b, time) in enumerate(times)]))
        assert [(row.battery_id, row.time_second) for row in store.late()] == [("b1", 6.0), ("b1", 7.0), ("b2", 5.0)]
        assert [row.time_second for row in store.late("b1")] == [6.0, 7.0]
        assert store.late("b9") == []

    def test_dead_letters_come_newest_first(self, store: Store) -> None:
        arrivals = [(1, 100.0), (2, 300.0), (3, 200.0), (4, 300.0)]
        store.write(Bundle(dead_letters=[a_dead_letter(n, arrival_unix_second=time) for n, time in arrivals]))
        assert [row.offset for row in store.dead_letters()] == [4, 2, 3, 1]
        assert [row.offset for row in store.dead_letters(limit=2)] == [4, 2]
        assert store.dead_letters(limit=0) == []

    def test_dead_letters_are_counted_by_reason(self, store: Store) -> None:
        reasons = ["malformed", "oversized", "malformed"]
        store.write(Bundle(dead_letters=[a_dead_letter(n, reason=reason) for n, reason in enumerate(reasons)]))
        store.write(Bundle(dead_letters=[a_dead_letter(0, reason="malformed")]))
        assert store.dead_letter_counts() == {"malformed": 2, "oversized": 1}

    def test_totals_add_up_the_batteries(self, store: Store) -> None:
        one = {"cycle_number": 3, "reading_count": 100, "duplicate_count": 5, "late_count": 2}
        two = {"cycle_number": 4, "reading_count": 50, "duplicate_count": 1, "late_count": 0}
        batteries = [
            a_battery("b1", last_arrival_unix_second=900.0, **one),
            a_battery("b2", last_arrival_unix_second=800.0, **two),
        ]
        store.write(Bundle(batteries=batteries, dead_letters=[a_dead_letter(n) for n in range(3)]))
        assert store.totals() == Totals(2, 7, 150, 6, 2, 3, 900.0)

    def test_snapshots_come_for_the_batteries_that_have_one(self, store: Store) -> None:
        store.write(Bundle(snapshots=[a_snapshot(f"b{n}") for n in range(3)]))
        assert store.snapshots(iter(["b2", "b9", "b0", "b2"])) == {"b0": a_snapshot("b0"), "b2": a_snapshot("b2")}
        assert store.snapshots([]) == {}


class TestExpiry:
    def test_trace_points_go_that_lie_far_behind_their_own_battery(self, store: Store) -> None:
        points = [a_point(b, n, time_second=100.0 * n) for b in ("b1", "b2", "b3") for n in range(4)]
        # b1 stands at 300 s, b2 at 1000 s; nothing is known of b3.
        batteries = [a_battery("b1", time_second=300.0), a_battery("b2", time_second=1000.0)]
        store.write(Bundle(batteries=batteries, trace=points))
        assert store.expire_trace(150.0) == 2 + 4
        assert [point.bucket for point in store.trace("b1")] == [2, 3]
        assert store.trace("b2") == []
        assert len(store.trace("b3")) == 4

    def test_old_late_readings_go_by_their_arrival(self, store: Store) -> None:
        store.write(Bundle(late=[a_late_reading(offset=n, arrival_unix_second=100.0 * n) for n in (1, 2, 3)]))
        assert store.expire("late", 250.0) == 2
        assert [row.offset for row in store.late()] == [3]

    def test_old_dead_letters_go_by_their_arrival_and_are_not_counted_any_more(self, store: Store) -> None:
        old = [a_dead_letter(n, arrival_unix_second=100.0, reason="empty") for n in range(3)]
        store.write(Bundle(dead_letters=[*old, a_dead_letter(9, arrival_unix_second=300.0)]))
        assert store.expire("dead_letter", 250.0) == 3
        assert [row.offset for row in store.dead_letters()] == [9]
        assert store.dead_letter_counts() == {"malformed": 1}
        assert store.totals().dead_letters == 1

    def test_nothing_old_is_nothing_to_do(self, store: Store) -> None:
        assert store.expire("late", 1e9) == store.expire_trace(0.0) == 0

    @pytest.mark.parametrize("table", ["battery", "cycle", "trace", "snapshot", "committed", "meta", "x"])
    def test_other_tables_do_not_expire(self, store: Store, table: str) -> None:
        with pytest.raises(ValueError, match=table):
            store.expire(table, 0.0)
