"""The whole lines of an export as they were at one time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pipelines.sources.base import SourceError
from pipelines.sources.file import open_file
from pipelines.sources.folder.head import Head
from pipelines.sources.folder.row_lines import row_lines
from pipelines.sources.folder.rows import row_messages
from pipelines.sources.folder.warnings import about, warn_once
from pipelines.sources.url import SourceUrl
from schemas import RecordBatch

QUIET_SECOND = 60.0
"""A file that nobody has written for so long is read where it is; another one is copied first."""

_BLOCK_BYTES = 1024 * 1024


class WrittenAnewError(SourceError):
    """A file that has other lines now than when it was read, so that the place it was read to is within one."""


class RowMessage(NamedTuple):
    """A row as a message: where its line begins in the file, its content, and its true size [byte]."""

    place: int
    content: bytes
    size: int


class Snapshot:
    """Reads rows at places in the file.

    What a row says can depend on the whole file before it, so an export is opened anew when it has grown. Rows are
    taken from a copy when the file may still be written, or ends in half a line.

    Attributes:
        end: Place behind the last line.
        is_copy: Whether it stays as it is while others write the file.
    """

    def __init__(self, path: Path, head: Head, end: int, battery_id: str, file_settings: Mapping[str, str]) -> None:
        """Open the file up to ``end``, the place behind a newline.

        Raises:
            SourceError: It does not begin with ``head`` any more, is being written, or cannot be read as an export.
            OSError: It is not there any more.
        """
        self.end = end
        self._path = path
        with TemporaryDirectory(prefix="chargetracker-") as directory:
            self.is_copy = not _is_quiet(path, end)
            mine = _copied(path, end, Path(directory)) if self.is_copy else path
            if not head.is_of(mine):
                raise SourceError(f"{path} was replaced by another file.")
            with about(path, mine):
                self._file = open_file(SourceUrl("file", str(mine), {**file_settings, "battery": battery_id}))
            self._lines = mine.open("rb")  # like this one, the export's own stays open when the copy loses its name
        self._refuse_more()
        for one in self._file.warnings:
            warn_once(f"{path}: {one}")
        self._begin = head.size
        self._headers = frozenset(line.strip() for line in head.content[: head.size].split(b"\n"))
        self._partition = self._file.partitions()[0]
        self._known = head.size, 0  # a place and the number of its row

    def read(self, place: int, max_bytes: int) -> tuple[list[RowMessage], int]:
        """Rows from ``place`` on, about ``max_bytes`` of the file and at least one, and the place behind them.

        Raises:
            WrittenAnewError: No line begins there.
            SourceError: The file has changed since it was opened.
        """
        row = self._row_at(place)
        batch = self._file.poll(self._partition, row, max_bytes)
        if batch is None:
            return [], self.end
        self._lines.seek(place)
        lines = [self._lines.readline() for _ in range(batch.next_offset - row)]
        places = list(accumulate(map(len, lines), initial=place))
        self._known = places[-1], batch.next_offset
        return list(self._messages(batch, row, lines, places)), places[-1]

    def close(self) -> None:
        """Let go of the file, and of the copy."""
        self._file.close()
        self._lines.close()

    def _refuse_more(self) -> None:
        """A file that is read where it is has no more than it had when it was looked at: that may be half a line."""
        if not self.is_copy and os.fstat(self._lines.fileno()).st_size != self.end:
            self.close()
            raise SourceError(f"{self._path} was written while it was opened.")

    def _row_at(self, place: int) -> int:
        known, row = self._known
        if place == known:
            return row
        self._lines.seek(place - 1)
        if self._lines.read(1) != b"\n":
            raise WrittenAnewError(
                "it was written anew with other lines, and what was read of it ended within one of them: only lines "
                "that come now are read; read all of it with file:// into another store."
            )
        self._lines.seek(self._begin)
        left, row = place - self._begin, 0
        while left > 0 and (block := self._lines.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            row += block.count(b"\n")
        return row

    def _messages(
        self, batch: RecordBatch, row: int, lines: Sequence[bytes], places: Sequence[int]
    ) -> Iterator[RowMessage]:
        """The messages of a poll, row by row: each of them is of the lines up to where the next one begins."""
        bounds = [*(batch.offsets - row).tolist(), len(lines)]
        for number, contents in enumerate(_contents(batch)):
            start, stop = bounds[number], bounds[number + 1]
            found = row_lines(lines[start:stop], len(contents), self._headers)
            if found is None:
                yield from self._in_small_polls(row + start, places[start : stop + 1])
            else:
                yield from (RowMessage(places[start + k], *one) for k, one in zip(found, contents, strict=True))

    def _in_small_polls(self, row: int, places: Sequence[int]) -> Iterator[RowMessage]:
        """The same, from polls that are so small that all lines of one are rows, or that it is of one line."""
        start, count = 0, len(places) - 1
        step = count
        while start < count:
            step = min(step, count - start)
            # A line end may be of two bytes and count as one: rather too few lines than too many.
            budget = max(1, places[start + step] - places[start] - step)
            batch = self._file.poll(self._partition, row + start, budget)
            taken = 1 if batch is None else batch.next_offset - row - start
            contents = [] if batch is None else [one for message in _contents(batch) for one in message]
            if taken > 1 and len(contents) != taken:
                step = taken // 2
                continue
            yield from (RowMessage(line, *one) for line, one in zip(places[start:], contents, strict=False))
            start, step = start + taken, 2 * step


def _contents(batch: RecordBatch) -> Iterator[list[tuple[bytes, int]]]:
    """The rows of each message, with their true sizes."""
    for message, size in zip(batch.messages(), batch.sizes.tolist(), strict=True):
        yield [(content, size if content is message else len(content)) for content in row_messages(message)]


def _is_quiet(path: Path, end: int) -> bool:
    found = path.stat()
    return found.st_size == end and time.time() - found.st_mtime > QUIET_SECOND


def _copied(path: Path, end: int, directory: Path) -> Path:
    copy = directory / path.name
    with path.open("rb") as file, copy.open("w+b") as target:
        shutil.copyfileobj(file, target, _BLOCK_BYTES)
        if target.tell() < end:  # to make it longer would fill it up with zeros
            raise SourceError(f"{path} became shorter while it was copied.")
        target.truncate(end)
        target.seek(end - 1)
        if target.read(1) != b"\n":
            raise SourceError(f"{path} was written anew while it was copied.")
    return copy
