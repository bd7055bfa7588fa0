"""Which servers a set is made of."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.servers.cassandra import CassandraNode
from pipelines.servers.flink import flink_servers
from pipelines.servers.kafka import kafka_servers
from pipelines.servers.kept import KeptSet
from pipelines.servers.server import Server
from pipelines.servers.settings import CassandraSettings, FlinkSettings, KafkaSettings, Login, SparkSettings
from pipelines.servers.spark import spark_servers


def servers_of(name: str, kept: KeptSet, login: Login | None) -> Sequence[Server]:
    """The servers of a set, in the order in which people want to read of them.

    Args:
        name: Of the set.
        kept: How it is started.
        login: Of a Kafka with logins.
    """
    match kept.settings:
        case KafkaSettings() as settings:
            return kafka_servers(name, settings, kept.identity, login)
        case CassandraSettings() as settings:
            return [CassandraNode(name, settings)]
        case FlinkSettings() as settings:
            return flink_servers(name, settings)
        case SparkSettings() as settings:
            return spark_servers(name, settings)
