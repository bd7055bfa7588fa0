"""Where rows lie in Cassandra, and what decides between two of them."""

import pytest

from pipelines.storage import Bundle, StoreAwayError, open_store
from pipelines.storage.cassandra import store as store_module
from pipelines.storage.cassandra.layout import SLOTS, SPAN_OF_CYCLES, SPAN_OF_OFFSETS, SPAN_OF_POINTS, SPAN_OF_STEPS
from pipelines.storage.cassandra.sender import send
from pipelines.storage.cassandra.writer import MAX_BATCH
from schemas.tables import BATTERY, CYCLE, SNAPSHOT, STEP
from tests.storage.rows import (
    a_battery,
    a_cycle,
    a_dead_letter,
    a_late_reading,
    a_point,
    a_row_of_b1,
    a_snapshot,
    a_step,
    bundle_of,
    kept,
)

pytestmark = pytest.mark.servers
each_by_revision = pytest.mark.parametrize("table", [BATTERY, CYCLE, STEP, SNAPSHOT], ids=lambda table: table.name)


class TestWriteTimes:
    @each_by_revision
    def test_it_is_the_revision(self, store, look, table):
        store.write(bundle_of(table, a_row_of_b1(table, 1, revision=12345)))
        assert look(f"SELECT WRITETIME(revision) FROM contract.{table.name}") == [(12345,)]

    def test_of_a_point_that_has_ended_it_is_when_it_was_measured(self, store, look):
        store.write(Bundle(trace=[a_point(bucket=1, unix_time_second=1_700_000_000.25), a_point(bucket=2)]))
        assert look("SELECT WRITETIME(voltage_volt) FROM contract.trace") == [(1_700_000_000_250_000,)]

    def test_of_what_was_refused_it_is_when_it_came_in(self, store, look):
        store.write(Bundle(late=[a_late_reading(arrival_unix_second=1.5)]))
        store.write(Bundle(dead_letters=[a_dead_letter(arrival_unix_second=2.5)]))
        assert look("SELECT WRITETIME(voltage_volt) FROM contract.late") == [(1_500_000,)]
        assert look("SELECT WRITETIME(payload) FROM contract.dead_letter") == [(2_500_000,)]

    @each_by_revision
    def test_an_older_revision_does_not_win_from_another_opening_either(self, store, another, table):
        newer = a_row_of_b1(table, 1, revision=11)
        store.write(bundle_of(table, newer))
        another.write(bundle_of(table, a_row_of_b1(table, 2, revision=10)))
        assert kept(store, table) == [newer]

    def test_of_equal_revisions_the_higher_value_stays_column_by_column(self, store):
        """Nobody writes this way: it pins what would happen, so that a newer Cassandra cannot change it unseen."""
        one = a_battery(group="a", reading_count=2, revision=7)
        other = a_battery(group="b", reading_count=1, revision=7)
        store.write(Bundle(batteries=[one]))
        store.write(Bundle(batteries=[other]))
        assert store.batteries() == [one._replace(group="b")]

    def test_no_value_is_ever_missing(self, store, look):
        unknown = a_cycle(max_gap_second=float("nan"), test_id="", cycle_count=-1)
        store.write(Bundle(cycles=[unknown]))
        (row,) = look("SELECT * FROM contract.cycle")
        assert None not in row


class TestPartitions:
    def test_cycles_and_steps_of_a_battery_lie_in_spans(self, store, look):
        numbers = (1, SPAN_OF_CYCLES - 1, SPAN_OF_CYCLES, 3 * SPAN_OF_STEPS)
        store.write(Bundle(cycles=[a_cycle("b1", n) for n in numbers], steps=[a_step("b1", n) for n in numbers]))
        for table in ("cycle", "packed_cycle"):
            assert spans_in(look, table, "battery_id") == [("b1", 0), ("b1", 1), ("b1", 6)]
        assert spans_in(look, "step", "battery_id") == [("b1", 0), ("b1", 3)]

    def test_points_of_a_battery_lie_in_spans(self, store, look):
        store.write(Bundle(trace=[a_point("b1", n * SPAN_OF_POINTS) for n in range(3)]))
        assert spans_in(look, "trace", "battery_id") == [("b1", 0), ("b1", 1)]

    def test_what_was_refused_lies_in_spans_of_offsets(self, store, look):
        offsets = (0, SPAN_OF_OFFSETS - 1, SPAN_OF_OFFSETS)
        store.write(
            Bundle(late=[a_late_reading("b1", n) for n in offsets], dead_letters=[a_dead_letter(n) for n in offsets])
        )
        assert spans_in(look, "late", "battery_id") == [("b1", 0), ("b1", 1)]
        assert spans_in(look, "dead_letter", "partition") == [("log:a/0", 0), ("log:a/0", 1)]

    def test_what_changes_with_every_reading_lies_in_few_partitions(self, store, look):
        names = [f"b{n}" for n in range(200)]
        for revision in (1, 2):
            store.write(
                Bundle(
                    batteries=[a_battery(b, cycle_number=1, step_number=1, revision=revision) for b in names],
                    cycles=[a_cycle(b, 1, status="running", revision=revision) for b in names],
                    steps=[a_step(b, 1, status="running", revision=revision) for b in names],
                    trace=[a_point(b, 1, revision=revision) for b in names],
                    snapshots=[a_snapshot(b, revision) for b in names],
                )
            )
        for table in ("battery", "snapshot"):
            assert len(look(f"SELECT DISTINCT shard FROM contract.{table}")) == 16
            assert len(look(f"SELECT battery_id FROM contract.{table}")) == 200
        for table in ("cycle", "packed_cycle", "recent_cycle", "step", "recent_step", "trace"):
            assert look(f"SELECT * FROM contract.{table}") == []
        assert len(store.cycles()) == len(store.steps()) == 200
        assert {row.revision for row in [*store.cycles(), *store.steps(), *store.trace("b7")]} == {2}

    def test_what_runs_without_newest_values_makes_no_battery(self, store, look):
        store.write(Bundle(cycles=[a_cycle("b1", 1, status="running")], trace=[a_point("b1", 1)]))
        assert store.batteries() == []
        assert store.totals().batteries == 0
        assert [row.status for row in store.cycles()] == [row.status for row in store.cycles({"b1": 1})] == ["running"]

    def test_a_cycle_that_has_ended_has_the_same_values_in_its_columns(self, store, look):
        row = a_cycle("b1", 3)
        store.write(Bundle(cycles=[row]))
        columns = ", ".join(f'"{name}"' for name in row._fields)
        assert look(f"SELECT {columns} FROM contract.cycle") == [tuple(row)] == [tuple(store.cycles()[0])]


