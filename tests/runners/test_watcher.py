"""The eye on a run outlives what it looks at."""

import itertools
import threading

import pytest

from pipelines.runners.watcher import Watcher
from pipelines.sources import open_source
from pipelines.sources.log import LogWriter
from pipelines.storage import StoreAwayError, open_store
from pipelines.storage.memory import MemoryStore
from pipelines.transforms.ticks import END_OF_RUN
from tests.sources.folder.exports import HEADER, rows

_names = itertools.count()


@pytest.fixture
def urls(tmp_path):
    LogWriter(tmp_path / "log", 1).close()
    store = f"memory://watched{next(_names)}"
    open_store(store, create=True).init()
    return f"log://{tmp_path}/log", store


@pytest.fixture(autouse=True)
def fresh_end():
    END_OF_RUN.clear()
    yield
    END_OF_RUN.clear()


def the_only_epoch() -> int:
    return 0


def test_while_the_store_is_away_the_last_status_is_reported_with_the_trouble(urls, monkeypatch):
    totals, statuses, enough = MemoryStore.totals, [], threading.Event()
    monkeypatch.setattr("pipelines.runners.watcher.STATUS_SECOND", 0.0)

    def sometimes(store):
        if len(statuses) in (1, 2):
            raise StoreAwayError("no node answers")
        return totals(store)

    def look(status):
        statuses.append(status)
        if len(statuses) >= 4:
            enough.set()

    monkeypatch.setattr(MemoryStore, "totals", sometimes)
    with Watcher(*urls, threading.Event(), None, the_only_epoch, look):
        assert enough.wait(20)
    assert [status.trouble for status in statuses[:4]] == ["", "no node answers", "no node answers", ""]


def test_a_failure_of_its_own_ends_the_run_and_is_told(urls, monkeypatch):
    def broken(store):
        raise ValueError("broken")

    monkeypatch.setattr(MemoryStore, "totals", broken)
    stop = threading.Event()
    with pytest.raises(ValueError, match="broken"), Watcher(*urls, stop, None, the_only_epoch, print):
        stop.wait(20)
    assert stop.is_set()
    assert END_OF_RUN.is_set()


def test_a_roll_ends_at_its_deadline(urls):
    with Watcher(*urls, threading.Event(), None, the_only_epoch, lambda status: None) as watcher:
        watcher.next_roll(0.0)
        assert END_OF_RUN.wait(20)
        watcher.next_roll(1000.0)
        assert not END_OF_RUN.is_set()


def test_what_has_gone_from_the_source_is_not_waited_for(tmp_path, urls, monkeypatch):
    monkeypatch.setattr("pipelines.runners.watcher.STATUS_SECOND", 0.0)
    file = tmp_path / "cycler" / "a.csv"
    file.parent.mkdir()
    file.write_text(HEADER + rows(1, 3))
    source = f"folder://{file.parent}"
    goals, stop = open_source(source).ends(), threading.Event()
    assert sum(goals.values()) > 0
    with Watcher(source, urls[1], stop, goals, the_only_epoch, lambda status: None):
        assert not stop.wait(0.3)
        file.unlink()
        assert stop.wait(20)


def test_a_roll_ends_when_another_run_has_taken_over_even_if_there_is_nothing_to_read(urls):
    store = open_store(urls[1])
    ours = store.take_epoch(1.0)
    with Watcher(*urls, threading.Event(), None, lambda: ours, lambda status: None) as watcher:
        watcher.next_roll(1000.0)
        assert not END_OF_RUN.wait(0.2)
        store.take_epoch(2.0)
        assert END_OF_RUN.wait(20)
