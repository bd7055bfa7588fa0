"""What every store promises about writing (`pipelines.storage.base`): what wins, what is refused, what is left."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.storage import Bundle, Store, StoreError, StoreReader, open_reader, open_store
from schemas import CommittedOffset
from schemas.tables import DEAD_LETTER, LATE, SCHEMA_VERSION, Table
from tests.storage.conftest import URLS
from tests.storage.rows import (
    FIELD_OF,
    GUARDED,
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
)

FIRST_WINS = [LATE, DEAD_LETTER]
TURNS = itertools.count()
"""Names of one example must not meet those of another in the same store."""
ALL_KEPT = list(FIELD_OF)
each_guarded = pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.name)
each_first_wins = pytest.mark.parametrize("table", FIRST_WINS, ids=lambda table: table.name)
each_kept = pytest.mark.parametrize("table", ALL_KEPT, ids=lambda table: table.name)


class TestGuards:
    @each_guarded
    def test_a_newer_revision_takes_the_place_of_an_older_one(self, store: Store, table: Table) -> None:
        store.write(bundle_of(table, a_row_of_b1(table, 1, revision=10)))
        newer = a_row_of_b1(table, 2, revision=11)
        store.write(bundle_of(table, newer))
        assert kept(store, table) == [newer]

    @each_guarded
    def test_an_older_revision_loses(self, store: Store, table: Table) -> None:
        newer = a_row_of_b1(table, 2, revision=11)
        store.write(bundle_of(table, newer))
        store.write(bundle_of(table, a_row_of_b1(table, 1, revision=10)))
        assert kept(store, table) == [newer]

    @each_guarded
    @pytest.mark.parametrize("kind", list(URLS))  # what Cassandra does with them is pinned in its own tests
    def test_of_equal_revisions_the_first_stays(self, store: Store, table: Table) -> None:
        first = a_row_of_b1(table, 1, revision=10)
        store.write(bundle_of(table, first))
        store.write(bundle_of(table, a_row_of_b1(table, 2, revision=10)))
        assert kept(store, table) == [first]

    @each_first_wins
    def test_what_has_no_revision_stays_as_it_was_written_first(self, store: Store, table: Table) -> None:
        first = a_row_of_b1(table, 1)
        store.write(bundle_of(table, first))
        store.write(bundle_of(table, a_row_of_b1(table, 2)))
        assert kept(store, table) == [first]

    def test_the_guard_of_one_row_does_not_hold_back_the_others(self, store: Store) -> None:
        store.write(Bundle(batteries=[a_battery("b1", revision=10), a_battery("b2", revision=10)]))
        store.write(Bundle(batteries=[a_battery("b1", revision=9), a_battery("b2", revision=11)]))
        assert [(row.battery_id, row.revision) for row in store.batteries()] == [("b1", 10), ("b2", 11)]

    def test_revisions_of_different_batteries_are_never_compared(self, store: Store) -> None:
        store.write(Bundle(cycles=[a_cycle("b1", revision=10**15)]))
        store.write(Bundle(cycles=[a_cycle("b2", revision=1)]))
        assert [row.battery_id for row in store.cycles()] == ["b1", "b2"]

    @each_kept
    def test_writing_the_same_again_changes_nothing(self, store: Store, table: Table) -> None:
        bundle = bundle_of(table, a_row_of_b1(table, 1))
        store.write(bundle)
        before = exactly(kept(store, table)), store.dead_letter_counts(), store.totals()
        store.write(bundle)
        assert exactly((exactly(kept(store, table)), store.dead_letter_counts(), store.totals())) == exactly(before)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        writes=st.lists(
            st.dictionaries(st.sampled_from(["b1", "b2", "b3"]), st.integers(0, 2**62), max_size=3), max_size=8
        )
    )
    def test_any_order_of_writes_ends_in_the_newest_of_each_key(
        self, store: Store, writes: list[dict[str, int]]
    ) -> None:
        turn = next(TURNS)
        newest: dict[str, int] = {}
        for write in writes:
            named = {f"{battery_id}/{turn}": revision for battery_id, revision in write.items()}
            store.write(
                Bundle(
                    steps=[a_step(battery_id, revision=revision) for battery_id, revision in named.items()],
                    snapshots=[a_snapshot(battery_id, revision) for battery_id, revision in named.items()],
                )
            )
            newest.update({key: max(revision, newest.get(key, -1)) for key, revision in named.items()})
        assert {row.battery_id: row.revision for row in store.steps(dict.fromkeys(newest, 0))} == newest
        assert {key: row.revision for key, row in store.snapshots(newest).items()} == newest


class TestWrite:
    def test_an_empty_bundle_writes_nothing(self, store: Store) -> None:
        store.write(Bundle())
        assert store.batteries() == []

    @pytest.mark.parametrize("bad", [("b1", b"s"), ("b1", b"s", 1, 1), ("b1", ["s"], 1), (None, b"s", 1)])
    def test_a_write_that_fails_leaves_nothing(self, store: Store, reader: StoreReader, bad: tuple) -> None:
        before = Bundle(batteries=[a_battery("b1", revision=1)], snapshots=[a_snapshot("b1", 1, b"before")])
        store.write(before)
        failing = Bundle(
            batteries=[a_battery("b1", revision=2), a_battery("b2")],
            cycles=[a_cycle("b2")],
            steps=[a_step("b2")],
            trace=[a_point("b2")],
            late=[a_late_reading("b2")],
            dead_letters=[a_dead_letter()],
            snapshots=[a_snapshot("b2"), bad],
        )
        with pytest.raises(StoreError):
            store.write(failing)
        for each in (store, reader):
            assert each.batteries() == list(before.batteries)
            assert [*each.cycles(), *each.steps(), *each.trace("b2"), *each.late(), *each.dead_letters()] == []
            assert each.dead_letter_counts() == {}
        assert store.snapshots(["b1", "b2"]) == {"b1": before.snapshots[0]}

    def test_after_a_write_that_failed_the_next_one_works(self, store: Store) -> None:
        with pytest.raises(StoreError):
            store.write(Bundle(batteries=[("b1",)]))
        store.write(Bundle(batteries=[a_battery("b2")]))
        assert [row.battery_id for row in store.batteries()] == ["b2"]

    @each_kept
    def test_a_row_with_too_few_fields_is_refused_in_every_table(self, store: Store, table: Table) -> None:
        with pytest.raises(StoreError):
            store.write(bundle_of(table, tuple(a_row_of_b1(table, 1))[:-1]))


class TestEpochs:
    def test_before_the_first_epoch_the_newest_is_0(self, store: Store) -> None:
        assert store.newest_epoch() == 0

    def test_an_epoch_is_the_time_in_microseconds(self, store: Store) -> None:
        assert store.take_epoch(1_700_000_000.25) == 1_700_000_000_250_000
        assert store.newest_epoch() == 1_700_000_000_250_000

    @pytest.mark.parametrize("later", [0.0, -3600.0])
    def test_epochs_grow_also_when_the_clock_stands_or_falls_back(self, store: Store, later: float) -> None:
        first = store.take_epoch(1_700_000_000.0)
        assert store.take_epoch(1_700_000_000.0 + later) == first + 1

    def test_taking_an_epoch_carries_the_committed_offsets_over(self, store: Store) -> None:
        first = store.take_epoch(1.0)
        store.commit(first, {"a": 10, "b": 20})
        second = store.take_epoch(2.0)
        assert store.committed() == {"a": CommittedOffset("a", 10, second), "b": CommittedOffset("b", 20, second)}

    def test_a_zombie_commits_nothing(self, store: Store, another: Store) -> None:
        old = store.take_epoch(1.0)
        store.commit(old, {"a": 10})
        new = another.take_epoch(2.0)
        assert store.commit(old, {"a": 11, "b": 1}) is False
        assert store.rewind(old, {"a": 0}) is False
        assert another.committed() == {"a": CommittedOffset("a", 10, new)}

    def test_the_newest_epoch_goes_on(self, store: Store, another: Store) -> None:
        store.take_epoch(1.0)
        new = another.take_epoch(2.0)
        assert another.commit(new, {"a": 11}) is True
        assert store.committed() == {"a": CommittedOffset("a", 11, new)}

    def test_two_openings_never_take_the_same_epoch(self, store: Store, another: Store) -> None:
        taken = [each.take_epoch(5.0) for each in (store, another) * 5]
        assert taken == sorted(set(taken))


class TestOffsets:
    def test_at_first_nothing_is_committed(self, store: Store) -> None:
        assert store.committed() == {}

    def test_within_an_epoch_offsets_only_grow(self, store: Store) -> None:
        epoch = store.take_epoch(1.0)
        assert store.commit(epoch, {"a": 10, "b": 10})
        assert store.commit(epoch, {"a": 9, "b": 11})
        assert {name: row.offset for name, row in store.committed().items()} == {"a": 10, "b": 11}

    def test_a_new_epoch_does_not_let_offsets_fall_either(self, store: Store) -> None:
        store.commit(store.take_epoch(1.0), {"a": 10})
        epoch = store.take_epoch(2.0)
        assert store.commit(epoch, {"a": 9})
        assert store.committed() == {"a": CommittedOffset("a", 10, epoch)}

    def test_offset_0_is_committed_too(self, store: Store) -> None:
        epoch = store.take_epoch(1.0)
        store.commit(epoch, {"a": 0})
        assert store.committed() == {"a": CommittedOffset("a", 0, epoch)}

    def test_an_offset_comes_back_whole(self, store: Store) -> None:
        store.commit(store.take_epoch(1.0), {"a": 2**62 + 1})
        assert store.committed()["a"].offset == 2**62 + 1

    def test_a_rewind_sets_offsets_back_and_leaves_the_others(self, store: Store) -> None:
        epoch = store.take_epoch(1.0)
        store.commit(epoch, {"a": 10, "b": 20})
        assert store.rewind(epoch, {"a": 3, "c": 4})
        assert {name: row.offset for name, row in store.committed().items()} == {"a": 3, "b": 20, "c": 4}

    def test_after_a_rewind_offsets_grow_from_there(self, store: Store) -> None:
        epoch = store.take_epoch(1.0)
        store.commit(epoch, {"a": 10})
        store.rewind(epoch, {"a": 3})
        store.commit(epoch, {"a": 5})
        assert store.committed()["a"].offset == 5

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        commits=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b"]), st.integers(0, 2**62)), max_size=12)
    )
    def test_commits_of_many_epochs_end_in_the_highest_offset_that_was_not_a_zombies(
        self, store: Store, commits: list[tuple[int, str, int]]
    ) -> None:
        turn = next(TURNS)
        epochs: list[int] = []
        highest: dict[str, int] = {}
        for age, letter, offset in commits:
            partition = f"{letter}/{turn}"
            if age == 0 or not epochs:
                epochs.append(store.take_epoch(1.0))
            of_zombie = age == 2 and len(epochs) > 1
            accepted = store.commit(epochs[-2] if of_zombie else epochs[-1], {partition: offset})
            assert accepted is not of_zombie
            if accepted:
                highest[partition] = max(offset, highest.get(partition, 0))
        offsets = {name: row.offset for name, row in store.committed().items() if name.endswith(f"/{turn}")}
        assert offsets == highest


class TestTwoOpenings:
    def test_a_reader_sees_what_was_written_after_it_was_opened(self, store: Store, reader: StoreReader) -> None:
        assert reader.batteries() == []
        store.write(Bundle(batteries=[a_battery()]))
        assert reader.batteries() == [a_battery()]

    def test_two_writers_write_into_one_store(self, store: Store, another: Store) -> None:
        store.write(Bundle(batteries=[a_battery("b1", revision=5)]))
        another.write(Bundle(batteries=[a_battery("b1", revision=4), a_battery("b2")]))
        assert [(row.battery_id, row.revision) for row in store.batteries()] == [("b1", 5), ("b2", 1017)]

    def test_what_is_closed_and_opened_again_is_still_there(self, url: str, store: Store) -> None:
        store.write(Bundle(batteries=[a_battery()], snapshots=[a_snapshot()]))
        epoch = store.take_epoch(1.0)
        store.commit(epoch, {"a": 1})
        store.close()
        again = open_store(url)
        assert again.batteries() == [a_battery()]
        assert again.snapshots(["b1"]) == {"b1": a_snapshot()}
        assert again.committed() == {"a": CommittedOffset("a", 1, epoch)}
        again.close()


class TestLife:
    @pytest.mark.parametrize("open_it", [open_store, open_reader])
    def test_a_store_that_nobody_made_is_refused_with_what_to_do(self, unmade_url: str, open_it: Callable) -> None:
        with pytest.raises(StoreError, match="init"):
            open_it(unmade_url)

    def test_making_the_tables_twice_keeps_what_is_there(self, store: Store, another: Store) -> None:
        store.write(Bundle(batteries=[a_battery()]))
        epoch = store.take_epoch(1.0)
        store.init()
        another.init()
        assert store.batteries() == [a_battery()]
        assert store.newest_epoch() == epoch

    def test_there_is_nothing_to_migrate_in_a_store_of_this_version(self, store: Store) -> None:
        store.write(Bundle(batteries=[a_battery()]))
        assert store.migrate() == SCHEMA_VERSION
        assert store.batteries() == [a_battery()]

    def test_a_store_that_nobody_made_cannot_be_migrated(self, unmade_url: str) -> None:
        store = open_store(unmade_url, create=True)
        with pytest.raises(StoreError, match="init"):
            store.migrate()
        store.close()

    def test_a_reset_leaves_nothing(self, store: Store, reader: StoreReader) -> None:
        rows = {FIELD_OF[table]: [a_row_of_b1(table, 1)] for table in ALL_KEPT}
        store.write(Bundle(**rows))
        store.commit(store.take_epoch(1.0), {"a": 1})
        store.reset()
        assert [row for table in ALL_KEPT for row in kept(store, table)] == []
        assert [*reader.batteries(), *reader.cycles(), *reader.dead_letters()] == []
        assert (store.committed(), store.newest_epoch(), store.dead_letter_counts()) == ({}, 0, {})

    def test_a_reset_store_is_written_to_like_a_new_one(self, store: Store) -> None:
        store.write(Bundle(batteries=[a_battery(revision=9)]))
        store.reset()
        store.write(Bundle(batteries=[a_battery(revision=1)]))
        assert store.batteries() == [a_battery(revision=1)]

    def test_a_writer_from_before_a_reset_writes_nothing_until_it_takes_an_epoch(
        self, store: Store, another: Store
    ) -> None:
        old = another.take_epoch(1.0)
        store.reset()
        with pytest.raises(StoreError, match="reset"):
            another.write(Bundle(batteries=[a_battery()]))
        with pytest.raises(StoreError, match="reset"):
            another.commit(old, {"a": 1})
        assert (store.batteries(), store.committed()) == ([], {})
        assert another.commit(another.take_epoch(2.0), {"a": 1})
        another.write(Bundle(batteries=[a_battery()]))
        assert store.batteries() == [a_battery()]


def test_the_contract_covers_every_table_that_a_bundle_fills() -> None:
    assert {*GUARDED, *FIRST_WINS} == set(ALL_KEPT)
