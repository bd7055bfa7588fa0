"""Neware's .nda and .ndax as a table, through the library fastnda."""

from __future__ import annotations

import importlib
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Column, Override, recognise_columns
from pipelines.sources.file.content import sha256_of
from pipelines.sources.file.parquet_table import ROWS_A_PIECE, arrow_piece, rows_within
from pipelines.sources.file.table import Piece

NDA_BEGINS = b"NEWARE"
ZIP_BEGINS = b"PK\x03\x04"


class NewareBinaryTable:
    """The rows of such a file, whole in memory: its records are in no order that could be read in pieces."""

    context = False

    def __init__(self, path: Path, ending: str, make: str | None, overrides: Sequence[Override]) -> None:
        """Read it.

        Args:
            path: Of the file, whatever its name.
            ending: ".nda" or ".ndax", by its content.
            make: As in ``?make=``.
            overrides: As in ``?map=``.

        Raises:
            SourceError: The library is not installed, or cannot read it.
        """
        self.sha256 = sha256_of(path)
        table = _read(path, ending)
        self.fields = table.column_names
        self.export, self.columns = recognise_columns(self.fields, make, overrides)
        self.row_count = table.num_rows
        self._table = table

    def pieces(self, first: int, max_bytes: int, columns: Sequence[Column], stop: int | None = None) -> Iterator[Piece]:
        """See `Table`."""
        last = self.row_count if stop is None else min(stop, self.row_count)
        last = min(last, first + rows_within(max_bytes, columns))
        while first < last:
            batch = self._table.slice(first, min(ROWS_A_PIECE, last - first)).combine_chunks().to_batches()[0]
            yield arrow_piece(first, batch, columns, self.fields)
            first += batch.num_rows

    def close(self) -> None:
        """See `Table`."""


def is_ndax(path: Path) -> bool:
    """Whether a zip file is one of Neware's, by what is in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(".ndc") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _read(path: Path, ending: str) -> pa.Table:
    fastnda = _library()
    with tempfile.TemporaryDirectory() as directory:
        named = path
        if path.suffix.lower() != ending:  # the library goes by the name
            named = Path(directory) / f"export{ending}"
            named.symlink_to(path.resolve())
        try:
            return fastnda.read(named, cycle_mode="raw").to_arrow()
        except Exception as error:
            raise SourceError(
                f"fastnda cannot read this {ending} file ({type(error).__name__}): export it from BTSDA as CSV."
            ) from error


def _library() -> Any:
    try:
        return importlib.import_module("fastnda")  # an extra, and slow to load
    except ImportError:
        raise SourceError(
            "Neware .nda and .ndax files need the library fastnda: "
            "pip install 'chargetracker[neware]', or export the file from BTSDA as CSV."
        ) from None
