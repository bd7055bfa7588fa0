"""A file as a table: rows by number, columns as Arrow arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sources.cyclers import Column, Export
from pipelines.sources.cyclers.numbers import Flags

Integers = NDArray[np.int64]


class Raw(NamedTuple):
    """A row as it stands in the file.

    Attributes:
        content: Cut to what a message may hold.
        size: True size [byte].
    """

    content: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows. Those that are no data (blank lines, headers) are not among them.

    Attributes:
        rows: Their numbers, rising, shape (n,).
        columns: Those asked for, each of shape (n,).
        refused: Rows that have another number of fields than the header, shape (n,).
        next_row: The row that the next piece begins with.
        raw: The n-th of them as it stands.
    """

    rows: Integers
    columns: Sequence[pa.Array]
    refused: Flags
    next_row: int
    raw: Callable[[int], Raw]


class Table(Protocol):
    """What a file holds.

    Attributes:
        export: What it is.
        fields: Names of its columns.
        columns: Those that are known, with what they are.
        sha256: Of the whole file, hexadecimal.
        row_count: How many rows there are below the header.
        context: Whether rows depend on those before them, so that they have to be read from the begin.
    """

    export: Export
    fields: list[str]
    columns: list[Column]
    sha256: str
    row_count: int
    context: bool

    def pieces(self, first: int, max_bytes: int, columns: Sequence[Column], stop: int | None = None) -> Iterator[Piece]:
        """Rows from ``first`` on, about ``max_bytes`` of them and at least one, with some of the columns.

        Args:
            first: With `context`: 0, or the row behind the one that was read last.
            max_bytes: Of the file.
            columns: To be read, one or more.
            stop: The row before which to end.

        Raises:
            SourceError: The file has changed since it was opened.
        """
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
