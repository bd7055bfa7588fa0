"""How servers are started: ports, memory, security. The first start of a set keeps them beside its data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from pipelines.servers.errors import ServerError


class CommitlogSync(StrEnum):
    """When Cassandra acknowledges a write.

    Batch and group: once the commit log is on the disk, each write by itself or many together after at most 5 ms.
    Periodic, Cassandra's own default: before that. A node that is killed then loses the newest acknowledged writes,
    which a cluster of several has elsewhere and one node has not.
    """

    BATCH = "batch"
    GROUP = "group"
    PERIODIC = "periodic"


@dataclass(frozen=True, slots=True)
class Login:
    """Of a client.

    Attributes:
        user: Name.
        password: Never shown.
    """

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Of one Kafka cluster. Each node is broker and controller.

    Attributes:
        port: Of the first broker; the next ones are 10 apart. Each controller is at its broker's port + 1.
        nodes: 1 or 3.
        memory: Java heap of each, as Java writes it.
        sasl: Also listen for SCRAM-SHA-512 logins, at port + 2.
        tls: Also listen for TLS, at port + 3, with a certificate made for this machine.
    """

    FLAG: ClassVar[str] = "kafka"
    LEAST_MEMORY: ClassVar[str] = "128m"
    # Written into the data: where its nodes are, and who may log in.
    FIXED: ClassVar[tuple[str, ...]] = ("port", "nodes", "sasl")

    port: int = 9092
    nodes: int = 1
    memory: str = "512m"
    sasl: bool = False
    tls: bool = False


@dataclass(frozen=True, slots=True)
class CassandraSettings:
    """Of one Cassandra node.

    Attributes:
        port: For CQL.
        storage_port: Where other nodes would reach it.
        memory: Java heap, as Java writes it.
        commitlog_sync: When a write is acknowledged.
        auth: Clients log in; the first user is Cassandra's own.
        tls: Clients use TLS, with a certificate made for this machine.
    """

    FLAG: ClassVar[str] = "cassandra"
    LEAST_MEMORY: ClassVar[str] = "384m"
    FIXED: ClassVar[tuple[str, ...]] = ()

    port: int = 9042
    storage_port: int = 7000
    memory: str = "1g"
    commitlog_sync: CommitlogSync = CommitlogSync.BATCH
    auth: bool = False
    tls: bool = False


@dataclass(frozen=True, slots=True)
class FlinkSettings:
    """Of a Flink session cluster, with what Beam needs beside it: a job server, and Python workers.

    Attributes:
        port: Of Flink's web page and REST interface; the others are those after it.
        memory: Java heap of the TaskManager for the state of batteries, as Java writes it.
        slots: How many tasks run at the same time.
        master: "HOST:PORT" of the REST interface of another cluster: then there is the job server alone, for that one.
    """

    FLAG: ClassVar[str] = "flink"
    LEAST_MEMORY: ClassVar[str] = "256m"
    FIXED: ClassVar[tuple[str, ...]] = ()

    port: int = 8081
    memory: str = "512m"
    slots: int = 2
    master: str | None = None


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """Of a standalone Spark cluster, with what Beam needs beside it: a job server, and Python workers.

    Attributes:
        port: Of the master; the others are those after it.
        memory: Java heap of each executor, as Java writes it.
        workers: How many there are; each has one executor, which runs one task at a time.
        master: Of an existing cluster: the set is then its job server alone; `None` for a cluster of the set's own.
    """

    FLAG: ClassVar[str] = "spark"
    LEAST_MEMORY: ClassVar[str] = "512m"
    FIXED: ClassVar[tuple[str, ...]] = ()

    port: int = 7077
    memory: str = "768m"
    workers: int = 2
    master: str | None = None


Settings = KafkaSettings | CassandraSettings | FlinkSettings | SparkSettings
"""Of a set. Each kind says how its flags begin, its least memory, and what its data fix for good."""

DEFAULTS: Mapping[str, Settings] = MappingProxyType(
    {
        "kafka": KafkaSettings(),
        "kafka3": KafkaSettings(port=19092, nodes=3),
        "cassandra": CassandraSettings(),
        "flink": FlinkSettings(),
        "spark": SparkSettings(),
    }
)
"""By the name of the set."""

CASSANDRA_LOGIN = Login("cassandra", "cassandra")
"""Cassandra's own first user, as its manual tells everybody; to be changed where it matters."""

LOGIN_VARIABLES = ("CHARGETRACKER_STACK_KAFKA_USER", "CHARGETRACKER_STACK_KAFKA_PASSWORD")
"""Environment variables with the user that is made with the data of a Kafka with logins."""

_BYTES = {"m": 2**20, "g": 2**30}


def check_memory(name: str, settings: Settings) -> None:
    """Refuse what Java would not take, or a server would not start with.

    Args:
        name: Of the set.
        settings: Its memory is whole megabytes or gigabytes: 512m, 2g.

    Raises:
        ServerError: It is another text, or too little.
    """
    memory, least = settings.memory, settings.LEAST_MEMORY
    if not re.fullmatch(r"[1-9]\d{0,5}[mg]", memory) or byte_count(memory) < byte_count(least):
        message = (
            f"--{settings.FLAG}-memory {memory}: memory of {name} is written as 512m or 2g, and is at least {least}."
        )
        raise ServerError(message)


def byte_count(memory: str) -> int:
    """Of a memory as `check_memory` takes it."""
    return int(memory[:-1]) * _BYTES[memory[-1]]
