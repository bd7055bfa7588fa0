"""One writer a partition. The lock goes with the process that holds it, also when that is killed."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from pipelines.sources.base import SourceError
from pipelines.sources.log.layout import LOCK_NAME


class PartitionLock:
    """Held from being made until `release`."""

    def __init__(self, partition: Path) -> None:
        """Take the lock.

        Args:
            partition: Directory of the partition.

        Raises:
            SourceError: Somebody else writes there; says who.
        """
        self._descriptor = os.open(partition / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 200, 0).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise SourceError(
                f"{partition} is already written to by {holder or 'another process'}: "
                "stop that one, or write to another partition or directory."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def release(self) -> None:
        """Let others write."""
        os.close(self._descriptor)
