"""``chargetracker show``: a table at the terminal; tab separated lines when it is piped on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.cli.flags import BatteryId, StoreUrl
from pipelines.cli.kept import TABLE_OF, Kept, Row, known, read
from pipelines.cli.verb import verb
from pipelines.storage import open_reader

SHOWN: dict[Kept, tuple[str, ...]] = {
    Kept.BATTERIES: (
        *("battery_id", "group", "cycle_number", "step_number", "direction", "current_ampere", "voltage_volt"),
        *("temperature_t1_celsius", "reading_count", "duplicate_count", "late_count", "last_arrival_unix_second"),
    ),
    Kept.CYCLES: (
        *("battery_id", "cycle_number", "cycle_count", "status", "charging_capacity_ah", "discharging_capacity_ah"),
        *("charging_energy_wh", "discharging_energy_wh", "coulombic_efficiency_percent", "energy_efficiency_percent"),
        *("voltage_min_volt", "voltage_max_volt", "reading_count"),
    ),
    Kept.STEPS: (
        *("battery_id", "step_number", "cycle_number", "direction", "status", "duration_second"),
        *("charging_capacity_ah", "discharging_capacity_ah", "current_mean_ampere"),
        *("voltage_first_volt", "voltage_last_volt", "reading_count"),
    ),
    Kept.TRACE: ("battery_id", "time_second", "current_ampere", "voltage_volt", "temperature_t1_celsius"),
    Kept.LATE: ("battery_id", "partition", "offset", "time_second", "current_ampere", "voltage_volt"),
    Kept.DEAD_LETTERS: ("arrival_unix_second", "reason", "detail", "partition", "offset", "payload"),
}
"""What fits a terminal; `export` gives all columns."""

SHOWN_PAYLOAD_CHARACTERS = 60

Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many rows, the last ones.")]


@verb
def show(
    what: Annotated[Kept, typer.Argument(help="Which table.")],
    store: StoreUrl,
    battery: BatteryId = None,
    limit: Limit = 1000,
) -> None:
    """Show the rows of a store; `export` gives all columns and digits."""
    reader = open_reader(store)
    try:
        rows = read(reader, what, battery)
    finally:
        reader.close()
    all_columns = list(TABLE_OF[what].columns())
    lines = [
        [cell(column, row[all_columns.index(column)]) for column in SHOWN[what]] for row in _last(what, rows, limit)
    ]
    print_lines(SHOWN[what], lines)


def print_lines(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A table at the terminal; tab separated lines when it is piped on."""
    console = Console()
    if console.is_terminal:
        console.print(_table(columns, lines))
    else:
        for line in (columns, *lines):
            typer.echo("\t".join(line))


def _last(what: Kept, rows: Sequence[Row], limit: int) -> Sequence[Row]:
    # Dead letters come with the newest first.
    return rows[:limit] if what is Kept.DEAD_LETTERS else rows[-limit:]


def cell(column: str, value: Any) -> str:
    """A value for people: five significant digits, times as UTC; empty when not known."""
    value = known(column, value)
    if value is None:
        return ""
    if column.endswith("_unix_second"):
        return datetime.fromtimestamp(value, UTC).isoformat(" ", "seconds").removesuffix("+00:00")
    if isinstance(value, bytes):
        return readable(value, SHOWN_PAYLOAD_CHARACTERS)
    if isinstance(value, float):
        return f"{value:.5g}"
    return printable(str(value))


def printable(text: str) -> str:
    """A text as one line, with everything that a terminal might take for a command written out."""
    line = " ".join(text.split())
    return line if line.isprintable() else ascii(line)[1:-1]


def readable(content: bytes, characters: int) -> str:
    """The beginning of a message, as `printable`."""
    return ascii(content[:characters])[2:-1]


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(header_style="bold", pad_edge=False, box=None)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for line in lines:
        table.add_row(*map(Text, line))  # a text in brackets is no mark-up
    return table
