"""Ticks of a runner's own clock: for every partition, dropped when they are too old."""

import itertools
from types import SimpleNamespace

import pytest

from pipelines.sources.log import LogWriter
from pipelines.storage import open_store
from pipelines.transforms import poll as module
from pipelines.transforms.given_ticks import GivenTicks, Tick, _encoder, decode_tick
from pipelines.transforms.poll import Poll
from pipelines.transforms.spread import task_of
from schemas import decode_record_batch

_names = itertools.count()


@pytest.fixture
def log(tmp_path):
    with LogWriter(tmp_path / "log", 3) as writer:
        yield writer


@pytest.fixture
def urls(tmp_path, log):
    store = f"memory://ticks{next(_names)}"
    open_store(store, create=True).init()
    return f"log://{tmp_path}/log", store


class Cell:
    """A state cell."""

    def __init__(self):
        self._value = None

    def read(self):
        return self._value

    def write(self, value):
        self._value = value


def test_each_of_the_runners_ticks_is_one_for_every_partition_and_they_spread(urls):
    ticks = GivenTicks(urls[0], 3)
    ticks.setup()
    made = list(ticks.process(b""))
    ticks.teardown()
    assert [task_of(key, 3) for key, _ in made] == [0, 1, 2]
    assert len({decode_tick(*each).partition for each in made}) == 3


def test_an_empty_tick_is_for_the_partition_of_its_key():
    assert decode_tick("p", b"") == Tick("p", float("inf"))


def test_a_tick_older_than_the_end_of_the_last_read_is_dropped(urls, log, monkeypatch):
    monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: 100.0))
    poll, cell = Poll(*urls, 1000), Cell()
    poll.setup()
    partition = poll.source.partitions()[0]

    def read_at(second):
        log.append(0, [b'{"battery_id":"b"}'])
        made = list(poll.process(("some key", _encoder.encode(Tick(partition, second))), cell))
        return [decode_record_batch(each).partition for each in made]

    assert read_at(99.0) == [partition]
    assert read_at(99.9) == [], "made before the read that ended at 100"
    assert read_at(100.1) == [partition]
    poll.teardown()
