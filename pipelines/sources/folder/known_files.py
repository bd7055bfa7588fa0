"""Which file of a folder is whose, remembered in the folder itself, so that renaming a file changes nothing."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from pipelines.sources.base import SourceError
from pipelines.sources.folder.warnings import warn_once
from pipelines.whole_file import whole_file

FILE_NAME = ".chargetracker.json"

_LOGGER = logging.getLogger(__name__)


class KnownFile(msgspec.Struct, forbid_unknown_fields=True):
    """One file that was met.

    Attributes:
        identity: Of its head.
        name: As it was called last, relative to the folder.
        battery: Whose readings it holds.
        number: From 1, of several files of a battery that begin alike.
    """

    identity: str
    name: str
    battery: str
    number: int = 1

    @property
    def partition(self) -> str:
        """Name of the file as a partition."""
        twin = f".{self.number}" if self.number > 1 else ""
        return f"folder:{self.identity}{twin}/{self.battery}"


class KnownFiles:
    """What is known of a folder's files; several processes may share it.

    Where the folder cannot be written, it is remembered as long as this object lives.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self._folder = folder
        self._unwritten: list[KnownFile] = []
        self._writes = True

    def meet(self, identity: str, name: str, battery: str) -> KnownFile:
        """The file that begins so and is called so now.

        A name that was met with this identity is that file. Else one that is not there any more was renamed. Else it
        is a new one.

        Args:
            identity: Of its head.
            name: Relative to the folder.
            battery: Whose it is, should it be new.

        Raises:
            SourceError: What was remembered cannot be read.
        """
        with self._content() as files:
            alike = [file for file in files if file.identity == identity]
            found = next((file for file in alike if file.name == name), None)
            found = found or self._renamed(alike, name)
            if found is None:
                number = 1 + max((file.number for file in alike if file.battery == battery), default=0)
                found = KnownFile(identity, name, battery, number)
                files.append(found)
            found.name = name
            return found

    def _renamed(self, alike: Sequence[KnownFile], name: str) -> KnownFile | None:
        """The first of the files that is not there any more; says so, as a new test can begin like an old one."""
        found = next((file for file in alike if not (self._folder / file.name).exists()), None)
        if found is not None:
            warn_once(
                f"{self._folder / name} begins like {found.name}, which is gone: it is taken for the same file under "
                f"a new name, of battery {found.battery}, and read on where that one ended. If it is another test, "
                f"take its entry out of {FILE_NAME} and start again."
            )
        return found

    @contextmanager
    def _content(self) -> Iterator[list[KnownFile]]:
        """All files, to be changed; what was changed is kept."""
        if self._writes:
            try:
                lock = os.open(self._folder, os.O_RDONLY)
            except OSError as error:
                raise SourceError(f"cannot read the folder {self._folder} ({error.strerror}): correct it.") from None
            try:
                with suppress(OSError):  # not every share knows locks
                    fcntl.flock(lock, fcntl.LOCK_EX)
                files = self._read()
                yield files
                self._write(files)
            finally:
                os.close(lock)
        else:
            yield self._unwritten

    def _read(self) -> list[KnownFile]:
        path = self._folder / FILE_NAME
        try:
            return msgspec.json.decode(path.read_bytes(), type=list[KnownFile])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:
            raise SourceError(f"{path} cannot be read ({error}): correct it, or take it away.") from None

    def _write(self, files: list[KnownFile]) -> None:
        content = msgspec.json.format(msgspec.json.encode(files), indent=1) + b"\n"
        path = self._folder / FILE_NAME
        try:
            if path.exists() and path.read_bytes() == content:
                return
            with whole_file(path) as unfinished:
                unfinished.write_bytes(content)
        except OSError as error:
            self._writes, self._unwritten = False, files
            _LOGGER.warning(
                "%s cannot be written (%s): a file that is renamed there will be taken for a new one.",
                self._folder,
                error.strerror,
            )
