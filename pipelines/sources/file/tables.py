"""The table that a file is, whatever its form: text, Parquet, Neware's binary files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Override
from pipelines.sources.file.content import head_of
from pipelines.sources.file.neware_binary import NDA_BEGINS, ZIP_BEGINS, NewareBinaryTable, is_ndax
from pipelines.sources.file.parquet_table import PARQUET_BEGINS, ParquetTable
from pipelines.sources.file.table import Table
from pipelines.sources.file.text_file import TextFile
from pipelines.sources.file.text_table import TextTable

_PACKED_BEGINS = (ZIP_BEGINS, b"\xd0\xcf\x11\xe0")
"""Of workbooks, the new and the old ones; Neware's newer files are of the first form as well."""
_HEAD_BYTES = 8


def is_packed(head: bytes) -> bool:
    """Whether a file that begins so is no text: Parquet, one of Neware's binary files, a workbook."""
    return head.startswith((PARQUET_BEGINS, NDA_BEGINS, *_PACKED_BEGINS))


def open_table(path: Path, make: str | None = None, overrides: Sequence[Override] = ()) -> Table:
    """The file at ``path``, recognised by its content.

    Raises:
        SourceError: It cannot be read; names the file and says what to do.
    """
    try:
        head = head_of(path, _HEAD_BYTES)
    except OSError as error:
        raise SourceError(f"cannot read {path} ({error.strerror}): correct the path.") from None
    try:
        return _table(path, head, make, overrides)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None


def _table(path: Path, head: bytes, make: str | None, overrides: Sequence[Override]) -> Table:
    if head.startswith(PARQUET_BEGINS):
        return ParquetTable(path, make, overrides)
    if head.startswith(NDA_BEGINS):
        return NewareBinaryTable(path, ".nda", make, overrides)
    if head.startswith(_PACKED_BEGINS):
        if is_ndax(path):
            return NewareBinaryTable(path, ".ndax", make, overrides)
        raise SourceError("this is a workbook or another packed file: save the sheet with the readings as CSV.")
    text = TextFile(path)
    try:
        return TextTable(text, make, overrides)
    except SourceError:
        text.close()
        raise
