"""``chargetracker run``: readings in, rows out."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.flags import SECONDS_PER_HOUR, RefusedRetentionHours, StoreUrl, TraceRetentionHours
from pipelines.cli.quiet import no_warnings
from pipelines.cli.run_report import reporting
from pipelines.cli.start_time import start_from
from pipelines.cli.verb import CommandError, verb
from pipelines.options import RunSettings


class Runner(StrEnum):
    """What runs the graph."""

    LOCAL = "local"
    FLINK = "flink"
    SPARK = "spark"


SourceUrl = Annotated[
    str,
    typer.Option(
        "--source", metavar="URL", help="Where readings come from: log://DIR, file://PATH, kafka://HOST:PORT/TOPIC."
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
    beam_options: BeamOptions = None,
) -> None:
    """Analyse the readings of a source into a store.

    A file ends by itself; a live source goes on until Ctrl-C. Starting it again goes on where it was.
    """
    if runner is not Runner.LOCAL:
        message = f"--runner {runner}: not yet: this version runs the graph in this process only (--runner local)."
        raise CommandError(message)
    settings = RunSettings(
        source_url=source,
        store_url=store,
        once=once,
        start_from=start_from(begin),
        tick_second=tick_second,
        trace_retention_second=_seconds(trace_retention_hours),
        refused_retention_second=_seconds(refused_retention_hours),
        dead_letter_url=dead_letters,
        beam_options=tuple(beam_options or ()),
    )
    if dead_letters is not None:
        _check_topic(dead_letters, source)
    _run_here(settings)


def _check_topic(url: str, source: str) -> None:
    # Kafka's library takes a while to load.
    from pipelines.dead_letters.check import check_dead_letter_topic

    check_dead_letter_topic(url, source)


def _seconds(hours: float | None) -> float | None:
    return None if hours is None else hours * SECONDS_PER_HOUR


def _run_here(settings: RunSettings) -> None:
    # Beam takes a while to load: only for the verb that needs it.
    with no_warnings():
        from pipelines.runners.local import run_local
        from pipelines.transforms.commit_offsets import SupersededError

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        with reporting(settings) as on_status:
            run_local(settings, on_status)
    except SupersededError as error:
        raise CommandError(str(error)) from error
