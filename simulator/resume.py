"""Where a lab stands, read off the messages that are there: each reading is sent once."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.arrow_messages import decode_arrow, is_arrow
from simulator.lab import Lab
from simulator.publisher import Publisher, partition_of
from simulator.readings import TEST_TIME

Integers = NDArray[np.int64]

SLICE_MS = 600_000
"""Most lab time that is published at once, battery after battery [ms]."""

_FIRST_BYTES = 4 * 1024 * 1024


class Standing(NamedTuple):
    """How far a lab was published.

    Attributes:
        published: Readings of each battery, shape (batteries,).
        lab_ms: Lab time that was reached; some batteries may lag by a slice [ms].
        start_unix_second: Of the lab; `None` when nothing was published yet, UTC [s].
    """

    published: Integers
    lab_ms: int
    start_unix_second: float | None


class _Said(msgspec.Struct):
    """The part of a message that tells where its battery stands."""

    battery_id: str
    record_index: list[int] | int
    test_time_second: list[float] | float
    unix_time_second: list[float] | float


class _Newest(NamedTuple):
    """Of one message: its battery, the highest number in it, the latest lab time, and the lab's start [ms]."""

    battery: int
    record: int
    lab_ms: int
    start_ms: int


_decoder = msgspec.json.Decoder(_Said)


class OtherLabError(ValueError):
    """The messages that are there are those of a lab with other settings."""


def standing(lab: Lab, publisher: Publisher) -> Standing:
    """Look how far the lab was published.

    Raises:
        OtherLabError: Readings there are not those of this lab.
    """
    published = np.zeros_like(lab.begin_ms)
    newest: list[_Newest] = []
    for partition in range(publisher.partitions):
        members = [k for k, name in enumerate(lab.battery_ids) if partition_of(name, publisher.partitions) == partition]
        found = _partition(lab, publisher, partition, members, published)
        newest.extend(found)
    if not newest:
        return Standing(published, 0, None)
    _check_same_lab(lab, newest)
    start_ms = statistics.median_low(one.start_ms for one in newest)
    return Standing(published, max(one.lab_ms for one in newest) + 1, start_ms / 1000.0)


def _partition(
    lab: Lab, publisher: Publisher, partition: int, members: Sequence[int], published: Integers
) -> list[_Newest]:
    """Read backward until every battery of the partition is seen, or surely has nothing there."""
    size, before = _FIRST_BYTES, -1
    while True:
        messages = publisher.tail(partition, size)
        newest = list(_newest(lab, messages))
        for one in newest:
            published[one.battery] = max(published[one.battery], one.record)
        unseen = [battery for battery in members if published[battery] == 0]
        finished = _finished(lab, newest, unseen)
        if len(messages) == before or len(finished) + len(_ahead(lab, newest, unseen)) == len(unseen):
            published[finished] = lab.records.totals[finished]
            return newest
        size, before = 4 * size, len(messages)


def _check_same_lab(lab: Lab, newest: Sequence[_Newest]) -> None:
    """The newest reading of each battery must have the time that this lab gives it."""
    last = {one.battery: one for one in sorted(newest, key=lambda one: one.record)}
    for battery, one in last.items():
        name, known = lab.battery_ids[battery], int(lab.records.totals[battery])
        same = one.record <= known and one.lab_ms == lab.begin_ms[battery] + _test_ms(lab, name, one.record)
        if not same:
            raise OtherLabError(
                f"reading {one.record} of battery {name} there is of a lab with other settings: "
                "use the same settings again, or another place."
            )


def _test_ms(lab: Lab, battery_id: str, record: int) -> int:
    reading = lab.read_one(battery_id, record - 1, record, 0.0)
    return round(float(reading.values[TEST_TIME, 0]) * 1000.0)


def _finished(lab: Lab, newest: Iterable[_Newest], unseen: Sequence[int]) -> list[int]:
    """Those whose last cycle had ended before the slice that the oldest message belongs to."""
    oldest = min((one.lab_ms for one in newest), default=0)
    return [battery for battery in unseen if lab.end_ms[battery] <= oldest - SLICE_MS]


def _ahead(lab: Lab, newest: Iterable[_Newest], unseen: Sequence[int]) -> list[int]:
    """Those whose test begins after the slice that the newest message belongs to."""
    latest = max((one.lab_ms for one in newest), default=np.inf)
    return [battery for battery in unseen if lab.begin_ms[battery] >= latest + SLICE_MS]


def _newest(lab: Lab, messages: Iterable[bytes]) -> Iterator[_Newest]:
    index = {name: battery for battery, name in enumerate(lab.battery_ids)}
    for said in map(_said, messages):
        if said is not None and said.battery_id in index:
            battery = index[said.battery_id]
            test_s, unix_s, records = (
                value if isinstance(value, list) else [value]
                for value in (said.test_time_second, said.unix_time_second, said.record_index)
            )
            begin_ms = int(lab.begin_ms[battery])
            start_ms = round(unix_s[0] * 1000.0) - round(test_s[0] * 1000.0) - begin_ms
            yield _Newest(battery, int(max(records)), round(max(test_s) * 1000.0) + begin_ms, start_ms)


def _said(message: bytes) -> _Said | None:
    """`None` for a message that says nothing about a reading."""
    try:
        if is_arrow(message):
            battery_id, columns = decode_arrow(message)
            return msgspec.convert(columns | {"battery_id": battery_id}, _Said)
        return _decoder.decode(message)
    except (ValueError, OSError, KeyError):  # msgspec's and Arrow's errors are among them
        return None
