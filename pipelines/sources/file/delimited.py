"""Lines to columns of texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from pipelines.sources.cyclers.numbers import NOT_KNOWN, Flags

_QUOTE = b'"'
_INNER = "\x1f"


class LineSplitter:
    """Splits lines at a separator and keeps some of the fields."""

    def __init__(self, separator: str, width: int, encoding: str, *, ragged: bool = False) -> None:
        """Say how lines look.

        Args:
            separator: Between two fields, one character of ASCII.
            width: How many fields there are; more are taken when they are empty.
            encoding: Of the lines.
            ragged: Lines may have fewer fields.
        """
        self._separator = separator
        self._width = width
        self._encoding = encoding
        self._ragged = ragged

    def split(self, lines: Sequence[bytes], fields: Sequence[int]) -> tuple[list[pa.Array], Flags]:
        """Columns of texts, null where nothing is known, shape (n,) each, and which lines are of another width.

        Args:
            lines: Without their ends, none of them blank, one or more.
            fields: Places of the columns wanted.
        """
        whole = b"\n".join(lines)
        if any(sign in whole for sign in (b"\0", b"\r")):  # signs that end a line for the parser
            lines = [line.translate(None, b"\0\r") for line in lines]
        separator = self._separator
        if _QUOTE in whole:
            lines, separator = [self._unquoted(line) for line in lines], _INNER
        lines, fitting = self._fitted(lines, separator.encode())
        return self._read(b"\n".join(lines), fields, separator), ~fitting

    def _fitted(self, lines: Sequence[bytes], separator: bytes) -> tuple[Sequence[bytes], Flags]:
        """Lines of the right number of fields, blank ones for those that have another; and which fit."""
        fitting = _separators(b"\n".join(lines), separator) == self._width - 1
        if fitting.all():
            return lines, fitting
        cut = [line if fits else self._cut(line, separator) for line, fits in zip(lines, fitting.tolist(), strict=True)]
        blank = separator * (self._width - 1)
        return [blank if line is None else line for line in cut], np.array([line is not None for line in cut])

    def _cut(self, line: bytes, separator: bytes) -> bytes | None:
        """The line with as many fields as there should be; `None` when it has too many or too few."""
        if line.endswith(separator) and line.count(separator) == self._width:  # as every line of some makes
            return line[: -len(separator)]
        fields = line.split(separator)
        extra = fields[self._width :]
        if len(fields) < self._width:
            return line + separator * (self._width - len(fields)) if self._ragged else None
        if any(field.strip() for field in extra):
            return None
        return separator.join(fields[: self._width])

    def _unquoted(self, line: bytes) -> bytes:
        """The line without quotes, with another separator, so that separators within quotes stay.

        Too many fields where it cannot be taken apart (one of them is too long).
        """
        if _QUOTE not in line:
            return line.replace(self._separator.encode(), _INNER.encode())
        try:
            fields = next(csv.reader([line.decode("latin-1")], delimiter=self._separator), [])
        except csv.Error:
            fields = ["?"] * (self._width + 1)
        return _INNER.join(fields).encode("latin-1")

    def _read(self, whole: bytes, fields: Sequence[int], separator: str) -> list[pa.Array]:
        if not whole.isascii():
            whole = whole.decode(self._encoding, "replace").encode()
        wanted = [str(place) for place in fields]
        table = pyarrow.csv.read_csv(
            io.BytesIO(whole),
            read_options=pyarrow.csv.ReadOptions(
                column_names=[str(place) for place in range(self._width)], use_threads=False, block_size=len(whole) + 1
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=separator, quote_char=False, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                strings_can_be_null=True,
                null_values=list(NOT_KNOWN),
            ),
        )
        return [table.column(name).combine_chunks() for name in wanted]


def _separators(whole: bytes, separator: bytes) -> NDArray[np.int64]:
    """How many there are in each line."""
    characters = np.frombuffer(whole, np.uint8)
    ends = np.append(np.flatnonzero(characters == ord("\n")), len(characters))
    places = np.flatnonzero(characters == ord(separator))
    return np.diff(np.searchsorted(places, ends), prepend=0)
