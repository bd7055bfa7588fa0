"""``chargetracker simulate``: a lab that writes its readings, and their exact answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli import flags
from pipelines.cli.lab_flags import LabFlags, parse_faults, parse_speed
from pipelines.cli.output_file import refuse_missing_folder
from pipelines.cli.publisher import OpenPublisher, open_publisher
from pipelines.cli.status_display import status_display
from pipelines.cli.verb import CommandError, verb
from pipelines.runners.stop import stop_on_signals

if TYPE_CHECKING:
    from simulator import Lab, Progress


class MessageFormat(StrEnum):
    """How readings are written."""

    JSON = "json"
    COLUMNS = "columns"
    ARROW = "arrow"


To = Annotated[
    str, typer.Option("--to", metavar="URL", help="Where readings go: log://DIR or kafka://HOST:PORT/TOPIC.")
]
FaultText = Annotated[
    str, typer.Option("--faults", metavar="NAME=SHARE,...", help="What goes wrong, as late=0.01,repeated=0.01.")
]
Truth = Annotated[
    Path | None,
    typer.Option("--truth", metavar="FILE", dir_okay=False, help="Write the exact cycles: columns of export cycles."),
]
Format = Annotated[MessageFormat, typer.Option("--message-format", help="One reading a message, or batches.")]


@verb
def simulate(
    to: To,
    batteries: flags.Batteries = 100,
    cycles: flags.Cycles = 100,
    current_ma: flags.CurrentMilliampere = 1200.0,
    voltage_min_v: flags.VoltageMinVolt = 2.0,
    voltage_max_v: flags.VoltageMaxVolt = 4.5,
    seed: flags.Seed = 1,
    protocol: flags.Protocol = flags.ProtocolName.AGEING,
    speed: flags.Speed = "60",
    backlog_cycles: flags.BacklogCycles = 0,
    faults: FaultText = "",
    message_format: Format = MessageFormat.COLUMNS,
    truth: Truth = None,
    log_retention_mb: flags.LogRetentionMegabyte = None,
) -> None:
    """Play a lab of batteries into a readings log or a Kafka topic.

    It ends when all cycles are done. A lab that was played before goes on where it was.
    """
    from simulator import Faults, write_truth

    if truth is not None:
        refuse_missing_folder("--truth", truth)
    rates, factor = parse_faults(faults), parse_speed(speed)
    lab = LabFlags(batteries, cycles, current_ma, voltage_min_v, voltage_max_v, seed, protocol.value).make()
    disturber = None if rates is None else Faults(rates, seed)
    with open_publisher(to, log_retention_mb) as publisher:
        progress = _played(
            lab,
            publisher,
            f"{batteries} batteries -> {to}",
            speed=factor,
            message_format=message_format.value,
            backlog_cycles=backlog_cycles,
            faults=disturber,
        )
    if truth is not None:
        write_truth(truth, lab, progress.start_unix_second)
    typer.echo(f"{line(progress)}; {publisher.acknowledged:,} messages acknowledged", err=True)


def _played(lab: Lab, publisher: OpenPublisher, title: str, **wishes: Any) -> Progress:
    from simulator import OtherLabError, play

    with stop_on_signals() as stop, status_display(title) as show:
        try:
            return play(
                lab, publisher, sleep=stop.wait, stop=stop.is_set, progress=lambda now: show(line(now)), **wishes
            )
        except OtherLabError as error:
            raise CommandError(f"{title}: {error}") from error


def line(progress: Progress) -> str:
    """How far the lab is, for people."""
    where = "done" if progress.done else "live" if progress.live else "backlog"
    hours = progress.lab_second / 3600.0
    return f"{where}: {progress.total_readings:,} readings, {progress.cycles:,} cycles, {hours:,.1f} h of test"
