"""A cycler export as a source. An offset is the number of a line below the header."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import HEAD_BYTES, header_of, recognise
from pipelines.sources.file.arrow import arrow_message
from pipelines.sources.file.rows import RowParser
from pipelines.sources.file.text_file import TextFile, TextLine
from schemas import RecordBatch

ROWS_A_MESSAGE = 2000
_IDENTITY_CHARACTERS = 16


class _Message(NamedTuple):
    offset: int
    content: bytes
    size: int


class FileSource:
    """Reads one finished export, as one partition that is named after the content of the file.

    Readings go out as Arrow messages. A line that is no reading goes out as it stands, as a message of its own,
    and becomes a dead letter. Blank lines have a number like the others and go nowhere.
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
    ) -> None:
        """Read the file through once and find out what it is.

        Args:
            path: Of the export.
            battery_id: Whose readings these are.
            group: Empty when not known.
            test_id: Empty when not known.
            make: Take it for an export of this make; `None`: find out.
            zone: Where the cycler's wall clock hangs.

        Raises:
            SourceError: It is not there, or is no export that can be read; says what to do.
        """
        self._text = TextFile(path)
        try:
            head = self._text.head(HEAD_BYTES)
            export = recognise(head, make)
        except SourceError as error:
            self._text.close()
            raise SourceError(f"{path}: {error}") from None
        header = header_of(export, head)
        assert header is not None  # or it would not have been recognised
        self._path = path
        self._first_line = header.line + 1 + export.lines_after_header
        self._parser = RowParser(export, header.fields, zone)
        self._partition = f"file:{self._text.sha256[:_IDENTITY_CHARACTERS]}/{battery_id}"
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
        """How many lines there are below the header."""
        self._check(partition)
        return max(self._text.line_count - self._first_line, 0)

    def ends(self) -> dict[str, int]:
        """End of every partition."""
        return {partition: self.end(partition) for partition in self.partitions()}

    def offset_at(self, partition: str, unix_second: float) -> int:  # noqa: ARG002 - a file is read whole
        """Always 0: nobody knows when which line was written."""
        return self.begin(partition)

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages from line ``offset`` on, made of about ``max_bytes`` of text; the last batch ``closes``.

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
        lines = self._text.read(self._first_line + offset, max(max_bytes, 1))
        messages: list[_Message] = []
        next_offset = offset
        while some := list(islice(lines, ROWS_A_MESSAGE)):
            messages += self._messages(some)
            next_offset = some[-1].number + 1 - self._first_line
        return _batch(partition, offset, next_offset, messages, closes=next_offset == end)

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """A file has no tools that would want to know."""

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()

    def _check(self, partition: str) -> None:
        if partition != self._partition:
            raise SourceError(
                f"{self._path} is {self._partition}, not {partition}: its content changed; read it into a new store."
            )

    def _messages(self, lines: Sequence[TextLine]) -> Iterator[_Message]:
        filled = [line for line in lines if line.text.strip()]
        if not filled:
            return
        rows = self._parser.parse(filled)
        for start, stop in _runs(rows.refused):
            line = filled[start]
            offset = line.number - self._first_line
            if rows.refused[start]:
                yield _Message(offset, line.text, line.size)
            else:
                content = arrow_message(self._parser.names, rows.values[:, start:stop], self._metadata)
                yield _Message(offset, content, len(content))


def _runs(refused: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Begin and end of each refused line and of each run of lines between two of them."""
    start = 0
    for place in [*np.flatnonzero(refused).tolist(), len(refused)]:
        if start < place:
            yield start, place
        if place < len(refused):
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
