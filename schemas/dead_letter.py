"""A message, or one reading of a batch, that was refused; and why."""

from __future__ import annotations

from typing import Literal, NamedTuple

MAX_PAYLOAD_BYTES = 4096
MAX_DETAIL_CHARACTERS = 400

Reason = Literal[
    "empty",
    "oversized",
    "malformed",
    "wrong_type",
    "missing_field",
    "out_of_range",
    "bad_identifier",
    "mixed_batch",
    "refused_by_analysis",
]
WHOLE_MESSAGE = -1


class DeadLetter(NamedTuple):
    """One row of the dead letter table.

    Attributes:
        partition: Source and partition.
        offset: Offset of the message.
        reading_index: Number of the reading within the message; `WHOLE_MESSAGE` when all of it was refused.
        reason: Short word, to count by.
        detail: What was wrong, for a person.
        payload: The message, cut to `MAX_PAYLOAD_BYTES`.
        payload_size: Its true size [byte].
        arrival_unix_second: When it was taken from the source, UTC [s].
    """

    partition: str
    offset: int
    reading_index: int
    reason: Reason
    detail: str
    payload: bytes
    payload_size: int
    arrival_unix_second: float
