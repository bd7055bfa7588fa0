"""A folder of exports as a source: a file is a partition, whatever it is called."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipelines.sources.base import SourceError
from pipelines.sources.folder.growing_file import GrowingFile
from pipelines.sources.folder.head import head_of
from pipelines.sources.folder.known_files import KnownFiles
from pipelines.sources.folder.unread_file import UnreadFile
from pipelines.sources.folder.warnings import warn_once
from schemas import RecordBatch

LOOK_SECOND = 1.0
MODIFIED_TIME_MARGIN_SECOND = 2.0
"""File systems round the time of the last write, the coarsest ones to two seconds."""


class _Met(NamedTuple):
    """A file as it was looked at: its size and time of writing, and what it is; `None` when it is not known yet."""

    stamp: tuple[int, int]
    file: GrowingFile | UnreadFile | None


class FolderSource:
    """Reads the files of a folder while others write them.

    Each file is recognised by its content. What tells files apart is their header and first rows, so that a file can
    be renamed; whose it is, is remembered in the folder. A file that cannot be read makes one dead letter. Hidden files
    are left alone. A last line is not read until it is whole.
    """

    unit = "bytes"
    bounded = False

    def __init__(
        self,
        folder: Path,
        battery_of: Callable[[Path], str | None],
        *,
        files: str = "*",
        file_settings: Mapping[str, str] | None = None,
        look_second: float = LOOK_SECOND,
    ) -> None:
        """Nothing is read yet.

        Args:
            folder: Where the files are.
            battery_of: Whose readings a new file holds; `None`: it is left alone.
            files: Pattern of the names, as for a shell; with ``**/`` before it also in folders within.
            file_settings: As behind ``file://``, for all of them.
            look_second: How often to look for new files [s].
        """
        self._folder = folder
        self._battery_of = battery_of
        self._pattern = files
        self._file_settings = dict(file_settings or {})
        self._look_second = look_second
        self._next_look = 0.0
        self._known = KnownFiles(folder)
        self._met: dict[Path, _Met] = {}
        self._by_partition: dict[str, GrowingFile | UnreadFile] = {}

    def partitions(self) -> tuple[str, ...]:
        """Names of the files that have rows, and of those that cannot be read."""
        return tuple(self._files())

    def begin(self, partition: str) -> int:  # noqa: ARG002 - all alike
        """Always 0: below the header."""
        return 0

    def end(self, partition: str) -> int:
        """Behind the last whole line; 0 when the file is gone."""
        found = self._files().get(partition)
        return 0 if found is None else found.end()

    def ends(self) -> dict[str, int]:
        """End of every partition."""
        return {partition: found.end() for partition, found in self._files().items()}

    def offset_at(self, partition: str, unix_second: float) -> int:
        """The end of a file that was not written since; the begin of any other: nobody knows when which line was."""
        found = self._files().get(partition)
        if found is None or found.written_unix_second() + MODIFIED_TIME_MARGIN_SECOND >= unix_second:
            return 0
        return found.end()

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages of the rows from ``offset`` on; `None` when there are none, or the file is gone."""
        found = self._files().get(partition)
        return None if found is None else found.poll(offset, max_bytes)

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """A folder has no tools that would want to know."""

    def close(self) -> None:
        """Let go of all files."""
        for met in self._met.values():
            if met.file is not None:
                met.file.close()
        self._met, self._by_partition = {}, {}
        self._next_look = 0.0

    def _files(self) -> dict[str, GrowingFile | UnreadFile]:
        """What there is, by partition."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_second
            self._look()
        return self._by_partition

    def _look(self) -> None:
        found: dict[Path, _Met] = {}
        for path in self._paths():
            try:
                if path.is_file():
                    found[path] = self._again(path) or self._meet(path)
            except FileNotFoundError:  # it has gone meanwhile
                continue
            except OSError as error:
                warn_once(f"{path} cannot be read ({error.strerror}).")
        kept = {id(met.file) for met in found.values()}
        for met in self._met.values():
            if met.file is not None and id(met.file) not in kept:
                met.file.close()
        self._met = found
        files = (met.file for met in found.values())
        self._by_partition = {file.partition: file for file in files if file is not None and _is_ready(file)}

    def _paths(self) -> Iterator[Path]:
        try:
            paths = sorted(self._folder.glob(self._pattern))
        except OSError as error:
            raise SourceError(f"cannot read the folder {self._folder} ({error.strerror}): correct it.") from None
        for path in paths:
            if not any(part.startswith(".") for part in path.relative_to(self._folder).parts):
                yield path

    def _again(self, path: Path) -> _Met | None:
        """What the file was when it was looked at before, unless it has become something else."""
        before, stamp = self._met.get(path), _stamp(path)
        if before is None or before.stamp == stamp:
            return before
        if isinstance(before.file, GrowingFile) and before.file.head.is_of(path):
            return _Met(stamp, before.file)
        return None

    def _meet(self, path: Path) -> _Met:
        stamp = _stamp(path)
        battery_id = self._battery_of(path)
        if battery_id is None:
            return _Met(stamp, None)
        name = path.relative_to(self._folder).as_posix()
        try:
            head = head_of(path, self._file_settings)
        except SourceError as error:
            return _Met(stamp, UnreadFile(name, str(error).removeprefix(f"{path}: "), path.stat().st_mtime))
        if head is None:
            return _Met(stamp, None)
        known = self._known.meet(head.identity, name, battery_id)
        return _Met(stamp, GrowingFile(path, head, known, self._file_settings))


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_ready(file: GrowingFile | UnreadFile) -> bool:
    return isinstance(file, GrowingFile) or file.is_settled()
