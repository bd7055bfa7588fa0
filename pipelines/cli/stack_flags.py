"""Flags of ``chargetracker stack``, and which settings of which set of servers each of them changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.verb import CommandError
from pipelines.servers import LOGIN_VARIABLES, CommitlogSync


class SetName(StrEnum):
    """What can be started."""

    KAFKA = "kafka"
    KAFKA3 = "kafka3"
    CASSANDRA = "cassandra"
    FLINK = "flink"
    SPARK = "spark"


ALL = tuple(SetName)
USUAL = (SetName.KAFKA, SetName.CASSANDRA)
_SETS_HELP = (
    "kafka: one broker; kafka3: a cluster of three; cassandra: one node; flink, spark: a cluster for jobs. Without:"
)

Sets = Annotated[list[SetName] | None, typer.Argument(metavar="[SETS]", help=f"{_SETS_HELP} all.")]
SetsToStart = Annotated[list[SetName] | None, typer.Argument(metavar="[SETS]", help=f"{_SETS_HELP} {' '.join(USUAL)}.")]
NodeName = Annotated[
    str, typer.Argument(metavar="NODE", help="As `stack status` names it, for example kafka3-2 or flink-taskmanager.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", file_okay=False, help="Folder of the servers' data and logs.")
]
Cache = Annotated[
    Path | None, typer.Option("--cache", metavar="DIR", file_okay=False, help="Folder of jars; else among your caches.")
]


def _port(flag: str, help_text: str) -> Any:
    return typer.Option(flag, metavar="PORT", min=1, max=65535, help=help_text, show_default=False)


KafkaPort = Annotated[int | None, _port("--kafka-port", "Else 9092.")]
Kafka3Port = Annotated[int | None, _port("--kafka3-port", "Of the first broker, the next ones 10 apart; else 19092.")]
CassandraPort = Annotated[int | None, _port("--cassandra-port", "For CQL; else 9042.")]
StoragePort = Annotated[int | None, _port("--storage-port", "Cassandra's own; else 7000.")]
KafkaMemory = Annotated[
    str | None, typer.Option("--kafka-memory", metavar="SIZE", help="Java heap of each broker; else 512m.")
]
CassandraMemory = Annotated[
    str | None, typer.Option("--cassandra-memory", metavar="SIZE", help="Java heap of the node; else 1g.")
]
Sync = Annotated[
    CommitlogSync | None,
    typer.Option(
        "--commitlog-sync",
        help="When Cassandra acknowledges a write: batch (else), group: once it is on the disk; periodic: before, "
        "so that a killed node loses its newest writes, which no other node has here.",
    ),
]
CassandraAuth = Annotated[
    bool | None,
    typer.Option("--cassandra-auth/--no-cassandra-auth", help="Clients log in; first as cassandra/cassandra."),
]
CassandraTls = Annotated[
    bool | None, typer.Option("--cassandra-tls/--no-cassandra-tls", help="Clients use TLS; a certificate is made.")
]
FlinkPort = Annotated[int | None, _port("--flink-port", "Of Flink's page; it has the next 8 as well; else 8081.")]
FlinkMemory = Annotated[
    str | None, typer.Option("--flink-memory", metavar="SIZE", help="For the state of batteries; else 512m.")
]
FlinkSlots = Annotated[
    int | None,
    typer.Option("--flink-slots", metavar="N", min=1, max=64, help="Tasks, and Python workers, at a time; else 2."),
]
SparkPort = Annotated[
    int | None,
    _port("--spark-port", "Of the master; page, workers and Beam's servers are at the next ones; else 7077."),
]
SparkMemory = Annotated[
    str | None, typer.Option("--spark-memory", metavar="SIZE", help="Java heap of each executor; else 768m.")
]
SparkWorkers = Annotated[
    int | None,
    typer.Option("--spark-workers", metavar="N", min=1, max=64, help="Each runs a task at a time; else 2."),
]
KafkaSasl = Annotated[
    bool | None,
    typer.Option(
        "--kafka-sasl/--no-kafka-sasl",
        help="kafka also takes logins, SCRAM-SHA-512 at its port + 2, of the user that the environment variables "
        f"{' and '.join(LOGIN_VARIABLES)} give.",
    ),
]
KafkaTls = Annotated[
    bool | None, typer.Option("--kafka-tls/--no-kafka-tls", help="kafka also takes TLS, at its port + 3.")
]

CHANGES: Mapping[str, tuple[str, Sequence[SetName]]] = {
    "--kafka-port": ("port", [SetName.KAFKA]),
    "--kafka3-port": ("port", [SetName.KAFKA3]),
    "--kafka-memory": ("memory", [SetName.KAFKA, SetName.KAFKA3]),
    "--kafka-sasl": ("sasl", [SetName.KAFKA]),
    "--kafka-tls": ("tls", [SetName.KAFKA]),
    "--cassandra-port": ("port", [SetName.CASSANDRA]),
    "--storage-port": ("storage_port", [SetName.CASSANDRA]),
    "--cassandra-memory": ("memory", [SetName.CASSANDRA]),
    "--commitlog-sync": ("commitlog_sync", [SetName.CASSANDRA]),
    "--cassandra-auth": ("auth", [SetName.CASSANDRA]),
    "--cassandra-tls": ("tls", [SetName.CASSANDRA]),
    "--flink-port": ("port", [SetName.FLINK]),
    "--flink-memory": ("memory", [SetName.FLINK]),
    "--flink-slots": ("slots", [SetName.FLINK]),
    "--spark-port": ("port", [SetName.SPARK]),
    "--spark-memory": ("memory", [SetName.SPARK]),
    "--spark-workers": ("workers", [SetName.SPARK]),
}
"""The field of the settings that a flag changes, and of which sets."""


def by_flag(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a command's arguments that change settings, by the names of their flags."""
    return {flag: values[flag.removeprefix("--").replace("-", "_")] for flag in CHANGES}


def changes_of(sets: Sequence[SetName], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is to be other than the last time, by set.

    Args:
        sets: What is started.
        given: Values by the names of their flags; `None` for a flag that was not given.

    Raises:
        CommandError: A flag is for a set that is not started.
    """
    changes: dict[str, dict[str, Any]] = {name: {} for name in sets}
    for flag, value in given.items():
        if value is None:
            continue
        field, concerned = CHANGES[flag]
        started = [name for name in concerned if name in sets]
        if not started:
            message = f"{flag} is for {' and '.join(concerned)}, which this command does not start; name it, too."
            raise CommandError(message)
        for name in started:
            changes[name][field] = value
    return changes
