"""The fetcher without a broker: what it asks for, and what it makes of the answers."""

from types import SimpleNamespace
from uuid import UUID

import kafka.errors as errors
import pytest
from kafka.future import Future

from pipelines.sources.kafka import fetcher as fetching
from pipelines.sources.kafka.buffer import BUFFER_BYTES
from pipelines.sources.kafka.fetcher import Fetcher, StalledError
from tests.sources.kafka.batches import batch_of, readings

TOPIC = UUID(int=7)
ALL = 1 << 30


class FakeClient:
    """Answers only when it is told to; what was to run later runs when `later` is called."""

    def __init__(self, leaders):
        self.leaders = dict(leaders)
        self.sent = []
        self.planned = []
        self.looked = 0
        self.refusal = None

    def call_soon(self, function):
        function()

    def call_later(self, second, function):
        self.planned.append(function)

    def later(self):
        planned, self.planned = self.planned, []
        for function in planned:
            function()

    def leader(self, index):
        node = self.leaders.get(index)
        return None if node is None else (node, 4)

    def look_again(self):
        self.looked += 1

    def send(self, request, node):
        if self.refusal is not None:
            raise self.refusal
        future = Future()
        self.sent.append((node, request, future))
        return future

    def asked(self):
        """Who is asked for what, of the requests that have no answer."""
        return [
            (node, {p.partition: p.fetch_offset for p in request.topics[0].partitions})
            for node, request, future in self.sent
            if not future.is_done
        ]

    def answer(self, node, partitions, error_code=0):
        """Partitions: by number, the records or the code of an error."""
        future = next(f for n, _, f in self.sent if n == node and not f.is_done)
        data = [
            SimpleNamespace(
                partition_index=index,
                error_code=found if isinstance(found, int) else 0,
                records=found if isinstance(found, bytes) else None,
                high_watermark=10**6,
            )
            for index, found in partitions.items()
        ]
        future.success(SimpleNamespace(error_code=error_code, responses=[SimpleNamespace(partitions=data)]))


@pytest.fixture
def client():
    return FakeClient({0: 1, 1: 1, 2: 2})


@pytest.fixture
def fetcher(client, monkeypatch):
    monkeypatch.setattr(fetching, "WAIT_SECOND", 0.0)
    monkeypatch.setattr(fetching, "RETRY_SECOND", 0.0)
    return Fetcher(client, TOPIC, stall_second=30.0)


def begun(fetcher, *indexes):
    for index in indexes:
        assert fetcher.take(index, 100 * index, ALL) is None


def test_each_leader_is_asked_by_the_identity_of_the_topic_and_one_request_at_a_time(fetcher, client):
    begun(fetcher, 0, 1, 2)
    assert client.asked() == [(1, {0: 0}), (2, {2: 200})]
    assert client.sent[0][1].topics[0].topic_id == TOPIC
    client.answer(1, {0: b""})
    client.later()
    assert client.asked() == [(2, {2: 200}), (1, {0: 0, 1: 100})]


def test_messages_go_on_where_the_last_ones_ended_and_the_next_are_under_way(fetcher, client):
    begun(fetcher, 0)
    client.answer(1, {0: batch_of(readings(5))})
    client.later()
    assert client.asked() == [(1, {0: 5})]
    assert fetcher.take(0, 0, ALL).next_offset == 5
    client.answer(1, {0: batch_of(readings(2), base_offset=5)})
    assert fetcher.take(0, 5, ALL).offsets.tolist() == [5, 6]


def test_another_offset_begins_anew_and_what_comes_for_the_old_one_is_dropped(fetcher, client):
    begun(fetcher, 0)
    assert fetcher.take(0, 3, ALL) is None
    client.answer(1, {0: batch_of(readings(5))})
    assert fetcher.take(0, 3, ALL) is None
    client.later()
    assert client.asked() == [(1, {0: 3})]
    client.answer(1, {0: batch_of(readings(5))})
    assert fetcher.take(0, 3, ALL).offsets.tolist() == [3, 4]


