"""A text file of any size, read by line number in bounded memory."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.sources.base import SourceError
from pipelines.sources.file.plain_text import open_plain
from schemas.reading import MAX_BATCH_BYTES

_BLOCK_BYTES = 1024 * 1024
_READ_BYTES = MAX_BATCH_BYTES + 2  # with room for the end of the line


class Lines(NamedTuple):
    """Some lines that follow each other, without their ends.

    Attributes:
        first: Number of the first one, from 0.
        texts: Each cut to `MAX_BATCH_BYTES`.
        sizes: True size of those that were cut, by their place [byte].
    """

    first: int
    texts: list[bytes]
    sizes: dict[int, int]


class _Mark(NamedTuple):
    newlines: int
    place: int


class TextFile:
    r"""Lines that end with ``\n`` or ``\r\n``; the last one may lack it.

    Attributes:
        sha256: Of the whole file, hexadecimal; of its copy in UTF-8 where it needed one (`open_plain`).
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
            self._file = open_plain(path)
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

    def read(self, number: int, max_bytes: int, stop: int | None = None) -> Iterator[Lines]:
        """Lines from ``number`` on, about ``max_bytes`` and at least one of them unless the file is at its end.

        Args:
            number: Of the first one, from 0.
            max_bytes: Together; of a block at a time.
            stop: The line before which to end.

        Raises:
            SourceError: The file has changed since it was opened.
        """
        if self._stamp_now() != self._stamp:
            raise SourceError(f"{self._path} changed while it was read: read a copy, or wait until the test has ended.")
        if number != self._next_line:
            self._seek(number)
        while max_bytes > 0 and number != stop and (block := self._read_block(min(max_bytes, _BLOCK_BYTES))):
            max_bytes -= len(block)
            lines = self._lines(number, block)
            self._next_line = number = number + len(lines.texts)
            if stop is not None and number > stop:
                lines = Lines(lines.first, lines.texts[: stop - lines.first], lines.sizes)
                self._next_line, number = -1, stop
            yield lines

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
        for _ in range(mark.newlines, number):
            self._skip_line()

    def _skip_line(self) -> int:
        """The size of what is left of a line [byte], without its end."""
        size = 0
        while piece := self._file.readline(_BLOCK_BYTES):
            size += len(piece)
            if piece.endswith(b"\n"):
                return size - len(piece) + len(piece.rstrip(b"\r\n"))
        return size

    def _read_block(self, size: int) -> bytes:
        """Whole lines, about as many bytes; the last one can be cut."""
        block = self._file.read(size)
        return block if block.endswith(b"\n") or not block else block + self._file.readline(_READ_BYTES)

    def _lines(self, number: int, block: bytes) -> Lines:
        texts = block.split(b"\n")
        sizes: dict[int, int] = {}
        if not texts[-1]:
            texts.pop()
        elif len(texts[-1]) >= _READ_BYTES:  # its end was not among what was read
            sizes[len(texts) - 1] = len(texts[-1]) + self._skip_line()
        if b"\r" in block:
            texts = [text.rstrip(b"\r") for text in texts]
        if len(block) > MAX_BATCH_BYTES:
            sizes = {place: len(text) for place, text in enumerate(texts) if len(text) > MAX_BATCH_BYTES} | sizes
            texts = [text[:MAX_BATCH_BYTES] for text in texts]
        return Lines(number, texts, sizes)
