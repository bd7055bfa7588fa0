"""A node that is slow, halted or gone, and comes back."""

import threading
import time

import pytest

from pipelines.storage import Bundle, StoreAwayError, open_reader, open_store
from tests.storage.rows import a_battery, a_snapshot

pytestmark = pytest.mark.servers

BUNDLE = Bundle(batteries=[a_battery()], snapshots=[a_snapshot()])


def until(condition, second=30.0):
    """Wait for it; how long a node takes to come back is not ours to say."""
    end = time.monotonic() + second
    while True:
        try:
            if condition():
                return
        except StoreAwayError:
            pass
        assert time.monotonic() < end, "it did not come back"
        time.sleep(0.05)


def test_nothing_is_read_from_a_halted_node_and_everything_when_it_goes_on(cassandra, store, reader):
    store.write(BUNDLE)
    cassandra.pause()
    try:
        with pytest.raises(StoreAwayError, match=r"does not answer|no node"):
            reader.batteries()
        with pytest.raises(StoreAwayError):
            store.newest_epoch()
    finally:
        cassandra.resume()
    until(lambda: reader.batteries() == [a_battery()])


def test_a_write_goes_through_when_the_node_goes_on_in_time(cassandra, store):
    cassandra.pause()
    going_on = threading.Timer(3.0, cassandra.resume)
    going_on.start()
    try:
        store.write(BUNDLE)
    finally:
        going_on.join()
    assert store.batteries() == [a_battery()]
    assert store.snapshots(["b1"]) == {"b1": a_snapshot()}


def test_a_write_is_given_up_after_the_time_that_the_url_allows(cassandra, opened, url):
    hasty = opened(open_store, f"{url}?patience_second=0.5")
    cassandra.pause()
    try:
        with pytest.raises(StoreAwayError):
            hasty.write(BUNDLE)
        with pytest.raises(StoreAwayError):
            hasty.commit(1, {"a": 1})
    finally:
        cassandra.resume()
    until(lambda: hasty.write(BUNDLE) is None)


def test_a_halted_node_cannot_be_opened(cassandra, url):
    cassandra.pause()
    try:
        with pytest.raises(StoreAwayError):
            open_reader(url)
    finally:
        cassandra.resume()


def test_a_node_that_was_killed_is_found_again_with_all_that_it_acknowledged(cassandra, store, reader, url):
    store.write(BUNDLE)
    cassandra.kill("cassandra")
    try:
        for ask in (reader.batteries, reader.totals, lambda: open_reader(url)):
            with pytest.raises(StoreAwayError):
                ask()
    finally:
        cassandra.up()
    until(lambda: reader.batteries() == [a_battery()])
    until(lambda: store.write(Bundle(batteries=[a_battery(revision=9999)])) is None)
    assert [row.revision for row in reader.batteries()] == [9999]
    assert store.snapshots(["b1"]) == {"b1": a_snapshot()}
