"""A Parquet file as a table, read by batches; and any other table of Arrow columns."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
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

ROWS_A_PIECE = 20_000
_BYTES_A_VALUE = 8


class _RowStream:
    """Batches from which less than one can be taken, so that nothing is decoded twice."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._rest: pa.RecordBatch | None = None

    def take(self, most: int) -> pa.RecordBatch:
        """The next rows, ``most`` of them or fewer."""
        batch = self._rest if self._rest is not None else next(self._batches)
        self._rest = batch.slice(most) if batch.num_rows > most else None
        return batch.slice(0, most)


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
        self._stream = _RowStream(iter(()))
        self._goes_on: tuple[int, Sequence[Column]] = (-1, ())  # where the stream is

    def pieces(self, first: int, max_bytes: int, columns: Sequence[Column], stop: int | None = None) -> Iterator[Piece]:
        """See `Table`."""
        last = self.row_count if stop is None else min(stop, self.row_count)
        last = min(last, first + rows_within(max_bytes, columns))
        if self._goes_on != (first, columns):
            self._stream = _RowStream(self._from(first, columns))
        while first < last:
            piece = arrow_piece(first, self._stream.take(last - first), columns, self.fields)
            first = piece.next_row
            self._goes_on = first, columns
            yield piece

    def close(self) -> None:
        """See `Table`."""
        self._file.close()

    def _from(self, first: int, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
        """Batches of the rows from ``first`` on."""
        sizes = [self._file.metadata.row_group(group).num_rows for group in range(self._file.num_row_groups)]
        ends = list(accumulate(sizes))
        group = bisect_right(ends, first)
        begin = ends[group] - sizes[group]
        names = [self.fields[column.field] for column in columns]
        for batch in self._file.iter_batches(ROWS_A_PIECE, row_groups=list(range(group, len(ends))), columns=names):
            if begin + batch.num_rows > first:
                yield batch.slice(max(first - begin, 0))
            begin += batch.num_rows


def rows_within(max_bytes: int, columns: Sequence[Column]) -> int:
    """How many rows of so many columns are about so many bytes: one at least."""
    return max(max_bytes // (_BYTES_A_VALUE * len(columns)), 1)


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
