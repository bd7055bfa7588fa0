"""What is added up over one unbroken run of readings of one step and one cycle.

Only segments are added up reading by reading. A step or a cycle is the merger of its segments, from left to right,
and where segments begin depends on the readings alone: so every sum has one order of its terms, and one value to the
last bit, however the readings are cut into chunks.
"""

from __future__ import annotations

from operator import add
from typing import NamedTuple

import msgspec


class Sums(NamedTuple):
    """Integrals over time, and what the cycler counted; charges and energies are magnitudes.

    The temperature is integrated where it is known; that time stands beside it. ``bridged_as`` is that
    part of both charges that lies in gaps.
    """

    charge_as: float = 0.0
    discharge_as: float = 0.0
    charge_ws: float = 0.0
    discharge_ws: float = 0.0
    charging_s: float = 0.0
    discharging_s: float = 0.0
    temperature_cs: float = 0.0
    temperature_known_s: float = 0.0
    counted_charge_ah: float = 0.0
    counted_discharge_ah: float = 0.0
    counted_charge_wh: float = 0.0
    counted_discharge_wh: float = 0.0
    bridged_as: float = 0.0
    resting_s: float = 0.0


class Segment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One segment, or the merger of several.

    NaN is "not known" or "there was none". Times are on the battery's axis. The cycler's counts are the
    newest ones told.
    Counted are the readings at which the cycler's counters tell charge or energy.
    The end is that of the last reading while the segment is open, else where the next one begins.
    """

    sums: Sums
    readings: int
    duplicates: int
    charging_readings: int
    discharging_readings: int
    current_min_a: float
    voltage_min_v: float
    temperature_min_c: float
    current_max_a: float
    voltage_max_v: float
    temperature_max_c: float
    gap_max_s: float
    start_s: float
    start_unix_s: float
    end_s: float
    voltage_first_v: float
    voltage_last_v: float
    end_of_charge_v: float
    end_of_discharge_v: float
    cycle_count: float
    step_count: float
    step_id: float
    counted_charges: int = 0
    counted_energies: int = 0


def plus(a: Sums, b: Sums) -> Sums:
    """The sums of both."""
    return Sums._make(map(add, a, b))


def merge(earlier: Segment | None, later: Segment) -> Segment:
    """Both as one; `None` is nothing."""
    return later if earlier is None else join(earlier, later, plus(earlier.sums, later.sums))


def join(a: Segment, b: Segment, sums: Sums) -> Segment:
    """The earlier ``a`` and the later ``b`` as one, with ``sums`` in place of theirs."""
    return Segment(
        sums,
        a.readings + b.readings,
        a.duplicates + b.duplicates,
        a.charging_readings + b.charging_readings,
        a.discharging_readings + b.discharging_readings,
        _lesser(a.current_min_a, b.current_min_a),
        _lesser(a.voltage_min_v, b.voltage_min_v),
        _lesser(a.temperature_min_c, b.temperature_min_c),
        _greater(a.current_max_a, b.current_max_a),
        _greater(a.voltage_max_v, b.voltage_max_v),
        _greater(a.temperature_max_c, b.temperature_max_c),
        _greater(a.gap_max_s, b.gap_max_s),
        a.start_s,
        a.start_unix_s,
        b.end_s,
        a.voltage_first_v,
        b.voltage_last_v,
        _known(b.end_of_charge_v, a.end_of_charge_v),
        _known(b.end_of_discharge_v, a.end_of_discharge_v),
        _known(b.cycle_count, a.cycle_count),
        _known(b.step_count, a.step_count),
        _known(b.step_id, a.step_id),
        a.counted_charges + b.counted_charges,
        a.counted_energies + b.counted_energies,
    )


def _lesser(a: float, b: float) -> float:
    """The lesser one; the other when one is NaN."""
    return a if a <= b or b != b else b


def _greater(a: float, b: float) -> float:
    """The greater one; the other when one is NaN."""
    return a if a >= b or b != b else b


def _known(first: float, second: float) -> float:
    """The first one unless it is NaN."""
    return first if first == first else second
