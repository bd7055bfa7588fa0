"""The readings every benchmark works on: the simulator's lab, cut into messages."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipelines.cli.log_publisher import text_line
from pipelines.sources.log import LogWriter, partition_of
from schemas import Position, ReadingChunk, RecordBatch
from simulator import Lab, MessageFormat, Readings, encode

START_UNIX_SECOND = 1_700_000_000.0
PARTITIONS = 4


def slices(batteries: int, readings: int, size: int) -> Iterator[list[Readings]]:
    """About ``readings`` readings of a lab in order of time, ``size`` of each battery at a time."""
    cycles = readings // (batteries * 6000) + 2
    lab = Lab(batteries=batteries, cycles=cycles)
    begin = max(lab.begin_ms)
    done = 0
    while done < readings:
        total = lab.records_before(begin)
        begin += size * 1000
        piece = lab.read(total, lab.records_before(begin), START_UNIX_SECOND)
        done += sum(part.values.shape[1] for part in piece)
        yield piece


def chunks(size: int, readings: int) -> list[ReadingChunk]:
    """One battery's readings in chunks of exactly ``size``."""
    lab = Lab(batteries=1, cycles=readings // 6000 + 2)
    values = lab.read_one(lab.battery_ids[0], 0, readings, START_UNIX_SECOND).values
    found = []
    for start in range(0, readings - size + 1, size):
        piece = np.ascontiguousarray(values[:, start : start + size])
        offsets = np.arange(start, start + size, dtype=np.int64)
        position = Position("bench", start, start + size, 0, 1)
        found.append(
            ReadingChunk("W00", "", "W", position, START_UNIX_SECOND, piece, offsets, np.zeros(size, np.int64))
        )
    return found


def record_batch(messages: list[bytes]) -> RecordBatch:
    """The messages as one poll."""
    ends = np.cumsum([len(message) for message in messages], dtype=np.int64)
    sizes = np.diff(ends, prepend=np.int64(0))
    offsets = np.arange(len(messages), dtype=np.int64)
    return RecordBatch("bench", 0, len(messages), START_UNIX_SECOND + 1e7, offsets, ends, sizes, b"".join(messages))


def write_log(directory: Path, batteries: int, readings: int, size: int, message_format: MessageFormat) -> int:
    """A readings log of the lab; returns how many readings it holds."""
    written = 0
    with LogWriter(directory, PARTITIONS) as writer:
        for piece in slices(batteries, readings, size):
            for part in piece:
                writer.append(
                    partition_of(part.battery_id.encode(), PARTITIONS),
                    list(map(text_line, encode(part, message_format))),
                )
                written += part.values.shape[1]
    return written
