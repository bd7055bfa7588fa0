"""The rows as they are stored, made from what was folded."""

from __future__ import annotations

from typing import cast

import msgspec

from pipelines.analytics.direction import NAMES, commonest
from pipelines.analytics.layout import (
    AXIS,
    CURRENT,
    CYCLE_COUNT,
    TEMPERATURE,
    UNIX_TIME,
    VOLTAGE,
    Floats,
    as_readings,
)
from pipelines.analytics.measured import (
    Four,
    Official,
    bridged_share_percent,
    efficiency_percent,
    measured,
    no_efficiency,
    ratio,
)
from pipelines.analytics.segment import Segment
from pipelines.analytics.state import BatteryState
from pipelines.analytics.turn import Cycle, Step
from schemas import UNKNOWN_COUNT, BatteryRow, CycleRow, LateReading, ReadingChunk, Status, StepRow, TracePoint


class Rows(msgspec.Struct, frozen=True):
    """What one call of `track` found: the newest row of each key it touched."""

    battery: BatteryRow | None = None
    cycles: tuple[CycleRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    trace: tuple[TracePoint, ...] = ()
    late: tuple[LateReading, ...] = ()


class Heading(msgspec.Struct, frozen=True):
    """What all rows of one call and one test have in common."""

    battery_id: str
    test_id: str
    group: str
    revision: int
    counter_tolerance: float


def step_row(heading: Heading, step: Step, status: Status) -> StepRow:
    """The row of a step."""
    s = step.segment
    official, (integral, counter, deviation) = measured(s, heading.counter_tolerance)
    duration_s = s.end_s - s.start_s
    return StepRow(
        heading.battery_id,
        step.number,
        step.cycle_number,
        heading.test_id,
        count(s.cycle_count),
        count(s.step_count),
        count(s.step_id),
        commonest(
            s.charging_readings, s.discharging_readings, s.readings - s.charging_readings - s.discharging_readings
        ),
        status,
        s.start_s,
        s.start_unix_s,
        duration_s,
        *official.moved(),
        ratio(s.sums.charge_as - s.sums.discharge_as, duration_s),
        s.voltage_first_v,
        s.voltage_last_v,
        s.voltage_min_v,
        s.voltage_max_v,
        *_warmth_and_gap(s),
        s.readings,
        s.duplicates,
        *integral,
        *counter,
        *deviation,
        official.capacity_source,
        official.energy_source,
        bridged_share_percent(s),
        _mean_voltage(official.of_one_source(integral)),
        ratio(s.sums.temperature_cs, s.sums.temperature_known_s),
        *step.onset,
        heading.revision,
    )


def cycle_row(heading: Heading, cycle: Cycle, status: Status) -> CycleRow:
    """The row of a cycle."""
    s = cycle.segment
    official, (integral, counter, deviation) = measured(s, heading.counter_tolerance)
    mean_v = _mean_voltages(official.of_one_source(integral))
    return CycleRow(
        heading.battery_id,
        cycle.number,
        heading.test_id,
        heading.group,
        count(s.cycle_count),
        status,
        s.start_s,
        s.start_unix_s,
        s.end_s - s.start_s,
        s.sums.charging_s,
        s.sums.discharging_s,
        *official.moved(),
        *_efficiencies(official),
        *mean_v,
        s.end_of_charge_v,
        s.end_of_discharge_v,
        *_window(s),
        *_warmth_and_gap(s),
        cycle.steps,
        s.readings,
        s.duplicates,
        *integral,
        *counter,
        *deviation,
        official.capacity_source,
        official.energy_source,
        bridged_share_percent(s),
        s.sums.resting_s,
        official.charge_ah + official.discharge_ah,
        *_voltage_loss(*mean_v),
        efficiency_percent(official.discharge_ah, cycle.previous_charge_ah),
        no_efficiency(official, status),
        ratio(s.sums.temperature_cs, s.sums.temperature_known_s),
        heading.revision,
    )


def battery_row(heading: Heading, state: BatteryState, direction: int, step: Step, cycle: Cycle) -> BatteryRow:
    """The row of a battery whose newest reading has that direction and belongs to that step and cycle."""
    newest, tally = cast(Floats, state.newest()).tolist(), state.tally
    return BatteryRow(
        heading.battery_id,
        heading.group,
        heading.test_id,
        newest[AXIS],
        newest[UNIX_TIME],
        newest[CURRENT],
        newest[VOLTAGE],
        newest[TEMPERATURE],
        cycle.number,
        count(cycle.segment.cycle_count),
        step.number,
        NAMES[direction],
        tally.readings,
        tally.duplicates,
        tally.late,
        tally.first_arrival_s,
        tally.last_arrival_s,
        heading.revision,
    )


def late_reading(chunk: ReadingChunk, test_id: str, number: int, time_s: float) -> LateReading:
    """The row of a late reading, by its number in the chunk and its time on the battery's axis [s]."""
    reading = as_readings(chunk.values[:, number : number + 1])[:, 0].tolist()
    return LateReading(
        chunk.position.partition,
        int(chunk.offsets[number]),
        int(chunk.indices[number]),
        chunk.battery_id,
        test_id,
        time_s,
        reading[UNIX_TIME],
        reading[CURRENT],
        reading[VOLTAGE],
        count(reading[CYCLE_COUNT]),
        chunk.arrival_unix_second,
    )


def _window(s: Segment) -> tuple[float, float, float, float]:
    return s.voltage_min_v, s.voltage_max_v, s.current_min_a, s.current_max_a


def _warmth_and_gap(s: Segment) -> tuple[float, float, float]:
    return s.temperature_min_c, s.temperature_max_c, s.gap_max_s


def _efficiencies(official: Official) -> tuple[float, float]:
    """Of charge and of energy [%]."""
    charge_ah, discharge_ah, charge_wh, discharge_wh = official.moved()
    return efficiency_percent(discharge_ah, charge_ah), efficiency_percent(discharge_wh, charge_wh)


def _mean_voltage(moved: Four) -> float:
    """Energy over charge, both directions together [V]."""
    charge_ah, discharge_ah, charge_wh, discharge_wh = moved
    return ratio(charge_wh + discharge_wh, charge_ah + discharge_ah)


def _mean_voltages(moved: Four) -> tuple[float, float]:
    """The same of each direction [V]."""
    charge_ah, discharge_ah, charge_wh, discharge_wh = moved
    return ratio(charge_wh, charge_ah), ratio(discharge_wh, discharge_ah)


def _voltage_loss(charging_v: float, discharging_v: float) -> tuple[float, float]:
    """Voltage efficiency [%] and hysteresis [V]."""
    return 100.0 * ratio(discharging_v, charging_v), charging_v - discharging_v


def count(value: float) -> int:
    """The cycler's count as it is kept in a row."""
    return int(value) if value == value else UNKNOWN_COUNT
