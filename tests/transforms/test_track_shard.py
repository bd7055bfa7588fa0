"""Tracked by shard, batteries have the rows of batteries tracked one by one, whatever the order and the cutting."""

import itertools
import random

import pytest
from apache_beam.utils.timestamp import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analytics import Settings
from pipelines.storage import open_store
from pipelines.transforms.track import Track
from pipelines.transforms.track_shard import KeyByShard, TrackShard
from schemas import DeadLetterChunk, Position, decode_acknowledgement, encode_chunk
from schemas.chunk import DEAD_LETTER_KEY
from tests.dead_letters.letters import a_letter
from tests.oracle.differences import differences
from tests.oracle.generators import cut, several_tests, stream, with_duplicates, with_late
from tests.transforms.test_refuse import with_poison
from tests.transforms.test_track import Cell

READINGS = 80
BATTERIES = ("b0", "b1", "b2", "b3")
_names = itertools.count()


def new_store():
    url = f"memory://shards{next(_names)}"
    store = open_store(url, create=True)
    store.init()
    return url, store


def journeys(sizes):
    """Chunks of each battery, in their order: duplicates, late readings, several tests."""
    for number, name in enumerate(BATTERIES[:3]):
        whole = stream(seed=number, readings=READINGS, battery_id=name, partition=f"p{number}")
        whole = with_late(with_duplicates(whole, seed=number), seed=number)
        yield cut(whole, parts(len(whole), sizes))
    yield several_tests(seed=9, tests=3, readings=40, battery_id=BATTERIES[3], partition="p3")


def parts(total, sizes):
    """So many readings each, again and again, until all are taken."""
    found, endless = [], itertools.cycle(sizes)
    while (left := total - sum(found)) > 0:
        found.append(min(left, next(endless)))
    return found


def share(chunks, run, runs):
    """What the run-th of so many runs takes."""
    return chunks[run * len(chunks) // runs : (run + 1) * len(chunks) // runs]


def tracked_one_by_one(url, chunks):
    track, cells = Track(url, 1, Settings(), None, "log://x"), {}
    track.setup()
    track.start_bundle()
    for chunk in chunks:
        cell = cells.setdefault(chunk.battery_id, Cell())
        track.process((chunk.battery_id, encode_chunk(chunk)), cell, Timestamp(0))
    list(track.finish_bundle())
    track.teardown()


def tracked_by_shard(url, chunks, shards=2, epoch=1):
    """One run, one bundle; (partition, acknowledgement) of all that it has acknowledged."""
    keying, gathered = KeyByShard(shards), {}
    for chunk in chunks:
        key = DEAD_LETTER_KEY + "p0" if isinstance(chunk, DeadLetterChunk) else chunk.battery_id
        for shard, data in keying.process((key, encode_chunk(chunk))):
            gathered.setdefault(shard, []).append(data)
    track = TrackShard(url, epoch, Settings(), None, "log://x")
    track.setup()
    track.start_bundle()
    for shard in gathered.items():
        track.process(shard)
    acknowledged = [windowed.value for windowed in track.finish_bundle()]
    track.teardown()
    return [(partition, decode_acknowledgement(data)) for partition, data in acknowledged]


def tables(store):
    rows = {("battery", row.battery_id): row for row in store.batteries()}
    rows |= {("cycle", row.battery_id, row.cycle_number): row for row in store.cycles()}
    rows |= {("step", row.battery_id, row.step_number): row for row in store.steps()}
    rows |= {("trace", name, row.bucket): row for name in BATTERIES for row in store.trace(name)}
    return rows | {("late", row.partition, row.offset): row for row in store.late()}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_any_cutting_any_order_and_any_number_of_runs_make_the_same_rows(sizes, runs, order: random.Random):
    by_battery = list(journeys(sizes))
    url, expected = new_store()
    tracked_one_by_one(url, itertools.chain.from_iterable(by_battery))
    url, found = new_store()
    for run in range(runs):
        chunks = list(itertools.chain.from_iterable(share(some, run, runs) for some in by_battery))
        order.shuffle(chunks)
        acknowledged = tracked_by_shard(url, chunks, epoch=run + 1)
        assert len(acknowledged) == len(chunks)
    assert len(tables(expected)) > 50
    assert differences(tables(expected), tables(found), relative=0.0) == []
    assert expected.snapshots(BATTERIES).keys() == found.snapshots(BATTERIES).keys()


def test_what_was_applied_is_skipped_in_the_next_run():
    chunks = list(itertools.chain.from_iterable(journeys([25])))
    url, store = new_store()
    tracked_by_shard(url, chunks)
    before = tables(store)
    assert len(tracked_by_shard(url, chunks, epoch=2)) == len(chunks), "it is acknowledged all the same"
    assert differences(before, tables(store), relative=0.0, ignore=()) == []


def test_a_reading_that_the_analytics_cannot_take_costs_itself_and_nothing_else():
    clean = stream(seed=1, readings=50)
    url, store = new_store()
    tracked_by_shard(url, [with_poison(clean, [7, 30])])
    assert [letter.reason for letter in store.dead_letters()] == ["refused_by_analysis"] * 2
    assert store.totals().readings + store.totals().duplicates == 48


def test_dead_letters_have_a_shard_of_their_own_and_are_acknowledged():
    url, store = new_store()
    chunk = DeadLetterChunk(Position("p0", 3, 9, 1, 2), (a_letter(),))
    ((partition, acknowledgement),) = tracked_by_shard(url, [chunk])
    assert partition == "p0"
    assert (acknowledgement.first_offset, acknowledgement.next_offset) == (3, 9)
    assert (acknowledgement.part, acknowledgement.parts) == (1, 2)
    assert store.dead_letters() == [a_letter()]


@pytest.mark.parametrize("shards", [1, 16])
def test_a_battery_is_always_in_the_same_shard_and_many_are_spread(shards):
    keying = KeyByShard(shards)
    keys = [next(keying.process((f"b{number}", b"")))[0] for number in range(1000)]
    assert keys == [next(keying.process((f"b{number}", b"")))[0] for number in range(1000)]
    counts = [keys.count(str(number)) for number in range(shards)]
    assert sum(counts) == 1000
    assert min(counts) > 1000 / shards / 2
