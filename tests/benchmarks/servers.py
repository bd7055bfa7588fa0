"""Real servers for a benchmark: on free ports, with data that are thrown away."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kafka.admin import KafkaAdminClient, NewTopic

from pipelines.servers import Stack, default_cache
from pipelines.storage import open_store
from tests.real_servers import RunningSet, cassandra_settings, free_ports

PARTITIONS = 6


CLUSTER_PORTS = 10


class Bench(NamedTuple):
    """What a benchmark has to itself.

    Attributes:
        topic: URL of a new one.
        store: URL of a new one.
        folder: Of the stack.
    """

    topic: str
    store: str
    folder: Path


@contextmanager
def kafka_and(store: str, runner: str = "local") -> Iterator[Bench]:
    """One broker, a "sqlite" or "cassandra" store, and the cluster of a "flink" or "spark" runner."""
    with tempfile.TemporaryDirectory(prefix="chargetracker-bench-") as folder:
        wanted = {"kafka": {"port": free_ports(2)}}
        if store == "cassandra":
            wanted["cassandra"] = cassandra_settings("1g")
        if runner != "local":
            wanted[runner] = {"port": free_ports(CLUSTER_PORTS)}
        stack = Stack(Path(folder), default_cache())
        stack.up(wanted)
        try:
            topic = _new_topic(RunningSet(stack, "kafka").bootstrap)
            yield Bench(topic, _new_store(stack, store, folder), Path(folder))
        finally:
            stack.down(list(wanted))


def _new_topic(bootstrap: str) -> str:
    name = f"bench_{uuid.uuid4().hex[:8]}"
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic(name, num_partitions=PARTITIONS, replication_factor=1)])
    admin.close()
    return f"kafka://{bootstrap}/{name}"


def _new_store(stack: Stack, kind: str, folder: str) -> str:
    if kind == "cassandra":
        url = f"cassandra://{RunningSet(stack, 'cassandra').address}/bench"
    else:
        url = f"sqlite:///{folder}/m.db"
    store = open_store(url, create=True)
    store.init()
    store.close()
    return url
