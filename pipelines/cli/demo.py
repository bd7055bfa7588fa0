"""``chargetracker demo``: lab, pipeline and page in one terminal."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import typer

from pipelines.cli import flags
from pipelines.cli.child import Command, of_verb
from pipelines.cli.demo_places import DemoPlaces
from pipelines.cli.demo_status import looking_at
from pipelines.cli.folder_lock import only_one_in
from pipelines.cli.lab_flags import LabFlags, parse_speed
from pipelines.cli.page_port import LOOPBACK, answers, refuse_port_in_use
from pipelines.cli.status_display import status_display
from pipelines.cli.supervisor import Supervisor
from pipelines.cli.verb import DEBUG_FLAG, CommandError, verb
from pipelines.runners.stop import stop_on_signals

LOOK_EVERY_SECOND = 1.0
PAGE_WITHIN_SECOND = 120.0
MAY_FINISH = ("simulate",)


@verb
def demo(
    batteries: flags.Batteries = 100,
    cycles: flags.Cycles = 100,
    current_ma: flags.CurrentMilliampere = 1200.0,
    voltage_min_v: flags.VoltageMinVolt = 2.0,
    voltage_max_v: flags.VoltageMaxVolt = 4.5,
    seed: flags.Seed = 1,
    protocol: flags.Protocol = flags.ProtocolName.AGEING,
    speed: flags.Speed = "60",
    backlog_cycles: flags.BacklogCycles = 5,
    port: flags.Port = 5006,
    data: flags.DataDirectory = Path("data/demo"),
    log_retention_mb: flags.LogRetentionMegabyte = 2000.0,
    trace_retention_hours: flags.TraceRetentionHours = 24.0,
    refused_retention_hours: flags.RefusedRetentionHours = 168.0,
) -> None:
    """Lab, analysis and page in one terminal.

    Ctrl-C stops all of it; the same command again goes on where it was.
    """
    lab = LabFlags(batteries, cycles, current_ma, voltage_min_v, voltage_max_v, seed, protocol.value)
    # What cannot be is refused here, before anything is made.
    lab.make()
    parse_speed(speed)
    refuse_port_in_use(port)
    places = DemoPlaces(data.absolute())
    places.directory.mkdir(parents=True, exist_ok=True)
    with only_one_in(places.directory):
        places.make(lab)
        commands = [
            of_verb(
                *("simulate", "--to", places.source_url, *lab.words(), "--speed", speed),
                *("--backlog-cycles", str(backlog_cycles), "--log-retention-mb", str(log_retention_mb), DEBUG_FLAG),
            ),
            of_verb(
                *("run", "--source", places.source_url, "--store", places.store_url),
                *("--trace-retention-hours", str(trace_retention_hours)),
                *("--refused-retention-hours", str(refused_retention_hours), DEBUG_FLAG),
            ),
            of_verb("serve", "--store", places.store_url, "--port", str(port), DEBUG_FLAG),
        ]
        _supervise(commands, places, port)
    typer.echo(f"Stopped. The same command goes on where it was; its data is in {places.directory}.")


def _supervise(commands: list[Command], places: DemoPlaces, port: int) -> None:
    with (
        looking_at(places) as look,
        stop_on_signals() as stop,
        Supervisor(commands, places.messages) as supervisor,
    ):
        with status_display("Starting lab, pipeline and page"):
            _wait_for_page(port, supervisor, stop)
        if not stop.is_set():
            typer.echo(f"The page is at http://{LOOPBACK}:{port} (Ctrl-C stops all of it).")
        with status_display(f"Data in {places.directory}, what the three say in {places.messages}") as show:
            while not stop.wait(LOOK_EVERY_SECOND):
                supervisor.check(MAY_FINISH)
                show(look())


def _wait_for_page(port: int, supervisor: Supervisor, stop: Event) -> None:
    deadline = time.monotonic() + PAGE_WITHIN_SECOND
    while not stop.is_set() and not answers(port):
        supervisor.check(MAY_FINISH)
        if time.monotonic() > deadline:
            message = f"the page has not come up in {PAGE_WITHIN_SECOND:.0f} s; its messages are in the folder logs."
            raise CommandError(message)
        stop.wait(0.2)
