"""Rows of an export to columns in our names, units and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from pipelines.sources.cyclers.columns import converted, texts_of
from pipelines.sources.cyclers.directions import (
    Directions,
    Net,
    directions,
    flows,
    signed,
    split_by_direction,
    split_net,
)
from pipelines.sources.cyclers.numbers import Flags, Floats
from pipelines.sources.cyclers.table import DIMENSIONS
from pipelines.sources.file.layout import Layout
from pipelines.sources.file.skipped import no_readings
from pipelines.sources.file.step_clock import StepClock, time_of_test
from schemas.reading import REQUIRED_COLUMNS

_TIMES = ("test_time_second", "unix_time_second")
_SPLIT = {
    "capacity_ah": ("charging_capacity_ah", "discharging_capacity_ah"),
    "energy_wh": ("charging_energy_wh", "discharging_energy_wh"),
}
_MAGNITUDES = tuple(name for names in _SPLIT.values() for name in names)


@dataclass(frozen=True, slots=True)
class Carry:
    """What the rows before say of those that come.

    Attributes:
        flow: Direction of the newest row.
        nets: Counters that go up and down.
        clock: Of the steps, where the file has no time of the test.
    """

    flow: int = 0
    nets: dict[str, Net] = field(default_factory=dict)
    clock: StepClock = field(default_factory=StepClock)


@dataclass(frozen=True, slots=True)
class Rows:
    """What some rows say.

    Attributes:
        values: By our name: NaN where not known, shape (n,) each. The counters are magnitudes, as the cycler wrote
            them, those of single columns split by direction.
        refused: Rows that are no readings though they should be: a field that is not what its column holds, or no
            current, voltage or time; shape (n,).
        skipped: Rows that are none and need not be: of an impedance spectrum; shape (n,).
    """

    values: dict[str, Floats]
    refused: Flags
    skipped: Flags


class RowParser:
    """Reads the rows of one file."""

    def __init__(self, layout: Layout) -> None:
        """Say how they look."""
        self._layout = layout
        targets = {column.target for column in layout.columns}
        self._numeric = [column for column in layout.columns if DIMENSIONS[column.target] != "text"]
        self._singles = [name for name, both in _SPLIT.items() if name in targets and not targets.issuperset(both)]
        self._counts_steps = targets.isdisjoint(_TIMES)
        self.depends = bool(self._singles) or self._counts_steps

    def parse(self, columns: Sequence[pa.Array], carry: Carry) -> tuple[Rows, Carry]:
        """The values in some rows.

        Args:
            columns: Those of the layout, in their order, shape (n,) each.
            carry: From the rows before them.
        """
        layout = self._layout
        cells = {column.target: one for column, one in zip(layout.columns, columns, strict=True)}
        values: dict[str, Floats] = {}
        refused = np.zeros(len(columns[0]), np.bool_)
        for column in self._numeric:
            values[column.target], failed = converted(cells[column.target], column, layout.manner)
            refused |= failed
        said = directions(texts_of(cells["state"]), layout.export) if "state" in cells else None
        self._sign(values, said)
        skipped = no_readings(values, texts_of(cells["label"]) if "label" in cells else None, layout.export)
        values, carry = self._with_time(*self._with_counters(values, said, carry))
        return Rows(values, (refused | _lacking(values)) & ~skipped, skipped), carry

    def _sign(self, values: dict[str, Floats], said: Directions | None) -> None:
        values["current_ampere"] = values["current_ampere"] * self._layout.export.charging_sign + 0.0  # no -0
        if self._layout.unsigned and said is not None:
            values["current_ampere"] = signed(values["current_ampere"], said)
        for name in self._singles:  # they have the sign of the current
            values[name] = values[name] * self._layout.export.charging_sign
        for name in _MAGNITUDES:
            if name in values:
                values[name] = np.abs(values[name])

    def _with_counters(
        self, values: dict[str, Floats], said: Directions | None, carry: Carry
    ) -> tuple[dict[str, Floats], Carry]:
        """With the single counters split by direction."""
        known = {name: one for name, one in values.items() if name not in _SPLIT}
        nets, flow = dict(carry.nets), carry.flow
        for name in self._singles:
            counter = values[name]
            if self._layout.export.single_counter == "net":
                *parts, nets[name] = split_net(counter, carry.nets.get(name, Net()))
            else:
                flowing = self._flow(values["current_ampere"], said, counter, carry.flow)
                parts = list(split_by_direction(counter, flowing))
                flow = int(flowing[-1]) if len(flowing) else flow
            known.update(zip(_SPLIT[name], parts, strict=True))
        return known, Carry(flow, nets, carry.clock)

    def _flow(self, current: Floats, said: Directions | None, counter: Floats, before: int) -> Directions:
        if self._layout.export.single_counter == "signed":
            return np.sign(np.nan_to_num(counter)).astype(np.int8)
        unsaid = np.zeros(len(current), np.int8)
        return flows(current, unsaid if said is None else said, counter, before)

    def _with_time(self, values: dict[str, Floats], carry: Carry) -> tuple[dict[str, Floats], Carry]:
        """With a time of the test where the file has only that of the step."""
        if not self._counts_steps:
            return values, carry
        steps = values.get("step_count", values.get("step_id"))
        values["test_time_second"], clock = time_of_test(values["step_time_second"], steps, carry.clock)
        return values, Carry(carry.flow, carry.nets, clock)


def _lacking(values: dict[str, Floats]) -> Flags:
    lacking: Flags = np.logical_and.reduce([np.isnan(values[name]) for name in _TIMES if name in values])
    for name in REQUIRED_COLUMNS:
        lacking = lacking | np.isnan(values[name])
    return lacking
