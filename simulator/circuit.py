"""The equivalent circuit: open-circuit voltage, an ohmic resistance, two RC branches; and the cell's warming.

At constant current all states are exponentials of time in the step, so a step is known everywhere from its begin:

    soc(t)  = soc(0) + I eta t / (3600 Q)                         eta = 1 when discharging
    rc_k(t) = I R_k + (rc_k(0) - I R_k) exp(-t / tau_k)           k = fast, slow
    warm(t) = I^2 R Theta + (warm(0) - I^2 R Theta) exp(-t / tau)  R = all three resistances
    V(t)    = U(soc) + I R_0 + rc_fast + rc_slow
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Aged, Cells

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class State:
    """Of each cell at one instant, shape (n,).

    Attributes:
        soc: State of charge, 0 to 1.
        fast_volt: Over the fast RC branch, positive when charging [V].
        slow_volt: Over the slow one [V].
        warming_kelvin: Over the ambient temperature [K].
    """

    soc: Floats
    fast_volt: Floats
    slow_volt: Floats
    warming_kelvin: Floats


@dataclass(frozen=True, slots=True)
class Drive:
    """What a constant current does to each cell: where it drives the states, shape (n,).

    Attributes:
        soc_per_second: Rate of the state of charge [1/s].
        ohmic_volt: Over the ohmic resistance [V].
        fast_volt: What the fast RC branch goes to [V].
        slow_volt: What the slow one goes to [V].
        warming_kelvin: What the warming goes to [K].
    """

    soc_per_second: Floats
    ohmic_volt: Floats
    fast_volt: Floats
    slow_volt: Floats
    warming_kelvin: Floats


def beginning(cells: Cells) -> State:
    """Cells at rest for a long time."""
    nothing = np.zeros_like(cells.initial_soc)
    return State(cells.initial_soc, nothing, nothing, nothing)


def drive(cells: Cells, now: Aged, current_a: Floats | float) -> Drive:
    """The drive of a current, one for all cells or one each, positive when charging [A]."""
    stored = np.where(np.greater(current_a, 0.0), cells.coulombic_efficiency, 1.0)
    resistance = now.ohmic_ohm + now.fast_ohm + now.slow_ohm
    return Drive(
        soc_per_second=current_a * stored / (3600.0 * now.capacity_ah),
        ohmic_volt=current_a * now.ohmic_ohm,
        fast_volt=current_a * now.fast_ohm,
        slow_volt=current_a * now.slow_ohm,
        warming_kelvin=np.square(current_a) * resistance * cells.thermal_kelvin_per_watt,
    )


def after(cells: Cells, begin: State, driven: Drive, second: Floats) -> State:
    """The states so many seconds after ``begin`` under a constant current, shape (n,)."""
    return State(
        begin.soc + driven.soc_per_second * second,
        relaxed(begin.fast_volt, driven.fast_volt, second / cells.fast_second),
        relaxed(begin.slow_volt, driven.slow_volt, second / cells.slow_second),
        relaxed(begin.warming_kelvin, driven.warming_kelvin, second / cells.thermal_second),
    )


def terminal_volt(cells: Cells, begin: State, driven: Drive, second: Floats) -> Floats:
    """Voltage at the terminals so many seconds after ``begin`` under a constant current, shape (n,) [V]."""
    state = after(cells, begin, driven, second)
    return cells.curve.volt(state.soc) + driven.ohmic_volt + state.fast_volt + state.slow_volt


def relaxed(begin: Floats, end: Floats, time_constants: Floats) -> Floats:
    """On the way from ``begin`` to ``end``, after so many time constants."""
    return end + (begin - end) * np.exp(-time_constants)


def to_ms(second: Floats) -> Integers:
    """When the cycler sees that a limit was met: the next whole millisecond, at least 1 [ms]."""
    # What is a whole millisecond up to the last bits is not rounded up to the next one.
    ms: Integers = np.maximum(np.ceil(second * 1000.0 - 1e-6), 1.0).astype(np.int64)
    return ms
