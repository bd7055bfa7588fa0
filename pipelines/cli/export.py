"""``chargetracker export``: a table as a file, with the rows' own field names as columns."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.bdf_sheet import BdfSheet
from pipelines.cli.flags import BatteryId, StoreUrl
from pipelines.cli.kept import Kept, read, whose
from pipelines.cli.output_file import refuse_existing, refuse_missing_folder
from pipelines.cli.sheet import Filled, Sheet, TableSheet
from pipelines.cli.status_display import status_display
from pipelines.cli.table_file import OPEN_TABLE, OpenTable
from pipelines.cli.verb import CommandError, verb
from pipelines.storage import StoreReader, open_reader
from pipelines.whole_file import whole_file


class ExportFormat(StrEnum):
    """Which names the columns have."""

    TABLE = "table"
    BDF = "bdf"
    BDF_NAMES = "bdf-names"


Output = Annotated[Path, typer.Option("--output", metavar="FILE", dir_okay=False, help="FILE.csv or FILE.parquet.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file when it is there.")]
Format = Annotated[
    ExportFormat,
    typer.Option(
        "--format",
        help="table: our own columns. Of the trace of one battery: bdf: labels of the Battery Data Format, as "
        "'Voltage / V'; bdf-names: its machine names, as voltage_volt.",
    ),
]


@verb
def export(
    what: Annotated[Kept, typer.Argument(help="Which table.")],
    store: StoreUrl,
    output: Output,
    battery: BatteryId = None,
    form: Format = ExportFormat.TABLE,
    force: Force = False,
) -> None:
    """Write a table to a file; what is not known is left empty. `columns` says what the columns mean."""
    open_table = _open_table(output, force=force)
    _refuse_no_bdf(what, battery, form)
    reader = open_reader(store)
    try:
        sheet = _sheet(reader, what, battery, form)
        with (
            whole_file(output) as unfinished,
            open_table(unfinished, sheet.columns) as write,
            status_display(f"{store} -> {output}") as show,
        ):
            count = 0
            for filled in _pieces(reader, what, battery, sheet):
                write(filled)
                count += len(filled[0])
                show(f"{count:,} {what}")
    finally:
        reader.close()
    typer.echo(f"{output}: {count} {what.value}.", err=True)


def _open_table(output: Path, *, force: bool) -> OpenTable:
    if output.suffix not in OPEN_TABLE:
        message = f"--output {output}: the name must end in {' or '.join(OPEN_TABLE)}."
        raise CommandError(message)
    refuse_missing_folder("--output", output)
    if not force:
        refuse_existing("--output", output)
    return OPEN_TABLE[output.suffix]


def _refuse_no_bdf(what: Kept, battery: str | None, form: ExportFormat) -> None:
    if form is ExportFormat.TABLE:
        return
    if what is not Kept.TRACE:
        message = f"--format {form}: only the trace has that form; leave it out for {what}."
        raise CommandError(message)
    if battery is None:
        message = f"--format {form}: such a file holds one battery; name it with --battery ID."
        raise CommandError(message)


def _sheet(reader: StoreReader, what: Kept, battery: str | None, form: ExportFormat) -> Sheet:
    if form is not ExportFormat.TABLE:
        return BdfSheet(labels=form is ExportFormat.BDF)
    return TableSheet(what, reader.late(battery) if what in (Kept.CYCLES, Kept.STEPS) else ())


def _pieces(reader: StoreReader, what: Kept, battery: str | None, sheet: Sheet) -> Iterator[Filled]:
    """The table battery by battery: a large one never is in memory as a whole."""
    for each in whose(reader, what, battery):
        yield sheet.fill(read(reader, what, each))
