"""A Kafka topic that messages are sent to, each acknowledged by all in-sync replicas before we go on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

import kafka.errors as errors
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from pipelines.dead_letters.message import Message
from pipelines.sources import open_source
from pipelines.sources.kafka.connection import TopicAddress, cluster_settings, parse_topic
from pipelines.sources.kafka.failures import source_error

DELIVERY_SECOND = 30.0
"""So long an acknowledgement is tried for."""

_ANSWER_SECOND = 10.0
_MARGIN_SECOND = 2.0
_LARGEST_BYTES = 1_048_588
"""What Kafka takes when nobody has set it."""


class TopicTarget:
    """An idempotent producer; see `Target`."""

    def __init__(self, url: str) -> None:
        """Connect.

        Args:
            url: ``kafka://HOST:PORT/TOPIC``.

        Raises:
            SourceError: There is no such topic, or its brokers do not answer or let us in.
        """
        self._address = parse_topic(url)
        # It can say what is wrong; the clients below only that they have waited in vain.
        open_source(self._address.url).close()
        settings = _settings(self._address)
        try:
            self._producer = _producer(settings, _largest_bytes(settings, self._address.topic))
            self.partitions = len(self._producer.partitions_for(self._address.topic))
        except errors.KafkaError as error:
            raise source_error(error, self._address) from error

    def send(self, messages: Sequence[Message]) -> list[int]:
        """Send them; those that are larger than the topic allows cannot be."""
        deadline = time.monotonic() + DELIVERY_SECOND + _MARGIN_SECOND
        too_large, sent = [], []
        for number, message in enumerate(messages):
            try:
                sent.append(self._sent(message))
            except errors.MessageSizeTooLargeError:
                too_large.append(number)
            except errors.KafkaError as error:
                raise source_error(error, self._address) from error
        # All are waited for, also when one has failed: a producer is closed only when nothing is on its way.
        failures = [_failure(future, deadline) for future in sent]
        for failure in filter(None, failures):
            raise source_error(failure, self._address) from failure
        return too_large

    def close(self) -> None:
        """Let go of the connections."""
        with suppress(errors.KafkaError):
            self._producer.close(timeout=_MARGIN_SECOND)

    def _sent(self, message: Message) -> Any:
        key, headers = message.key, message.headers
        return self._producer.send(self._address.topic, message.value, key, headers, message.partition)


def _settings(address: TopicAddress) -> dict[str, Any]:
    milliseconds = int(1000 * _ANSWER_SECOND)
    return {
        **cluster_settings(address),
        "request_timeout_ms": milliseconds,
        "bootstrap_timeout_ms": milliseconds,
    }


def _producer(settings: dict[str, Any], largest_bytes: int) -> Any:
    return KafkaProducer(
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        delivery_timeout_ms=int(1000 * DELIVERY_SECOND),
        max_block_ms=int(1000 * _ANSWER_SECOND),
        # Refused by a broker, one message that is too large would fail all that are sent after it.
        max_request_size=largest_bytes,
        **settings,
    )


def _largest_bytes(settings: dict[str, Any], topic: str) -> int:
    """The largest message that the topic takes, less what compression can add to it [byte]."""
    with closing(KafkaAdminClient(**settings)) as admin:
        asked = ConfigResource(ConfigResourceType.TOPIC, topic)
        found = admin.describe_configs([asked], config_filter="all").get("topic", {}).get(topic, {})
    # Without the right to ask for it, there is no answer.
    largest = int(found["max.message.bytes"]["value"]) if "max.message.bytes" in found else _LARGEST_BYTES
    return largest - largest // 128 - 512


def _failure(future: Any, deadline: float) -> Exception | None:
    """Why a message was not acknowledged."""
    try:
        future.get(max(0.0, deadline - time.monotonic()))
    except errors.KafkaError as error:
        failure: Exception = error
        return failure
    return None
