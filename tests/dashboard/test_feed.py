"""The feed: what it asks, what it tells, and how it outlives a store."""

import numpy as np
import pytest

from dashboard.feed import Feed
from tests.dashboard.fake_store import FakeStore, Lab, a_battery, a_cycle, a_point


class Clock:
    def __init__(self, now: float = 1e9) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store() -> FakeStore:
    made = FakeStore()
    made.put(a_battery("b1"), a_battery("b2"), a_cycle("b1", 1), a_cycle("b1", 2, status="running"), a_cycle("b2", 1))
    return made


def test_the_first_look_reads_everything_and_the_next_only_what_is_open(store):
    feed = Feed(lambda: store)
    feed.poll()
    store.put(a_battery("b1", revision=2))
    feed.poll()
    feed.poll()
    assert store.asked_since == [None, {"b1": 2, "b2": 2}, {"b1": 2}]


def test_a_battery_is_read_once_more_after_its_last_change(store):
    feed = Feed(lambda: store)
    feed.poll()
    feed.poll()
    store.put(a_cycle("b1", 2))  # came after the battery's row
    store.put(a_battery("b1", revision=2))
    feed.poll()
    store.put(a_cycle("b1", 3))
    feed.poll()
    assert feed.fleet.tables["W"].at(0, 3)[0] == 1


def test_nothing_new_is_no_new_version(store):
    feed = Feed(lambda: store)
    feed.poll()
    version = feed.version
    feed.poll()
    feed.poll()
    assert feed.version == version
    assert feed.change_since(version).batteries == frozenset()


def test_the_sum_of_the_changes_is_the_change_of_all():
    store = FakeStore()
    lab = Lab(store, groups="WX", size=3, cycles=2.0)
    feed = Feed(lambda: store)
    feed.poll()
    start = feed.version
    seen = {group: table.statistics.mean.copy() for group, table in feed.fleet.tables.items()}
    for _ in range(10):
        lab.advance(900.0)
        feed.poll()
    change = feed.change_since(start)
    assert not change.members
    for group, table in feed.fleet.tables.items():
        now, old = table.statistics.mean, seen[group]
        before = np.full_like(now, np.nan)
        before[:, : old.shape[1]] = old
        differ = ~((now == before) | (np.isnan(now) & np.isnan(before))).all(axis=0)
        assert set(np.flatnonzero(differ)) == change.cycles[group]


def test_a_viewer_who_was_away_too_long_builds_anew(store):
    feed = Feed(lambda: store)
    for revision in range(2, 700):
        store.put(a_battery("b1", revision=revision))
        feed.poll()
    assert feed.change_since(feed.version - 1).members is False
    assert feed.change_since(1).members is True


def test_a_store_that_fails_is_away_until_it_answers(store):
    clock = Clock()
    feed = Feed(lambda: store, clock=clock)
    feed.poll()
    store.broken = "the disk is gone"
    clock.now += 10
    feed.poll()
    clock.now += 5
    feed.poll()
    assert feed.away_second() == 5
    assert feed.health.error == "the disk is gone"
    assert feed.health.totals is not None
    store.broken = None
    store.put(a_battery("b1", revision=9), a_cycle("b1", 2))
    feed.poll()
    assert feed.away_second() is None
    assert feed.fleet.tables["W"].at(0, 2)[0] == 1


def test_a_store_that_failed_is_closed_and_opened_anew(store):
    opened = []
    feed = Feed(lambda: opened.append(1) or store)
    store.broken = "no"
    feed.poll()
    feed.poll()
    store.broken = None
    feed.poll()
    feed.poll()
    assert (len(opened), store.closed) == (3, 2)


def test_a_store_that_is_not_there_yet_is_waited_for(store):
    there = []

    def open_reader():
        if not there:
            raise OSError("no such file")
        return store

    feed = Feed(open_reader)
    feed.poll()
    assert feed.health.error == "no such file"
    there.append(True)
    feed.poll()
    assert len(feed.fleet.batteries) == 2


def test_a_store_that_was_reset_is_read_afresh(store):
    feed = Feed(lambda: store)
    feed.watch("b1")
    feed.poll()
    version = feed.version
    store.battery_rows.clear()
    store.cycle_rows.clear()
    store.put(a_battery("c1", group="N"), a_cycle("c1", 1))
    feed.poll()
    assert feed.fleet.groups() == ("N",)
    assert feed.change_since(version).members
    assert feed.watched("b1").cycles == {}


def test_data_age_is_now_minus_the_newest_arrival(store):
    clock = Clock(1e9 + 3.5)
    feed = Feed(lambda: store, clock=clock)
    assert feed.data_age_second() is None
    feed.poll()
    assert feed.data_age_second() == 3.5


def test_an_empty_store_has_no_data_age():
    feed = Feed(FakeStore)
    feed.poll()
    assert feed.data_age_second() is None
    assert feed.away_second() is None


def test_a_watched_battery_has_all_its_cycles_and_the_trace_of_two(store):
    store.put(*(a_point("b1", bucket, cycle_number=1 + bucket // 10) for bucket in range(45)))
    feed = Feed(lambda: store)
    feed.poll()
    feed.watch("b1")
    feed.poll()
    cell = feed.watched("b1")
    assert sorted(cell.cycles) == [1, 2]
    assert [point.bucket for point in cell.points] == list(range(30, 45))
    assert cell.dropped == 30


def test_the_newest_trace_point_is_replaced_within_its_bucket(store):
    store.put(a_point("b1", 1), a_point("b1", 2))
    feed = Feed(lambda: store)
    feed.watch("b1")
    feed.poll()
    store.put(a_point("b1", 2, time_second=25.0, voltage_volt=4.0), a_point("b1", 3), a_battery("b1", revision=2))
    feed.poll()
    assert [(p.bucket, p.time_second) for p in feed.watched("b1").points] == [(1, 10.0), (2, 25.0), (3, 30.0)]


def test_a_battery_is_watched_until_its_last_viewer_goes(store):
    feed = Feed(lambda: store)
    feed.watch("b1")
    feed.watch("b1")
    feed.unwatch("b1")
    assert feed.watched("b1") is not None
    feed.unwatch("b1")
    assert feed.watched("b1") is None


def test_subscribers_are_called_after_every_poll_and_not_after_they_left(store):
    calls = []
    feed = Feed(lambda: store)
    notify = lambda: calls.append(feed.version)  # noqa: E731
    feed.subscribe(notify)
    feed.poll()
    feed.poll()
    feed.unsubscribe(notify)
    feed.poll()
    assert calls == [1, 1]


def test_the_thread_starts_and_stops(store):
    feed = Feed(lambda: store, poll_second=0.01)
    feed.start()
    feed.stop()
    assert not feed._thread.is_alive()
    assert store.closed <= 1