class TestNewest:
    def test_a_row_that_runs_is_followed_by_what_it_ended_as(self, store, reader):
        running = a_cycle("b1", 1, status="running", revision=1)
        store.write(Bundle(cycles=[running], batteries=[a_battery("b1", cycle_number=1, revision=1)]))
        assert reader.cycles() == reader.cycles({"b1": 1}) == [running]
        ended = a_cycle("b1", 1, status="final", revision=2)
        following = a_cycle("b1", 2, status="running", revision=2)
        store.write(Bundle(cycles=[ended, following], batteries=[a_battery("b1", cycle_number=2, revision=2)]))
        assert reader.cycles() == reader.cycles({"b1": 0}) == [ended, following]

    def test_a_row_that_runs_again_counts_more_than_what_it_had_ended_as(self, store, reader):
        ended = a_step("b1", 1, status="provisional", revision=1)
        undone = a_step("b1", 2, status="running", revision=1)
        store.write(Bundle(steps=[ended, undone], batteries=[a_battery("b1", step_number=2, revision=1)]))
        again = a_step("b1", 1, status="running", revision=2)
        store.write(Bundle(steps=[again], batteries=[a_battery("b1", step_number=1, revision=2)]))
        assert reader.steps() == reader.steps({"b1": 1}) == [again]

    @pytest.mark.parametrize("others", [0, 30])
    def test_of_a_battery_that_went_on_by_many_cycles_none_is_missing(self, store, reader, others):
        numbers = range(1, 3 * SLOTS)
        names = ["b1", *(f"other {n}" for n in range(others))]
        for number in numbers:
            store.write(
                Bundle(
                    batteries=[a_battery(b, cycle_number=number, revision=number) for b in names],
                    cycles=[a_cycle(b, number, revision=number) for b in names],
                )
            )
        since = dict.fromkeys(names, numbers[-1]) | {"b1": 1}
        found = [row.cycle_number for row in reader.cycles(since) if row.battery_id == "b1"]
        assert found == list(numbers)

    def test_a_revised_old_cycle_takes_the_place_of_no_newer_one(self, store, reader):
        for number in range(1, SLOTS + 2):
            store.write(
                Bundle(
                    batteries=[a_battery("b1", cycle_number=number, revision=number)],
                    cycles=[a_cycle("b1", number, status="running", revision=number)],
                )
            )
        revised = a_cycle("b1", 1, status="revised", revision=99)
        store.write(Bundle(batteries=[a_battery("b1", cycle_number=SLOTS + 1, revision=99)], cycles=[revised]))
        found = {row.cycle_number: row.status for row in reader.cycles({"b1": 1})}
        assert found[1] == "revised"
        assert found[SLOTS + 1] == "running"

    def test_newest_points_that_a_writer_left_behind_are_kept_by_the_next_one(self, url, store, reader):
        buckets = range(3 * SLOTS)
        for bucket in buckets:
            own = open_store(url)
            own.write(Bundle(trace=[a_point("b1", bucket, time_second=30.0 * bucket, revision=bucket)]))
            own.close()
        assert [point.bucket for point in reader.trace("b1")] == list(buckets)
        assert [point.bucket for point in reader.trace("b1", 30.0 * 9)] == [10, 11]

    def test_a_point_of_a_bucket_before_the_newest_is_kept_too(self, store, reader):
        for bucket in (5, 3, 5):
            store.write(Bundle(trace=[a_point("b1", bucket, time_second=30.0 * bucket)]))
        assert [point.bucket for point in reader.trace("b1")] == [3, 5]

    def test_a_long_trace_is_read_from_where_one_has_it(self, store, reader, questions):
        store.write(Bundle(trace=[a_point("b1", n, time_second=float(n)) for n in range(SPAN_OF_POINTS + 100)]))
        last = SPAN_OF_POINTS + 99
        assert [point.bucket for point in reader.trace("b1", last - 3.0)] == [last - 2, last - 1, last]
        questions.clear()
        reader.trace("b1", last - 3.0)
        assert len(questions) == 3
        assert len(reader.trace("b1", 50.0)) == last - 50


