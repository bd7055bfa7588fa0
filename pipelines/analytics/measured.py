"""The two measurements of every charge and energy: integral and counter, how far they are apart, which one counts."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

from pipelines.analytics.segment import Segment
from schemas import NoEfficiency, Source, Status

SECONDS_PER_HOUR = 3600.0

NOISE_SHARE = 0.01
"""Up to this share of all that a row moved may be noise: it breaks no counter, and makes no efficiency."""

Four = tuple[float, float, float, float]
"""Charge in and out [Ah], energy in and out [Wh]; or what belongs to each of them."""


class Official(NamedTuple):
    """What counts: charge [Ah] and energy [Wh], in and out, and where each pair comes from."""

    charge_ah: float
    discharge_ah: float
    charge_wh: float
    discharge_wh: float
    capacity_source: Source
    energy_source: Source

    def moved(self) -> Four:
        """The numbers without their sources."""
        return self.charge_ah, self.discharge_ah, self.charge_wh, self.discharge_wh

    def of_one_source(self, integral: Four) -> Four:
        """The same where both pairs come from one source, else the integrals: a voltage is made of both pairs."""
        return self.moved() if self.capacity_source == self.energy_source else integral


Compared = tuple[Four, Four, Four]
"""What both kinds of rows have of it, in the order of their columns.

Integrals; counters; deviations of the integral from the counter [%], not known where that one is zero or not known.
"""


def measured(segment: Segment, tolerance: float) -> tuple[Official, Compared]:
    """Compare what was integrated with what was counted.

    The counter counts where it is sane: told with every reading, and in neither direction further from the integral
    than ``tolerance``, a share of the greater one. A coarse current can make the integral wrong by a tenth or more,
    so the tolerance is wide; what is out of it is a counter that stood still or was of something else. Both directions
    are of one source, so that an efficiency is.
    """
    sums = segment.sums
    charge, discharge = sums.charge_as / SECONDS_PER_HOUR, sums.discharge_as / SECONDS_PER_HOUR
    energy_in, energy_out = sums.charge_ws / SECONDS_PER_HOUR, sums.discharge_ws / SECONDS_PER_HOUR
    integral = (charge, discharge, energy_in, energy_out)
    if not segment.counted_charges and not segment.counted_energies:
        official = Official(*integral, "integral", "integral")
        return official, (integral, _UNKNOWN, _UNKNOWN)
    ah, wh = _known(segment, segment.counted_charges), _known(segment, segment.counted_energies)
    counter = (
        sums.counted_charge_ah if ah else nan,
        sums.counted_discharge_ah if ah else nan,
        sums.counted_charge_wh if wh else nan,
        sums.counted_discharge_wh if wh else nan,
    )
    capacity_source = _source(integral[:2], counter[:2], tolerance)
    energy_source = _source(integral[2:], counter[2:], tolerance)
    capacities = counter if capacity_source == "counter" else integral
    energies = counter if energy_source == "counter" else integral
    official = Official(*capacities[:2], *energies[2:], capacity_source, energy_source)
    deviations = (
        _deviation(integral[0], counter[0]),
        _deviation(integral[1], counter[1]),
        _deviation(integral[2], counter[2]),
        _deviation(integral[3], counter[3]),
    )
    return official, (integral, counter, deviations)


_UNKNOWN = (nan, nan, nan, nan)


def ratio(part: float, whole: float) -> float:
    """One over the other; not known when the other is zero."""
    return part / whole if whole else nan


def efficiency_percent(out: float, put_in: float) -> float:
    """What came out of what was put in; not known where either may be noise beside the other [%]."""
    return 100.0 * out / put_in if min(out, put_in) > NOISE_SHARE * (out + put_in) else nan


def no_efficiency(official: Official, status: Status) -> NoEfficiency:
    """Why a cycle has no coulombic efficiency; empty when it has one."""
    least_ah = NOISE_SHARE * (official.charge_ah + official.discharge_ah)
    if min(official.charge_ah, official.discharge_ah) > least_ah:
        return ""
    if status == "running":
        return "unfinished"
    return "no discharge" if official.charge_ah > least_ah else "no charge"


def _known(segment: Segment, counted: int) -> bool:
    return counted == segment.readings


def _source(integral: tuple[float, float], counter: tuple[float, float], tolerance: float) -> Source:
    moved = max(sum(integral), sum(counter))
    for one, other in zip(integral, counter, strict=True):
        apart = abs(one - other)
        if not (apart <= tolerance * max(one, other) or apart <= NOISE_SHARE * moved):  # true for NaN
            return "integral"
    return "counter"


def _deviation(integral: float, counter: float) -> float:
    return 100.0 * (integral - counter) / counter if counter else nan


def bridged_share_percent(segment: Segment) -> float:
    """The share of both charges that lies in gaps, by their integrals; 0 when nothing flowed."""
    moved_as = segment.sums.charge_as + segment.sums.discharge_as
    return 100.0 * segment.sums.bridged_as / moved_as if moved_as else 0.0
