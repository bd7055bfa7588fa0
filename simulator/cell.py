"""The cells of a lab: each a little different, the same for the same seed whatever else is in the lab."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.chemistry import chemistry_of
from simulator.open_circuit import OpenCircuit, stacked

Floats = NDArray[np.float64]

LOWEST_CAPACITY_SHARE = 0.3
"""Of the new capacity: there fade stops, so that a lab of any length has cycles."""
_KNEE_WIDTH_CYCLES = 4.0
_FADE_EXPONENT = 0.75
_KNEE_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Cells:
    """New cells, one value each, shape (n,).

    Attributes:
        curve: Open-circuit voltage.
        capacity_ah: New [Ah].
        ohmic_ohm: Resistance felt at once [ohm].
        fast_ohm: Of the first RC branch [ohm].
        slow_ohm: Of the second RC branch [ohm].
        fast_second: Time constant of the first RC branch [s].
        slow_second: Of the second [s].
        coulombic_efficiency: Share of the charging current that is stored.
        thermal_kelvin_per_watt: Warming in balance for each watt of heat [K/W].
        thermal_second: Time constant of the warming [s].
        ambient_celsius: In the cell's place of the chamber [degC].
        fade: Share of the capacity lost after 100 cycles, without a knee.
        growth: Share of the resistances gained after 100 cycles, without a knee.
        knee_cycle: From where on it ages fast; infinite when it has no knee.
        knee_fade: Share of the capacity lost for each 100 cycles behind the knee.
        phase: When its test begins, in 0 to 1 of a cycle.
        initial_soc: State of charge at the beginning of the test.
    """

    curve: OpenCircuit
    capacity_ah: Floats
    ohmic_ohm: Floats
    fast_ohm: Floats
    slow_ohm: Floats
    fast_second: Floats
    slow_second: Floats
    coulombic_efficiency: Floats
    thermal_kelvin_per_watt: Floats
    thermal_second: Floats
    ambient_celsius: Floats
    fade: Floats
    growth: Floats
    knee_cycle: Floats
    knee_fade: Floats
    phase: Floats
    initial_soc: Floats


@dataclass(frozen=True, slots=True)
class Aged:
    """What ageing changes, in one cycle, one value a cell, shape (n,); names as in `Cells`."""

    capacity_ah: Floats
    ohmic_ohm: Floats
    fast_ohm: Floats
    slow_ohm: Floats


def make_cells(battery_ids: Sequence[str], groups: Sequence[str], seed: int, begin_volt: float) -> Cells:
    """The cells with these identifiers, each of the chemistry of its group.

    A cell depends on the seed, its identifier, its group and ``begin_volt``, its voltage before the test, only.
    """
    drawn = [_draw(battery_id, group, seed) for battery_id, group in zip(battery_ids, groups, strict=True)]
    values = {name: np.array([cell[name] for cell in drawn]) for name in drawn[0]}
    curve = stacked([chemistry_of(group).curve for group in groups])
    return Cells(curve=curve, initial_soc=curve.soc(begin_volt), **values)


def aged(cells: Cells, finished_cycles: int) -> Aged:
    """The cells after so many cycles.

    Fade is a power of the cycle number (a film that grows and slows itself) plus, from the knee on, a straight
    loss with a soft beginning. The resistances grow straight, and with the knee.
    """
    hundreds = finished_cycles / 100.0
    beyond = np.logaddexp(0.0, (finished_cycles - cells.knee_cycle) / _KNEE_WIDTH_CYCLES) * _KNEE_WIDTH_CYCLES / 100.0
    fallen = cells.knee_fade * beyond
    share = np.maximum(1.0 - cells.fade * hundreds**_FADE_EXPONENT - fallen, LOWEST_CAPACITY_SHARE)
    growth = 1.0 + cells.growth * hundreds + _KNEE_GROWTH * np.minimum(fallen, 1.0)
    return Aged(cells.capacity_ah * share, cells.ohmic_ohm * growth, cells.fast_ohm * growth, cells.slow_ohm * growth)


def _draw(battery_id: str, group: str, seed: int) -> dict[str, float]:
    chemistry = chemistry_of(group)
    random = np.random.default_rng([seed, zlib.crc32(battery_id.encode())])
    spread = random.standard_normal(12).clip(-3.0, 3.0)
    chance = random.random(4)
    resistance = 1.0 + 0.05 * spread[1]
    return {
        "capacity_ah": chemistry.capacity_ah * (1.0 + 0.012 * spread[0]),
        "ohmic_ohm": chemistry.ohmic_ohm * resistance,
        "fast_ohm": chemistry.fast_ohm * resistance * (1.0 + 0.05 * spread[2]),
        "slow_ohm": chemistry.slow_ohm * resistance * (1.0 + 0.05 * spread[3]),
        "fast_second": 22.0 * (1.0 + 0.05 * spread[4]),
        "slow_second": 320.0 * (1.0 + 0.08 * spread[5]),
        "coulombic_efficiency": 0.9993 + 0.0001 * spread[6],
        "thermal_kelvin_per_watt": 28.0 * (1.0 + 0.06 * spread[7]),
        "thermal_second": 700.0 * (1.0 + 0.06 * spread[8]),
        "ambient_celsius": 25.0 + 0.4 * spread[9],
        "fade": chemistry.fade_per_100_cycles * (1.0 + 0.15 * spread[10]),
        "growth": chemistry.growth_per_100_cycles * (1.0 + 0.15 * spread[11]),
        "knee_cycle": 45.0 + 40.0 * chance[1] if chance[0] < chemistry.knee_probability else np.inf,
        "knee_fade": 0.25 + 0.30 * chance[2],
        "phase": chance[3],
    }
