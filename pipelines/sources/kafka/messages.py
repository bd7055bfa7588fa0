"""Messages of one partition that were read and not yet handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.record_batch import Headers

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Messages:
    """As `RecordBatch` wants them; see there for the fields that have the same names.

    Attributes:
        next_offset: Where reading goes on behind them; holes are skipped.
    """

    offsets: Integers
    ends: Integers
    sizes: Integers
    payload: bytes
    next_offset: int
    keys: Sequence[bytes] = ()
    headers: Mapping[int, Headers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets)

    def cut(self, max_bytes: int, max_messages: int) -> tuple[Messages, Messages | None]:
        """The first messages, at least one and about ``max_bytes``, and the rest; `None` when that is empty."""
        count = min(max_messages, int(np.searchsorted(self.ends, max_bytes, side="right")))
        count = max(count, 1)
        if count >= len(self):
            return self, None
        return self._part(0, count, int(self.offsets[count])), self._part(count, len(self), self.next_offset)

    def _part(self, start: int, stop: int, next_offset: int) -> Messages:
        begin = int(self.ends[start - 1]) if start else 0
        return Messages(
            self.offsets[start:stop],
            self.ends[start:stop] - begin,
            self.sizes[start:stop],
            self.payload[begin : int(self.ends[stop - 1])],
            next_offset,
            self.keys[start:stop],
            {number - start: headers for number, headers in self.headers.items() if start <= number < stop},
        )


def no_messages(next_offset: int) -> Messages:
    """None at all, up to ``next_offset``."""
    nothing = np.empty(0, np.int64)
    return Messages(nothing, nothing, nothing, b"", next_offset)


def joined(parts: Sequence[Messages]) -> Messages:
    """Messages that follow one another, as one; at least one part."""
    if len(parts) == 1:
        return parts[0]
    bytes_before = np.cumsum([0, *(len(part.payload) for part in parts)])
    messages_before = np.cumsum([0, *map(len, parts)]).tolist()
    has_keys = any(part.keys for part in parts)
    return Messages(
        np.concatenate([part.offsets for part in parts]),
        np.concatenate([part.ends + before for part, before in zip(parts, bytes_before[:-1], strict=True)]),
        np.concatenate([part.sizes for part in parts]),
        b"".join([part.payload for part in parts]),
        parts[-1].next_offset,
        [key for part in parts for key in (part.keys or [b""] * len(part))] if has_keys else (),
        {
            before + number: headers
            for part, before in zip(parts, messages_before[:-1], strict=True)
            for number, headers in part.headers.items()
        },
    )
