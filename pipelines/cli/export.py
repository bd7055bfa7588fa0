"""``chargetracker export``: a table as a file, with the rows' own field names as columns."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from pipelines.cli.flags import BatteryId, StoreUrl
from pipelines.cli.kept import TABLE_OF, Kept, Row, known, read
from pipelines.cli.output_file import refuse_missing_folder
from pipelines.cli.verb import CommandError, verb
from pipelines.storage import open_reader
from pipelines.storage.late import late_counts
from schemas import LateReading

Columns = dict[str, list[Any]]
Types = Mapping[str, type]

LATE_COUNT = "late_count"
"""Behind the columns of cycles and steps: counted when read, because late readings change no row."""

Output = Annotated[Path, typer.Option("--output", metavar="FILE", dir_okay=False, help="FILE.csv or FILE.parquet.")]


@verb
def export(
    what: Annotated[Kept, typer.Argument(help="Which table.")],
    store: StoreUrl,
    output: Output,
    battery: BatteryId = None,
) -> None:
    """Write a table to a file; what is not known is left empty."""
    write = _writer(output)
    types = dict(TABLE_OF[what].columns())
    reader = open_reader(store)
    try:
        rows = read(reader, what, battery)
        columns = as_columns(types, rows)
        if what in (Kept.CYCLES, Kept.STEPS):
            types[LATE_COUNT] = int
            columns[LATE_COUNT] = _late_column(rows, reader.late(battery))
    finally:
        reader.close()
    write(output, columns, types)
    typer.echo(f"{output}: {len(rows)} {what.value}.", err=True)


def _late_column(rows: Sequence[Row], late: Sequence[LateReading]) -> list[int]:
    counts = late_counts(rows, late)  # type: ignore[arg-type]  # which rows they are is known from the table's name
    return [counts[row[0], row[1]] for row in rows]


def as_columns(names: Types, rows: Sequence[Row]) -> Columns:
    """Rows as columns, `None` where not known."""
    values = zip(*rows, strict=True) if rows else [()] * len(names)
    return {name: [known(name, value) for value in column] for name, column in zip(names, values, strict=True)}


def _writer(output: Path) -> Callable[[Path, Columns, Types], None]:
    writers = {".csv": write_csv, ".parquet": write_parquet}
    if output.suffix not in writers:
        message = f"--output {output}: the name must end in {' or '.join(writers)}."
        raise CommandError(message)
    refuse_missing_folder("--output", output)
    return writers[output.suffix]


def write_csv(output: Path, columns: Columns, types: Types) -> None:
    """Comma separated, a header line, UTF-8; numbers with all their digits, bytes as text where they are text."""
    texts = [_as_text(column) if types[name] is bytes else column for name, column in columns.items()]
    with output.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*texts, strict=True))


def _as_text(values: list[bytes]) -> list[str]:
    return [value.decode("utf-8", "backslashreplace") for value in values]


def write_parquet(output: Path, columns: Columns, types: Types) -> None:
    """Columns of int64, float64, string and binary; null where not known."""
    arrow = {str: pa.string(), int: pa.int64(), float: pa.float64(), bytes: pa.binary()}
    arrays = [pa.array(values, arrow[types[name]]) for name, values in columns.items()]
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), output)
