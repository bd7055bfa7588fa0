"""A Kafka topic in the shape that the simulator publishes to: nothing is lost, nothing is there twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType

from kafka import KafkaProducer

from pipelines.sources.base import SourceError
from pipelines.sources.kafka import KafkaSource, TopicAddress
from pipelines.sources.kafka.connection import cluster_settings
from pipelines.sources.kafka.failures import source_error
from pipelines.sources.kafka.tail import last_messages

MAX_IN_FLIGHT_BYTES = 8 * 1024 * 1024
"""Of messages that were sent and not yet acknowledged: `publish` waits when there are more."""
DELIVERY_SECOND = 120.0
"""So long a message is sent again and again before it counts as lost."""

_LINGER_MILLISECOND = 20
_BATCH_BYTES = 256 * 1024
_MAX_REQUEST_BYTES = 4 * 1024 * 1024


class KafkaPublisher:
    """Sends with an idempotent producer, and counts every acknowledgement of all replicas that are in sync.

    Attributes:
        partitions: How many the topic has.
        acknowledged: Messages that are safely in the topic.
    """

    def __init__(self, address: TopicAddress) -> None:
        """Find the topic.

        Raises:
            SourceAwayError: No broker answers.
            SourceError: There is no such topic, or the brokers do not let us in.
        """
        self._address = address
        self._source = KafkaSource(address)
        self.partitions = len(self._source.partitions())
        self.acknowledged = 0
        self._in_flight_bytes = 0
        self._failure: Exception | None = None
        self._changed = threading.Condition()
        try:
            self._producer = _producer(address)
        except Exception as error:
            self._source.close()
            raise source_error(error, address) from error

    def publish(self, partition: int, key: bytes, messages: Sequence[bytes]) -> None:
        """Send messages in this order; returns before they are acknowledged, but not with too many under way.

        Raises:
            SourceError: A message of this call or one before could not be delivered.
        """
        for message in messages:
            self._wait_for_room(len(message))
            try:
                sent = self._producer.send(self._address.topic, message, key=key, partition=partition)
            except Exception as error:
                raise self._undelivered(error) from error
            size = len(message)
            sent.add_callback(lambda _, size=size: self._settled(size, None))
            sent.add_errback(lambda error, size=size: self._settled(size, error))

    def flush(self) -> None:
        """Wait until everything that was published is acknowledged.

        Raises:
            SourceError: Something could not be delivered.
        """
        deadline = time.monotonic() + 2.0 * DELIVERY_SECOND
        self._producer.flush(timeout=2.0 * DELIVERY_SECOND)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_flight_bytes or self._failure, deadline - time.monotonic())
            self._check()
            if self._in_flight_bytes:
                raise self._undelivered(TimeoutError("no acknowledgement"))

    def tail(self, partition: int, max_bytes: int) -> list[bytes]:
        """The last messages, oldest first, about ``max_bytes`` of them; all of them when there are fewer."""
        return last_messages(self._source, self._source.partitions()[partition], max_bytes)

    def __enter__(self) -> KafkaPublisher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Deliver what is under way, unless something has gone wrong."""
        try:
            if error is None:
                self.flush()
        finally:
            self._source.close()
            self._producer.close(timeout=0 if error or self._failure else None)

    def _wait_for_room(self, size: int) -> None:
        with self._changed:
            self._check()
            if self._in_flight_bytes > MAX_IN_FLIGHT_BYTES:
                room = self._changed.wait_for(
                    lambda: self._in_flight_bytes <= MAX_IN_FLIGHT_BYTES // 2 or self._failure, 2.0 * DELIVERY_SECOND
                )
                self._check()
                if not room:
                    raise self._undelivered(TimeoutError("no acknowledgement"))
            self._in_flight_bytes += size

    def _settled(self, size: int, error: Exception | None) -> None:
        with self._changed:
            self._in_flight_bytes -= size
            if error is None:
                self.acknowledged += 1
            elif self._failure is None:
                self._failure = error
            self._changed.notify_all()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._undelivered(self._failure) from self._failure

    def _undelivered(self, error: Exception) -> SourceError:
        return SourceError(
            f"{self._address.url}: a message could not be delivered ({type(error).__name__}); "
            f"{self.acknowledged} are acknowledged. Check the brokers; the same command goes on behind those."
        )


def _producer(address: TopicAddress) -> KafkaProducer:
    return KafkaProducer(
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        linger_ms=_LINGER_MILLISECOND,
        batch_size=_BATCH_BYTES,
        max_request_size=_MAX_REQUEST_BYTES,
        delivery_timeout_ms=int(1000 * DELIVERY_SECOND),
        bootstrap_timeout_ms=5000,
        max_block_ms=10_000,
        allow_auto_create_topics=False,
        metrics_enabled=False,
        **cluster_settings(address),
    )
