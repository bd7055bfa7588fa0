"""Readings out of the programme: the exact instants, the noise of the measurement, the resolution of the cycler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas import COLUMNS
from simulator.cell import Cells
from simulator.counters import counters
from simulator.instants import Curves, at_instants
from simulator.noise import key_of, normal
from simulator.programme import Programme
from simulator.readings import DECIMALS, rounded

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard deviations of what is measured [V], [A], [K]. Current is exact in a rest: the relay is open."""

    volt: float = 0.0
    ampere: float = 0.0
    kelvin: float = 0.0


class Sampler:
    """Makes the values of readings; which ones is told by rows of the programme and times in them."""

    def __init__(
        self,
        battery_ids: Sequence[str],
        cells: Cells,
        curves: Curves,
        programme: Programme,
        noise: Noise,
        seed: int,
        counts: bool = False,
    ) -> None:
        """``counts`` says whether the cyclers write counters of charge and energy."""
        self._cells = cells
        self._curves = curves
        self._programme = programme
        self._counts = counts
        self._deviations = {"voltage": noise.volt, "current": noise.ampere, "temperature": noise.kelvin}
        self._keys = {
            channel: np.array([key_of(seed, f"{battery_id}/{channel}") for battery_id in battery_ids], np.uint64)
            for channel in self._deviations
        }

    def values(
        self, rows: Integers, counts: Integers, step_ms: Integers, record: Integers, unix_ms: Integers
    ) -> Floats:
        """Values of readings, shape (len(COLUMNS), n); NaN in what is not written.

        Args:
            rows: Rows of the programme, by battery, shape (segments,).
            counts: How many readings each has.
            step_ms: Time in the step of each reading [ms].
            record: Number of each reading.
            unix_ms: When each battery's test began, UTC, shape (batteries,) [ms].
        """
        programme = self._programme
        batteries, step = rows // programme.steps, rows % programme.steps
        voltage, current, temperature = at_instants(self._cells, self._curves, programme, rows, counts, step_ms)
        moving = np.repeat(programme.current[rows] != 0.0, counts)
        test_ms = np.repeat(programme.begin_ms[rows], counts) + step_ms
        columns = {
            "test_time_second": test_ms / 1000.0,
            "unix_time_second": (np.repeat(unix_ms[batteries], counts) + test_ms) / 1000.0,
            "current_ampere": self._measured("current", current, batteries, counts, record, moving),
            "voltage_volt": self._measured("voltage", voltage, batteries, counts, record),
            "temperature_t1_celsius": self._measured("temperature", temperature, batteries, counts, record),
            "cycle_count": np.repeat(programme.step_cycles[step], counts),
            "step_count": np.repeat(step + 1, counts),
            "step_id": np.repeat(programme.step_ids[step], counts),
            "step_time_second": step_ms / 1000.0,
            "record_index": record,
        }
        if self._counts:
            counted = counters(self._cells, self._curves, programme, rows, counts, step_ms)
            columns |= {name: rounded(value, DECIMALS[name]) for name, value in counted.items()}
        values = np.full((len(COLUMNS), len(record)), np.nan)
        for name, value in columns.items():
            values[COLUMNS.index(name)] = value
        return values

    def _measured(
        self,
        channel: str,
        value: Floats,
        batteries: Integers,
        counts: Integers,
        record: Integers,
        noisy: NDArray[np.bool_] | None = None,
    ) -> Floats:
        deviation = self._deviations[channel]
        if deviation > 0.0:
            noise = normal(np.repeat(self._keys[channel][batteries], counts), record) * deviation
            value = value + (noise if noisy is None else noise * noisy)
        return rounded(value, _DECIMALS_OF[channel])


_DECIMALS_OF = {
    "voltage": DECIMALS["voltage_volt"],
    "current": DECIMALS["current_ampere"],
    "temperature": DECIMALS["temperature_t1_celsius"],
}
