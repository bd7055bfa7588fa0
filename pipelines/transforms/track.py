"""From chunks to rows: each battery's readings are folded into its state, and what changed is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.analytics import decode_state
from pipelines.transforms.folding import FoldingDoFn, acknowledged
from schemas import DeadLetterChunk, Position, ReadingChunk, decode_chunk


class Track(FoldingDoFn):
    """Fold each battery's readings into its state; write what changed when the bundle ends; then acknowledge.

    The state cell is a cache of the store's snapshot. A cold battery reads the snapshot and skips the readings that
    were applied to it.
    """

    STATE = ReadModifyWriteStateSpec("battery", BytesCoder())

    def start_bundle(self) -> None:
        super().start_bundle()
        self._positions: list[tuple[Position, Timestamp]] = []

    def process(
        self,
        keyed: tuple[str, bytes],
        held: Any = beam.DoFn.StateParam(STATE),
        timestamp: Any = beam.DoFn.TimestampParam,
    ) -> None:
        chunk = decode_chunk(keyed[1])
        if isinstance(chunk, DeadLetterChunk):
            self.refuse(chunk.letters)
        else:
            held.write(self._next(chunk, held.read()))
        self._positions.append((chunk.position, timestamp))

    def _next(self, chunk: ReadingChunk, held: bytes | None) -> bytes:
        battery_id = chunk.battery_id
        before = decode_state(held) if held is not None else self.cold([battery_id])[battery_id]
        after = self.folded(before, chunk)
        return held if after is before and held is not None else self.kept(battery_id, after)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        self.write()
        for position, timestamp in self._positions:
            yield WindowedValue(acknowledged(position), timestamp, (GlobalWindow(),))
        self._positions = []
