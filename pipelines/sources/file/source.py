"""A cycler export as a source. An offset is the number of a row below the header."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Override
from pipelines.sources.cyclers.numbers import Flags
from pipelines.sources.file.arrow import arrow_message
from pipelines.sources.file.layout import Layout, layout_of
from pipelines.sources.file.reader import Reader
from pipelines.sources.file.rows import Rows
from pipelines.sources.file.table import Piece, Table
from pipelines.sources.file.tables import open_table
from schemas import RecordBatch
from schemas.reading import COLUMNS

ROWS_A_MESSAGE = 2000
_IDENTITY_CHARACTERS = 16


class _Message(NamedTuple):
    offset: int
    content: bytes
    size: int


class FileSource:
    """Reads one finished export, as one partition that is named after the content of the file.

    Readings go out as Arrow messages. A row that is no reading goes out as it stands, as a message of its own,
    and becomes a dead letter. Blank lines have a number like the others and go nowhere.

    Attributes:
        notes: What the file was taken for, what was assumed, and what was refused of the whole file; sentences for
            people.
        warnings: Those of them that somebody should know who has not asked: whoever opens the file says them.
    """

    unit = "rows"
    bounded = True

    def __init__(
        self,
        path: Path,
        battery_id: str,
        *,
        group: str = "",
        test_id: str = "",
        make: str | None = None,
        zone: tzinfo = UTC,
        overrides: Sequence[Override] = (),
    ) -> None:
        """Read the file through and find out what it is.

        Args:
            path: Of the export.
            battery_id: Whose readings these are.
            group: Empty when not known.
            test_id: Empty when not known.
            make: Take it for an export of this make; `None`: find out.
            zone: Where the cycler's wall clock hangs.
            overrides: What is said about its columns.

        Raises:
            SourceError: It is not there, or is no export that can be read; says what to do.
        """
        table = open_table(path, make, overrides)
        layout = _layout(path, table, zone)
        self.notes = layout.notes
        self.warnings = layout.warnings
        self._path = path
        self._reader = Reader(table, layout)
        self._end = table.row_count
        self._partition = f"file:{table.sha256[:_IDENTITY_CHARACTERS]}/{battery_id}"
        known = {"battery_id": battery_id, "group": group, "test_id": test_id}
        self._metadata = {key: value for key, value in known.items() if value}

    def partitions(self) -> tuple[str, ...]:
        """The one partition: ``file:``, the begin of the file's SHA-256, and whose readings they are taken for."""
        return (self._partition,)

    def begin(self, partition: str) -> int:
        """Always 0."""
        self._check(partition)
        return 0

    def end(self, partition: str) -> int:
        """How many rows there are below the header."""
        self._check(partition)
        return self._end

    def ends(self) -> dict[str, int]:
        """End of every partition."""
        return {partition: self.end(partition) for partition in self.partitions()}

    def offset_at(self, partition: str, unix_second: float) -> int:  # noqa: ARG002 - a file is read whole
        """Always 0: nobody knows when which line was written."""
        return self.begin(partition)

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages from row ``offset`` on, made of about ``max_bytes`` of the file; the last batch ``closes``.

        Returns:
            `None` when ``offset`` is the end.

        Raises:
            SourceError: The file is another one, has changed, or ends before ``offset``.
        """
        end = self.end(partition)
        if offset > end:
            raise SourceError(f"{self._path} has {end} rows, not {offset}: use the store that belongs to it.")
        if offset == end:
            return None
        messages: list[_Message] = []
        next_offset = offset
        for piece, rows in self._reader.read(offset, max(max_bytes, 1)):
            messages += self._messages(piece, rows)
            next_offset = piece.next_row
        return _batch(partition, offset, next_offset, messages, closes=next_offset == end)

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """A file has no tools that would want to know."""

    def close(self) -> None:
        """Let go of the file."""
        self._reader.table.close()

    def _check(self, partition: str) -> None:
        if partition != self._partition:
            raise SourceError(
                f"{self._path} is {self._partition}, not {partition}: its content changed; read it into a new store."
            )

    def _messages(self, piece: Piece, rows: Rows) -> Iterator[_Message]:
        names = [name for name in COLUMNS if name in rows.values]
        refused = piece.refused | rows.refused
        for start, stop in _runs(refused, rows.skipped):
            offset = int(piece.rows[start])
            if refused[start]:
                yield _Message(offset, *piece.raw(start))
            else:
                values = np.array([rows.values[name][start:stop] for name in names])
                content = arrow_message(names, values, self._metadata)
                yield _Message(offset, content, len(content))


def _layout(path: Path, table: Table, zone: tzinfo) -> Layout:
    try:
        return layout_of(table, zone)
    except SourceError as error:
        table.close()
        raise SourceError(f"{path}: {error}") from None


def _runs(refused: Flags, skipped: Flags) -> Iterator[tuple[int, int]]:
    """Begin and end of each refused row and of each run of rows between two that are refused or skipped.

    A run has `ROWS_A_MESSAGE` rows at most.
    """
    start = 0
    for place in [*np.flatnonzero(refused | skipped).tolist(), len(refused)]:
        for begin in range(start, place, ROWS_A_MESSAGE):
            yield begin, min(begin + ROWS_A_MESSAGE, place)
        if place < len(refused) and refused[place]:
            yield place, place + 1
        start = place + 1


def _batch(
    partition: str, first_offset: int, next_offset: int, messages: Sequence[_Message], *, closes: bool
) -> RecordBatch:
    return RecordBatch(
        partition,
        first_offset,
        next_offset,
        time.time(),
        np.array([message.offset for message in messages], np.int64),
        np.cumsum([len(message.content) for message in messages], dtype=np.int64),
        np.array([message.size for message in messages], np.int64),
        b"".join(message.content for message in messages),
        closes,
    )
