"""Files of rows that are written piece by piece: a large store never is in memory as a whole."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.cli.sheet import Filled, SheetColumn

ROW_GROUP_ROWS = 64 * 1024

Write = Callable[[Filled], None]
OpenTable = Callable[[Path, Sequence[SheetColumn]], AbstractContextManager[Write]]

_ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bytes: pa.binary()}


@contextmanager
def csv_file(path: Path, columns: Sequence[SheetColumn]) -> Iterator[Write]:
    """Comma separated, a header line, UTF-8; numbers with all their digits, bytes as text where they are text."""
    texts = [column.kind is bytes for column in columns]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in columns)

        def write(filled: Filled) -> None:
            shown = [_as_text(values) if is_bytes else values for values, is_bytes in zip(filled, texts, strict=True)]
            writer.writerows(zip(*shown, strict=True))

        yield write


@contextmanager
def parquet_file(path: Path, columns: Sequence[SheetColumn]) -> Iterator[Write]:
    """Columns of int64, float64, string and binary, null where not known; units and meanings as their metadata."""
    schema = pa.schema([_field(column) for column in columns])
    waiting: Filled = [[] for _ in columns]
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write_out() -> None:
            arrays = [pa.array(values, field.type) for values, field in zip(waiting, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP_ROWS)
            for values in waiting:
                values.clear()

        def write(filled: Filled) -> None:
            for values, more in zip(waiting, filled, strict=True):
                values += more
            if len(waiting[0]) >= ROW_GROUP_ROWS:
                write_out()

        yield write
        if waiting[0]:
            write_out()


OPEN_TABLE: dict[str, OpenTable] = {".csv": csv_file, ".parquet": parquet_file}
"""By the ending of the file's name."""


def _as_text(values: list[bytes]) -> list[str]:
    return [value.decode("utf-8", "backslashreplace") for value in values]


def _field(column: SheetColumn) -> pa.Field:
    told = column.meaning._asdict()
    return pa.field(column.name, _ARROW[column.kind], metadata={name: text for name, text in told.items() if text})