class TestQuestions:
    def test_the_page_asks_no_more_of_a_larger_lab(self, store, reader, questions):
        asked = []
        for size in (40, 80):
            names = [f"b{n}" for n in range(size)]
            store.write(
                Bundle(
                    batteries=[a_battery(b, cycle_number=9, revision=size) for b in names],
                    cycles=[a_cycle(b, n, revision=size) for b in names for n in (8, 9)],
                )
            )
            questions.clear()
            assert len(reader.batteries()) == reader.totals().batteries == size
            assert len(reader.cycles(dict.fromkeys(names, 8))) == 2 * size
            asked.append(len(questions))
        assert asked[0] == asked[1] <= 5 * 16

    def test_dead_letters_are_counted_anew_only_where_there_are_new_ones(self, store, reader, questions):
        store.write(Bundle(dead_letters=[a_dead_letter(n * SPAN_OF_OFFSETS) for n in range(20)]))
        assert reader.dead_letter_counts() == {"malformed": 20}
        store.write(Bundle(dead_letters=[a_dead_letter(1, reason="empty")]))
        questions.clear()
        assert reader.dead_letter_counts() == {"malformed": 20, "empty": 1}
        assert len([text for text in questions if '"dead_letter"' in text]) == 1


class TestOrder:
    @pytest.fixture
    def failing_at(self, monkeypatch):
        """Lets only so many groups of statements through."""

        def fail_at(count):
            groups = iter(range(count))

            def send_or_fail(*arguments):
                if next(groups, None) is None:
                    raise StoreAwayError("cut off")
                send(*arguments)

            monkeypatch.setattr(store_module, "send", send_or_fail)

        return fail_at

    def test_where_it_is_cut_off_what_comes_later_is_not_there(self, store, failing_at):
        ended = a_cycle("b1", 1, status="final")
        bundle = Bundle(
            batteries=[a_battery("b1", cycle_number=2)],
            cycles=[ended],
            dead_letters=[a_dead_letter()],
            snapshots=[a_snapshot()],
        )
        for groups, counts in ((1, {}), (2, {"malformed": 1})):
            failing_at(groups)
            with pytest.raises(StoreAwayError):
                store.write(bundle)
            assert store.cycles() == [ended]
            assert store.dead_letter_counts() == counts
            assert store.batteries() == []
            assert store.snapshots(["b1"]) == {}
        failing_at(3)
        store.write(bundle)
        assert store.batteries() == [a_battery("b1", cycle_number=2)]
        assert store.snapshots(["b1"]) == {"b1": a_snapshot()}

    def test_what_a_battery_shows_and_its_snapshot_are_one_change(self, store):
        names = [f"b{number}" for number in range(700)]
        # Every third has no snapshot: no pair may be torn where a batch is full.
        bundle = Bundle(
            batteries=[a_battery(name) for name in names],
            snapshots=[a_snapshot(name) for name in names[::3]],
        )
        *_, live = store._writer.statements(bundle).groups
        batches = [[values for _, _, values in batch._statements_and_parameters] for batch in live]
        assert max(map(len, batches)) <= MAX_BATCH
        for name in names[::3]:
            (of_name,) = [batch for batch in batches if any(name.encode() in values for values in batch)]
            assert sum(name.encode() in values for values in of_name) == 2

    def test_a_point_is_kept_before_a_newer_one_takes_its_place(self, store, another, failing_at, reader):
        store.write(Bundle(trace=[a_point("b1", 1)]))
        failing_at(1)
        with pytest.raises(StoreAwayError):
            another.write(Bundle(trace=[a_point("b1", 2)]))
        assert [point.bucket for point in reader.trace("b1")] == [1]
        failing_at(99)
        another.write(Bundle(trace=[a_point("b1", 2)]))
        assert [point.bucket for point in reader.trace("b1")] == [1, 2]

    def test_a_newest_point_that_was_not_taken_is_not_taken_for_one(self, store, failing_at, reader):
        failing_at(0)
        with pytest.raises(StoreAwayError):
            store.write(Bundle(trace=[a_point("b1", 1)]))
        failing_at(99)
        store.write(Bundle(trace=[a_point("b1", 2)]))
        assert [point.bucket for point in reader.trace("b1")] == [2]


def spans_in(look, table, name):
    return sorted(look(f"SELECT DISTINCT {name}, span FROM contract.{table}"))
