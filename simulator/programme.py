"""Everything that happens in a lab, worked out once: begin, end and states of each step of each battery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Aged, Cells, aged
from simulator.circuit import State, after, beginning, drive
from simulator.constant_current import duration_ms
from simulator.constant_voltage import hold
from simulator.protocol import ConstantVoltage, Protocol, Step

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CONSTANT_CURRENT = -1
"""`Programme.held_at` of a step without a held voltage."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Every step of every battery. Row ``battery * steps + step`` of each array, shape (batteries * steps,).

    Attributes:
        steps: How many each battery has.
        step_cycles: Cycle of each step of a battery, from 1, shape (steps,).
        step_ids: Number of each step within its cycle, from 1, shape (steps,).
        begin_ms: Test time at which the step begins [ms].
        duration_ms: How long it lasts [ms].
        charge_as: Net charge through the cell, charging positive [A s].
        current: Constant current; of a held voltage, the current it begins with [A].
        held_volt: The voltage that is held; NaN in a constant current step [V].
        held_at: Where the step's nodes begin in ``node_*``; `CONSTANT_CURRENT` when it has none.
        soc: State of charge at the begin of the step.
        soc_per_second: As in `circuit.Drive`; this and the following for constant current steps.
        ohmic_volt: As in `circuit.Drive` [V].
        fast_volt: State at the begin [V].
        fast_end_volt: What it goes to [V].
        slow_volt: State at the begin [V].
        slow_end_volt: What it goes to [V].
        warming: State at the begin [K].
        warming_end: What it goes to [K].
        node_current: Current at the nodes of held voltages, one phase after the other [A].
        node_slope: Its slope there [A/s].
        node_warming: Warming there [K].
    """

    steps: int
    step_cycles: Integers
    step_ids: Integers
    begin_ms: Integers
    duration_ms: Integers
    charge_as: Floats
    current: Floats
    held_volt: Floats
    held_at: Integers
    soc: Floats
    soc_per_second: Floats
    ohmic_volt: Floats
    fast_volt: Floats
    fast_end_volt: Floats
    slow_volt: Floats
    slow_end_volt: Floats
    warming: Floats
    warming_end: Floats
    node_current: Floats
    node_slope: Floats
    node_warming: Floats


@dataclass(frozen=True, slots=True)
class _StepOfAll:
    """One step of all batteries, shape (batteries,) each; names as in `Programme`."""

    duration_ms: Integers
    charge_as: Floats
    current: Floats
    held_volt: Floats
    held_at: Integers
    soc: Floats
    soc_per_second: Floats
    ohmic_volt: Floats
    fast_volt: Floats
    fast_end_volt: Floats
    slow_volt: Floats
    slow_end_volt: Floats
    warming: Floats
    warming_end: Floats


class _Nodes:
    """The nodes of all held voltages, one behind the other."""

    def __init__(self) -> None:
        self.size = 0
        self.current: list[Floats] = [np.empty(0)]
        self.slope: list[Floats] = [np.empty(0)]
        self.warming: list[Floats] = [np.empty(0)]

    def add(self, current: Floats, slope: Floats, warming: Floats) -> Integers:
        """Where each battery's nodes begin, shape (batteries,)."""
        batteries, count = current.shape
        begins: Integers = self.size + count * np.arange(batteries)
        self.size += current.size
        self.current.append(current.ravel())
        self.slope.append(slope.ravel())
        self.warming.append(warming.ravel())
        return begins


def make_programme(cells: Cells, protocol: Protocol, cycles: int) -> Programme:
    """Run all cells through all cycles."""
    nodes = _Nodes()
    lived = list(_live(cells, protocol, cycles, nodes))
    listed = [(cycle, index) for cycle in range(1, cycles + 1) for index, _ in enumerate(protocol.steps_of(cycle), 1)]
    columns = {
        field.name: np.stack([getattr(step, field.name) for step in lived], axis=1).ravel()
        for field in fields(_StepOfAll)
    }
    durations = columns["duration_ms"].reshape(-1, len(lived))
    return Programme(
        steps=len(lived),
        step_cycles=np.array([cycle for cycle, _ in listed]),
        step_ids=np.array([index for _, index in listed]),
        begin_ms=(np.add.accumulate(durations, axis=1) - durations).ravel(),
        node_current=np.concatenate(nodes.current),
        node_slope=np.concatenate(nodes.slope),
        node_warming=np.concatenate(nodes.warming),
        **columns,
    )


def _live(cells: Cells, protocol: Protocol, cycles: int, nodes: _Nodes) -> Iterator[_StepOfAll]:
    state = beginning(cells)
    for cycle in range(1, cycles + 1):
        now = aged(cells, cycle - 1)
        for step in protocol.steps_of(cycle):
            lived, state = _run(cells, now, state, step, nodes)
            yield lived


def _run(cells: Cells, now: Aged, begin: State, step: Step, nodes: _Nodes) -> tuple[_StepOfAll, State]:
    if isinstance(step, ConstantVoltage):
        held = hold(cells, now, begin, step)
        at = nodes.add(held.current, held.slope, held.warming)
        return _step_of_all(cells, now, begin, held.current[:, 0], held.duration_ms, held.charge_as, at, step), held.end
    current = np.full(begin.soc.shape, step.current_ampere)
    driven = drive(cells, now, current)
    ms = duration_ms(cells, begin, driven, step)
    at = np.full(ms.shape, CONSTANT_CURRENT)
    end = after(cells, begin, driven, ms / 1000.0)
    return _step_of_all(cells, now, begin, current, ms, current * (ms / 1000.0), at, step), end


def _step_of_all(
    cells: Cells,
    now: Aged,
    begin: State,
    current: Floats,
    duration: Integers,
    charge_as: Floats,
    held_at: Integers,
    step: Step,
) -> _StepOfAll:
    driven = drive(cells, now, current)
    return _StepOfAll(
        duration_ms=duration,
        charge_as=charge_as,
        current=current,
        held_volt=np.full(current.shape, step.volt if isinstance(step, ConstantVoltage) else np.nan),
        held_at=held_at,
        soc=begin.soc,
        soc_per_second=driven.soc_per_second,
        ohmic_volt=driven.ohmic_volt,
        fast_volt=begin.fast_volt,
        fast_end_volt=driven.fast_volt,
        slow_volt=begin.slow_volt,
        slow_end_volt=driven.slow_volt,
        warming=begin.warming_kelvin,
        warming_end=driven.warming_kelvin,
    )
