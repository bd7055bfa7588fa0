"""The rows of spans and readings: rules 9 to 12. Revisions are 0: they are not judged."""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

from schemas import UNKNOWN_COUNT, BatteryRow, CycleRow, Direction, Status, StepRow, TracePoint
from tests.oracle.admission import Admission
from tests.oracle.arrival import Content, Kept
from tests.oracle.fold import Fold, Span
from tests.oracle.measured import charges, efficiencies, means, onset

DIRECTIONS: tuple[Direction, ...] = ("charge", "discharge", "rest")


def step_row(battery_id: str, span: Span, cycle_number: int, status: Status) -> StepRow:
    """A step; ``cycle_number`` is the cycle of its last reading."""
    duration = span.end - span.start
    volts = [reading.content.voltage_volt for reading in span.readings]
    coldest, warmest = _extremes(reading.content.temperature_t1_celsius for reading in span.readings)
    return StepRow(
        battery_id=battery_id,
        step_number=span.number,
        cycle_number=cycle_number,
        test_id=span.test.test_id,
        cycle_count=_newest_known(span, "cycle_count"),
        step_count=_newest_known(span, "step_count"),
        step_id=_newest_known(span, "step_id"),
        direction=_most_common_direction(span),
        status=status,
        start_time_second=span.start,
        start_unix_second=_start_unix(span),
        duration_second=duration,
        **charges(span),
        **means(span),
        **onset(span),
        current_mean_ampere=(span.charged_as - span.discharged_as) / duration if duration else math.nan,
        voltage_first_volt=volts[0],
        voltage_last_volt=volts[-1],
        voltage_min_volt=min(volts),
        voltage_max_volt=max(volts),
        temperature_min_celsius=coldest,
        temperature_max_celsius=warmest,
        max_gap_second=span.max_gap,
        reading_count=len(span.readings),
        duplicate_count=sum(reading.duplicates for reading in span.readings),
        revision=0,
    )


def cycle_row(battery_id: str, group: str, span: Span, status: Status) -> CycleRow:
    """A cycle."""
    volts = [reading.content.voltage_volt for reading in span.readings]
    amperes = [reading.content.current_ampere for reading in span.readings]
    coldest, warmest = _extremes(reading.content.temperature_t1_celsius for reading in span.readings)
    return CycleRow(
        battery_id=battery_id,
        cycle_number=span.number,
        test_id=span.test.test_id,
        group=group,
        cycle_count=_newest_known(span, "cycle_count"),
        status=status,
        start_time_second=span.start,
        start_unix_second=_start_unix(span),
        duration_second=span.end - span.start,
        charging_time_second=span.charging_time,
        discharging_time_second=span.discharging_time,
        **charges(span),
        **efficiencies(span, status),
        rest_time_second=span.rest_time,
        temperature_mean_celsius=means(span)["temperature_mean_celsius"],
        end_of_charge_voltage_volt=_last_voltage(span, "charge"),
        end_of_discharge_voltage_volt=_last_voltage(span, "discharge"),
        voltage_min_volt=min(volts),
        voltage_max_volt=max(volts),
        current_min_ampere=min(amperes),
        current_max_ampere=max(amperes),
        temperature_min_celsius=coldest,
        temperature_max_celsius=warmest,
        max_gap_second=span.max_gap,
        steps=span.steps,
        reading_count=len(span.readings),
        duplicate_count=sum(reading.duplicates for reading in span.readings),
        revision=0,
    )


def battery_row(battery_id: str, group: str, admission: Admission, fold: Fold, newest: Kept) -> BatteryRow:
    """The newest of the battery."""
    content = newest.content
    return BatteryRow(
        battery_id=battery_id,
        group=group,
        test_id=admission.tests[-1].test_id,
        time_second=newest.time,
        unix_time_second=_or_nan(content.unix_time_second),
        current_ampere=content.current_ampere,
        voltage_volt=content.voltage_volt,
        temperature_t1_celsius=_or_nan(content.temperature_t1_celsius),
        cycle_number=fold.cycles[-1].number,
        cycle_count=_newest_known(fold.cycles[-1], "cycle_count"),
        step_number=fold.steps[-1].number,
        direction=newest.direction,
        reading_count=admission.accepted,
        duplicate_count=admission.duplicates,
        late_count=len(admission.late),
        first_arrival_unix_second=admission.first_arrival_unix_second,
        last_arrival_unix_second=newest.arrival_unix_second,
        revision=0,
    )


def trace_points(battery_id: str, cycles: list[Span], interval_second: float) -> dict[int, TracePoint]:
    """The newest reading of each bucket of the axis (rule 12)."""
    points = {}
    for cycle in cycles:
        for reading in cycle.readings:
            bucket = math.floor(reading.time / interval_second)
            points[bucket] = _trace_point(battery_id, bucket, reading.content, reading.time, cycle.number)
    return points


def statuses(spans: list[Span], limit: float, closed: bool) -> list[Status]:
    """Rule 11: how sure each row is, now that everything up to ``limit`` is settled."""
    return [_status(span, after, limit, closed) for span, after in zip_longest(spans, spans[1:])]


def _status(span: Span, after: Span | None, limit: float, closed: bool) -> Status:
    if closed:
        return "final"
    if after is None:
        return "running"
    settled = after.test is not span.test or after.readings[0].time <= limit
    return "final" if settled else "provisional"


def _trace_point(battery_id: str, bucket: int, content: Content, time: float, cycle_number: int) -> TracePoint:
    return TracePoint(
        battery_id,
        bucket,
        time,
        _or_nan(content.unix_time_second),
        content.current_ampere,
        content.voltage_volt,
        _or_nan(content.temperature_t1_celsius),
        cycle_number,
        0,
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _newest_known(span: Span, column: str) -> int:
    values = (getattr(reading.content, column) for reading in reversed(span.readings))
    return int(next((value for value in values if value is not None), UNKNOWN_COUNT))


def _most_common_direction(span: Span) -> Direction:
    counts = Counter(reading.direction for reading in span.readings)
    return max(DIRECTIONS, key=lambda direction: counts[direction])  # the first one of a tie


def _start_unix(span: Span) -> float:
    first = span.readings[0]
    return _or_nan(first.content.unix_time_second) - (first.time - span.start)


def _extremes(values: Iterable[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    return min(known, default=math.nan), max(known, default=math.nan)


def _last_voltage(span: Span, direction: Direction) -> float:
    volts = (r.content.voltage_volt for r in reversed(span.readings) if r.direction == direction)
    return next(volts, math.nan)
