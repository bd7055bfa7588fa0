"""Fetching: for each broker one request at a time, for all partitions it leads that have room.

    poll() -> take what is there ... plan -> [IO thread] pump -> request -> answer -> buffers, pump again

The answers come while the caller works on what it took. Topics are named by their identity, so messages of a topic
that was made anew cannot be taken for those of the old one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import kafka.errors as errors
from kafka.protocol.consumer import FetchRequest

from pipelines.sources.kafka.client import Client
from pipelines.sources.kafka.messages import Messages
from pipelines.sources.kafka.reading import Reading

FETCH_BYTES = 16 * 1024 * 1024
PARTITION_FETCH_BYTES = 1024 * 1024
MAX_WAIT_MILLISECOND = 250
"""So long a broker holds a request back while it has nothing: at most so long a partition waits that got room."""
PAUSE_SECOND = 0.02
"""Between two small answers, so that a trickle of messages does not come one a request."""
RETRY_SECOND = 0.2
WAIT_SECOND = 0.05
"""So long a poll waits for messages that are there and on their way."""

_SMALL_BYTES = 64 * 1024


class StalledError(Exception):
    """A partition was asked for again and again, and nothing was heard of it."""


class Fetcher:
    """Reads the partitions of one topic that it is asked for."""

    def __init__(self, client: Client, topic_id: UUID, stall_second: float) -> None:
        """Ask for nothing yet.

        Args:
            client: Line to the cluster.
            topic_id: Identity of the topic.
            stall_second: After so long without any answer about a partition, something is wrong [s].
        """
        self._client = client
        self._topic_id = topic_id
        self._stall_second = stall_second
        self._readings: dict[int, Reading] = {}
        self._busy: set[int] = set()
        self._planned = False

    def take(self, index: int, offset: int, max_bytes: int) -> Messages | None:
        """Messages of a partition from ``offset`` on; `None` when none have come yet.

        Raises:
            OffsetOutOfRangeError: The partition does not have that offset.
            KafkaError: The leader refuses for good.
            CorruptBatchError: What comes next cannot be read.
            StalledError: Nothing was heard for too long.
        """
        reading = self._readings.get(index)
        if reading is None or reading.offset != offset:
            reading = self._readings[index] = Reading(offset)
        messages = reading.take(max_bytes)
        self._plan()
        if messages is None and reading.awaits(WAIT_SECOND):
            messages = reading.take(max_bytes)
        if messages is None:
            reading.raise_failure()
            if reading.silent_second() > self._stall_second:
                raise StalledError(f"partition {index}")
        return messages

    def forget(self, index: int) -> None:
        """Begin anew with a partition at the next `take`."""
        self._readings.pop(index, None)

    def _plan(self) -> None:
        if not self._planned:
            self._planned = True
            self._client.call_soon(self._pump)

    def _pump(self) -> None:
        """On the IO thread: ask every leader that is not asked already."""
        self._planned = False
        wanted: dict[int, dict[int, tuple[Reading, int]]] = defaultdict(dict)
        # Who has waited longest comes first: a broker fills its answer in this order.
        for index, reading in sorted(self._readings.copy().items(), key=lambda item: item[1].served_second):
            leader = self._client.leader(index) if reading.wants_more() else None
            if leader is not None and leader[0] not in self._busy:
                wanted[leader[0]][index] = reading, leader[1]
            elif leader is None and reading.wants_more():
                self._client.look_again()
        for node, asked in wanted.items():
            self._send(node, asked)

    def _send(self, node: int, asked: dict[int, tuple[Reading, int]]) -> None:
        readings = {index: reading for index, (reading, _) in asked.items()}
        self._busy.add(node)
        try:
            answer = self._client.send(_request(self._topic_id, asked), node)
        except Exception as error:
            # The library raises instead of giving a future for a leader that it does not know as a broker.
            self._failed(node, readings, error)
            return
        answer.add_callback(lambda found: self._received(node, readings, found))
        answer.add_errback(lambda error: self._failed(node, readings, error))

    def _received(self, node: int, readings: dict[int, Reading], answer: Any) -> None:
        self._busy.discard(node)
        if answer.error_code:
            self._failed(node, readings, errors.for_code(answer.error_code)())
            return
        size, again = 0, False
        for partition in (partition for topic in answer.responses for partition in topic.partitions):
            reading = readings[partition.partition_index]
            if partition.error_code:
                again |= reading.refused(errors.for_code(partition.error_code)(), RETRY_SECOND)
            else:
                size += reading.received(partition.records or b"", partition.high_watermark)
        if again:
            self._client.look_again()
        self._client.call_later(RETRY_SECOND if again else PAUSE_SECOND if 0 < size < _SMALL_BYTES else 0.0, self._pump)

    def _failed(self, node: int, readings: dict[int, Reading], error: Exception) -> None:
        """A broker that is away is asked again; another one may lead by then."""
        self._busy.discard(node)
        for reading in readings.values():
            reading.refused(error, RETRY_SECOND)
        self._client.look_again()
        self._client.call_later(RETRY_SECOND, self._pump)


def _request(topic_id: UUID, asked: dict[int, tuple[Reading, int]]) -> Any:
    kind = FetchRequest.FetchTopic
    partitions = [
        kind.FetchPartition(
            partition=index,
            current_leader_epoch=epoch,
            fetch_offset=reading.fetch_offset,
            partition_max_bytes=PARTITION_FETCH_BYTES,
        )
        for index, (reading, epoch) in asked.items()
    ]
    return FetchRequest(
        max_wait_ms=MAX_WAIT_MILLISECOND,
        min_bytes=1,
        max_bytes=FETCH_BYTES,
        topics=[kind(topic_id=topic_id, partitions=partitions)],
        forgotten_topics_data=[],
        rack_id="",
        min_version=13,  # since then by identity
        max_version=16,
    )
