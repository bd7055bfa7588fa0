"""A Parquet file as a table, read by batches; and any other table of Arrow columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Column, Override, recognise_columns
from pipelines.sources.file.content import sha256_of
from pipelines.sources.file.table import Piece, Raw
from schemas.reading import MAX_BATCH_BYTES

PARQUET_BEGINS = b"PAR1"

_ROWS_A_PIECE = 20_000
_BYTES_A_VALUE = 8


class ParquetTable:
    """The rows of a Parquet file; see `Table`."""

    context = False

    def __init__(self, path: Path, make: str | None, overrides: Sequence[Override]) -> None:
        """Find out what it is.

        Raises:
            SourceError: It is no export that can be read, or no whole Parquet file.
        """
        self._path = path
        self.sha256 = sha256_of(path)
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError):
            raise SourceError("this Parquet file is damaged or not written to its end: copy it again.") from None
        self.fields = self._file.schema_arrow.names
        self.export, self.columns = recognise_columns(self.fields, make, overrides)
        _check_types(self._file.schema_arrow, self.columns)
        self.row_count = self._file.metadata.num_rows
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._next_row = -1

    def pieces(self, first: int, max_bytes: int, columns: Sequence[Column], stop: int | None = None) -> Iterator[Piece]:
        """See `Table`."""
        last = self.row_count if stop is None else min(stop, self.row_count)
        most = max(max_bytes // (_BYTES_A_VALUE * len(columns)), 1)
        for batch in self._from(first, min(first + most, last), columns):
            yield arrow_piece(first, batch, columns, self.fields)
            first += batch.num_rows

    def close(self) -> None:
        """See `Table`."""
        self._file.close()

    def _from(self, first: int, last: int, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
        """Batches of the rows from ``first`` to before ``last``."""
        names = [self.fields[column.field] for column in columns]
        begin = 0
        for group in range(self._file.metadata.num_row_groups):
            end = begin + self._file.metadata.row_group(group).num_rows
            if end > first and begin < last:
                yield from self._within(group, range(max(first - begin, 0), min(last, end) - begin), names)
            begin = end

    def _within(self, group: int, wanted: range, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        begin = 0
        for batch in self._file.iter_batches(_ROWS_A_PIECE, row_groups=[group], columns=list(names)):
            start, stop = max(wanted.start - begin, 0), min(wanted.stop - begin, batch.num_rows)
            if start < stop:
                yield batch.slice(start, stop - start)
            begin += batch.num_rows
            if begin >= wanted.stop:
                return


def _check_types(schema: pa.Schema, columns: Sequence[Column]) -> None:
    for column in columns:
        kind = schema.field(column.field).type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise SourceError(
                f"its column {schema.names[column.field]!r} holds values of the type {kind}: write numbers, times or "
                "texts into it."
            )


def arrow_piece(first: int, batch: pa.RecordBatch, columns: Sequence[Column], fields: Sequence[str]) -> Piece:
    """A piece of a table of Arrow columns.

    Args:
        first: Number of the batch's first row.
        batch: Has the columns, by their names.
        columns: Those wanted.
        fields: Names of all columns.
    """

    def raw(place: int) -> Raw:
        content = json.dumps(batch.slice(place, 1).to_pylist()[0], default=str, ensure_ascii=False).encode()
        return Raw(content[:MAX_BATCH_BYTES], len(content))

    rows = np.arange(first, first + batch.num_rows)
    cells = [batch.column(fields[column.field]) for column in columns]
    return Piece(rows, cells, np.zeros(batch.num_rows, np.bool_), first + batch.num_rows, raw)
