"""``chargetracker stack up|status|down|wipe|kill``: real Kafka, Cassandra, Flink and Spark on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from pipelines.cli import stack_flags as flags
from pipelines.cli.show import print_lines
from pipelines.cli.stack_display import STATUS_COLUMNS, StackDisplay, status_line
from pipelines.cli.stack_flags import ALL, USUAL, changes_of
from pipelines.cli.verb import CommandError, verb
from pipelines.servers import LOGIN_VARIABLES, Login, ServerError, Stack, default_cache, kill

DATA = Path("data/stack")

app = typer.Typer(
    help="Real Kafka, Cassandra, Flink and Spark on this machine, for this machine only.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
@verb
def up(
    sets: flags.SetsToStart = None,
    data: flags.Data = DATA,
    cache: flags.Cache = None,
    kafka_port: flags.KafkaPort = None,
    kafka3_port: flags.Kafka3Port = None,
    kafka_memory: flags.KafkaMemory = None,
    kafka_sasl: flags.KafkaSasl = None,
    kafka_tls: flags.KafkaTls = None,
    cassandra_port: flags.CassandraPort = None,
    storage_port: flags.StoragePort = None,
    cassandra_memory: flags.CassandraMemory = None,
    commitlog_sync: flags.Sync = None,
    cassandra_auth: flags.CassandraAuth = None,
    cassandra_tls: flags.CassandraTls = None,
    flink_port: flags.FlinkPort = None,
    flink_memory: flags.FlinkMemory = None,
    flink_slots: flags.FlinkSlots = None,
    spark_port: flags.SparkPort = None,
    spark_memory: flags.SparkMemory = None,
    spark_workers: flags.SparkWorkers = None,
) -> None:
    """Start servers; returns when they answer.

    Needs Java 17. The folder keeps the settings: without flags, the next start is as this one.
    """
    given = flags.by_flag(locals())
    with _stack(data, cache) as stack:
        stack.up(changes_of(sets or USUAL, given))


@app.command()
@verb
def status(sets: flags.Sets = None, data: flags.Data = DATA) -> None:
    """How servers are: down, starting, ready, or silent, which is up and not answering."""
    with _stack(data) as stack:
        lines = [status_line(node) for node in stack.status(sets or ALL)]
    print_lines(STATUS_COLUMNS, lines)


@app.command()
@verb
def down(sets: flags.Sets = None, data: flags.Data = DATA) -> None:
    """Stop servers; their data stay."""
    with _stack(data) as stack:
        stack.down(sets or ALL)


@app.command()
@verb
def wipe(sets: flags.Sets = None, data: flags.Data = DATA, yes: flags.Yes = False) -> None:
    """Stop servers, and throw away their data and settings."""
    sets = sets or list(ALL)
    if not yes:
        typer.confirm(f"Throw away all that {', '.join(sets)} hold in {data}?", abort=True)
    with _stack(data) as stack:
        stack.wipe(sets)
    typer.echo(f"{', '.join(sets)}: no data in {data}.")


@app.command("kill")
@verb
def kill_node(node: flags.NodeName, data: flags.Data = DATA) -> None:
    """End one node at once, as a crash would; its data stay."""
    with _stack(data) as stack:
        if not kill(stack.node(node)):
            message = f"{node} is down already."
            raise CommandError(message)
    again = f"chargetracker stack up {node.split('-')[0]}"
    typer.echo(f"{node}: killed. To bring it back: {again if data == DATA else f'{again} --data {data}'}")


@contextmanager
def _stack(data: Path, cache: Path | None = None) -> Iterator[Stack]:
    with StackDisplay() as display:
        try:
            yield Stack(data, cache or default_cache(), _login(), display)
        except ServerError as error:
            raise CommandError(str(error), error.evidence) from error


def _login() -> Login | None:
    user, password = map(os.environ.get, LOGIN_VARIABLES)
    return Login(user, password) if user and password else None
