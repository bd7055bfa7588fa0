"""The constant voltage phase: the current that holds the voltage, solved once and then known everywhere.

    I = (V - U(soc) - rc_fast - rc_slow) / R_0        and the states follow I

is solved with the classical Runge-Kutta method at nodes that begin close together and then lie up to
`_LONGEST_SECOND` apart. Between nodes the current is the cubic through both values and slopes; that cubic *is* the
current of the simulated cell: readings and exact charge both come from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Aged, Cells
from simulator.circuit import State, to_ms
from simulator.protocol import ConstantVoltage

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SHORTEST_SECOND = 0.5
_LONGEST_SECOND = 10.0
_GROWTH = 1.08
_LAST_SECOND = 40 * 3600.0
"""A current that has not fallen by then never will: the step ends there."""


@dataclass(frozen=True, slots=True)
class HeldVoltage:
    """A constant voltage phase of all cells.

    Attributes:
        duration_ms: Of each cell, shape (n,) [ms].
        charge_as: Charge that went in, shape (n,) [A s].
        end: States at the end.
        current: At the nodes, shape (n, nodes) [A].
        slope: Time derivative of it [A/s].
        warming: Warming over ambient at the nodes [K].
    """

    duration_ms: Integers
    charge_as: Floats
    end: State
    current: Floats
    slope: Floats
    warming: Floats


class _Held:
    """The equations at one voltage; ``y`` holds soc, fast_volt, slow_volt and warming, shape (4, n)."""

    def __init__(self, cells: Cells, now: Aged, volt: float) -> None:
        resistance = now.ohmic_ohm + now.fast_ohm + now.slow_ohm
        self._cells, self._now, self._volt = cells, now, volt
        self._stored = cells.coulombic_efficiency / (3600.0 * now.capacity_ah)
        self._fast_gain = now.fast_ohm / cells.fast_second
        self._slow_gain = now.slow_ohm / cells.slow_second
        self._warming_gain = resistance * cells.thermal_kelvin_per_watt / cells.thermal_second
        self._decay = 1.0 / np.stack((cells.fast_second, cells.slow_second, cells.thermal_second))

    def current(self, y: Floats) -> Floats:
        """The current that holds the voltage [A]."""
        found: Floats = (self._volt - self._cells.curve.volt(y[0]) - y[1] - y[2]) / self._now.ohmic_ohm
        return found

    def rates(self, y: Floats, current: Floats) -> Floats:
        """Time derivative of ``y`` under a current."""
        found = np.empty_like(y)
        found[0] = current * self._stored
        found[1] = current * self._fast_gain
        found[2] = current * self._slow_gain
        found[3] = current * current * self._warming_gain
        found[1:] -= y[1:] * self._decay
        return found

    def slope(self, y: Floats, current: Floats) -> Floats:
        """Time derivative of the current [A/s]."""
        rates = self.rates(y, current)
        steepness = self._cells.curve.slope_volt(y[0])
        found: Floats = -(steepness * rates[0] + rates[1] + rates[2]) / self._now.ohmic_ohm
        return found

    def advanced(self, y: Floats, current: Floats, second: Floats | float) -> Floats:
        """``y`` so many seconds later, by one step of the classical Runge-Kutta method."""
        first = self.rates(y, current)
        middle = self._rates_at(y + first * (second / 2.0))
        again = self._rates_at(y + middle * (second / 2.0))
        last = self._rates_at(y + again * second)
        found: Floats = y + (first + 2.0 * (middle + again) + last) * (second / 6.0)
        return found

    def _rates_at(self, y: Floats) -> Floats:
        return self.rates(y, self.current(y))


def hold(cells: Cells, now: Aged, begin: State, step: ConstantVoltage) -> HeldVoltage:
    """Hold the voltage in all cells until the last one is done."""
    held = _Held(cells, now, step.volt)
    limit_s = _LAST_SECOND if step.until_second is None else step.until_second
    states, currents = _nodes(held, begin, step.until_ampere, limit_s)
    slopes = [held.slope(y, current) for y, current in zip(states, currents, strict=True)]
    current, slope = np.stack(currents, axis=1), np.stack(slopes, axis=1)
    ms = _duration_ms(current, slope, step.until_ampere, limit_s)
    place, into, length = locate(ms / 1000.0)
    cell = np.arange(len(ms))
    y = np.ascontiguousarray(np.stack(states)[place, :, cell].T)
    ends = held.advanced(y, current[cell, place], into)
    charge_as = _charge(current, slope, place, into, length)
    warming = np.stack([y[3] for y in states], axis=1)
    return HeldVoltage(ms, charge_as, State(*ends), current, slope, warming)


def node_second(count: int) -> Floats:
    """Times of the first ``count`` nodes, the same in every phase, shape (count,) [s]."""
    growing = _SHORTEST_SECOND * _GROWTH ** np.minimum(np.arange(count - 1), 100)
    gaps = np.minimum(growing, _LONGEST_SECOND)
    return np.concatenate(([0.0], np.add.accumulate(gaps)))


_NODES = node_second(int(_LAST_SECOND / _LONGEST_SECOND) + 100)


def locate(second: Floats) -> tuple[Integers, Floats, Floats]:
    """For times in the phase: the node before each, the time since it [s], and its distance to the next [s]."""
    place = np.searchsorted(_NODES, second, side="right") - 1
    before = _NODES[place]
    return place, second - before, _NODES[place + 1] - before


def cubic(begin: Floats, end: Floats, slope: Floats, last_slope: Floats, into: Floats, length: Floats) -> Floats:
    """The cubic with these values and slopes at both ends of an interval, at ``into`` of its ``length``."""
    part = into / length
    chord = end - begin
    first = slope * length - chord
    last = chord - last_slope * length
    return begin + part * (chord + (1.0 - part) * (first * (1.0 - part) + last * part))


def _nodes(held: _Held, begin: State, until_a: float, limit_s: float) -> tuple[list[Floats], list[Floats]]:
    """States and current at nodes until each cell is below the current or the time is over."""
    y = np.stack((begin.soc, begin.fast_volt, begin.slow_volt, begin.warming_kelvin))
    states: list[Floats] = []
    currents: list[Floats] = []
    for node, second in enumerate(_NODES):
        states.append(y)
        currents.append(held.current(y))
        # One node more than needed: an end that lies on a node still has an interval after it.
        if node > 1 and (np.all(currents[-2] <= until_a) or _NODES[node - 1] >= limit_s):
            break
        y = held.advanced(y, currents[-1], _NODES[node + 1] - second)
    return states, currents


def _duration_ms(current: Floats, slope: Floats, until_a: float, limit_s: float) -> Integers:
    """When the current has fallen to the limit, rounded up to the cycler's millisecond, at least 1, shape (n,)."""
    below = current <= until_a
    found = np.where(below.any(axis=1), below.argmax(axis=1), current.shape[1] - 1)
    node = np.maximum(found - 1, 0)
    cell = np.arange(len(node))
    ends = (current[cell, node], current[cell, node + 1], slope[cell, node], slope[cell, node + 1])
    length = _NODES[node + 1] - _NODES[node]
    low, high = np.zeros(len(node)), length
    for _ in range(40):
        middle = (low + high) / 2.0
        above = cubic(*ends, middle, length) > until_a
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    second = np.minimum(_NODES[node] + np.where(found == 0, 0.0, high), limit_s)
    return to_ms(second)


