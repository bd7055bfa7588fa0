"""The dead letters of one poll."""

from __future__ import annotations

import math

import msgspec

from pipelines.decoding.columns import Columns
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS, DeadLetter, RecordBatch
from schemas.dead_letter import MAX_DETAIL_CHARACTERS, WHOLE_MESSAGE, encode_headers


class Letters:
    """Collects them."""

    def __init__(self, batch: RecordBatch) -> None:
        self._batch = batch
        self._written: list[DeadLetter] = []

    def written(self) -> tuple[DeadLetter, ...]:
        """All of them, by offset and number of the reading."""
        return tuple(sorted(self._written, key=lambda letter: (letter.offset, letter.reading_index)))

    def lose(self) -> None:
        """What retention deleted before it was read; one letter for all of it, at its first offset."""
        batch = self._batch
        detail = f"everything from {batch.first_offset} up to {batch.lost_until} was deleted before it was read"
        self._written.append(
            DeadLetter(
                batch.partition, batch.first_offset, WHOLE_MESSAGE, "lost", detail, b"", 0, batch.arrival_unix_second
            )
        )

    def refuse_message(self, number: int, refusal: Refusal) -> None:
        """All of message ``number`` of the poll."""
        start = int(self._batch.ends[number - 1]) if number else 0
        payload = self._batch.payload[start : int(self._batch.ends[number])]
        self._write(number, WHOLE_MESSAGE, refusal, payload, int(self._batch.sizes[number]))

    def refuse_reading(self, number: int, place: int, refusal: Refusal, columns: Columns) -> None:
        """One reading of a batch message, with what is known of it as JSON."""
        payload = _reading_json(columns, place)
        self._write(number, place, refusal, payload, len(payload))

    def _write(self, number: int, index: int, refusal: Refusal, payload: bytes, size: int) -> None:
        self._written.append(
            DeadLetter(
                self._batch.partition,
                int(self._batch.offsets[number]),
                index,
                refusal.reason,
                refusal.detail[:MAX_DETAIL_CHARACTERS],
                payload,
                size,
                self._batch.arrival_unix_second,
                self._batch.keys[number] if self._batch.keys else b"",
                encode_headers(self._batch.headers.get(number, ())),
            )
        )


def _reading_json(columns: Columns, place: int) -> bytes:
    identifiers = columns.identifiers[columns.codes[place]]._asdict()
    values = dict(zip(COLUMNS, columns.values[:, place].tolist(), strict=True))
    known = {name: text for name, text in identifiers.items() if text is not None}
    return msgspec.json.encode(known | {name: value for name, value in values.items() if not math.isnan(value)})
