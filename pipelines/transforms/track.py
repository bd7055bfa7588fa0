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

from pipelines.analytics import BatteryState, Settings, decode_state, encode_state
from pipelines.dead_letters import Publisher
from pipelines.transforms.bundle_builder import BundleBuilder
from pipelines.transforms.refuse import track_or_refuse
from pipelines.transforms.resources import StoreDoFn
from schemas import (
    Acknowledgement,
    DeadLetter,
    DeadLetterChunk,
    Position,
    ReadingChunk,
    Snapshot,
    decode_chunk,
    encode_acknowledgement,
)


class Track(StoreDoFn):
    """Fold each battery's readings into its state; write what changed when the bundle ends; then acknowledge.

    The state cell is a cache of the store's snapshot. A cold battery reads the snapshot and skips the readings that
    were applied to it. At-least-once in, exactly-once in effect: rows, snapshots and dead letters are idempotent.
    Dead letters go to a topic of their own as well, when there is one.
    """

    STATE = ReadModifyWriteStateSpec("battery", BytesCoder())

    def __init__(
        self, store_url: str, epoch: int, settings: Settings, dead_letter_url: str | None, source_url: str
    ) -> None:
        super().__init__(store_url)
        self._epoch = epoch
        self._settings = settings
        self._dead_letter_url = dead_letter_url
        self._source_url = source_url

    def setup(self) -> None:
        super().setup()
        url = self._dead_letter_url
        self._publisher = None if url is None else Publisher(url, self._source_url)

    def teardown(self) -> None:
        super().teardown()
        if self._publisher is not None:
            self._publisher.close()

    def start_bundle(self) -> None:
        self._bundle = BundleBuilder()
        self._letters: list[DeadLetter] = []
        self._positions: list[tuple[Position, Timestamp]] = []

    def process(
        self,
        keyed: tuple[str, bytes],
        held: Any = beam.DoFn.StateParam(STATE),
        timestamp: Any = beam.DoFn.TimestampParam,
    ) -> None:
        chunk = decode_chunk(keyed[1])
        if isinstance(chunk, DeadLetterChunk):
            self._letters.extend(chunk.letters)
        else:
            held.write(self._folded(chunk, held.read()))
        self._positions.append((chunk.position, timestamp))

    def _folded(self, chunk: ReadingChunk, held: bytes | None) -> bytes:
        before = decode_state(held) if held is not None else self._cold(chunk.battery_id)
        after, pieces, letters = track_or_refuse(before, chunk, self._settings)
        if after is before and held is not None:
            return held
        for rows in pieces:
            self._bundle.add_rows(rows)
        self._letters.extend(letters)
        state = encode_state(after)
        self._bundle.add_snapshot(Snapshot(chunk.battery_id, state, after.revision))
        return state

    def _cold(self, battery_id: str) -> BatteryState:
        snapshot = self.store.snapshots([battery_id]).get(battery_id)
        state = BatteryState.empty() if snapshot is None else decode_state(snapshot.state)
        return state.with_revision(max(self._epoch, state.revision + 1))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self._publisher is not None:
            # Before the snapshots: a reading that was applied makes no letter when it comes again.
            self._publisher.publish(self._letters)
        self._bundle.add_dead_letters(self._letters)
        self.store.write(self._bundle.bundle())
        for position, timestamp in self._positions:
            yield WindowedValue(_acknowledged(position), timestamp, (GlobalWindow(),))
        self._positions = []


def _acknowledged(position: Position) -> tuple[str, bytes]:
    acknowledgement = Acknowledgement(position.first_offset, position.next_offset, position.part, position.parts)
    return position.partition, encode_acknowledgement(acknowledgement)
