"""Making topics, and looking at them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import kafka.errors as errors
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from pipelines.sources.base import SourceError
from pipelines.sources.kafka.client import check_contact
from pipelines.sources.kafka.connection import TopicAddress, client_settings, cluster_settings
from pipelines.sources.kafka.failures import source_error

READY_SECOND = 60.0
"""So long a topic may take to come, or to go."""

_MILLISECOND_PER_HOUR = 3_600_000
_LOOK_SECOND = 0.1
_FOR_EVER = -1


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How a topic is made.

    Attributes:
        partitions: How many batteries can be worked on at the same time, at most.
        replication: On how many brokers each message is.
        min_in_sync: How many of them must have a message before it is acknowledged.
        retention_hours: Messages are kept this long; `None` keeps them for ever.
        compression: How the brokers keep them, as Kafka calls it ("zstd", "producer").
    """

    partitions: int
    replication: int
    min_in_sync: int
    retention_hours: float | None
    compression: str

    def words(self) -> tuple[str, ...]:
        """Each of them, for people."""
        return (
            f"{self.partitions} partitions",
            f"{self.replication} replicas",
            f"{self.min_in_sync} must acknowledge",
            "kept for ever" if self.retention_hours is None else f"kept for {self.retention_hours:g} h",
            f"compression {self.compression}",
        )


class Topics:
    """An administrator's line to a cluster, for one topic; open while its block runs."""

    def __init__(self, address: TopicAddress) -> None:
        """Find the cluster; the topic need not be there.

        Raises:
            SourceAwayError: No broker answers.
            SourceError: The brokers do not let us in.
        """
        self._address = address
        check_contact(address, client_settings())
        self._admin = self._asked(lambda: KafkaAdminClient(**cluster_settings(address)))

    def brokers(self) -> int:
        """How many there are."""
        return len(self._asked(self._admin.describe_cluster)["brokers"])

    def find(self) -> TopicSettings | None:
        """What the topic is like; `None` when there is none."""
        found = self._described()
        if found is None:
            return None
        resource = ConfigResource(ConfigResourceType.TOPIC, self._address.topic)
        answer = self._asked(lambda: self._admin.describe_configs([resource], config_filter="all"))
        configs = {name: config["value"] for name, config in answer["topic"][self._address.topic].items()}
        retention = int(configs["retention.ms"])
        return TopicSettings(
            len(found["partitions"]),
            len(found["partitions"][0]["replica_nodes"]),
            int(configs["min.insync.replicas"]),
            None if retention == _FOR_EVER else retention / _MILLISECOND_PER_HOUR,
            configs["compression.type"],
        )

    def make(self, settings: TopicSettings) -> None:
        """Make the topic, and wait until all its replicas are in sync.

        Raises:
            SourceError: It is there already, or the brokers refuse.
        """
        topic = {
            "num_partitions": settings.partitions,
            "replication_factor": settings.replication,
            "configs": _configs(settings),
        }
        self._asked(lambda: self._admin.create_topics({self._address.topic: topic}))
        self._wait(self._is_in_sync, "in sync")

    def delete(self) -> None:
        """Delete the topic with all that is in it, and wait until it is gone."""
        self._asked(lambda: self._admin.delete_topics([self._address.topic]))
        self._wait(lambda: self._described() is None, "gone")

    def __enter__(self) -> Topics:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admin.close()

    def _described(self) -> dict[str, Any] | None:
        found: dict[str, Any] = self._asked(lambda: self._admin.describe_topics([self._address.topic]))[0]
        error = errors.for_code(found["error_code"])
        if error is errors.UnknownTopicOrPartitionError:
            return None
        if error is not errors.NoError:
            raise source_error(error(), self._address)
        return found

    def _is_in_sync(self) -> bool:
        found = self._described()
        return found is not None and all(
            partition["leader_id"] >= 0 and len(partition["isr_nodes"]) == len(partition["replica_nodes"])
            for partition in found["partitions"]
        )

    def _wait(self, condition: Callable[[], bool], word: str) -> None:
        deadline = time.monotonic() + READY_SECOND
        while not condition():
            if time.monotonic() > deadline:
                raise SourceError(
                    f"{self._address.url} is not {word} after {READY_SECOND:.0f} s: look at the brokers' own messages."
                )
            time.sleep(_LOOK_SECOND)

    def _asked(self, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except errors.KafkaError as error:
            raise source_error(error, self._address) from error


def _configs(settings: TopicSettings) -> dict[str, str]:
    hours = settings.retention_hours
    return {
        "cleanup.policy": "delete",
        "compression.type": settings.compression,
        "min.insync.replicas": str(settings.min_in_sync),
        "retention.ms": str(_FOR_EVER if hours is None else int(hours * _MILLISECOND_PER_HOUR)),
    }
