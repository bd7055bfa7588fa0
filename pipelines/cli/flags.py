"""Flags that several verbs have, with one spelling and one help text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

SECONDS_PER_HOUR = 3600.0

StoreUrl = Annotated[
    str,
    typer.Option("--store", metavar="URL", help="Where rows are kept: sqlite:///FILE, cassandra://HOST:PORT/KEYSPACE."),
]
StoreUrlArgument = Annotated[
    str, typer.Argument(metavar="URL", help="The store: sqlite:///FILE or cassandra://HOST:PORT/KEYSPACE.")
]
BatteryId = Annotated[str | None, typer.Option("--battery", metavar="ID", help="Only of this battery.")]
Port = Annotated[
    int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port of the page on this machine.")
]
Batteries = Annotated[int, typer.Option("--batteries", metavar="N", min=1, max=100_000, help="Batteries in the lab.")]
Cycles = Annotated[int, typer.Option("--cycles", metavar="N", min=1, max=100_000, help="Cycles of each battery.")]
CurrentMilliampere = Annotated[
    float, typer.Option("--current-ma", metavar="MA", min=1.0, max=1.0e6, help="Test current [mA].")
]
VoltageMinVolt = Annotated[float, typer.Option("--voltage-min-v", metavar="V", help="End of discharge [V].")]
VoltageMaxVolt = Annotated[float, typer.Option("--voltage-max-v", metavar="V", help="End of charge [V].")]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", help="The same seed makes the same lab, reading for reading.")
]


class ProtocolName(StrEnum):
    """What the cyclers of a lab do."""

    AGEING = "ageing"
    LIFE = "life"


Protocol = Annotated[
    ProtocolName,
    typer.Option("--protocol", help="ageing: CC-CV cycles; life: formation first, and check-ups with pulses between."),
]
Speed = Annotated[
    str, typer.Option("--speed", metavar="N|max", help="Seconds of test in a second; max: as fast as it can.")
]
BacklogCycles = Annotated[
    int, typer.Option("--backlog-cycles", metavar="N", min=0, help="Finished cycles of each battery to begin with.")
]
LogRetentionMegabyte = Annotated[
    float | None,
    typer.Option(
        "--log-retention-mb", metavar="MB", min=1.0, help="Readings log above this size loses its oldest part [MB]."
    ),
]
TraceRetentionHours = Annotated[
    float | None,
    typer.Option(
        "--trace-retention-hours",
        metavar="HOURS",
        min=0.01,
        help="The thinned curves are kept this long, by each battery's own time; without it, for ever.",
    ),
]
RefusedRetentionHours = Annotated[
    float | None,
    typer.Option(
        "--refused-retention-hours",
        metavar="HOURS",
        min=0.01,
        help="Dead letters and late readings are kept this long; without it, for ever.",
    ),
]
DataDirectory = Annotated[
    Path, typer.Option("--data", metavar="DIR", file_okay=False, help="Folder of log, store and messages.")
]
