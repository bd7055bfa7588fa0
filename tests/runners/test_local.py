"""The runs of the embedded runner: how they begin, go on, fail and end. The store is in memory, the log on disk."""

import itertools
import threading
from contextlib import contextmanager

import pytest

from pipelines.options import RunSettings, SettingsError
from pipelines.runners import supervision
from pipelines.runners.local import run_local
from pipelines.sources.log import LogWriter
from pipelines.storage import StoreError, open_store
from pipelines.storage.memory import MemoryStore

_names = itertools.count()


def reading(second: int) -> bytes:
    return b'{"battery_id":"b1","test_time_second":%d,"current_ampere":3600,"voltage_volt":2}' % second


@pytest.fixture
def log(tmp_path):
    with LogWriter(tmp_path / "log", 1) as writer:
        yield writer


@pytest.fixture
def settings(tmp_path, log):
    return RunSettings(f"log://{tmp_path}/log", f"memory://run{next(_names)}", once=True, tick_second=0.01)


def test_once_reads_what_is_there_and_ends(log, settings):
    log.append(0, [reading(second) for second in range(11)])
    run_local(settings)
    (cycle,) = open_store(settings.store_url).cycles()
    # 3600 A for ten seconds are 10 Ah, at 2 V 20 Wh.
    assert (cycle.charging_capacity_ah, cycle.charging_energy_wh) == pytest.approx((10.0, 20.0))


def test_a_second_run_goes_on_where_the_first_one_ended(log, settings):
    for begin in (0, 100, 200):
        log.append(0, [reading(second) for second in range(begin, begin + 100)])
        run_local(settings)
    store = open_store(settings.store_url)
    (battery,) = store.batteries()
    assert (battery.reading_count, battery.duplicate_count, battery.late_count) == (300, 0, 0)
    assert store.cycles()[0].charging_capacity_ah == pytest.approx(299.0)


def test_what_was_read_is_read_again_from_the_earliest_and_changes_nothing(log, settings):
    log.append(0, [reading(second) for second in range(100)])
    run_local(settings)
    before = open_store(settings.store_url).cycles()
    run_local(RunSettings(settings.source_url, settings.store_url, once=True, start_from="earliest"))
    assert open_store(settings.store_url).cycles() == before


def test_only_messages_that_nobody_can_read_are_committed_too(log, settings):
    log.append(0, [b"garbage", b"{}"])
    run_local(settings)
    store = open_store(settings.store_url)
    assert store.totals().dead_letters == 2
    ((partition, committed),) = store.committed().items()
    assert committed.offset == len(b"garbage\n{}\n")
    assert partition.startswith("log:")


def test_a_write_that_fails_is_tried_again_and_nothing_is_lost_or_counted_twice(log, settings, monkeypatch):
    log.append(0, [reading(second) for second in range(100)])
    monkeypatch.setattr(supervision, "TRIES", 3)
    failures = iter([StoreError("the disk is full")])
    write = MemoryStore.write

    def sometimes(store, bundle):
        for error in failures:
            raise error
        write(store, bundle)

    monkeypatch.setattr(MemoryStore, "write", sometimes)
    monkeypatch.setattr(threading.Event, "wait", without_patience(threading.Event.wait))
    run_local(settings)
    assert open_store(settings.store_url).totals().readings == 100


def test_a_store_that_never_takes_a_write_ends_the_run_with_its_error(log, settings, monkeypatch):
    log.append(0, [reading(0)])

    def never(store, bundle):
        raise StoreError("the disk is full")

    monkeypatch.setattr(MemoryStore, "write", never)
    monkeypatch.setattr(threading.Event, "wait", without_patience(threading.Event.wait))
    with pytest.raises(StoreError, match="the disk is full"):
        run_local(settings)
    assert open_store(settings.store_url).committed() == {}


def test_a_stop_ends_a_live_run(log, settings, monkeypatch):
    log.append(0, [reading(0)])
    stop = threading.Event()

    @contextmanager
    def ours():
        yield stop

    monkeypatch.setattr(supervision, "stop_on_signals", ours)
    live = RunSettings(settings.source_url, settings.store_url, tick_second=0.01)
    run_local(live, lambda status: stop.set() if status.totals.readings else None)
    assert open_store(settings.store_url).totals().readings == 1


def test_rolls_follow_each_other_without_a_gap(log, settings, monkeypatch):
    log.append(0, [reading(0)])
    stop, rolls = threading.Event(), []

    @contextmanager
    def ours():
        yield stop

    def look(status):
        rolls.append(open_store(settings.store_url).newest_epoch())
        log.append(0, [reading(len(rolls))])
        if len(set(rolls)) > 2:
            stop.set()

    monkeypatch.setattr(supervision, "stop_on_signals", ours)
    run_local(RunSettings(settings.source_url, settings.store_url, tick_second=0.01, roll_second=1.0), look)
    monkeypatch.undo()
    run_local(settings)
    assert open_store(settings.store_url).totals().readings == 1 + len(rolls)


def test_a_store_that_holds_more_than_the_source_has_is_refused(log, settings):
    log.append(0, [reading(0)])
    run_local(settings)
    store = open_store(settings.store_url)
    (partition,) = store.committed()
    store.rewind(store.newest_epoch(), {partition: 10_000})
    with pytest.raises(SettingsError, match="lost what it had"):
        run_local(settings)


def test_a_flag_that_beam_does_not_know_is_refused(settings):
    with pytest.raises(SettingsError, match="--paralellism=2"):
        run_local(RunSettings(settings.source_url, settings.store_url, beam_options=("--paralellism=2",)))


@pytest.mark.parametrize(
    ("setting", "flag"),
    [
        ({"tick_second": 0.0}, "--tick-second 0"),
        ({"roll_second": float("nan")}, "--roll-second nan"),
        ({"poll_bytes": 1}, "--poll-bytes 1"),
        ({"start_from": "yesterday"}, "--from yesterday"),
        ({"trace_retention_second": -1.0}, "--trace-retention-hours"),
        ({"refused_retention_second": 0.0}, "--refused-retention-hours"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_flag_and_value(setting, flag):
    with pytest.raises(SettingsError, match=flag):
        RunSettings("log://x", "memory://x", **setting)


def without_patience(wait):
    """`Event.wait` that never waits longer than a moment."""
    return lambda event, timeout=None: wait(event, None if timeout is None else min(timeout, 0.05))
