"""One export that may grow, as a partition. An offset counts bytes below the header."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pipelines.sources.base import SourceError
from pipelines.sources.folder.head import Head
from pipelines.sources.folder.known_files import KnownFile
from pipelines.sources.folder.snapshot import RowMessage, Snapshot, WrittenAnewError
from pipelines.sources.folder.warnings import warn_once
from pipelines.sources.log.lines import last_newline
from schemas import RecordBatch

FREE_SECOND = 0.2
"""Opening a file is free up to this."""
REST_FACTOR = 10.0
"""After opening one that took longer, so many times as long passes before it is opened again."""


class GrowingFile:
    """Reads the whole lines of a file, also those that are added.

    Attributes:
        partition: Its name.
        head: Its begin.
    """

    def __init__(self, path: Path, head: Head, known: KnownFile, file_settings: Mapping[str, str]) -> None:
        """Nothing is read yet."""
        self.partition = known.partition
        self.head = head
        self._name = known.name
        self._path = path
        self._battery_id = known.battery
        self._file_settings = file_settings
        self._snapshot: Snapshot | None = None
        self._not_before = 0.0
        self._stamp = self._opened_stamp = -1, -1
        self._end = 0

    def end(self) -> int:
        """Behind the last whole line; 0 when the file is gone."""
        try:
            found = self._path.stat()
            stamp = found.st_size, found.st_mtime_ns
            if stamp != self._stamp:
                self._end, self._stamp = self._look_for_end(), stamp
        except OSError:
            return 0
        return self._end

    def written_unix_second(self) -> float:
        """When it was written last [s]; 0 when it is gone."""
        try:
            return self._path.stat().st_mtime
        except OSError:
            return 0.0

    def poll(self, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages of the rows from ``offset`` on, about ``max_bytes`` of the file; `None` when there are none now.

        A file that cannot be read on now says so once, and does not stop the others. One that was written anew with
        other lines makes one message that says so and becomes a dead letter; it is read on behind them.
        """
        end = self.end()
        if offset >= end:
            if 0 < end < offset:
                self._warn_shorter(offset)
            return None
        try:
            snapshot = self._opened(offset, end)
            if snapshot is None:
                return None
            messages, place = snapshot.read(self.head.size + offset, max(max_bytes, 1))
            if place >= snapshot.end:
                self.close()  # the copy goes with it
        except WrittenAnewError as error:
            self.close()
            return self._given_up(offset, end, error)
        except (SourceError, OSError) as error:
            self.close()
            self._not_before = time.monotonic() + FREE_SECOND * REST_FACTOR
            warn_once(f"{self._path} is not read on: {error}")
            return None
        return _batch(self.partition, offset, place - self.head.size, messages, self.head.size)

    def close(self) -> None:
        """Let go of the file."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None

    def _given_up(self, offset: int, end: int, error: SourceError) -> RecordBatch:
        """One message for all lines up to ``end``; it is no reading, and becomes a dead letter."""
        content = f"{self._name}: {error}".encode()
        message = RowMessage(self.head.size + offset, content, len(content))
        return _batch(self.partition, offset, end, [message], self.head.size)

    def _look_for_end(self) -> int:
        with self._path.open("rb") as file:
            descriptor = file.fileno()
            newline = last_newline(descriptor, self.head.size, os.fstat(descriptor).st_size)
        return max(newline + 1 - self.head.size, 0)

    def _opened(self, offset: int, end: int) -> Snapshot | None:
        """What has the rows at ``offset``; `None` when it is too early to open the file again."""
        if self._snapshot is not None and self._has(self._snapshot, offset):
            return self._snapshot
        self.close()
        began = time.monotonic()
        if began < self._not_before:
            return None
        self._snapshot = Snapshot(self._path, self.head, self.head.size + end, self._battery_id, self._file_settings)
        self._opened_stamp = self._stamp
        took = time.monotonic() - began
        self._not_before = began + took * REST_FACTOR if took > FREE_SECOND else 0.0
        return self._snapshot

    def _has(self, snapshot: Snapshot, offset: int) -> bool:
        is_new = snapshot.is_copy or self._stamp == self._opened_stamp
        return is_new and self.head.size + offset < snapshot.end

    def _warn_shorter(self, offset: int) -> None:
        warn_once(
            f"{self._path} has become shorter than the {offset} bytes below its header that were read: "
            "it is read on when it is longer again."
        )


def _batch(
    partition: str, offset: int, next_offset: int, messages: Sequence[RowMessage], header_size: int
) -> RecordBatch:
    return RecordBatch(
        partition,
        offset,
        next_offset,
        time.time(),
        np.array([message.place - header_size for message in messages], np.int64),
        np.cumsum([len(message.content) for message in messages], dtype=np.int64),
        np.array([message.size for message in messages], np.int64),
        b"".join(message.content for message in messages),
    )
