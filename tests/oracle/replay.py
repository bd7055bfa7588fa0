"""The oracle: a battery's readings replayed one by one, as plainly as can be, to judge the product by.

It shares no code with the analytics. Rules 1 to 5 are in `admission`, 6 to 10 in `fold`, 10 to 12 in `rows`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas import BatteryRow, CycleRow, LateReading, ReadingChunk, StepRow, TracePoint
from tests.oracle.admission import Admission
from tests.oracle.arrival import Arrival, arrival_of_message, arrivals_of_chunk
from tests.oracle.differences import differences
from tests.oracle.fold import Fold
from tests.oracle.rows import battery_row, cycle_row, statuses, step_row, trace_points

__all__ = ["Replayed", "differences", "replay", "replay_messages"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the tables must hold for one battery; every revision is 0.

    Attributes:
        cycles: By cycle_number.
        steps: By step_number.
        battery: `None` when no reading was accepted.
        trace: By bucket.
        late: In order of arrival.
        accepted: Readings that count in rows.
        duplicates: Readings that came again while their twin was pending.
    """

    cycles: dict[int, CycleRow]
    steps: dict[int, StepRow]
    battery: BatteryRow | None
    trace: dict[int, TracePoint]
    late: list[LateReading]
    accepted: int
    duplicates: int


def replay(
    chunks: Iterable[ReadingChunk],
    horizon_second: float = 30.0,
    horizon_readings: int = 64,
    trace_interval_second: float = 30.0,
) -> Replayed:
    """The tables after the chunks of one battery, in order of arrival; offsets that come again are skipped.

    Raises:
        ValueError: A reading without a time, or with another time base than its test.
    """
    admission = Admission(horizon_second, horizon_readings)
    battery_id, group = "", ""
    applied: dict[str, int] = {}
    for chunk in chunks:
        battery_id = chunk.battery_id
        partition = chunk.position.partition
        already = applied.get(partition, -1)
        for arrival in arrivals_of_chunk(chunk):
            if arrival.offset > already:
                admission.take(arrival)
                group = arrival.group or group
                applied[partition] = max(applied.get(partition, -1), arrival.offset)
        if chunk.closes:
            admission.close()
    return _replayed(battery_id, group, admission, trace_interval_second)


def replay_messages(
    messages: Iterable[Mapping[str, Any]],
    closes: bool = False,
    horizon_second: float = 30.0,
    horizon_readings: int = 64,
    trace_interval_second: float = 30.0,
) -> dict[str, Replayed]:
    """The tables of each battery after decoded messages, in order of arrival.

    Args:
        messages: Fields of `schemas.Reading`, unknown ones `None` or left out; may carry ``partition``, ``offset``,
            ``reading_index`` and ``arrival_unix_second``. Each of them is applied: nothing is skipped by offset.
        closes: True when the source has ended.
        horizon_second: Within which readings may come out of order [s].
        horizon_readings: Number of readings that are pending at most.
        trace_interval_second: Length of a bucket of the trace [s].

    Raises:
        ValueError: As in `replay`.
    """
    by_battery: dict[str, list[Arrival]] = {}
    for number, message in enumerate(messages):
        by_battery.setdefault(message["battery_id"], []).append(arrival_of_message(message, number))
    replayed = {}
    for battery_id, arrivals in by_battery.items():
        admission, group = Admission(horizon_second, horizon_readings), ""
        for arrival in arrivals:
            admission.take(arrival)
            group = arrival.group or group
        if closes:
            admission.close()
        replayed[battery_id] = _replayed(battery_id, group, admission, trace_interval_second)
    return replayed


def _replayed(battery_id: str, group: str, admission: Admission, trace_interval_second: float) -> Replayed:
    fold = Fold()
    for test in admission.tests:
        fold.add_test(test)
    cycles = zip(fold.cycles, statuses(fold.cycles, admission.limit, admission.closed), strict=True)
    steps = zip(fold.steps, statuses(fold.steps, admission.limit, admission.closed), strict=True)
    cycle_of = {id(reading): cycle.number for cycle in fold.cycles for reading in cycle.readings}
    newest = admission.newest
    return Replayed(
        cycles={span.number: cycle_row(battery_id, group, span, status) for span, status in cycles},
        steps={
            span.number: step_row(battery_id, span, cycle_of[id(span.readings[-1])], status) for span, status in steps
        },
        battery=None if newest is None else battery_row(battery_id, group, admission, fold, newest),
        trace=trace_points(battery_id, fold.cycles, trace_interval_second),
        late=admission.late,
        accepted=admission.accepted,
        duplicates=admission.duplicates,
    )
