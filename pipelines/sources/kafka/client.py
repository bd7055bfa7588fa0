"""The line to a Kafka cluster: kafka-python's connections and IO thread, and what the brokers say about one topic.

Its consumer is not used: it fetches by the name of a topic, so that a topic made anew would be taken for the old one,
it makes an object of thirteen fields of every message, and it can stop reading a partition for ever after an outage.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import kafka.errors as errors
from kafka import TopicPartition
from kafka.net.manager import KafkaConnectionManager
from kafka.net.selector import NetworkSelector

from pipelines.sources.base import SourceError
from pipelines.sources.kafka.connection import CLIENT_ID, RECONNECT_MILLISECOND, TopicAddress
from pipelines.sources.kafka.failures import away, contact_error, no_topic, source_error

ANSWER_SECOND = 5.0
"""So long brokers may take for an answer before they count as away."""
CONNECT_SECOND = 2.0
METADATA_SECOND = 2.0
"""How old it may be, what is known about topics and leaders; it is renewed in the background."""

_CONFIG = {
    "client_id": CLIENT_ID,
    "receive_message_max_bytes": 256 * 1024 * 1024,
    "reconnect_backoff_max_ms": RECONNECT_MILLISECOND,
    "request_timeout_ms": int(2000 * ANSWER_SECOND),
    "metadata_max_age_ms": int(1000 * METADATA_SECOND),
    "socket_connection_setup_timeout_ms": int(1000 * CONNECT_SECOND),
    "socket_connection_setup_timeout_max_ms": int(2000 * CONNECT_SECOND),
}


class Client:
    """Open from being made until `close`.

    What is said to run "on the IO thread" must not wait for anything.
    """

    def __init__(self, address: TopicAddress, settings: Mapping[str, Any]) -> None:
        """Find the cluster.

        Args:
            address: Of the topic and some brokers.
            settings: From `client_settings`.

        Raises:
            SourceAwayError: No broker answers.
            SourceError: The brokers do not let us in.
        """
        _quieten_library()
        self._address = address
        self._net = NetworkSelector(client_id=CLIENT_ID)
        config = {"bootstrap_servers": list(address.bootstrap), **_CONFIG, **settings}
        self._manager = KafkaConnectionManager(self._net, **config)
        self._cluster = self._manager.cluster
        # Looking for a topic must not make it.
        self._cluster.config["allow_auto_create_topics"] = False
        self._net.start()
        try:
            self.answer(self.call_soon(self._first_contact))
            found = self.call_soon(self._manager.bootstrap_async, 1000 * ANSWER_SECOND)
            self.answer(found, ANSWER_SECOND + 1.0)  # it says more than that time is up
            self._cluster.set_topics([address.topic])
        except SourceError as error:
            self.close()
            raise contact_error(error, address, settings["security_protocol"]) from error.__cause__
        except BaseException:
            self.close()
            raise

    def topic_id(self) -> UUID:
        """Identity of the topic that has the name now; another one after it was made anew.

        Raises:
            SourceError: There is no such topic.
        """
        if self._cluster.partitions_for_topic(self._address.topic) is None:
            self.answer(self._cluster.request_update())
        if self._cluster.partitions_for_topic(self._address.topic) is None:
            raise no_topic(self._address)
        found: UUID | None = self._cluster.topic_id(self._address.topic)
        if found is None:
            raise SourceError(f"Kafka at {self._address.servers} is older than 3.1: use a newer one.")
        return found

    def partition_count(self) -> int:
        """Of the topic, as last heard."""
        return len(self._cluster.partitions_for_topic(self._address.topic) or ())

    def leader(self, index: int) -> tuple[int, int] | None:
        """The broker that leads a partition and the epoch since when; `None` when nobody is known to, now."""
        partition = TopicPartition(self._address.topic, index)
        node = self._cluster.leader_for_partition(partition)
        if node is None or node < 0:
            return None
        return node, self._cluster.leader_epoch_for_partition(partition)

    def look_again(self) -> Any:
        """Ask for topics and leaders soon; a future."""
        return self._cluster.request_update()

    def call_soon(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have the IO thread run a function or coroutine; a future of what it gives."""
        return self._manager.call_soon(function, *arguments)

    def call_later(self, second: float, function: Callable[[], Any]) -> None:
        """On the IO thread: run a function after a while."""
        self._net.call_later(second, function)

    def send(self, request: Any, node: int | None = None) -> Any:
        """On the IO thread: ask a broker, any of them when none is named; a future of the answer."""
        return self._manager.send(request, node_id=node)

    def answer(self, future: Any, second: float = ANSWER_SECOND) -> Any:
        """What a future gives.

        Raises:
            SourceAwayError: It did not come within ``second``, or brokers are away.
            SourceError: The brokers refuse.
        """
        done = threading.Event()
        future.add_both(lambda _: done.set())
        if not done.wait(second):
            raise away(self._address)
        if future.exception is not None:
            raise source_error(future.exception, self._address) from future.exception
        return future.value

    def close(self) -> None:
        """Let go of the connections and the thread."""
        self._manager.close()
        self._net.stop(timeout_ms=1000 * ANSWER_SECOND)
        self._net.close()

    async def _first_contact(self) -> None:
        """Connect to one broker; the library tries on and on, and keeps to itself why nobody lets it in."""
        failure: Exception = errors.KafkaConnectionError("no broker was named")
        deadline = time.monotonic() + ANSWER_SECOND
        for broker in self._cluster.bootstrap_brokers():
            try:
                await self._manager.get_connection(broker.node_id, refresh_metadata_on_err=False)
            except Exception as error:
                failure = error
            else:
                return
            if time.monotonic() > deadline:
                break
        raise failure


def check_contact(address: TopicAddress, settings: Mapping[str, Any]) -> None:
    """Find out, soon, whether brokers answer and let us in; the topic need not be there.

    Raises:
        SourceAwayError: No broker answers.
        SourceError: The brokers do not let us in.
    """
    Client(address, settings).close()


def _quieten_library() -> None:
    """What matters of what the library logs is said by us; an outage makes it log several lines a second."""
    logger = logging.getLogger("kafka")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
