"""A text file of any size, read by line number in bounded memory."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.sources.base import SourceError
from schemas.reading import MAX_BATCH_BYTES

_BLOCK_BYTES = 1024 * 1024
_READ_BYTES = MAX_BATCH_BYTES + 2  # with room for the end of the line


class TextLine(NamedTuple):
    """One line without its end.

    Attributes:
        number: From 0.
        text: Cut to `MAX_BATCH_BYTES`.
        size: True size [byte].
    """

    number: int
    text: bytes
    size: int


class _Mark(NamedTuple):
    newlines: int
    place: int


class TextFile:
    r"""Lines that end with ``\n`` or ``\r\n``; the last one may lack it.

    Attributes:
        sha256: Of the whole file, hexadecimal.
        line_count: How many lines it has.
    """

    def __init__(self, path: Path) -> None:
        """Read the file through once, for its identity and for where its lines are.

        Args:
            path: Of the file.

        Raises:
            SourceError: It is not there or cannot be read.
        """
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise SourceError(f"cannot read {path} ({error.strerror}): correct the path.") from None
        self._path = path
        self._stamp = self._stamp_now()
        self._marks = [_Mark(0, 0)]  # so many newlines before that byte; one mark a block
        self.sha256, self.line_count = self._scan()
        self._next_line = -1  # the file stands somewhere else than at the begin of a known line

    def head(self, size: int) -> bytes:
        """The first ``size`` bytes."""
        return os.pread(self._file.fileno(), size, 0)

    def read(self, number: int, max_bytes: int) -> Iterator[TextLine]:
        """Lines from ``number`` on, about ``max_bytes`` and at least one of them unless the file is at its end.

        Raises:
            SourceError: The file has changed since it was opened.
        """
        if self._stamp_now() != self._stamp:
            raise SourceError(f"{self._path} changed while it was read: read a copy, or wait until the test has ended.")
        if number != self._next_line:
            self._seek(number)
        while max_bytes > 0 and (line := self._read_line(number)) is not None:
            self._next_line = number = number + 1
            max_bytes -= line.size + 1
            yield line

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _stamp_now(self) -> tuple[int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns

    def _scan(self) -> tuple[str, int]:
        digest = hashlib.sha256()
        newlines = place = 0
        torn = False
        while block := self._file.read(_BLOCK_BYTES):
            digest.update(block)
            newlines += block.count(b"\n")
            place += len(block)
            self._marks.append(_Mark(newlines, place))
            torn = not block.endswith(b"\n")
        return digest.hexdigest(), newlines + torn

    def _seek(self, number: int) -> None:
        before = max(bisect_left(self._marks, number, key=lambda mark: mark.newlines) - 1, 0)
        mark = self._marks[before]  # at the latest in the line before, so that the next newlines lead to ours
        self._file.seek(mark.place)
        for passed in range(mark.newlines, number):
            self._read_line(passed)

    def _read_line(self, number: int) -> TextLine | None:
        text = self._file.readline(_READ_BYTES)
        if not text:
            return None
        if len(text) == _READ_BYTES and not text.endswith(b"\n"):
            return self._giant(number, text)
        text = text.removesuffix(b"\n").removesuffix(b"\r")
        return TextLine(number, text[:MAX_BATCH_BYTES], len(text))

    def _giant(self, number: int, text: bytes) -> TextLine:
        size, last = len(text), text[-2:]
        while not last.endswith(b"\n") and (piece := self._file.readline(_BLOCK_BYTES)):
            size, last = size + len(piece), (last + piece)[-2:]
        size -= len(last) - len(last.removesuffix(b"\n").removesuffix(b"\r"))
        return TextLine(number, text[:MAX_BATCH_BYTES], size)
