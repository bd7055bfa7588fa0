"""The four cathode groups against graphite: what the cells of a group have in common."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from simulator.open_circuit import OpenCircuit, open_circuit


@dataclass(frozen=True, slots=True)
class Chemistry:
    """A typical new cell of a group and how it ages; its cells scatter around this.

    Attributes:
        name: What the cathode is like.
        curve: Open-circuit voltage.
        capacity_ah: Between the empty and the full end of the curve [Ah].
        ohmic_ohm: Resistance felt at once [ohm].
        fast_ohm: Of the RC branch of charge transfer [ohm].
        slow_ohm: Of the RC branch of diffusion [ohm].
        fade_per_100_cycles: Lost share of the capacity after 100 cycles, without a knee.
        growth_per_100_cycles: Gained share of the resistances after 100 cycles, without a knee.
        knee_probability: Share of the cells that age fast from some cycle on.
    """

    name: str
    curve: OpenCircuit
    capacity_ah: float
    ohmic_ohm: float
    fast_ohm: float
    slow_ohm: float
    fade_per_100_cycles: float
    growth_per_100_cycles: float
    knee_probability: float


NMC = Chemistry(
    name="NMC-like",
    curve=open_circuit(3.36, 0.45, ((0.10, 0.12, 0.05), (0.16, 0.58, 0.07)), full_width=0.22),
    capacity_ah=1.22,
    ohmic_ohm=0.042,
    fast_ohm=0.022,
    slow_ohm=0.024,
    fade_per_100_cycles=0.045,
    growth_per_100_cycles=0.20,
    knee_probability=0.20,
)
NCA = Chemistry(
    name="NCA-like",
    curve=open_circuit(3.24, 0.62, ((0.08, 0.15, 0.05), (0.12, 0.62, 0.06)), full_width=0.20),
    capacity_ah=1.27,
    ohmic_ohm=0.038,
    fast_ohm=0.020,
    slow_ohm=0.026,
    fade_per_100_cycles=0.060,
    growth_per_100_cycles=0.28,
    knee_probability=0.30,
)
LMO = Chemistry(
    name="LMO-like",
    curve=open_circuit(3.60, 0.20, ((0.12, 0.10, 0.04), (0.13, 0.52, 0.045)), full_width=0.10),
    capacity_ah=1.13,
    ohmic_ohm=0.050,
    fast_ohm=0.028,
    slow_ohm=0.022,
    fade_per_100_cycles=0.085,
    growth_per_100_cycles=0.35,
    knee_probability=0.40,
)
LCO = Chemistry(
    name="LCO-like",
    curve=open_circuit(3.55, 0.30, ((0.10, 0.10, 0.05), (0.12, 0.74, 0.035)), full_width=0.16),
    capacity_ah=1.21,
    ohmic_ohm=0.046,
    fast_ohm=0.024,
    slow_ohm=0.028,
    fade_per_100_cycles=0.055,
    growth_per_100_cycles=0.24,
    knee_probability=0.25,
)

_OF_GROUP = {"W": NMC, "X": NCA, "Y": LMO, "Z": LCO}


def chemistry_of(group: str) -> Chemistry:
    """The chemistry of a group; of a group with another name some one of the four, always the same."""
    others = tuple(_OF_GROUP.values())
    return _OF_GROUP.get(group, others[zlib.crc32(group.encode()) % len(others)])
