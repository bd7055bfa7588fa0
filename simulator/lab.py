"""The lab: which batteries, and their readings from anywhere to anywhere, always to the same bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.cell import Cells, make_cells
from simulator.chemistry import chemistry_of
from simulator.instants import Curves
from simulator.lab_limits import check_counts, check_limits
from simulator.programme import Programme, make_programme
from simulator.protocol import Protocol, ageing_protocol
from simulator.readings import Readings
from simulator.record_table import RecordTable
from simulator.sampling import Noise, Sampler

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DEFAULT_GROUPS = ("W", "X", "Y", "Z")
DEFAULT_NOISE = Noise(volt=0.0002, ampere=0.0001, kelvin=0.02)

_RELAXATION_OHM = 0.085


class Lab:
    """Batteries on cyclers. Everything is known from the beginning; nothing in here ever changes.

    Lab time counts from the lab's first moment; each battery's test begins a little later than that, at another
    phase of its cycle. Readings are numbered from 1 within each battery (``record_index``).

    Each step has a reading every ``sampling_second`` of its own clock and one at its exact end; the first step of
    a test also has one at its begin. So the clocks place each edge exactly, and no two readings of a battery share
    a time.

    Attributes:
        battery_ids: Names, sorted by group: the first letters are the group, the digits count within it.
        groups: Group of each battery.
        cycles: How many each battery goes through.
        test_id: Written into the readings; `None` for none.
        sampling_ms: Between two readings of a step [ms].
        cells: Their physics.
        curves: Their open-circuit voltages.
        programme: What they go through.
        records: How many readings each battery has, and which.
        begin_ms: Lab time at which the test of each battery begins, shape (batteries,) [ms].
        end_ms: Lab time at which its last cycle ends, shape (batteries,) [ms].
    """

    def __init__(
        self,
        *,
        batteries: int = 100,
        groups: Sequence[str] = DEFAULT_GROUPS,
        cycles: int = 100,
        current_ma: float = 1200.0,
        voltage_min_v: float = 2.0,
        voltage_max_v: float = 4.5,
        seed: int = 1,
        sampling_second: float = 1.0,
        protocol: Protocol | None = None,
        noise: Noise = DEFAULT_NOISE,
        test_id: str | None = None,
        counters: bool = False,
    ) -> None:
        """A lab; two with the same settings have the same readings.

        Args:
            batteries: How many, spread evenly over the groups.
            groups: Names of the groups; W, X, Y and Z have cathodes of their own.
            cycles: How many each battery goes through.
            current_ma: Of charge and discharge [mA].
            voltage_min_v: Discharge ends here [V].
            voltage_max_v: Charge ends here, and is held [V].
            seed: Of all chance.
            sampling_second: Between two readings of a step, a whole number of milliseconds [s].
            protocol: What the cyclers do, instead of full cycles with the current and voltages above.
            noise: Of the measurement.
            test_id: Written into the readings when given.
            counters: Whether the cyclers write counters of charge and energy, which start anew with every step.

        Raises:
            ValueError: A setting is out of its range; the message names it.
        """
        check_counts(batteries, groups, cycles, seed)
        check_limits(current_ma, voltage_min_v, voltage_max_v, sampling_second)
        self.battery_ids, self.groups = _named(batteries, groups)
        self.cycles, self.test_id = cycles, test_id
        # Discharged before: a cell comes back by about so much when the current ends.
        begin_volt = min(voltage_min_v + _RELAXATION_OHM * current_ma / 1000.0, voltage_max_v)
        self.sampling_ms = round(sampling_second * 1000.0)
        self.cells: Cells = make_cells(self.battery_ids, self.groups, seed, begin_volt)
        self.curves: Curves = _curves(self.groups)
        steps = protocol or ageing_protocol(current_ma, voltage_min_v, voltage_max_v)
        self.programme: Programme = make_programme(self.cells, steps, cycles)
        self.records = RecordTable(self.programme, self.sampling_ms)
        self._sampler = Sampler(self.battery_ids, self.cells, self.curves, self.programme, noise, seed, counters)
        durations = self.programme.duration_ms.reshape(batteries, -1)
        first_cycle = durations[:, self.programme.step_cycles == 1].sum(axis=1)
        self.begin_ms: Integers = (self.cells.phase * first_cycle).astype(np.int64)
        self.end_ms: Integers = self.begin_ms + durations.sum(axis=1)

    @property
    def length_ms(self) -> int:
        """From the lab's first moment to the end of its last test [ms]."""
        return int(self.end_ms.max())

    def records_before(self, lab_ms: int) -> Integers:
        """How many readings each battery has had before that lab time, shape (batteries,)."""
        return self.records.before(lab_ms - self.begin_ms)

    def cycles_before(self, lab_ms: int) -> Integers:
        """How many cycles each battery has finished before that lab time, shape (batteries,)."""
        finished: Integers = (self.cycle_ends_ms() < lab_ms).sum(axis=1)
        return finished

    def cycle_ends_ms(self) -> Integers:
        """Lab time at which each cycle ends, shape (batteries, cycles) [ms]."""
        programme = self.programme
        last = np.append(np.flatnonzero(np.diff(programme.step_cycles)), programme.steps - 1)
        ends = (programme.begin_ms + programme.duration_ms).reshape(len(self.battery_ids), -1)
        found: Integers = ends[:, last] + self.begin_ms[:, np.newaxis]
        return found

    def backlog_ms(self, cycles: int) -> int:
        """Lab time from which on every battery has finished so many cycles, or all of its own [ms]."""
        return int(self.cycle_ends_ms()[:, min(cycles, self.cycles) - 1].max()) + 1 if cycles > 0 else 0

    def read(self, first: Integers, behind: Integers, start_unix_second: float) -> list[Readings]:
        """Readings of the whole lab.

        Args:
            first: How many readings of each battery to leave out, shape (batteries,).
            behind: Up to which number to read, shape (batteries,).
            start_unix_second: When the lab's first moment was, UTC [s].

        Returns:
            The readings of each battery that has some, in the order of `battery_ids`.
        """
        behind = np.clip(behind, 0, self.records.totals)
        rows, counts, local = self.records.segments(np.clip(first, 0, behind), behind)
        step_ms = self.records.step_ms(rows, counts, local)
        record = np.repeat(self.records.first_record[rows], counts) + local + 1
        unix_ms = round(start_unix_second * 1000.0) + self.begin_ms
        values = self._sampler.values(rows, counts, step_ms, record, unix_ms)
        some = np.flatnonzero(behind > first).tolist()
        ends = np.add.accumulate(np.maximum(behind - first, 0))[some].tolist()
        return [
            Readings(self.battery_ids[index], self.groups[index], self.test_id, values[:, begin:end])
            for index, begin, end in zip(some, [0, *ends], ends, strict=False)
        ]

    def read_one(self, battery_id: str, first: int, behind: int, start_unix_second: float) -> Readings:
        """Readings ``first + 1`` to ``behind`` of one battery, at least one; the same as from `read`."""
        index = self.battery_ids.index(battery_id)
        begin, end = np.zeros_like(self.begin_ms), np.zeros_like(self.begin_ms)
        begin[index], end[index] = first, behind
        (found,) = self.read(begin, end, start_unix_second)
        return found


def _named(batteries: int, groups: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    shares = [len(share) for share in np.array_split(np.arange(batteries), len(groups))]
    digits = max(2, len(str(max(shares) - 1)))
    named = [
        (f"{group}{k:0{digits}d}", group) for group, share in zip(groups, shares, strict=True) for k in range(share)
    ]
    return tuple(name for name, _ in named), tuple(group for _, group in named)


def _curves(groups: Sequence[str]) -> Curves:
    ends = [index for index in range(1, len(groups) + 1) if index == len(groups) or groups[index] != groups[index - 1]]
    return tuple((end, chemistry_of(groups[end - 1]).curve) for end in ends)