def test_who_does_not_take_is_not_drowned(fetcher, client):
    begun(fetcher, 0, 1)
    offset, batch = 0, batch_of([(None, b"x" * 1_000_000)])
    for _ in range(20):
        client.later()
        if not any(0 in partitions for _, partitions in client.asked()):
            break
        client.answer(
            1, {0: batch_of([(None, b"x" * 1_000_000)], base_offset=offset), 1: b""} if offset else {0: batch}
        )
        offset += 1
    assert BUFFER_BYTES < offset * len(batch) <= BUFFER_BYTES + len(batch)
    assert client.asked() == [(1, {1: 100})]
    assert fetcher.take(0, 0, 3_000_000).next_offset == 3
    client.answer(1, {1: b""})
    client.later()
    assert client.asked() == [(1, {0: offset, 1: 100})]


def test_who_was_served_last_is_asked_for_last(fetcher, client):
    begun(fetcher, 0, 1)
    client.answer(1, {0: batch_of(readings(5))})
    client.later()
    (_, partitions) = client.asked()[0]
    assert list(partitions) == [1, 0]


@pytest.mark.parametrize("code", [3, 5, 6, 74, 75, 78, 100, 103])
def test_a_leader_that_is_none_any_more_is_looked_for_again(fetcher, client, code):
    begun(fetcher, 0)
    client.answer(1, {0: code})
    assert client.looked == 1
    client.leaders[0] = 2
    client.later()
    assert client.asked() == [(2, {0: 0})]


def test_a_partition_without_a_leader_is_looked_for_again(fetcher, client):
    client.leaders[0] = None
    begun(fetcher, 0)
    assert client.asked() == []
    assert client.looked == 1


@pytest.mark.parametrize("error", [errors.KafkaConnectionError(), errors.RequestTimedOutError(), OSError("gone")])
def test_a_broker_that_went_away_is_asked_again(fetcher, client, error):
    begun(fetcher, 0)
    client.sent[0][2].failure(error)
    assert fetcher.take(0, 0, ALL) is None
    client.later()
    assert client.asked() == [(1, {0: 0})]


def test_a_leader_that_the_library_does_not_know_does_not_block_its_partitions_for_ever(fetcher, client):
    """kafka-python 3.0.12: its own fetcher never asks such a broker again (streaming.md 3.3)."""
    client.refusal = errors.UnknownBrokerIdError(1)
    begun(fetcher, 0)
    assert client.looked == 1
    client.refusal = None
    client.later()
    assert client.asked() == [(1, {0: 0})]


def test_an_offset_that_is_not_there_and_a_right_that_is_missing_are_raised(fetcher, client):
    begun(fetcher, 0, 2)
    client.answer(1, {0: 1})
    client.answer(2, {2: 29})
    with pytest.raises(errors.OffsetOutOfRangeError):
        fetcher.take(0, 0, ALL)
    with pytest.raises(errors.TopicAuthorizationFailedError):
        fetcher.take(2, 200, ALL)
    fetcher.forget(0)
    assert fetcher.take(0, 0, ALL) is None


def test_messages_that_came_before_a_refusal_are_handed_on_first(fetcher, client):
    begun(fetcher, 0)
    client.answer(1, {0: batch_of(readings(5))})
    client.later()
    client.answer(1, {0: 29})
    assert fetcher.take(0, 0, ALL).next_offset == 5
    with pytest.raises(errors.TopicAuthorizationFailedError):
        fetcher.take(0, 5, ALL)


def test_silence_for_too_long_is_a_stall(client, monkeypatch):
    monkeypatch.setattr(fetching, "WAIT_SECOND", 0.0)
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("pipelines.sources.kafka.reading.time", SimpleNamespace(monotonic=lambda: clock.now))
    fetcher = Fetcher(client, TOPIC, stall_second=30.0)
    begun(fetcher, 0)
    for _ in range(3):  # a topic without news is none
        clock.now += 29.0
        client.answer(1, {0: b""})
        client.later()
        assert fetcher.take(0, 0, ALL) is None
    clock.now += 29.0
    assert fetcher.take(0, 0, ALL) is None
    clock.now += 2.0
    with pytest.raises(StalledError):
        fetcher.take(0, 0, ALL)
