"""What a run would say of a message if it came now."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from pipelines.decoding import decode
from schemas import DeadLetterChunk, RecordBatch


class Verdict(NamedTuple):
    """Of a message.

    Attributes:
        readings: How many readings of it would be taken.
        battery_id: Whose they are; empty when they are of several or of none.
        refusal: Reason and detail of the first thing that would be refused; empty when nothing would.
    """

    readings: int
    battery_id: str
    refusal: str


def verdict_of(content: bytes) -> Verdict:
    """What decoding makes of a message; what the analysis makes of its readings depends on those before them."""
    size = np.array([len(content)])
    chunks = [chunk for _, chunk in decode(RecordBatch("", 0, 1, time.time(), np.array([0]), size, size, content))]
    letters = [letter for chunk in chunks if isinstance(chunk, DeadLetterChunk) for letter in chunk.letters]
    readings = [chunk for chunk in chunks if not isinstance(chunk, DeadLetterChunk)]
    batteries = {chunk.battery_id for chunk in readings}
    return Verdict(
        sum(map(len, readings)),
        batteries.pop() if len(batteries) == 1 else "",
        f"{letters[0].reason}: {letters[0].detail}" if letters else "",
    )
