"""From chunks to rows where a runner keeps no state between runs: many batteries together, cold, in one go.

A keyed stateful stage of a bounded run is one bundle, and so one write, for every battery. Here the key is a shard:
all batteries whose names fall on one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.transforms.folding import FoldingDoFn, acknowledged
from schemas import DeadLetterChunk, Position, ReadingChunk, decode_chunk


class KeyByShard(beam.DoFn):
    """Give an element the number of its key's shard as its key; dead letters have a key, and so a shard, too."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, keyed: tuple[str, bytes]) -> Iterator[tuple[str, bytes]]:
        yield str(crc32(keyed[0].encode()) % self._shards), keyed[1]


class TrackShard(FoldingDoFn):
    """Fold all of a run's readings of a shard's batteries into their snapshots; one write; then acknowledge.

    The same fold as `Track`, which meets the same chunks in the same order.
    """

    def start_bundle(self) -> None:
        super().start_bundle()
        self._positions: list[Position] = []

    def process(self, keyed: tuple[str, Iterable[bytes]]) -> None:
        chunks = sorted(map(decode_chunk, keyed[1]), key=_place)
        batteries: dict[str, list[ReadingChunk]] = {}
        for chunk in chunks:
            if isinstance(chunk, DeadLetterChunk):
                self.refuse(chunk.letters)
            else:
                batteries.setdefault(chunk.battery_id, []).append(chunk)
        for battery_id, state in self.cold(list(batteries)).items():
            for chunk in batteries[battery_id]:
                state = self.folded(state, chunk)
            self.kept(battery_id, state)
        self._positions += [chunk.position for chunk in chunks]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        self.write()
        for position in self._positions:
            yield WindowedValue(acknowledged(position), MIN_TIMESTAMP, (GlobalWindow(),))
        self._positions = []


def _place(chunk: ReadingChunk | DeadLetterChunk) -> tuple[str, int, int]:
    """Where a chunk stands among those of its battery: a shuffle keeps no order."""
    position = chunk.position
    return position.partition, position.first_offset, position.part
