"""Where partitions begin and end, asked from their leaders."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import kafka.errors as errors
from kafka.protocol.consumer import ListOffsetsRequest

from pipelines.sources.kafka.client import ANSWER_SECOND, Client
from pipelines.sources.kafka.connection import TopicAddress
from pipelines.sources.kafka.failures import away

LATEST, EARLIEST = -1, -2
"""Kafka's words for the end and the begin, in place of a time."""

_AGAIN_SECOND = 0.1
_NONE = -1


def look_up(client: Client, address: TopicAddress, indexes: Collection[int], when: int) -> dict[int, int]:
    """The offset of each of some partitions.

    Args:
        client: Line to the cluster.
        address: Of the topic.
        indexes: Numbers of the partitions.
        when: `LATEST`, `EARLIEST`, or unix milliseconds: the first message that is not older.

    Returns:
        By number; -1 where no message is that young.

    Raises:
        SourceAwayError: A leader does not answer, or there is none, for `ANSWER_SECOND`.
        SourceError: A broker refuses.
    """
    found: dict[int, int] = {}
    deadline = time.monotonic() + ANSWER_SECOND
    while missing := [index for index in indexes if index not in found]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise away(address)
        found |= client.answer(client.call_soon(_ask, client, address.topic, missing, when), left)
        if len(found) < len(indexes):
            client.look_again()
            time.sleep(_AGAIN_SECOND)
    return found


async def _ask(client: Client, topic: str, indexes: list[int], when: int) -> dict[int, int]:
    """Those that are found at once."""
    led: dict[int, list[int]] = defaultdict(list)
    for index in indexes:
        leader = client.leader(index)
        if leader is not None:
            led[leader[0]].append(index)
    found: dict[int, int] = {}
    for node, some in led.items():
        with suppress(errors.RetriableError, errors.UnknownBrokerIdError):
            found |= _offsets(await client.send(_request(topic, some, when), node))
    return found


def _request(topic: str, indexes: list[int], when: int) -> Any:
    kind = ListOffsetsRequest.ListOffsetsTopic
    partitions = [
        kind.ListOffsetsPartition(partition_index=index, current_leader_epoch=-1, timestamp=when) for index in indexes
    ]
    return ListOffsetsRequest(
        replica_id=-1, isolation_level=0, topics=[kind(name=topic, partitions=partitions)], min_version=1, max_version=7
    )


def _offsets(answer: Any) -> dict[int, int]:
    found = {}
    for partition in (partition for topic in answer.topics for partition in topic.partitions):
        error = errors.for_code(partition.error_code)
        if error is errors.NoError:
            found[partition.partition_index] = partition.offset
        elif not issubclass(error, errors.RetriableError):
            raise error()
    return found
