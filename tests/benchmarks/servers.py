"""Real servers for a benchmark: on free ports, with data that are thrown away."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kafka.admin import KafkaAdminClient, NewTopic

from pipelines.servers import Stack, default_cache
from pipelines.storage import open_store
from tests.real_servers import RunningSet, cassandra_settings, free_ports

PARTITIONS = 6


@contextmanager
def kafka_and(store: str) -> Iterator[tuple[str, str]]:
    """One broker and a "sqlite" or "cassandra" store: URLs of a new topic and a new store."""
    with tempfile.TemporaryDirectory(prefix="chargetracker-bench-") as folder:
        wanted = {"kafka": {"port": free_ports(2)}}
        if store == "cassandra":
            wanted["cassandra"] = cassandra_settings("1g")
        stack = Stack(Path(folder), default_cache())
        stack.up(wanted)
        try:
            yield _new_topic(RunningSet(stack, "kafka").bootstrap), _new_store(stack, store, folder)
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
