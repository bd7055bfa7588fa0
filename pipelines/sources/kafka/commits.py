"""The committed offsets of the store, told to a consumer group: what Kafka's own tools show as lag is then true."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import kafka.errors as errors
from kafka.protocol.consumer import OffsetCommitRequest
from kafka.protocol.metadata import FindCoordinatorRequest

from pipelines.sources.kafka.client import Client

_LOGGER = logging.getLogger(__name__)

_GROUP = 0
_NO_GENERATION = -1


class GroupCommits:
    """Tells, without waiting and without insisting: nothing is read from what it tells."""

    def __init__(self, group: str, topic: str) -> None:
        self._group = group
        self._topic = topic
        self._told: Mapping[int, int] = {}
        self._under_way = False
        self._warned = False

    def tell(self, client: Client, offsets: Mapping[int, int]) -> None:
        """Tell the offsets by number of the partition; nothing when they are those of the last time."""
        if self._under_way or offsets == self._told:
            return
        self._under_way = True
        answer = client.call_soon(self._commit, client, offsets)
        answer.add_callback(lambda _: self._done(offsets))
        answer.add_errback(self._failed)

    def _done(self, offsets: Mapping[int, int]) -> None:
        self._told, self._under_way = offsets, False

    def _failed(self, error: Exception) -> None:
        self._under_way = False
        if not self._warned and not isinstance(error, errors.RetriableError):
            self._warned = True
            _LOGGER.warning(
                "consumer group %s cannot be told how far %s is in the store (%s): its lag will look too large.",
                *(self._group, self._topic, type(error).__name__),
            )

    async def _commit(self, client: Client, offsets: Mapping[int, int]) -> None:
        found = await client.send(FindCoordinatorRequest(key=self._group, key_type=_GROUP, max_version=3))
        _check(found.error_code)
        answer = await client.send(self._request(offsets), found.node_id)
        for partition in (partition for topic in answer.topics for partition in topic.partitions):
            _check(partition.error_code)

    def _request(self, offsets: Mapping[int, int]) -> Any:
        kind = OffsetCommitRequest.OffsetCommitRequestTopic
        partitions = [
            kind.OffsetCommitRequestPartition(
                partition_index=index, committed_offset=offset, committed_leader_epoch=-1, committed_metadata=""
            )
            for index, offset in offsets.items()
        ]
        return OffsetCommitRequest(
            group_id=self._group,
            generation_id_or_member_epoch=_NO_GENERATION,
            member_id="",
            group_instance_id=None,
            retention_time_ms=-1,
            topics=[kind(name=self._topic, partitions=partitions)],
            max_version=8,
        )


def _check(error_code: int) -> None:
    if error_code:
        raise errors.for_code(error_code)()
