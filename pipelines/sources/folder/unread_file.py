"""A file that cannot be read, as a partition of one message that says so and becomes a dead letter."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

import numpy as np

from schemas import RecordBatch

SETTLED_SECOND = 5.0
"""A file that was written since may be half a file."""

_IDENTITY_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """Once reported under its name, it is not reported again: the partition is read to its end.

    Attributes:
        name: Relative to the folder.
        reason: Why it is not read, for people.
        modified_unix_second: When it was written last [s].
    """

    name: str
    reason: str
    modified_unix_second: float

    @property
    def partition(self) -> str:
        """Its name as a partition."""
        return f"folder-unread:{hashlib.sha256(self.name.encode()).hexdigest()[:_IDENTITY_CHARACTERS]}"

    def is_settled(self) -> bool:
        """Whether nobody seems to be writing it."""
        return time.time() - self.modified_unix_second > SETTLED_SECOND

    def end(self) -> int:
        """One message."""
        return 1

    def written_unix_second(self) -> float:
        """When it was written last [s]."""
        return self.modified_unix_second

    def poll(self, offset: int, max_bytes: int) -> RecordBatch | None:  # noqa: ARG002 - it is small
        """The message; `None` when it was read."""
        if offset > 0:
            return None
        content = f"{self.name}: {self.reason}".encode()
        size = np.array([len(content)], np.int64)
        return RecordBatch(self.partition, 0, 1, time.time(), np.zeros(1, np.int64), size, size, content)

    def close(self) -> None:
        """Nothing is held open."""
