"""One reading as it arrives, and as it is kept: plain Python values, `None` for "not known"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from schemas import COLUMNS, Direction, ReadingChunk


class Content(NamedTuple):
    """What the cycler said: the fields of `COLUMNS`, in their order."""

    test_time_second: float | None
    unix_time_second: float | None
    current_ampere: float
    voltage_volt: float
    temperature_t1_celsius: float | None
    cycle_count: float | None
    step_count: float | None
    step_id: float | None
    step_time_second: float | None
    record_index: float | None
    charging_capacity_ah: float | None = None
    discharging_capacity_ah: float | None = None
    charging_energy_wh: float | None = None
    discharging_energy_wh: float | None = None


class Arrival(NamedTuple):
    """A reading on its way in."""

    partition: str
    offset: int
    reading_index: int
    arrival_unix_second: float
    battery_id: str
    test_id: str
    group: str
    content: Content


@dataclass(eq=False, slots=True)
class Kept:
    """A reading that counts.

    Attributes:
        content: As it arrived.
        time: On the battery's axis [s].
        order: Sorts the readings of one test (rule 6).
        arrival_unix_second: Of its chunk [s].
        duplicates: How often it came again while it was pending.
        direction: Its class; set when the readings are folded.
        highest_current: Largest magnitude of the current up to it, over all tests; likewise [A].
    """

    content: Content
    time: float
    order: tuple[float, float, float, float, int]
    arrival_unix_second: float
    duplicates: int = 0
    direction: Direction = "rest"
    highest_current: float = 0.0


def content_of(values: list[float | None]) -> Content:
    """The values, in the order of `COLUMNS`, with NaN and `None` alike as `None`."""
    return Content._make([None if value is None or value != value else value for value in values])


def arrivals_of_chunk(chunk: ReadingChunk) -> Iterator[Arrival]:
    """The readings of a chunk in their order."""
    head = chunk.position.partition
    tail = (chunk.arrival_unix_second, chunk.battery_id, chunk.test_id, chunk.group)
    for values, offset, index in zip(
        chunk.values.T.tolist(), chunk.offsets.tolist(), chunk.indices.tolist(), strict=True
    ):
        yield Arrival(head, offset, index, *tail, content_of(values))


def arrival_of_message(message: Mapping[str, Any], number: int) -> Arrival:
    """A decoded message (fields of `schemas.Reading`); ``number`` stands for its offset where it names none."""
    return Arrival(
        message.get("partition", ""),
        message.get("offset", number),
        message.get("reading_index", 0),
        message.get("arrival_unix_second", float("nan")),
        message["battery_id"],
        message.get("test_id") or "",
        message.get("group") or "",
        content_of([message.get(column) for column in COLUMNS]),
    )
