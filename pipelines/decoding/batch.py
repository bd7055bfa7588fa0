"""The messages of one poll to chunks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipelines.decoding.check import faults_of
from pipelines.decoding.columns import Columns
from pipelines.decoding.elements import Element, elements_of
from pipelines.decoding.json_reading import WireReading, columns_of, decode_reading
from pipelines.decoding.letters import Letters
from pipelines.decoding.limits import Limits
from pipelines.decoding.message import read_message
from pipelines.decoding.piece import Piece, pieces_of, without
from pipelines.decoding.refusal import HOSTILE_INPUT, Refusal, refusal_of
from schemas import RecordBatch

_DEFAULT_LIMITS = Limits()


def decode(batch: RecordBatch, limits: Limits = _DEFAULT_LIMITS) -> list[Element]:
    """Readings by battery, and dead letters.

    Args:
        batch: Messages in any of the formats, mixed at will.
        limits: Of one message.

    Returns:
        Key and chunk, at least one: a `ReadingChunk` under its battery for each run of readings with the same
        battery, test and group, those of a battery in the order of their offsets, no offset in two of them;
        then, if a message or reading was refused or there is nothing else, a `DeadLetterChunk`.
    """
    poll = _Poll(batch, limits)
    if batch.lost_until > batch.first_offset:
        poll.letters.lose()
    pieces = list(poll.pieces())
    return elements_of(batch, pieces, poll.letters.written())


class _Poll:
    """One poll on its way."""

    def __init__(self, batch: RecordBatch, limits: Limits) -> None:
        self.letters = Letters(batch)
        self._batch = batch
        self._limits = limits
        self._latest_unix_second = batch.arrival_unix_second + limits.ahead_second

    def pieces(self) -> Iterator[Piece]:
        """All that is taken; one-reading messages are gathered up to the next batch message, to keep the order."""
        single: dict[int, WireReading] = {}
        sizes = self._batch.sizes.tolist()
        for number, message in enumerate(self._batch.messages()):
            if sizes[number] <= self._limits.reading_bytes:
                try:
                    single[number] = decode_reading(message)
                    continue
                except HOSTILE_INPUT:
                    pass  # a batch, or bad: looked at more closely
            found = self._read(number, message, sizes[number])
            if isinstance(found, WireReading):
                single[number] = found
            elif found is not None:
                yield from self._of_singles(single)
                single.clear()
                yield from self._of_batch(number, found)
        yield from self._of_singles(single)

    def _read(self, number: int, message: bytes, size: int) -> WireReading | Columns | None:
        try:
            return read_message(message, size, self._limits)
        except HOSTILE_INPUT as error:
            self.letters.refuse_message(number, refusal_of(error))
            return None

    def _of_singles(self, single: dict[int, WireReading]) -> Iterator[Piece]:
        if not single:
            return
        numbers = np.fromiter(single, np.int64, len(single))
        columns = columns_of(list(single.values()))
        faults = faults_of(columns, self._latest_unix_second)
        for place, refusal in faults.items():
            self.letters.refuse_message(int(numbers[place]), refusal)
        taken, kept = without(columns, list(faults))
        yield from pieces_of(taken, self._batch.offsets[numbers[kept]], np.zeros(len(kept), np.int64))

    def _of_batch(self, number: int, columns: Columns) -> Iterator[Piece]:
        faults = faults_of(columns, self._latest_unix_second)
        if len(faults) > self._limits.refused_readings:
            self.letters.refuse_message(number, _summary(faults, len(columns)))
            return
        for place, refusal in faults.items():
            self.letters.refuse_reading(number, place, refusal, columns)
        taken, kept = without(columns, list(faults))
        yield from pieces_of(taken, np.full(len(kept), self._batch.offsets[number]), kept)


def _summary(faults: dict[int, Refusal], readings: int) -> Refusal:
    first = min(faults)
    detail = f"{len(faults)} of {readings} readings are refused; reading {first}: {faults[first].detail}"
    return Refusal(faults[first].reason, detail)
