"""How servers are started: ports, memory, security. The first start of a set keeps them beside its data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

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

    port: int = 9042
    storage_port: int = 7000
    memory: str = "1g"
    commitlog_sync: CommitlogSync = CommitlogSync.BATCH
    auth: bool = False
    tls: bool = False


Settings = KafkaSettings | CassandraSettings

DEFAULTS: Mapping[str, Settings] = MappingProxyType(
    {"kafka": KafkaSettings(), "kafka3": KafkaSettings(port=19092, nodes=3), "cassandra": CassandraSettings()}
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
    flag, least = ("kafka", "128m") if isinstance(settings, KafkaSettings) else ("cassandra", "384m")
    memory = settings.memory
    if not re.fullmatch(r"[1-9]\d{0,5}[mg]", memory) or _byte_count(memory) < _byte_count(least):
        message = f"--{flag}-memory {memory}: memory of {name} is written as 512m or 2g, and is at least {least}."
        raise ServerError(message)


def _byte_count(memory: str) -> int:
    return int(memory[:-1]) * _BYTES[memory[-1]]
