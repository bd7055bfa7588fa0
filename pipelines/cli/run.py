"""``chargetracker run``: readings in, rows out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.flags import SECONDS_PER_HOUR, RefusedRetentionHours, StoreUrl, TraceRetentionHours
from pipelines.cli.quiet import no_warnings
from pipelines.cli.run_report import reporting
from pipelines.cli.start_time import start_from
from pipelines.cli.verb import CommandError, verb
from pipelines.options import DEFAULT_STACK, ClusterSettings, RunSettings
from pipelines.servers import ServerError
from pipelines.sources.cyclers import url_with_overrides

if TYPE_CHECKING:  # it would load Beam
    from pipelines.runners.watcher import StatusCallback


class Runner(StrEnum):
    """What runs the graph."""

    LOCAL = "local"
    FLINK = "flink"
    SPARK = "spark"


SourceUrl = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="URL",
        help="Where readings come from: log://DIR, file://PATH, folder://PATH, kafka://HOST:PORT/TOPIC.",
    ),
]
From = Annotated[
    str,
    typer.Option("--from", metavar="WHEN", help="committed (go on), earliest, or a time in UTC as 2026-11-24T13:00."),
]
DeadLetterUrl = Annotated[
    str | None,
    typer.Option("--dead-letters", metavar="URL", help="Refused messages go here whole, too: kafka://HOST:PORT/TOPIC."),
]
Make = Annotated[
    str | None,
    typer.Option("--make", metavar="NAME", help="Make of the cycler whose file it is; else its content tells."),
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="COLUMN=NAME:UNIT", help="What a column of the file is: I=current_ampere:mA. Can be repeated."
    ),
]
FlinkMaster = Annotated[
    str | None,
    typer.Option("--flink-master", metavar="HOST:PORT", help="REST address of an existing Flink; else the stack's."),
]
SparkMaster = Annotated[
    str | None,
    typer.Option("--spark-master", metavar="URL", help="spark://HOST:PORT of an existing Spark; else the stack's."),
]
Environment = Annotated[
    str | None,
    typer.Option(
        "--environment",
        metavar="PLACE",
        help="Where Python runs on an existing cluster: docker:IMAGE or external:HOST:PORT.",
    ),
]
StackFolder = Annotated[
    Path,
    typer.Option("--stack", metavar="DIR", file_okay=False, help="Folder of the servers of `chargetracker stack`."),
]
BeamOptions = Annotated[list[str] | None, typer.Argument(metavar="[-- BEAM OPTIONS]", help="Flags for Beam.")]


@verb
def run(
    source: SourceUrl,
    store: StoreUrl,
    runner: Annotated[Runner, typer.Option("--runner", help="What runs the graph.")] = Runner.LOCAL,
    once: Annotated[bool, typer.Option("--once", help="Read what is there now, then end.")] = False,
    begin: From = "committed",
    tick_second: Annotated[
        float, typer.Option("--tick-second", metavar="S", help="How often a live source is looked at [s].")
    ] = 0.1,
    trace_retention_hours: TraceRetentionHours = None,
    refused_retention_hours: RefusedRetentionHours = None,
    dead_letters: DeadLetterUrl = None,
    make: Make = None,
    maps: Maps = None,
    flink_master: FlinkMaster = None,
    spark_master: SparkMaster = None,
    environment: Environment = None,
    stack: StackFolder = DEFAULT_STACK,
    beam_options: BeamOptions = None,
) -> None:
    """Analyse the readings of a source into a store.

    A file ends by itself; a live source goes on until Ctrl-C. Starting it again goes on where it was.
    """
    settings = RunSettings(
        source_url=_with_overrides(source, make, maps or ()),
        store_url=store,
        once=once,
        start_from=start_from(begin),
        tick_second=tick_second,
        trace_retention_second=_seconds(trace_retention_hours),
        refused_retention_second=_seconds(refused_retention_hours),
        dead_letter_url=dead_letters,
        beam_options=tuple(beam_options or ()),
        cluster=ClusterSettings(stack, _master(runner, flink_master, spark_master), environment),
    )
    if dead_letters is not None:
        _check_topic(dead_letters, source)
    _run(runner, settings)


def _with_overrides(source: str, make: str | None, maps: Sequence[str]) -> str:
    if make is None and not maps:
        return source
    if not source.startswith(("file://", "folder://")):
        message = f"--{'make' if make else 'map'}: that is for file:// and folder://; the source is {source}."
        raise CommandError(message)
    return url_with_overrides(source, make, maps)


def _master(runner: Runner, flink_master: str | None, spark_master: str | None) -> str | None:
    masters = {Runner.FLINK: flink_master, Runner.SPARK: spark_master}
    for other, master in masters.items():
        if master is not None and other is not runner:
            message = f"--{other}-master {master}: that is for --runner {other}; this is --runner {runner}."
            raise CommandError(message)
    return masters.get(runner)


def _check_topic(url: str, source: str) -> None:
    # Kafka's library takes a while to load.
    from pipelines.dead_letters.check import check_dead_letter_topic

    check_dead_letter_topic(url, source)


def _seconds(hours: float | None) -> float | None:
    return None if hours is None else hours * SECONDS_PER_HOUR


def _run(runner: Runner, settings: RunSettings) -> None:
    # Beam takes a while to load: only for the verb that needs it.
    with no_warnings():
        from pipelines.runners.portable import JobError
        from pipelines.transforms.commit_offsets import SupersededError

        run_graph = _runner(runner)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        with reporting(settings) as on_status:
            run_graph(settings, on_status)
    except (SupersededError, JobError) as error:
        raise CommandError(str(error)) from error
    except ServerError as error:
        raise CommandError(str(error), error.evidence) from error


def _runner(runner: Runner) -> Callable[[RunSettings, StatusCallback], None]:
    module, function = {
        Runner.LOCAL: ("pipelines.runners.local", "run_local"),
        Runner.FLINK: ("pipelines.runners.flink", "run_flink"),
        Runner.SPARK: ("pipelines.runners.spark", "run_spark"),
    }[runner]
    found: Callable[[RunSettings, StatusCallback], None] = getattr(import_module(module), function)
    return found