def _charge(current: Floats, slope: Floats, place: Integers, into: Floats, length: Floats) -> Floats:
    """Integral of the cubics up to the end of each cell's phase [A s]."""
    cell = np.arange(len(place))
    ends = (current[cell, place], current[cell, place + 1], slope[cell, place], slope[cell, place + 1])
    return _charge_at_nodes(current, slope)[cell, place] + _cubic_integral(*ends, into, length)


def charge_until(current: Floats, slope: Floats, second: Floats) -> Floats:
    """Charge that went in since the begin of one cell's phase, shape (n,) [A s].

    Args:
        current: At its nodes; there may be others behind them [A].
        slope: Likewise [A/s].
        second: Times in the phase, shape (n,) [s].
    """
    place, into, length = locate(second)
    nodes = slice(0, int(place.max()) + 2)
    sums = _charge_at_nodes(current[np.newaxis, nodes], slope[np.newaxis, nodes])[0]
    inside = _cubic_integral(current[place], current[place + 1], slope[place], slope[place + 1], into, length)
    found: Floats = sums[place] + inside
    return found


def _charge_at_nodes(current: Floats, slope: Floats) -> Floats:
    """Integral of the cubics up to each node, shape (n, nodes) [A s]."""
    gaps = np.diff(_NODES[: current.shape[1]])
    whole = gaps * (current[:, :-1] + current[:, 1:]) / 2.0 + gaps * gaps * (slope[:, :-1] - slope[:, 1:]) / 12.0
    return np.concatenate((np.zeros((len(current), 1)), np.add.accumulate(whole, axis=1)), axis=1)


def _cubic_integral(
    begin: Floats, end: Floats, slope: Floats, last_slope: Floats, into: Floats, length: Floats
) -> Floats:
    """Integral of `cubic` up to ``into``."""
    chord = end - begin
    part = into / length
    first, last = slope * length - chord, chord - last_slope * length
    # The cubic's terms integrated: p, p^2/2, and p(1-p)^2, p^2(1-p).
    rising = chord * part**2 / 2.0
    bent = first * (part**2 / 2.0 - 2.0 * part**3 / 3.0 + part**4 / 4.0) + last * (part**3 / 3.0 - part**4 / 4.0)
    inside: Floats = length * (begin * part + rising + bent)
    return inside
