"""How much one message may ask for; what is over it is refused before it costs anything."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.reading import MAX_AHEAD_SECOND, MAX_BATCH_BYTES, MAX_READING_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one message.

    Attributes:
        reading_bytes: Size of a message with one reading [byte].
        batch_bytes: Size of a message with several, as it came [byte].
        inflated_bytes: Size of its compressed buffers together, once they are inflated [byte].
        readings: How many readings it may hold. It may not hold more of them than it has bytes either, so that
            many small messages cannot ask for more than a large one.
        refused_readings: How many of its readings get dead letters of their own; over that, all of it is refused.
        ahead_second: How far a reading may lie ahead of its arrival [s].
    """

    reading_bytes: int = MAX_READING_BYTES
    batch_bytes: int = MAX_BATCH_BYTES
    inflated_bytes: int = 16 * MAX_BATCH_BYTES
    readings: int = 100_000
    refused_readings: int = 1000
    ahead_second: float = MAX_AHEAD_SECOND
