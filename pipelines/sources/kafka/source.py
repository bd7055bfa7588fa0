"""A Kafka topic as a source. Offsets are Kafka's own."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import kafka.errors as errors

from pipelines.sources.base import SourceError
from pipelines.sources.kafka.client import Client
from pipelines.sources.kafka.commits import GroupCommits
from pipelines.sources.kafka.connection import TopicAddress, client_settings, topic_address
from pipelines.sources.kafka.failures import source_error
from pipelines.sources.kafka.fetcher import Fetcher, StalledError
from pipelines.sources.kafka.messages import Messages, no_messages
from pipelines.sources.kafka.offsets import EARLIEST, LATEST, look_up
from pipelines.sources.kafka.record_batches import CorruptBatchError
from pipelines.sources.url import SourceUrl
from schemas import RecordBatch

DEFAULT_GROUP = "chargetracker"
STALL_SECOND = 30.0


class KafkaSource:
    """Reads a topic that others write.

    A partition is named by the identity of its topic and its number: a topic made anew has other partitions. When
    retention has deleted what a poll asks for, the poll goes on at the oldest message there is and says so in
    ``lost_until``. A message without a value is an empty one; one that is over the limit is handed on cut, with its
    true size.
    """

    unit = "messages"
    bounded = False

    def __init__(
        self, address: TopicAddress, *, group: str = DEFAULT_GROUP, stall_second: float = STALL_SECOND
    ) -> None:
        """Find the topic; nothing is fetched before the first poll.

        Args:
            address: Of the topic.
            group: The consumer group that is told of committed offsets.
            stall_second: After so long without an answer about a partition, the connections are made anew [s].

        Raises:
            SourceAwayError: No broker answers.
            SourceError: There is no such topic, or the brokers do not let us in.
        """
        self._address = address
        self._stall_second = stall_second
        self._commits = GroupCommits(group, address.topic)
        self._client: Client | None = None
        self._fetchers: dict[UUID, Fetcher] = {}
        try:
            self.partitions()
        except SourceError:
            self.close()
            raise

    def partitions(self) -> tuple[str, ...]:
        """Names of the partitions, as the brokers said a moment ago (`client.METADATA_SECOND`)."""
        client = self._line()
        topic_id = client.topic_id()
        return tuple(partition_name(topic_id, index) for index in range(client.partition_count()))

    def begin(self, partition: str) -> int:
        """Offset of the oldest message that is still there."""
        return self._look_up(partition, EARLIEST)

    def end(self, partition: str) -> int:
        """Offset behind the newest message that is on all replicas."""
        return self._look_up(partition, LATEST)

    def ends(self) -> dict[str, int]:
        """The same of every partition, asked for at once."""
        names = self.partitions()
        found = look_up(self._line(), self._address, range(len(names)), LATEST)
        return {name: found[index] for index, name in enumerate(names)}

    def offset_at(self, partition: str, unix_second: float) -> int:
        """Offset of the first message of that time or later, by the topic's own timestamps; the end when there is none.

        Before it there may be younger ones if producers wrote the times, as they usually do.
        """
        found = self._look_up(partition, max(int(unix_second * 1000.0), 0))
        return self.end(partition) if found < 0 else found

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """What has come of a partition from ``offset`` on, about ``max_bytes`` and at least one message.

        The first poll only sends for it. While a leader is away there is nothing.

        Raises:
            SourceAwayError: Nothing was heard of the partition for too long, and no broker answers.
            SourceError: The topic was made anew, or ends before ``offset``, or cannot be read.
        """
        index = self._index(partition)
        fetcher = self._fetcher()
        try:
            messages = fetcher.take(index, offset, max(max_bytes, 1))
        except StalledError:
            self._hang_up()
            return None
        except CorruptBatchError as error:
            fetcher.forget(index)
            raise SourceError(f"{partition}: {error}") from error
        except errors.OffsetOutOfRangeError:
            fetcher.forget(index)
            return self._out_of_range(partition, offset)
        except errors.KafkaError as error:
            fetcher.forget(index)
            raise source_error(error, self._address) from error
        return None if messages is None else _batch(partition, offset, messages)

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """Tell the consumer group, so that Kafka's own tools show the lag; sent, not waited for."""
        with suppress(SourceError):
            client = self._line()
            names = self.partitions()
            self._commits.tell(client, {names.index(name): offset for name, offset in offsets.items() if name in names})

    def close(self) -> None:
        """Let go of the connections."""
        self._hang_up()

    def _line(self) -> Client:
        if self._client is None:
            self._client = Client(self._address, client_settings())
        return self._client

    def _hang_up(self) -> None:
        client, self._client, self._fetchers = self._client, None, {}
        if client is not None:
            client.close()

    def _fetcher(self) -> Fetcher:
        client = self._line()
        topic_id = client.topic_id()
        if topic_id not in self._fetchers:
            self._fetchers = {topic_id: Fetcher(client, topic_id, self._stall_second)}
        return self._fetchers[topic_id]

    def _index(self, partition: str) -> int:
        names = self.partitions()
        if partition not in names:
            raise SourceError(
                f"topic {self._address.topic} has no partition {partition}, it was made anew or is another one: "
                "use the store that belongs to it, or a new store."
            )
        return names.index(partition)

    def _look_up(self, partition: str, when: int) -> int:
        index = self._index(partition)
        return look_up(self._line(), self._address, [index], when)[index]

    def _out_of_range(self, partition: str, offset: int) -> RecordBatch | None:
        """What there is to say when a partition does not have an offset: retention took it, or it never came to be."""
        begin, end = self.begin(partition), self.end(partition)
        if offset > end:
            raise SourceError(
                f"partition {partition} of topic {self._address.topic} ends at {end}, before the committed offset "
                f"{offset}: the brokers have lost what they had; make the topic anew, or use another store."
            )
        if offset >= begin:
            return None  # a leader that was just elected did not know yet
        # Whoever begins at 0 has never read it, and misses nothing that it was to have.
        return _batch(partition, offset, no_messages(begin), lost_until=begin if offset > 0 else -1)


def open_kafka(url: SourceUrl) -> KafkaSource:
    """The topic at ``kafka://HOST:PORT[,HOST:PORT...]/TOPIC?group=CONSUMER_GROUP``.

    Raises:
        SourceAwayError: No broker answers.
        SourceError: It is written otherwise, there is no such topic, or the brokers do not let us in.
    """
    return KafkaSource(topic_address(url, ("group",)), group=url.query.get("group", DEFAULT_GROUP))


def partition_name(topic_id: UUID, index: int) -> str:
    """Name of a partition for offsets; the identity as Kafka's own tools write it."""
    return f"kafka:{base64.urlsafe_b64encode(topic_id.bytes).decode().rstrip('=')}/{index}"


def _batch(partition: str, offset: int, messages: Messages, lost_until: int = -1) -> RecordBatch:
    return RecordBatch(
        partition,
        offset,
        messages.next_offset,
        time.time(),
        messages.offsets,
        messages.ends,
        messages.sizes,
        messages.payload,
        lost_until=lost_until,
        keys=messages.keys,
        headers=messages.headers,
    )
